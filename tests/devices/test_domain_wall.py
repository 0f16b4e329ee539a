"""The one-dimensional domain wall: closed forms, equilibrium, and a slow reference."""

import math
from dataclasses import replace

import numpy as np
import pytest
from scipy.integrate import quad
from scipy.linalg import solve_continuous_lyapunov

from pbit.devices.constants import BOLTZMANN_J_K, GAMMA0_M_A_S, MU0_T_M_A
from pbit.devices.domain_wall import WallTrack, creep_velocity_m_s
from pbit.devices.wall_motion import move_walls

ENDLESS = WallTrack(length_m=math.inf)
TAU = ENDLESS.damping_time_s()


def steady(track, seconds, **drive):
    """Velocity over the second half of a run."""
    run = move_walls(track, seconds, record_every=1, **drive)
    q, t = run.positions_m[0], run.times_s
    half = t.size // 2
    return (q[-1] - q[half]) / (t[-1] - t[half])


# Without temperature.


@pytest.mark.parametrize("share", [0.05, 0.125, 0.5, 0.95])
def test_below_walkers_field(share):
    """gamma0 Delta H / alpha; 11.0638 m/s at an eighth of it, from 40 damping times on."""
    field = share * ENDLESS.walker_field_A_m()
    wanted = GAMMA0_M_A_S * ENDLESS.wall_width_m * field / ENDLESS.damping
    assert ENDLESS.velocity_m_s(field) == pytest.approx(wanted, rel=1e-12)
    assert share != 0.125 or wanted == pytest.approx(11.0638, abs=1e-4)
    assert steady(ENDLESS, 120 * TAU, field_A_m=field) == pytest.approx(wanted, rel=1e-4)


def test_above_walkers_field():
    """At three times it: 5.8 % of the straight line, and the mean over whole turns of the plane."""
    field = 3 * ENDLESS.walker_field_A_m()
    wanted = float(ENDLESS.velocity_m_s(field))
    straight = ENDLESS.field_mobility_m2_A_s() * field
    assert wanted / straight == pytest.approx(3.8 / 66, rel=0.02)
    found = steady(ENDLESS, 400 * TAU, field_A_m=field)
    assert found == pytest.approx(wanted, rel=0.02)
    assert abs(found - straight) > 0.9 * straight


def test_spin_transfer_velocity():
    """beta u / alpha, within 2 % after ten damping times; the adiabatic u itself is half of it."""
    u = float(ENDLESS.spin_drift_m_s(3e11))
    assert u == pytest.approx(9.27401e-24 * 0.5 * 3e11 / (1.602177e-19 * 8e5), rel=1e-6)
    run = move_walls(ENDLESS, 11 * TAU, current_A_m2=3e11, record_every=1)
    late = run.times_s > 10 * TAU
    q, t = run.positions_m[0, late], run.times_s[late]
    found = (q[-1] - q[0]) / (t[-1] - t[0])
    assert found == pytest.approx(0.04 / 0.02 * u, rel=0.02)
    assert ENDLESS.current_mobility_m3_A_s() * 3e11 == pytest.approx(2 * u, rel=1e-12)


def test_accelerates_in_a_damping_time():
    """How far a wall is behind after a long run: v tau, the distance lost at the start."""
    field = 0.02 * ENDLESS.walker_field_A_m()
    seconds = 30 * TAU
    run = move_walls(ENDLESS, seconds, field_A_m=field)
    lost = float(ENDLESS.velocity_m_s(field)) * seconds - run.positions_m[0, -1]
    # A stiff plane gives back Delta alpha phi of it: to first order v tau all the same.
    assert lost / float(ENDLESS.velocity_m_s(field)) == pytest.approx(TAU, rel=0.01)


@pytest.mark.parametrize("current", [1e10, 1e11, 1e12])
def test_chiral_walls_saturate(current):
    """Thiaville's closed form of spin-orbit torque on a wall with a chiral field alone."""
    track = replace(
        ENDLESS,
        spin_hall_angle=0.1,
        chiral_field_A_m=1e5,
        transverse_field_A_m=1e-3,
        polarization=0.0,
    )
    wanted = float(track.spin_hall_velocity_m_s(current))
    assert steady(track, 60e-9, current_A_m2=current) == pytest.approx(wanted, rel=1e-4)
    assert wanted < math.pi / 2 * GAMMA0_M_A_S * track.wall_width_m * 1e5


