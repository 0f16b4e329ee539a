"""Parallel tempering on the float kernels: every slot of the ladder is a lane of a block of reads.

Swaps exchange the temperatures of two lanes and leave the states where they are. Sweeps are those
of :mod:`pbit.kernels.sweeps.gibbs`, for pairs, terms of many spins or a full matrix; cluster moves
go through bits, one a pair of replicas, and :mod:`pbit.kernels.tempering.lane_moves`.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import int64, njit, uint64

from pbit.kernels.jit import kernel
from pbit.kernels.random.philox import round_keys
from pbit.kernels.sweeps.books import block_energies, exact_energy
from pbit.kernels.sweeps.gibbs import anneal_block
from pbit.kernels.tempering.exchange import clear, decide, gives_up
from pbit.kernels.tempering.lane_moves import POLLED, cluster_marks
from pbit.kernels.tempering.tempered_bits import draw_sites


@njit
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


@njit
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


@njit
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


@njit
def move_clusters(
    spins: Any, energies: Any, slots: Any, exact: Any, couplings: Any, word: Any, polled: Any,
    has_fields: Any, scratch: Any, shape: Any,
) -> None:  # fmt: skip
    """One cluster of each pair; all energies are summed anew."""
    pairs, full, q, marks, flip = scratch
    position = exact[2]
    count = _pair_up(slots, word, pairs)
    for w in range(full.size):
        left = count - 64 * w
        every = ~uint64(0)
        full[w] = every if left >= 64 else (uint64(1) << uint64(max(left, 0))) - uint64(1)
    _write_differences(spins, position, pairs, count, q)
    cluster_marks(q, couplings, full, polled, has_fields, (marks, flip), shape)
    _flip_marked(spins, position, pairs, marks)
    block_energies(spins, exact[0], exact[1], energies)


@njit
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


@kernel
def temper_lanes(
    spins: Any, model: Any, ladder: Any, plan: Any, stream: Any, best: Any, watch: Any, books: Any
) -> Any:
    """Heat-bath sweeps, cluster moves and swaps of one ladder; sweeps done.

    spins int8 (or float32, padded, for a matrix) (n, lanes), lanes a multiple of 16; model = (h,
    couplings, exact, slack, (indptr, indices), has_fields, shape) with the first three as in
    :func:`pbit.kernels.sweeps.gibbs.anneal_block`, the graph of spins that share a term, and a
    tuple with one entry for each 64 pairs of replicas; ladder = (betas (T,), scales F (T,), slots
    int64 (T, R): the lane of each slot, energies float64 (lanes,)); plan = (first sweep, last sweep
    + 1, sweeps between two cluster moves or 0, whether to swap, (sweep after which the run began,
    patience or 0)); stream = (read, key0, key1), a read taking as many numbers of reads as there
    are lanes; best = (energy float64 (1,), spins int8 (n,), sweep int64 (1,)); watch = (stop, beat,
    aim, trace (sweeps,) or (0,)); books as in :mod:`pbit.kernels.tempering.exchange`.
    """
    h, couplings, exact, slack, graph, has_fields, shape = model
    betas, levels, slots, energies = ladder
    first, last, cluster_every, swapping, (begun, patience) = plan
    read, key0, key1 = stream
    stop, beat, aim, trace = watch
    temperatures, replicas = slots.shape
    wanted, lanes = temperatures * replicas, spins.shape[1]
    n = best[1].size
    keys = round_keys(key0, key1)
    key = (uint64(key0), uint64(key1))
    scales = np.zeros((1, lanes), levels.dtype)
    ranked = np.zeros((temperatures, replicas))
    swaps = np.zeros((temperatures, replicas), np.uint8)
    uniforms = np.empty(-(-wanted // 64) * 64, np.uint32)
    polled = np.zeros(POLLED, np.int64)
    words = len(shape)
    size = n if cluster_every else 0
    scratch = (
        np.zeros((2, 64 * words), np.int64),
        np.zeros(words, np.uint64),
        np.zeros((size, words), np.uint64),
        np.zeros((size, words), np.uint64),
        np.zeros(words, np.uint64),
    )
    none = (np.zeros(lanes), np.zeros((0, lanes), spins.dtype), False, np.zeros(lanes, np.int64))
    unheard = (np.zeros(2), (-np.inf, 0.0), wanted, np.zeros(0))
    for t in range(temperatures):
        for r in range(replicas):
            scales[0, slots[t, r]] = levels[t]
    for sweep in range(first, last):
        anneal_block(
            spins,
            (h, couplings, exact),
            (scales, int64(1) << 62, False, 0, uint64(0), (sweep, sweep + 1)),
            (uint64(read * lanes), uint64(key0), uint64(key1)),
            (energies, none[0], none[1], none[2], none[3]),
            (stop, unheard[0], unheard[1], unheard[2], unheard[3]),
            None,
        )
        if none[3][0] != sweep + 1:
            return sweep
        if cluster_every and replicas > 1 and (sweep + 1) % cluster_every == 0:
            word = draw_sites(n, sweep, read, key, polled)
            move_clusters(
                spins, energies, slots, exact, graph, word, polled, has_fields, scratch, shape
            )
        lowest = _keep_lowest(spins, energies, wanted, slack, sweep, exact, best)
        beat[0] += wanted
        beat[1] = min(beat[1], lowest)
        if trace.size:
            trace[sweep] = lowest
        for t in range(temperatures):
            for r in range(replicas):
                ranked[t, r] = energies[slots[t, r]]
        if sweep == first:
            clear(ranked, books)
        parity = sweep & 1 if swapping else temperatures
        decide(betas, ranked, parity, (sweep, read, keys, uniforms), swaps, books)
        for t in range(temperatures - 1):
            for r in range(replicas):
                if swaps[t, r]:
                    here, there = slots[t, r], slots[t + 1, r]
                    slots[t, r], slots[t + 1, r] = there, here
                    scales[0, here], scales[0, there] = levels[t + 1], levels[t]
        if best[0][0] <= aim:
            stop[0] = 1
        if stop[0] or gives_up(sweep + 1, best[2][0], begun, patience):
            return sweep + 1
    return last
