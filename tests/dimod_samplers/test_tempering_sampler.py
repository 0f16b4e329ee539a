"""TemperingSampler as a dimod sampler, and tempering as a solver by name."""

import unittest

import dimod
import dimod.testing
import numpy as np
import pytest

from pbit import Control, IsingModel, Ladder, TemperingSampler, temper
from pbit.exact import exact_boltzmann, exact_ground_states, state_number
from pbit.hardware.parameters import Hardware
from pbit.solvers.effort import Effort
from pbit.solvers.registry import KNOWN, descriptions, solver_names
from pbit.solvers.solve import solve, solver
from pbit.statistics import chi_square_p_value
from random_models import random_model, random_polynomial


@dimod.testing.load_sampler_bqm_tests(TemperingSampler)
class TestDimodSuite(unittest.TestCase):
    def test_api(self):
        dimod.testing.assert_sampler_api(TemperingSampler())


@pytest.fixture
def bqm():
    return dimod.generators.gnm_random_bqm(12, 30, "SPIN", random_state=1)


@pytest.mark.parametrize("vartype", ["SPIN", "BINARY"])
def test_energies_labels_and_vartype(bqm, vartype):
    bqm = bqm.relabel_variables({v: ("v", v) for v in bqm.variables}, inplace=False)
    bqm = bqm.change_vartype(vartype, inplace=False)
    sampleset = TemperingSampler().sample(bqm, num_reads=3, num_sweeps=100, seed=1)
    dimod.testing.assert_response_energies(sampleset, bqm)
    assert sampleset.vartype is bqm.vartype and len(sampleset) == 3
    assert sampleset.first.energy == pytest.approx(dimod.ExactSolver().sample(bqm).first.energy)


@pytest.mark.parametrize(("criteria", "rule"), [("Gibbs", "heat-bath"), ("Metropolis",) * 2])
def test_it_is_temper(bqm, criteria, rule):
    options = {"num_reads": 2, "num_sweeps": 60, "seed": 3}
    sampleset = TemperingSampler().sample(bqm, proposal_acceptance_criteria=criteria, **options)
    result = temper(IsingModel.from_bqm(bqm), rule=rule, **options)
    assert np.array_equal(sampleset.record.sample, result.spins)
    assert sampleset.info["betas"] == result.info["betas"]
    assert all(ns > 0 for ns in sampleset.info["timing"].values())


def test_ladders_by_keyword(bqm):
    sampler = TemperingSampler()
    custom = sampler.sample(
        bqm, beta_schedule_type="custom", beta_schedule=[0.1, 0.5, 1], num_sweeps=5, seed=1
    )
    assert custom.info["betas"] == [0.1, 0.5, 1.0]
    even = sampler.sample(
        bqm, beta_schedule_type="geometric", beta_range=(0.1, 10), num_betas=3, num_sweeps=5, seed=1
    )
    assert even.info["betas"] == pytest.approx([0.1, 1.0, 10.0])
    own = sampler.sample(bqm, beta_schedule_type="geometric", num_sweeps=5, seed=1)
    assert len(own.info["betas"]) == 24
    found = sampler.sample(bqm, beta_range=(0.2, 2.0), num_sweeps=200, seed=1)
    assert (found.info["betas"][0], found.info["betas"][-1]) == pytest.approx((0.2, 2.0))


def test_samples_at_the_coldest_beta():
    """best_seen=False: one replica's last state a run, by the exact law (alpha 1e-6)."""
    model = random_model(5, seed=2)
    sampleset = TemperingSampler().sample(
        model.to_bqm(),
        beta_schedule_type="custom",
        beta_schedule=[0.3, 0.6],
        num_reads=3000,
        num_sweeps=40,
        num_replicas=2,
        best_seen=False,
        seed=5,
    )
    order = np.argsort(np.array(list(sampleset.variables)))
    states = state_number(np.asarray(sampleset.record.sample)[:, order])
    assert chi_square_p_value(states, exact_boltzmann(model, 0.6)) > 1e-6
    assert chi_square_p_value(states, exact_boltzmann(model, 0.75)) < 1e-6  # the control
    assert "0.6" in sampleset.info["law"]


