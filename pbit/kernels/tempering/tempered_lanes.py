"""Parallel tempering on the float kernels: every slot of the ladder is a lane of a block of reads.

Swaps exchange the temperatures of two lanes and leave the states where they are. Sweeps are those
of :mod:`pbit.kernels.sweeps.gibbs`, for pairs, terms of many spins or a full matrix; cluster moves
go through bits, one a pair of replicas, and :mod:`pbit.kernels.tempering.lane_moves`.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numba import int64, njit, uint64

from pbit.kernels.jit import bare_kernel, inner
from pbit.kernels.sweeps import gibbs
from pbit.kernels.sweeps.books import RESUM, exact_energy, sum_anew, sum_block
from pbit.kernels.sweeps.gibbs import sweep_block
from pbit.kernels.sweeps.records import Stream
from pbit.kernels.tempering.exchange import Books, Exchange, clear, decide, gives_up
from pbit.kernels.tempering.lane_moves import cluster_marks
from pbit.kernels.tempering.records import Best, Clusters, Graph, Plan, Watch
from pbit.kernels.tempering.tempered_bits import draw_sites, is_due


@inner
def _pair_up(slots: Any, word: Any, pairs: Any) -> Any:
    """Lanes of replicas r and r + k at every temperature, k drawn from 1..R // 2; their number."""
    temperatures, replicas = slots.shape
    k = 1 + int64(word) % max(1, replicas // 2)
    count = 0
    for t in range(temperatures):
        for r in range(replicas - k):
            if (r // k) % 2 == 0:
                pairs[0, count] = slots[t, r]
                pairs[1, count] = slots[t, r + k]
                count += 1
    return count


@inner
def _write_differences(spins: Any, position: Any, pairs: Any, count: Any, q: Any) -> None:
    """Bit p of row i of q: whether the two lanes of pair p differ at site i."""
    for i in range(q.shape[0]):
        row = spins[position[i]]
        for w in range(q.shape[1]):
            bits = uint64(0)
            for p in range(64 * w, min(64 * w + 64, count)):
                apart = row[pairs[0, p]] != row[pairs[1, p]]
                bits |= uint64(apart) << uint64(p & 63)
            q[i, w] = bits


@inner
def _flip_marked(spins: Any, position: Any, pairs: Any, marks: Any) -> None:
    for i in range(marks.shape[0]):
        row = spins[position[i]]
        for w in range(marks.shape[1]):
            bits, p = marks[i, w], 64 * w
            while bits:
                if bits & uint64(1):
                    row[pairs[0, p]] = -row[pairs[0, p]]
                    row[pairs[1, p]] = -row[pairs[1, p]]
                bits >>= uint64(1)
                p += 1


@njit(inline="always")
def move_clusters(
    spins: Any, ladder: Any, exact: Any, graph: Any, word: Any, clusters: Any, sums: Any,
    shape: Any,
) -> None:  # fmt: skip
    """One cluster of each pair; all energies are summed anew."""
    h, couplings, position = exact
    full, pairs = clusters.mask, clusters.pairs
    count = _pair_up(ladder.slots, word, pairs)
    for w in range(full.size):
        left = count - 64 * w
        every = ~uint64(0)
        full[w] = every if left >= 64 else (uint64(1) << uint64(max(left, 0))) - uint64(1)
    _write_differences(spins, position, pairs, count, clusters.q)
    cluster_marks(graph, clusters, shape)
    _flip_marked(spins, position, pairs, clusters.marks)
    sum_block(spins, h, couplings, ladder.energies, sums)


@inner
def _keep_lowest(
    spins: Any, energies: Any, wanted: Any, slack: Any, sweep: Any, exact: Any, best: Any
) -> Any:
    """Keep the state of a lane that is lower than ever; the lowest tracked energy now."""
    best_energy, best_spins, best_sweep = best
    lane = 0
    for k in range(wanted):
        if energies[k] < energies[lane]:
            lane = k
    # Tracked energies only nominate: rounding must not make the best one worse.
    if energies[lane] < best_energy[0] + slack:
        energy = exact_energy(spins, lane, exact)
        energies[lane] = energy
        if energy < best_energy[0]:
            best_energy[0] = energy
            best_sweep[0] = sweep + 1
            position = exact[2]
            for i in range(best_spins.size):
                best_spins[i] = 1 if spins[position[i], lane] > 0 else -1
    return energies[lane]


class Lanes(NamedTuple):
    """A model: ``h``, ``couplings`` and ``exact`` as in
    :func:`pbit.kernels.sweeps.gibbs.anneal_block`; ``slack``: what rounding may leave in a tracked
    energy; ``shape``, a tuple with one entry for each 64 pairs of replicas; ``metropolis``: True,
    or None for the heat bath."""

    h: Any
    couplings: Any
    exact: Any
    slack: float
    shape: Any
    metropolis: bool | None


class Ladder(NamedTuple):
    """``betas`` (T,), from hot to cold, and their scales F (T,); ``slots`` int64 (T, R): the lane
    of each; ``energies`` float64 (lanes,)."""

    betas: Any
    scales: Any
    slots: Any
    energies: Any


class Scratch(NamedTuple):
    """Memory of a ladder: that of its sweeps and swaps; ``sums`` float64 (4, lanes)."""

    sweeps: Any
    exchange: Any
    sums: Any


def temper_lanes(
    spins: Any,
    model: Lanes,
    graph: Graph,
    ladder: Ladder,
    plan: Plan,
    stream: Stream,
    best: Best,
    watch: Watch,
    books: Books,
) -> int:
    """Sweeps, cluster moves and swaps of one ladder; sweeps done.

    spins int8 (or float32, padded, for a matrix) (n, lanes), lanes a multiple of 16; a read of the
    stream takes as many numbers of reads as there are lanes.
    """
    n, lanes = best.spins.size, spins.shape[1]
    sweeps = gibbs.Scratch.of(lanes, stream, ladder.scales.dtype)
    sweeps.row[:] = 0
    sweeps.row[ladder.slots] = ladder.scales[:, None]
    scratch = Scratch(sweeps, Exchange.of(*ladder.slots.shape), np.empty((4, lanes)))
    moves = plan.cluster_every or not isinstance(model.couplings, np.ndarray)  # mostly asked for
    clusters = Clusters.of(n, len(model.shape)) if moves else None
    return int(
        _temper_lanes(
            spins, model, graph, ladder, plan, stream, best, watch, books, scratch, clusters
        )
    )


@bare_kernel
def _temper_lanes(
    spins: Any,
    model: Any,
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
    """The same with scratch; if ``clusters`` is None, moves of clusters are not compiled."""
    h, couplings, exact, slack, shape, metropolis = model
    betas, levels, slots, energies = ladder
    stop, beat, trace = watch.stop, watch.beat, watch.trace
    sweeps, exchange, sums = scratch
    row, keys, ranked, swaps = sweeps.row, sweeps.keys, exchange.energies, exchange.swaps
    temperatures, replicas = slots.shape
    wanted, read = temperatures * replicas, stream.read
    for sweep in range(plan.first, plan.last):
        number = (sweep, read * spins.shape[1])
        if not sweep_block(spins, h, couplings, number, metropolis, energies, stop, sweeps):
            return sweep
        if sweep & RESUM == RESUM:
            sum_anew(spins, energies, exact)
        if clusters is not None:
            if is_due(plan.cluster_every, replicas, sweep):
                word = draw_sites(best.spins.size, sweep, stream, clusters.polled)
                move_clusters(spins, ladder, exact, graph, word, clusters, sums, shape)
        lowest = _keep_lowest(spins, energies, wanted, slack, sweep, exact, best)
        beat[0] += wanted
        beat[1] = min(beat[1], lowest)
        if trace.size:
            trace[sweep] = lowest
        for t in range(temperatures):
            for r in range(replicas):
                ranked[t, r] = energies[slots[t, r]]
        if sweep == plan.first:
            clear(ranked, books)
        parity = sweep & 1 if plan.swapping else temperatures
        decide(betas, parity, (sweep, read, keys), exchange, books)
        for t in range(temperatures - 1):
            for r in range(replicas):
                if swaps[t, r]:
                    here, there = slots[t, r], slots[t + 1, r]
                    slots[t, r], slots[t + 1, r] = there, here
                    row[here], row[there] = levels[t + 1], levels[t]
        if best.energy[0] <= watch.aim:
            stop[0] = 1
        if stop[0] or gives_up(sweep + 1, best.sweep[0], plan.begun, plan.patience):
            return sweep + 1
    return plan.last
