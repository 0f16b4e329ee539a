"""Engine "dense": lanes with a full matrix, and kept fields where few spins flip."""

from __future__ import annotations

from typing import Any

import numpy as np

from pbit.engines.block import Block
from pbit.engines.engine import Ask, Plan
from pbit.engines.floats import LANES, FloatEngine, lane_sizes, padded
from pbit.engines.task import Task
from pbit.machine import memory_bytes
from pbit.models.ising import IsingModel

_LEAST_SPINS, _DENSITY = 32, 0.25
_MATRIX_SHARE = 0.25  # of the memory, at most, in a full matrix
_LEAST_READS = 24  # from which sums over all spins win while it is warm


class Dense(FloatEngine):
    """Sums over all spins, sixteen reads side by side, until fields are worth keeping."""

    name = "dense"
    rank = 30
    orders = ("sequential",)
    form = "matrix"

    def offer(self, model: Any, ask: Ask) -> Plan | None:
        """Dense couplings and many reads."""
        few = ask.num_reads is not None and ask.num_reads < _LEAST_READS
        return self.plan(model, ask) if not few and suits_matrix(model, ask) else None

    def sizes(self, n: int, share: int) -> tuple[int, int]:
        """See :class:`Engine`."""
        return lane_sizes(n, share, 64)

    def block(self, first: int, wanted: int, most: int, num_reads: int | None) -> Block:
        """See :class:`Engine`."""
        return padded(first, wanted)

    def variant(self, task: Task, width: int) -> tuple[Any, ...]:
        """See :class:`Engine`."""
        return (*super().variant(task, width), _cold_from(task) < len(task.betas))

    def warm(self, toy: Task, task: Task, block: Block) -> list[tuple[Task, Block]]:
        """See :class:`Engine`."""
        runs = [(toy, Block(0, 1, LANES))]
        if _cold_from(task) < len(task.betas):
            runs.append((toy.at(np.full((1, 1), np.inf)), Block(0, 1, LANES)))
        return runs

    def sweep(self, task: Task, block: Block, arguments: tuple[Any, ...]) -> None:
        """Reads side by side while it is warm, then one after the other with kept fields."""
        from pbit.kernels.sweeps import cached, gibbs

        states, model, plan, *rest = arguments
        cold = _cold_from(task) * task.sweeps_per_beta
        gibbs.anneal_block(states, model, plan._replace(last=cold), *rest)
        if cold < task.num_sweeps:
            cached.anneal_cached(states, model, plan._replace(first=cold), *rest)


def may_keep(model: Any, ask: Ask) -> bool:
    """Whether the engines of full matrices take the model in this order."""
    in_order = ask.order in ("auto", "sequential") and not ask.special
    return in_order and isinstance(model, IsingModel)


def suits_matrix(model: Any, ask: Ask) -> bool:
    """Whether a full matrix is the faster form, and no larger than three times the sparse one."""
    if not may_keep(model, ask):
        return False
    n = model.num_spins
    fits = 8 * n**2 <= _MATRIX_SHARE * memory_bytes()
    return n >= _LEAST_SPINS and bool(model.J.nnz > _DENSITY * n**2) and fits


def _cold_from(task: Task) -> int:
    return task.model.cold_from(task.betas) if task.keeps_fields else len(task.betas)


ENGINE = Dense()
