"""Fixing and merging: which ground states are kept, by enumeration."""

from itertools import product

import numpy as np
import pytest

from cases import of_all, some
from pbit import IsingModel
from pbit.exact import exact_ground_states, states
from pbit.graphs import Compiled, merge_fixed
from random_models import random_model, sparse_network


def rows(spins):
    return {tuple(row) for row in np.asarray(spins).tolist()}


def ground_states(compiled):
    """(least energy, ground states) of the source and of what is left, decoded."""
    lowest, before = exact_ground_states(compiled.source)
    found, after = exact_ground_states(compiled.model)
    return (lowest, rows(before)), (found, rows(compiled.decode(after)))


@of_all(range(150))
def test_all_ground_states_are_kept(seed):
    compiled = merge_fixed(sparse_network(seed))
    (lowest, before), (found, after) = ground_states(compiled)
    assert abs(lowest - found) < 1e-9
    assert after == before


@of_all(range(150))
def test_one_ground_state_is_kept(seed):
    compiled = merge_fixed(sparse_network(seed), keep="one")
    (lowest, before), (found, after) = ground_states(compiled)
    assert abs(lowest - found) < 1e-9
    assert after and after <= before


@of_all(product(range(30), ("all", "one")))
def test_energies_of_what_is_left(seed, keep):
    compiled = merge_fixed(sparse_network(seed), keep=keep)
    every = states(compiled.model.num_spins)
    decoded = compiled.decode(every)
    np.testing.assert_allclose(
        compiled.source.energy(decoded), compiled.model.energy(every), atol=1e-9
    )
    assert np.array_equal(compiled.encode(decoded), every)
    assert not compiled.broken(every).any()


def test_a_rule_too_far_fails_the_same_check():
    """Fixing a spin at |h| < sum |J| loses the ground state, and the check sees it."""
    model = IsingModel.from_edges([0, 0], [1, 2], [1.0, 1.0], h=[-1.5, 5.0, 5.0])
    (_, before), (_, after) = ground_states(merge_fixed(model))
    assert after == before == {(1, 1, 1)}
    fixed = merge_fixed(IsingModel(model.h - [1.0, 0, 0], model.J, model.offset))
    wrong = Compiled("wrong", model, fixed.model, fixed.votes)
    (_, before), (_, after) = ground_states(wrong)
    assert after != before


def test_equality_needs_one():
    """A frustrated triangle: every rule holds with equality, together they contradict."""
    triangle = IsingModel.from_edges([0, 1, 2], [1, 2, 0], [-1.0, -1.0, -1.0])
    assert merge_fixed(triangle).model is triangle
    compiled = merge_fixed(triangle, keep="one")
    assert compiled.model.num_spins == 0 and compiled.model.offset == -1.0


def test_kinds_are_counted():
    model = IsingModel.from_edges([0, 1], [1, 2], [3.0, 1.0], h=[0, 0, 0, -2.0, 0])
    compiled = merge_fixed(model)
    assert compiled.report == {"fixed": 1, "merged": 2, "left": 2}  # spin 4 is free: both values
    assert list(compiled.model.labels)[-1] == 4
    assert merge_fixed(model, keep="one").report == {"fixed": 3, "merged": 2, "left": 0}


@pytest.mark.parametrize("n", some([20_000, 100_000], 20_000))
def test_trees_fold_up(n):
    rng = np.random.default_rng(0)
    tree = IsingModel.from_edges(
        np.arange(1, n), (rng.random(n - 1) * np.arange(1, n)).astype(int), rng.normal(size=n - 1)
    )
    compiled = merge_fixed(tree)
    assert compiled.model.num_spins == 1
    assert abs(compiled.model.offset + np.abs(tree.edges()[2]).sum()) < 1e-6
    chain = IsingModel.from_edges(np.arange(n - 1), np.arange(1, n), np.ones(n - 1))
    assert merge_fixed(chain).model.num_spins == 1
    star = IsingModel.from_edges(np.zeros(n - 1, int), np.arange(1, n), np.ones(n - 1))
    assert merge_fixed(star).model.num_spins == 1


def test_nothing_to_do():
    model = random_model(12, seed=1, integers=True, density=1.0)
    model = IsingModel(np.zeros(12), model.J)
    assert merge_fixed(model).model is model
    assert merge_fixed(IsingModel([], [])).model.num_spins == 0


def test_refusals():
    with pytest.raises(ValueError, match="keep must be one of all, one, got 'most'"):
        merge_fixed(random_model(3, seed=0), keep="most")


def test_of_merged_spins_that_differ_the_first_has_its_way():
    chain = IsingModel.from_edges([0, 1, 1], [1, 2, 3], [5.0, 1.0, 1.0])
    compiled = merge_fixed(chain)
    assert compiled.report["merged"] >= 1
    state = np.array([1, -1, -1, -1], dtype=np.int8)
    assert compiled.decode(compiled.encode(state))[0] == 1