@pytest.mark.parametrize("kind", ["field", "current"])
def test_notches_let_go_at_the_closed_form(kind):
    """With much damping: else the kick of a sudden current frees the wall earlier."""
    track = replace(ENDLESS, notch_depth_J=2e-21, damping=0.5, non_adiabaticity=0.5)
    threshold = {
        "field": track.depinning_field_A_m(), "current": track.depinning_current_A_m2()
    }[kind]  # fmt: skip
    key = {"field": "field_A_m", "current": "current_A_m2"}[kind]
    at_rest = 3e-7 + 2.2e-8  # near the steepest place, so that inertia does not help
    for share, moved in ((0.97, False), (1.03, True)):
        run = move_walls(track, 400 * TAU, initial_m=at_rest, **{key: share * threshold})
        assert (run.positions_m[0, -1] > 3.6e-7) == moved


def test_slides_back_in_a_notch():
    """Where the plane is much stiffer than the notch: exponentially, in the closed form's time."""
    track = replace(ENDLESS, notch_depth_J=1e-22, damping=0.3, transverse_field_A_m=2e5)
    tau = track.notch_relaxation_s()
    run = move_walls(track, 2 * tau, initial_m=3e-7 + 5e-9, record_every=1)
    later = np.interp([0.5 * tau, 1.5 * tau], run.times_s, run.positions_m[0] - 3e-7)
    assert later[0] / later[1] == pytest.approx(math.e, rel=0.02)


def test_ends_hold_the_wall():
    track = WallTrack()
    run = move_walls(track, 400e-9, field_A_m=200.0, initial_m=[9.9e-7, 0.0], num_walls=2)
    assert run.positions_m[:, 0].tolist() == [track.length_m, track.length_m]


# With temperature.

WARM = replace(
    WallTrack(length_m=1e-6), temperature_K=300.0, notch_depth_J=40 * BOLTZMANN_J_K * 300,
    notch_spacing_m=2e-7, damping=0.2,
)  # fmt: skip


def test_equilibrium_in_a_notch_is_boltzmanns():
    """Mean squares of position and angle; ten thousand times as long as they remember."""
    run = move_walls(WARM, 60e-9, initial_m=4e-7, num_walls=100, record_every=20, seed=1)
    late = run.times_s > 5e-9
    kT = BOLTZMANN_J_K * 300
    k = math.pi / WARM.notch_spacing_m
    wanted_q = boltzmann(lambda q: q**2, lambda q: 40 * math.sin(k * q) ** 2, 1e-7)
    depth = WARM.moment_J_m_A * WARM.wall_width_m * WARM.transverse_field_A_m / (2 * kT)
    wanted_phi = boltzmann(lambda x: x**2, lambda x: depth * math.sin(x) ** 2, 1.5)
    found_q = ((run.positions_m[:, late] - 4e-7) ** 2).mean(axis=1)
    found_phi = (run.angles[:, late] ** 2).mean(axis=1)
    for found, wanted in ((found_q, wanted_q), (found_phi, wanted_phi)):
        error = found.std() / 10
        assert abs(found.mean() - wanted) < 5 * error + 0.01 * wanted  # the step's error
        assert error < 0.02 * wanted


def boltzmann(value, energy, end):
    top = quad(lambda x: value(x) * math.exp(-energy(x)), -end, end)[0]
    return top / quad(lambda x: math.exp(-energy(x)), -end, end)[0]


@pytest.mark.parametrize("both", [True, False])
def test_a_thermal_field_on_the_position_alone_would_be_too_cold(both):
    """Lyapunov's equation of the wall at the bottom of a notch: k <q^2> is kT with both fields."""
    kT = BOLTZMANN_J_K * 300
    alpha, width = WARM.damping, WARM.wall_width_m
    stiffness = 2 * (math.pi / WARM.notch_spacing_m) ** 2 * WARM.notch_depth_J
    a = GAMMA0_M_A_S * stiffness * width / WARM.moment_J_m_A  # of q / Delta
    b = GAMMA0_M_A_S * WARM.transverse_field_A_m
    mix = np.array([[alpha, 1.0], [1.0, -alpha]]) / (1 + alpha**2)
    drift = mix @ np.diag([-a, b])
    power = (GAMMA0_M_A_S * WARM.thermal_field_A_m(1.0)) ** 2
    noise = mix @ np.diag([power, power if both else 0.0]) @ mix.T
    covariance = solve_continuous_lyapunov(drift, -noise)
    shares = np.diag(covariance) * [
        stiffness * width**2,
        WARM.moment_J_m_A * width * WARM.transverse_field_A_m,
    ]
    if both:
        assert np.allclose(shares, kT, rtol=1e-9)
        assert abs(covariance[0, 1]) < 1e-9 * covariance[0, 0]
    else:
        assert (shares < 0.95 * kT).all()


