"""Tests of reads against an exact law: do they raise false alarms, and do they see what is wrong?

Reads are drawn from the law itself where false alarms are counted, so that only the tests are on
trial. The bounds are binomial quantiles at 1e-6.
"""

import numpy as np
import pytest
from scipy import stats

from cases import some
from pbit import IsingModel, exact
from pbit.exact.elimination import Elimination
from pbit.measure.verification.burn_in import burn_in, drifting, remembered
from pbit.measure.verification.law_check import check_law, means_of
from pbit.statistics import binomial_p_values, holm_rejected
from random_models import random_model

SURE = 1e-6


def draw(model, beta, reads, *, seed):
    """Independent samples of the exact law."""
    law = exact.exact_boltzmann(model, beta)
    numbers = np.random.default_rng(seed).choice(law.size, reads, p=law)
    return exact.states(model.num_spins)[numbers]


# --- the single tests


@pytest.mark.parametrize("p", [0.5, 0.1, 0.003, 1e-6])
def test_binomial_p_values_raise_no_more_false_alarms_than_they_say(p):
    counts = np.arange(201)
    law, p_values = stats.binom.pmf(counts, 200, p), binomial_p_values(counts, 200, np.full(201, p))
    for level in (0.5, 0.05, 1e-3, 1e-6):
        assert law[p_values <= level].sum() <= level * (1 + 1e-9)


def test_binomial_p_values_at_the_ends():
    assert binomial_p_values([10, 9], 10, [1.0, 1.0]).tolist() == [1.0, 0.0]
    assert binomial_p_values([0, 1], 10, [0.0, 0.0]).tolist() == [1.0, 0.0]
    assert binomial_p_values([0], 0, [0.5]).tolist() == [1.0]


def test_holm():
    assert holm_rejected([], 0.05).tolist() == []
    assert holm_rejected([0.01, 0.01, 0.01], 0.05).tolist() == [True] * 3
    assert holm_rejected([0.02, 0.03, 0.5], 0.05).tolist() == [False] * 3
    assert holm_rejected([0.03, 0.5, 0.01], 0.05).tolist() == [False, False, True]


@pytest.mark.parametrize("beta", [0.0, 0.1, 0.5, 2.0, 6.0])
def test_energy_variance_equals_enumeration(beta):
    model = random_model(9, seed=1)
    law, energies = exact.exact_boltzmann(model, beta), exact.exact_energies(model)
    variance = law @ (energies - law @ energies) ** 2
    assert Elimination(model).energy_variance(beta) == pytest.approx(variance, rel=1e-6)


def test_means_of_reads():
    spins = np.random.default_rng(1).choice(np.array([-1, 1], dtype=np.int8), (50, 4))
    rows, cols = np.array([0, 1]), np.array([2, 3])
    single, pairs = means_of(spins, (rows, cols))
    assert np.allclose(single, spins.mean(axis=0))
    assert np.allclose(
        pairs, [(spins[:, 0] * spins[:, 2]).mean(), (spins[:, 1] * spins[:, 3]).mean()]
    )


@pytest.mark.parametrize("beta", [0.3, 1.0, 3.0])
def test_the_energys_p_value_bounds_the_tail(beta):
    """The Chernoff bound against the exact law of the mean of 12 energies of three spins."""
    model = IsingModel.from_edges([0, 1], [1, 2], [1.0, 2.0], h=[1.0, 0.0, 0.0])
    energies = exact.exact_energies(model)
    levels, which = np.unique(energies, return_inverse=True)
    law = np.bincount(which, weights=exact.exact_boltzmann(model, beta))
    grid = np.zeros(int(np.ptp(levels)) + 1)
    grid[(levels - levels[0]).astype(int)] = law
    total = np.ones(1)
    for _ in range(12):
        total = np.convolve(total, grid)
    p_values = np.ones(total.size)
    for k in range(total.size):
        spins = _reads_of_total_energy(model, energies, levels[0] * 12 + k, 12)
        if spins is not None:
            p_values[k] = check_law(model, beta, spins).energy.p_value
    assert p_values.min() < 1e-3
    for level in (0.5, 0.05, 1e-3, 1e-6):
        assert total[p_values <= level].sum() <= level


