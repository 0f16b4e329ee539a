"""Distances and successes of chips: the numbers by themselves, then chips that are run."""

import numpy as np
import pytest

from pbit import IsingModel, Schedule
from pbit.exact import exact_boltzmann
from pbit.hardware.parameters import Hardware
from pbit.measure.chip_sweep import (
    GROUPS,
    distance_between,
    success_of,
    sweep_distance,
    sweep_reads,
)
from pbit.statistics import wilson_interval

AND = IsingModel.from_edges(
    [0, 0, 1], [1, 2, 2], [-1.0, 2.0, 2.0], h=[1.0, 1.0, -2.0]
)  # p-bits A, B and A AND B


def laws_of(rng, law, samples):
    """Histograms of 8 groups of independent samples."""
    return rng.multinomial(samples, law, size=GROUPS) / samples


# --- the distance of samples, where everything is known


def test_floor_is_what_a_perfect_sampler_shows():
    """Over 400 perfect runs the mean of the floor is the mean of the distance, to 2 %."""
    rng = np.random.default_rng(1)
    law = exact_boltzmann(AND, 0.5)
    found = [distance_between(laws_of(rng, law, 500), law) for _ in range(400)]
    values = np.array([each.value for each in found])
    floors = np.array([each.floor for each in found])
    difference = values - floors
    error = difference.std(ddof=1) / 20
    assert abs(difference.mean()) < 4.9 * error  # one in a million
    assert error < 0.02 * values.mean()  # and a floor off by a tenth would be seen


def test_a_floor_off_by_a_tenth_fails_the_same_check():
    rng = np.random.default_rng(1)
    law = exact_boltzmann(AND, 0.5)
    found = [distance_between(laws_of(rng, law, 500), law) for _ in range(400)]
    difference = np.array([each.value - 1.15 * each.floor for each in found])
    assert abs(difference.mean()) > 4.9 * difference.std(ddof=1) / 20


def test_error_bar_of_a_distance_that_is_there():
    """The jackknife error squared has the variance of the distance as its mean."""
    rng = np.random.default_rng(2)
    law, exact = exact_boltzmann(AND, 0.5), exact_boltzmann(AND, 0.2)
    found = [distance_between(laws_of(rng, law, 2000), exact) for _ in range(400)]
    values = np.array([each.value for each in found])
    true = np.abs(law - exact).sum() / 2
    assert abs(values.mean() - true) < 4.9 * values.std(ddof=1) / 20
    squares = np.array([each.error**2 for each in found])
    # The variance has a relative error of sqrt(2/400) = 7 %, the mean square of sqrt(2/7/400).
    assert abs(squares.mean() / values.var(ddof=1) - 1) < 4.9 * np.hypot(0.071, 0.027)


def test_distance_by_hand():
    laws = np.array([[0.5, 0.5], [0.7, 0.3]])
    found = distance_between(laws, np.array([0.5, 0.5]))
    assert found.value == pytest.approx(0.1)
    assert found.floor == pytest.approx(0.1)  # half of the 0.2 between the two
    assert found.error == pytest.approx(0.1)  # 0 and 0.2, one left out at a time


# --- successes


def test_successes_are_counted_up_to_rounding():
    energies = np.array([-3.0, -3.0 + 1e-12, -2.9, 1.0])
    found = success_of(energies, -3.0)
    assert (found.hits, found.num_reads, found.fraction) == (2, 4, 0.5)
    assert (found.low, found.high) == wilson_interval(2, 4)
    assert found.mean_energy == pytest.approx(energies.mean())
    assert found.energy_error == pytest.approx(energies.std(ddof=1) / 2)
    assert np.isnan(success_of(energies[:1], -3.0).energy_error)


def test_wilson_against_its_equation():
    """The ends solve (p - x)^2 = z^2 x (1 - x) / n."""
    z = 1.959963984540054
    for k, n in ((0, 10), (3, 10), (10, 10), (1, 1), (500, 1000)):
        for x in wilson_interval(k, n):
            assert (k / n - x) ** 2 == pytest.approx(z**2 * x * (1 - x) / n, abs=1e-12)
    low, high = wilson_interval(3, 10)
    assert low < 0.3 < high
    assert wilson_interval(3, 10, confidence=0.5)[0] > low


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((-1, 3), "successes must be from 0 to trials and trials >= 1, got -1 of 3"),
        ((4, 3), "got 4 of 3"),
        ((0, 0), "got 0 of 0"),
    ],
)
def test_wilson_refuses(arguments, message):
    with pytest.raises(ValueError, match=message):
        wilson_interval(*arguments)
    with pytest.raises(ValueError, match="confidence must be between 0 and 1, got 1"):
        wilson_interval(1, 2, confidence=1)


# --- chips that are run


def test_ideal_chips_are_at_the_floor_and_late_ones_are_not():
    """A delay of one tau: 0.24 from the law, by an independent event-driven simulation."""
    chips = [Hardware(), Hardware(dynamics="arrhenius"), Hardware(delay_s=1e-9)]
    ideal, arrhenius, late = sweep_distance(AND, chips, 1.0, num_sweeps=4000, seed=1)
    for good in (ideal, arrhenius):
        assert good.value < 3 * good.floor
    assert late.value > 20 * late.floor
    assert 0.20 < late.value < 0.27


def test_distances_depend_on_the_seed_alone():
    runs = [
        next(sweep_distance(AND, [Hardware()], 1.0, num_reads=8, num_sweeps=100, seed=seed))
        for seed in (1, 1, 2**64 - 1)
    ]
    assert runs[0] == runs[1] != runs[2]


def test_reads_of_chips():
    ring = IsingModel.from_edges([0, 1, 2], [1, 2, 0], [1.0, 1.0, 1.0])
    schedule = Schedule(np.full(50, 2.0))
    chips = [Hardware(), Hardware(stuck_fraction=1.0, seed=1)]
    good, stuck = sweep_reads(ring, chips, schedule, num_reads=20, seed=1)
    assert success_of(good.energies, -3.0).hits == 20
    assert success_of(stuck.energies, -3.0).hits < 20
    assert good.info["hardware"]["seconds_per_read"] == pytest.approx(50e-9)


def test_stuck_chips_have_one_state():
    ring = IsingModel.from_edges([0, 1, 2], [1, 2, 0], [1.0, 1.0, 1.0])
    chips = [Hardware(stuck_fraction=1.0, seed=1)]
    (stuck,) = sweep_reads(ring, chips, Schedule(np.full(50, 2.0)), num_reads=20, seed=1)
    assert np.unique(stuck.energies).size == 1


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"num_reads": 7}, "num_reads must be >= 8, got 7"),
        ({"num_sweeps": 0}, "num_sweeps must be >= 1, got 0"),
    ],
)
def test_too_little_effort_is_refused(changes, message):
    with pytest.raises(ValueError, match=message):
        next(sweep_distance(AND, [Hardware()], 1.0, **changes))


def test_too_many_spins_for_an_exact_law():
    model = IsingModel(np.zeros(13), np.zeros((13, 13)))
    with pytest.raises(ValueError, match="at most 12 spins for a distance from its exact law, go"):
        next(sweep_distance(model, [Hardware()], 1.0))
