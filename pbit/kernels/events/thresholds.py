"""Telegraph junctions: at the times of a Poisson process each gets a new threshold, with which its
comparator compares the field whenever that changes.

Where junctions see each other at once, fields are changed by the flip itself, and what is queued is
that neighbours compare anew: each sees all flips before, or they might flip to and fro for ever.
"""

from __future__ import annotations

import math
from typing import Any, NamedTuple

import numpy as np
from numba import int64, njit, uint32, uint64

from pbit.kernels.events.attempts import attempts
from pbit.kernels.events.averages import count_flip
from pbit.kernels.events.clocks import draw_events, new_events
from pbit.kernels.events.inputs import answer_to, normal_of, one_word
from pbit.kernels.events.queue import Queue, empty, is_short, push
from pbit.kernels.events.reads import run
from pbit.kernels.events.records import (
    BY_PBIT,
    DIRECT,
    DONE,
    EVENT,
    IDEAL,
    NEXT,
    SHORT,
    SWEEP,
    ChipArrays,
    Events,
)
from pbit.kernels.events.synapses import (
    Network,
    arrive,
    mode_of,
    new_network,
    queue_of,
    relaxed,
    room_for_a_step,
    send,
    settle,
    spread,
)
from pbit.kernels.jit import bare_kernel, inner, merged
from pbit.kernels.random.stream import UPDATE

_NEVER = np.inf
_WORDS = np.int64(1 << 32)


class Thresholds(NamedTuple):
    """What is compared: (n,) each."""

    words: Any  # uint32
    bumps: Any  # float64: noise on the input
    fields: Any  # float64: where the answer changes
    pending: Any  # float64: when the queue asks for the p-bit next
    crossings: Any  # float64: when its filtered field gets to the threshold


class Memory(NamedTuple):
    """What the kernel works in."""

    events: Events
    network: Network
    queue: Queue
    room: int  # of entries that an event may add to the queue
    kept: Thresholds
    given: bool  # whether the first thresholds are those of the spins at the start


def new_memory(chip: ChipArrays, key: Any, *, given: bool) -> Memory:
    """Room for a chip; ``key`` of the random stream; ``given``: the spins a read starts from are
    what its junctions answer, not what they are asked first."""
    n = chip.h.size
    return Memory(
        new_events(chip.clock, key),
        new_network(chip),
        queue_of(chip),
        room_for_a_step(chip.edges),
        Thresholds(np.empty(n, np.uint32), *(np.empty(n) for _ in range(4))),
        given,
    )


@bare_kernel
def run_thresholds(
    chip: Any,
    memory: Any,
    block: Any,
    exact: Any,
    tracked: Any,
    watch: Any,
    observer: Any,
) -> Any:
    """Arguments as :func:`pbit.kernels.events.reads.run`."""
    return run(_begin, _warm, _advance, chip, memory, block, exact, tracked, watch, observer, False)


@njit(inline="always")
def _begin(chip: Any, memory: Any, read: Any) -> None:
    settle(read.s, chip.h, chip.edges, memory.network)
    empty(memory.queue)
    kept, noise = memory.kept, chip.inputs.noise
    for i in range(kept.words.size):
        kept.words[i] = one_word(i, 0, read.number, UPDATE, read.key)
        kept.bumps[i] = 0.0
        if noise > 0.0:
            first = uint64(i) | (uint64(1) << uint64(63))
            kept.bumps[i] = noise * normal_of(first, read.number, read.key)
        kept.fields[i] = 0.0
        kept.pending[i] = kept.crossings[i] = _NEVER


@njit(inline="always")
def _warm(chip: Any, memory: Any, read: Any, beta: Any) -> Any:
    """Thresholds persist when the temperature changes, but the fields they are at do not."""
    cursor, mode = read.cursor, mode_of(chip.filters)
    if memory.given and cursor[SWEEP] == 0 and cursor[NEXT] == 0:  # nothing has flipped yet
        _put_on_their_sides(beta, mode, chip, memory, read)
    while cursor[NEXT] < read.s.size:
        if is_short(memory.queue, memory.room):
            return SHORT
        i = cursor[NEXT]
        cursor[NEXT] += 1
        if chip.stuck[i] == 0:
            _renew(i, float(cursor[SWEEP]), beta, mode, chip, memory, read)
    cursor[NEXT] = 0
    return DONE