def test_polynomials_and_initial_states():
    polynomial = dimod.BinaryPolynomial({"abc": -1.0, "a": -0.5}, "SPIN")
    sampler = TemperingSampler()
    assert sampler.sample_poly(polynomial, num_sweeps=30, seed=1).first.energy == -1.5
    start = {"a": 1, "b": 1, "c": -1}
    stay = sampler.sample_poly(
        polynomial, num_sweeps=0, initial_states=start, best_seen=False, seed=1
    )
    assert stay.record.sample.tolist() == [[start[v] for v in stay.variables]]


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"beta_schedule_type": "wavy"}, "beta_schedule_type must be one of"),
        ({"beta_schedule_type": "custom"}, "beta_schedule must be given"),
        ({"beta_schedule": [1.0]}, "beta_schedule must be given"),
        ({"num_betas": 4}, "num_betas must go with"),
        ({"num_betas": 0, "beta_schedule_type": "geometric"}, "num_betas must be"),
        (
            {"beta_schedule_type": "custom", "beta_schedule": [1.0], "beta_range": (1, 2)},
            "beta_range must be left out",
        ),
        (
            {"beta_schedule_type": "geometric", "feedback_rounds": 1},
            "feedback_rounds must go with beta_schedule_type='adaptive'",
        ),
        ({"beta_range": (1.0, 1.0)}, "beta_range must be two numbers"),
        ({"num_reads": 0}, "num_reads must be"),
    ],
)
def test_bad_keywords(bqm, options, message):
    with pytest.raises(ValueError, match=message):
        TemperingSampler().sample(bqm, **options)


def test_bad_types(bqm):
    with pytest.raises(TypeError, match="polynomial must be"):
        TemperingSampler().sample_poly(bqm)
    with pytest.raises(TypeError, match="interrupt_function must be"):
        TemperingSampler().sample(bqm, interrupt_function=3)


MISSES = {"ballistic": 0.02}  # without chance after its start all reads end in few states


@pytest.mark.parametrize("name", solver_names())
def test_every_solver_by_name(name, stepped):
    model = random_model(10, seed=4)
    lowest, _ = exact_ground_states(model)
    reads = solve(name, model, Effort(num_sweeps=300, seed=1), Control())
    found = pytest.approx(lowest, rel=MISSES.get(name, 1e-6))
    assert reads.energies.min() == found
    assert reads.info["stop_reason"] == "completed"
    timed = solve(name, model, Effort(seed=1), Control(time_limit_s=0.03, target=lowest - 1))
    assert timed.info["stop_reason"] == "time_limit"
    assert timed.energies.min() == found
    assert name in descriptions()


def test_auto_says_what_it_chose():
    small = random_model(10, seed=4)
    reads = solve("auto", small, Effort(num_sweeps=50, seed=1), Control())
    assert reads.info["chosen"] in KNOWN.all() and "10 spins" in reads.info["chosen_because"]
    reads = solve("auto", small, Effort(num_sweeps=50, seed=1, order="random"), Control())
    assert reads.info["chosen"] == "anneal" and "order" in reads.info["chosen_because"]


def test_the_solver_has_both_rules():
    model = random_model(6, seed=1)
    for rule in ("heat-bath", "metropolis"):
        reads = solve("tempering", model, Effort(num_sweeps=9, seed=1, rule=rule), Control())
        assert reads.info["rule"] == rule


def test_what_tempering_does_not_have():
    model = random_model(6, seed=1)
    for effort, message in (
        (Effort(order="random", num_sweeps=9), "order must be left out"),
        (Effort(kernel="colors", num_sweeps=9), "kernel must be left out"),
        (Effort(hardware=Hardware(), num_sweeps=9), "hardware must be left out"),
    ):
        with pytest.raises(ValueError, match=message):
            solve("tempering", model, effort, Control())
    with pytest.raises(ValueError, match="solver must be one of"):
        solver("magic")


def test_traces_of_the_solver(stepped):
    model = random_polynomial(8, seed=3, degree=3)
    reads = solve("tempering", model, Effort(num_sweeps=40, seed=1, traced=True), Control())
    assert reads.info["trace"].shape == (40,)
    assert reads.info["trace"].min() == pytest.approx(reads.energies.min())
    endless = solve("tempering", model, Effort(seed=1, traced=True), Control(time_limit_s=0.03))
    assert endless.info["trace"].min() == pytest.approx(endless.energies.min())


def test_rounds_of_given_sweeps_differ(stepped):
    """Under a time limit with sweeps given, each round has a seed of its own."""
    model = random_model(30, seed=6)
    limited = solve("tempering", model, Effort(num_sweeps=1, seed=1), Control(time_limit_s=0.3))
    assert limited.info["rounds"] > 1
    assert len({row.tobytes() for row in limited.spins}) > 1


def test_ladder_is_exported():
    assert Ladder([1.0]).num_betas == 1
