"""Superparamagnetic junctions that flip at rates set by their input: kinetic Monte Carlo.

P-bit i flips at ``exp(arrhenius_log(m_i x_i)) / tau_i`` (:mod:`pbit.kernels.inputs`). Proposals come at
the sum of upper bounds of all rates, kept in :mod:`pbit.kernels.bins`, and are accepted with rate /
bound, so that filtered inputs, whose rates change all the time, are exact too: between arrivals the
filtered field moves to one side, and the bound is the rate at one of its ends.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numba import int64, njit, uint64

from pbit.kernels.asynchronous import (
    BY_EDGE,
    DIRECT,
    _arrive,
    _seen,
    close,
    draw_events,
    hold_stuck,
    mode_of,
    most_groups,
    new_lagging,
    send,
    widest_group,
)
from pbit.kernels.averages import begin, count_flip, finish
from pbit.kernels.bins import bin_of, bound_of, drawn, new_bins, put, take_total
from pbit.kernels.books import lane_of
from pbit.kernels.inputs import arrhenius_log, input_of, settled_fields
from pbit.kernels.jit import kernel
from pbit.kernels.philox import round_keys
from pbit.kernels.queue import HIGH, LOW, is_due, is_short, new_queue, with_room

_BATCH = 16
_CHECK_EVERY = 1 << 17
_LOG2E = 1.4426950408889634


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
) -> None:
    """A block of reads; arguments as :func:`pbit.kernels.asynchronous.run_reads`, the dynamics and
    the clock being these alone."""
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
        )
        spins[:, read] = one[:, 0]
        if keep_best:
            best_spins[:, read] = best[:, 0]


@njit
def _log_rate(i: Any, field: Any, s: Any, beta: Any, inputs: Any, rates: Any) -> Any:
    x = input_of(field, i, beta, inputs)
    return arrhenius_log(s[i] * x, rates[0], rates[1]) + rates[2][i]


@njit
def _worst_field(i: Any, s: Any, fields: Any, mode: Any, filters: Any, lagging: Any) -> Any:
    """The field, on the way from where the filter is to where it goes, at which p-bit i flips
    soonest: a sum of filtered edges at the worst of each."""
    if mode == DIRECT:
        return fields[i]
    levels, _, values, weights, h = lagging
    spin = float(s[i])
    if mode != BY_EDGE:
        return spin * min(spin * fields[i], spin * levels[i])
    total = h[i]
    _, starts, ids = filters
    for k in range(starts[i], starts[i + 1]):
        e = ids[k]
        total += spin * min(spin * weights[e] * levels[e], spin * weights[e] * values[e])
    return total


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
) -> None:
    h, edges, filters, inputs, _, stuck, clock, rates, wheel, exact = chip
    betas, sweeps_per_beta, num_sweeps = plan
    read, key0, key1 = stream
    senders, groups, targets, weights, _ = edges
    buckets, pace, lag = wheel
    stop = watch[0]
    s = one[:, 0]
    n = s.size
    hold_stuck(s, stuck)
    fields = settled_fields(s, h, edges)
    mode = mode_of(filters, n, targets.size)
    lagging = new_lagging(s, fields, mode, edges, h)
    counts = begin(s, averages)
    bins = new_bins(n)
    total = bins[7]
    room = most_groups(edges) * (widest_group(edges) + 1) + widest_group(edges) + 1
    queue = new_queue(buckets if lag else 1, 4 * room + 64 if lag else 1)
    if lag:
        queue = with_room(queue, room)
    words = np.empty(4 * _BATCH, np.uint32)
    keys = round_keys(int64(key0), int64(key1))
    key = (key0, key1)
    batch, at, since_check = 0, _BATCH, 0
    decisions = flips = arrivals = 0
    t, rest, old_beta = 0.0, -1.0, -1.0  # rest: waiting time left, in units of the total rate
    for sweep in range(num_sweeps):
        beta = betas[sweep // sweeps_per_beta]
        end = sweep + 1.0
        if beta != old_beta:
            for i in range(n):
                if stuck[i] == 0:
                    worst = _worst_field(i, s, fields, mode, filters, lagging)
                    rate = _log_rate(i, worst, s, beta, inputs, rates)
                    put(bins, i, bin_of(rate * _LOG2E))
            take_total(bins)
            old_beta = beta
        while True:
            if rest < 0.0:
                if at == _BATCH:
                    draw_events(batch, words, read, key, keys)
                    batch += 1
                    at = 0
                rest = -math.log((float(words[4 * at]) + 0.5) / 4294967296.0)
            next_t = t + rest / total[0] if total[0] > 0.0 else np.inf
            now = min(next_t, end)
            came = False
            while lag:
                if is_short(queue, room):
                    queue = with_room(queue, room)
                due = is_due(queue, pace, now, room)
                if due == 0:
                    break
                if due == 2:
                    queue = with_room(queue, 4 * queue[4].size)
                    continue
                state = queue[6]
                when, what = queue[4][state[LOW]], queue[5][state[LOW]]
                state[LOW] += 1
                if state[LOW] == state[HIGH]:
                    state[LOW] = state[HIGH] = 0
                arrivals += 1
                sign = 1.0 if what & 1 else -1.0
                rest -= (when - t) * total[0]
                t = when
                for e in range(groups[what >> 1], groups[(what >> 1) + 1]):
                    i = int64(targets[e])
                    _arrive(e, i, sign, when, fields, mode, filters, lagging)
                    if stuck[i] == 0:
                        worst = _worst_field(i, s, fields, mode, filters, lagging)
                        rate = _log_rate(i, worst, s, beta, inputs, rates)
                        put(bins, i, bin_of(rate * _LOG2E))
                came = True
                break
            if came:
                rest = max(rest, 0.0)
                continue
            if next_t >= end:
                rest = max(rest - (end - t) * total[0], 0.0) if total[0] > 0.0 else rest
                t = end
                break
            t, rest = next_t, -1.0
            i = drawn(bins, words[4 * at + 1], words[4 * at + 2])
            word = words[4 * at + 3]
            at += 1
            decisions += 1
            since_check += 1
            if since_check > _CHECK_EVERY:
                since_check = 0
                take_total(bins)
                if stop[0]:
                    finish(s, t, averages, counts)
                    return
            field = _seen(i, t, fields, mode, filters, lagging)
            rate = _log_rate(i, field, s, beta, inputs, rates)
            fraction = math.exp(min(rate, 100.0)) / bound_of(int64(bins[3][i]))
            goes = (float(word) + 0.5) / 4294967296.0 < fraction
            if goes:
                s[i] = -s[i]
                flips += 1
                count_flip(i, s[i], t, averages, counts)
                if lag:
                    send(i, s[i] > 0, t, edges, queue, pace)
                else:
                    change = 2.0 * float(s[i])
                    for e in range(groups[senders[i]], groups[senders[i + 1]]):
                        j = int64(targets[e])
                        fields[j] += change * weights[e]
                        if stuck[j] == 0:
                            other = _log_rate(j, fields[j], s, beta, inputs, rates)
                            put(bins, j, bin_of(other * _LOG2E))
            if goes or mode != DIRECT:
                worst = _worst_field(i, s, fields, mode, filters, lagging)
                rate = _log_rate(i, worst, s, beta, inputs, rates)
                put(bins, i, bin_of(rate * _LOG2E))
        tallies[0], tallies[1], tallies[2] = decisions, flips, arrivals
        close(one, sweep, tracked, watch, exact, observer, sweep == num_sweeps - 1)
        if stop[0]:
            finish(s, end, averages, counts)
            return
    finish(s, float(num_sweeps), averages, counts)
