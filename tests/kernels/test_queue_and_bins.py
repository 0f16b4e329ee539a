"""What the event-driven kernels are made of, by itself: queue, bins, aliases, registers.

Draws are tested at a nominal alpha of 1e-8; the rest is exact.
"""

import heapq
import math

import numpy as np
import pytest
from numba import njit, uint32

from pbit.hardware.digital import LFSR_TAPS
from pbit.kernels.events import bins as b
from pbit.kernels.events import queue as q
from pbit.kernels.events.inputs import shifted
from pbit.kernels.events.records import IDEAL, Answer
from pbit.kernels.random.alias import alias_table
from pbit.statistics import chi_square_p_value

ALPHA = 1e-8


@pytest.mark.parametrize(("pace", "longest"), [(3.7, 4.0), (100.0, 0.5), (0.5, 30.0)])
def test_the_queue_is_a_priority_queue(pace, longest):
    """Random insertions up to ``longest`` ahead, removals in the order of time; bursts that make it
    grow and bursts into one bucket that make it widen."""
    rng = np.random.default_rng(1)
    queue = q.new_queue(1 << int(np.ceil(np.log2(longest * pace + 8))), 16)
    heap, now, taken_out = [], 0.0, 0
    for step in range(3000):
        burst = 300 if step % 500 == 7 else rng.integers(0, 4)
        near = step % 1000 == 507
        for k in range(300 if near else burst):
            if q.is_short(queue, 1):
                queue = q.with_room(queue, 1)
            time = now + (0.1 / pace if near else longest) * rng.random()
            q.push(queue, pace, time, 1000 * step + k)
            heapq.heappush(heap, (time, 1000 * step + k))
        until = now + rng.exponential() / 2
        while True:
            due = q.is_due(queue, pace, until, 1)
            if due == 2:
                queue = q.with_room(queue, 4 * queue[4].size)
                continue
            assert due == (len(heap) > 0 and heap[0][0] < until)
            if not due:
                break
            assert q.taken(queue) == heapq.heappop(heap)
            taken_out += 1
        now = until
    assert taken_out > 4000


def test_what_comes_at_once_leaves_in_its_order():
    """Pushed at the present time while that is being worked on: first in, first out."""
    queue = q.with_room(q.new_queue(8, 64), 32)
    assert q.is_due(queue, 1.0, 5.5, 1) == 0
    for what in range(20):
        q.push(queue, 1.0, 5.5, what)
    assert q.is_due(queue, 1.0, 6.0, 1) == 1
    assert [q.taken(queue)[1] for _ in range(20)] == list(range(20))


def test_bins_hold_what_was_put_in():
    """Random moves of 300 p-bits; then every one is where it was put, and totals are sums."""
    rng, n = np.random.default_rng(2), 300
    bins, where = b.new_bins(n), {}
    for _ in range(20000):
        i, home = int(rng.integers(n)), int(rng.integers(60, 68))
        b.put(bins, i, home)
        where[i] = home
    table, slots, counts, homes, place, _, state, total = bins
    for i, home in where.items():
        assert homes[i] == home
        assert slots[table[home, place[i] // 64] * 64 + place[i] % 64] == i
    assert counts.sum() == len(where)
    assert state[1] <= min(where.values()) and state[2] >= max(where.values())
    assert total[0] == pytest.approx(sum(math.ldexp(1.0, home - 63) for home in where.values()))
    assert state[0] == n // 64 + 1 + b.BINS - (-(-counts // 64)).sum()


def test_bins_draw_by_their_bounds():
    rng, n = np.random.default_rng(3), 40
    bins = b.new_bins(n)
    homes = rng.integers(61, 66, n)
    for i in rng.permutation(n):
        b.put(bins, int(i), int(homes[i]))
    words = rng.integers(0, 2**32, (60000, 2), dtype=np.uint64).astype(np.uint32)
    drawn = [b.drawn(bins, *pair) for pair in words]
    law = 2.0**homes / (2.0**homes).sum()
    assert chi_square_p_value(drawn, law) > ALPHA
    assert chi_square_p_value(drawn, np.full(n, 1 / n)) < ALPHA


def test_small_rates_survive_large_ones():
    """A rate of 2**60 comes and goes; what is left is drawn at its own total."""
    bins = b.new_bins(3)
    b.put(bins, 0, 64 - 30)
    b.put(bins, 1, 64 + 60)
    b.put(bins, 1, 64 - 30)
    assert bins[7][0] == 2 * b.bound_of(64 - 30)
    assert b.drawn(bins, 2**32 - 1, 0) in (0, 1)


@pytest.mark.parametrize("rate", [0.75, 1.0, 1.5, 2.0, 1e-9, 3e7])
def test_bounds_are_above_the_rate_by_less_than_two(rate):
    bound = b.bound_of(b.bin_of(math.log2(rate)))
    assert rate < bound <= 2 * rate


@pytest.mark.parametrize("n", [1, 2, 7, 1000])
def test_aliases_have_the_odds_they_should(n):
    weights = np.random.default_rng(4).lognormal(0, 2, n)
    thresholds, aliases = alias_table(weights)
    odds = thresholds / 2**32
    np.add.at(odds, aliases, 1 - thresholds / 2**32)
    np.testing.assert_allclose(odds / n, weights / weights.sum(), rtol=1e-9, atol=1e-14)


@njit
def period(lfsr):
    register, count = uint32(1), 0
    while True:
        register = shifted(register, lfsr)
        count += 1
        if register == 1:
            return count


def lfsr(bits, shifts=1):
    taps = np.uint32(sum(1 << (tap - 1) for tap in LFSR_TAPS[bits]))
    return Answer(IDEAL, np.zeros(0), 0.0, 0.0, np.zeros(0), bits, shifts, taps)


@pytest.mark.parametrize("bits", [8, 16, 24])
def test_registers_have_the_longest_period(bits):
    assert period(lfsr(bits)) == 2**bits - 1


def test_the_period_of_32_bits():
    """Of the matrix over GF(2): its order divides 2**32 - 1 and no divisor of that by a prime."""
    whole, primes = 2**32 - 1, (3, 5, 17, 257, 65537)
    columns = [int(shifted(np.uint32(1 << k), lfsr(32))) for k in range(32)]
    identity = [1 << k for k in range(32)]

    def times(first, second):
        return [apply(first, column) for column in second]

    def apply(matrix, x):
        out = 0
        for k in range(32):
            if x >> k & 1:
                out ^= matrix[k]
        return out

    def power(exponent):
        result, base = identity, columns
        while exponent:
            if exponent & 1:
                result = times(result, base)
            base, exponent = times(base, base), exponent >> 1
        return result

    assert math.prod(primes) == whole
    assert power(whole) == identity
    assert all(power(whole // p) != identity for p in primes)


def test_several_shifts_are_several_single_ones():
    register = np.uint32(0x1234)
    for _ in range(5):
        register = shifted(register, lfsr(16))
    assert shifted(np.uint32(0x1234), lfsr(16, shifts=5)) == register
