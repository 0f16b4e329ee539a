"""Engine "reads": one read after the other, in any order."""

from __future__ import annotations

from typing import Any

from pbit.engines.block import Block
from pbit.engines.engine import Ask, Plan
from pbit.engines.floats import FloatEngine, lane_sizes
from pbit.engines.task import Task


class Reads(FloatEngine):
    """Sums over neighbours, update by update."""

    name = "reads"
    rank = 50
    takes_terms = True
    takes_directed = True
    takes_special = True

    def offer(self, model: Any, ask: Ask) -> Plan | None:
        """Anything."""
        return self.plan(model, ask)

    def sizes(self, n: int, share: int) -> tuple[int, int]:
        """See :class:`Engine`."""
        return lane_sizes(n, share, min(256, max(2**20 // n // 16 * 16, 64 if n <= 2**20 else 16)))

    def sweep(self, task: Task, block: Block, arguments: tuple[Any, ...]) -> None:
        """See :class:`FloatEngine`."""
        from pbit.kernels.sweeps import reads

        reads.anneal_reads(*arguments, keeps=task.has_energy)


ENGINE = Reads()
