"""PBitSampler as a dimod sampler: dimod's own suite, D-Wave's keywords, what is new."""

import unittest
import warnings

import dimod
import dimod.testing
import numpy as np
import pytest

from pbit import PBitSampler


@dimod.testing.load_sampler_bqm_tests(PBitSampler)
class TestDimodSuite(unittest.TestCase):
    def test_api(self):
        dimod.testing.assert_sampler_api(PBitSampler())


@pytest.fixture
def bqm():
    return dimod.generators.gnm_random_bqm(20, 60, "SPIN", random_state=1)


@pytest.mark.parametrize("vartype", ["SPIN", "BINARY"])
def test_energies_labels_and_vartype(bqm, vartype):
    bqm = bqm.relabel_variables({v: ("v", v) for v in bqm.variables}, inplace=False)
    bqm = bqm.change_vartype(vartype, inplace=False)
    sampleset = PBitSampler().sample(bqm, num_reads=20, seed=1)
    dimod.testing.assert_response_energies(sampleset, bqm)
    assert sampleset.vartype is bqm.vartype
    assert len(sampleset) == 20
    assert set(sampleset.record.num_occurrences) == {1}


def test_info(bqm):
    info = PBitSampler().sample(bqm, seed=5).info
    assert info["seed"] == 5
    assert info["stop_reason"] == "completed"
    assert info["beta_schedule_type"] == "geometric"
    assert 0 < info["beta_range"][0] < info["beta_range"][1]
    assert {"preprocessing_ns", "sampling_ns", "postprocessing_ns"} <= set(info["timing"])
    assert all(ns > 0 for ns in info["timing"].values())


def test_default_rule_is_the_heat_bath(bqm):
    by_default = PBitSampler().sample(bqm, num_reads=5, seed=1)
    gibbs = PBitSampler().sample(bqm, num_reads=5, seed=1, proposal_acceptance_criteria="gibbs")
    metropolis = PBitSampler().sample(
        bqm, num_reads=5, seed=1, beta_range=(0.1, 0.2), proposal_acceptance_criteria="METROPOLIS"
    )
    assert np.array_equal(by_default.record.sample, gibbs.record.sample)
    assert not np.array_equal(by_default.record.sample, metropolis.record.sample)


def test_column_order_follows_the_initial_states():
    bqm = dimod.BQM.from_ising({}, {"ab": 1, "bc": 1})
    states = dimod.SampleSet.from_samples_bqm([{"c": 1, "a": -1, "b": -1}], bqm)
    result = PBitSampler().sample(bqm, num_sweeps=0, initial_states=states)
    assert dict(result.first.sample) == {"a": -1, "b": -1, "c": 1}
    binary = PBitSampler().sample(
        bqm.change_vartype("BINARY", inplace=False), num_sweeps=0, initial_states=states
    )
    assert dict(binary.first.sample) == {"a": 0, "b": 0, "c": 1}


def test_target_and_time_limit(bqm, after_blocks, everywhere):
    lowest = PBitSampler().sample(bqm, num_reads=200, seed=1).first.energy
    hit = PBitSampler().sample(bqm, num_reads=200, seed=2, target=lowest)
    assert hit.info["stop_reason"] == "target"
    assert hit.first.energy == pytest.approx(lowest)
    everywhere(after_blocks(10))
    timed = PBitSampler().sample(bqm, seed=2, time_limit=0.2, max_num_samples=10)
    assert timed.info["stop_reason"] == "time_limit"
    assert len(timed) == 10


def test_best_seen_is_never_worse(bqm):
    options = {"num_reads": 30, "seed": 3, "beta_range": (0.2, 0.3), "num_sweeps": 200}
    last = PBitSampler().sample(bqm, **options)
    best = PBitSampler().sample(bqm, best_seen=True, **options)
    assert np.all(best.record.energy <= last.record.energy)
    assert np.any(best.record.energy < last.record.energy)


