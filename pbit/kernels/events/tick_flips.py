"""p-bits that flip, tick by tick, with the probability that an Arrhenius junction has flipped in
one: PPSL."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numba import int64, njit

from pbit.kernels.events.attempts import attempts, deliver_fields, flip
from pbit.kernels.events.clocks import draw_ticks
from pbit.kernels.events.inputs import log_rate, one_word
from pbit.kernels.events.queue import empty
from pbit.kernels.events.reads import run
from pbit.kernels.events.records import DONE
from pbit.kernels.events.synapses import seen, settle
from pbit.kernels.jit import bare_kernel
from pbit.kernels.random.stream import UPDATE

_WORDS = 4294967296.0


@bare_kernel
def run_tick_flips(
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


@njit(inline="always")
def _warm(chip: Any, memory: Any, read: Any, beta: Any) -> Any:
    return DONE


@njit(inline="always")
def _advance(chip: Any, memory: Any, read: Any, beta: Any, end: Any, stop: Any) -> Any:
    return attempts(draw_ticks, deliver_fields, _try, chip, memory, read, beta, end, stop)


@njit(inline="always")
def _try(at: Any, t: Any, beta: Any, mode: Any, chip: Any, memory: Any, read: Any) -> None:
    i = int64(memory.events.sites[at])
    read.tallies[0] += 1
    if chip.stuck[i] != 0:
        return
    word = one_word(i, memory.events.numbers[at], read.number, UPDATE, read.key)
    field = seen(i, t, mode, chip.h, chip.edges.weights, chip.filters, memory.network)
    old = read.s[i]
    steep = log_rate(i, field, old, beta, chip.inputs, chip.rates)
    rate = math.exp(steep if steep < 700.0 else 700.0)
    if (float(word) + 0.5) / _WORDS < -math.expm1(-chip.clock.tick * rate):
        flip(i, np.int8(-old), t, chip, memory, read)
