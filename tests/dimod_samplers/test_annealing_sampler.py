"""AnnealingSampler: dimod's own suite, best-of, descent, rounds, scales."""

import unittest

import dimod
import dimod.testing
import numpy as np
import pytest

from clock import FakeClock
from pbit import AnnealingSampler, Control, IsingModel, PBitSampler, descend
from pbit.solvers.annealing import solve_with_annealing
from pbit.solvers.effort import Effort
from pbit.solvers.solve import solve
from random_models import random_model, random_polynomial


@dimod.testing.load_sampler_bqm_tests(AnnealingSampler)
class TestDimodSuite(unittest.TestCase):
    def test_api(self):
        dimod.testing.assert_sampler_api(AnnealingSampler())


@pytest.fixture
def bqm():
    return dimod.generators.gnm_random_bqm(20, 60, "SPIN", random_state=1)


@pytest.fixture(scope="module")
def glass():
    """A cubic +-1 glass, 216 spins: few sweeps do not get to its ground state."""
    rng = np.random.default_rng(0)
    sites = np.arange(216).reshape(6, 6, 6)
    rows = np.tile(sites.ravel(), 3)
    cols = np.concatenate([np.roll(sites, -1, axis).ravel() for axis in range(3)])
    return IsingModel.from_edges(rows, cols, rng.choice([-1.0, 1.0], rows.size))


def costs(model, spins):
    return 2 * spins * model.field(spins)


@pytest.mark.parametrize("vartype", ["SPIN", "BINARY"])
def test_energies_labels_and_vartype(bqm, vartype):
    bqm = bqm.relabel_variables({v: ("v", v) for v in bqm.variables}, inplace=False)
    bqm = bqm.change_vartype(vartype, inplace=False)
    sampleset = AnnealingSampler().sample(bqm, num_reads=20, seed=1)
    dimod.testing.assert_response_energies(sampleset, bqm)
    assert sampleset.vartype is bqm.vartype
    assert len(sampleset) == 20


def test_rows_are_local_minima(glass):
    options = {"num_reads": 200, "num_sweeps": 3, "beta_range": (0.1, 0.5), "seed": 1}
    sampleset = AnnealingSampler().sample(glass.to_bqm(), **options)
    assert np.all(costs(glass, sampleset.record.sample) >= 0)
    assert sampleset.info["descent_flips"] > 0
    kept = PBitSampler().sample(glass.to_bqm(), best_seen=True, **options)
    left = AnnealingSampler().sample(glass.to_bqm(), descent=False, **options)
    assert np.array_equal(left.record.sample, kept.record.sample)
    assert np.any(costs(glass, kept.record.sample) < 0)
    assert np.all(sampleset.record.energy <= kept.record.energy)
    assert np.array_equal(sampleset.record.sample, descend(glass, kept.record.sample).spins)


def test_rows_of_a_polynomial_are_local_minima():
    model = random_polynomial(30, seed=1)
    options = {"num_reads": 100, "num_sweeps": 1, "beta_range": (0.01, 0.02), "seed": 1}
    polynomial = model.to_polynomial()
    sampleset = AnnealingSampler().sample_poly(polynomial, **options)
    order = [sampleset.variables.index(v) for v in range(30)]
    spins = sampleset.record.sample[:, order]
    assert np.all(costs(model, spins) >= -1e-12)
    assert sampleset.record.energy == pytest.approx(model.energy(spins))


def test_best_of(glass):
    options = {"num_sweeps": 5, "seed": 1, "kernel": "lanes"}
    every = AnnealingSampler().sample(glass.to_bqm(), num_reads=60, **options)
    best = AnnealingSampler().sample(glass.to_bqm(), num_reads=6, best_of=10, **options)
    energies = every.record.energy.reshape(6, 10)
    assert np.array_equal(best.record.energy, energies.min(axis=1))
    chosen = energies.argmin(axis=1) + 10 * np.arange(6)
    assert np.array_equal(best.record.sample, every.record.sample[chosen])
    assert best.info["num_reads"] == 60


def test_initial_states(bqm):
    ground = AnnealingSampler().sample(bqm, seed=1).first
    frozen = {"beta_schedule_type": "custom", "beta_schedule": [np.inf], "seed": 1}
    sampleset = AnnealingSampler().sample(bqm, initial_states=ground.sample, best_of=3, **frozen)
    assert len(sampleset) == 1
    assert sampleset.first.energy == pytest.approx(ground.energy)
    tiled = AnnealingSampler().sample(
        bqm,
        initial_states=ground.sample,
        initial_states_generator="tile",
        num_reads=4,
        time_limit=10,
        **frozen,
    )
    assert tiled.record.energy == pytest.approx(np.full(4, ground.energy))
    assert tiled.info["rounds"] == 1


@pytest.mark.parametrize("factor", [2.0**-20, 2.0**20, 1e-6, 1e6])
@pytest.mark.parametrize("kind", ["reals", "whole numbers", "polynomial"])
def test_the_scale_of_the_weights_does_not_matter(kind, factor):
    """Whole numbers: which of several states of equal energy is kept is up to rounding."""
    if kind == "polynomial":
        one = random_polynomial(20, seed=1).to_polynomial()
    else:
        whole = kind == "whole numbers"
        one = random_model(40, seed=1, integers=whole, density=0.15).to_bqm()
    two = one.copy()
    two.scale(factor)
    options = {"num_reads": 50, "num_sweeps": 50, "seed": 1}
    plain, scaled = (AnnealingSampler().sample(each, **options).record for each in (one, two))
    assert scaled.energy == pytest.approx(factor * plain.energy, rel=1e-9)
    if kind != "whole numbers" or np.log2(factor) % 1 == 0:
        assert np.array_equal(plain.sample, scaled.sample)


