"""Parallel tempering on bit-sliced spins: every slot of the ladder is a lane, lane t R + r.

The thresholds of a lane never change: swaps move states, all of a sweep's swaps in one pass over
the spins, which costs less than the update of one neighbour would. See
:mod:`pbit.kernels.sweeps.bitsliced` for the updates, :mod:`pbit.kernels.tempering.exchange` for the
swaps and :mod:`pbit.kernels.tempering.lane_moves` for the cluster moves.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numba import int64, uint64

from pbit.kernels.jit import bare_kernel, inner
from pbit.kernels.random.ars import random_words
from pbit.kernels.random.stream import CLUSTER, tag
from pbit.kernels.sweeps import bitsliced
from pbit.kernels.sweeps.bitsliced import Edges, count_energies, fill_thresholds, sweep_sites
from pbit.kernels.sweeps.records import Stream
from pbit.kernels.tempering.exchange import Books, Exchange, clear, decide, gives_up
from pbit.kernels.tempering.lane_moves import cluster_move, exchange_lanes
from pbit.kernels.tempering.records import Best, Clusters, Graph, Plan, Watch


@inner
def _pairing(replicas: Any, temperatures: Any, word: Any, mask: Any) -> Any:
    """Pairs of replicas r and r + k at every temperature, k drawn from 1..replicas // 2: the
    lower lane of each in ``mask``; k."""
    k = 1 + int64(word) % max(1, replicas // 2)
    for w in range(mask.size):
        mask[w] = 0
    for r in range(replicas - k):
        if (r // k) % 2 == 0:
            for t in range(temperatures):
                lane = t * replicas + r
                mask[lane >> 6] |= uint64(1) << uint64(lane & 63)
    return k


@inner
def is_due(cluster_every: Any, replicas: Any, sweep: Any) -> Any:
    """Whether clusters are moved after this sweep."""
    return cluster_every > 0 and replicas > 1 and (sweep + 1) % max(1, cluster_every) == 0


@inner
def draw_sites(n: Any, sweep: Any, stream: Any, out: Any) -> Any:
    """Random sites for ``out``, and one word more."""
    read, key0, key1 = uint64(stream.read), uint64(stream.key0), uint64(stream.key1)
    c1, c3 = uint64(sweep & 0xFFFFFFFF), tag(CLUSTER, sweep, 0)
    for k in range(0, out.size + 1, 4):
        words = random_words(uint64(k >> 2), c1, read, c3, key0, key1)
        for q in range(4):
            if k + q < out.size:
                out[k + q] = (int64(words[q]) * n) >> 32
    return words[3]


@inner
def _keep_lowest(spins: Any, energies: Any, wanted: Any, sweep: Any, best: Any) -> Any:
    """Keep the state of a lane lower than ever; the lowest energy now."""
    best_energy, best_spins, best_sweep = best
    lane = 0
    for k in range(wanted):
        if energies[k] < energies[lane]:
            lane = k
    if energies[lane] < best_energy[0]:
        best_energy[0] = energies[lane]
        best_sweep[0] = sweep + 1
        word, bit = lane >> 6, uint64(lane & 63)
        for i in range(best_spins.size):
            best_spins[i] = 1 if (spins[i, word] >> bit) & uint64(1) else -1
    return energies[lane]


@inner
def _mask_of(swaps: Any, mask: Any) -> None:
    for w in range(mask.size):
        mask[w] = 0
    lane = 0
    for t in range(swaps.shape[0]):
        for r in range(swaps.shape[1]):
            if swaps[t, r]:
                mask[lane >> 6] |= uint64(1) << uint64(lane & 63)
            lane += 1


class Ladder(NamedTuple):
    """``betas`` (T,), from hot to cold, ``scales`` (64 V,) = 2 beta unit of each lane; R replicas
    at each beta, T R <= 64 V and R < 64; ``unit``: the smallest coupling."""

    betas: Any
    scales: Any
    replicas: int
    unit: float


class Scratch(NamedTuple):
    """Memory of a ladder: that of its sweeps, ``energies`` int64 (64 V,) in units, swaps and
    ``mask`` uint64 (V,)."""

    sweeps: Any
    energies: Any
    exchange: Any
    mask: Any


def temper_bits(
    spins: Any,
    edges: Edges,
    graph: Graph,
    ladder: Ladder,
    plan: Plan,
    stream: Stream,
    best: Best,
    watch: Watch,
    books: Books,
) -> int:
    """Sweeps, cluster moves and swaps of one ladder; sweeps done.

    spins uint64 (n + 1, V), see :func:`pbit.kernels.sweeps.bitsliced.anneal_bits`; a read of the
    stream takes V / 2 blocks of the random bits; energies of ``best`` and ``watch`` in units.
    """
    n, words = spins.shape[0] - 1, spins.shape[1]
    temperatures = ladder.betas.size
    sweeps = bitsliced.Scratch.of(edges, stream, (0, temperatures * ladder.replicas))
    scratch = Scratch(
        sweeps,
        np.zeros(64 * words, np.int64),
        Exchange.of(temperatures, ladder.replicas),
        np.zeros(words, np.uint64),
    )
    clusters = Clusters.of(n if plan.cluster_every else 0, words)
    return int(
        _temper_bits(
            spins, edges, graph, ladder, plan, stream, best, watch, books, scratch, clusters
        )
    )


@bare_kernel
def _temper_bits(
    spins: Any,
    edges: Any,
    graph: Any,
    ladder: Any,
    plan: Any,
    stream: Any,
    best: Any,
    watch: Any,
    books: Any,
    scratch: Any,
    clusters: Any,
) -> Any:
    """The same with scratch."""
    betas, scales, replicas, unit = ladder
    stop, beat, trace = watch.stop, watch.beat, watch.trace
    keys, lanes, table, counts, _ = scratch.sweeps
    _, energies, exchange, mask = scratch
    levels, shape, read = exchange.energies, edges.shapes[0][2], stream.read
    n, words = spins.shape[0] - 1, spins.shape[1]
    temperatures = betas.size
    active = fill_thresholds(table, scales, edges.shapes[0][3])
    for sweep in range(plan.first, plan.last):
        draws = (int64(sweep), int64(read * (words // 2)), keys, lanes)
        if not sweep_sites(spins, edges, (table, int64(active)), draws, stop):
            return sweep
        if is_due(plan.cluster_every, replicas, sweep):
            word = draw_sites(n, sweep, stream, clusters.polled)
            shift = _pairing(replicas, temperatures, word, clusters.mask)
            cluster_move(spins, graph, int64(shift), clusters, shape)
        count_energies(spins, edges, counts, energies)
        lowest = unit * _keep_lowest(spins, energies, temperatures * replicas, sweep, best)
        beat[0] += temperatures * replicas
        beat[1] = min(beat[1], lowest)
        if trace.size:
            trace[sweep] = lowest
        for t in range(temperatures):
            for r in range(replicas):
                levels[t, r] = unit * energies[t * replicas + r]
        if sweep == plan.first:
            clear(levels, books)
        parity = sweep & 1 if plan.swapping else temperatures
        decide(betas, parity, (sweep, read, keys), exchange, books)
        _mask_of(exchange.swaps, mask)
        exchange_lanes(spins, mask, replicas, shape)
        if best.energy[0] <= watch.aim:
            stop[0] = 1
        if stop[0] or gives_up(sweep + 1, best.sweep[0], plan.begun, plan.patience):
            return sweep + 1
    return plan.last
