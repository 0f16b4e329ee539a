"""Engine "events": an emulated chip, event by event."""

from __future__ import annotations

from typing import Any

from pbit.engines.block import Block, Outcome, Watch
from pbit.engines.engine import Engine
from pbit.engines.task import Task, columns_of
from pbit.models.labels import SpinArray

_BLOCK_SPINS = 2**12  # of a block: its histograms and counts stay small


class Chips(Engine):
    """Runs what the chip is programmed with; rule, order and clock are the chip's."""

    name = "events"
    orders = ("sequential",)
    rules = ("heat-bath",)
    chip = True
    update_ns = 60.0

    def sizes(self, n: int, share: int) -> tuple[int, int]:
        """See :class:`Engine`."""
        return max(1, min(share, _BLOCK_SPINS // n)), 1

    def variant(self, task: Task, width: int) -> tuple[Any, ...]:
        """See :class:`Engine`."""
        assert task.chipped is not None
        return (*super().variant(task, width), *task.chipped.variant)

    def run(self, task: Task, block: Block, spins: SpinArray, watch: Watch) -> Outcome:
        """See :class:`Engine`."""
        from pbit.engines.events import run_events

        betas = columns_of(task, block, task.betas)
        chipped = task.chipped
        if chipped is not None and chipped.held is not None:
            chip = chipped.chip.holding(chipped.held, spins[:, 0])
            task = task._replace(chipped=chipped._replace(chip=chip))
        return Outcome(*run_events(task, block, spins, watch, betas))


ENGINE = Chips()
