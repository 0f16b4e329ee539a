"""Blocks of reads, the threads that run them and what comes back."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from pbit.model import FloatArray, SpinArray
from pbit.samplers.compiled import CompiledModel
from pbit.samplers.control import Control, Progress

_LANES = 16
_MAX_WIDTH = 256
_CACHE_BYTES = 2**20
_ENDLESS = 2**31


@dataclass(frozen=True, eq=False)
class Task:
    """What every block of a run has in common.

    ``num_reads`` None: reads without end, of which the ``max_num_samples`` lowest are kept.
    """

    model: CompiledModel
    sweeps_per_beta: int
    seed: int
    metropolis: bool
    random_order: bool
    best_seen: bool
    num_reads: int | None
    max_num_samples: int
    initial: SpinArray | None = None
    first_read: int = 0
    traced: bool = False

    @property
    def num_sweeps(self) -> int:
        """Sweeps of one read."""
        return int(self.model.scales.size) * self.sweeps_per_beta

    @property
    def key(self) -> tuple[np.uint64, np.uint64]:
        """The seed as the two words of the Philox key."""
        return np.uint64(self.seed & 0xFFFFFFFF), np.uint64(self.seed >> 32)


@dataclass(eq=False)
class Block:
    """Reads ``first`` to ``first + wanted``.

    ``side_by_side``: swept together, padded to ``width`` lanes; else one after the other.
    """

    first: int
    wanted: int
    width: int
    side_by_side: bool = True
    beat: FloatArray = field(default_factory=lambda: np.array([0.0, np.inf]))


@dataclass(frozen=True, eq=False)
class Rows:
    """Reads that are over: their numbers, spins (rows, n) and energies."""

    reads: Any
    spins: SpinArray
    energies: FloatArray

    @classmethod
    def concatenate(cls, parts: list[Rows], n: int) -> Rows:
        """All rows of the parts in the order of their reads."""
        if not parts:
            return cls(np.empty(0, np.int64), np.empty((0, n), np.int8), np.empty(0))
        order = np.argsort(np.concatenate([part.reads for part in parts]), kind="stable")
        reads = np.concatenate([part.reads for part in parts])[order]
        spins = np.concatenate([part.spins for part in parts])
        if not np.array_equal(order, np.arange(order.size)):
            spins = spins[order]
        return cls(reads, spins, np.concatenate([part.energies for part in parts])[order])

    def of(self, chosen: Any) -> Rows:
        """Some of the rows, by mask or positions."""
        return Rows(self.reads[chosen], self.spins[chosen], self.energies[chosen])

    def lowest(self, count: int) -> Rows:
        """The ``count`` rows of lowest energy, in the order of their reads."""
        return self.of(np.sort(np.argsort(self.energies, kind="stable")[:count]))


def blocks_of(task: Task, threads: int) -> Iterator[Block]:
    """Blocks that fill the vector lanes, keep the threads busy and stay in the cache."""
    n, total = task.model.num_spins, task.num_reads or _ENDLESS
    in_cache = _CACHE_BYTES // max(n, 1) // _LANES * _LANES
    affordable = 64 if n <= 2**20 else _LANES  # a sweep of a block stays well below 0.1 s
    widest = min(_MAX_WIDTH, max(in_cache, affordable))
    share = -(-total // threads)
    together = not task.random_order and share > 1
    size = -(-share // -(-share // widest))
    for first in range(0, total, size):
        wanted = min(size, total - first)
        width = -(-wanted // _LANES) * _LANES if together else wanted
        yield Block(task.first_read + first, wanted, width, together)


class Run:
    """One run: workers take blocks from a common list while the caller's thread watches."""

    def __init__(self, task: Task, control: Control) -> None:
        self.task, self.control = task, control
        self.stop_reason = "completed"
        self._stop = np.zeros(1, dtype=np.uint8)
        self._aim = self._set_aim()
        self._trace = np.full(task.num_sweeps if task.traced else 0, np.inf)
        self._blocks: list[Block] = []
        self._finished: list[Rows] = []
        self._num_finished = 0
        self._cut_short: list[Rows] = []
        self._lock = threading.Lock()
        self._failure: BaseException | None = None

    @property
    def updates(self) -> int:
        """Update attempts made for the reads asked for."""
        return int(sum(block.beat[0] for block in self._blocks)) * self.task.model.num_spins

    @property
    def trace(self) -> FloatArray:
        """Lowest energy of any read at the end of each sweep that was made."""
        return np.asarray(self._trace[np.isfinite(self._trace)] + self.task.model.offset)

    @property
    def reads_made(self) -> int:
        """Reads begun."""
        return sum(block.wanted for block in self._blocks)

    def warm_up(self, threads: int) -> None:
        """Compile, or load from the cache, the kernels the task needs."""
        task = self.task
        toy = CompiledModel.toy(task.model.scales.dtype.type)
        run = Run(
            Task(toy, 1, 0, task.metropolis, task.random_order, task.best_seen, 1, 1), Control()
        )
        first = next(blocks_of(task, threads))
        run._anneal(Block(0, 1, _LANES if first.side_by_side else 1, first.side_by_side))

    def go(self, threads: int) -> None:
        """Run all blocks; returns when they are done or the run has been stopped.

        An interrupt that is there before the start leaves one read, after one sweep.
        """
        blocks = blocks_of(self.task, threads)
        if self.control.interrupted():
            self._stop[0] = 1
            self._blocks.append(Block(0, 1, _LANES))
            self._keep(*self._anneal(self._blocks[0]))
            self._conclude("interrupted")
            return
        finished = threading.Event()
        left = threading.Semaphore(0)

        def work() -> None:
            try:
                while (block := self._next(blocks)) is not None:
                    self._keep(*self._anneal(block))
            except BaseException as error:
                self._failure = error
                self._stop[0] = 1
            left.release()

        def wait_for_all() -> None:
            for _ in range(threads):
                left.acquire()
            finished.set()

        workers = [threading.Thread(target=work, daemon=True) for _ in range(threads)]
        for thread in (*workers, threading.Thread(target=wait_for_all, daemon=True)):
            thread.start()
        reason: str | None = "error"
        try:
            reason = self.control.watch(finished, self._report)
        finally:
            if reason is not None:
                self._stop[0] = 1
            for thread in workers:
                thread.join()
        if self._failure is not None:
            raise self._failure
        self._conclude(reason)

    def collect(self) -> Rows:
        """Rows of the finished reads, and of those cut short the lowest if lowest of all."""
        n = self.task.model.num_spins
        rows = Rows.concatenate(self._finished, n)
        cut = Rows.concatenate(self._cut_short, n).lowest(1)
        if cut.energies.size and (not rows.energies.size or cut.energies[0] < rows.energies.min()):
            rows = Rows.concatenate([rows, cut], n)
        return rows if self.task.num_reads is not None else rows.lowest(self.task.max_num_samples)

    def _set_aim(self) -> tuple[float, float]:
        """(target, slack) for the kernel: energies without offset, slack for rounded tracking."""
        if self.control.target is None:
            return -np.inf, 0.0
        h, _, _, weights = self.task.model.couplings
        size = float(np.abs(h).sum() + np.abs(weights).sum() / 2)
        target = self.control.target - self.task.model.offset
        return target + 1e-12 * (size + abs(self.task.model.offset)), 1e-6 * size

    def _next(self, blocks: Iterator[Block]) -> Block | None:
        with self._lock:
            block = None if self._stop[0] else next(blocks, None)
            if block is not None:
                self._blocks.append(block)
            return block

    def _anneal(self, block: Block) -> tuple[Rows, Rows]:
        """Run a block; its finished reads, and of those cut short the lowest."""
        from pbit.kernels import gibbs

        task, width = self.task, block.width
        best_rows = task.model.num_spins if task.best_seen else 0
        spins = self._start(block)
        energies = np.empty(width)
        gibbs.block_energies(spins, *task.model.couplings, energies)
        best_energies = energies.copy()
        best = spins[:best_rows].copy()
        plan = (task.model.scales, task.sweeps_per_beta, 0, task.metropolis, task.random_order)
        sweeps_done = np.zeros(width, dtype=np.int64)
        trace = np.full(task.num_sweeps if task.traced else 0, np.inf)
        anneal = gibbs.anneal_block if block.side_by_side else gibbs.anneal_reads
        anneal(
            spins,
            task.model.arrays,
            plan,
            (np.uint64(block.first), *task.key),
            (energies, best_energies, best, task.best_seen, sweeps_done),
            (self._stop, block.beat, self._aim, block.wanted, trace),
        )
        self._add_trace(trace)
        chosen, tracked = (best, best_energies) if task.best_seen else (spins, energies)
        done = sweeps_done[: block.wanted] == task.num_sweeps
        cut_short = np.flatnonzero(~done)
        lowest = cut_short[np.argsort(tracked[cut_short], kind="stable")[:1]]
        return self._rows(block, chosen, np.flatnonzero(done)), self._rows(block, chosen, lowest)

    def _add_trace(self, trace: FloatArray) -> None:
        with self._lock:
            np.minimum(self._trace, trace, out=self._trace)

    def _rows(self, block: Block, spins: SpinArray, chosen: Any) -> Rows:
        """Some reads of a block; their energies are summed anew, without rounding."""
        from pbit.kernels import gibbs

        some = spins if chosen.size == spins.shape[1] else np.ascontiguousarray(spins[:, chosen])
        energies = np.empty(chosen.size)
        gibbs.block_energies(some, *self.task.model.couplings, energies)
        states = np.ascontiguousarray(some.T)
        return Rows(block.first + chosen, states, energies + self.task.model.offset)

    def _start(self, block: Block) -> SpinArray:
        from pbit.kernels import gibbs

        spins = np.empty((self.task.model.num_spins, block.width), dtype=np.int8)
        gibbs.random_spins(spins, np.uint64(block.first), *self.task.key)
        if self.task.initial is not None:
            offset = block.first - self.task.first_read
            rows = self.task.initial[offset : offset + block.wanted]
            spins[:, : block.wanted] = rows.T
        return spins

    def _keep(self, finished: Rows, cut_short: Rows) -> None:
        task = self.task
        with self._lock:
            self._finished.append(finished)
            self._num_finished += finished.energies.size
            self._cut_short.append(cut_short)
            if task.num_reads is None and self._num_finished > 4 * task.max_num_samples:
                merged = Rows.concatenate(self._finished, task.model.num_spins)
                self._finished = [merged.lowest(task.max_num_samples)]
                self._num_finished = self._finished[0].energies.size

    def _conclude(self, reason: str | None) -> None:
        parts = self._finished + self._cut_short
        lowest = min((part.energies.min(initial=np.inf) for part in parts), default=np.inf)
        done = self._num_finished == self.task.num_reads
        if self.control.target is not None and lowest - self.task.model.offset <= self._aim[0]:
            self.stop_reason = "target"
        elif reason is not None and not done:
            self.stop_reason = reason

    def _report(self, elapsed_s: float) -> Progress:
        with self._lock:
            blocks = list(self._blocks)
        best = min((block.beat[1] for block in blocks), default=np.inf) + self.task.model.offset
        if self.task.num_reads is None or not self.task.num_sweeps:
            return Progress(None, float(best), elapsed_s)
        swept = sum(block.beat[0] for block in blocks)
        fraction = swept / (self.task.num_sweeps * self.task.num_reads)
        return Progress(float(fraction), float(best), elapsed_s)
