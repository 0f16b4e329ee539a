"""Bit-sliced updates for small whole weights: one bit a read, 64 reads a word.

A word holds one spin (bit 1: +1) of 64 reads; V words, 64 V reads, go through an update together.

1. The field. Edges that are for spin up are counted in bit planes by a ripple adder; an edge to a
   product of many spins is an xor of their bits. The count starts at a constant that makes it
   ``d = (F - odd) / 2`` in two's complement, F being the field in units of the smallest coupling
   and ``odd`` its parity: the top plane is the sign of F, and ``m = d`` or ``m = ~d (+ 1)`` says
   how large |F| = 2 m + odd is.
2. The threshold. Read r goes against its field iff ``u_r < T_m``, T_m = 2**32 sigma(-2 beta |F|),
   u_r uniform in 0..2**32 - 1 and its own. Both are compared bit by bit from the top, for all
   reads at once; a read is decided at the first bit that differs, and the loop ends when all
   are. The probability is exact to 2**-33, and most random bits are never drawn.
   Metropolis: only a read along its field asks, T_m = 2**32 exp(-2 beta |F|), at most 2**32 - 1
   and so exact to 2**-32; one against its field turns round.

Random bits: purpose BITS of :mod:`pbit.kernels.random.stream`; counter 0 is the site, counter 2 is
read // 128, the draw is the bit's position from the top, and bit read % 128 of the 128 output
bits is read's.
"""

from __future__ import annotations

import math
from typing import Any, NamedTuple

import numpy as np
from numba import int64, uint64

from pbit.kernels.jit import bare_kernel, inner
from pbit.kernels.random.ars import key_schedule
from pbit.kernels.sweeps.books import is_observed, observe
from pbit.kernels.sweeps.records import Observer, Stream, Tracked, Watch
from pbit.kernels.vectors.bit_circuits import (
    DRAWS,
    add_agreements,
    pack_word,
    unpack_word,
    update_site,
)

CHECK_EVERY = 1 << 24
_LOOK_EVERY = 64
_NO_AIM = -(2**63)


@inner
def work_against(scale: Any, m: Any, odd: Any) -> Any:
    """``scale (2 m + odd)``: beta times the energy that it costs to go against a field."""
    return scale * (2 * m + odd) if scale > 0 and 2 * m + odd > 0 else 0.0


@inner
def threshold(work: Any, metropolis: Any) -> Any:
    """``2**32 sigma(-work)``, or Metropolis' ``2**32 exp(-work)``, to the nearest whole number
    below 2**32."""
    weight = math.exp(min(work, 700.0))
    against = 1.0 / (1.0 + weight) if metropolis is None else 1.0 / weight
    return min(int64(math.floor(against * 4294967296.0 + 0.5)), int64(0xFFFFFFFF))


@inner
def fill_thresholds(table: Any, scales: Any, metropolis: Any) -> Any:
    """Bits of the thresholds of all lanes, ``table[odd, draw, m, word]``; number of classes with
    any set. ``scales`` (1,) for all lanes or (64 V,); ``metropolis`` None for the heat bath."""
    active = 1
    lanes = 64 * table.shape[3]
    for odd in range(2):
        for draw in range(DRAWS):
            for m in range(table.shape[2]):
                for w in range(table.shape[3]):
                    table[odd, draw, m, w] = 0
    for odd in range(2):
        for m in range(table.shape[2]):
            for lane in range(scales.size):
                limit = threshold(work_against(scales[lane], m, odd), metropolis)
                if limit:
                    active = max(active, m + 1)
                for draw in range(DRAWS):
                    if (limit >> (DRAWS - 1 - draw)) & 1:
                        if lanes == scales.size:
                            table[odd, draw, m, lane >> 6] |= int64(1) << int64(lane & 63)
                        else:
                            for w in range(table.shape[3]):
                                table[odd, draw, m, w] = -1
    return active


@inner
def flush_agreements(counts: Any, energies: Any) -> None:
    """Take the energies of edges that agree, which were counted, off those of all."""
    for r in range(energies.size):
        energies[r] -= 2 * int64(counts[r])
        counts[r] = 0


@inner
def count_energies(spins: Any, edges: Any, counts: Any, energies: Any) -> None:
    """Energies in units, int64 (64 V,): all weights, less twice those of the edges that agree."""
    for r in range(energies.size):
        energies[r] = edges.total
        counts[r] = 0
    waiting = 0
    for site in range(spins.shape[0] - 1):
        add_agreements(spins, int64(site), edges.energies, counts, edges.shapes[1])
        waiting += 1
        if waiting == edges.flush_every:
            flush_agreements(counts, energies)
            waiting = 0
    flush_agreements(counts, energies)


@inner
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


@inner
def sweep_sites(spins: Any, edges: Any, thresholds: Any, draws: Any, stop: Any) -> Any:
    """Update every site once; whether the sweep came to its end."""
    start, odd = edges.start, edges.odd
    since_check = 0
    for i in range(start.size):
        constants = (start[i], odd[i])
        update_site(spins, int64(i), edges.fields, constants, thresholds, draws, edges.shapes[0])
        since_check += 64 * spins.shape[1]
        if since_check > CHECK_EVERY:
            since_check = 0
            if stop[0]:
                return False
    return True


@inner
def _pack(flat: Any, words: Any) -> None:
    sites, count = words.shape
    for w in range(count):
        for i in range(sites - 1):
            words[i, w] = pack_word(flat, int64(64 * (i * count + w)))
        words[sites - 1, w] = ~uint64(0)


@inner
def _unpack(words: Any, flat: Any) -> None:
    sites, count = words.shape
    for i in range(sites - 1):
        for w in range(count):
            unpack_word(words[i, w], flat, int64(64 * (i * count + w)))


