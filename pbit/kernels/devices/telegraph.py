"""Two-state telegraphs, read after read: by dwell times, or step by step with the exact law.

Arrays, all C-contiguous; a read's words depend on (seed, its number, dwell or step) alone:

- ``rates`` float64 (segments, 2): rates of leaving +1 and -1 in 1/s, one line a segment of
  ``segment_s`` seconds, over again when they are used up; ``flips`` the same for chances to flip;
- ``initial`` int8 (R,);
- words of purpose TELEGRAPH: slot = number of the dwell or step or draw of the read, draw index 0
  for dwell times, 1 for steps, 2 for uniforms; word 0 of purpose START for the initial state.

A dwell time is -log(u) with the 32-bit u of the stream: no dwell is longer than 22.9 mean dwell
times, which cuts off a tail of probability 1.2e-10. One thread of an AMD EPYC makes about 4e7
dwell times a second, counted and then stored, or 1e8 steps.
"""

from __future__ import annotations

import math
from typing import Any

from numba import float64, int8, int64, njit, uint64

from pbit.kernels.jit import kernel
from pbit.kernels.random.ars import random_words
from pbit.kernels.random.stream import START, TELEGRAPH, tag

DWELLS, STEPS, UNIFORMS = 0, 1, 2
_LOW = uint64(0xFFFFFFFF)
_UNIT = 2.0**-32


@njit(inline="always")
def _four(slots4: Any, read: Any, draw: Any, k0: Any, k1: Any) -> Any:
    """Four words of slots 4 * slots4 and on."""
    return random_words(
        uint64(slots4) & _LOW, uint64(0), uint64(read) & _LOW, tag(TELEGRAPH, 0, draw), k0, k1
    )


@njit(inline="always")
def _uniform(word: Any) -> Any:
    return (float64(word) + 0.5) * _UNIT


@njit(inline="always")
def _pick(words: Any, k: Any) -> Any:
    if k < 2:
        return words[0] if k == 0 else words[1]
    return words[2] if k == 2 else words[3]


@kernel
def fill_initial(initial: Any, chance_up: Any, first_read: Any, key0: Any, key1: Any) -> None:
    """int8 ``initial``: +1 with this chance, else -1."""
    k0, k1 = uint64(key0), uint64(key1)
    zero = uint64(0)
    for r in range(initial.size):
        read = uint64(first_read + r) & _LOW
        words = random_words(zero, zero, read, tag(START, 0, 0), k0, k1)
        initial[r] = int8(1) if _uniform(words[0]) < chance_up else int8(-1)


@kernel
def run_telegraph(
    rates: Any,
    times: Any,  # (segment_s, duration_s)
    initial: Any,
    offsets: Any,
    switches: Any,
    counts: Any,
    up_s: Any,
    first_read: Any,
    key0: Any,
    key1: Any,
) -> None:
    """Times of the switches of every read before ``duration_s``, read by read.

    ``counts`` int64 (R,) and ``up_s`` float64 (R,), time spent in +1, are always written;
    ``switches`` float64 (offsets[-1],) too unless it is empty: count first, then fill.
    """
    segment_s, duration_s = times
    k0, k1 = uint64(key0), uint64(key1)
    num_segments = rates.shape[0]
    keep = switches.size > 0
    for r in range(initial.size):
        up = initial[r] > 0
        segment, row, within, last = int64(0), int64(0), 0.0, 0.0
        dwell, total = int64(0), 0.0
        words = _four(0, first_read + r, DWELLS, k0, k1)
        while True:
            if dwell & 3 == 0 and dwell > 0:
                words = _four(dwell >> 2, first_read + r, DWELLS, k0, k1)
            hazard = -math.log(_uniform(_pick(words, dwell & 3)))
            column = 0 if up else 1
            rate = rates[row, column]
            while hazard > rate * (segment_s - within):
                hazard -= rate * (segment_s - within)
                segment, within = segment + 1, 0.0
                if segment * segment_s >= duration_s:
                    break
                row = row + 1 if row + 1 < num_segments else 0
                rate = rates[row, column]
            now = duration_s
            if segment * segment_s < duration_s:
                within += hazard / rate if rate > 0 else segment_s
                now = segment * segment_s + within
            if now >= duration_s:
                break
            if keep:
                switches[offsets[r] + dwell] = now
            total += now - last if up else 0.0
            last, up, dwell = now, not up, dwell + 1
        counts[r] = dwell
        up_s[r] = total + (duration_s - last if up else 0.0)


@kernel
def run_steps(flips: Any, initial: Any, states: Any, first_read: Any, key0: Any, key1: Any) -> None:
    """int8 ``states[r, k]`` after k + 1 steps; step k flips with chance ``flips[k % segments]``."""
    k0, k1 = uint64(key0), uint64(key1)
    num_segments = flips.shape[0]
    for r in range(initial.size):
        up = initial[r] > 0
        row = 0
        words = _four(0, first_read + r, STEPS, k0, k1)
        for step in range(states.shape[1]):
            if step & 3 == 0 and step > 0:
                words = _four(step >> 2, first_read + r, STEPS, k0, k1)
            chance = flips[row, 0 if up else 1]
            if _uniform(_pick(words, step & 3)) < chance:
                up = not up
            states[r, step] = int8(1) if up else int8(-1)
            row = row + 1 if row + 1 < num_segments else 0


@kernel
def fill_uniforms(uniforms: Any, first_read: Any, key0: Any, key1: Any) -> None:
    """float64 ``uniforms[r, k]`` in (0, 1), one 32-bit word each."""
    k0, k1 = uint64(key0), uint64(key1)
    for r in range(uniforms.shape[0]):
        words = _four(0, first_read + r, UNIFORMS, k0, k1)
        for k in range(uniforms.shape[1]):
            if k & 3 == 0 and k > 0:
                words = _four(k >> 2, first_read + r, UNIFORMS, k0, k1)
            uniforms[r, k] = _uniform(_pick(words, k & 3))
