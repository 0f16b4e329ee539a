"""One read of a large sparse graph: colour after colour, sixteen spins at a time, many threads.

Spins are stored in the order of their updates (slots): colour by colour. Spins of one colour are
not coupled, so that updating them together is the same as one after the other, and the reads are
those of :mod:`pbit.kernels.sweeps.gibbs` in the same order, bit for bit, for any number of threads.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numba import int64, types

from pbit.kernels.jit import bare_kernel, chosen_by_types, inner
from pbit.kernels.random.ars import key_schedule
from pbit.kernels.random.stream import UPDATE, tag
from pbit.kernels.random.stream_lanes import fill_slots
from pbit.kernels.sweeps.books import close_sweep
from pbit.kernels.sweeps.lanes import LANES
from pbit.kernels.sweeps.meeting import pass_gate
from pbit.kernels.sweeps.records import Observer, Plan, Stream, Tracked, Watch
from pbit.kernels.sweeps.slices import update_slice_heat_bath, update_slice_metropolis

CHUNK = 1024  # spins whose costs are summed on their own; the unit of work of a thread
_BUFFER = CHUNK + 2 * 64
_CHECK_EVERY = 256  # chunks


def _update_slice(
    spins: Any, slot: Any, h: Any, neighbours: Any, weights: Any, words: Any, change: Any,
    numbers: Any, metropolis: Any,
) -> None:  # fmt: skip
    """Update sixteen spins by the rule that fits the type of ``metropolis``."""
    raise NotImplementedError("only in compiled code")


@chosen_by_types(_update_slice)  # type: ignore[untyped-decorator]
def _compile_update_slice(  # type: ignore[no-untyped-def]
    spins, slot, h, neighbours, weights, words, change, numbers, metropolis
):
    is_heat_bath = isinstance(metropolis, types.NoneType)
    update = update_slice_heat_bath if is_heat_bath else update_slice_metropolis
    return lambda spins, slot, h, neighbours, weights, words, change, numbers, metropolis: update(
        spins, slot, h, neighbours, weights, words, change, numbers
    )


@inner
def _update_chunk(
    spins: Any, model: Any, place: Any, draws: Any, scale: Any, metropolis: Any, scratch: Any
) -> Any:
    """Update slots first..last - 1, of which ``slice0`` is the first slice; what it cost."""
    h, bounds, neighbours, weights = model
    first, last, slice0 = place
    sweep, read = draws
    words, change, keys = scratch
    base = first & ~63
    for slot in range(base, last, 64):
        counter = (int64(slot >> 2), int64(sweep & 0xFFFFFFFF), read, int64(tag(UPDATE, sweep, 0)))
        fill_slots(words, int64(slot - base), counter, keys)
    for lane in range(LANES):
        change[lane] = 0
    t = slice0
    for slot in range(first, last, LANES):
        numbers = (bounds[t], bounds[t + 1], int64(slot - base), int64(last - slot), scale)
        _update_slice(
            spins, int64(slot), h, neighbours, weights, words, change, numbers, metropolis
        )
        t += 1
    total = 0.0
    for lane in range(LANES):
        total += change[lane]
    return total


class Team(NamedTuple):
    """Thread ``part`` of ``parts``, which share ``gate`` int64 (3,), zeros, and ``costs`` float64
    (chunks,)."""

    part: int
    parts: int
    gate: Any
    costs: Any


class Scratch(NamedTuple):
    """Memory of a thread: ``words`` uint32, ``change`` F (16,), ``keys`` int64 (16,)."""

    words: Any
    change: Any
    keys: Any


def anneal_colors(
    spins: Any,
    model: Any,
    plan: Plan,
    stream: Stream,
    tracked: Tracked,
    watch: Watch,
    observer: Observer,
    *,
    team: Team,
) -> None:
    """Sweeps of one read, colour by colour; the part of one thread of a team.

    spins int8 (n + 16, 1) by slot; model = (h (n + 16,), slices, exact) with slices = (classes,
    starts, bounds, neighbours, weights) as in :mod:`pbit.kernels.graphs.rows`; order and fraction
    of the plan are not used. The threads of a team share all arguments; part 0 keeps the books.
    """
    change = np.zeros(LANES, model[0].dtype)
    scratch = Scratch(np.empty(_BUFFER, np.uint32), change, key_schedule(*stream[1:]))
    _anneal_colors(spins, model, plan, stream, tracked, watch, observer, team, scratch)


@bare_kernel
def _anneal_colors(
    spins: Any,
    model: Any,
    plan: Any,
    stream: Any,
    tracked: Any,
    watch: Any,
    observer: Any,
    team: Any,
    scratch: Any,
) -> None:
    h, (classes, starts, bounds, neighbours, weights), exact = model
    energies, stop = tracked.energies, watch.stop
    part, parts, gate, costs = team
    one = spins[:, 0]
    own = spins[: one.size - LANES]
    lists = (h, bounds, neighbours, weights)
    for sweep in range(plan.first, plan.last):
        scale = plan.scales[sweep // plan.sweeps_per_beta, 0]
        draws = (sweep, int64(stream.read))
        chunk = since_check = 0
        for color in range(classes.size - 1):
            first, last = classes[color], classes[color + 1]
            chunks = (last - first + CHUNK - 1) // CHUNK
            for k in range(part, chunks, parts):
                begin = first + k * CHUNK
                place = (begin, min(begin + CHUNK, last), starts[color] + k * (CHUNK // LANES))
                costs[chunk + k] = _update_chunk(
                    one, lists, place, draws, scale, plan.metropolis, scratch
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
