"""p-bits without a common clock, event by event: heat bath, telegraph junctions, ticks.

Times are in units of tau; sweep k is the time from k to k + 1. What decides when a p-bit looks at
its input (``clock[0]``): POISSON, waiting times of one common Poisson process, the p-bit drawn with
weight 1/tau_i; PERIODIC, each after its own period; CHROMATIC, colours in turn; TICKS, all at once.
What it then does (``dynamics``): HEAT_BATH, redrawn; TELEGRAPH, a new threshold, which is compared
again whenever the input changes; PPSL, flipped with probability 1 - exp(-dt rate).

With delays, filters, thresholds that persist or ticks, flips go through :mod:`pbit.kernels.queue`;
else each is added to the fields of its neighbours at once. See :mod:`pbit.kernels.inputs` for the
chip's arrays.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numba import int64, njit, uint32, uint64

from pbit.kernels.averages import begin, count_flip, finish
from pbit.kernels.books import close_sweep, exact_energy, lane_of
from pbit.kernels.inputs import (
    answer_of,
    arrhenius_log,
    input_of,
    normal_of,
    one_word,
    settled_fields,
    shifted,
    start_registers,
)
from pbit.kernels.jit import kernel
from pbit.kernels.philox import EVENT, ORDER, UPDATE, round_keys, tag
from pbit.kernels.philox_lanes import fill_slots
from pbit.kernels.queue import HIGH, LOW, is_due, is_short, new_queue, push, with_room

POISSON, PERIODIC, CHROMATIC, TICKS = range(4)
HEAT_BATH, TELEGRAPH, PPSL = range(3)
DIRECT, BY_PBIT, BY_EDGE = range(3)  # filters

_BATCH = 16
_CHECK_EVERY = 1 << 17
_LOOK_EVERY = 32  # sweeps between energies that nobody needs but the progress bar
_NEVER = np.inf
_LOW32 = uint64(0xFFFFFFFF)


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
) -> None:
    """A block of reads, one after the other; spins int8 (n, R).

    plan = (betas float64 (num_betas, 1 or R), finite; sweeps_per_beta; dynamics; number of sweeps);
    stream, tracked, watch as :func:`pbit.kernels.gibbs.anneal_block`; chip = (h, edges, filters,
    inputs, answer, stuck, clock, rates, wheel, exact) with clock = (code, inverse tau (n,), alias
    thresholds float64 (n,) or (0,), aliases int32, tick, order int32, starts int64), rates =
    (barrier, exponent, ln of inverse tau (n,)), wheel = (buckets, pace, lag: flips are queued); averages = (burn_in,
    ups float64 (R, n or 0), histogram float64 (R, states or 0)); tallies int64 (R, 3): decisions,
    flips, arrivals.
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
        )
        spins[:, read] = one[:, 0]
        if keep_best:
            best_spins[:, read] = best[:, 0]


@njit
def hold_stuck(s: Any, stuck: Any) -> None:
    """Put the p-bits that are stuck where they are stuck."""
    for i in range(s.size):
        if stuck[i] != 0:
            s[i] = stuck[i]


@njit
def close(
    one: Any, sweep: Any, tracked: Any, watch: Any, exact: Any, observer: Any, last: Any
) -> None:
    """Book the end of a sweep, with the energy summed where somebody wants it."""
    energies, keep_best = tracked[0], tracked[3]
    wanted = keep_best or watch[4].size > 0 or watch[2][0] > -np.inf or observer is not None
    if wanted or sweep % _LOOK_EVERY == 0 or last:
        energies[0] = exact_energy(one, 0, exact)
    close_sweep(one, sweep, tracked, watch, exact, observer)


@njit
def _seen(i: Any, t: Any, fields: Any, mode: Any, filters: Any, lagging: Any) -> Any:
    """Field of p-bit i as its input has it at time t."""
    if mode == DIRECT:
        return fields[i]
    rates, starts, ids = filters
    levels, since, values, weights, h = lagging
    if mode == BY_PBIT:
        levels[i] = fields[i] + (levels[i] - fields[i]) * math.exp(-(t - since[i]) * rates[i])
        since[i] = t
        return levels[i]
    total = h[i]
    for k in range(starts[i], starts[i + 1]):
        e = ids[k]
        level = values[e] + (levels[e] - values[e]) * math.exp(-(t - since[e]) * rates[e])
        total += weights[e] * level
    return total


