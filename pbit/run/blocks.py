"""Reads cut into blocks, and what a block gives when it is run."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

import numpy as np

from pbit.engines.block import Block, Counted, Outcome, Watch
from pbit.engines.observation import Observed
from pbit.engines.task import Task
from pbit.models.labels import FloatArray, SpinArray
from pbit.run.rows import Rows
from pbit.run.target import Aim

_ENDLESS = 2**31


class Part(NamedTuple):
    """What came of a block: whole reads, the lowest of those cut short, what was counted."""

    block: Block
    finished: Rows
    cut_short: Rows | None
    observed: tuple[Any, Observed] | None
    counted: tuple[Any, Counted] | None
    tallies: Any
    trace: FloatArray


def sizes_of(task: Task, threads: int) -> tuple[int, int]:
    """(most reads in a block, granularity of its limits in read numbers)."""
    if task.chipped is not None and task.chipped.held is not None:
        return 1, 1  # each read ties outputs to states of its own
    total = task.num_reads or _ENDLESS
    return task.engine.sizes(max(task.model.num_spins, 1), -(-total // threads))


def blocks_of(task: Task, threads: int) -> Iterator[Block]:
    """Blocks that fill the vector lanes, keep the threads busy and stay in the cache."""
    size, grain = sizes_of(task, threads)
    first, last = task.first_read, task.first_read + (task.num_reads or _ENDLESS)
    while first < last:
        end = min(last, (first // grain) * grain + size)
        yield task.engine.block(first, end - first, size, task.num_reads)
        first = end


def most_blocks(task: Task, threads: int) -> int:
    """Bound on the number of blocks, and so on the threads that can have work."""
    total, (size, grain) = task.num_reads or _ENDLESS, sizes_of(task, threads)
    return -(-total // size) + (grain > 1)


def run_block(task: Task, aim: Aim, stop: Any, block: Block) -> Part:
    """Run a block from its start, in any process."""
    trace = new_trace(task)
    watch = Watch(stop, (aim.target, aim.slack), trace)
    outcome = task.engine.run(task, block, start_of(task, block), watch)
    done = outcome.sweeps_done[block.lanes] == task.num_sweeps
    finished = np.flatnonzero(done)
    return Part(
        block,
        _rows(task, block, outcome, finished, exact=outcome.is_exact),
        _cut_short(task, block, outcome, done, aim) if finished.size < block.wanted else None,
        *_counts(block, outcome, finished),
        trace,
    )


def new_trace(task: Task) -> FloatArray:
    """Lowest energies of the sweeps to come, if they are recorded."""
    return np.full(task.num_sweeps, np.inf) if task.traced else np.empty(0)


def start_of(task: Task, block: Block) -> SpinArray:
    """States (n, width) that the reads of a block begin with."""
    from pbit.kernels.sweeps.gibbs import random_spins

    spins = np.empty((task.model.num_spins, block.width), dtype=np.int8)
    random_spins(spins, np.uint64(block.first - block.lead), *task.key)
    if task.initial is not None:
        offset = block.first - task.first_read
        spins[:, block.lanes] = task.initial[offset : offset + block.wanted].T
    return spins


def _cut_short(task: Task, block: Block, outcome: Outcome, done: Any, aim: Aim) -> Rows:
    """The lowest of the reads that were not finished, among those that may be it."""
    cut = np.flatnonzero(~done)
    tracked = outcome.energies[block.lanes][cut]
    close = cut[tracked <= tracked.min(initial=np.inf) + 3 * aim.slack]
    return _rows(task, block, outcome, close).lowest(1)


def _rows(task: Task, block: Block, outcome: Outcome, chosen: Any, *, exact: bool = False) -> Rows:
    """Some reads of a block; unless energies are exact, they are summed anew, without rounding."""
    from pbit.kernels.sweeps.books import block_energies
    from pbit.kernels.vectors.transpose import transposed

    if not chosen.size:
        return Rows.nothing(task.model.num_spins)
    model, spins, h = task.model, outcome.spins, outcome.biases
    lanes = block.lanes if chosen.size == block.wanted else chosen + block.lead
    if 2 * chosen.size < block.width:  # else what fills the vectors is summed along
        spins = np.ascontiguousarray(spins[:, lanes])
        h = None if h is None else np.ascontiguousarray(h[:, lanes])
        lanes = slice(None)
    rows = np.ascontiguousarray(transposed(spins)[lanes])
    if exact:
        return Rows(
            block.first + chosen, rows, outcome.energies[block.lanes][chosen] + model.offset
        )
    energies = np.empty(spins.shape[1])
    block_energies(spins, model.exact[0] if h is None else h, model.exact[1], energies)
    return Rows(block.first + chosen, rows, energies[lanes] + model.offset)


def _counts(block: Block, outcome: Outcome, finished: Any) -> tuple[Any, Any, Any]:
    """What was observed and counted of the finished reads; decisions, flips, arrivals of all."""
    observed = counted = None
    tallies = np.zeros(3, np.int64)
    if outcome.observer is not None:
        of = Observed.of(outcome.observer, finished + block.lead)
        observed = block.first + finished, of
    if outcome.counted is not None:
        tallies = outcome.counted.tallies.sum(axis=0)
        if outcome.counted.ups.shape[1]:
            rows = Counted(*(array[finished] for array in outcome.counted))
            counted = block.first + finished, rows
    return observed, counted, tallies