@njit(inline="always")
def _put_on_their_sides(beta: Any, mode: Any, chip: Any, memory: Any, read: Any) -> None:
    """Words drawn given the spins: evenly among those with which each p-bit answers what it is.

    Where no word does, the p-bit leaves its state at once.
    """
    kept = memory.kept
    for i in range(kept.words.size):
        field = memory.network.levels[i] if mode == BY_PBIT else memory.network.fields[i]
        ups = _words_up(i, field, kept.bumps[i], beta, chip.inputs, chip.answer)
        first = int64(0) if read.s[i] > 0 else ups
        count = ups if read.s[i] > 0 else _WORDS - ups
        word = int64(one_word(i, 0, read.number, UPDATE, read.key))
        if count > 0:
            kept.words[i] = uint32(first + int64((uint64(word) * uint64(count)) >> uint64(32)))


@inner
def _words_up(i: Any, field: Any, bump: Any, beta: Any, inputs: Any, answer: Any) -> Any:
    """How many of the 2**32 words make p-bit i answer +1 to a field: the smallest ones."""
    low, high = int64(0), _WORDS
    while low < high:
        middle = (low + high) >> int64(1)
        if field > _edge(i, uint32(middle), bump, beta, inputs, answer):
            low = middle + int64(1)
        else:
            high = middle
    return low


@njit(inline="always")
def _advance(chip: Any, memory: Any, read: Any, beta: Any, end: Any, stop: Any) -> Any:
    return attempts(draw_events, _deliver, _draw, chip, memory, read, beta, end, stop)


@njit(inline="always")
def _draw(at: Any, t: Any, beta: Any, mode: Any, chip: Any, memory: Any, read: Any) -> None:
    """A new threshold."""
    i = int64(memory.events.sites[at])
    read.tallies[0] += 1
    if chip.stuck[i] != 0:
        return
    noise, kept = chip.inputs.noise, memory.kept
    kept.words[i] = memory.events.words[4 * at + 2]
    if noise > 0.0:
        kept.bumps[i] = noise * normal_of(uint64(read.cursor[EVENT]), read.number, read.key)
    _renew(i, t, beta, mode, chip, memory, read)


@njit(inline="always")
def _renew(i: Any, t: Any, beta: Any, mode: Any, chip: Any, memory: Any, read: Any) -> None:
    """The field that a threshold is at, and the comparison with it."""
    kept, network, pace = memory.kept, memory.network, chip.wheel.pace
    field = network.fields[i]
    if mode == BY_PBIT:
        field = relaxed(i, t, field, chip.filters.rates, network)
    word, noise = kept.words[i], kept.bumps[i]
    kept.fields[i] = _edge(i, word, noise, beta, chip.inputs, chip.answer)
    if mode == BY_PBIT:
        rates = chip.filters.rates
        _plan_crossing(i, t, field, network.fields[i], kept, rates, memory.queue, pace)
    _compare(i, t, field, mode, kept, network.fields, chip.edges, memory.queue, pace, read)


@merged
def _compare(
    i: Any,
    t: Any,
    field: Any,
    mode: Any,
    kept: Any,
    fields: Any,
    edges: Any,
    queue: Any,
    pace: Any,
    read: Any,
) -> None:
    """The answer, and if it is another one a flip that the neighbours are told of."""
    new = np.int8(1) if field > kept.fields[i] else np.int8(-1)
    if new == read.s[i]:
        return
    read.s[i] = new
    read.tallies[1] += 1
    count_flip(i, new, t, read.averages)
    if mode == DIRECT:
        spread(i, new, fields, edges)
    send(i, new, t, edges, queue, pace)


