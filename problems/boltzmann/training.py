"""The loop: minibatches, both phases, an ascent, epoch after epoch; it can stop and go on."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt

from pbit.problems.boltzmann.gradient import Arrays, Ascent, LearningRate, Moments, move
from pbit.problems.boltzmann.labelled import Conditional
from pbit.problems.boltzmann.machine import Machine
from pbit.problems.boltzmann.phases import Phase
from pbit.samplers.layers.products import blas_in_one_thread

_SHUFFLES = 4  # turn of the seed
_GAPS = 5

Rows = npt.NDArray[np.int64]


@dataclass
class Training:
    """A machine that is being trained, and all that the next epoch depends on.

    Data go in as int8 spins (rows, visible), 0 where nothing is known; a batch becomes float32. The
    order of the rows in an epoch is a function of the seed and the epoch's number. What is not
    known of a row goes on, epoch by epoch, from where it was drawn last: stochastic approximation
    of the likelihood of what is known (Delyon, Lavielle, Moulines, Ann. Statist. 27, 94 (1999)).
    """

    machine: Machine
    phase: Phase
    ascent: Ascent
    rate: LearningRate
    batch_size: int
    seed: int
    conditional: Conditional | None = None
    epoch: int = 0
    updates: int = 0
    moments: Moments = field(init=False)
    drawn: npt.NDArray[np.int8] | None = None

    def __post_init__(self) -> None:
        squares = _zeros(self.machine) if self.ascent.adaptive else []
        self.moments = Moments(_zeros(self.machine), squares)

    def run_epoch(
        self, data: npt.NDArray[np.int8], after_update: Callable[[float], None] = lambda share: None
    ) -> None:
        """One pass over all rows in a fresh order, in batches whose sizes differ by one at most.

        ``after_update`` is told the share of the epoch that is done; what it raises ends it.
        """
        rng = np.random.default_rng([self.seed, _SHUFFLES, self.epoch])
        order = rng.permutation(len(data))
        rate = self.rate.at(self.epoch)
        if self.machine.draws_gaps and not data.all():
            if self.drawn is None or self.drawn.shape != data.shape:
                self.drawn = _coins(data.shape, self.seed)
        batches = np.array_split(order, -(-len(data) // self.batch_size))
        with blas_in_one_thread():
            for done, rows in enumerate(batches, start=1):
                self.update(data[rows].astype(np.float32), rate, rows)
                after_update(done / len(batches))
        self.epoch += 1

    def update(self, batch: npt.NDArray[np.float32], rate: float, rows: Rows) -> None:
        """One step of the ascent, by these rows of the data."""
        machine, moments = self.machine, self.moments
        if self.ascent.adaptive:
            gradient = _zeros(machine)
            self._add_gradient(gradient, batch, 1.0, rows)
            self.ascent.adapted(machine, moments, gradient, rate=rate, updates=self.updates)
        else:
            self.ascent.slow(moments.velocities, machine.weights, rate)
            self._add_gradient(moments.velocities, batch, rate, rows)
            move(machine.parameters, moments.velocities)
        self.updates += 1

    def _add_gradient(
        self, into: Arrays, batch: npt.NDArray[np.float32], factor: float, rows: Rows
    ) -> None:
        share = 0.0 if self.conditional is None else self.conditional.share
        if share < 1:
            self._add_joint(into, batch, (1 - share) * factor, rows)
        if self.conditional is not None:
            self.machine.add_conditional(into, self.conditional.of(batch), share * factor)

    def _add_joint(
        self, into: Arrays, batch: npt.NDArray[np.float32], factor: float, rows: Rows
    ) -> None:
        """Add the gradient of the likelihood of rows and labels, from both phases."""
        machine = self.machine
        held = machine.data_means(batch, None if self.drawn is None else self.drawn[rows])
        if self.drawn is not None:
            self.drawn[rows] = machine.clamped(len(batch))
        machine.add_gradient(into, held, factor)
        free = self.phase.means(machine, len(batch))
        machine.add_gradient(into, free, -factor)

    def state(self) -> dict[str, npt.NDArray[Any]]:
        """All arrays that are needed to go on bit for bit."""
        kept: dict[str, npt.NDArray[Any]] = {}
        kept |= {f"parameter.{k}": array for k, array in enumerate(self.machine.parameters)}
        kept |= {f"velocity.{k}": array for k, array in enumerate(self.moments.velocities)}
        kept |= {f"square.{k}": array for k, array in enumerate(self.moments.squares)}
        for owner, holder in self._holders():
            kept |= {f"{owner}.{name}": array for name, array in holder.state().items()}
        if self.drawn is not None:
            kept["drawn"] = self.drawn
        return kept | {"counters": np.array([self.epoch, self.updates], np.int64)}

    def restore(self, arrays: dict[str, npt.NDArray[Any]]) -> None:
        """Go on from :meth:`state`."""
        moments = self.moments
        for name, into in (
            ("parameter", self.machine.parameters),
            ("velocity", moments.velocities),
            ("square", moments.squares),
        ):
            for k, array in enumerate(into):
                array[...] = arrays[f"{name}.{k}"]
        for owner, holder in self._holders():
            own = f"{owner}."
            holder.restore({k.removeprefix(own): a for k, a in arrays.items() if k.startswith(own)})
        self.drawn = arrays["drawn"].copy() if "drawn" in arrays else None
        self.epoch, self.updates = (int(n) for n in arrays["counters"])

    def _holders(self) -> tuple[tuple[str, Any], ...]:
        """Who else holds chains."""
        return ("phase", self.phase), ("machine", self.machine)


def _zeros(machine: Machine) -> Arrays:
    return [np.zeros_like(array) for array in machine.parameters]


def _coins(shape: tuple[int, ...], seed: int) -> npt.NDArray[np.int8]:
    rng = np.random.default_rng([seed, _GAPS])
    return (2 * rng.integers(0, 2, shape, dtype=np.int8) - 1).astype(np.int8)