class Edges(NamedTuple):
    """A model in bit planes: edge lists (indices, signs, pointers, ends) for the fields and, each
    edge once, for the energies; the constants of each site's adder; the sum of all weights; sites
    after which the counters are full; as lengths of tuples, planes, bits and words of both, and
    whether fields are for Metropolis (True, or None)."""

    fields: Any
    energies: Any
    start: Any
    odd: Any
    total: int
    flush_every: int
    shapes: Any


class Scratch(NamedTuple):
    """Memory of 64 V reads: ``keys`` int64 (16,), the round keys; ``lanes`` uint64 (V,), bits of
    the reads that count, as padding need not be decided; ``table`` int64, the thresholds;
    ``counts`` uint8 (64 V,); ``levels`` float64 (64 V,), energies for the observer."""

    keys: Any
    lanes: Any
    table: Any
    counts: Any
    levels: Any

    @classmethod
    def of(cls, edges: Edges, stream: Any, wanted: tuple[int, int]) -> Scratch:
        """For reads first to last - 1 of ``wanted``."""
        planes, _, words = (len(part) for part in edges.shapes[0][:3])
        bits = np.zeros(64 * words, np.uint8)
        bits[slice(*wanted)] = 1
        return cls(
            keys=key_schedule(*stream[1:]),
            lanes=np.packbits(bits, bitorder="little").view("<u8").astype(np.uint64),
            table=np.zeros((2, DRAWS, 2 ** (planes - 1), words), np.int64),
            counts=np.zeros(64 * words, np.uint8),
            levels=np.zeros(64 * words),
        )


class Plan(NamedTuple):
    """``scales`` float64 (num_betas, 1 or 64 V) = 2 beta unit; ``unit``: the smallest coupling."""

    scales: Any
    sweeps_per_beta: int
    unit: float


def anneal_bits(
    spins: Any,
    edges: Edges,
    plan: Plan,
    stream: Stream,
    tracked: Tracked,
    watch: Watch,
    observer: Observer,
) -> None:
    """Fixed-order sweeps of 64 V reads.

    spins int8 (n, 64 V), which end as the best ones if ``tracked.keeps_best``; the stream begins
    with a block of 128 reads; energies are int64, in units; so is the aim, the smallest int64 if
    there is none; wanted = (first, last) lane that counts. Energies are looked at every 64 sweeps,
    or every sweep where it matters.
    """
    scratch = Scratch.of(edges, stream, watch.wanted)
    words = np.empty((len(spins) + 1, len(scratch.lanes)), np.uint64)
    packed = (spins.reshape(-1), words, np.empty_like(words) if tracked.keeps_best else words[:0])
    _anneal_bits(spins, packed, edges, plan, stream, tracked, watch, observer, scratch)


@bare_kernel
def _anneal_bits(
    spins: Any,
    packed: Any,
    edges: Any,
    plan: Any,
    stream: Any,
    tracked: Any,
    watch: Any,
    observer: Any,
    scratch: Any,
) -> None:
    scales, sweeps_per_beta, unit = plan
    flat, words, best = packed
    energies, best_energies, _, keeps_best, sweeps_done = tracked
    stop, beat, aim, (first, last), trace = watch
    keys, lanes, table, counts, levels = scratch
    every = 1 if keeps_best or trace.size or aim > _NO_AIM else _LOOK_EVERY
    sweeps, metropolis = scales.shape[0] * sweeps_per_beta, edges.shapes[0][3]
    active = 1
    _pack(flat, words)
    if keeps_best or not sweeps:
        count_energies(words, edges, counts, energies)
        for r in range(energies.size):
            best_energies[r] = energies[r]
    for i in range(best.shape[0]):
        for w in range(best.shape[1]):
            best[i, w] = words[i, w]
    for sweep in range(sweeps):
        if sweep % sweeps_per_beta == 0:
            active = fill_thresholds(table, scales[sweep // sweeps_per_beta], metropolis)
        draws = (int64(sweep), stream.read, keys, lanes)
        if not sweep_sites(words, edges, (table, int64(active)), draws, stop):
            break
        for r in range(energies.size):
            sweeps_done[r] = sweep + 1
        beat[0] += last - first
        look = is_observed(sweep, observer)
        if (sweep + 1) % every == 0 or sweep + 1 == sweeps or stop[0] or look:
            count_energies(words, edges, counts, energies)
            lowest = energies[first]
            for r in range(first, last):
                lowest = min(lowest, energies[r])
            beat[1] = min(beat[1], unit * lowest)
            if trace.size:
                trace[sweep] = min(trace[sweep], unit * lowest)
            if keeps_best:
                _keep_best(words, energies, best_energies, best)
            if lowest <= aim:
                stop[0] = 1
            if look:
                _unpack(words, flat)
                for r in range(energies.size):
                    levels[r] = unit * energies[r]
                observe(spins, levels, sweep, observer)
        if stop[0]:
            break
    _unpack(best if keeps_best else words, flat)


def pack(spins: Any, words: Any) -> None:
    """int8 spins (n, 64 V) of -1 and +1 into uint64 (n + 1, V), the last row all ones."""
    bits = np.packbits(spins.reshape(-1) > 0, bitorder="little")
    words[:-1] = bits.view("<u8").reshape(len(spins), -1)
    words[-1] = ~np.uint64(0)


def unpack(words: Any, spins: Any) -> None:
    """The inverse of :func:`pack`."""
    ordered = words[:-1].astype("<u8", copy=False).reshape(-1).view(np.uint8)
    bits = np.unpackbits(ordered, bitorder="little").view(np.int8)
    np.subtract(2 * bits.reshape(spins.shape), 1, out=spins)
