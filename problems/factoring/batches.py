"""The search with the energy (XY - n)^2: batches of reads over all shapes in turn."""

from __future__ import annotations

import time
from collections.abc import Iterator
from math import ceil

from pbit.problems.factoring.cost import ProductCost
from pbit.problems.factoring.factors import FactorResult, Reason
from pbit.problems.factoring.product_search import Batch, programme_for, search_product
from pbit.problems.factoring.shapes import Shape, is_answer, shapes_of
from pbit.problems.factoring.task import Task
from pbit.run.control import Control, Progress

_MOST_BLOCKS = 64
_READS_A_BLOCK = 64
_TURNS_A_SEED = 2**20  # reads of one seed are numbered with 32 bits


def batches_of(task: Task) -> Iterator[Batch]:
    """Endless turns over all shapes, the most balanced first.

    The reads that a shape needs were measured to double with every two bits of its shorter
    factor, and so do those it gets. Going through all lengths costs up to 7 times the work of the
    most balanced ones; medians of factors of other lengths differ by up to 5 (docs/factoring.md).
    """
    shapes = shapes_of(task.n)
    widest = shapes[0][0]
    reads = [_READS_A_BLOCK * ceil(_MOST_BLOCKS * 2 ** ((k - widest) / 2)) for k, _ in shapes]
    programmes = [programme_for(*shape) for shape in shapes]
    turn = 0
    while True:
        epoch, position = divmod(turn, _TURNS_A_SEED)
        if position == 0:
            seeds = [task.seed_of(epoch, index) for index in range(len(shapes))]
        for shape, count, programme, seed in zip(shapes, reads, programmes, seeds, strict=True):
            yield Batch(shape, programme, seed, position * count, count)
        turn += 1


class _Watched:
    """The batches, and which one was the last to be taken."""

    def __init__(self, task: Task) -> None:
        self.task, self.batches = task, batches_of(task)
        self.shape = shapes_of(task.n)[0]

    def __iter__(self) -> Iterator[Batch]:
        return self

    def __next__(self) -> Batch:
        batch = next(self.batches)
        self.shape = batch.widths
        return batch

    def report(self, progress: Progress) -> None:
        self.task.report(progress.elapsed_s, self.shape, self.problem(self.shape).num_p_bits)

    def problem(self, shape: Shape) -> ProductCost:
        return ProductCost(self.task.n, *shape)


def search_cost(task: Task) -> FactorResult:
    """Search until factors are found, time is up or somebody interrupts."""
    watched = _Watched(task)
    watched.report(Progress(None, float("nan"), 0.0))
    control = Control(
        time_limit_s=task.time_limit_s, interrupt=task.interrupt, progress=watched.report
    )
    begin = time.perf_counter()
    search = search_product(task.n, watched, num_threads=task.num_threads, control=control)
    seconds = time.perf_counter() - begin - search.compile_s
    found = search.factors is not None and is_answer(task.n, search.factors)
    problem = watched.problem(search.batch.widths if found else shapes_of(task.n)[0])
    reason: Reason = "found" if found else _reason(search.reason)
    factors = search.factors
    return FactorResult(
        n=task.n,
        factors=(min(factors), max(factors)) if found and factors else None,
        p_bits=problem.num_p_bits,
        sweeps=search.updates // max(1, problem.num_p_bits),
        seconds=seconds,
        seed=task.seed,
        reason=reason,
        shape=search.batch.widths if found else None,
        method="cost",
        terms=problem.num_terms,
        updates=search.updates,
    )


def _reason(stopped_by: str | None) -> Reason:
    return "interrupted" if stopped_by == "interrupted" else "time_limit"