@njit
def _arrive(
    e: Any, i: Any, sign: Any, t: Any, fields: Any, mode: Any, filters: Any, lagging: Any
) -> None:
    """The flip of a neighbour of p-bit i, to ``sign``, comes in through edge e."""
    rates, _, _ = filters
    levels, since, values, weights, _ = lagging
    if mode == BY_PBIT:
        levels[i] = fields[i] + (levels[i] - fields[i]) * math.exp(-(t - since[i]) * rates[i])
        since[i] = t
    elif mode == BY_EDGE:
        levels[e] = values[e] + (levels[e] - values[e]) * math.exp(-(t - since[e]) * rates[e])
        since[e] = t
        values[e] = sign
    fields[i] += 2.0 * sign * weights[e]


@njit
def new_lagging(s: Any, fields: Any, mode: Any, edges: Any, h: Any) -> Any:
    """Filters that have settled: (levels, since, values of the edges, weights, h)."""
    senders, groups, targets, weights, _ = edges
    size = 0 if mode == DIRECT else (fields.size if mode == BY_PBIT else targets.size)
    levels, since = np.zeros(size), np.zeros(size)
    values = np.zeros(targets.size if mode == BY_EDGE else 0)
    if mode == BY_PBIT:
        levels[:] = fields
    if mode == BY_EDGE:
        for j in range(s.size):
            for e in range(groups[senders[j]], groups[senders[j + 1]]):
                values[e] = levels[e] = float(s[j])
    return levels, since, values, weights, h


@njit
def mode_of(filters: Any, n: Any, m: Any) -> Any:
    """Which filters there are."""
    rates, starts, _ = filters
    if rates.size == 0:
        return DIRECT
    return BY_EDGE if starts.size > 1 else BY_PBIT


@njit
def most_groups(edges: Any) -> Any:
    """Most entries that one flip puts into the queue."""
    senders = edges[0]
    most = 1
    for j in range(senders.size - 1):
        most = max(most, senders[j + 1] - senders[j])
    return most


@njit
def widest_group(edges: Any) -> Any:
    """Most p-bits that one arrival reaches."""
    groups = edges[1]
    widest = 1
    for a in range(groups.size - 1):
        widest = max(widest, groups[a + 1] - groups[a])
    return widest


@njit
def _tell(
    i: Any, new: Any, t: Any, at_once: Any, fields: Any, edges: Any, queue: Any, pace: Any
) -> None:
    """Queue the flip of p-bit i to ``new``.

    Where junctions see each other at once, fields are changed here, and what is queued is that
    neighbours compare anew: each sees all flips before, or they might flip to and fro for ever.
    """
    if at_once:
        senders, groups, targets, weights, _ = edges
        for e in range(groups[senders[i]], groups[senders[i + 1]]):
            fields[targets[e]] += 2.0 * float(new) * weights[e]
    send(i, new > 0, t, edges, queue, pace)


@njit
def send(i: Any, up: Any, t: Any, edges: Any, queue: Any, pace: Any) -> None:
    """Queue the flip of p-bit i for everybody it tells."""
    senders, _, _, _, delays = edges
    for a in range(senders[i], senders[i + 1]):
        push(queue, pace, t + (delays[a] if delays.size else 0.0), 2 * a + up)


@njit
def _threshold(i: Any, word: Any, noise: Any, beta: Any, inputs: Any, answer: Any) -> Any:
    """The field above which the answer is +1, by bisection of a function that only rises."""
    low, high = -1.0, 1.0
    while answer_of(input_of(low, i, beta, inputs) + noise, word, answer) > 0:
        low *= 4.0
        if low < -1e30:
            return -np.inf
    while answer_of(input_of(high, i, beta, inputs) + noise, word, answer) < 0:
        high *= 4.0
        if high > 1e30:
            return np.inf
    for _ in range(100):
        middle = 0.5 * (low + high)
        if answer_of(input_of(middle, i, beta, inputs) + noise, word, answer) > 0:
            high = middle
        else:
            low = middle
    return high


