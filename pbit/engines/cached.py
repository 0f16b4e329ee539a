"""Engine "cached": dense couplings, kept fields, one read after the other."""

from __future__ import annotations

from typing import Any

from pbit.engines.block import Block
from pbit.engines.dense import may_keep, suits_matrix
from pbit.engines.engine import Ask, Plan
from pbit.engines.floats import LANES, FloatEngine
from pbit.engines.task import Task

_MANY_SPINS = 1024  # a read is work enough for a block
_LONE_READS, _LONE_DENSE, _SMALL = 4, 5, 256
"""Reads that fill no vectors, also where half of all pairs are coupled; spins whose matrix costs
nothing."""


class Cached(FloatEngine):
    """Fields are kept from the start: a flip costs n operations, an update one."""

    name = "cached"
    rank = 35
    orders = ("sequential",)
    form = "matrix"

    def offer(self, model: Any, ask: Ask) -> Plan | None:
        """Dense couplings and few reads (after "dense", which passes then), or next to no work."""
        small = may_keep(model, ask) and model.num_spins <= _SMALL
        lone = ask.num_reads is not None and ask.num_reads <= (
            _LONE_DENSE if small and 2 * model.J.nnz > model.num_spins**2 else _LONE_READS
        )
        return self.plan(model, ask) if (small and lone) or suits_matrix(model, ask) else None

    def sizes(self, n: int, share: int) -> tuple[int, int]:
        """See :class:`Engine`."""
        return (1 if n > _MANY_SPINS else min(share, LANES)), 1

    def sweep(self, task: Task, block: Block, arguments: tuple[Any, ...]) -> None:
        """See :class:`FloatEngine`."""
        from pbit.kernels.sweeps.cached import anneal_cached

        anneal_cached(*arguments)


ENGINE = Cached()
