"""Frustration told by components of the doubled graph, against all states of small models."""

import itertools

import numpy as np
import pytest

from pbit import IsingModel
from pbit.graphs.balance import balancing_signs, frustrated_cycle, is_balanced


@pytest.mark.parametrize("seed", range(30))
def test_against_all_states(seed):
    rng = np.random.default_rng(seed)
    n = int(rng.integers(2, 7))
    pairs = [p for p in itertools.combinations(range(n), 2) if rng.random() < 0.5] or [(0, 1)]
    rows, cols = np.array(pairs).T
    weights = rng.choice([-1.0, 1.0], len(pairs)) * rng.random(len(pairs))
    model = IsingModel.from_edges(rows, cols, weights, num_spins=n)
    states = np.array(list(itertools.product((-1, 1), repeat=n)))
    satisfied = ((states[:, rows] * states[:, cols]) * weights > 0).all(axis=1)
    assert is_balanced(model) == satisfied.any()
    signs, cycle = balancing_signs(model.J), frustrated_cycle(model.J)
    if satisfied.any():
        assert np.all(signs[rows] * signs[cols] * weights > 0) and cycle == []
    else:
        steps = np.sign(model.J.toarray()[cycle, np.roll(cycle, -1)])
        assert signs is None and len(set(cycle)) == len(cycle) >= 3
        assert np.all(steps) and np.prod(steps) == -1


def test_no_couplings_are_balanced():
    assert is_balanced(IsingModel([1.0, -1.0], np.zeros((2, 2))))
    assert balancing_signs(IsingModel([1.0, -1.0], np.zeros((2, 2))).J).tolist() == [1, 1]


def test_the_first_vertex_of_each_part_is_up():
    model = IsingModel.from_edges([4, 1, 0], [1, 2, 3], [-1.0, -1.0, -1.0])
    assert balancing_signs(model.J).tolist() == [1, 1, -1, -1, -1]