def _reads_of_total_energy(model, energies, total, reads):
    """Any reads whose energies add up to a total; None if there are none."""
    states, low = exact.states(model.num_spins), energies.min()
    left, rows = total - reads * low, []
    for _ in range(reads):
        fits = np.flatnonzero(energies - low <= left + 1e-9)
        rows.append(states[fits[np.argmax(energies[fits])]])
        left -= model.energy(rows[-1]) - low
    return np.array(rows) if abs(left) < 1e-9 else None


# --- all tests together


BETAS = [(0.0, 0.0), (0.5, 0.0), (1.5, 1e9)]


@pytest.mark.parametrize(
    ("sets", "beta", "offset"),
    some(
        [(sets, *case) for sets in (100, 400) for case in BETAS], *((100, *case) for case in BETAS)
    ),
)
def test_false_alarms(sets, beta, offset):
    """At most alpha of sound sets of reads are rejected, rare states and ties included.

    A rate of 0.16 instead of 0.05 is caught by 400 sets with more than 99 %, one of 0.3 by 100.
    """
    model = random_model(6, seed=3)
    model = IsingModel(model.h, model.J, offset)
    alarms = [not check_law(model, beta, draw(model, beta, 400, seed=seed), alpha=0.05).passed
              for seed in range(sets)]  # fmt: skip
    assert stats.binom.sf(sum(alarms) - 1, sets, 0.05) > SURE


def test_p_values_are_not_too_small_anywhere():
    """Each p-value by itself: at most 10 % of sound reads are below 0.1."""
    model = random_model(6, seed=4)
    p_values = np.array([check_law(model, 0.8, draw(model, 0.8, 300, seed=seed)).p_values
                         for seed in range(300)])  # fmt: skip
    below = (p_values <= 0.1).sum(axis=0)
    assert (stats.binom.sf(below - 1, 300, 0.1) > SURE / below.size).all()


WRONG = {
    "beta 10 % too large": lambda model: IsingModel(1.1 * model.h, 1.1 * model.J),
    "beta 10 % too small": lambda model: IsingModel(0.9 * model.h, 0.9 * model.J),
    "a factor 2 dropped": lambda model: IsingModel(model.h / 2, model.J / 2),
    "a sign flipped": lambda model: _flip_one(model),
    "fields ignored": lambda model: IsingModel(0 * model.h, model.J),
}


def _flip_one(model):
    rows, cols, weights = model.edges()
    weights = weights.copy()
    weights[np.argmax(np.abs(weights))] *= -1
    return IsingModel.from_edges(rows, cols, weights, h=model.h)


@pytest.mark.parametrize("mistake", WRONG)
def test_control_mistakes_are_caught_every_time(mistake):
    """Power at 10 000 reads and alpha = 1e-6: 20 of 20."""
    model = random_model(8, seed=5)
    for seed in range(20):
        law = check_law(model, 0.5, draw(WRONG[mistake](model), 0.5, 10_000, seed=seed))
        assert not law.passed


def test_control_a_wrong_distribution_with_right_means_is_caught():
    """Three-spin correlations show in the states alone."""
    model = IsingModel(np.zeros(3), np.zeros((3, 3)))
    states = exact.states(3)
    odd = states[states.prod(axis=1) == 1]  # all means and pair means are zero
    spins = odd[np.random.default_rng(1).integers(0, 4, 5000)]
    law = check_law(model, 1.0, spins)
    assert [one.kind for one in law.deviations(1)] == ["states"] and not law.passed


def test_the_energy_tells_which_beta_it_was():
    model = random_model(10, seed=6)
    energy = check_law(model, 0.6, draw(model, 0.66, 20_000, seed=1)).energy
    assert abs(energy.beta - 0.66) < 5 * energy.beta_error < 0.03
    assert energy.p_value < 1e-6 and energy.z < -5


@pytest.mark.parametrize("sign", [1, -1])
def test_energies_that_no_beta_gives(sign):
    """All reads in the lowest or the highest state."""
    model = IsingModel([1.0, 2.0], np.zeros((2, 2)))
    spins = np.full((1000, 2), sign, dtype=np.int8)
    energy = check_law(model, 0.3, spins).energy
    assert energy.beta == sign * np.inf and energy.p_value < 1e-200


def test_a_model_without_energy():
    law = check_law(IsingModel([0.0], [[0.0]]), 1.0, [[1], [-1]] * 100)
    assert law.passed and law.energy.p_value == 1.0 and law.energy.z == 0.0


