"""Reads of digits cut into blocks, and what a block gives when it is run."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

import numpy as np

from pbit.engines.digits.family import DigitProgram, ValueArray
from pbit.engines.digits.sites import SiteProgram
from pbit.kernels.digits.family import HEAT_BATH, METROPOLIS
from pbit.models.labels import FloatArray
from pbit.schedules.schedule import Schedule

RULES = {"heat-bath": HEAT_BATH, "metropolis": METROPOLIS}
_UPDATES = 2**20  # of a block, so that whoever waits for it does not wait long
_LANES = 16  # reads side by side
LANES_FROM = 3e6  # updates of a run: kernels of lanes are compiled for each number of values
_FEWEST = 4  # of these, that are worth it: the states are the same
_ENDLESS = 2**31


def lanes_of(program: DigitProgram, rule: str) -> tuple[int, ...]:
    """Values of each digit, where this rule has a kernel of states side by side; else nothing."""
    if isinstance(program, SiteProgram) and rule == "heat-bath":
        return program.lane_shape
    return ()


class AnnealTask(NamedTuple):
    """What all blocks of one run have in common; it pickles.

    ``num_reads`` None: without end; ``initial`` int16 (num_reads, n) or None; ``threads``: of one
    read, in order "chromatic".
    """

    program: DigitProgram
    schedule: Schedule
    rule: str
    seed: int
    first_read: int
    num_reads: int | None
    best_seen: bool
    traced: bool
    initial: ValueArray | None
    aim: float
    order: str
    threads: int

    @property
    def updates(self) -> int:
        """Of one read."""
        return max(1, self.program.updates) * self.schedule.num_sweeps

    @property
    def lane_shape(self) -> tuple[int, ...]:
        """Values of each digit, where reads run side by side; else nothing."""
        many = self.num_reads is None or self.num_reads * self.updates >= LANES_FROM
        return lanes_of(self.program, self.rule) if many and self.order == "sequential" else ()


class Block(NamedTuple):
    """``num_reads`` reads from ``first`` on; ``beat`` float64 (2,): sweeps, lowest energy."""

    first: int
    num_reads: int
    beat: FloatArray


class Part(NamedTuple):
    """What came of a block: states and energies of its reads, as far as these were made, and how
    many sweeps they are old."""

    block: Block
    values: ValueArray
    energies: FloatArray
    sweeps: Any
    trace: FloatArray


def blocks_of(task: AnnealTask, threads: int) -> Iterator[Block]:
    """Blocks that keep the threads busy, none much longer than a moment."""
    total = task.num_reads or _ENDLESS
    size = max(1, min(_UPDATES // max(1, task.updates), -(-total // threads)))
    if task.order == "chromatic":
        size = 1
    if task.lane_shape and total // threads >= _FEWEST:
        size = -(-size // _LANES) * _LANES
    for first in range(0, total, size):
        count = min(size, total - first)
        yield Block(task.first_read + first, count, np.array([0.0, np.inf]))


def run_block(task: AnnealTask, stop: Any, block: Block) -> Part:
    """Run a block from its start, in any process."""
    from pbit.kernels.digits.anneal import anneal_reads
    from pbit.kernels.digits.anneal_lanes import AnnealLanes, anneal_in_lanes
    from pbit.kernels.digits.records import AnnealPlan, AnnealReads
    from pbit.kernels.sweeps.records import Stream
    from pbit.kernels.tempering.records import Watch

    program, schedule = task.program, task.schedule
    values = _starts(task, block)
    n = values.shape[1]
    reads = AnnealReads(
        values,
        np.zeros(block.num_reads),
        np.full(block.num_reads, -1, np.int64),
        np.empty(n, np.int16),
    )
    betas = schedule.columns
    if betas.shape[1] > 1:
        offset = block.first - task.first_read
        betas = betas[:, offset : offset + block.num_reads]
    trace = np.full(schedule.num_sweeps if task.traced else 0, np.inf)
    plan = AnnealPlan(
        np.ascontiguousarray(betas), schedule.sweeps_per_beta, RULES[task.rule], task.best_seen
    )
    key = np.int64(task.seed & 0xFFFFFFFF), np.int64(task.seed >> 32)
    stream = Stream(np.int64(block.first), *key)
    watch = Watch(stop, block.beat, task.aim, trace)
    shape = task.lane_shape
    if task.order == "chromatic" and isinstance(program, SiteProgram):
        program.chromatic.anneal(reads, plan, stream, watch, threads=task.threads)
    elif shape and block.num_reads >= _FEWEST:
        memory = AnnealLanes.of(n, len(shape), stream)
        anneal_in_lanes(program.record, reads, memory, plan, stream, watch, shape)
    else:
        anneal_reads(program.record, reads, program.works(1), plan, stream, watch)
    made = reads.sweeps >= 0
    return Part(block, values[made], reads.energies[made], reads.sweeps[made], trace)


def _starts(task: AnnealTask, block: Block) -> ValueArray:
    if task.initial is None:
        numbers = np.arange(block.first, block.first + block.num_reads)
        return task.program.random(numbers, seed=task.seed)
    offset = block.first - task.first_read
    return task.initial[offset : offset + block.num_reads].copy()
