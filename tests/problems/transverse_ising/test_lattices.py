"""Lattices by name: sites, couplings, ends that meet."""

import numpy as np
import pytest

from pbit.problems.transverse_ising import chain, cubic, lattice, ring, square, triangular
from pbit.problems.transverse_ising.lattices import LATTICES


@pytest.mark.parametrize(
    ("name", "sites", "couplings", "degrees"),
    [
        ("chain:1", 1, 0, {0}),
        ("chain:5", 5, 4, {1, 2}),
        ("ring:1", 1, 0, {0}),
        ("ring:2", 2, 1, {1}),  # one coupling, not two
        ("ring:5", 5, 5, {2}),
        ("square:1", 1, 0, {0}),
        ("square:2", 4, 4, {2}),
        ("square:3", 9, 18, {4}),
        ("cubic:2", 8, 12, {3}),
        ("cubic:3", 27, 81, {6}),
        ("triangular:2", 4, 6, {3}),
        ("triangular:3", 9, 27, {6}),
    ],
)
def test_sites_and_couplings(name, sites, couplings, degrees):
    model = lattice(name, -0.5)
    assert (model.num_spins, model.num_couplings) == (sites, couplings)
    assert set((model.J != 0).sum(axis=1).tolist()) == degrees
    assert set(model.J.data.tolist()) <= {-0.5} and not model.h.any() and model.offset == 0
    kind, _, side = name.partition(":")
    assert LATTICES[kind](int(side), -0.5) == model


def test_neighbours():
    assert chain(3).J.toarray().tolist() == [[0, 1, 0], [1, 0, 1], [0, 1, 0]]
    assert np.flatnonzero(ring(5).J.toarray()[0]).tolist() == [1, 4]
    assert np.flatnonzero(square(4).J.toarray()[5]).tolist() == [1, 4, 6, 9]
    assert np.flatnonzero(triangular(4).J.toarray()[5]).tolist() == [0, 1, 4, 6, 9, 10]
    assert np.flatnonzero(cubic(3).J.toarray()[0]).tolist() == [1, 2, 3, 6, 9, 18]


@pytest.mark.parametrize("name", ["", "ring", "ring:", ":8", "honeycomb:8", "ring:-1", "ring:1.5"])
def test_no_lattice(name):
    with pytest.raises(ValueError, match=r"lattice must be chain, ring, .*, as ring:64, got '"):
        lattice(name)


def test_sides_that_are_refused():
    with pytest.raises(ValueError, match=r"side must be >= 1, got 0"):
        ring(0)
    with pytest.raises(ValueError, match=r"side must leave at most 4194304 sites, got 200"):
        cubic(200)
    with pytest.raises(TypeError, match=r"side must be an integer, got 2.5"):
        square(2.5)
