"""From spins that arrive to a p-bit's answer: synapses, resolution, transfer curve.

The chip of a network of n p-bits, times in units of its time constant tau:

- ``h`` float64 (n,): biases as programmed;
- ``edges`` = (senders int64 (n + 1,), groups int64 (g + 1,), targets int32 (m,), weights float64
  (m,), delays float64 (g,) or (0,)): p-bit j tells the groups ``senders[j] : senders[j + 1]`` of
  its flips, group a, ``delays[a]`` later, the targets ``groups[a] : groups[a + 1]``;
- ``filters`` = (rates float64 (n,), (m,) or (0,), edges_in int64 (n + 1,), edge_ids int64 (m,)):
  low-pass of each p-bit's summed input or of each edge, and the edges by target;
- ``inputs`` = (before (2, n), (step, low, high), after (2, n), noise): the p-bit's input is
  ``after[0] * Q(before[0] * beta * field + before[1]) + after[1] + noise * normal``, Q rounding
  to a multiple of ``step`` within ``low`` to ``high`` (``step`` 0: nothing);
- ``answer`` = (kind, table float64, low, pace, (lfsr bits, shifts, taps), places float64): IDEAL
  tanh; STEPS, the nearest entry of a table with entries at ``low + k / pace``; LINES, straight
  between the entries, which are at ``places``; entries are P(+1) * 2**bits;
- ``stuck`` int8 (n,): 0, or the state a p-bit does not leave.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numba import float32, njit, uint32, uint64

from pbit.kernels.jit import bare
from pbit.kernels.random.philox import CHIP, NOISE, philox, tag
from pbit.kernels.sweeps.single import heat_bath

IDEAL, STEPS, LINES = range(3)

_TWO_LOG2E = 2 * 1.4426950408889634
_LOW32 = uint64(0xFFFFFFFF)


@njit
def settle_fields(s: Any, h: Any, edges: Any, fields: Any) -> None:
    """Fields of every p-bit, all flips having arrived."""
    senders, groups, targets, weights, _ = edges
    fields[:] = h
    for j in range(h.size):
        spin = float(s[j])
        for e in range(groups[senders[j]], groups[senders[j + 1]]):
            fields[targets[e]] += weights[e] * spin


@bare
def input_of(field: Any, i: Any, beta: Any, inputs: Any) -> Any:
    """A p-bit's input but for the noise."""
    before, (step, low, high), after, _ = inputs
    x = before[0, i] * (beta * field) + before[1, i]
    if step > 0.0:
        # Cut off first: the floor of a number beyond 2**63 is none.
        x = math.floor(min(max(x, low), high) / step + 0.5) * step
    return after[0, i] * x + after[1, i]


@bare
def answer_of(x: Any, word: Any, answer: Any) -> Any:
    """+1 or -1 for the input x and a random word of 32 bits, or of the shift register's."""
    kind, table, low, pace, _, places = answer
    if kind == IDEAL:
        return heat_bath(float32(min(max(x * _TWO_LOG2E, -1e30), 1e30)), word)
    if kind == STEPS:
        place = min(max((x - low) * pace, 0.0), float(table.size - 1))
        threshold = table[math.floor(place + 0.5)]
    else:
        threshold = _between(x, table, places)
    return np.int8(1) if float(word) + 0.5 < threshold else np.int8(-1)


@bare
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


@bare
def one_word(slot: Any, sweep: Any, read: Any, purpose: Any, key: Any) -> Any:
    """The word of (slot, sweep, read, purpose)."""
    key0, key1 = key
    a, b, c, d = philox(
        uint64(slot) >> uint64(2),
        uint64(sweep) & _LOW32,
        uint64(read) & _LOW32,
        tag(purpose, sweep, 0),
        key0,
        key1,
    )
    q = slot & 3
    return (a if q == 0 else b) if q < 2 else (c if q == 2 else d)


@bare
def normal_of(event: Any, read: Any, key: Any) -> Any:
    """A normal number of (event, read), by Box and Muller's method."""
    key0, key1 = key
    number = uint64(event)
    a, b, _, _ = philox(
        number & _LOW32, number >> uint64(32), uint64(read) & _LOW32, tag(NOISE, 0, 0), key0, key1
    )
    radius = math.sqrt(-2.0 * math.log((float(a) + 0.5) / 4294967296.0))
    return radius * math.cos(2.0 * math.pi * (float(b) + 0.5) / 4294967296.0)


@njit
def start_registers(n: Any, read: Any, key: Any, bits: Any) -> Any:
    """A shift register for each p-bit, none of them zero."""
    registers = np.zeros(n if bits else 0, np.uint32)
    mask = uint32((uint64(1) << uint64(bits)) - uint64(1))
    for i in range(registers.size):
        registers[i] = (one_word(i, 0, read, CHIP, key) & mask) | uint32(1)
    return registers


@bare
def shifted(register: Any, lfsr: Any) -> Any:
    """A Fibonacci register after its shifts: each brings in the parity of the taps."""
    bits, shifts, taps = lfsr
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


@bare
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


@bare
def threshold_of(i: Any, word: Any, noise: Any, beta: Any, inputs: Any, answer: Any) -> Any:
    """The field above which p-bit i's answer to this word is +1; infinite where there is none."""
    before, (step, _, _), after, _ = inputs
    if answer[0] == IDEAL and step == 0.0:
        u = (float(word) + 0.5) / 4294967296.0
        x = 0.5 * math.log(u / (1.0 - u)) - noise
        slope = after[0, i] * before[0, i] * beta
        shift = after[0, i] * before[1, i] + after[1, i]
        if slope > 0.0:
            return (x - shift) / slope
        return -np.inf if shift > x else np.inf
    return _threshold_by_bisection(i, word, noise, beta, inputs, answer)


@bare
def _threshold_by_bisection(
    i: Any, word: Any, noise: Any, beta: Any, inputs: Any, answer: Any
) -> Any:
    """The same for answers of any shape, which never fall as the field rises."""
    low, high = -1.0, 1.0
    while answer_of(input_of(low, i, beta, inputs) + noise, word, answer) > 0:
        low *= 4.0
        if low < -1e30:
            return -np.inf
    while answer_of(input_of(high, i, beta, inputs) + noise, word, answer) < 0:
        high *= 4.0
        if high > 1e30:
            return np.inf
    for _ in range(60):
        middle = 0.5 * (low + high)
        if answer_of(input_of(middle, i, beta, inputs) + noise, word, answer) > 0:
            high = middle
        else:
            low = middle
    return high
