"""p-bits without a common clock, event by event: heat bath, telegraph junctions, ticks.

Times are in units of tau; sweep k is the time from k to k + 1. When a p-bit looks at its input is
up to its clock (:mod:`pbit.kernels.events.clocks`); what it then does, to ``dynamics``: HEAT_BATH,
it is redrawn; TELEGRAPH, it gets a new threshold, which is compared again whenever its input
changes; PPSL, it flips with probability 1 - exp(-tick * rate).

Synapses: :mod:`pbit.kernels.events.synapses`; what a p-bit makes of its input:
:mod:`pbit.kernels.events.inputs`. With delays, filters, thresholds that persist or ticks, flips go
through :mod:`pbit.kernels.events.queue` (``lag``); else each is added to the fields of its
neighbours at once. :func:`_advance` runs events until it needs something that takes memory, which
:func:`_run_one` sees to.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numba import float32, int64, njit, uint32, uint64

from pbit.kernels.events.averages import begin, count_flip, finish
from pbit.kernels.events.clocks import (
    BATCH,
    PERIODIC,
    POISSON,
    TICKS,
    clocked_events,
    draw_events,
    tick_events,
)
from pbit.kernels.events.inputs import (
    answer_of,
    arrhenius_log,
    input_of,
    normal_of,
    one_word,
    settle_fields,
    shifted,
    start_registers,
    threshold_of,
)
from pbit.kernels.events.queue import is_due, is_short, new_queue, push, taken, with_room
from pbit.kernels.events.synapses import (
    BY_PBIT,
    DIRECT,
    arrive,
    mode_of,
    new_lagging,
    room_for_a_step,
    seen,
    send,
    spread,
)
from pbit.kernels.jit import bare, kernel
from pbit.kernels.random.philox import ORDER, UPDATE, round_keys
from pbit.kernels.sweeps.books import close_sweep, exact_energy, lane_of
from pbit.kernels.sweeps.single import heat_bath
from pbit.kernels.vectors.float_bits import prefetch

HEAT_BATH, TELEGRAPH, PPSL = range(3)

_SWEPT, _EMPTY, _SHORT, _CROWDED, _CHECK = range(5)  # why _advance comes back
_AT, _SIZE, _EVENT, _SINCE = range(4)  # of the cursor
_CHECK_EVERY = 1 << 16
_LOOK_EVERY = 32  # sweeps between energies that nobody needs but the progress bar
_UNWATCHED = 4096  # events between looks that nobody needs
_NEVER = np.inf
_CERTAIN = 1e9  # an input that leaves nothing to chance
_AHEAD = 16  # events between asking for a p-bit's memory and using it
_TWO_LOG2E = 2 * 1.4426950408889634
_WORDS = 4294967296.0


@kernel
def run_reads(
    spins: Any,
    chip: Any,
    plan: Any,
    stream: Any,
    tracked: Any,
    watch: Any,
    observer: Any,
    averages: Any,
    tallies: Any,
    scratch: Any,
) -> None:
    """A block of reads, one after the other; spins int8 (n, R), stuck ones where they are stuck.

    plan = (betas float64 (num_betas, 1 or R), finite; sweeps_per_beta; dynamics; number of sweeps);
    stream, tracked, watch as :func:`pbit.kernels.sweeps.gibbs.anneal_block`; chip = (h, edges,
    filters, inputs, answer, stuck, clock, rates, wheel, exact) with rates = (barrier, exponent, ln
    of inverse tau (n,)), wheel = (buckets, pace, lag); averages = (burn_in, ups float64 (R, n or
    0), histogram float64 (R, states or 0)); tallies int64 (R, 3): decisions, flips, arrivals;
    scratch = (fields (n,), cells float64 (n, 4); (0, 4) unless nothing lies between field and ideal
    answer and nobody keeps times), of numpy's making, which asks for large pages.
    """
    read0, key0, key1 = stream
    betas, sweeps_per_beta, dynamics, num_sweeps = plan
    energies, best_energies, best_spins, keep_best, sweeps_done = tracked
    stop, beat, aim, wanted, trace = watch
    burn_in, ups, histograms = averages
    one = np.empty((spins.shape[0], 1), np.int8)
    for read in range(wanted):
        if stop[0] and read:
            return
        one[:, 0] = spins[:, read]
        best = one.copy() if keep_best else one[:0].copy()
        part = slice(read, read + 1)
        _run_one(
            one,
            chip,
            (betas[:, min(read, betas.shape[1] - 1)], sweeps_per_beta, dynamics, num_sweeps),
            (uint64(read0) + uint64(read), key0, key1),
            (energies[part], best_energies[part], best, keep_best, sweeps_done[part]),
            (stop, beat, aim, 1, trace),
            lane_of(observer, part),
            (burn_in, ups[read], histograms[read]),
            tallies[read],
            scratch,
        )
        spins[:, read] = one[:, 0]
        if keep_best:
            best_spins[:, read] = best[:, 0]


@njit
def is_watched(tracked: Any, watch: Any, observer: Any) -> Any:
    """Whether somebody wants the energy after each sweep."""
    return tracked[3] or watch[4].size > 0 or watch[2][0] > -np.inf or observer is not None


@njit
def stride(sweep: Any, num_sweeps: Any, sweeps_per_beta: Any, n: Any, watched: Any) -> Any:
    """Sweeps to make before the next look: as many as are one to everybody, if they are short."""
    if watched:
        return 1
    left = min(sweeps_per_beta - sweep % sweeps_per_beta, num_sweeps - sweep)
    return max(1, min(left, _UNWATCHED // max(n, 1)))


@njit
def close(
    one: Any, sweeps: Any, num_sweeps: Any, tracked: Any, watch: Any, exact: Any, observer: Any
) -> None:
    """Book the end of sweeps = (first, last), with the energy summed where somebody wants it."""
    first, last = sweeps
    watched = is_watched(tracked, watch, observer)
    if watched or first // _LOOK_EVERY != (last + 1) // _LOOK_EVERY or last == num_sweeps - 1:
        tracked[0][0] = exact_energy(one, 0, exact)
    watch[1][0] += last - first
    close_sweep(one, last, tracked, watch, exact, observer)


@njit
def _run_one(
    one: Any,
    chip: Any,
    plan: Any,
    stream: Any,
    tracked: Any,
    watch: Any,
    observer: Any,
    averages: Any,
    tallies: Any,
    scratch: Any,
) -> None:
    h, edges, filters, inputs, answer, _, clock, _, (buckets, _, lag), exact = chip
    betas, sweeps_per_beta, dynamics, num_sweeps = plan
    read, key0, key1 = stream
    stop = watch[0]
    s = one[:, 0]
    n = s.size
    fields, cells = scratch
    settle_fields(s, h, edges, fields)
    mode = mode_of(filters)
    lagging = new_lagging(s, fields, mode, edges, h)
    registers = start_registers(n, read, (key0, key1), answer[4][0])
    counts = begin(s, averages)
    kept = _new_thresholds(n if dynamics == TELEGRAPH else 0, inputs[3], read, (key0, key1))
    room = room_for_a_step(edges) if lag else 0
    queue = new_queue(buckets if lag else 1, 4 * room + 64 if lag else 1)
    phases = _phases(n if clock[0] == PERIODIC else 0, read, (key0, key1))
    keys = round_keys(int64(key0), int64(key1))
    words = np.empty(4 * BATCH, np.uint32)
    times, sites, numbers = np.empty(BATCH), np.empty(BATCH, np.int32), np.zeros(BATCH, np.int64)
    total = clock[1].sum()
    _fill_cells(cells, chip, s, fields)
    cursor = np.zeros(4, np.int64)
    poisson, drawn, batch = clock[0] == POISSON and n > 0, 0.0, 0
    old_beta = -1.0
    each = is_watched(tracked, watch, observer) or clock[0] not in (POISSON, TICKS)
    sweep = 0
    while sweep < num_sweeps:
        beta = betas[sweep // sweeps_per_beta]
        first, sweep = sweep, sweep + stride(sweep, num_sweeps, sweeps_per_beta, n, each)
        end = float(sweep)
        supplied = False
        if beta != old_beta and dynamics == TELEGRAPH:
            for i in range(n):
                if is_short(queue, room):
                    queue = with_room(queue, room)
                _compare_anew(
                    i, first, beta, s, chip, mode, (fields, lagging, kept), averages, counts, queue,
                    tallies,
                )  # fmt: skip
        old_beta = beta
        while True:
            code = _advance(
                (end, beta, dynamics, mode, room, read, (key0, key1)),
                chip,
                (s, fields, lagging, registers, kept),
                (times, sites, numbers, words, cells),
                cursor,
                queue,
                averages,
                counts,
                tallies,
            )
            if code == _SHORT:
                queue = with_room(queue, room)
            elif code == _CROWDED:
                queue = with_room(queue, 4 * queue[4].size)
            elif code == _CHECK:
                cursor[_SINCE] = 0
                if stop[0]:
                    tracked[0][0] = exact_energy(one, 0, exact)
                    finish(s, times[max(cursor[_AT] - 1, 0)], averages, counts)
                    return
            elif code == _SWEPT:
                break
            elif poisson:
                drawn = draw_events(drawn, batch, words, read, keys, clock, total, (times, sites))
                batch += 1
                cursor[_AT], cursor[_SIZE] = 0, BATCH
            elif clock[0] == TICKS:
                times, sites, numbers = tick_events(batch, n, clock[4])
                batch += 1
                cursor[_AT], cursor[_SIZE] = 0, times.size
            elif supplied:
                cursor[_SIZE] = -1  # nothing more in this sweep
            else:
                times, sites, numbers = clocked_events(first, n, clock, phases)
                supplied = True
                cursor[_AT], cursor[_SIZE] = 0, times.size
        if supplied:
            cursor[_AT] = cursor[_SIZE] = 0
        close(one, (first, sweep - 1), num_sweeps, tracked, watch, exact, observer)
        if stop[0]:
            finish(s, end, averages, counts)
            return
    finish(s, float(num_sweeps), averages, counts)


@njit
def _new_thresholds(n: Any, noise: Any, read: Any, key: Any) -> Any:
    """(words uint32, noise, thresholds, pending, crossings float64), (n,) each: of telegraph
    junctions the number that is compared, the noise on the input, the field where that changes the
    answer, when the queue asks for it next, when a filtered field gets there."""
    words, bumps = np.zeros(n, np.uint32), np.zeros(n)
    for i in range(n):
        words[i] = one_word(i, 0, read, UPDATE, key)
        if noise > 0.0:
            bumps[i] = noise * normal_of(uint64(i) | (uint64(1) << uint64(63)), read, key)
    return words, bumps, np.zeros(n), np.full(n, _NEVER), np.full(n, _NEVER)


@njit
def _phases(n: Any, read: Any, key: Any) -> Any:
    """Where in its period each p-bit starts, 0 to 1."""
    phases = np.zeros(n)
    for i in range(n):
        phases[i] = (float(one_word(i, 0, read, ORDER, key)) + 0.5) / _WORDS
    return phases


@njit
def _fill_cells(cells: Any, chip: Any, s: Any, fields: Any) -> None:
    """Field, slope and shift of the input, spin: a cache line for two p-bits."""
    _, _, _, (before, _, after, _), _, stuck, _, _, _, _ = chip
    for i in range(cells.shape[0]):
        cells[i, 0] = fields[i]
        cells[i, 1] = before[0, i] * after[0, i] * _TWO_LOG2E
        cells[i, 2] = (before[1, i] * after[0, i] + after[1, i]) * _TWO_LOG2E
        cells[i, 3] = float(s[i])
        if stuck[i] != 0:
            cells[i, 1], cells[i, 2] = 0.0, stuck[i] * _CERTAIN


@njit
def _compare_anew(
    i: Any,
    sweep: Any,
    beta: Any,
    s: Any,
    chip: Any,
    mode: Any,
    network: Any,
    averages: Any,
    counts: Any,
    queue: Any,
    tallies: Any,
) -> None:
    """A threshold that persists, when the temperature has changed."""
    _, edges, filters, inputs, answer, stuck, _, _, (buckets, pace, _), _ = chip
    fields, lagging, kept = network
    if stuck[i] != 0:
        return
    t = float(sweep)
    field = seen(i, t, fields, mode, filters, lagging)
    kept[2][i] = threshold_of(i, kept[0][i], kept[1][i], beta, inputs, answer)
    new = np.int8(1) if field > kept[2][i] else np.int8(-1)
    if mode == BY_PBIT:
        _plan_crossing(i, t, field, fields[i], kept, filters, (buckets, pace), queue)
    if new != s[i]:
        _flip_telegraph(i, new, t, s, mode, fields, edges, queue, pace, averages, counts, tallies)


@bare
def _flip_telegraph(
    i: Any,
    new: Any,
    t: Any,
    s: Any,
    mode: Any,
    fields: Any,
    edges: Any,
    queue: Any,
    pace: Any,
    averages: Any,
    counts: Any,
    tallies: Any,
) -> None:
    """Flip and tell.

    Where junctions see each other at once, fields are changed here, and what is queued is that
    neighbours compare anew: each sees all flips before, or they might flip to and fro for ever.
    """
    s[i] = new
    tallies[1] += 1
    count_flip(i, new, t, averages, counts)
    if mode == DIRECT:
        spread(i, new, fields, edges)
    send(i, new, t, edges, queue, pace)


@bare
def _plan_crossing(
    i: Any, t: Any, level: Any, field: Any, kept: Any, filters: Any, wheel: Any, queue: Any
) -> None:
    """Queue the moment when a filtered field, on its way to ``field``, passes the threshold; or
    that somebody look again, if it lies beyond what the queue holds."""
    _, _, thresholds, pending, crossings = kept
    buckets, pace = wheel
    threshold = thresholds[i]
    pending[i] = crossings[i] = _NEVER
    if (level > threshold) == (field > threshold) or field == threshold:
        return
    wait = math.log((level - field) / (threshold - field)) / filters[0][i]
    crossings[i] = t + max(wait, 0.0)
    pending[i] = min(crossings[i], t + (buckets - 4) / pace)
    push(queue, pace, pending[i], -(i + 1))


@bare
def _cross(
    i: Any, when: Any, s: Any, chip: Any, network: Any, averages: Any, counts: Any, queue: Any,
    tallies: Any,
) -> None:  # fmt: skip
    """The moment that :func:`_plan_crossing` queued, if it has not been planned anew since."""
    _, edges, filters, _, _, _, _, _, (buckets, pace, _), _ = chip
    fields, lagging, kept = network
    if when != kept[3][i]:
        return
    level = seen(i, when, fields, BY_PBIT, filters, lagging)
    if when < kept[4][i]:
        _plan_crossing(i, when, level, fields[i], kept, filters, (buckets, pace), queue)
        return
    kept[3][i] = _NEVER
    new = np.int8(1) if fields[i] > kept[2][i] else np.int8(-1)
    if new != s[i]:
        _flip_telegraph(
            i, new, when, s, BY_PBIT, fields, edges, queue, pace, averages, counts, tallies
        )


@bare
def _deliver(
    what: Any,
    when: Any,
    s: Any,
    chip: Any,
    dynamics: Any,
    mode: Any,
    network: Any,
    averages: Any,
    counts: Any,
    queue: Any,
    tallies: Any,
) -> None:
    """What arrives at a group of p-bits, and their answer if they give one at once."""
    _, edges, filters, _, _, stuck, _, _, (buckets, pace, _), _ = chip
    fields, lagging, kept = network
    groups, targets = edges[1], edges[2]
    tallies[2] += 1
    telegraph = dynamics == TELEGRAPH
    sign = 1.0 if what & 1 else -1.0
    for e in range(groups[what >> 1], groups[(what >> 1) + 1]):
        i = int64(targets[e])
        if not telegraph:
            arrive(e, i, sign, when, fields, mode, filters, lagging)
            continue
        if mode == BY_PBIT:
            arrive(e, i, sign, when, fields, mode, filters, lagging)
            if stuck[i] == 0:
                level = lagging[0][i]
                _plan_crossing(i, when, level, fields[i], kept, filters, (buckets, pace), queue)
            continue
        new = np.int8(1) if fields[i] > kept[2][i] else np.int8(-1)
        if new != s[i] and stuck[i] == 0:
            _flip_telegraph(
                i, new, when, s, mode, fields, edges, queue, pace, averages, counts, tallies
            )


@bare
def _plain_events(
    end: Any, beta: Any, chip: Any, s: Any, batch: Any, cursor: Any, tallies: Any
) -> None:
    """Redraw p-bits until ``end`` or the end of the batch: ideal answers, instant synapses."""
    _, (_, starts, targets, weights, _), _, _, _, _, _, _, _, _ = chip
    times, sites, _, words, cells = batch
    first = at = cursor[_AT]
    size = cursor[_SIZE]
    flips = 0
    for k in range(min(_AHEAD, size) if at == 0 else 0):
        prefetch(cells, (int64(sites[k]), 0))
    while at < size and times[at] < end:
        if at + _AHEAD < size:
            prefetch(cells, (int64(sites[at + _AHEAD]), 0))
        i = int64(sites[at])
        x = cells[i, 1] * (beta * cells[i, 0]) + cells[i, 2]
        new = heat_bath(float32(min(max(x, -1e30), 1e30)), words[4 * at + 2])
        at += 1
        change = float(new) - cells[i, 3]
        if change == 0.0:
            continue
        s[i] = new
        cells[i, 3] = float(new)
        flips += 1
        for e in range(starts[i], starts[i + 1]):
            cells[targets[e], 0] += change * weights[e]
    tallies[0] += at - first
    tallies[1] += flips
    cursor[_AT] = at
    cursor[_SINCE] += at - first


@bare
def _advance(
    now: Any,
    chip: Any,
    state: Any,
    batch: Any,
    cursor: Any,
    queue: Any,
    averages: Any,
    counts: Any,
    tallies: Any,
) -> Any:
    """Events in their order, until ``end`` or until something is missing: why it came back."""
    end, beta, dynamics, mode, room, read, key = now
    _, edges, filters, inputs, answer, stuck, clock, rates, (buckets, pace, lag), _ = chip
    s, fields, lagging, registers, kept = state
    times, sites, numbers, words, cells = batch
    inverse_tau, tick = clock[1], clock[4]
    poisson = clock[0] == POISSON
    network = (fields, lagging, kept)
    while True:
        if cursor[_SINCE] > _CHECK_EVERY:
            return _CHECK
        if cells.shape[0]:
            _plain_events(end, beta, chip, s, batch, cursor, tallies)
            return _EMPTY if cursor[_AT] == cursor[_SIZE] else _SWEPT
        if cursor[_AT] == cursor[_SIZE]:
            return _EMPTY
        t = times[cursor[_AT]] if cursor[_AT] < cursor[_SIZE] else end
        if lag:
            if is_short(queue, room):
                return _SHORT
            due = is_due(queue, pace, min(t, end), room)
            if due == 2:
                return _CROWDED
            if due == 1:
                when, what = taken(queue)
                cursor[_SINCE] += 1
                if what < 0:
                    _cross(-what - 1, when, s, chip, network, averages, counts, queue, tallies)
                else:
                    _deliver(
                        what, when, s, chip, dynamics, mode, network, averages, counts, queue,
                        tallies,
                    )  # fmt: skip
                continue
        if t >= end:
            return _SWEPT
        at = cursor[_AT]
        i = int64(sites[at])
        cursor[_AT] += 1
        cursor[_EVENT] += 1
        cursor[_SINCE] += 1
        word = words[4 * at + 2] if poisson else uint32(0)
        if not poisson:
            if clock[0] == TICKS and dynamics == HEAT_BATH:
                part = 1.0 - math.exp(-tick * inverse_tau[i])
                if float(one_word(i, numbers[at], read, ORDER, key)) >= part * _WORDS:
                    continue
            word = one_word(i, numbers[at], read, UPDATE, key)
        tallies[0] += 1
        if stuck[i] != 0:
            continue
        if registers.size:
            registers[i] = shifted(registers[i], answer[4])
            word = registers[i]
        noise = inputs[3]
        bump = noise * normal_of(cursor[_EVENT], read, key) if noise > 0.0 else 0.0
        field = seen(i, t, fields, mode, filters, lagging)
        old = s[i]
        if dynamics == TELEGRAPH:
            kept[0][i], kept[1][i] = word, bump
            kept[2][i] = threshold_of(i, word, bump, beta, inputs, answer)
            if mode == BY_PBIT:
                _plan_crossing(i, t, field, fields[i], kept, filters, (buckets, pace), queue)
            new = np.int8(1) if field > kept[2][i] else np.int8(-1)
            if new != old:
                _flip_telegraph(
                    i, new, t, s, mode, fields, edges, queue, pace, averages, counts, tallies
                )
            continue
        x = input_of(field, i, beta, inputs)
        if dynamics == PPSL:
            steep = arrhenius_log(old * x, rates[0], rates[1]) + rates[2][i]
            moves = (float(word) + 0.5) / _WORDS < -math.expm1(-tick * math.exp(min(steep, 700.0)))
            new = np.int8(-old) if moves else old
        else:
            new = answer_of(x + bump, word, answer)
        if new == old:
            continue
        s[i] = new
        tallies[1] += 1
        count_flip(i, new, t, averages, counts)
        if lag:
            send(i, new, t, edges, queue, pace)
        else:
            spread(i, new, fields, edges)
