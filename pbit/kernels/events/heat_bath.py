"""p-bits that are redrawn, by the heat bath or from a table, whenever their clock says so."""

from __future__ import annotations

import math
from typing import Any, NamedTuple

import numpy as np
from numba import int64, njit, uint32, uint64

from pbit.kernels.events.attempts import attempts, deliver_fields, flip
from pbit.kernels.events.clocks import draw_events, draw_sweep, draw_ticks, new_events
from pbit.kernels.events.inputs import answer_to, normal_of, one_word, shifted
from pbit.kernels.events.queue import Queue, empty
from pbit.kernels.events.reads import run
from pbit.kernels.events.records import (
    DONE,
    EVENT,
    TICKS,
    ChipArrays,
    Events,
)
from pbit.kernels.events.synapses import (
    Network,
    new_network,
    queue_of,
    room_for_a_step,
    seen,
    settle,
)
from pbit.kernels.jit import bare_kernel
from pbit.kernels.random.stream import CHIP, ORDER, UPDATE

_WORDS = 4294967296.0


class Memory(NamedTuple):
    """What the kernel works in."""

    events: Events
    network: Network
    queue: Queue
    room: int  # of entries that an event may add to the queue
    registers: Any  # uint32 (n,), or (0,): none


def new_memory(chip: ChipArrays, key: Any) -> Memory:
    """Room for a chip; ``key`` of the random stream."""
    return Memory(
        new_events(chip.clock, key),
        new_network(chip),
        queue_of(chip),
        room_for_a_step(chip.edges),
        np.empty(chip.h.size if chip.answer.lfsr_bits else 0, np.uint32),
    )


@bare_kernel
def run_heat_bath(
    chip: Any,
    memory: Any,
    block: Any,
    exact: Any,
    tracked: Any,
    watch: Any,
    observer: Any,
) -> Any:
    """Clock POISSON; arguments as :func:`pbit.kernels.events.reads.run`."""
    return run(_begin, _warm, _advance, chip, memory, block, exact, tracked, watch, observer, False)


@bare_kernel
def run_clocked(
    chip: Any,
    memory: Any,
    block: Any,
    exact: Any,
    tracked: Any,
    watch: Any,
    observer: Any,
) -> Any:
    """Other clocks; arguments as :func:`pbit.kernels.events.reads.run`."""
    by_sweep = chip.clock.kind != TICKS
    return run(
        _begin_clocked,
        _warm,
        _advance_clocked,
        chip,
        memory,
        block,
        exact,
        tracked,
        watch,
        observer,
        by_sweep,
    )


@njit(inline="always")
def _begin(chip: Any, memory: Any, read: Any) -> None:
    settle(read.s, chip.h, chip.edges, memory.network)
    empty(memory.queue)
    registers, bits = memory.registers, chip.answer.lfsr_bits
    mask = uint32((uint64(1) << uint64(bits)) - uint64(1))
    for i in range(registers.size):
        registers[i] = (one_word(i, 0, read.number, CHIP, read.key) & mask) | uint32(1)
        if chip.seeds.size:
            registers[i] = chip.seeds[i]


@njit(inline="always")
def _begin_clocked(chip: Any, memory: Any, read: Any) -> None:
    _begin(chip, memory, read)
    phases = memory.events.phases
    for i in range(phases.size):
        phases[i] = (float(one_word(i, 0, read.number, ORDER, read.key)) + 0.5) / _WORDS


@njit(inline="always")
def _warm(chip: Any, memory: Any, read: Any, beta: Any) -> Any:
    return DONE


@njit(inline="always")
def _advance(chip: Any, memory: Any, read: Any, beta: Any, end: Any, stop: Any) -> Any:
    return attempts(draw_events, deliver_fields, _redraw, chip, memory, read, beta, end, stop)


@njit(inline="always")
def _advance_clocked(chip: Any, memory: Any, read: Any, beta: Any, end: Any, stop: Any) -> Any:
    return attempts(_supply, deliver_fields, _redraw_clocked, chip, memory, read, beta, end, stop)


@njit(inline="always")
def _supply(events: Any, clock: Any, number: Any, cursor: Any, moment: Any) -> None:
    if clock.kind == TICKS:
        draw_ticks(events, clock, number, cursor, moment)
    else:
        draw_sweep(events, clock, number, cursor, moment)


@njit(inline="always")
def _redraw(at: Any, t: Any, beta: Any, mode: Any, chip: Any, memory: Any, read: Any) -> None:
    i = int64(memory.events.sites[at])
    _redraw_with(memory.events.words[4 * at + 2], i, t, beta, mode, chip, memory, read)


@njit(inline="always")
def _redraw_clocked(
    at: Any, t: Any, beta: Any, mode: Any, chip: Any, memory: Any, read: Any
) -> None:
    i, number = int64(memory.events.sites[at]), memory.events.numbers[at]
    if chip.clock.kind == TICKS:
        part = 1.0 - math.exp(-chip.clock.tick * chip.clock.inverse_tau[i])
        if float(one_word(i, number, read.number, ORDER, read.key)) >= part * _WORDS:
            return
    word = uint32(0)
    if memory.registers.size == 0:
        word = one_word(i, number, read.number, UPDATE, read.key)
    _redraw_with(word, i, t, beta, mode, chip, memory, read)


@njit(inline="always")
def _redraw_with(
    word: Any, i: Any, t: Any, beta: Any, mode: Any, chip: Any, memory: Any, read: Any
) -> None:
    read.tallies[0] += 1
    if chip.stuck[i] != 0:
        return
    if memory.registers.size:
        word = memory.registers[i] = shifted(memory.registers[i], chip.answer)
    noise = chip.inputs.noise
    bump = (
        noise * normal_of(uint64(read.cursor[EVENT]), read.number, read.key) if noise > 0.0 else 0.0
    )
    field = seen(i, t, mode, chip.h, chip.edges.weights, chip.filters, memory.network)
    new = answer_to(field, i, beta, bump, word, chip.inputs, chip.answer)
    if new != read.s[i]:
        flip(i, new, t, chip, memory, read)
