"""PopulationSampler as a dimod sampler: dimod's own suite, its keywords, weights and ln Z."""

import unittest

import dimod
import dimod.testing
import numpy as np
import pytest

from pbit import IsingModel, PopulationSampler, Schedule, population_anneal


@dimod.testing.load_sampler_bqm_tests(PopulationSampler)
class TestDimodSuite(unittest.TestCase):
    def test_api(self):
        dimod.testing.assert_sampler_api(PopulationSampler())


@pytest.fixture
def bqm():
    return dimod.generators.gnm_random_bqm(12, 30, "SPIN", random_state=1)


@pytest.mark.parametrize("vartype", ["SPIN", "BINARY"])
def test_energies_labels_and_vartype(bqm, vartype):
    bqm = bqm.relabel_variables({v: ("v", v) for v in bqm.variables}, inplace=False)
    bqm = bqm.change_vartype(vartype, inplace=False)
    sampleset = PopulationSampler().sample(bqm, num_reads=50, num_populations=2, seed=1)
    dimod.testing.assert_response_energies(sampleset, bqm)
    assert sampleset.vartype is bqm.vartype
    assert len(sampleset) == 100
    assert sampleset.record.weight.sum() == pytest.approx(1)
    lowest = dimod.ExactSolver().sample(bqm).first.energy
    assert sampleset.first.energy == pytest.approx(lowest)


def test_it_is_population_anneal(bqm):
    sampleset = PopulationSampler().sample(
        bqm, num_reads=64, seed=3, beta_range=(0, 1.5), num_sweeps_per_beta=3
    )
    members = population_anneal(
        IsingModel.from_bqm(bqm), population_size=64, seed=3, beta=1.5, sweeps_per_beta=3
    )
    assert np.array_equal(sampleset.record.sample, members.spins)
    assert np.array_equal(sampleset.record.weight, members.weights)
    assert sampleset.info["log_z"] == members.log_z
    assert sampleset.info["log_z_error"] == members.log_z_error
    assert sampleset.info["betas"] == members.steps.betas.tolist()
    assert sampleset.info["log_z_by_beta"][-1] == members.log_z
    assert sampleset.info["energy_by_beta"][-1] == pytest.approx(members.energies.mean())
    assert all(ns > 0 for ns in sampleset.info["timing"].values())


def test_weighted_averages_and_ln_z_of_bits():
    """E in bits and in spins is the same, offset included: so is ln Z."""
    bqm = dimod.BQM({0: 0.5, 1: -1.0}, {(0, 1): 2.0}, 3.0, "BINARY")
    sampleset = PopulationSampler().sample(
        bqm, beta_range=(0, 0.8), num_populations=16, num_reads=512, seed=1
    )
    weights = np.exp(-0.8 * dimod.ExactSolver().sample(bqm).record.energy)
    info = sampleset.info
    assert abs(info["log_z"] - np.log(weights.sum())) < 5.5 * info["log_z_error"] < 0.1
    mean = sampleset.record.weight @ sampleset.record.sample[:, 1]
    exact = (np.exp(-0.8 * 2) + np.exp(-0.8 * 4.5)) / weights.sum()
    assert mean == pytest.approx(exact, abs=0.03)


@pytest.mark.parametrize(
    ("options", "schedule"),
    [
        (
            {"beta_schedule_type": "linear", "beta_range": (0.1, 1), "num_sweeps": 50},
            Schedule.linear(0.1, 1, num_betas=5, sweeps_per_beta=10),
        ),
        (
            {"beta_schedule_type": "custom", "beta_schedule": [0.5, 0.9]},
            Schedule([0.5, 0.9], 10),
        ),
    ],
)
def test_schedules(bqm, options, schedule):
    sampleset = PopulationSampler().sample(bqm, num_reads=64, seed=3, **options)
    members = population_anneal(IsingModel.from_bqm(bqm), schedule, population_size=64, seed=3)
    assert np.array_equal(sampleset.record.sample, members.spins)
    assert sampleset.info["beta_schedule_type"] == options["beta_schedule_type"]


def test_best_seen(bqm):
    options = {"num_reads": 20, "num_populations": 3, "beta_range": (0, 0.3), "seed": 1}
    best = PopulationSampler().sample(bqm, best_seen=True, **options)
    last = PopulationSampler().sample(bqm, **options)
    assert len(best) == 3
    assert np.all(best.record.energy <= last.record.energy.reshape(3, 20).min(axis=1))
    dimod.testing.assert_response_energies(best, bqm)


def test_polynomial():
    parity = dimod.BinaryPolynomial({"abc": -1.0, "a": -0.5}, "SPIN")
    sampleset = PopulationSampler().sample_poly(parity, seed=1)
    assert sampleset.first.energy == -1.5
    bits = dimod.BinaryPolynomial({"abc": -1.0, "a": 0.5}, "BINARY")
    assert PopulationSampler().sample_poly(bits, seed=1).first.energy == -0.5


def test_target_and_time_limit(bqm, hasty):
    hit = PopulationSampler().sample(bqm, seed=1, target=0.0)
    assert hit.info["stop_reason"] == "target"
    options = {"beta_schedule_type": "linear", "num_sweeps": 10**7, "beta_range": (0, 1)}
    timed = PopulationSampler().sample(bqm, seed=1, time_limit=0.1, **options)
    assert timed.info["stop_reason"] == "time_limit"
    stopped = PopulationSampler().sample(bqm, seed=1, interrupt_function=lambda: True, **options)
    assert stopped.info["stop_reason"] == "interrupted"


@pytest.mark.parametrize(
    ("options", "error", "words"),
    [
        ({"beta_schedule_type": "steep"}, ValueError, "must be one of adaptive, linear"),
        ({"beta_schedule": [1.0]}, ValueError, "must go with beta_schedule_type='custom'"),
        ({"num_sweeps": 10}, ValueError, "num_sweeps must be left out"),
        ({"num_sweeps": 15, "beta_schedule_type": "linear"}, ValueError, "divisible"),
        ({"beta_range": (0.1,)}, ValueError, "beta_range must be two numbers"),
        ({"num_reads": 0}, ValueError, "num_reads must be >= 1"),
        ({"num_sweeps_per_beta": 0}, ValueError, "num_sweeps_per_beta must be >= 1"),
        ({"interrupt_function": 3}, TypeError, "interrupt_function must be callable"),
        ({"order": "synchronous"}, ValueError, "order must keep the Boltzmann law"),
        ({"order": "sequential", "randomize_order": True}, ValueError, "randomize_order"),
        ({"proposal_acceptance_criteria": "x"}, ValueError, "proposal_acceptance_criteria"),
        ({"time_limit": 0}, ValueError, "time_limit must be > 0"),
    ],
)
def test_what_is_refused(bqm, options, error, words):
    with pytest.raises(error, match=words):
        PopulationSampler().sample(bqm, **options)


def test_a_polynomial_has_to_be_one(bqm):
    with pytest.raises(TypeError, match=r"must be a dimod\.BinaryPolynomial"):
        PopulationSampler().sample_poly(bqm)
