"""One run of a program: blocks shared among workers, and what comes back of them."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from pbit.checks import ArgumentError, integer
from pbit.engines.block import Block, Counted
from pbit.engines.observation import Totals
from pbit.engines.task import Task
from pbit.engines.words import law_of
from pbit.kernels.random.stream import RNG
from pbit.models.directed import DirectedModel
from pbit.models.labels import FloatArray
from pbit.models.polynomial import AnyModel
from pbit.run.blocks import Part, blocks_of, most_blocks, new_trace, run_block
from pbit.run.control import Progress
from pbit.run.pieces import run_pieces
from pbit.run.reads import Reads
from pbit.run.request import Request
from pbit.run.rows import Rows
from pbit.run.stopwatch import Stopwatch
from pbit.run.target import Aim
from pbit.run.warming import warm_up
from pbit.schedules.schedule import (
    DEFAULT_NUM_SWEEPS,
    Schedule,
    default_schedule,
    schedule_from,
)

if TYPE_CHECKING:
    from pbit.run.program import Program


def run_program(program: Program, schedule: Schedule, request: Request, watch: Stopwatch) -> Run:
    """A run that is over; the request is checked, the watch was started with the call."""
    run = Run(program, schedule, request)
    watch.mark()
    warm_up(run.task, next(blocks_of(run.task, run.threads)))
    watch.mark()
    run.go()
    watch.mark()
    run.timing = watch
    return run


def schedule_of(
    model: AnyModel | DirectedModel,
    schedule: Schedule | npt.ArrayLike | None,
    *,
    num_sweeps: int | None = None,
    beta: float | None = None,
) -> Schedule:
    """The schedule, or the model's own of so many sweeps, or these at one beta.

    Raises
    ------
    ValueError
        A schedule and one of the others; none of them for directed couplings.
    """
    sweeps = DEFAULT_NUM_SWEEPS if num_sweeps is None else integer("num_sweeps", num_sweeps, 0)
    if schedule is not None:
        for name, value in (("num_sweeps", num_sweeps), ("beta", beta)):
            if value is not None:
                raise ArgumentError(name, "must be left out with a schedule, which says it", value)
        return schedule_from(schedule)
    if beta is not None:
        return Schedule.constant(beta, num_sweeps=sweeps)
    if isinstance(model, DirectedModel):
        raise ArgumentError(
            "schedule",
            "must be given for directed couplings, which have no energy to anneal",
            remedy="beta=1.0 runs the network as it is",
        )
    return default_schedule(model, num_sweeps=sweeps)


class Run:
    """Workers take blocks from a common list while the caller's thread watches."""

    def __init__(self, program: Program, schedule: Schedule, request: Request) -> None:
        self.program, self.schedule, self.request = program, schedule, request
        self.task: Task = program.task(schedule, request)
        self.control, self.is_small = request.control, program.is_small(schedule, request)
        self.threads = 1 if self.is_small else request.num_threads or 1
        self.timing = Stopwatch()
        self.stop_reason = "completed"
        self.reads_begun = 0
        self.sweeps = 0.0
        self.counts = np.zeros(3, np.int64)
        self.totals = Totals(self.task.observation.looks(self.task.num_sweeps))
        model = self.task.model
        self._aim = Aim.at(self.control.target, offset=model.offset, size=model.size)
        self._stop = np.zeros(1, dtype=np.uint8)
        self._trace = new_trace(self.task)
        self._running: dict[int, Block] = {}
        self._lowest_tracked = np.inf
        self._counted: list[tuple[Any, Counted]] = []
        self._finished: list[Rows] = []
        self._num_finished = 0
        self._cut_short = Rows.nothing(model.num_spins)

    @property
    def updates(self) -> int:
        """Update attempts made for the reads asked for."""
        held = 0 if self.program.held is None else int(np.count_nonzero(self.program.held))
        return int(self.sweeps) * (self.task.model.num_spins - held)

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

    def go(self) -> None:
        """Run all blocks; returns when they are done or the run has been stopped.

        An interrupt that is there before the start leaves one read, after one sweep.
        """
        blocks = blocks_of(self.task, self.threads)
        if self.control.interrupted():
            self._stop[0] = 1
            self._take(self._call(replace(next(blocks), wanted=1)))
            self._conclude("interrupted")
            return
        threads = -(-self.threads // self.task.parts)
        executor = self.request.executor
        reason = run_pieces(
            blocks,
            self._call
            if executor is None
            else partial(run_block, self.task, self._aim, self._stop),
            self._take,
            stop=self._stop,
            control=self.control,
            report=self._report,
            threads=min(threads, most_blocks(self.task, self.threads)),
            executor=executor,
            small=self.is_small,
        )
        self._conclude(reason)

    def reads(self) -> Reads:
        """What the run returns."""
        rows = self._collect()
        return Reads(rows.spins, rows.energies, self._info())

    def _call(self, block: Block) -> Part:
        self._running[block.first] = block
        return run_block(self.task, self._aim, self._stop, block)

    def _take(self, part: Part) -> None:
        block = part.block
        self._running.pop(block.first, None)
        self.reads_begun += block.wanted
        self.sweeps += block.beat[0]
        self._lowest_tracked = min(self._lowest_tracked, block.beat[1])
        if self._trace.size:
            np.minimum(self._trace, part.trace, out=self._trace)
        if part.observed is not None:
            self.totals.add(*part.observed)
        self.counts += part.tallies
        if part.counted is not None:
            self._counted.append(part.counted)
        if part.cut_short is not None:
            both = [self._cut_short, part.cut_short]
            self._cut_short = Rows.concatenate(both, self.task.model.num_spins).lowest(1)
        self._keep(part.finished)
        if self.request.executor is not None:  # kernels of other processes stop themselves alone
            self._stop[0] |= self._aim.is_hit(part.finished.energies - self.task.model.offset)

    def _keep(self, finished: Rows) -> None:
        task = self.task
        if finished.energies.size:
            self._finished.append(finished)
        self._num_finished += finished.energies.size
        if task.num_reads is None and self._num_finished >= 2 * task.max_num_samples:
            merged = Rows.concatenate(self._finished, task.model.num_spins)
            self._finished = [merged.lowest(task.max_num_samples)]
            self._num_finished = self._finished[0].energies.size

    def _collect(self) -> Rows:
        """Finished reads, and of those cut short the lowest if lowest of all."""
        n = self.task.model.num_spins
        rows, cut = Rows.concatenate(self._finished, n), self._cut_short
        if not self.task.has_energy:
            rows = rows if rows.energies.size else cut
            return replace(rows, energies=np.full(rows.energies.size, np.nan))
        if cut.energies.size and cut.energies[0] < rows.energies.min(initial=np.inf):
            rows = Rows.concatenate([rows, cut], n)
        return rows if self.task.num_reads is not None else rows.lowest(self.task.max_num_samples)

    def _conclude(self, reason: str | None) -> None:
        offset = self.task.model.offset
        parts = [*self._finished, self._cut_short] if self.control.target is not None else []
        if any(self._aim.is_hit(part.energies - offset) for part in parts):
            self.stop_reason = "target"
        elif reason is not None and self._num_finished != self.task.num_reads:
            self.stop_reason = reason

    def _report(self, elapsed_s: float) -> Progress:
        beats = [block.beat for block in list(self._running.values())]
        best = min((float(beat[1]) for beat in beats), default=np.inf)
        best = float(min(best, self._lowest_tracked) + self.task.model.offset)
        if self.task.num_reads is None or not self.task.num_sweeps:
            return Progress(None, best, elapsed_s)
        swept = self.sweeps + sum(float(beat[0]) for beat in beats)
        return Progress(swept / (self.task.num_sweeps * self.task.num_reads), best, elapsed_s)

    def _info(self) -> dict[str, Any]:
        """How the reads came about: ``Reads.info``."""
        request, plan, schedule = self.request, self.program.plan, self.schedule
        directed = not self.task.has_energy
        info: dict[str, Any] = {
            "seed": request.seed,
            "stop_reason": self.stop_reason,
            "beta_range": schedule.ends,
            "beta_schedule_type": schedule.kind,
            "num_reads": self.reads_begun,
            "num_sweeps": schedule.num_sweeps,
            "rule": request.rule,
            "order": plan.order,
            "law": law_of(plan.order, directed=directed),
            "kernel": self.task.engine.name,
            "updates": self.updates,
            "num_threads": request.num_threads,
            "rng": RNG,
            "timing": self.timing.timing(),
        }
        if self.program.chip is not None:
            info |= self._chip_info(directed)
        if self.task.traced:
            info["trace"] = self.trace
        return info

    def _chip_info(self, directed: bool) -> dict[str, Any]:
        from pbit.engines.events import account

        chip = self.program.chip
        assert chip is not None
        hardware = chip.hardware
        info = {
            "order": hardware.clock,
            "hardware": account(chip, self.task, self.counts, self.sweeps),
        }
        return info if directed else info | {"law": hardware.law}
