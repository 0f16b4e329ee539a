"""Columns with carries: ground states by enumeration, bounds of carries, what is fixed by them."""

from itertools import product
from math import isqrt

import numpy as np
import pytest

from pbit.problems.factoring import Columns, factor, shapes_of
from pbit.problems.factoring.carries import Block, bound_carries, carry_form
from pbit.problems.factoring.squares import ONE, model_of_squares


def factorisations(n, shape):
    pairs = [(d, n // d) for d in range(3, n) if n % d == 0]
    return {(x, y) for x, y in pairs if (x.bit_length(), y.bit_length()) == shape}


def ground_states(problem):
    n = problem.model.num_spins
    states = np.array(list(product((-1, 1), repeat=n)), np.int8).reshape(2**n, n)
    energies = problem.model.energy(states)
    assert energies.min() >= 0
    return problem.decode_reads(states[energies == 0])


@pytest.mark.parametrize("block", [1, 2, 4])
def test_ground_states_are_the_factorisations(block):
    enumerated = 0
    for n in [*range(9, 150, 2), 945, 323, 899, 961]:
        for shape in shapes_of(n):
            problem = Columns(n, *shape, block=block)
            if not problem.is_possible:
                assert not factorisations(n, shape)
            elif 0 < problem.model.num_spins <= 11:
                assert set(ground_states(problem)) == factorisations(n, shape)
                enumerated += 1
    assert enumerated > 100


def test_one_block_of_all_columns_is_the_cost():
    """... of the bits that the parity of column 1 leaves, in units of the block's first column."""
    problem = Columns(899, 5, 5, block=20)
    assert (problem.num_carries, problem.model.num_spins) == (0, 5)
    states = np.array(list(product((-1, 1), repeat=5)), np.int8)
    costs = [(x * y - 899) ** 2 / 16 for x, y in problem.decode_reads(states)]
    assert problem.model.energy(states).tolist() == costs


@pytest.mark.parametrize("block", [1, 2, 3, 5])
def test_every_true_carry_is_within_its_bounds(block):
    """The true factors and the carries of their long multiplication are a state of energy 0."""
    for x, y in [(13, 11), (251, 131), (3, 43), (61, 59), (63, 63)]:
        problem = Columns(x * y, x.bit_length(), y.bit_length(), block=block)
        bits = {f"x{k}": x >> k & 1 for k in range(1, x.bit_length() - 1)}
        bits |= {f"y{k}": y >> k & 1 for k in range(1, y.bit_length() - 1)}
        labels = problem.model.labels
        carries = [name for name in labels if name.startswith("c")]
        fixed = [2 * bits[name] - 1 for name in labels if name not in carries]
        if len(carries) <= 12:
            states = [[*fixed, *rest] for rest in product((-1, 1), repeat=len(carries))]
            assert problem.model.energy(states).min() == 0


def test_bounds_of_carries():
    """Two columns of at most 3 and 1 ones that add up to 3: 1 + 2 * 1."""
    blocks = [Block({}, 0, 3, 1, 1), Block({}, 0, 1, 1, 1)]
    assert bound_carries(blocks, (0, 0)) == [(0, 0), (0, 1), (0, 0)]
    assert bound_carries([Block({}, 0, 1, 3, 1)], (0, 0)) is None


@pytest.mark.parametrize("bounds", [(0, 0), (2, 2), (0, 1), (1, 6), (0, 7), (3, 12)])
def test_carries_take_every_value_within_their_bounds_and_no_other(bounds):
    form, count = carry_form(bounds, 0)
    values = {
        sum(v for body, v in form.items() if all(bits[i] for i in body))
        for bits in product((0, 1), repeat=count)
    }
    assert values == set(range(bounds[0], bounds[1] + 1))


def test_squares():
    form = {frozenset([0]): 2, frozenset([0, 1]): -3, ONE: 1}
    model = model_of_squares([(2, form), (1, {ONE: 5})], ["a", "b"])
    states = np.array(list(product((-1, 1), repeat=2)), np.int8)
    expected = [2 * (2 * a - 3 * a * b + 1) ** 2 + 25 for a, b in (states > 0).astype(int)]
    assert model.energy(states).tolist() == expected


@pytest.mark.parametrize("n", [9, 15, 945, 6561, 3 * 21841, 131 * 251, 257 * 251])
def test_columns_factor(n):
    result = factor(n, method="columns", seed=1)
    x, y = result.factors
    assert (
        x * y == n
        and 1 < x <= isqrt(n)
        and (result.method, result.reason)
        == (
            "columns",
            "found",
        )
    )


def test_impossible_widths_have_no_model():
    problem = Columns(15, 2, 2)
    assert not problem.is_possible
    with pytest.raises(ValueError, match="15 must have factors of 2 and 2 bits for a model"):
        _ = problem.model


def test_refusals():
    with pytest.raises(ValueError, match="block must be >= 1, got 0"):
        Columns(35, 3, 3, block=0)
    with pytest.raises(ValueError, match="n must be odd, got 64"):
        Columns(64, 3, 4)
