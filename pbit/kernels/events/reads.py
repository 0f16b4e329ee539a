"""What all event-driven kernels share: reads one after the other, sweep by sweep.

Sweep k is the time from k to k + 1. A kernel is :func:`run` with three functions of its own:

- ``begin(chip, memory, read)``: the network as a read starts;
- ``warm(chip, memory, read, beta)``: it meets a new temperature; DONE, or SHORT of room;
- ``advance(chip, memory, read, beta, end, stop)``: events up to time ``end``; DONE, STOPPED, SHORT
  or CROWDED.

numba knows which these are when it compiles. All is compiled as one function, but for short ones
that are handed few arrays: each array is seven arguments of a call, and records of forty cost more
than the code itself. Nothing is allocated, so that no references are counted either.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import njit, uint64

from pbit.kernels.events.averages import begin_averages, finish, of_read
from pbit.kernels.events.records import (
    AT,
    BEGUN,
    BETA,
    DONE,
    DRAWN,
    READ,
    SINCE,
    SIZE,
    STOPPED,
    SWEEP,
    Read,
)
from pbit.kernels.jit import counting
from pbit.kernels.sweeps.books import book_sweep, exact_energy, is_observed, lane_of, observe

_LOOK_EVERY = 32  # sweeps between energies that nobody needs but the progress bar
_UNWATCHED = 4096  # events between looks that nobody needs
_CHECK_EVERY = 1 << 16  # events
_ALONE = np.int64(0)  # its place; a literal would be compiled for once more


@njit(inline="always")
def run(
    begin: Any,
    warm: Any,
    advance: Any,
    chip: Any,
    memory: Any,
    block: Any,
    exact: Any,
    tracked: Any,
    watch: Any,
    observer: Any,
    by_sweep: Any,
) -> Any:
    """Reads from where the last call came back: DONE, or what the queue is short of.

    exact, tracked, watch, observer as
    :func:`pbit.kernels.sweeps.gibbs.anneal_block`; ``by_sweep``: the clock wants one at a time.
    """
    energies, best_energies, best_spins, keep_best, sweeps_done = tracked
    stop, beat, aim, wanted, trace = watch
    cursor, moment, one, num_sweeps = block.cursor, block.moment, block.one, block.num_sweeps
    watched = keep_best or trace.size > 0 or aim[0] > -np.inf or observer.every > 0
    while cursor[READ] < wanted:
        r = cursor[READ]
        read = Read(
            block.first + uint64(r),
            block.key,
            one[:, 0],
            block.tallies[r],
            of_read(block.averages, r),
            cursor,
            moment,
        )
        if cursor[BEGUN] == 0:
            if stop[0] and r:
                return DONE
            _start(block, r)
            begin_averages(read.s, read.averages)
            begin(chip, memory, read)
        part = slice(r, r + 1)
        while cursor[SWEEP] < num_sweeps:
            first = cursor[SWEEP]
            beta = block.betas[first // block.sweeps_per_beta, r if r < block.betas.shape[1] else 0]
            after = first + (1 if watched or by_sweep else _stride(first, block))
            if beta != moment[BETA]:
                code = warm(chip, memory, read, beta)
                if code != DONE:
                    return code
                moment[BETA] = beta
            code = advance(chip, memory, read, beta, float(after), stop)
            if code == STOPPED:
                energies[r] = exact_energy(one, _ALONE, exact)
                break
            if code != DONE:
                return code
            if by_sweep:
                cursor[AT] = cursor[SIZE]
            cursor[SWEEP] = after
            if watched or first // _LOOK_EVERY != after // _LOOK_EVERY or after == num_sweeps:
                energies[r] = exact_energy(one, _ALONE, exact)
            beat[0] += after - 1 - first
            mine = energies[part], best_energies[part], block.best, keep_best, sweeps_done[part]
            book_sweep(one, after - 1, mine, (stop, beat, aim, 1, trace), exact)
            if is_observed(after - 1, observer):
                _observe(one, energies[part], after - 1, observer, part)
            if stop[0]:
                break
        finish(read.s, float(cursor[SWEEP]), read.averages)
        for i in range(one.shape[0]):
            block.spins[i, r] = one[i, 0]
        if keep_best:
            for i in range(one.shape[0]):
                best_spins[i, r] = block.best[i, 0]
        cursor[READ] += 1
        cursor[BEGUN] = 0
    return DONE


@counting
def _observe(one: Any, energies: Any, sweep: Any, observer: Any, part: Any) -> None:
    observe(one, energies, sweep, lane_of(observer, part))


@njit(inline="always")
def _start(block: Any, r: Any) -> None:
    """Read r as it is given, nothing done yet."""
    for k in range(BEGUN, block.cursor.size):
        block.cursor[k] = 0
    block.cursor[BEGUN] = 1
    block.moment[DRAWN], block.moment[BETA] = 0.0, -1.0
    for i in range(block.one.shape[0]):
        block.one[i, 0] = block.spins[i, r]
    for i in range(block.best.shape[0]):
        block.best[i, 0] = block.spins[i, r]


@njit(inline="always")
def _stride(sweep: Any, block: Any) -> Any:
    """Sweeps to make before the next look: as many as are one to everybody, if they are short."""
    at_this_beta = block.sweeps_per_beta - sweep % block.sweeps_per_beta
    few = _UNWATCHED // block.one.shape[0]
    return at_this_beta if at_this_beta < few else (few if few > 1 else 1)


@njit(inline="always")
def pauses(cursor: Any) -> Any:
    """Whether it is time to look at the stop flag, which another thread may have set."""
    if cursor[SINCE] <= _CHECK_EVERY:
        return False
    cursor[SINCE] = 0
    return True
