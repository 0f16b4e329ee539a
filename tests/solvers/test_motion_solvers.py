"""Oscillators and simulated bifurcation as solvers of `pbit solve`: what they take and refuse."""

import numpy as np
import pytest

import pbit
from pbit import Control, Hardware
from pbit.solvers.bifurcation import solve_with_bifurcation
from pbit.solvers.effort import Effort
from pbit.solvers.oscillator import solve_with_oscillators
from random_models import random_model, random_polynomial

SOLVERS = {
    "bifurcation": (solve_with_bifurcation, pbit.bifurcate),
    "oscillator": (solve_with_oscillators, pbit.oscillate),
}
every = pytest.mark.parametrize("name", SOLVERS)


@every
def test_it_is_the_sampler(name):
    model = random_model(20, seed=1)
    solver, sampler = SOLVERS[name]
    effort = Effort(num_reads=5, num_sweeps=30, seed=3, first_read=2)
    same = sampler(model, num_reads=5, num_sweeps=30, seed=3, first_read=2)
    assert np.array_equal(solver(model, effort, Control()).spins, same.spins)


@every
@pytest.mark.parametrize(
    "wrong",
    [
        {"rule": "metropolis"},
        {"order": "random"},
        {"kernel": "lanes"},
        {"schedule_type": "linear"},
        {"update_fraction": 0.5},
        {"beta_range": (0.1, 1.0)},
        {"hardware": Hardware()},
    ],
    ids=lambda wrong: next(iter(wrong)),
)
def test_what_it_does_not_have(name, wrong):
    with pytest.raises(ValueError, match=f"must be left out with solver '{name}'; use 'pbit'"):
        SOLVERS[name][0](random_model(4, seed=1), Effort(**wrong), Control())


@every
def test_terms_of_many_spins(name):
    with pytest.raises(ValueError, match=f"'{name}' takes terms of at most 2 spins, got one of"):
        SOLVERS[name][0](random_polynomial(5, seed=1), Effort(num_reads=1), Control())


@every
def test_from_the_front_door(name):
    chain = pbit.IsingModel.from_edges([0, 1, 2], [1, 2, 3], [1.0, -1.0, 1.0])
    found = pbit.solve(chain, solver=name, num_reads=4, num_sweeps=100, seed=1)
    assert found.objective == -3.0
