"""What a search is given, for all methods alike."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from pbit.problems.factoring.factors import FactorProgress, Method
from pbit.problems.factoring.shapes import Shape
from pbit.seeds import seed_of


@dataclass(frozen=True)
class Task:
    """Arguments of :func:`~pbit.problems.factoring.search.factor`, checked."""

    n: int
    method: Method
    seed: int
    time_limit_s: float | None
    num_threads: int
    interrupt: Callable[[], bool] | None
    progress: Callable[[FactorProgress], None] | None

    def report(self, elapsed_s: float, shape: Shape, p_bits: int) -> None:
        """Tell whoever listens."""
        if self.progress is not None:
            self.progress(FactorProgress(elapsed_s, shape, p_bits, self.method))

    def seed_of(self, turn: int, index: int) -> int:
        """Seed of the reads of one shape in one turn."""
        return seed_of(self.seed, turn, index)
