"""Worldlines in imaginary time against exact laws, with wrong laws as controls.

Chi-square at ``ALPHA`` on independent reads: false alarms of all cases together below 1e-4. Each
control is a law that the same draws must not pass; ``power`` works out how often it is refused.
"""

import itertools
import math
from typing import NamedTuple

import numpy as np
import pytest
from scipy import stats

from pbit import Control, IsingModel, PolynomialModel, Schedule
from pbit.exact import state_number
from pbit.exact.quantum import ring, thermal
from pbit.samplers.imaginary_time import worldline_run
from pbit.samplers.imaginary_time.worldlines import anneal_worldlines, measure_worldlines
from pbit.statistics import chi_square_p_value
from pbit.statistics.autocorrelation import autocorrelation_time

ALPHA = 1e-6
READS, SWEEPS = 4000, 25


def pairs(n, edges, h=None):
    rows, cols, weights = zip(*edges, strict=True)
    return IsingModel.from_edges(rows, cols, weights, h=h, num_spins=n)


PAIR = pairs(2, [(0, 1, 0.8)], h=[0.3, -0.2])
TRIANGLE = pairs(3, [(0, 1, 1.0), (1, 2, -0.7), (0, 2, 0.5)], h=[0.2, 0.0, -0.4])
TERMS = PolynomialModel.from_terms({(0, 1, 2): 0.9, (0, 1): 0.5, (2,): 0.3})


def sliced_law(model, gamma, beta, replicas, *, half=0.5, stretch=1.0, bonds=None):
    """Probability of each configuration (R n spins, slice by slice); K is ``half`` of -ln tanh."""
    n = model.num_spins
    bond = -half * stretch * np.log(np.tanh(beta * np.broadcast_to(gamma, n) / replicas))
    states = np.array(list(itertools.product((-1, 1), repeat=replicas * n)), np.int8)
    slices = states.reshape(-1, replicas, n)
    weight = -beta / replicas * model.energy(slices.reshape(-1, n)).reshape(-1, replicas).sum(1)
    for k in range(replicas if bonds is None else bonds):
        weight = weight + (slices[:, k] * slices[:, (k + 1) % replicas]) @ bond
    law = np.exp(weight - weight.max())
    order = np.argsort(state_number(states))
    return (law / law.sum())[order]


def power(law, wrong):
    """That a chi-square test of READS draws from ``law`` against ``wrong`` refuses at ALPHA."""
    limit = stats.chi2.isf(ALPHA, law.size - 1)
    apart = READS * ((law - wrong) ** 2 / wrong).sum()
    return stats.ncx2.sf(limit, law.size - 1, apart)


class Draws(NamedTuple):
    """Reads of a model, run once for the law and its controls."""

    model: object
    gamma: object
    beta: float
    replicas: int | None
    numbers: np.ndarray

    @classmethod
    def of(cls, model, gamma, beta, replicas, cluster_every=0):
        options = {"num_sweeps": SWEEPS, "burn_in": SWEEPS - 1, "num_reads": READS, "seed": 1}
        options["cluster_every"] = cluster_every
        states = measure_worldlines(model, gamma, beta, replicas=replicas, **options).states
        seen = states.reshape(len(states), -1) if replicas else states[:, 0]
        return cls(model, gamma, beta, replicas, state_number(seen))

    def law(self, **wrong):
        return sliced_law(self.model, self.gamma, self.beta, self.replicas, **wrong)


@pytest.fixture(scope="module")
def five():
    return Draws.of(PAIR, 0.6, 1.3, 5)


SLICED = [
    pytest.param(PAIR, 0.9, 1.0, 1, id="one slice"),
    pytest.param(TRIANGLE, [0.5, 1.0, 2.0], 0.8, 3, id="a field for each site"),
    pytest.param(TERMS, 0.8, 1.0, 3, id="many-spin terms"),
]


@pytest.mark.parametrize(("model", "gamma", "beta", "replicas"), SLICED)
def test_slices_follow_trotters_law(model, gamma, beta, replicas):
    draws = Draws.of(model, gamma, beta, replicas)
    assert chi_square_p_value(draws.numbers, draws.law()) > ALPHA


def test_five_slices_follow_trotters_law(five):
    assert chi_square_p_value(five.numbers, five.law()) > ALPHA


WRONG = {
    "K without the half": {"half": 1.0},
    "K larger by a quarter": {"stretch": 1.25},
    "open in imaginary time": {"bonds": 4},
}


