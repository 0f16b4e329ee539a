"""Simulated bifurcation as a solver of `pbit solve`: what it takes and what it refuses."""

import numpy as np
import pytest

from pbit import Control, Hardware
from pbit.samplers.oscillators.bifurcation import bifurcation
from pbit.solvers.bifurcation import solve_with_bifurcation
from pbit.solvers.effort import Effort
from random_models import random_model, random_polynomial


def test_it_is_the_sampler():
    model = random_model(20, seed=1)
    effort = Effort(num_reads=5, num_sweeps=30, seed=3, first_read=2)
    found = solve_with_bifurcation(model, effort, Control())
    same = bifurcation(model, num_reads=5, num_sweeps=30, seed=3, first_read=2)
    assert np.array_equal(found.spins, same.spins)


@pytest.mark.parametrize(
    "wrong",
    [
        {"rule": "metropolis"},
        {"order": "random"},
        {"kernel": "lanes"},
        {"update_fraction": 0.5},
        {"beta_range": (0.1, 1.0)},
        {"hardware": Hardware()},
    ],
    ids=lambda wrong: next(iter(wrong)),
)
def test_what_it_does_not_have(wrong):
    with pytest.raises(ValueError, match="must be left out with solver 'bifurcation'; use 'pbit'"):
        solve_with_bifurcation(random_model(4, seed=1), Effort(**wrong), Control())


def test_terms_of_many_spins():
    with pytest.raises(ValueError, match="'bifurcation' takes terms of at most 2 spins"):
        solve_with_bifurcation(random_polynomial(5, seed=1), Effort(num_reads=1), Control())