@njit
def _periodic_times(k: Any, clock: Any, phases: Any) -> Any:
    """When which p-bit is redrawn in sweep k, and for which time since the start."""
    inverse_tau = clock[1]
    count = 0
    for i in range(phases.size):
        first = max(0, math.ceil(k * inverse_tau[i] - phases[i]))
        last = math.ceil((k + 1) * inverse_tau[i] - phases[i])
        count += max(0, last - first)
    times, sites, numbers = np.empty(count), np.empty(count, np.int32), np.empty(count, np.int64)
    at = 0
    for i in range(phases.size):
        first = max(0, math.ceil(k * inverse_tau[i] - phases[i]))
        for m in range(first, math.ceil((k + 1) * inverse_tau[i] - phases[i])):
            times[at], sites[at], numbers[at] = (m + phases[i]) / inverse_tau[i], i, m
            at += 1
    order = np.argsort(times)
    return times[order], sites[order], numbers[order]


@njit
def _clocked_times(k: Any, n: Any, clock: Any) -> Any:
    """The same for clocks that all p-bits share."""
    code, _, _, _, tick, order, starts = clock
    if code == CHROMATIC:
        times, numbers = np.empty(n), np.full(n, k, np.int64)
        colors = starts.size - 1
        for c in range(colors):
            times[starts[c] : starts[c + 1]] = k + (c + 0.5) / colors
        return times, order.copy(), numbers
    first = max(0, math.ceil(k / tick - 0.5))
    last = math.ceil((k + 1) / tick - 0.5)
    count = max(0, last - first)
    times, sites = np.empty(count * n), np.empty(count * n, np.int32)
    numbers = np.empty(count * n, np.int64)
    for m in range(count):
        part = slice(m * n, (m + 1) * n)
        times[part] = (first + m + 0.5) * tick
        sites[part] = np.arange(n)
        numbers[part] = first + m
    return times, sites, numbers


@njit
def draw_events(batch: Any, words: Any, read: Any, key: Any, keys: Any) -> None:
    """Words of events ``16 batch`` to ``16 batch + 15``, four each."""
    number = uint64(_BATCH) * uint64(batch)
    low, high = int64(number & _LOW32), int64(number >> uint64(32))
    fill_slots(words, 0, (low, high, int64(read & _LOW32), int64(tag(EVENT, 0, 0))), keys)


