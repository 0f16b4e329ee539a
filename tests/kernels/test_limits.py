"""Limits drawn ahead of the field: near enough to the rules, and never in their way."""

import numpy as np
import pytest
from numba import njit

from pbit.kernels.sweeps import single
from pbit.kernels.sweeps.limits import NEAR, decide, fill_limits

RULES = {"heat-bath": None, "metropolis": True}
WORDS = np.concatenate([
    np.array([0, 1, 2, 2**31 - 1, 2**31, 2**31 + 1, 2**32 - 2, 2**32 - 1], np.uint32),
    2 ** np.arange(32, dtype=np.uint32),
    np.random.default_rng(1).integers(0, 2**32, 2**16 - 40, dtype=np.uint32),
])  # fmt: skip


@njit
def _limits(words, limits, metropolis):
    for at in range(0, words.size, 16):
        fill_limits(words, limits, at, metropolis)


@njit
def _decided(spins, fields, limits, metropolis, out):
    for at in range(0, limits.size, 16):
        out[at >> 4] = decide(spins, fields, at, limits, at, np.float32(1.0), metropolis)


@njit
def _by_rule(x, words, spins, metropolis, out):
    for k in range(words.size):
        if metropolis:
            out[k] = single._metropolis(x[k], words[k], spins[k])
        else:
            out[k] = single.heat_bath(x[k], words[k])


def limits_of(rule):
    limits = np.empty(WORDS.size, np.float32)
    _limits(WORDS, limits, RULES[rule])
    return limits


def exact_limits(rule):
    u = WORDS.astype(np.float64) + 0.5
    return np.log2(u / (2.0**32 - u)) if rule == "heat-bath" else 32 - np.log2(u)


@pytest.mark.parametrize("rule", RULES)
def test_limits_are_good_to_a_quarter_of_what_is_near(rule):
    assert np.abs(limits_of(rule) - exact_limits(rule)).max() < NEAR / 4


@pytest.mark.parametrize("rule", RULES)
@pytest.mark.parametrize("away", [0.0, NEAR / 2, 1.5 * NEAR, 1.0, 60.0, np.inf])
def test_decisions_are_those_of_the_rules_but_where_told_to_ask(rule, away):
    """On both sides of the limit, of spins of both signs."""
    limits, rng = limits_of(rule), np.random.default_rng(2)
    spins = rng.choice(np.array([-1, 1], np.int8), WORDS.size)
    work = (limits + rng.choice([-1, 1], WORDS.size) * away).astype(np.float32)
    x = work * spins if rule == "metropolis" else work
    packed, expected = np.empty(WORDS.size // 16, np.uint64), np.empty_like(spins)
    _decided(spins, x, limits, RULES[rule], packed)
    _by_rule(x, WORDS, spins, rule == "metropolis", expected)
    bits = (packed[:, None] >> np.arange(32, dtype=np.uint64)) & np.uint64(1)
    flips, near = bits[:, :16].astype(bool).ravel(), bits[:, 16:].astype(bool).ravel()
    assert np.array_equal(near, np.full(WORDS.size, away < NEAR))
    if away > NEAR:
        assert np.array_equal(np.where(flips, -spins, spins), expected)


@pytest.mark.parametrize("rule", RULES)
def test_control_what_is_near_is_not_decided_by_limits(rule):
    """Half of a rounding error away limits and rules differ on some words: asking is needed."""
    limits = limits_of(rule)
    spins = np.ones(WORDS.size, np.int8)
    differing = 0
    for steps in (-1, 0, 1):
        x = limits + np.float32(steps * 2**-22)
        packed, expected = np.empty(WORDS.size // 16, np.uint64), np.empty_like(spins)
        _decided(spins, x, limits, RULES[rule], packed)
        _by_rule(x, WORDS, spins, rule == "metropolis", expected)
        bits = (packed[:, None] >> np.arange(16, dtype=np.uint64)) & np.uint64(1)
        flips = bits.astype(bool).ravel()
        differing += np.count_nonzero(np.where(flips, -spins, spins) != expected)
    assert differing > 100