@pytest.mark.parametrize("wrong", WRONG.values(), ids=WRONG)
def test_wrong_laws_of_slices_are_told(wrong, five):
    assert power(five.law(), five.law(**wrong)) > 0.999
    assert chi_square_p_value(five.numbers, five.law(**wrong)) < ALPHA


def test_two_slices_have_two_bonds():
    draws = Draws.of(PAIR, 0.9, 1.0, 2)
    assert chi_square_p_value(draws.numbers, draws.law()) > ALPHA
    assert power(draws.law(), draws.law(bonds=1)) > 0.999
    assert chi_square_p_value(draws.numbers, draws.law(bonds=1)) < ALPHA


CONTINUOUS = [
    pytest.param(PAIR, 0.9, 1.5, id="pair"),
    pytest.param(TRIANGLE, np.array([0.5, 1.0, 2.0]), 1.2, id="a field for each site"),
    pytest.param(TERMS, 0.8, 2.0, id="many-spin terms"),
]


@pytest.mark.parametrize(("model", "gamma", "beta"), CONTINUOUS)
def test_states_at_one_time_follow_the_quantum_law(model, gamma, beta):
    draws = Draws.of(model, gamma, beta, None)
    law, wrong = (thermal(model, f * gamma, beta).law for f in (1, 1.5))
    assert chi_square_p_value(draws.numbers, law) > ALPHA
    assert power(law, wrong) > 0.999
    assert chi_square_p_value(draws.numbers, wrong) < ALPHA


@pytest.mark.parametrize("replicas", [3, None])
def test_clusters_in_space_and_time_keep_the_law(replicas):
    """Looked at right after a cluster move; frustrated, with biases, a field for each site."""
    gamma, beta = np.array([0.5, 1.0, 2.0]), 1.2
    draws = Draws.of(TRIANGLE, gamma, beta, replicas, cluster_every=1)
    law = draws.law() if replicas else thermal(TRIANGLE, gamma, beta).law
    wrong = draws.law(stretch=1.4) if replicas else thermal(TRIANGLE, 1.5 * gamma, beta).law
    assert chi_square_p_value(draws.numbers, law) > ALPHA
    assert power(law, wrong) > 0.999
    assert chi_square_p_value(draws.numbers, wrong) < ALPHA


@pytest.mark.slow
def test_averages_with_clusters():
    """Within 7.5 errors of 32 reads (Student: 1e-7 each). Ties at .9 of their rate put products 13
    and 19 errors off, biases at .8 of theirs the spins 24 and 33 (measured once)."""
    model = pairs(3, [(0, 1, 1.0), (1, 2, -0.8)], h=[0.4, 0.2, 0.3])
    exact = thermal(model, 0.9, 1.5)
    options = {"num_sweeps": 6000, "num_reads": 32, "pairs": [[0, 1], [1, 2]], "seed": 1}
    series = measure_worldlines(model, 0.9, 1.5, cluster_every=1, **options)
    reads = np.concatenate([series.spins, series.products], axis=2)
    reads = np.average(reads, axis=0, weights=series.bin_looks)
    true = [*exact.sigma_z, exact.correlations[0, 1], exact.correlations[1, 2]]
    errors = reads.std(axis=0, ddof=1) / np.sqrt(32)
    assert np.all(np.abs(reads.mean(axis=0) - true) < 7.5 * errors) and errors.max() < 3e-3


def test_clusters_take_walls_away():
    """Deep in the ordered phase of a ring of 32, where local updates need hundreds of sweeps."""
    sites = np.arange(32)
    model = IsingModel.from_edges(sites, (sites + 1) % 32, np.ones(32))
    options = {"num_sweeps": 1000, "burn_in": 100, "seed": 1}
    series = measure_worldlines(model, 0.5, 8.0, **options)
    energies = (series["energy"] - series["transverse"]).mean(axis=0) / 32
    error = energies.std(ddof=1) / 4
    exact = ring(32, 0.5, 8.0).energy_per_spin
    assert abs(energies.mean() - exact) < 8.1 * error < 4e-3  # Student's t of 15: 1e-6
    local = measure_worldlines(model, 0.5, 8.0, cluster_every=0, **options)
    assert autocorrelation_time(series["m2"]) < 3 and autocorrelation_time(local["m2"]) > 30


