"""Sums with the signs of spins: whole numbers exactly, whatever the sizes, edges and threads."""

import numpy as np
import pytest

from pbit.kernels.layers.sums import pack, pack_turned
from pbit.samplers.layers.products import (
    Weights,
    add_correlations,
    add_signed,
    aligned,
    room_for_bits,
    room_for_fields,
)

SIZES = [(1, 1, 1), (5, 3, 7), (9, 32, 32), (8, 33, 31), (17, 64, 96), (100, 130, 70)]


def case(chains, spins, units, *, seed=1):
    """Spins and weights that are whole, so that float32 sums of them are exact."""
    rng = np.random.default_rng(seed)
    states = rng.choice(np.array([-1, 1], np.float32), (chains, spins))
    return states, rng.integers(-9, 10, (spins, units)).astype(np.float32)


def bits_of(states):
    bits = room_for_bits(states.shape[1], len(states))
    pack(states, bits, (0, len(states)))
    return bits


@pytest.mark.parametrize("sizes", SIZES, ids=str)
@pytest.mark.parametrize("is_turned", [False, True])
@pytest.mark.parametrize("room", [room_for_fields, lambda *shape: aligned(shape)])
def test_sums_are_products_of_matrices(sizes, is_turned, room):
    states, weights = case(*sizes)
    units = weights.shape[1]
    matrix = np.ascontiguousarray(weights.T) if is_turned else weights
    out, bits = room(len(states), units), bits_of(states)
    out[...] = 1.0
    add_signed(out, bits, Weights(matrix, is_turned), rows=len(states), plus=False)
    assert np.array_equal(out[:, :units], states @ weights)
    add_signed(out, bits, Weights(matrix, is_turned), rows=len(states), plus=True)
    assert np.array_equal(out[:, :units], 2 * states @ weights)


def test_rows_beyond_are_left_alone():
    states, weights = case(20, 40, 50)
    out = room_for_fields(20, 50)
    add_signed(out, bits_of(states), Weights(weights), rows=11, plus=False)
    assert np.array_equal(out[:11, :50], states[:11] @ weights) and not out[11:].any()


def test_a_turned_state_is_seen():
    states, weights = case(20, 40, 50)
    bits = bits_of(states)
    bits[1, 7] ^= 1 << 3
    out = room_for_fields(20, 50)
    add_signed(out, bits, Weights(weights), rows=20, plus=False)
    wrong = np.flatnonzero((out[:, :50] != states @ weights).any(axis=1))
    assert wrong.tolist() == [7]


@pytest.mark.parametrize("sizes", SIZES, ids=str)
def test_correlations_are_added(sizes):
    spins, means = case(*sizes)[0], case(sizes[0], sizes[0], sizes[2])[1]
    out = np.ones((sizes[1], sizes[2]), np.float32)
    add_correlations(out, spins, means, 0.5)
    assert np.array_equal(out, 1 + 0.5 * spins.T @ means)


@pytest.mark.parametrize("sizes", SIZES, ids=str)
def test_bits_by_rows_and_by_columns(sizes):
    states = case(*sizes)[0]
    turned = room_for_bits(states.shape[1], len(states))
    pack_turned(np.ascontiguousarray(states.T), turned)
    assert np.array_equal(turned, bits_of(states))
    up = (turned[np.arange(sizes[1]) // 32].T >> (np.arange(sizes[1]) % 32)) & 1
    assert np.array_equal(up, states > 0)
