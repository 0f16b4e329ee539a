"""Reduced domain walls: their laws, and that they are those of the wall they reduce."""

import math
from dataclasses import replace

import numpy as np
import pytest
from scipy.stats import poisson as poisson_law

from pbit.devices.constants import BOLTZMANN_J_K
from pbit.devices.domain_wall import WallTrack
from pbit.devices.synapses import CreepingWall, ElasticWall, NotchedWall, SteppedStrip
from pbit.devices.wall_motion import move_walls
from pbit.statistics import chi_square_p_value

ALPHA = 1e-6
MANY = 20_000


def places(array, steps):
    share = (array.conductance() - array.lowest) / (array.highest - array.lowest)
    assert np.allclose(share * steps, np.rint(share * steps))
    return np.rint(share * steps).astype(int)


# Notches.


def clipped(mean, most):
    law = poisson_law.pmf(np.arange(most + 1), mean)
    law[-1] = poisson_law.sf(most - 1, mean)
    return law


@pytest.mark.parametrize("share", [0.91, 0.97])
def test_hops_below_depinning_are_poisson(share):
    """Up to the end of the track; a rate off by a tenth is told."""
    device = NotchedWall(num_notches=4, pulse_s=1e-7)
    array = device.made(MANY, seed=1)
    array.pulse(share * device.depinning_A_m2)
    mean = 1e8 * math.exp(-40 * (1 - share)) * 1e-7
    found = places(array, 4)
    assert chi_square_p_value(found, clipped(mean, 4)) > ALPHA
    assert chi_square_p_value(found, clipped(1.1 * mean, 4)) < ALPHA


def test_above_depinning_the_wall_flows():
    device = NotchedWall()
    array = device.made(1, seed=1)
    array.pulse(7e11)  # (0.1 + 60 / 20) notches a nanosecond and more
    hops = (1e8 + 1e-10 * 6e11 / 1e-7) * 5e-9
    assert hops == pytest.approx(3.5)
    assert device.hops(7e11) == pytest.approx(hops)
    assert places(array, 15)[0] == round(hops)
    array.pulse(-1e13)
    assert places(array, 15)[0] == 0


def test_mean_speed_is_continuous_at_depinning():
    device = NotchedWall()
    below, above = device.hops(device.depinning_A_m2 * np.array([1 - 1e-9, 1 + 1e-9]))
    assert below == pytest.approx(above, rel=1e-6)


def test_walls_wander_without_current():
    """Both ways from the middle: the difference of two Poisson numbers."""
    device = NotchedWall(num_notches=20, barrier=10.0)
    array = device.made(MANY, seed=2)
    array._put(np.full(MANY, 0.5))
    mean = 1e8 * math.exp(-10) * 1e-4
    array.wait(1e-4)
    moved = places(array, 20) - 10
    assert abs(moved.mean()) < 5 * math.sqrt(2 * mean / MANY)
    assert moved.var() == pytest.approx(2 * mean, rel=0.06)


TRACK = WallTrack(
    temperature_K=300.0, notch_depth_J=6 * BOLTZMANN_J_K * 300, damping=0.3,
    non_adiabaticity=0.3, transverse_field_A_m=2e5, notch_spacing_m=2e-7, length_m=1e-6,
)  # fmt: skip


@pytest.mark.slow
def test_reduced_track_has_kramers_rate():
    """Escape from a notch of 6 kT under half the depinning field, against the full model.

    Where the current acts by beta alone it is that field. Kramers's high-barrier rate is right
    to a third here: with 1.8 kT left it has to be.
    """
    device = NotchedWall.of_track(TRACK)
    share = 0.5
    field = share * TRACK.depinning_field_A_m()
    reduced = float(device.rate_Hz(share * device.depinning_A_m2))
    seconds = 0.7 / reduced
    run = move_walls(
        TRACK, seconds, field_A_m=field, initial_m=4e-7, num_walls=300, record_every=50, seed=1
    )
    escaped = (run.positions_m > 5.2e-7).any(axis=1).mean()
    rate = -math.log1p(-escaped) / seconds
    assert rate == pytest.approx(reduced, rel=0.35)
    linear = float(replace(device, barrier_exponent=1.0).rate_Hz(share * device.depinning_A_m2))
    assert not rate == pytest.approx(linear, rel=0.35)


def test_reduced_track_flows_as_the_full_one():
    cold = replace(TRACK, temperature_K=0.0, length_m=math.inf)
    device = NotchedWall.of_track(TRACK)
    J = 6 * device.depinning_A_m2
    run = move_walls(cold, 100e-9, current_A_m2=J, record_every=1)
    half = run.times_s.size // 2
    way = run.positions_m[0, -1] - run.positions_m[0, half]
    full = way / (run.times_s[-1] - run.times_s[half])
    flow = device.mobility_m3_A_s * (J - device.depinning_A_m2)
    # The mean of a tilted washboard is a square root; the reduced form's straight line is below.
    root = device.mobility_m3_A_s * math.sqrt(J**2 - device.depinning_A_m2**2)
    assert full == pytest.approx(root, rel=0.02)
    assert 0.8 < flow / full < 0.9


# Without notches.


