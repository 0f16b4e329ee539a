"""What callers give for a schedule, a beta or a range of them."""

import numpy as np
import pytest

import pbit
from pbit.engines.words import rule_named
from pbit.schedules.schedule import hot_and_cold, schedule_from
from random_models import random_model

MODEL = random_model(6, seed=3)
DIRECTED = pbit.DirectedModel.from_edges([0], [1], [1.0])


@pytest.mark.parametrize("betas", [[0.1, 1.0], (0.1, 1.0), np.array([0.1, 1.0])])
def test_lists_of_betas_are_schedules(betas):
    assert schedule_from(betas).betas.tolist() == [0.1, 1.0]
    same = pbit.anneal(MODEL, pbit.Schedule([0.1, 1.0]), num_reads=5, seed=1)
    assert np.array_equal(pbit.anneal(MODEL, betas, num_reads=5, seed=1).spins, same.spins)


@pytest.mark.parametrize("value", [1000, 1.0, "linear", True, [True], ["a"], {0.1}])
def test_others_are_refused_with_a_remedy(value):
    message = r"schedule must be a Schedule or a list of betas, got .*; Schedule"
    for call in (pbit.anneal, pbit.trajectory):
        with pytest.raises(TypeError, match=message):
            call(MODEL, value)


def test_sweeps_and_beta_instead_of_a_schedule():
    for options, schedule in (
        ({"num_sweeps": 7}, pbit.default_schedule(MODEL, num_sweeps=7)),
        ({"num_sweeps": 7, "beta": 0.5}, pbit.Schedule([0.5] * 7)),
        ({"beta": 0.5}, pbit.Schedule([0.5] * 1000)),
    ):
        expected = pbit.anneal(MODEL, schedule, num_reads=4, seed=1)
        program = pbit.Program.compile(MODEL, num_reads=4)
        for reads in (
            pbit.anneal(MODEL, num_reads=4, seed=1, **options),
            program.run(num_reads=4, seed=1, **options),
        ):
            assert np.array_equal(reads.spins, expected.spins)
            assert reads.info["num_sweeps"] == expected.info["num_sweeps"]
    assert pbit.anneal(DIRECTED, beta=1.0, num_sweeps=3, seed=1).info["num_sweeps"] == 3


@pytest.mark.parametrize(
    ("options", "error", "message"),
    [
        ({"schedule": [1.0], "beta": 1.0}, ValueError, "beta must be left out with a schedule"),
        ({"schedule": [1.0], "num_sweeps": 1}, ValueError, "num_sweeps must be left out with a"),
        ({"beta": -1.0}, ValueError, "beta must be a number >= 0, got -1.0"),
        ({"beta": float("nan")}, ValueError, "beta must be a number >= 0, got nan"),
        ({"beta": "cold"}, ValueError, "beta must be a number >= 0, got 'cold'"),
        ({"num_sweeps": 1.5}, TypeError, "num_sweeps must be an integer, got 1.5"),
        ({"num_sweeps": -1}, ValueError, "num_sweeps must be >= 0, got -1"),
    ],
)
def test_what_goes_together(options, error, message):
    with pytest.raises(error, match=message):
        pbit.anneal(MODEL, **options)


def test_swapped_ends_are_put_right_with_a_warning(recwarn):
    assert hot_and_cold((0.1, 2)) == (0.1, 2.0) and not recwarn.list
    with pytest.warns(UserWarning, match=r"beta_range \(2, 0.1\) has its cold end first"):
        assert hot_and_cold((2, 0.1)) == (0.1, 2.0)
    for bad in ((1,), (1, 2, 3), 3, ("a", "b"), None):
        with pytest.raises(ValueError, match="beta_range must be two numbers"):
            hot_and_cold(bad)


@pytest.mark.parametrize(
    "call",
    [
        lambda ends: pbit.default_schedule(MODEL, beta_range=ends).ends,
        lambda ends: pbit.PBitSampler().sample(MODEL, beta_range=ends, seed=1).info["beta_range"],
        lambda ends: (
            pbit.AnnealingSampler().sample(MODEL, beta_range=ends, seed=1).info["beta_range"]
        ),
        lambda ends: pbit.temper(MODEL, pbit.LadderSearch(ends), num_sweeps=50, seed=1).info[
            "beta_range"
        ],
        lambda ends: pbit.solve(MODEL, beta_range=ends, seed=1, solver="pbit").reads.info[
            "beta_range"
        ],
    ],
)
def test_every_range_is_put_right(call):
    right = call((0.2, 3.0))
    with pytest.warns(UserWarning, match="cold end first"):
        assert call((3.0, 0.2)) == right


@pytest.mark.parametrize("word", ["Gibbs", "gibbs", "HEAT-BATH", "heat_bath", "heatbath"])
def test_rules_by_all_their_names(word):
    assert rule_named(word) == "heat-bath" and rule_named("Metropolis") == "metropolis"
    expected = pbit.anneal(MODEL, num_reads=3, seed=1)
    assert np.array_equal(pbit.anneal(MODEL, num_reads=3, seed=1, rule=word).spins, expected.spins)
    assert pbit.Program.compile(MODEL, rule=word).ask.rule == "heat-bath"
    assert pbit.population_anneal(MODEL, beta=0.5, rule=word, seed=1).info["rule"] == "heat-bath"


@pytest.mark.parametrize("call", [pbit.anneal, pbit.Program.compile, pbit.population_anneal])
def test_no_such_rule(call):
    with pytest.raises(ValueError, match="rule must be one of heat-bath, metropolis, got 'foo'"):
        call(MODEL, rule="foo")
