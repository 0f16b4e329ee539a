"""One read of a large sparse graph: colour after colour, sixteen spins at a time, many threads.

Spins are stored in the order of their updates (slots): colour by colour. Spins of one colour are
not coupled, so that updating them together is the same as one after the other, and the reads are
those of :mod:`pbit.kernels.sweeps.gibbs` in the same order, bit for bit, for any number of threads.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import int64, njit

from pbit.kernels.jit import kernel
from pbit.kernels.random.philox import UPDATE, round_keys, tag
from pbit.kernels.random.philox_lanes import fill_slots
from pbit.kernels.sweeps.books import close_sweep
from pbit.kernels.sweeps.lanes import LANES
from pbit.kernels.sweeps.meeting import pass_gate
from pbit.kernels.sweeps.slices import update_slice_heat_bath, update_slice_metropolis

CHUNK = 1024  # spins whose costs are summed on their own; the unit of work of a thread
_BUFFER = CHUNK + 2 * 64
_CHECK_EVERY = 256  # chunks


@njit
def _update_chunk(
    spins: Any, model: Any, place: Any, draws: Any, scale: Any, metropolis: Any, scratch: Any
) -> Any:
    """Update slots first..last - 1, of which ``slice0`` is the first slice; what it cost."""
    h, bounds, neighbours, weights = model
    first, last, slice0 = place
    sweep, read, keys = draws
    words, change = scratch
    base = first & ~63
    for slot in range(base, last, 64):
        counter = (int64(slot >> 2), int64(sweep & 0xFFFFFFFF), read, int64(tag(UPDATE, sweep, 0)))
        fill_slots(words, int64(slot - base), counter, keys)
    change[:] = 0
    t = slice0
    for slot in range(first, last, LANES):
        numbers = (bounds[t], bounds[t + 1], int64(slot - base), int64(last - slot), scale)
        if metropolis:
            update_slice_metropolis(
                spins, int64(slot), h, neighbours, weights, words, change, numbers
            )
        else:
            update_slice_heat_bath(
                spins, int64(slot), h, neighbours, weights, words, change, numbers
            )
        t += 1
    total = 0.0
    for lane in range(LANES):
        total += change[lane]
    return total


@kernel
def anneal_colors(
    spins: Any,
    model: Any,
    plan: Any,
    stream: Any,
    tracked: Any,
    watch: Any,
    observer: Any,
    team: Any,
) -> None:
    """Sweeps of one read, colour by colour; the part of one thread of a team.

    spins int8 (n + 16, 1) by slot; model = (h (n + 16,), slices, exact) with slices = (classes,
    starts, bounds, neighbours, weights) as in :mod:`pbit.kernels.graphs.rows`; the other arguments
    as in :func:`pbit.kernels.sweeps.gibbs.anneal_block`; team = (part, parts, gate int64 (3,),
    costs float64 (chunks,)): thread ``part`` of ``parts``, which share everything. Part 0 keeps the
    books.
    """
    h, (classes, starts, bounds, neighbours, weights), exact = model
    scales, sweeps_per_beta, metropolis, _, _, (first_sweep, end) = plan
    read, key0, key1 = stream
    energies, stop = tracked[0], watch[0]
    part, parts, gate, costs = team
    keys = round_keys(int64(key0), int64(key1))
    one = spins[:, 0]
    own = spins[: one.size - LANES]
    scratch = (np.empty(_BUFFER, np.uint32), np.zeros(LANES, h.dtype))
    lists = (h, bounds, neighbours, weights)
    for sweep in range(first_sweep, end):
        scale = scales[sweep // sweeps_per_beta, 0]
        draws = (sweep, int64(read), keys)
        chunk = since_check = 0
        for color in range(classes.size - 1):
            first, last = classes[color], classes[color + 1]
            chunks = (last - first + CHUNK - 1) // CHUNK
            for k in range(part, chunks, parts):
                begin = first + k * CHUNK
                place = (begin, min(begin + CHUNK, last), starts[color] + k * (CHUNK // LANES))
                costs[chunk + k] = _update_chunk(
                    one, lists, place, draws, scale, metropolis, scratch
                )
                since_check += 1
                if since_check >= _CHECK_EVERY:
                    if stop[0]:
                        break
                    since_check = 0
            chunk += chunks
            if pass_gate(gate, parts, stop) and chunk >= _CHECK_EVERY:
                return
        if part == 0:
            for k in range(chunk):
                energies[0] += costs[k]
            close_sweep(own, sweep, tracked, watch, exact, observer)
        if pass_gate(gate, parts, stop):
            return
