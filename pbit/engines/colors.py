"""Engine "colors": vectors and threads over the spins of one read, colour after colour."""

from __future__ import annotations

from typing import Any

import numpy as np

from pbit.engines.floats import FloatEngine
from pbit.engines.task import Task
from pbit.engines.together import run_together

_LEAST_TEAM = 2**15  # spins that several threads are worth


class Colors(FloatEngine):
    """Sixteen spins of a colour at once; chosen by "lanes" where reads are few."""

    name = "colors"
    orders = ("chromatic",)
    form = "slices"
    update_ns = 1.0

    def sizes(self, n: int, share: int) -> tuple[int, int]:
        """See :class:`Engine`."""
        return 1, 1

    def parts(self, n: int, num_reads: int | None, threads: int) -> int:
        """See :class:`Engine`."""
        if n < _LEAST_TEAM:
            return 1
        return max(1, threads // min(num_reads or threads, threads))

    def sweep(self, task: Task, block: Any, arguments: tuple[Any, ...]) -> None:
        """One read on several threads, this one among them."""
        from pbit.kernels.sweeps import chromatic

        classes = task.model.arrays[1][0]
        costs = np.zeros(int((-(-np.diff(classes) // chromatic.CHUNK)).sum()))
        gate = np.zeros(3, dtype=np.int64)

        def work(part: int, parts: int) -> None:
            team = chromatic.Team(part, parts, gate, costs)
            chromatic.anneal_colors(*arguments, team=team)

        run_together(work, task.parts)


ENGINE = Colors()
