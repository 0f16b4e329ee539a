"""Minimising spins out: energies of all states that are left against enumeration."""

from itertools import product

import numpy as np
import pytest

from cases import of_all
from pbit import IsingModel, PolynomialModel
from pbit.exact import exact_ground_states, states
from pbit.graphs import eliminate, reduce_order
from pbit.graphs.balance import satisfying_state
from random_models import random_polynomial, sparse_network


def lowest_by_what_is_left(found):
    """Least energy of the source for every state of the spins that are left, by enumeration."""
    every = states(found.source.num_spins)
    energies = found.source.energy(every)
    numbers = (every[:, found.left] > 0) @ (1 << np.arange(found.left.size))
    lowest = np.full(1 << found.left.size, np.inf)
    np.minimum.at(lowest, numbers.astype(np.int64), energies)
    return lowest


def check(found):
    left = states(found.model.num_spins)
    numbers = ((left > 0) @ (1 << np.arange(found.left.size))).astype(np.int64)
    expected = lowest_by_what_is_left(found)[numbers]
    np.testing.assert_allclose(found.model.energy(left), expected, atol=1e-9)
    decoded = found.decode(left)
    np.testing.assert_allclose(found.source.energy(decoded), expected, atol=1e-9)
    assert np.array_equal(found.encode(decoded), left)


@of_all(product(range(120), (None, 3, 8)))
def test_every_state_left_has_the_least_energy(seed, longest):
    check(eliminate(sparse_network(seed, most=11, density=0.7), longest=longest))


@of_all(range(40))
def test_products(seed):
    check(eliminate(random_polynomial(9, seed=seed), longest=8))


@of_all(range(40))
def test_few_products(seed):
    rng = np.random.default_rng(seed)
    terms = {
        tuple(rng.choice(10, rng.integers(1, 5), replace=False).tolist()): float(w)
        for w in rng.integers(-3, 4, 9)
    }
    model = PolynomialModel.from_terms(terms, labels=range(10))
    found = eliminate(model)
    check(found)
    assert found.report["terms left"] <= found.report["terms"]


@of_all(product((3, 4, 5, 6), (1.0, -2.0)))
def test_gadgets_become_the_product_they_stand_for(size, weight):
    terms = {tuple(range(size)): weight} | {(i, i + size): 0.5 for i in range(size)}
    pairs = reduce_order(PolynomialModel.from_terms(terms), method="terms").model
    found = eliminate(pairs, longest=size)
    assert found.report["spins left"] == 0
    assert found.model.offset == -abs(weight) - 0.5 * size


def test_a_loop_of_gadgets_keeps_its_products():
    rng = np.random.default_rng(1)
    bodies = {tuple(sorted(rng.choice(24, 3, replace=False).tolist())) for _ in range(40)}
    source = PolynomialModel.from_terms(dict.fromkeys(bodies, 1.0))
    pairs = reduce_order(source, method="terms").model
    assert eliminate(pairs).model is pairs
    found = eliminate(pairs, longest=8)
    assert isinstance(found.model, PolynomialModel)
    assert found.left.max() < source.num_spins  # no ancilla
    left = np.where(np.random.default_rng(2).random((50, found.left.size)) < 0.5, 1, -1)
    np.testing.assert_allclose(pairs.energy(found.decode(left)), found.model.energy(left))


def test_stars_become_triangles():
    edges = [(0, k) for k in (1, 2, 3)] + [(a, b) for a in (1, 2, 3) for b in range(4, 12)]
    found = eliminate(IsingModel.from_edges(edges, [-1.0] * len(edges), num_spins=12))
    assert isinstance(found.model, IsingModel)
    assert 0 not in found.left


def test_chains_of_long_range():
    rng = np.random.default_rng(3)
    i, j = np.triu_indices(60, 1)
    model = IsingModel.from_edges(i, j, rng.normal(size=i.size) / (j - i) ** 3.0)
    found = eliminate(model)
    assert found.left.size < 20  # each pair of neighbours that hold to each other is one
    _, lowest = exact_ground_states(found.model)
    decoded = found.decode(lowest)
    np.testing.assert_allclose(model.energy(decoded), found.model.energy(lowest))


def test_labels_and_the_offset_are_kept():
    model = IsingModel.from_edges([0, 1], [1, 2], [1.0, 1.0], offset=2.5, labels=("a", "b", "c"))
    found = eliminate(model)
    assert found.model.num_spins == 0 and found.model.offset == 0.5
    # A product of nine is left as it is.
    dense = PolynomialModel.from_terms({tuple(range(9)): 1.0})
    assert eliminate(dense).model is dense


@pytest.mark.parametrize(("longest", "says"), [(1, ">= 2"), (9, "<= 8"), (2, "must be 3")])
def test_longest_is_checked(longest, says):
    with pytest.raises(ValueError, match=says):
        eliminate(PolynomialModel.from_terms({(0, 1, 2): 1.0}), longest=longest)


@of_all(range(60))
def test_unfrustrated_products_are_satisfied(seed):
    rng = np.random.default_rng(seed)
    n = int(rng.integers(1, 90))
    planted = rng.choice([-1, 1], n)
    count = int(rng.integers(1, 2 * n + 2))
    bodies = [
        rng.choice(n, min(n, rng.integers(1, 5)), replace=False).tolist() for _ in range(count)
    ]
    terms = {tuple(sorted(b)): float(planted[b].prod()) * rng.uniform(0.5, 2) for b in bodies}
    model = PolynomialModel.from_terms(terms, labels=range(n))
    state = satisfying_state(model)
    assert model.energy(state) == pytest.approx(-np.abs(model.weights).sum())


@of_all(range(60))
def test_frustrated_products_are_told(seed):
    model = random_polynomial(8, seed=seed)
    state = satisfying_state(model)
    lowest, _ = exact_ground_states(model)
    can = lowest - model.offset <= -np.abs(model.weights).sum() + 1e-9
    assert (state is not None) == can
