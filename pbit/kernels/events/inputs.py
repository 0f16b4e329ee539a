"""From a field to a p-bit's answer: resolution, transfer curve, random words.

Records: :mod:`pbit.kernels.events.records`.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numba import float32, njit, uint32, uint64

from pbit.kernels.events.records import IDEAL, STEPS
from pbit.kernels.jit import inner
from pbit.kernels.random.ars import random_words
from pbit.kernels.random.stream import NOISE, tag
from pbit.kernels.sweeps.single import heat_bath

_TWO_LOG2E = 2 * 1.4426950408889634
_LOW32 = uint64(0xFFFFFFFF)


@njit(inline="always")
def clipped(x: Any, low: Any, high: Any) -> Any:
    """x, or the end of the range that it is beyond; min and max of numba's take long to compile."""
    return low if x < low else (high if x > high else x)


@njit(inline="always")
def input_of(field: Any, i: Any, beta: Any, inputs: Any) -> Any:
    """A p-bit's input but for the noise."""
    before, after, step = inputs.before, inputs.after, inputs.step
    x = before[0, i] * (beta * field) + before[1, i]
    if step > 0.0:
        # Cut off first: the floor of a number beyond 2**63 is none.
        x = math.floor(clipped(x, inputs.low, inputs.high) / step + 0.5) * step
    return after[0, i] * x + after[1, i]


@njit(inline="always")
def answer_of(x: Any, word: Any, answer: Any) -> Any:
    """+1 or -1 for the input x and a random word of 32 bits, or of the shift register's."""
    table = answer.table
    if answer.kind == IDEAL:
        return heat_bath(float32(clipped(x * _TWO_LOG2E, -1e30, 1e30)), word)
    if answer.kind == STEPS:
        place = clipped((x - answer.low) * answer.pace, 0.0, float(table.size - 1))
        threshold = table[math.floor(place + 0.5)]
    else:
        threshold = _between(x, table, answer.places)
    return np.int8(1) if float(word) + 0.5 < threshold else np.int8(-1)


@njit(inline="always")
def _between(x: Any, table: Any, places: Any) -> Any:
    """The table at x, straight lines between its places, constant outside."""
    first, last = 0, places.size - 1
    if x <= places[first]:
        return table[first]
    if x >= places[last]:
        return table[last]
    while last - first > 1:
        middle = (first + last) >> 1
        if places[middle] <= x:
            first = middle
        else:
            last = middle
    part = (x - places[first]) / (places[last] - places[first])
    return table[first] + part * (table[last] - table[first])


@njit(inline="always")
def one_word(slot: Any, sweep: Any, read: Any, purpose: Any, key: Any) -> Any:
    """The word of (slot, sweep, read, purpose)."""
    # Of one type each, or every literal would be compiled for.
    return _word(uint64(slot), uint64(sweep), uint64(read), uint64(purpose), key)


@inner
def _word(slot: Any, sweep: Any, read: Any, purpose: Any, key: Any) -> Any:
    key0, key1 = key
    last = tag(purpose, sweep, 0)
    a, b, c, d = random_words(slot >> uint64(2), sweep & _LOW32, read & _LOW32, last, key0, key1)
    q = slot & uint64(3)
    return (a if q == 0 else b) if q < 2 else (c if q == 2 else d)


@inner
def normal_of(event: Any, read: Any, key: Any) -> Any:
    """A normal number of (event, read), by Box and Muller's method."""
    key0, key1 = key
    number = uint64(event)
    a, b, _, _ = random_words(
        number & _LOW32, number >> uint64(32), uint64(read) & _LOW32, tag(NOISE, 0, 0), key0, key1
    )
    radius = math.sqrt(-2.0 * math.log((float(a) + 0.5) / 4294967296.0))
    return radius * math.cos(2.0 * math.pi * (float(b) + 0.5) / 4294967296.0)


@njit(inline="always")
def shifted(register: Any, answer: Any) -> Any:
    """A Fibonacci register after its shifts: each brings in the parity of the taps."""
    bits, shifts, taps = answer.lfsr_bits, answer.shifts, answer.taps
    mask = uint32((uint64(1) << uint64(bits)) - uint64(1))
    for _ in range(shifts):
        parity = register & taps
        parity ^= parity >> uint32(16)
        parity ^= parity >> uint32(8)
        parity ^= parity >> uint32(4)
        parity ^= parity >> uint32(2)
        parity ^= parity >> uint32(1)
        register = uint32((register << uint32(1)) & mask) | (parity & uint32(1))
    return uint32(register)


@njit(inline="always")
def arrhenius_log(toward: Any, barrier: Any, exponent: Any) -> Any:
    """Logarithm of the rate of leaving a state, in units of 1/tau; ``toward`` = m x, > 0 where x
    favours the state.

    ``barrier - barrier (1 + toward / (exponent barrier))**exponent``, at most that of the attempt
    frequency, ``barrier``; an infinite barrier leaves ``-toward``.
    """
    if barrier == np.inf:
        return -toward
    lift = 1.0 + toward / (exponent * barrier)
    if lift <= 0.0:
        return barrier
    power = lift if exponent == 1.0 else (lift * lift if exponent == 2.0 else lift**exponent)
    return barrier - barrier * power


@inner
def log_rate(i: Any, field: Any, spin: Any, beta: Any, inputs: Any, rates: Any) -> Any:
    """Logarithm of the rate at which p-bit i leaves its state."""
    toward = spin * input_of(field, i, beta, inputs)
    return arrhenius_log(toward, rates.barriers[i], rates.exponent) + rates.log_speeds[i]


@inner
def answer_to(field: Any, i: Any, beta: Any, bump: Any, word: Any, inputs: Any, answer: Any) -> Any:
    """p-bit i's answer to a field, ``bump`` on its input, and a random word."""
    return answer_of(input_of(field, i, beta, inputs) + bump, word, answer)