def test_rounds_until_the_time_limit(glass, stepped):
    seen = []
    sampleset = AnnealingSampler().sample(
        glass.to_bqm(), time_limit=0.2, seed=1, progress=seen.append
    )
    assert sampleset.info["stop_reason"] == "time_limit"
    assert sampleset.info["rounds"] == len(sampleset) > 2
    assert sampleset.info["num_sweeps"] == 1000 * 2 ** (len(sampleset) - 1)
    assert np.all(costs(glass, sampleset.record.sample) >= 0)
    assert seen[-1].best_energy >= sampleset.first.energy


def test_rounds_of_a_given_number_of_sweeps(bqm, stepped):
    sampleset = AnnealingSampler().sample(bqm, time_limit=0.3, seed=1, num_sweeps=10)
    assert sampleset.info["num_sweeps"] == 10
    assert sampleset.info["num_reads"] > 64 * len(sampleset)
    custom = AnnealingSampler().sample(
        bqm, time_limit=0.1, seed=1, beta_schedule_type="custom", beta_schedule=[0.1, 1.0]
    )
    assert custom.info["num_sweeps"] == 2
    assert custom.info["beta_schedule_type"] == "custom"


def test_target(bqm):
    lowest = AnnealingSampler().sample(bqm, seed=1).first.energy
    for options in ({}, {"time_limit": 20}):
        hit = AnnealingSampler().sample(bqm, seed=2, target=lowest, **options)
        assert hit.info["stop_reason"] == "target"
        assert hit.first.energy == pytest.approx(lowest)


def test_a_descent_may_reach_the_target():
    """Too hot to get there by itself; rounds end with it."""
    chain = dimod.BQM.from_ising({0: -1}, {(i, i + 1): -1 for i in range(199)})
    options = {"beta_range": (0.01, 0.02), "seed": 1, "num_sweeps": 2}
    single = dimod.BQM.from_ising({i: -1 for i in range(200)}, {})
    hit = AnnealingSampler().sample(single, target=-200, time_limit=20, **options)
    assert (hit.info["stop_reason"], hit.first.energy, hit.info["rounds"]) == ("target", -200, 1)
    missed = AnnealingSampler().sample(chain, target=-200, num_reads=5, **options)
    assert missed.info["stop_reason"] == "completed"
    assert missed.first.energy > -200


def test_seeds(bqm):
    first = AnnealingSampler().sample(bqm, num_sweeps=2)
    again = AnnealingSampler().sample(bqm, num_sweeps=2, seed=first.info["seed"])
    assert np.array_equal(first.record.sample, again.record.sample)
    one, two = (AnnealingSampler().sample(bqm, num_sweeps=2, seed=1, num_threads=k) for k in (1, 2))
    assert np.array_equal(one.record.sample, two.record.sample)


def test_interrupts(bqm):
    stopped = AnnealingSampler().sample(
        bqm, num_sweeps=10**7, num_reads=5, interrupt_function=lambda: True
    )
    assert stopped.info["stop_reason"] == "interrupted"
    dimod.testing.assert_response_energies(stopped, bqm)


def test_a_descent_that_is_interrupted_says_so(bqm, monkeypatch):
    def stopped(model, spins, **options):
        reads = descend(model, spins)
        reads.info["stop_reason"] = "interrupted"
        return reads

    monkeypatch.setattr("pbit.samplers.descent.descend", stopped)
    assert AnnealingSampler().sample(bqm, seed=1).info["stop_reason"] == "interrupted"


def test_the_solver(glass):
    effort = Effort(num_reads=50, num_sweeps=3, seed=1, traced=True, beta_range=(0.1, 0.5))
    by_name = solve("pbit", glass, effort, Control())
    reads = solve(solve_with_annealing, glass, effort, Control())
    assert np.array_equal(reads.spins, descend(glass, by_name.spins).spins)
    assert reads.energies == pytest.approx(glass.energy(reads.spins))
    assert reads.info["trace"].size == 3
    rounds = solve(
        solve_with_annealing, glass, Effort(), Control(time_limit_s=0.3, clock=FakeClock())
    )
    assert rounds.info["stop_reason"] == "time_limit"
    assert np.all(costs(glass, rounds.spins) >= 0)


@pytest.mark.parametrize(
    ("options", "error", "words"),
    [
        ({"best_of": 0}, ValueError, "best_of must be >= 1"),
        ({"best_of": 2, "time_limit": 1}, ValueError, "best_of must be 1 in rounds"),
        ({"num_reads": 0}, ValueError, "num_reads must be >= 1"),
        ({"num_sweeps": -1}, ValueError, "num_sweeps must be >= 0"),
        ({"beta_schedule_type": "steep"}, ValueError, "beta_schedule_type must be one of"),
        ({"interrupt_function": 3}, TypeError, "interrupt_function must be callable"),
        ({"time_limit": -1}, ValueError, "time_limit must be > 0"),
        ({"target": np.nan}, ValueError, "target must be an energy"),
        ({"kernel": "gpu"}, ValueError, "kernel must be"),
        ({"seed": 2**64}, ValueError, "seed must be <="),
    ],
)
def test_what_is_refused(bqm, options, error, words):
    with pytest.raises(error, match=words):
        AnnealingSampler().sample(bqm, **options)


def test_a_polynomial_has_to_be_one(bqm):
    with pytest.raises(TypeError, match=r"must be a dimod\.BinaryPolynomial"):
        AnnealingSampler().sample_poly(bqm)
