"""Signs that balance a graph, against all signs tried."""

import itertools

import numpy as np
import pytest
from scipy import sparse

from pbit.graphs.balance import balancing_signs


def random_couplings(rng, n):
    J = np.triu(rng.choice([-2.0, 0.0, 0.0, 1.0], size=(n, n)), 1)
    return J + J.T


@pytest.mark.parametrize("seed", range(40))
def test_signs_or_a_cycle(seed):
    rng = np.random.default_rng(seed)
    J = random_couplings(rng, 6)
    signs, cycle = balancing_signs(sparse.csr_array(J))
    tries = np.array(list(itertools.product((-1, 1), repeat=6)))
    possible = np.all(tries[:, :, None] * tries[:, None, :] * J >= 0, axis=(1, 2)).any()
    assert possible == (not cycle)
    if possible:
        assert np.all(np.outer(signs, signs) * J >= 0)
    else:
        steps = J[cycle, np.roll(cycle, -1)]
        assert len(set(cycle)) == len(cycle) >= 3
        assert np.all(steps != 0) and np.prod(np.sign(steps)) == -1


def test_sides_of_a_bipartite_graph():
    signs, cycle = balancing_signs(sparse.csr_array(-np.ones((4, 4)) + np.eye(4))[:2, :2])
    assert signs.tolist() == [1, -1] and cycle == []


def test_no_vertices():
    signs, cycle = balancing_signs(sparse.csr_array((0, 0)))
    assert signs.size == 0 and cycle == []
