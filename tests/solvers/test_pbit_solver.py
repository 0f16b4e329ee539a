"""Annealed p-bits as a solver: which rule they have where none is asked for."""

import numpy as np
import pytest

from pbit import Control, Hardware, IsingModel, PolynomialModel
from pbit.solvers.effort import Effort
from pbit.solvers.solve import solve
from random_models import random_model


def ring(n):
    sites = np.arange(n)
    return IsingModel.from_edges(sites, (sites + 1) % n, np.ones(n))


def rule_of(model, **options):
    effort = Effort(num_reads=2, num_sweeps=2, seed=1, **options)
    return solve("pbit", model, effort, Control()).info["rule"]


def test_the_usual_rule():
    dense, cubic = random_model(12, seed=1), {(0, 1, 2): 1.0, (0, 1, 3): 1.0, (1, 2, 3): 1.0}
    assert rule_of(dense) == "metropolis"
    assert rule_of(dense, order="synchronous") == "heat-bath"
    assert rule_of(dense, hardware=Hardware()) == rule_of(ring(12)) == "heat-bath"
    assert rule_of(PolynomialModel.from_terms(cubic)) == "heat-bath"  # three spins are in two terms
    assert rule_of(dense, rule="heat-bath") == "heat-bath"
    assert rule_of(ring(12), rule="metropolis") == "metropolis"


@pytest.mark.parametrize(("rule", "ends_low"), [(None, True), ("metropolis", False)])
def test_why_chains_have_the_heat_bath(rule, ends_low):
    """Walls between domains move in step under Metropolis, and are as many at the end."""
    effort = Effort(num_reads=64, num_sweeps=1000, seed=1, rule=rule)
    energies = solve("pbit", ring(500), effort, Control()).energies
    assert (energies.mean() < -480) == ends_low
    assert ends_low or energies.mean() > -50
