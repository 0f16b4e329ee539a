"""Contraction: a model of clusters has the energies of the states that it stands for."""

import numpy as np
import pytest

from pbit import IsingModel
from pbit.exact import states
from pbit.models.contraction import contracted
from random_models import random_model


@pytest.mark.parametrize("density", [0.15, 0.7])
@pytest.mark.parametrize("count", [1, 2, 3, 9])
def test_energies_of_all_states_of_the_clusters(density, count):
    model = random_model(14, seed=3, density=density)
    given = np.random.default_rng(count).choice(np.array([-1, 1], np.int8), (count, 14))
    small = contracted(model, given)
    every = states(small.model.num_spins)
    assert small.model.energy(every) == pytest.approx(model.energy(small.expanded(every)))


def test_the_given_states_are_among_them():
    model = random_model(14, seed=3, density=0.2)
    given = np.random.default_rng(1).choice(np.array([-1, 1], np.int8), (3, 14))
    small = contracted(model, given)
    every = small.expanded(states(small.model.num_spins))
    assert all((every == row).all(axis=1).any() for row in given)
    assert np.array_equal(small.expanded(np.ones(small.model.num_spins, np.int8)), given[0])


def test_clusters_are_connected_and_as_large_as_can_be():
    ring = IsingModel.from_edges(np.arange(6), (np.arange(6) + 1) % 6, np.ones(6))
    given = np.array([[1, 1, 1, 1, 1, 1], [1, 1, -1, -1, 1, 1]], np.int8)
    assert contracted(ring, given).clusters.tolist() == [0, 0, 1, 1, 0, 0]
    opposite = np.array([[1, -1, 1, -1, 1, -1], [-1, 1, -1, 1, -1, 1]], np.int8)
    assert contracted(ring, opposite).model.num_spins == 1


def test_spins_without_couplings_stay_alone():
    free = IsingModel([1.0, -1.0, 0.0], np.zeros((3, 3)))
    small = contracted(free, np.array([[-1, 1, 1]], np.int8))
    assert small.model.h.tolist() == [-1.0, -1.0, 0.0]