def test_place_goes_with_the_charge():
    """Far above depinning: the same for pulses of half the length, twice as many."""
    long, short = CreepingWall(pulse_s=2e-10), CreepingWall(pulse_s=1e-10)
    arrays = [device.made(1, seed=1) for device in (long, short)]
    arrays[0].pulse(count=10)
    arrays[1].pulse(count=20)
    way = (1.0 + 1e-10 * 9e11) * 2e-9 / 1e-6
    for array in arrays:
        share = (array.conductance() - array.lowest) / (array.highest - array.lowest)
        assert share == pytest.approx(way, rel=1e-9)


def test_creeping_wall_has_the_law_of_creep():
    device = CreepingWall()
    slow, fast = device.velocity_m_s(np.array([0.2e11, -0.6e11]))
    assert slow == pytest.approx(math.exp(-20 * (5**0.25 - 1)))
    assert fast == pytest.approx(-math.exp(-20 * ((1 / 0.6) ** 0.25 - 1)))
    assert CreepingWall(barrier=0.0).velocity_m_s(0.0) == 0.0


def test_strip_climbs_step_by_step_and_falls_at_once():
    device = SteppedStrip()
    array = device.made(1, seed=1)
    seen = []
    for current in (2.9e-5, 3.1e-5, 3.1e-5, 4.5e-5, 6e-5, -4e-5, -4.9e-5):
        array.pulse(current)
        seen.append(int(places(array, 5)[0]))
    assert seen == [0, 1, 1, 3, 5, 5, 5]
    array.pulse(-5.5e-5)
    assert places(array, 5)[0] == 0
    assert np.allclose(device.thresholds_A(), [3e-5, 3.6e-5, 4.2e-5, 4.8e-5, 5.4e-5])


# Walls that slide back.


def test_short_and_long_memory():
    device = ElasticWall()
    array = device.made(1, seed=1)

    def share():
        return float((array.conductance()[0] - array.lowest[0]) / 1e-4 * 5)

    array.pulse()
    array.wait(device.relaxation_s)
    assert share() == pytest.approx(0.3 / math.e)
    array.wait(1.0)
    assert share() == pytest.approx(0.0, abs=1e-9)
    decay = math.exp(-0.1)
    array.pulse(count=2)
    assert share() == pytest.approx(0.3 * decay + 0.3)  # beyond half way: in the next notch
    array.wait(1.0)
    assert share() == pytest.approx(1.0)


def test_rare_pulses_leave_nothing():
    frequent, rare = (ElasticWall().made(1, seed=1) for _ in range(2))
    for array, interval_s in ((frequent, 1e-9), (rare, 1e-7)):
        for _ in range(10):
            array.pulse()
            array.wait(interval_s)
        array.wait(1.0)
    assert rare.conductance() == pytest.approx(rare.lowest)
    assert frequent.conductance() > 1.2 * frequent.lowest


def test_elastic_wall_is_the_full_wall_in_its_notch():
    """Slides back in the time of the track, where the notch is a parabola."""
    track = replace(TRACK, temperature_K=0.0, notch_depth_J=4e-22)
    device = ElasticWall(relaxation_s=track.notch_relaxation_s())
    run = move_walls(track, 2 * device.relaxation_s, initial_m=4e-7 + 1e-8, record_every=1)
    times = np.array([0.5, 1.5]) * device.relaxation_s
    full = np.interp(times, run.times_s, run.positions_m[0] - 4e-7)
    reduced = [float(device.slid_back(np.array([0.05]), t)[0]) for t in times]
    assert full[0] / full[1] == pytest.approx(reduced[0] / reduced[1], rel=0.03)


@pytest.mark.parametrize(("make", "words"), [
    (lambda: NotchedWall(num_notches=0), "num_notches must be >= 1"),
    (lambda: NotchedWall(barrier_exponent=3.0), "barrier_exponent must be .* 1.5 is a tilted well"),
    (lambda: NotchedWall(barrier=-1.0), "barrier must be .* >= 0"),
    (lambda: NotchedWall(pulse_s=0.0), "pulse_s must be .* > 0"),
    (lambda: NotchedWall(mobility_m3_A_s=-1.0), "mobility_m3_A_s must be .* >= 0"),
    (lambda: NotchedWall.of_track(WallTrack()), "temperature_K must be .* > 0"),
    (lambda: NotchedWall.of_track(WallTrack(temperature_K=300.0)), "notch_depth_J must be .* > 0"),
    (lambda: NotchedWall.of_track(replace(TRACK, length_m=math.inf)), "length_m must be a finite"),
    (lambda: CreepingWall(length_m=0.0), "length_m must be .* > 0"),
    (lambda: CreepingWall(barrier=-1.0), "barrier must be .* >= 0"),
    (lambda: SteppedStrip(widths_m=()), "widths_m must have one entry or more, got none"),
    (lambda: SteppedStrip(widths_m=(2e-7, 1e-7)), "widths_m must be .* each is wider"),
    (lambda: SteppedStrip(thickness_m=0.0), "thickness_m must be .* > 0"),
    (lambda: ElasticWall(num_notches=0), "num_notches must be >= 1"),
    (lambda: ElasticWall(kick=0.0), "kick must be .* > 0"),
])  # fmt: skip
def test_refusals(make, words):
    with pytest.raises(ValueError, match=words):
        make()
