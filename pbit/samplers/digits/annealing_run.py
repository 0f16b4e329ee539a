"""One annealing run of digits: blocks shared among workers, and what comes back of them."""

from __future__ import annotations

from functools import partial
from typing import Any

import numpy as np

from pbit.kernels.random.stream import RNG
from pbit.run.control import Control, Progress
from pbit.run.pieces import run_pieces
from pbit.run.stopwatch import Stopwatch
from pbit.run.target import Aim
from pbit.samplers.digits.blocks import AnnealTask, Block, Part, blocks_of, run_block
from pbit.samplers.digits.dit_reads import DitReads

_SMALL = 2**16  # updates, which are done before a thread is started


class AnnealingRun:
    """Workers take blocks from a common list while the caller's thread watches."""

    def __init__(
        self,
        task: AnnealTask,
        control: Control,
        *,
        threads: int,
        executor: Any = None,
        most_rows: int,
    ) -> None:
        self.control, self.threads, self.executor = control, threads, executor
        model = task.program.model
        self._aim = Aim.at(control.target, offset=model.offset, size=task.program.size)
        self.task = task._replace(aim=self._aim.target)
        self._most_rows = most_rows
        self._stop = np.zeros(1, np.uint8)
        self._running: dict[int, Block] = {}
        self._whole: list[tuple[int, Any, Any]] = []
        self._cut: tuple[float, int, Any] = (np.inf, -1, None)
        self._lowest = np.inf
        self._trace = np.full(task.schedule.num_sweeps if task.traced else 0, np.inf)
        self._sweeps, self._begun, self._rows = 0, 0, 0
        self._reason = "completed"

    def warm_up(self) -> None:
        """Compile, or load, the kernel: one sweep of the first block, or less."""
        first = next(blocks_of(self.task, self.threads))
        run_block(self.task, np.ones(1, np.uint8), first._replace(beat=np.zeros(2)))

    def go(self) -> None:
        """Run all blocks; returns when they are done or the run has been stopped."""
        task = self.task
        if self.control.interrupted():
            self._stop[0] = 1
            self._take(self._call(Block(task.first_read, 1, np.array([0.0, np.inf]))))
            self._reason = "interrupted"
            return
        many = (task.num_reads or _SMALL) * max(1, task.updates)
        call = self._call if self.executor is None else partial(run_block, task, self._stop)
        reason = run_pieces(
            blocks_of(task, self.threads),
            call,
            self._take,
            stop=self._stop,
            control=self.control,
            report=self._report,
            threads=min(self.threads, task.num_reads or self.threads),
            executor=self.executor,
            small=many < _SMALL,
        )
        if self._aim.is_hit(self._lowest):
            self._reason = "target"
        elif reason is not None and self._rows != task.num_reads:
            self._reason = reason

    def reads(self, timing: Stopwatch) -> DitReads:
        """What the run returns."""
        task = self.task
        self._whole.sort(key=lambda part: part[0])
        values = [part[1] for part in self._whole]
        energies = [part[2] for part in self._whole]
        lowest = min((float(each.min()) for each in energies), default=np.inf)
        if self._cut[2] is not None and self._cut[0] < lowest:
            values.append(self._cut[2][None])
        states = np.concatenate(values)
        found = np.asarray(task.program.model.energy(states), dtype=np.float64)
        if task.num_reads is None and found.size > self._most_rows:
            kept = np.sort(np.argsort(found, kind="stable")[: self._most_rows])
            states, found = states[kept], found[kept]
        info: dict[str, Any] = {
            "seed": task.seed,
            "stop_reason": self._reason,
            "beta_range": task.schedule.ends,
            "beta_schedule_type": task.schedule.kind,
            "num_reads": self._begun,
            "num_sweeps": task.schedule.num_sweeps,
            "rule": task.rule,
            "order": task.order,
            "law": task.program.law,
            "kernel": "digits" if task.order == "sequential" else "digits-colors",
            "updates": self._sweeps * task.program.updates,
            "num_threads": self.threads,
            "rng": RNG,
            "timing": timing.timing(),
        }
        if task.traced:
            made = np.isfinite(self._trace)
            info["trace"] = self._trace[made] + task.program.model.offset
        return DitReads(states, found, info)

    def _call(self, block: Block) -> Part:
        self._running[block.first] = block
        return run_block(self.task, self._stop, block)

    def _take(self, part: Part) -> None:
        self._running.pop(part.block.first, None)
        self._begun += len(part.sweeps)
        self._sweeps += int(part.sweeps.sum())
        if self._trace.size:
            np.minimum(self._trace, part.trace, out=self._trace)
        done = part.sweeps == self.task.schedule.num_sweeps
        self._lowest = min(self._lowest, float(part.energies.min(initial=np.inf)))
        self._keep(part, np.flatnonzero(done))
        for row in np.flatnonzero(~done):
            if part.energies[row] < self._cut[0] or self._cut[2] is None:
                self._cut = (float(part.energies[row]), int(row), part.values[row])
        if self.executor is not None:  # kernels of other processes stop themselves alone
            self._stop[0] |= self._aim.is_hit(self._lowest)

    def _keep(self, part: Part, rows: Any) -> None:
        """Whole reads; of a run without end the lowest alone."""
        if not rows.size:
            return
        self._whole.append((part.block.first, part.values[rows], part.energies[rows]))
        self._rows += rows.size
        if self.task.num_reads is None and self._rows >= 2 * self._most_rows:
            energies = np.concatenate([each[2] for each in self._whole])
            values = np.concatenate([each[1] for each in self._whole])
            kept = np.argsort(energies, kind="stable")[: self._most_rows]
            self._whole = [(self.task.first_read, values[kept], energies[kept])]
            self._rows = kept.size

    def _report(self, elapsed_s: float) -> Progress:
        beats = [block.beat for block in list(self._running.values())]
        lowest = min([self._lowest, *(float(beat[1]) for beat in beats)])
        best = lowest + self.task.program.model.offset
        sweeps = self.task.schedule.num_sweeps
        if self.task.num_reads is None or not sweeps:
            return Progress(None, best, elapsed_s)
        made = self._sweeps + sum(float(beat[0]) for beat in beats)
        return Progress(made / (sweeps * self.task.num_reads), best, elapsed_s)