@njit
def _drawn_times(
    t: Any, batch: Any, words: Any, stream: Any, keys: Any, clock: Any, total: Any, out: Any
) -> Any:
    """Times and sites of the next 16 events of the Poisson process; the time of the last."""
    read, key = stream
    _, inverse_tau, thresholds, aliases, _, _, _ = clock
    times, sites = out
    draw_events(batch, words, read, key, keys)
    n = uint64(inverse_tau.size)
    for e in range(_BATCH):
        t += -math.log((float(words[4 * e]) + 0.5) / 4294967296.0) / total
        times[e] = t
        i = int64((uint64(words[4 * e + 1]) * n) >> uint64(32))
        if thresholds.size and float(words[4 * e + 3]) >= thresholds[i]:
            i = int64(aliases[i])
        sites[e] = i
    return t


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
    h, edges, filters, inputs, answer, stuck, clock, rates, wheel, exact = chip
    betas, sweeps_per_beta, dynamics, num_sweeps = plan
    read, key0, key1 = stream
    key = (key0, key1)
    senders, groups, targets, weights, _ = edges
    code, inverse_tau, _, _, tick, _, _ = clock
    barrier, exponent, log_speeds = rates
    buckets, pace, lag = wheel
    noise = inputs[3]
    lfsr = answer[4]
    stop = watch[0]
    s = one[:, 0]
    n = s.size
    hold_stuck(s, stuck)
    fields = settled_fields(s, h, edges)
    mode = mode_of(filters, n, targets.size)
    lagging = new_lagging(s, fields, mode, edges, h)
    registers = start_registers(n, read, key, lfsr[0])
    counts = begin(s, averages)
    telegraph = dynamics == TELEGRAPH
    at_once = telegraph and mode == DIRECT and edges[4].size == 0
    kept = n if telegraph else 0
    kept_words, kept_noise = np.zeros(kept, np.uint32), np.zeros(kept)
    crossings = telegraph and mode == BY_PBIT
    thresholds = np.zeros(n if crossings else 0)
    pending, crossing = np.full(thresholds.size, _NEVER), np.full(thresholds.size, _NEVER)
    horizon = (buckets - 4) / pace
    room = most_groups(edges) * (widest_group(edges) + 1) + widest_group(edges) + 1
    queue = new_queue(buckets if lag else 1, 4 * room + 64 if lag else 1)
    if lag:
        queue = with_room(queue, room)
    phases = np.zeros(n if code == PERIODIC else 0)
    for i in range(phases.size):
        phases[i] = (float(one_word(i, 0, read, ORDER, key)) + 0.5) / 4294967296.0
    for i in range(kept):
        kept_words[i] = one_word(i, 0, read, UPDATE, key)
        if noise > 0.0:
            kept_noise[i] = noise * normal_of(uint64(i) | (uint64(1) << uint64(63)), read, key)
    words = np.empty(4 * _BATCH, np.uint32)
    keys = round_keys(int64(key0), int64(key1))
    times, sites = np.empty(_BATCH), np.empty(_BATCH, np.int32)
    numbers = np.zeros(0, np.int64)
    total = inverse_tau.sum()
    drawn, batch, event, since_check = 0.0, 0, 0, 0
    poisson = code == POISSON
    at, size = 0, 0
    decisions = flips = arrivals = 0
    old_beta = -1.0
    for sweep in range(num_sweeps):
        beta = betas[sweep // sweeps_per_beta]
        end = sweep + 1.0
        if not poisson:
            at = 0
            if code == PERIODIC:
                times, sites, numbers = _periodic_times(sweep, clock, phases)
            else:
                times, sites, numbers = _clocked_times(sweep, n, clock)
            size = times.size
        anew = telegraph and beta != old_beta
        old_beta = beta
        for i in range(n if anew else 0):
            # Thresholds that persist are compared anew when the temperature changes.
            if stuck[i] != 0:
                continue
            if is_short(queue, room):
                queue = with_room(queue, room)
            if crossings:
                thresholds[i] = _threshold(i, kept_words[i], kept_noise[i], beta, inputs, answer)
                level = _seen(i, float(sweep), fields, mode, filters, lagging)
                new = np.int8(1) if level > thresholds[i] else np.int8(-1)
                _plan_crossing(
                    i, float(sweep), level, fields[i], thresholds[i], filters[0][i],
                    (pending, crossing), horizon, queue, pace,
                )  # fmt: skip
            else:
                x = input_of(fields[i], i, beta, inputs) + kept_noise[i]
                new = answer_of(x, kept_words[i], answer)
            if new != s[i]:
                s[i] = new
                flips += 1
                count_flip(i, new, float(sweep), averages, counts)
                _tell(i, new, float(sweep), at_once, fields, edges, queue, pace)
        while True:
            if at == size and poisson:
                drawn = _drawn_times(
                    drawn, batch, words, (read, key), keys, clock, total, (times, sites)
                )
                batch += 1
                at, size = 0, _BATCH
            t = times[at] if at < size else end
            now = min(t, end)
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
                if what < 0:
                    i = -what - 1
                    if when != pending[i]:
                        continue
                    pending[i] = _NEVER
                    level = _seen(i, when, fields, mode, filters, lagging)
                    if when < crossing[i]:
                        _plan_crossing(
                            i, when, level, fields[i], thresholds[i], filters[0][i],
                            (pending, crossing), horizon, queue, pace,
                        )  # fmt: skip
                        continue
                    new = np.int8(1) if fields[i] > thresholds[i] else np.int8(-1)
                    if new != s[i]:
                        s[i] = new
                        flips += 1
                        count_flip(i, new, when, averages, counts)
                        _tell(i, new, when, at_once, fields, edges, queue, pace)
                    continue
                arrivals += 1
                since_check += 1
                sign = 1.0 if what & 1 else -1.0
                for e in range(groups[what >> 1], groups[(what >> 1) + 1]):
                    i = int64(targets[e])
                    if not at_once:
                        _arrive(e, i, sign, when, fields, mode, filters, lagging)
                    if not telegraph or stuck[i] != 0:
                        continue
                    if crossings:
                        _plan_crossing(
                            i, when, lagging[0][i], fields[i], thresholds[i], filters[0][i],
                            (pending, crossing), horizon, queue, pace,
                        )  # fmt: skip
                        continue
                    x = input_of(fields[i], i, beta, inputs) + kept_noise[i]
                    new = answer_of(x, kept_words[i], answer)
                    if new != s[i]:
                        s[i] = new
                        flips += 1
                        count_flip(i, new, when, averages, counts)
                        _tell(i, new, when, at_once, fields, edges, queue, pace)
            if t >= end:
                break
            i = int64(sites[at])
            word = words[4 * at + 2] if poisson else uint32(0)
            number = int64(0) if poisson else numbers[at]
            at += 1
            event += 1
            since_check += 1
            if since_check > _CHECK_EVERY:
                since_check = 0
                if stop[0]:
                    finish(s, t, averages, counts)
                    return
            if not poisson:
                if code == TICKS and dynamics == HEAT_BATH:
                    part = 1.0 - math.exp(-tick * inverse_tau[i])
                    if float(one_word(i, number, read, ORDER, key)) >= part * 4294967296.0:
                        continue
                word = one_word(i, number, read, UPDATE, key)
            decisions += 1
            if stuck[i] != 0:
                continue
            if lfsr[0]:
                registers[i] = shifted(registers[i], lfsr)
                word = registers[i]
            field = _seen(i, t, fields, mode, filters, lagging)
            x = input_of(field, i, beta, inputs)
            bump = noise * normal_of(event, read, key) if noise > 0.0 else 0.0
            old = s[i]
            if dynamics == PPSL:
                steep = arrhenius_log(old * x, barrier, exponent) + log_speeds[i]
                rate = math.exp(min(steep, 700.0))
                moves = (float(word) + 0.5) / 4294967296.0 < -math.expm1(-tick * rate)
                new = np.int8(-old) if moves else old
            elif crossings:
                kept_words[i], kept_noise[i] = word, bump
                thresholds[i] = _threshold(i, word, bump, beta, inputs, answer)
                new = np.int8(1) if field > thresholds[i] else np.int8(-1)
                _plan_crossing(
                    i, t, field, fields[i], thresholds[i], filters[0][i],
                    (pending, crossing), horizon, queue, pace,
                )  # fmt: skip
            else:
                if telegraph:
                    kept_words[i], kept_noise[i] = word, bump
                new = answer_of(x + bump, word, answer)
            if new == old:
                continue
            s[i] = new
            flips += 1
            count_flip(i, new, t, averages, counts)
            if lag:
                _tell(i, new, t, at_once, fields, edges, queue, pace)
            else:
                change = 2.0 * float(new)
                for e in range(groups[senders[i]], groups[senders[i + 1]]):
                    fields[targets[e]] += change * weights[e]
        tallies[0], tallies[1], tallies[2] = decisions, flips, arrivals
        close(one, sweep, tracked, watch, exact, observer, sweep == num_sweeps - 1)
        if stop[0]:
            finish(s, end, averages, counts)
            return
    finish(s, float(num_sweeps), averages, counts)


@njit
def _plan_crossing(
    i: Any,
    t: Any,
    level: Any,
    field: Any,
    threshold: Any,
    rate: Any,
    plans: Any,
    horizon: Any,
    queue: Any,
    pace: Any,
) -> None:
    """Queue the moment when a filtered field, on its way to ``field``, passes the threshold."""
    pending, crossing = plans
    pending[i] = crossing[i] = _NEVER
    if (level > threshold) == (field > threshold):
        return
    if field == threshold:
        return
    when = t + math.log((level - field) / (threshold - field)) / rate
    crossing[i] = max(when, t)
    pending[i] = min(crossing[i], t + horizon)
    push(queue, pace, pending[i], -(i + 1))
