"""Parallel tempering on bit-sliced spins: every slot of the ladder is a lane, lane t R + r.

The thresholds of a lane never change: swaps move states, all of a sweep's swaps in one pass over
the spins, which costs less than the update of one neighbour would. See
:mod:`pbit.kernels.sweeps.bitsliced` for the updates, :mod:`pbit.kernels.tempering.exchange` for the
swaps and :mod:`pbit.kernels.tempering.lane_moves` for the cluster moves.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import int64, njit, uint64

from pbit.kernels.jit import kernel
from pbit.kernels.random.philox import CLUSTER, philox, round_keys, tag
from pbit.kernels.sweeps.bitsliced import (
    count_energies,
    fill_thresholds,
    lane_bits,
    sweep_sites,
)
from pbit.kernels.tempering.exchange import clear, decide, gives_up
from pbit.kernels.tempering.lane_moves import POLLED, cluster_move, exchange_lanes
from pbit.kernels.vectors.bit_circuits import DRAWS


@njit
def _pairing(replicas: Any, temperatures: Any, word: Any, mask: Any) -> Any:
    """Pairs of replicas r and r + k at every temperature, k drawn from 1..replicas // 2: the
    lower lane of each in ``mask``; k."""
    k = 1 + int64(word) % max(1, replicas // 2)
    mask[:] = 0
    for r in range(replicas - k):
        if (r // k) % 2 == 0:
            for t in range(temperatures):
                lane = t * replicas + r
                mask[lane >> 6] |= uint64(1) << uint64(lane & 63)
    return k


@njit
def draw_sites(n: Any, sweep: Any, read: Any, key: Any, out: Any) -> Any:
    """Random sites for ``out``, and one word more."""
    c1, c3 = uint64(sweep & 0xFFFFFFFF), tag(CLUSTER, sweep, 0)
    for k in range(0, out.size + 1, 4):
        words = philox(uint64(k >> 2), c1, uint64(read), c3, key[0], key[1])
        for q in range(4):
            if k + q < out.size:
                out[k + q] = (int64(words[q]) * n) >> 32
    return words[3]


@njit
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


@njit
def _mask_of(swaps: Any, mask: Any) -> None:
    mask[:] = 0
    lane = 0
    for t in range(swaps.shape[0]):
        for r in range(swaps.shape[1]):
            if swaps[t, r]:
                mask[lane >> 6] |= uint64(1) << uint64(lane & 63)
            lane += 1


@kernel
def temper_bits(
    spins: Any, model: Any, ladder: Any, plan: Any, stream: Any, best: Any, watch: Any, books: Any
) -> Any:
    """Heat-bath sweeps, cluster moves and swaps of one ladder; sweeps done.

    spins uint64 (n + 1, V), see :func:`pbit.kernels.sweeps.bitsliced.anneal_bits`; model = (edges,
    forward, start, odd, total, flush_every, shapes, unit, (indptr, indices), has_fields); ladder =
    (betas (T,), scales (64 V,) = 2 beta unit of each lane, R), T R <= 64 V, R < 64; plan = (first
    sweep, last sweep + 1, sweeps between two cluster moves or 0, whether to swap, (sweep
    after which the run began, patience or 0)); stream = (read,
    key0, key1), a read taking V / 2 blocks of the random bits; best = (energy int64 (1,) in units,
    spins int8 (n,), sweep int64 (1,)); watch = (stop, beat, aim in units, trace (sweeps,) or
    (0,)); books as in :mod:`pbit.kernels.tempering.exchange`.
    """
    edges, forward, start, odd, total, flush_every, shapes, unit, couplings, has_fields = model
    betas, scales, replicas = ladder
    first, last, cluster_every, swapping, (begun, patience) = plan
    read, key0, key1 = stream
    stop, beat, aim, trace = watch
    shape, forward_shape = shapes
    n, words = spins.shape[0] - 1, spins.shape[1]
    temperatures = betas.size
    wanted = temperatures * replicas
    keys = round_keys(key0, key1)
    key = (uint64(key0), uint64(key1))
    lanes = lane_bits(0, wanted, words)
    table = np.zeros((2, DRAWS, 2 ** (len(shape[0]) - 1), words), np.int64)
    active = fill_thresholds(table, scales)
    counts = np.zeros(64 * words, np.uint8)
    energies = np.zeros(64 * words, np.int64)
    levels = np.zeros((temperatures, replicas))
    swaps = np.zeros((temperatures, replicas), np.uint8)
    uniforms = np.empty(64 * words, np.uint32)
    mask = np.zeros(words, np.uint64)
    polled = np.zeros(POLLED, np.int64)
    size = n if cluster_every else 0
    scratch = (
        np.zeros((size, words), np.uint64),
        np.zeros((size, words), np.uint64),
        np.zeros(words, np.uint64),
    )
    for sweep in range(first, last):
        draws = (int64(sweep), int64(read * (words // 2)), keys, lanes)
        if not sweep_sites(spins, edges, start, odd, (table, int64(active)), draws, stop, shape):
            return sweep
        if cluster_every and replicas > 1 and (sweep + 1) % cluster_every == 0:
            word = draw_sites(n, sweep, read, key, polled)
            shift = _pairing(replicas, temperatures, word, mask)
            cluster_move(
                spins, couplings, (int64(shift), mask), polled, has_fields, scratch, shape[2]
            )
        count_energies(spins, forward, (total, flush_every), counts, energies, forward_shape)
        lowest = unit * _keep_lowest(spins, energies, wanted, sweep, best)
        beat[0] += wanted
        beat[1] = min(beat[1], lowest)
        if trace.size:
            trace[sweep] = lowest
        for t in range(temperatures):
            for r in range(replicas):
                levels[t, r] = unit * energies[t * replicas + r]
        if sweep == first:
            clear(levels, books)
        parity = sweep & 1 if swapping else temperatures
        decide(betas, levels, parity, (sweep, read, keys, uniforms), swaps, books)
        _mask_of(swaps, mask)
        exchange_lanes(spins, mask, replicas, shape[2])
        if best[0][0] <= aim:
            stop[0] = 1
        if stop[0] or gives_up(sweep + 1, best[2][0], begun, patience):
            return sweep + 1
    return last
