"""ReplicaSampler as a dimod sampler: dimod's own suite, its keywords, and the function below."""

import unittest

import dimod
import dimod.testing
import numpy as np
import pytest

import pbit
from pbit import IsingModel, ReplicaSampler, Schedule, quantum_anneal
from pbit.samplers.imaginary_time.quantum_anneal import default_quantum_schedule
from pbit.solvers.effort import Effort
from pbit.solvers.replica import solve_with_replicas


@dimod.testing.load_sampler_bqm_tests(ReplicaSampler)
class TestDimodSuite(unittest.TestCase):
    def test_api(self):
        dimod.testing.assert_sampler_api(ReplicaSampler())


@pytest.fixture
def bqm():
    """Whole-number weights, which slices take."""
    rng = np.random.default_rng(1)
    edges = {(i, j): float(rng.choice([-1, 1])) for i in range(12) for j in range(i)}
    return dimod.BQM.from_ising({i: float(i % 3 - 1) for i in range(12)}, edges, 2.5)


HOW = {"slices": {"num_replicas": 16}, "worldlines": {"num_replicas": None}}


@pytest.mark.parametrize("vartype", ["SPIN", "BINARY"])
@pytest.mark.parametrize("method", HOW)
def test_energies_labels_and_vartype(bqm, vartype, method):
    lowest = dimod.ExactSolver().sample(bqm).first.energy
    bqm = bqm.relabel_variables({v: ("v", v) for v in bqm.variables}, inplace=False)
    bqm = bqm.change_vartype(vartype, inplace=False)
    options = {"num_reads": 8, "num_sweeps": 200, "seed": 1, **HOW[method]}
    sampleset = ReplicaSampler().sample(bqm, **options)
    dimod.testing.assert_response_energies(sampleset, bqm)
    assert sampleset.vartype is bqm.vartype and len(sampleset) == 8
    assert sampleset.first.energy == pytest.approx(lowest)


@pytest.mark.parametrize("method", HOW)
def test_it_is_quantum_anneal(bqm, method):
    options = {"num_reads": 3, "num_sweeps": 40, "seed": 7, "method": method}
    sampleset = ReplicaSampler().sample(bqm, **options, **HOW[method])
    reads = quantum_anneal(
        IsingModel.from_bqm(bqm), replicas=HOW[method]["num_replicas"], **options
    )
    assert np.array_equal(sampleset.record.sample, reads.spins)
    assert np.array_equal(sampleset.record.energy, reads.energies)
    assert sampleset.info["replicas"] == reads.info["replicas"]
    assert all(ns > 0 for ns in sampleset.info["timing"].values())


def test_fields_of_another_sampler_are_a_schedule(bqm):
    """exp(-Hp E) and kinks at the rate Gamma Hd, both over an imaginary time of 1."""
    hp, hd = np.array([0.5, 1.0, 2.0]), np.array([3.0, 1.0, 0.5])
    options = {"num_reads": 3, "seed": 7, "method": "worldlines", "num_replicas": None}
    found = ReplicaSampler().sample(
        bqm, Hp_field=hp, Hd_field=hd, Gamma=2.0, num_sweeps_per_beta=5, **options
    )
    schedule = Schedule(hp, 5).with_columns(gamma=2.0 * hd / hp)
    same = ReplicaSampler().sample(bqm, schedule=schedule, **options)
    assert np.array_equal(found.record.sample, same.record.sample)
    assert found.info["num_sweeps"] == 15
    begun = ReplicaSampler().sample(bqm, Hp_field=[0.0, 1.0], Hd_field=[3.0, 0.1], **options)
    assert len(begun) == 3


def test_updates_of_all_replicas_are_counted(bqm):
    found = ReplicaSampler().sample(bqm, num_reads=3, num_sweeps=10, num_replicas=8, seed=1)
    assert found.info["updates"] == 3 * 10 * 8 * 12