def test_composites_take_it_as_child(bqm):
    for composite in (
        dimod.TruncateComposite(PBitSampler(), 3),
        dimod.TrackingComposite(PBitSampler()),
        dimod.StructureComposite(PBitSampler(), list(bqm.variables), list(bqm.quadratic)),
    ):
        sampleset = composite.sample(bqm, num_reads=5)
        dimod.testing.assert_response_energies(sampleset, bqm)


def test_unknown_keywords_warn(bqm):
    with pytest.warns(dimod.exceptions.SamplerUnknownArgWarning):
        PBitSampler().sample(bqm, chain_strength=3)


@pytest.mark.parametrize(
    ("options", "error", "message"),
    [
        ({"num_reads": 0}, ValueError, "num_reads must be >= 1"),
        ({"num_reads": 2.5}, TypeError, "num_reads must be an integer"),
        ({"num_sweeps": -1}, ValueError, "num_sweeps must be >= 0"),
        ({"num_sweeps": 1.0}, TypeError, "num_sweeps must be an integer"),
        ({"num_sweeps": 10, "num_sweeps_per_beta": 3}, ValueError, "must be divisible"),
        ({"num_sweeps_per_beta": 0}, ValueError, "num_sweeps_per_beta must be >= 1"),
        ({"seed": 2**64}, ValueError, "seed must be <="),
        ({"beta_schedule_type": "cosine"}, ValueError, "beta_schedule_type must be one of"),
        ({"beta_schedule_type": "custom"}, ValueError, "beta_schedule must be given"),
        ({"beta_schedule": [1]}, ValueError, "must go with beta_schedule_type='custom'"),
        (
            {"beta_schedule_type": "custom", "beta_schedule": ["x"]},
            ValueError,
            "beta_schedule must be numbers",
        ),
        (
            {"beta_schedule_type": "custom", "beta_schedule": [1, 2], "num_sweeps": 3},
            ValueError,
            "num_sweeps must be len",
        ),
        (
            {"beta_schedule_type": "custom", "beta_schedule": [1, 2], "beta_range": (1, 3)},
            ValueError,
            "beta_range must be the ends",
        ),
        ({"beta_range": (1,)}, ValueError, "beta_range must be two numbers"),
        ({"beta_range": (0, 1)}, ValueError, "needs 0 < beta"),
        (
            {"proposal_acceptance_criteria": "Glauber"},
            ValueError,
            "must be one of heat-bath",
        ),
        ({"interrupt_function": 3}, TypeError, "interrupt_function must be callable"),
        ({"time_limit": -1}, ValueError, "time_limit must be > 0"),
    ],
)
def test_bad_keywords(bqm, options, error, message):
    with warnings.catch_warnings(), pytest.raises(error, match=message):
        PBitSampler().sample(bqm, **options)


def test_the_reported_seed_repeats_a_run_with_some_initial_states(bqm):
    states = dimod.SampleSet.from_samples_bqm(dict.fromkeys(bqm.variables, 1), bqm)
    options = {"initial_states": states, "num_reads": 10, "num_sweeps": 1}
    first = PBitSampler().sample(bqm, **options)
    again = PBitSampler().sample(bqm, seed=first.info["seed"], **options)
    assert np.array_equal(first.record.sample, again.record.sample)


def test_orders():
    bqm = dimod.BQM.from_ising({}, {(i, i + 1): -1.0 for i in range(6)})
    for order in ("sequential", "chromatic", "random", "permutation", "synchronous"):
        info = PBitSampler().sample(bqm, num_sweeps=5, seed=1, order=order).info
        assert info["order"] == order
        assert (info["law"] == "Boltzmann") == (order != "synchronous")
    info = (
        PBitSampler()
        .sample(bqm, num_sweeps=5, seed=1, order="random-subset", update_fraction=0.2)
        .info
    )
    assert info["law"].startswith("not Boltzmann")
    assert PBitSampler().sample(bqm, num_sweeps=5, randomize_order=True).info["order"] == "random"
    with pytest.raises(ValueError, match="randomize_order must be False with order 'permutation'"):
        PBitSampler().sample(bqm, randomize_order=True, order="permutation")