@merged
def _plan_crossing(
    i: Any, t: Any, level: Any, field: Any, kept: Any, rates: Any, queue: Any, pace: Any
) -> None:
    """Queue the moment when a filtered field, on its way, passes the threshold; or that somebody
    look again, if it lies beyond what the queue holds."""
    threshold = kept.fields[i]
    kept.pending[i] = kept.crossings[i] = _NEVER
    if (level > threshold) == (field > threshold) or field == threshold:
        return
    wait = math.log((level - field) / (threshold - field)) / rates[i]
    kept.crossings[i] = t + (wait if wait > 0.0 else 0.0)
    latest = t + (queue.heads.size - 4) / pace
    kept.pending[i] = kept.crossings[i] if kept.crossings[i] < latest else latest
    push(queue, pace, kept.pending[i], -(i + 1))


@njit(inline="always")
def _deliver(what: Any, when: Any, mode: Any, chip: Any, memory: Any, read: Any) -> None:
    groups, targets, weights = chip.edges.groups, chip.edges.targets, chip.edges.weights
    kept, network, queue = memory.kept, memory.network, memory.queue
    fields, rates, pace = network.fields, chip.filters.rates, chip.wheel.pace
    crosses = what < 0  # what _plan_crossing has queued, of one p-bit
    first = 0 if crosses else groups[what >> 1]
    last = 1 if crosses else groups[(what >> 1) + 1]
    read.tallies[2] += 0 if crosses else 1
    sign = 1.0 if what & 1 else -1.0
    for e in range(first, last):
        i = -what - 1 if crosses else int64(targets[e])
        level = fields[i]
        if crosses:
            if when != kept.pending[i]:
                continue  # it has been planned anew since
            level = relaxed(i, when, level, rates, network)
        elif mode == BY_PBIT:
            arrive(e, i, sign, when, mode, weights[e], rates, network)
            level = network.levels[i]
        if chip.stuck[i] != 0:
            continue
        if mode == BY_PBIT and (not crosses or when < kept.crossings[i]):
            _plan_crossing(i, when, level, fields[i], kept, rates, queue, pace)
        else:
            kept.pending[i] = _NEVER
            _compare(i, when, fields[i], mode, kept, fields, chip.edges, queue, pace, read)


@njit(inline="always")
def _edge(i: Any, word: Any, noise: Any, beta: Any, inputs: Any, answer: Any) -> Any:
    """The field above which p-bit i's answer is +1; infinite where there is none."""
    if answer.kind == IDEAL and inputs.step == 0.0:
        return _threshold(i, word, noise, beta, inputs)
    return _bisected(i, word, noise, beta, inputs, answer)


@njit(inline="always")
def _threshold(i: Any, word: Any, noise: Any, beta: Any, inputs: Any) -> Any:
    """The same for tanh, in closed form."""
    before, after = inputs.before, inputs.after
    u = (float(word) + 0.5) / 4294967296.0
    x = 0.5 * math.log(u / (1.0 - u)) - noise
    slope = after[0, i] * before[0, i] * beta
    shift = after[0, i] * before[1, i] + after[1, i]
    if slope > 0.0:
        return (x - shift) / slope
    return -np.inf if shift > x else np.inf


@inner
def _bisected(i: Any, word: Any, noise: Any, beta: Any, inputs: Any, answer: Any) -> Any:
    """The same for answers of any shape, which never fall as the field rises."""
    low, high = -1.0, 1.0
    while answer_to(low, i, beta, noise, word, inputs, answer) > 0:
        low *= 4.0
        if low < -1e30:
            return -np.inf
    while answer_to(high, i, beta, noise, word, inputs, answer) < 0:
        high *= 4.0
        if high > 1e30:
            return np.inf
    for _ in range(60):
        middle = 0.5 * (low + high)
        if answer_to(middle, i, beta, noise, word, inputs, answer) > 0:
            high = middle
        else:
            low = middle
    return high