def test_weights_that_are_no_whole_numbers_go_to_worldlines():
    bqm = dimod.BQM.from_ising({}, {(0, 1): np.pi, (1, 2): 1.0})
    sampleset = ReplicaSampler().sample(bqm, num_reads=2, num_sweeps=50, seed=1)
    assert sampleset.info["kernel"] == "worldlines"
    with pytest.raises(ValueError, match="small whole multiples"):
        ReplicaSampler().sample(bqm, method="slices", seed=1)


def test_polynomials():
    poly = dimod.BinaryPolynomial({"abc": -1.0, "a": -0.5}, "SPIN")
    sampleset = ReplicaSampler().sample_poly(poly, num_reads=4, num_sweeps=100, seed=1)
    assert sampleset.first.energy == -1.5


def test_the_default_schedule_scales_with_the_weights(bqm):
    model = IsingModel.from_bqm(bqm)
    scaled = IsingModel(3 * model.h, 3 * model.J)
    one, three = default_quantum_schedule(model), default_quantum_schedule(scaled)
    assert three.betas == pytest.approx(one.betas / 3)
    assert three["gamma"] == pytest.approx(3 * one["gamma"])


WRONG = [
    ({"method": "quantum"}, "method must be one of auto, slices, worldlines, got 'quantum'"),
    ({"method": "slices", "num_replicas": None}, "replicas must be a whole number with slices"),
    ({"Hp_field": [1.0]}, "Hd_field must be given as well"),
    ({"Hd_field": [1.0]}, "Hp_field must be given as well"),
    ({"Hp_field": [1.0], "Hd_field": [1.0, 2.0]}, "Hd_field must have one number for each"),
    ({"Hp_field": [-1.0], "Hd_field": [1.0]}, "Hp_field must be finite and >= 0"),
    ({"Hp_field": "x", "Hd_field": [1.0]}, "Hp_field must be numbers"),
    ({"Hp_field": [1.0], "Hd_field": [1.0], "beta": 1.0}, "beta must be left out with Hp_field"),
    ({"Hp_field": [1.0], "Hd_field": [1.0], "num_sweeps": 3}, "num_sweeps must be len"),
    ({"Hp_field": [1.0], "Hd_field": [1.0], "schedule": Schedule([1.0])}, "schedule must be left"),
    ({"schedule": Schedule([1.0])}, "schedule must have a column 'gamma'"),
    ({"schedule": Schedule([1.0]), "beta": 2.0}, "beta must be left out with a schedule"),
    ({"num_sweeps": 5, "num_sweeps_per_beta": 2}, "num_sweeps must be divisible"),
    ({"gamma_range": 3.0}, "gamma_range must be two numbers"),
    ({"num_replicas": None, "best_seen": True}, "best_seen must be False with worldlines"),
]


@pytest.mark.parametrize(("wrong", "message"), WRONG)
def test_refused(bqm, wrong, message):
    with pytest.raises(ValueError, match=message):
        ReplicaSampler().sample(bqm, seed=1, **wrong)


def test_a_schedule_says_what_a_function_is_not_to_say():
    pair = IsingModel.from_edges([0], [1], [1.0])
    schedule = Schedule([1.0]).with_columns(gamma=[1.0])
    with pytest.raises(ValueError, match="num_sweeps must be left out with a schedule"):
        quantum_anneal(pair, schedule, num_sweeps=3)


def test_the_solver():
    chain = IsingModel.from_edges([0, 1, 2], [1, 2, 3], [1.0, -1.0, 1.0])
    found = pbit.solve(chain, solver="replica", num_reads=4, num_sweeps=100, seed=1)
    assert found.objective == -3.0
    asked = ({"order": "random"}, {"rule": "metropolis"}, {"kernel": "lanes"})
    for wrong in asked:
        with pytest.raises(ValueError, match="must be left out with solver 'replica'"):
            solve_with_replicas(chain, Effort(num_sweeps=10, **wrong), pbit.Control())
