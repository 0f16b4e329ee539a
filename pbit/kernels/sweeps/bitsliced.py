"""Bit-sliced updates for small-integer couplings: one bit a read, 64 reads a word.

A word holds one spin (bit 1: +1) of 64 reads; V words, 64 V reads, go through an update together.

1. The field. Neighbours that agree with their coupling are counted in bit planes by a ripple
   adder. The count starts at a constant that makes it ``d = (F - odd) / 2`` in two's complement,
   F being the field in units of the smallest coupling and ``odd`` its parity: the top plane is
   the sign of F, and ``m = d`` or ``m = ~d (+ 1)`` says how large |F| = 2 m + odd is.
2. The threshold. Read r goes against its field iff ``u_r < T_m``, T_m = 2**32 sigma(-2 beta |F|),
   u_r uniform in 0..2**32 - 1 and its own. Both are compared bit by bit from the top, for all
   reads at once; a read is decided at the first bit that differs, and the loop ends when all
   are. The probability is exact to 2**-33, and most random bits are never drawn.

Random bits: purpose BITS of :mod:`pbit.kernels.random.philox`; counter 0 is the site, counter 2 is
read // 128, the draw is the bit's position from the top, and bit read % 128 of the 128 output
bits is read's.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numba import int64, njit, uint64

from pbit.kernels.jit import kernel
from pbit.kernels.random.philox import round_keys
from pbit.kernels.sweeps.books import is_observed, observe
from pbit.kernels.vectors.bit_circuits import (
    DRAWS,
    add_agreements,
    pack_word,
    unpack_word,
    update_site,
)

_CHECK_EVERY = 1 << 24
_LOOK_EVERY = 64
_NO_AIM = -(2**63)


@njit
def _threshold(scale: Any, m: Any, odd: Any) -> Any:
    """``2**32 sigma(-scale (2 m + odd))``, to the nearest whole number."""
    work = scale * (2 * m + odd) if scale > 0 and 2 * m + odd > 0 else 0.0
    against = 1.0 / (1.0 + math.exp(min(work, 700.0)))
    return int64(math.floor(against * 4294967296.0 + 0.5))


@njit
def fill_thresholds(table: Any, scales: Any) -> Any:
    """Bits of the thresholds of all lanes, ``table[odd, draw, m, word]``; number of classes with
    any set. ``scales`` (1,) for all lanes or (64 V,)."""
    active = 1
    table[:] = 0
    lanes = 64 * table.shape[3]
    for odd in range(2):
        for m in range(table.shape[2]):
            for lane in range(scales.size):
                threshold = _threshold(scales[lane], m, odd)
                if threshold:
                    active = max(active, m + 1)
                for draw in range(DRAWS):
                    if (threshold >> (DRAWS - 1 - draw)) & 1:
                        if lanes == scales.size:
                            table[odd, draw, m, lane >> 6] |= int64(1) << int64(lane & 63)
                        else:
                            table[odd, draw, m] = -1
    return active


@njit
def _flush(counts: Any, energies: Any) -> None:
    for r in range(energies.size):
        energies[r] -= 2 * int64(counts[r])
        counts[r] = 0


@njit
def count_energies(
    spins: Any, forward: Any, books: Any, counts: Any, energies: Any, shape: Any
) -> None:
    """Energies in units, int64 (64 V,): all weights, less twice those of the edges that agree.

    books = (total weight, sites after which the counters are full).
    """
    total, flush_every = books
    for r in range(energies.size):
        energies[r] = total
        counts[r] = 0
    waiting = 0
    for site in range(spins.shape[0] - 1):
        add_agreements(spins, int64(site), forward, counts, shape)
        waiting += 1
        if waiting == flush_every:
            _flush(counts, energies)
            waiting = 0
    _flush(counts, energies)


@njit
def _keep_best(spins: Any, energies: Any, best_energies: Any, best_spins: Any) -> None:
    for w in range(spins.shape[1]):
        better = uint64(0)
        for bit in range(64):
            r = 64 * w + bit
            if energies[r] < best_energies[r]:
                best_energies[r] = energies[r]
                better |= uint64(1) << uint64(bit)
        if better:
            for i in range(spins.shape[0] if best_spins.shape[0] else 0):
                best_spins[i, w] = (spins[i, w] & better) | (best_spins[i, w] & ~better)


@njit
def lane_bits(first: Any, last: Any, words: Any) -> Any:
    """Words with the bits of reads first..last - 1 set: padding need not be decided."""
    lanes = np.zeros(words, np.uint64)
    for r in range(first, last):
        lanes[r // 64] |= uint64(1) << uint64(r % 64)
    return lanes


@njit
def sweep_sites(
    spins: Any,
    edges: Any,
    start: Any,
    odd: Any,
    thresholds: Any,
    stream: Any,
    stop: Any,
    shape: Any,
) -> Any:
    """Update every site once; whether the sweep came to its end."""
    words = spins.shape[1]
    since_check = 0
    for i in range(start.size):
        update_site(spins, int64(i), edges, (start[i], odd[i]), thresholds, stream, shape)
        since_check += 64 * words
        if since_check > _CHECK_EVERY:
            since_check = 0
            if stop[0]:
                return False
    return True


@njit
def _unpack(words: Any, spins: Any) -> None:
    flat = spins.reshape(-1)
    for i in range(spins.shape[0]):
        for w in range(words.shape[1]):
            unpack_word(words[i, w], flat, int64(i * spins.shape[1] + 64 * w))


@njit
def _observe(spins: Any, unit: Any, energies: Any, sweep: Any, observer: Any) -> None:
    if observer is not None and is_observed(sweep, observer):
        unpacked = np.empty((spins.shape[0] - 1, 64 * spins.shape[1]), np.int8)
        _unpack(spins, unpacked)
        observe(unpacked, unit * energies, sweep, observer)


@kernel
def anneal_bits(
    spins: Any, model: Any, plan: Any, stream: Any, tracked: Any, watch: Any, observer: Any
) -> None:
    """Fixed-order heat-bath sweeps of 64 V reads.

    spins uint64 (n + 1, V), the last row all ones: the other end of the fields; model = (edges,
    forward, start, odd, total, flush_every, shapes): edges for the fields, forward for the
    energies (each pair once, and the fields), total = sum of all weights; plan = (scales
    (num_betas, 1 or 64 V), sweeps_per_beta, unit) with scales = 2 beta unit; stream = (first
    block of 128 reads, key0, key1); tracked = (energies int64, best_energies int64, best_spins,
    keep_best, sweeps_done), energies in units; watch = (stop, beat, aim in units or the smallest
    int64, (first, last) lane that counts, trace); observer as in
    :func:`pbit.kernels.sweeps.books.observe`. Energies are looked at every 64 sweeps, or every
    sweep where it matters.
    """
    edges, forward, start, odd, total, flush_every, shapes = model
    scales, sweeps_per_beta, unit = plan
    block, key0, key1 = stream
    energies, best_energies, best_spins, keep_best, sweeps_done = tracked
    stop, beat, aim, wanted, trace = watch
    shape, forward_shape = shapes
    words = spins.shape[1]
    keys = round_keys(key0, key1)
    lanes = lane_bits(wanted[0], wanted[1], words)
    table = np.zeros((2, DRAWS, 2 ** (len(shape[0]) - 1), words), np.int64)
    counts = np.zeros(64 * words, np.uint8)
    every = 1 if keep_best or trace.size or aim > _NO_AIM else _LOOK_EVERY
    sweeps = scales.shape[0] * sweeps_per_beta
    active = 1
    if keep_best or not sweeps:
        count_energies(spins, forward, (total, flush_every), counts, energies, forward_shape)
        for r in range(energies.size):
            best_energies[r] = energies[r]
    for sweep in range(sweeps):
        if sweep % sweeps_per_beta == 0:
            active = fill_thresholds(table, scales[sweep // sweeps_per_beta])
        draws = (int64(sweep), block, keys, lanes)
        if not sweep_sites(spins, edges, start, odd, (table, int64(active)), draws, stop, shape):
            return
        for r in range(energies.size):
            sweeps_done[r] = sweep + 1
        beat[0] += wanted[1] - wanted[0]
        look = is_observed(sweep, observer)
        if (sweep + 1) % every == 0 or sweep + 1 == sweeps or stop[0] or look:
            count_energies(spins, forward, (total, flush_every), counts, energies, forward_shape)
            lowest = energies[wanted[0]]
            for r in range(wanted[0], wanted[1]):
                lowest = min(lowest, energies[r])
            beat[1] = min(beat[1], unit * lowest)
            if trace.size:
                trace[sweep] = min(trace[sweep], unit * lowest)
            if keep_best:
                _keep_best(spins, energies, best_energies, best_spins)
            if lowest <= aim:
                stop[0] = 1
            _observe(spins, unit, energies, sweep, observer)
        if stop[0]:
            return


@kernel
def pack(spins: Any, words: Any) -> None:
    """int8 spins (n, 64 V) of -1 and +1 into uint64 (n + 1, V), the last row all ones."""
    flat = spins.reshape(-1)
    for i in range(spins.shape[0]):
        for w in range(words.shape[1]):
            words[i, w] = pack_word(flat, int64(i * spins.shape[1] + 64 * w))
    words[spins.shape[0]] = ~uint64(0)


@kernel
def unpack(words: Any, spins: Any) -> None:
    """The inverse of :func:`pack`."""
    _unpack(words, spins)