def test_kinks_of_a_free_spin_are_poisson_and_even():
    """P(2 k) = (beta Gamma)^(2 k) / (2 k)! / cosh(beta Gamma): the trace of exp(beta Gamma X)."""
    rate, free = 2.5, IsingModel([0.0], [[0.0]])
    options = {"num_sweeps": 8, "burn_in": 7, "num_reads": READS, "seed": 1}
    kinks = measure_worldlines(free, rate, 1.0, **options).kinks[0, :, 0].astype(int)
    assert not np.any(kinks % 2)
    law = np.array([rate ** (2 * k) / math.factorial(2 * k) for k in range(12)])
    assert chi_square_p_value(kinks // 2, law / law.sum()) > ALPHA
    poisson = np.array([rate**k / math.factorial(k) for k in range(12)])
    assert chi_square_p_value(kinks // 2, poisson / poisson.sum()) < ALPHA


@pytest.mark.parametrize("replicas", [None, 6])
def test_estimators(replicas):
    """All averages against the exact ones, and a transverse energy 5 % off as the control."""
    from pbit.exact import quantum

    gamma, beta = 0.9, 1.5
    if replicas is None:
        exact = thermal(TRIANGLE, gamma, beta)
    else:
        exact = quantum.replicated(TRIANGLE, gamma, beta, replicas=replicas)
    ends = np.array([[0, 0, 1], [1, 2, 2]])
    options = {"num_sweeps": 3000, "num_reads": 32, "pairs": ends, "seed": 1}
    series = measure_worldlines(TRIANGLE, gamma, beta, replicas=replicas, **options)
    reads = {name: series[name].mean(axis=0) for name in series.columns}
    weights = series.bin_looks / series.bin_looks.sum()
    found = {
        "energy": (reads["energy"] - reads["transverse"], exact.energy),
        "m2": (reads["m2"], exact.m2),
        "m4": (reads["m4"], exact.m4),
        **{f"z{i}": (weights @ series.spins[:, :, i], exact.sigma_z[i]) for i in range(3)},
        **{
            f"zz{i}{j}": (weights @ series.products[:, :, k], exact.correlations[i, j])
            for k, (i, j) in enumerate(ends.T)
        },
    }
    z = np.array([(x.mean() - true) / (x.std(ddof=1) / np.sqrt(32)) for x, true in found.values()])
    # With 32 reads z is Student's: |z| < 7 for all of nine has false alarms below 1e-6.
    assert np.abs(z).max() < 7
    wrong = (reads["energy"] - 1.05 * reads["transverse"]).mean() - exact.energy
    assert abs(wrong) / (found["energy"][0].std(ddof=1) / np.sqrt(32)) > 7


def test_kinks_tell_a_bond_that_is_2_percent_off(five):
    """The mean number of kinks at 32 reads: within 7 of Student's errors of the law, not of that
    with K 2 % larger, which is some 20 away."""
    options = {"num_sweeps": 6000, "num_reads": 32, "seed": 1}
    series = measure_worldlines(PAIR, 0.6, 1.3, replicas=5, **options)
    reads = (series.bin_looks @ series.kinks.mean(axis=2)) / series.bin_looks.sum()
    error = reads.std(ddof=1) / np.sqrt(32)
    assert abs(reads.mean() - kinks_of(five.law())) < 7 * error
    assert abs(reads.mean() - kinks_of(five.law(stretch=1.02))) > 7 * error


def kinks_of(law, replicas=5):
    """Mean part of time bonds of two spins whose ends differ."""
    bits = (np.arange(law.size)[:, None] >> np.arange(2 * replicas)) & 1
    slices = bits.reshape(-1, replicas, 2)
    return law @ (slices != np.roll(slices, -1, axis=1)).mean(axis=(1, 2))


def test_reads_depend_on_seed_and_number_alone():
    options = {"num_sweeps": 40, "seed": 3, "pairs": [[0], [1]]}
    whole = measure_worldlines(TRIANGLE, 1.0, 1.0, num_reads=6, num_threads=2, **options)
    part = measure_worldlines(
        TRIANGLE, 1.0, 1.0, num_reads=2, first_read=4, num_threads=1, **options
    )
    assert np.array_equal(whole.values[:, 4:], part.values)
    assert np.array_equal(whole.products[:, 4:], part.products)
    assert np.array_equal(whole.states[4:], part.states)


def test_room_for_kinks_grows_without_changing_anything(monkeypatch):
    options = {"num_sweeps": 30, "seed": 3, "num_reads": 2}
    roomy = measure_worldlines(TRIANGLE, 3.0, 4.0, **options)
    monkeypatch.setattr(worldline_run, "_capacity", lambda mean_cuts: 1)
    tight = measure_worldlines(TRIANGLE, 3.0, 4.0, **options)
    assert np.array_equal(roomy.values, tight.values)


def test_a_site_without_a_field_is_classical():
    series = measure_worldlines(PAIR, [0.0, 1.0], 1.0, num_sweeps=50, num_reads=4, seed=1)
    assert not series.kinks[:, :, 0].any() and series.kinks[:, :, 1].any()
    assert np.all(series.states[:, :, 0] == series.states[:, :1, 0])


def test_annealing_finds_ground_states():
    rng = np.random.default_rng(1)
    edges = [(i, j, float(rng.choice([-1, 1]))) for i in range(10) for j in range(i)]
    glass = pairs(10, edges)
    ground = min(glass.energy(list(itertools.product((-1, 1), repeat=10))))
    schedule = Schedule([2.0] * 200).with_columns(gamma=np.linspace(4.0, 0.01, 200))
    for replicas in (None, 16):
        found = anneal_worldlines(glass, schedule, replicas=replicas, num_reads=8, seed=1)
        assert np.array_equal(found.energies, glass.energy(found.spins))
        assert found.energies.min() == ground
        assert found.info["updates"] == 8 * 200 * 10


def test_a_time_limit_ends_a_run():
    options = {"num_sweeps": 10**9, "burn_in": 5, "num_reads": 2, "seed": 1}
    control = Control(time_limit_s=0.3)
    series = measure_worldlines(TRIANGLE, 1.0, 1.0, control=control, every=10**6, **options)
    assert series.info["stop_reason"] == "time_limit"
    assert series.num_reads == 1 and 0 < series.num_looks < 1000
    assert series.bin_looks.sum() == series.num_looks


REFUSED = [
    ({"gamma": -1.0}, "gamma must be finite and >= 0, got -1.0"),
    ({"gamma": [1.0, 2.0]}, "gamma must be one number, or one for each of 3 spins"),
    ({"gamma": float("nan")}, "gamma must be finite and >= 0, got nan"),
    ({"gamma": 1e6}, "gamma must be <= 65536 / beta"),
    ({"beta": 0.0}, "beta must be > 0 and finite, got 0.0"),
    ({"beta": float("inf")}, "beta must be > 0 and finite, got inf"),
    ({"replicas": 0}, "replicas must be >= 1, got 0"),
    ({"pairs": [[0], [3]]}, "pairs must be indices from 0 to 2, got 3"),
    ({"pairs": [0, 1]}, "pairs must be integers of shape"),
    ({"burn_in": 1000}, "burn_in must be"),
    ({"cluster_every": -1}, "cluster_every must be >= 0, got -1"),
    ({"num_reads": 0}, "num_reads must be >= 1, got 0"),
]


@pytest.mark.parametrize(("wrong", "message"), REFUSED)
def test_refused(wrong, message):
    options = {"gamma": 1.0, "beta": 1.0} | wrong
    with pytest.raises(ValueError, match="^" + message.replace("(", r"\(")):
        measure_worldlines(TRIANGLE, **options)


def test_clusters_of_many_spin_terms_are_refused():
    with pytest.raises(ValueError, match="cluster_every must be 0 with terms of many spins, got 1"):
        measure_worldlines(TERMS, 1.0, 1.0, cluster_every=1)
    assert not measure_worldlines(TERMS, 1.0, 1.0, num_sweeps=5).info["cluster_every"]


def test_schedules_without_a_field_are_refused():
    with pytest.raises(ValueError, match="schedule must have a column 'gamma'"):
        anneal_worldlines(TRIANGLE, Schedule([1.0]))
    with pytest.raises(ValueError, match="schedule must have gamma >= 0, got -1"):
        anneal_worldlines(TRIANGLE, Schedule([1.0]).with_columns(gamma=[-1.0]))
    with pytest.raises(ValueError, match="schedule must have one finite beta a step"):
        anneal_worldlines(TRIANGLE, Schedule([np.inf]).with_columns(gamma=[1.0]))


def test_models_without_spins():
    empty = IsingModel(np.zeros(0), np.zeros((0, 0)))
    with pytest.raises(ValueError, match="model must have a spin to be measured, got none"):
        measure_worldlines(empty, 1.0, 1.0)
    schedule = Schedule([1.0]).with_columns(gamma=[1.0])
    found = anneal_worldlines(empty, schedule, num_reads=2, seed=1)
    assert found.spins.shape == (2, 0) and found.energies.tolist() == [0.0, 0.0]


def test_a_limit_within_the_burn_in_is_told():
    options = {"num_sweeps": 10**9, "burn_in": 10**8 * 9, "num_reads": 1, "every": 10**7}
    with pytest.raises(ValueError, match="must leave time for more than the burn-in"):
        measure_worldlines(TRIANGLE, 1.0, 1.0, control=Control(time_limit_s=0.05), **options)
