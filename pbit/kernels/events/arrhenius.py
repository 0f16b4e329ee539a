"""Superparamagnetic junctions that flip at rates set by their input: kinetic Monte Carlo.

P-bit i flips at ``exp(arrhenius_log(m_i x_i)) / tau_i`` (:mod:`pbit.kernels.events.inputs`).
Proposals come at the sum of upper bounds of all rates, kept in :mod:`pbit.kernels.events.bins`, and
are accepted with rate / bound, so that filtered inputs, whose rates change all the time, are exact
too: between arrivals a filtered field moves to one side, and the bound is the rate at the worse of
its ends.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numba import int64, njit, uint64

from pbit.kernels.events.asynchronous import close, is_watched, stride
from pbit.kernels.events.averages import begin, count_flip, finish
from pbit.kernels.events.bins import bin_of, bound_of, drawn, new_bins, put, take_total
from pbit.kernels.events.clocks import BATCH, draw_words
from pbit.kernels.events.inputs import arrhenius_log, input_of, settle_fields
from pbit.kernels.events.queue import is_due, is_short, new_queue, taken, with_room
from pbit.kernels.events.synapses import (
    BY_EDGE,
    DIRECT,
    arrive,
    mode_of,
    new_lagging,
    room_for_a_step,
    seen,
    send,
)
from pbit.kernels.jit import bare, kernel
from pbit.kernels.random.philox import round_keys
from pbit.kernels.sweeps.books import exact_energy, lane_of

_SWEPT, _EMPTY, _SHORT, _CROWDED, _CHECK = range(5)  # why _advance comes back
_AT, _SINCE = range(2)  # of the cursor
_NOW, _REST = range(2)  # of the times: now, and the waiting time left in units of the total rate
_CHECK_EVERY = 1 << 16
_LOG2E = 1.4426950408889634
_WORDS = 4294967296.0


@kernel
def run_rates(
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
    """A block of reads, the dynamics and the clock being these alone.

    Arguments as :func:`pbit.kernels.events.asynchronous.run_reads`.
    """
    read0, key0, key1 = stream
    betas, sweeps_per_beta, _, num_sweeps = plan
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
            (betas[:, min(read, betas.shape[1] - 1)], sweeps_per_beta, num_sweeps),
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
    h, edges, filters, _, _, _, _, _, (buckets, _, lag), exact = chip
    betas, sweeps_per_beta, num_sweeps = plan
    read, key0, key1 = stream
    stop = watch[0]
    s = one[:, 0]
    fields = scratch[0]
    settle_fields(s, h, edges, fields)
    mode = mode_of(filters)
    lagging = new_lagging(s, fields, mode, edges, h)
    counts = begin(s, averages)
    bins = new_bins(s.size)
    room = room_for_a_step(edges) if lag else 0
    queue = new_queue(buckets if lag else 1, 4 * room + 64 if lag else 1)
    keys = round_keys(int64(key0), int64(key1))
    words = np.empty(4 * BATCH, np.uint32)
    cursor = np.array([BATCH, 0])
    times = np.array([0.0, -1.0])
    batch, old_beta = 0, -1.0
    watched = is_watched(tracked, watch, observer)
    sweep = 0
    while sweep < num_sweeps:
        beta = betas[sweep // sweeps_per_beta]
        first, sweep = sweep, sweep + stride(sweep, num_sweeps, sweeps_per_beta, s.size, watched)
        if beta != old_beta:
            for i in range(s.size):
                _sort(i, beta, s, chip, mode, (fields, lagging), bins)
            take_total(bins)
            old_beta = beta
        while True:
            code = _advance(
                (float(sweep), beta, mode, room),
                chip,
                (s, fields, lagging, bins),
                (times, words),
                cursor,
                queue,
                averages,
                counts,
                tallies,
            )
            if code == _EMPTY:
                draw_words(batch, words, read, keys)
                batch += 1
                cursor[_AT] = 0
            elif code == _SHORT:
                queue = with_room(queue, room)
            elif code == _CROWDED:
                queue = with_room(queue, 4 * queue[4].size)
            elif code == _CHECK:
                cursor[_SINCE] = 0
                take_total(bins)
                if stop[0]:
                    tracked[0][0] = exact_energy(one, 0, exact)
                    finish(s, times[_NOW], averages, counts)
                    return
            else:
                break
        close(one, (first, sweep - 1), num_sweeps, tracked, watch, exact, observer)
        if stop[0]:
            finish(s, float(sweep), averages, counts)
            return
    finish(s, float(num_sweeps), averages, counts)


@bare
def _log_rate(i: Any, field: Any, s: Any, beta: Any, chip: Any) -> Any:
    _, _, _, inputs, _, _, _, (barrier, exponent, log_speeds), _, _ = chip
    return arrhenius_log(s[i] * input_of(field, i, beta, inputs), barrier, exponent) + log_speeds[i]


@bare
def _sort(i: Any, beta: Any, s: Any, chip: Any, mode: Any, network: Any, bins: Any) -> None:
    """Put p-bit i where its rate belongs, at the worst field until something arrives."""
    _, _, filters, _, _, stuck, _, _, _, _ = chip
    fields, lagging = network
    if stuck[i] != 0:
        return
    field = fields[i]
    spin = float(s[i])
    if mode == BY_EDGE:
        levels, _, values, weights, h = lagging
        _, starts, ids = filters
        field = h[i]
        for k in range(starts[i], starts[i + 1]):
            e = ids[k]
            field += spin * min(spin * weights[e] * levels[e], spin * weights[e] * values[e])
    elif mode != DIRECT:
        field = spin * min(spin * field, spin * lagging[0][i])
    put(bins, i, bin_of(_log_rate(i, field, s, beta, chip) * _LOG2E))


@bare
def _advance(
    now: Any,
    chip: Any,
    state: Any,
    draws: Any,
    cursor: Any,
    queue: Any,
    averages: Any,
    counts: Any,
    tallies: Any,
) -> Any:
    """Events in their order, until ``end`` or until something is missing: why it came back."""
    end, beta, mode, room = now
    _, edges, filters, _, _, _, _, _, (_, pace, lag), _ = chip
    senders, groups, targets, weights, _ = edges
    s, fields, lagging, bins = state
    network = (fields, lagging)
    times, words = draws
    total, where = bins[7], bins[3]
    while True:
        if cursor[_SINCE] > _CHECK_EVERY:
            return _CHECK
        if cursor[_AT] == BATCH:
            return _EMPTY
        if lag and is_short(queue, room):
            return _SHORT
        at = 4 * cursor[_AT]
        if times[_REST] < 0.0:
            times[_REST] = -math.log((float(words[at]) + 0.5) / _WORDS)
        next_t = times[_NOW] + times[_REST] / total[0] if total[0] > 0.0 else np.inf
        if lag:
            due = is_due(queue, pace, min(next_t, end), room)
            if due == 2:
                return _CROWDED
            if due == 1:
                when, what = taken(queue)
                tallies[2] += 1
                cursor[_SINCE] += 1
                # Waiting times have no memory: what is left of one goes on at the new total.
                times[_REST] = max(times[_REST] - (when - times[_NOW]) * total[0], 0.0)
                times[_NOW] = when
                sign = 1.0 if what & 1 else -1.0
                for e in range(groups[what >> 1], groups[(what >> 1) + 1]):
                    i = int64(targets[e])
                    arrive(e, i, sign, when, fields, mode, filters, lagging)
                    _sort(i, beta, s, chip, mode, network, bins)
                continue
        if next_t >= end:
            times[_REST] = max(times[_REST] - (end - times[_NOW]) * total[0], 0.0)
            times[_NOW] = end
            return _SWEPT
        t = times[_NOW] = next_t
        times[_REST] = -1.0
        i = drawn(bins, words[at + 1], words[at + 2])
        cursor[_AT] += 1
        cursor[_SINCE] += 1
        tallies[0] += 1
        field = seen(i, t, fields, mode, filters, lagging)
        rate = math.exp(min(_log_rate(i, field, s, beta, chip), 100.0))
        goes = (float(words[at + 3]) + 0.5) / _WORDS < rate / bound_of(int64(where[i]))
        if goes:
            new = np.int8(-s[i])
            s[i] = new
            tallies[1] += 1
            count_flip(i, new, t, averages, counts)
            if lag:
                send(i, new, t, edges, queue, pace)
            else:
                change = 2.0 * float(new)
                for e in range(groups[senders[i]], groups[senders[i + 1]]):
                    j = int64(targets[e])
                    fields[j] += change * weights[e]
                    _sort(j, beta, s, chip, mode, network, bins)
        if goes or mode != DIRECT:
            _sort(i, beta, s, chip, mode, network, bins)