def test_kernel_is_heuns_method():
    """Against the equations written out in NumPy, without noise."""
    track = replace(WARM, temperature_K=0.0, spin_hall_angle=0.1, chiral_field_A_m=3e4)
    J, H, step, steps = 2e11, 300.0, 1e-13, 500
    u, H_SH = float(track.spin_drift_m_s(J)), float(track.spin_hall_field_A_m(J))
    a, width, Lp = track.damping, track.wall_width_m, track.notch_spacing_m

    def speeds(q, phi):
        slope = math.pi * track.notch_depth_J / Lp * math.sin(2 * math.pi * q / Lp)
        pin = -slope / (2 * MU0_T_M_A * 8e5 * track.width_m * track.thickness_m)
        along = GAMMA0_M_A_S * (H + pin + math.pi / 2 * H_SH * math.cos(phi)) + 0.04 * u / width
        plane = 2e4 * math.sin(2 * phi) + math.pi / 2 * 3e4 * math.sin(phi)
        around = GAMMA0_M_A_S * plane + u / width
        return (
            width * (a * along + around) / (1 + a * a), (along - a * around) / (1 + a * a)
        )  # fmt: skip

    q, phi = 4.1e-7, 0.2
    for _ in range(steps):
        dq, dphi = speeds(q, phi)
        dq2, dphi2 = speeds(q + dq * step, phi + dphi * step)
        q, phi = q + (dq + dq2) * step / 2, phi + (dphi + dphi2) * step / 2
    run = move_walls(
        track, steps * step, current_A_m2=J, field_A_m=H, initial_m=4.1e-7, initial_angle=0.2,
        time_step_s=step,
    )  # fmt: skip
    assert run.info["num_steps"] == steps
    assert run.positions_m[0, -1] == pytest.approx(q, rel=1e-9)
    assert run.angles[0, -1] == pytest.approx(phi, rel=1e-9)


def test_walls_are_numbered_and_runs_continue():
    few, many = (move_walls(WARM, 1e-10, initial_m=4e-7, num_walls=n, seed=3) for n in (2, 5))
    assert (few.positions_m == many.positions_m[:2]).all()
    assert len(set(many.positions_m[:, 0])) == 5
    step = few.info["time_step_s"]
    half = move_walls(WARM, 5e-11, initial_m=4e-7, num_walls=2, seed=3, time_step_s=step)
    rest = move_walls(
        WARM, 5e-11, initial_m=half.positions_m[:, -1], initial_angle=half.angles[:, -1],
        num_walls=2, seed=3, time_step_s=step, first_step=half.info["num_steps"],
    )  # fmt: skip
    assert np.allclose(rest.positions_m, few.positions_m, rtol=1e-6)
    assert few == move_walls(WARM, 1e-10, initial_m=4e-7, num_walls=2, seed=3)


def test_creep():
    v = creep_velocity_m_s([0.1, 1.0, 3.0], velocity_m_s=2.0, barrier=20.0)
    assert v[0] == pytest.approx(2 * math.exp(-20 * (0.1**-0.25 - 1)))
    assert v[1:].tolist() == [2.0, 2.0]


@pytest.mark.parametrize(("call", "words"), [
    (lambda: WallTrack(damping=0.0), "damping must be a finite number > 0"),
    (lambda: WallTrack(length_m=-1.0), "length_m must be a number > 0"),
    (lambda: WallTrack(temperature_K=-1.0), "temperature_K must be a finite number >= 0"),
    (lambda: WallTrack(chiral_field_A_m=math.nan), "chiral_field_A_m must be a finite number"),
    (lambda: move_walls(WARM, 1e-9, initial_m=2e-6), "initial_m must be from 0 to 1e-06, got"),
    (lambda: move_walls(WARM, 1e-9, time_step_s=1e-6), "time_step_s must be > 0 and <= .* got"),
    (lambda: move_walls(WARM, 0.0), "duration_s must be a finite number > 0"),
    (lambda: move_walls(WARM, 1e-9, field_A_m=[1, 2, 3]), "field_A_m must be one number or 1"),
    (lambda: move_walls(WARM, 1e-9, field_A_m=math.inf), "field_A_m must be finite"),
    (lambda: creep_velocity_m_s(1.0, velocity_m_s=-1.0, barrier=1.0), "velocity_m_s must be"),
    (lambda: creep_velocity_m_s(1.0, velocity_m_s=1.0, barrier=-1.0), "barrier must be"),
    (lambda: creep_velocity_m_s(1.0, velocity_m_s=1.0, barrier=1.0, exponent=0), "exponent"),
])  # fmt: skip
def test_refusals(call, words):
    with pytest.raises(ValueError, match=words):
        call()
