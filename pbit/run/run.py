"""Blocks of reads, the threads that run them and what comes back."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from pbit.engines.dispatch import block_at, block_sizes, run_block
from pbit.engines.observation import NO_PAIRS, Observed, Totals
from pbit.engines.task import Block, Counted, Task, Watch
from pbit.models.labels import FloatArray, SpinArray
from pbit.run.control import Control, Progress
from pbit.run.team import share

_ENDLESS = 2**31
_SLACK = 4e-6  # of all energies: what rounding may leave in a tracked one


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
    size, grain = block_sizes(task, threads)
    first, last = task.first_read, task.first_read + (task.num_reads or _ENDLESS)
    while first < last:
        end = min(last, (first // grain) * grain + size)
        yield block_at(task, first, end - first, size)
        first = end


def most_blocks(task: Task, threads: int) -> int:
    """Bound on the number of blocks, and so on the threads that can have work."""
    return -(-(task.num_reads or _ENDLESS) // block_sizes(task, threads)[0]) + 1


class Run:
    """One run: workers take blocks from a common list while the caller's thread watches."""

    def __init__(self, task: Task, control: Control) -> None:
        self.task, self.control = task, control
        self.stop_reason = "completed"
        self.reads_begun = 0
        self._sweeps = 0.0
        self._stop = np.zeros(1, dtype=np.uint8)
        self._aim, self._slack = self._set_aim()
        self._trace = np.full(task.num_sweeps if task.traced else 0, np.inf)
        self._running: list[Block] = []
        self._lowest_tracked = np.inf
        self.counts = np.zeros(3, np.int64)
        self._counted: list[tuple[Any, Counted]] = []
        self.totals = Totals(task.observation.looks(task.num_sweeps))
        self._finished: list[Rows] = []
        self._num_finished = 0
        self._cut_short = Rows.concatenate([], task.model.num_spins)
        self._lock = threading.Lock()

    @property
    def updates(self) -> int:
        """Update attempts made for the reads asked for."""
        return int(self._sweeps) * self.task.model.num_spins

    @property
    def sweeps(self) -> float:
        """Sweeps made by all reads."""
        return float(self._sweeps)

    @property
    def has_counted(self) -> bool:
        """Whether a read with time averages came to its end."""
        return any(reads.size for reads, _ in self._counted)

    @property
    def counted(self) -> Counted:
        """Time averages of the finished reads, in their order."""
        order = np.argsort(np.concatenate([reads for reads, _ in self._counted]), kind="stable")
        parts = zip(*(counted for _, counted in self._counted), strict=True)
        return Counted(*(np.concatenate(part)[order] for part in parts))

    @property
    def trace(self) -> FloatArray:
        """Lowest energy of any read at the end of each sweep that was made."""
        return np.asarray(self._trace[np.isfinite(self._trace)] + self.task.model.offset)

    def warm_up(self, threads: int) -> None:
        """Compile, or load from the cache, the kernels the task needs."""
        task = self.task
        first = next(blocks_of(task, threads))
        toy = replace(
            task,
            model=task.model.toy,
            bits=None if task.bits is None else task.bits.toy(),
            betas=np.zeros((1, 1)),
            sweeps_per_beta=1,
            initial=None,
            traced=False,
            observation=replace(task.observation, burn_in=0, pairs=NO_PAIRS, times=0),
            parts=1,
            chipped=None if task.chipped is None else task.chipped.toy,
        )
        run = Run(toy, Control())
        width = 1 if task.kernel in ("reads", "colors", "events") else first.width
        run._anneal(Block(first=0, wanted=1, width=width))
        # "dense" goes on with another kernel where it is cold.
        if task.kernel == "dense" and task.model.cold_from(task.betas) < len(task.betas):
            run.task = replace(toy, betas=np.full((1, 1), np.inf))
            run._anneal(Block(first=0, wanted=1, width=width))

    def go(self, threads: int) -> None:
        """Run all blocks; returns when they are done or the run has been stopped.

        An interrupt that is there before the start leaves one read, after one sweep.
        """
        blocks = blocks_of(self.task, threads)
        if self.control.interrupted():
            self._stop[0] = 1
            self._run(replace(next(blocks), wanted=1))
            self._conclude("interrupted")
            return
        threads = min(-(-threads // self.task.parts), most_blocks(self.task, threads))

        def work() -> None:
            while (block := self._next(blocks)) is not None:
                self._run(block)

        def watch(finished: threading.Event) -> str | None:
            return self.control.watch(finished, self._report)

        reason = share(work, num_threads=threads, stop=self._stop, watch=watch)
        self._conclude(reason)

    def collect(self) -> Rows:
        """Rows of the finished reads, and of those cut short the lowest if lowest of all."""
        n = self.task.model.num_spins
        rows, cut = Rows.concatenate(self._finished, n), self._cut_short
        if not self.task.has_energy:
            return rows if rows.energies.size else cut
        if cut.energies.size and cut.energies[0] < rows.energies.min(initial=np.inf):
            rows = Rows.concatenate([rows, cut], n)
        return rows if self.task.num_reads is not None else rows.lowest(self.task.max_num_samples)

    def _set_aim(self) -> tuple[float, float]:
        """(target, slack): energies without offset, and how far tracked ones may be off."""
        size = self.task.model.size
        if self.control.target is None:
            return -np.inf, _SLACK * size
        target = self.control.target - self.task.model.offset
        return target + 1e-12 * (size + abs(self.task.model.offset)), _SLACK * size

    def _next(self, blocks: Iterator[Block]) -> Block | None:
        with self._lock:
            return None if self._stop[0] else next(blocks, None)

    def _run(self, block: Block) -> None:
        with self._lock:
            self._running.append(block)
            self.reads_begun += block.wanted
        finished, cut_short = self._anneal(block)
        with self._lock:
            self._running.remove(block)
            self._sweeps += block.beat[0]
            self._lowest_tracked = min(self._lowest_tracked, block.beat[1])
            both = Rows.concatenate([self._cut_short, cut_short], self.task.model.num_spins)
            self._cut_short = both.lowest(1)
            self._keep(finished)

    def _anneal(self, block: Block) -> tuple[Rows, Rows]:
        """Run a block; its finished reads, and of those cut short the lowest."""
        task = self.task
        trace = np.full(task.num_sweeps if task.traced else 0, np.inf)
        watch = Watch(self._stop, (self._aim, self._slack), trace)
        outcome = run_block(task, block, self._start(block), watch)
        with self._lock:
            np.minimum(self._trace, trace, out=self._trace)
        done = outcome.sweeps_done[block.lanes] == task.num_sweeps
        if outcome.observer is not None:
            self._count(block, outcome.observer, np.flatnonzero(done) + block.lead)
        if outcome.counted is not None:
            self._count_events(block, outcome.counted, np.flatnonzero(done))
        cut_short = np.flatnonzero(~done)
        tracked = outcome.energies[block.lanes][cut_short]
        close = cut_short[tracked <= tracked.min(initial=np.inf) + 3 * self._slack]
        return (
            self._rows(block, outcome.spins, np.flatnonzero(done)),
            self._rows(block, outcome.spins, close).lowest(1),
        )

    def _count(self, block: Block, observer: tuple[Any, ...], lanes: Any) -> None:
        observed = Observed.of(observer, lanes)
        with self._lock:
            self.totals.add(block.first + lanes - block.lead, observed)

    def _count_events(self, block: Block, counted: Counted, done: Any) -> None:
        with self._lock:
            self.counts += counted.tallies.sum(axis=0)
            if counted.ups.shape[1]:
                rows = Counted(*(array[done] for array in counted))
                self._counted.append((block.first + done, rows))

    def _rows(self, block: Block, spins: SpinArray, chosen: Any) -> Rows:
        """Some reads of a block; their energies are summed anew, without rounding."""
        from pbit.kernels.sweeps import books

        whole = chosen.size == spins.shape[1]
        some = spins if whole else np.ascontiguousarray(spins[:, chosen + block.lead])
        energies = np.empty(chosen.size)
        books.block_energies(some, *self.task.model.exact[:2], energies)
        states = np.ascontiguousarray(some.T)
        return Rows(block.first + chosen, states, energies + self.task.model.offset)

    def _start(self, block: Block) -> SpinArray:
        from pbit.kernels.sweeps import gibbs

        spins = np.empty((self.task.model.num_spins, block.width), dtype=np.int8)
        gibbs.random_spins(spins, np.uint64(block.first - block.lead), *self.task.key)
        if self.task.initial is not None:
            offset = block.first - self.task.first_read
            rows = self.task.initial[offset : offset + block.wanted]
            spins[:, block.lanes] = rows.T
        return spins

    def _keep(self, finished: Rows) -> None:
        task = self.task
        self._finished.append(finished)
        self._num_finished += finished.energies.size
        if task.num_reads is None and self._num_finished >= 2 * task.max_num_samples:
            merged = Rows.concatenate(self._finished, task.model.num_spins)
            self._finished = [merged.lowest(task.max_num_samples)]
            self._num_finished = self._finished[0].energies.size

    def _conclude(self, reason: str | None) -> None:
        parts = [*self._finished, self._cut_short]
        lowest = min(part.energies.min(initial=np.inf) for part in parts)
        done = self._num_finished == self.task.num_reads
        if self.control.target is not None and lowest - self.task.model.offset <= self._aim:
            self.stop_reason = "target"
        elif reason is not None and not done:
            self.stop_reason = reason

    def _report(self, elapsed_s: float) -> Progress:
        with self._lock:
            beats = [block.beat for block in self._running]
            swept, lowest = self._sweeps, self._lowest_tracked
        best = min((float(beat[1]) for beat in beats), default=np.inf)
        best = float(min(best, lowest) + self.task.model.offset)
        if self.task.num_reads is None or not self.task.num_sweeps:
            return Progress(None, best, elapsed_s)
        swept += sum(float(beat[0]) for beat in beats)
        return Progress(swept / (self.task.num_sweeps * self.task.num_reads), best, elapsed_s)
