"""Constrained models read as assignments: all permutations equal; what is none."""

import itertools

import dimod
import numpy as np
import pytest

from pbit.models.conventions.dimod_permutations import assignment_of_cqm


def bits(n):
    return [[dimod.Binary((i, p)) for p in range(n)] for i in range(n)]


def constrained(x, objective):
    """A model of rows and columns of which one is set."""
    cqm = dimod.ConstrainedQuadraticModel()
    cqm.set_objective(objective)
    n = len(x)
    for k in range(n):
        cqm.add_constraint(sum(row[k] for row in x) == 1, label=("column", k))
        cqm.add_constraint(sum(x[k]) == 1, label=("row", k))
    return cqm


def product_of(flows, distances, x):
    n = len(x)
    return sum(
        flows[i, j] * distances[p, q] * x[i][p] * x[j][q]
        for i, j, p, q in itertools.product(range(n), repeat=4)
        if i != j and p != q and flows[i, j] * distances[p, q]
    )


def check(cqm, found):
    """Every permutation has the energy of its bits."""
    flows, distances, linear, offset, _ = found.arrays
    n, labels = len(flows), list(cqm.variables)
    orders = np.array(list(itertools.permutations(range(n))))
    samples = found.samples(orders, labels)
    want = cqm.objective.energies((samples, labels))
    for p, sample, energy in zip(orders, samples, want, strict=True):
        got = (flows * distances[np.ix_(p, p)]).sum() + linear[range(n), p].sum() + offset
        assert got == pytest.approx(energy)
        assert cqm.check_feasible(dict(zip(labels, sample, strict=True)))
    assert len({tuple(sample) for sample in samples}) == len(orders)


@pytest.mark.parametrize("seed", range(6))
def test_quadratic_assignments(seed):
    rng, n = np.random.default_rng(seed), 4
    flows, distances = rng.integers(-3, 9, (n, n)), rng.integers(0, 9, (n, n))
    linear = rng.normal(size=(n, n))
    distances = distances + distances.T if seed % 2 else distances
    flows = flows if seed % 2 else np.triu(flows)
    x = bits(n)
    costs = sum(linear[i, p] * x[i][p] for i in range(n) for p in range(n))
    cqm = constrained(x, product_of(flows, distances, x) + costs + 2.5)
    found = assignment_of_cqm(cqm)
    check(cqm, found)
    assert (found.arrays.flows == np.round(found.arrays.flows)).all()  # whole numbers stay whole
    assert (found.arrays.distances == np.round(found.arrays.distances)).all()


@pytest.mark.parametrize("symmetric", [True, False])
def test_tours_whichever_way_they_are_written(symmetric):
    rng, n = np.random.default_rng(3), 5
    lengths = rng.normal(size=(n, n))
    lengths = lengths + lengths.T if symmetric else lengths
    x = bits(n)
    tour = sum(
        lengths[a, b] * x[a][p] * x[b][(p + 1) % n]
        for a, b in itertools.permutations(range(n), 2)
        for p in range(n)
    )
    check(constrained(x, tour), assignment_of_cqm(constrained(x, tour)))


def test_linear_assignments():
    x = bits(3)
    cqm = constrained(x, sum((3 * i + p) % 5 * x[i][p] for i in range(3) for p in range(3)))
    found = assignment_of_cqm(cqm)
    check(cqm, found)
    assert not found.arrays.flows.any()


def test_products_that_never_count_are_left_out():
    x = bits(3)
    cqm = constrained(x, 7 * x[0][0] * x[0][1] + 9 * x[0][0] * x[1][0] + x[2][1])
    check(cqm, assignment_of_cqm(cqm))


def others():
    x = bits(3)
    products = x[0][0] * x[1][1] + 2 * x[0][1] * x[1][2] + 3 * x[1][0] * x[2][1]
    yield constrained(x, products + x[0][2] * x[2][0])  # three unlike tables
    more = constrained(x, x[0][0])
    more.add_constraint(x[0][0] + x[1][1] <= 1, label="more")
    yield more
    free = constrained(x, x[0][0])
    free.add_variable("BINARY", "free")
    yield free
    rows = dimod.ConstrainedQuadraticModel()
    rows.add_constraint(sum(x[0]) == 1)
    yield rows


@pytest.mark.parametrize("cqm", list(others()))
def test_others_are_none(cqm):
    assert assignment_of_cqm(cqm) is None
