"""The search with networks that the general kernels run: anneals of all shapes in turn."""

from __future__ import annotations

import time
from dataclasses import replace
from typing import Any

from pbit.problems.factoring.columns import Columns
from pbit.problems.factoring.factors import FactorResult, Reason
from pbit.problems.factoring.multiplier import Factoring
from pbit.problems.factoring.shapes import shapes_of
from pbit.problems.factoring.task import Task
from pbit.run.control import Control, Progress
from pbit.samplers.anneal import anneal
from pbit.schedules.schedule import Schedule

_NUM_READS = 512
_FIRST_SWEEPS = 250
_MOST_SWEEPS = 20_000


def search_annealing(task: Task) -> FactorResult:
    """Anneals of the shapes until factors are found, time is up or somebody interrupts.

    Turn t = 0, 1, 2 ... anneals 512 reads of t + 1 times 250 sweeps of every i-th shape for which
    i + 1 divides t: all of them at first, then mostly the balanced ones; 20,000 sweeps at most. A
    state counts if its x and y multiply to n, whatever its energy is.
    """
    return _Search(task).run()


def _problems(task: Task) -> list[Factoring | Columns]:
    """A problem for each shape; models are built when they are used."""
    shapes = shapes_of(task.n)
    if task.method == "multiplier":
        return [Factoring(task.n, *shape) for shape in shapes]
    return [Columns(task.n, *shape) for shape in shapes]


class _Search:
    def __init__(self, task: Task) -> None:
        self.task = task
        self.sweeps = self.updates = self.p_bits = self.terms = 0
        self.compiling_s = 0.0
        self.start = time.perf_counter()

    def run(self) -> FactorResult:
        problems = _problems(self.task)
        turn = 0
        while True:
            for index, problem in enumerate(problems):
                if turn % (index + 1) == 0:
                    result = self._try(problem, turn, index)
                    if result is not None:
                        return result
            turn += 1

    def _try(self, problem: Factoring | Columns, turn: int, index: int) -> FactorResult | None:
        limit = self.task.time_limit_s
        left = None if limit is None else limit - self._elapsed()
        if left is not None and left <= 0:
            return self._result("time_limit")
        if not problem.is_possible:
            return None
        self._report(problem, self._elapsed())
        num_sweeps = min(_FIRST_SWEEPS * (turn + 1), _MOST_SWEEPS)
        reads = anneal(
            problem.model,
            Schedule.geometric(*problem.betas, num_betas=num_sweeps),
            num_reads=_NUM_READS,
            seed=self.task.seed_of(turn, index),
            best_seen=True,
            kernel=problem.kernel,  # one for every shape: small ones would compile another
            order="sequential",
            num_threads=self.task.num_threads,
            control=self._control(problem, left),
        )
        self._count(problem, reads.info)
        for answer in problem.decode_reads(reads.spins):
            if problem.check(answer):
                x, y = sorted(answer)
                return replace(
                    self._result("found"),
                    factors=(x, y),
                    shape=(problem.width_x, problem.width_y),
                    p_bits=problem.model.num_spins,
                    terms=problem.num_terms,
                )
        return self._result("interrupted") if self._interrupted(reads.info) else None

    def _control(self, problem: Factoring | Columns, left: float | None) -> Control:
        before = self._elapsed()

        def report(progress: Progress) -> None:
            self._report(problem, before + progress.elapsed_s)  # compilation apart

        return Control(time_limit_s=left, interrupt=self.task.interrupt, progress=report)

    def _report(self, problem: Factoring | Columns, elapsed_s: float) -> None:
        shape = (problem.width_x, problem.width_y)
        self.task.report(elapsed_s, shape, problem.model.num_spins)

    def _count(self, problem: Factoring | Columns, info: dict[str, Any]) -> None:
        self.sweeps += info["updates"] // max(1, problem.model.num_spins)
        self.updates += info["updates"]
        if problem.model.num_spins > self.p_bits:
            self.p_bits, self.terms = problem.model.num_spins, problem.num_terms
        self.compiling_s += info["timing"]["compile_ns"] / 1e9

    def _interrupted(self, info: dict[str, Any]) -> bool:
        if info["stop_reason"] == "interrupted":
            return True
        return Control(interrupt=self.task.interrupt).interrupted()

    def _elapsed(self) -> float:
        return time.perf_counter() - self.start - self.compiling_s

    def _result(self, reason: Reason) -> FactorResult:
        return FactorResult(
            n=self.task.n,
            factors=None,
            p_bits=self.p_bits,
            sweeps=self.sweeps,
            seconds=self._elapsed(),
            seed=self.task.seed,
            reason=reason,
            method=self.task.method,
            terms=self.terms,
            updates=self.updates,
        )