def test_the_offset_takes_no_digits():
    model = random_model(6, seed=3)
    spins = draw(model, 0.5, 1000, seed=1)
    far = check_law(IsingModel(model.h, model.J, 1e12), 0.5, spins)
    near = check_law(IsingModel(model.h, model.J), 0.5, spins)
    assert np.array_equal(far.p_values, near.p_values)


def test_a_certain_spin():
    """Marginals that are 1 in float64: -1 is then never seen."""
    model = IsingModel([60.0], [[0.0]])
    assert check_law(model, 1.0, np.ones((100, 1))).passed
    law = check_law(model, 1.0, [[1]] * 99 + [[-1]])
    assert not law.passed and law.deviations(1)[0].p_value == 0.0
    assert {abs(one.z) for one in law.deviations(3) if one.kind == "spin"} == {np.inf}


@pytest.mark.parametrize(("spins", "alpha", "message"), [
    ([1, -1], 0.1, "one row a read"),
    (np.ones((0, 6)), 0.1, "at least one read"),
    (np.ones((3, 5)), 0.1, "last axis 6"),
    (np.zeros((3, 6)), 0.1, "must be -1 or \\+1"),
    (np.ones((3, 6)), 0.0, "alpha must be a probability between 0 and 1, got 0"),
    (np.ones((3, 6)), 1.0, "alpha must be a probability"),
])  # fmt: skip
def test_refusals(glass, spins, alpha, message):
    with pytest.raises(ValueError, match=message):
        check_law(glass, 1.0, spins, alpha=alpha)


# --- burn-in


def memoryful(reads, spins, keep, *, seed):
    """Fair coins at two times; a coin is kept with probability ``keep``, else thrown again."""
    rng = np.random.default_rng(seed)
    early, fresh = rng.choice(np.array([-1, 1], dtype=np.int8), (2, reads, spins))
    return early, np.where(rng.random((reads, spins)) < keep, early, fresh).astype(np.int8)


def test_memory_of_spins_and_energies():
    early, late = memoryful(20_000, 30, 0.5, seed=1)
    energies = (early.sum(axis=1) * 1.0, late.sum(axis=1) * 1.0)
    found = burn_in(early, late, energies, sweeps=20, lag=10)
    assert abs(found.spin_memory - 0.5) < 5 * found.spin_error < 0.02
    assert abs(found.energy_memory - 0.5) < 5 * found.energy_error
    assert 10 / np.log(2) < found.relaxation_sweeps < 16


def test_memory_where_nothing_or_everything_is_remembered():
    early, late = memoryful(1000, 5, 0.0, seed=2)
    zero = np.zeros(1000)
    forgot = burn_in(early, late, (zero, zero), sweeps=20, lag=10)
    assert abs(forgot.spin_memory) < 5 * forgot.spin_error
    assert forgot.energy_memory == 0.0
    assert burn_in(early, early, (zero, zero), sweeps=20, lag=10).relaxation_sweeps == np.inf
    ones = np.ones((1000, 5), dtype=np.int8)
    alike = burn_in(ones, ones, (zero, zero), sweeps=20, lag=10)
    assert np.isnan(alike.relaxation_sweeps)


def test_remembered():
    assert remembered(*memoryful(2000, 4, 0.3, seed=1))
    alarms = sum(remembered(*memoryful(500, 4, 0.0, seed=seed)) for seed in range(300))
    assert stats.binom.sf(alarms - 1, 300, 1e-5) > SURE
    weak = memoryful(200_000, 1, 0.05, seed=1)  # there, but too little to excuse anything
    assert not remembered(*weak)
    ones = np.ones((50, 3), dtype=np.int8)
    assert not remembered(ones, ones)


def test_drifting():
    rng = np.random.default_rng(1)
    early = rng.choice(np.array([-1, 1], dtype=np.int8), (2000, 3))
    late = np.where(rng.random((2000, 3)) < 0.1, 1, early).astype(np.int8)
    assert drifting(early, late) and drifting(late, early)
    alarms = sum(drifting(*memoryful(500, 4, 0.3, seed=seed)) for seed in range(300))
    assert stats.binom.sf(alarms - 1, 300, 1e-5) > SURE
