"""p-bits that are redrawn, by the heat bath or from a table, whenever their clock says so."""

from __future__ import annotations

import math
from typing import Any, NamedTuple

import numpy as np
from numba import int64, njit, uint32, uint64

from pbit.kernels.events.attempts import attempts, deliver_fields, flip
from pbit.kernels.events.clocks import draw_events, draw_sweep, draw_ticks, new_events
from pbit.kernels.events.inputs import answer_of, input_of, normal_of, one_word, shifted
from pbit.kernels.events.queue import Queue, empty
from pbit.kernels.events.reads import run
from pbit.kernels.events.records import (
    CHROMATIC,
    DONE,
    EVENT,
    PERIODIC,
    POISSON,
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
from pbit.kernels.jit import kernel
from pbit.kernels.random.philox import CHIP, ORDER, UPDATE

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


@kernel
def run_heat_bath(
    chip: Any,
    memory: Any,
    block: Any,
    exact: Any,
    tracked: Any,
    watch: Any,
    observer: Any,
) -> Any:
    """Arguments as :func:`pbit.kernels.events.reads.run`."""
    by_sweep = chip.clock.kind == PERIODIC or chip.clock.kind == CHROMATIC
    return run(
        _begin, _warm, _advance, chip, memory, block, exact, tracked, watch, observer, by_sweep
    )


@njit(inline="always")
def _begin(chip: Any, memory: Any, read: Any) -> None:
    settle(read.s, chip, memory.network)
    empty(memory.queue)
    phases, registers = memory.events.phases, memory.registers
    for i in range(phases.size):
        phases[i] = (float(one_word(i, 0, read.number, ORDER, read.key)) + 0.5) / _WORDS
    mask = uint32((uint64(1) << uint64(chip.answer.lfsr_bits)) - uint64(1))
    for i in range(registers.size):
        registers[i] = (one_word(i, 0, read.number, CHIP, read.key) & mask) | uint32(1)


@njit(inline="always")
def _warm(chip: Any, memory: Any, read: Any, beta: Any) -> Any:
    return DONE


@njit(inline="always")
def _advance(chip: Any, memory: Any, read: Any, beta: Any, end: Any, stop: Any) -> Any:
    return attempts(
        _supply, deliver_fields, _redraw, chip, memory, read, beta, end, stop
    )


@njit(inline="always")
def _supply(events: Any, clock: Any, read: Any) -> None:
    if clock.kind == POISSON:
        draw_events(events, clock, read)
    elif clock.kind == TICKS:
        draw_ticks(events, clock, read)
    else:
        draw_sweep(events, clock, read)


@njit(inline="always")
def _redraw(
    at: Any, t: Any, beta: Any, mode: Any, chip: Any, memory: Any, read: Any
) -> None:
    events, registers = memory.events, memory.registers
    i = int64(events.sites[at])
    if chip.clock.kind == TICKS:
        part = 1.0 - math.exp(-chip.clock.tick * chip.clock.inverse_tau[i])
        word = one_word(i, events.numbers[at], read.number, ORDER, read.key)
        if float(word) >= part * _WORDS:
            return
    read.tallies[0] += 1
    if chip.stuck[i] != 0:
        return
    if registers.size:
        word = registers[i] = shifted(registers[i], chip.answer)
    elif chip.clock.kind == POISSON:
        word = events.words[4 * at + 2]
    else:
        word = one_word(i, events.numbers[at], read.number, UPDATE, read.key)
    noise = chip.inputs.noise
    bump = noise * normal_of(read.cursor[EVENT], read.number, read.key) if noise > 0.0 else 0.0
    field = seen(i, t, mode, chip, memory.network)
    new = answer_of(input_of(field, i, beta, chip.inputs) + bump, word, chip.answer)
    if new != read.s[i]:
        flip(i, new, t, chip, memory, read)
