"""The referees themselves: against each other and against closed forms."""

import numpy as np
import pytest

from pbit import IsingModel, exact
from random_models import random_model


def test_states_and_their_numbers():
    assert np.array_equal(exact.state_number(exact.states(5)), np.arange(32))


def test_energies_and_ground_states():
    model = random_model(9, seed=1)
    energies = exact.exact_energies(model)
    assert np.allclose(energies, model.energy(exact.states(9)))
    lowest, spins = exact.exact_ground_states(model)
    assert lowest == energies.min()
    assert np.allclose(model.energy(spins), lowest)
    free = IsingModel(np.zeros(3), np.zeros((3, 3)))
    assert len(exact.exact_ground_states(free)[1]) == 8


def test_boltzmann_of_one_spin():
    law = exact.exact_boltzmann(IsingModel([0.7], np.zeros((1, 1))), 1.3)
    assert law[1] == pytest.approx(1 / (1 + np.exp(-2 * 1.3 * 0.7)))


@pytest.mark.parametrize("rule", ["heat-bath", "metropolis"])
@pytest.mark.parametrize("order", ["sequential", "random"])
def test_boltzmann_is_left_unchanged_and_reached(rule, order):
    model = random_model(5, seed=2)
    boltzmann = exact.exact_boltzmann(model, 0.6)
    assert np.allclose(exact.exact_law(model, [0.6] * 2000, rule=rule, order=order), boltzmann)


def test_one_random_sweep_of_two_spins_by_hand():
    """Free spins, Metropolis: every attempt flips. Two attempts from ++: each site is drawn by
    both with probability 1/4, so ++ and -- come out with probability 1/2 each."""
    free = IsingModel(np.zeros(2), np.zeros((2, 2)))
    law = exact.exact_law(free, [1.0], start=[1, 1], rule="metropolis", order="random")
    assert law.tolist() == [0.5, 0.0, 0.0, 0.5]


def test_infinite_beta_has_a_law():
    model = IsingModel.from_edges([0], [1], [1.0])
    law = exact.exact_law(model, [np.inf])
    assert law.tolist() == [0.5, 0.0, 0.0, 0.5]


def test_refusals():
    big = IsingModel(np.zeros(25), np.zeros((25, 25)))
    with pytest.raises(ValueError, match="at most 24 spins"):
        exact.exact_energies(big)
    with pytest.raises(ValueError, match="at most 14 spins"):
        exact.exact_law(big, [1.0])
    with pytest.raises(ValueError, match="no exact law for rule 'x'"):
        exact.exact_law(random_model(3, seed=1), [1.0], rule="x")
