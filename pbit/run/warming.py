"""Compiling, or loading, what a run needs before its time is taken."""

from __future__ import annotations

from typing import Any

import numpy as np

from pbit.engines.block import Block
from pbit.engines.task import Task
from pbit.run.blocks import run_block
from pbit.run.target import Aim

_WARM: set[tuple[Any, ...]] = set()


def warm_up(task: Task, block: Block) -> None:
    """Run a free spin through the kernels of a task, once a process for each variant."""
    from pbit.kernels.vectors import transpose

    transpose.warm_up(task.model.num_spins, block.width)
    variant = task.engine.variant(task, block.width)
    if variant in _WARM:
        return
    aim, stop = Aim.at(None, offset=0.0, size=0.0), np.zeros(1, np.uint8)
    for toy, small in task.engine.warm(task.toy, task, block):
        run_block(toy, aim, stop, small)
    _WARM.add(variant)
