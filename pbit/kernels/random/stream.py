"""The random stream: ``u = F(seed; slot, sweep, read, purpose)``, layout 2.

Every 32-bit word is a pure function of what it is used for, so that threads, blocks of reads,
resumed runs and other machines all see the same words:

========  ==========================================================================
key       64-bit seed, low word first: the lower half of the first round's key
counter 0 slot // 4; slot = position of the update in its sweep (= site in fixed order)
counter 1 sweep, low 32 bits
counter 2 read
counter 3 purpose (4 bits) | sweep, bits 32-43 (12 bits) | draw index (16 bits)
word      slot % 4 of the four output words
========  ==========================================================================

Counter and words are a block of AES, word 0 first, each its lowest byte first; what makes words of
counters is in :mod:`pbit.kernels.random.ars`.

The bit-sliced kernel needs single bits of many reads (purpose BITS): counter 0 is the slot,
counter 2 is read // 128, the draw index is the position of the bit from the top, and read % 128
picks one of the 128 output bits, lowest first. Slices of imaginary time are lanes in the place of
reads, and the slot is site P + p (:mod:`pbit.kernels.imaginary_time.layout`).

A change of this layout changes every result: raise LAYOUT and say so in the CHANGELOG.
"""

from __future__ import annotations

from typing import Any

from numba import njit, uint64

from pbit.kernels.jit import inner
from pbit.kernels.random.ars import random_words

LAYOUT = 2
RNG = f"ars-7, layout {LAYOUT}"

UPDATE = 0  # the threshold of a spin update
START = 1  # random initial spins
ORDER = 2  # which spin comes next, in random order
BITS = 3  # bits of thresholds compared bit by bit (kernels/bitsliced.py)
EVENT = 4  # waiting time, p-bit, threshold and a spare one of an event in continuous time
CHIP = 5  # what a p-bit or an edge of a chip is like; the first state of a shift register
NOISE = 8  # noise on an input
TELEGRAPH = 6  # dwell times, steps and conductances of single devices (kernels/telegraph.py)
THERMAL = 7  # thermal field of a macrospin: words 0 and 1 make x and y, words 2 and 3 z
EXCHANGE = 9  # whether two temperatures exchange their states
CLUSTER = 10  # where a cluster move begins, and who is paired
OSCILLATOR = 11  # noise on coupled oscillators, their first phases, inputs of reservoirs
WORLDLINE = 12  # cuts and pieces of a worldline in imaginary time
LOOP = 13  # where worldlines are broken up into loops, and which loops turn over
SPACE_TIME = 14  # cuts, bonds and clusters of worldlines in space and time
SYNAPSE = 15  # what a synapse device is like, and what its pulses do (devices/synapses/draws.py)

_LOW = uint64(0xFFFFFFFF)
_32 = uint64(32)


@njit(inline="always")
def tag(purpose: Any, sweep: Any, draw: Any) -> Any:
    """Counter word 3."""
    high = (uint64(sweep) >> _32) & uint64(0xFFF)
    return (uint64(purpose) << uint64(28)) | (high << uint64(16)) | uint64(draw)


@inner
def fill_words(
    words: Any, slots4: Any, sweep: Any, read0: Any, purpose: Any, k0: Any, k1: Any
) -> None:
    """uint32 ``words[q, r]`` = word of slot ``4 * slots4 + q`` for read ``read0 + r``."""
    c0 = uint64(slots4)
    c1 = uint64(sweep) & _LOW
    c3 = tag(purpose, sweep, 0)
    first = uint64(read0)
    for r in range(words.shape[1]):
        a, b, c, d = random_words(c0, c1, (first + uint64(r)) & _LOW, c3, k0, k1)
        words[0, r] = a
        words[1, r] = b
        words[2, r] = c
        words[3, r] = d
