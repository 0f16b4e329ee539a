"""Engine "lanes": one vector lane a read."""

from __future__ import annotations

from typing import Any

from pbit.engines.block import Block
from pbit.engines.engine import Ask, Plan
from pbit.engines.floats import LANES, FloatEngine, lane_sizes, padded
from pbit.engines.task import Task

_MOST_COLORS = 5  # reads up to which a vector over spins beats one over reads
_WIDE_CLASS = 24  # spins of a colour that fill vectors well enough


class Lanes(FloatEngine):
    """Sums over neighbours, sixteen reads side by side."""

    name = "lanes"
    rank = 40
    orders = ("sequential", "chromatic")
    takes_terms = True
    takes_directed = True
    takes_special = True
    update_ns = 1.0

    def offer(self, model: Any, ask: Ask) -> Plan | None:
        """Any model in these orders."""
        return self.plan(model, ask) if ask.order in ("auto", *self.orders) else None

    def for_share(self, plan: Plan, share: int) -> str:
        """Vectors over spins, or none, where reads do not fill them."""
        if plan.coloring is not None and share <= _MOST_COLORS:
            n, colors = plan.coloring.colors.size, max(plan.coloring.num_colors, 1)
            if n >= _WIDE_CLASS * colors:
                return "colors"
        return "reads" if share == 1 else self.name

    def sizes(self, n: int, share: int) -> tuple[int, int]:
        """Blocks that stay in the cache, and whose sweep stays well below 0.1 s."""
        in_cache = 2**20 // n // LANES * LANES
        affordable = 64 if n <= 2**20 else LANES
        return lane_sizes(n, share, min(256, max(in_cache, affordable)))

    def block(self, first: int, wanted: int, most: int, num_reads: int | None) -> Block:
        """See :class:`Engine`."""
        return padded(first, wanted)

    def warm(self, toy: Task, task: Task, block: Block) -> list[tuple[Task, Block]]:
        """See :class:`Engine`."""
        return [(toy, Block(0, 1, LANES))]

    def sweep(self, task: Task, block: Block, arguments: tuple[Any, ...]) -> None:
        """See :class:`FloatEngine`."""
        from pbit.kernels.sweeps import gibbs

        gibbs.anneal_block(*arguments)


ENGINE = Lanes()
