"""What is seen of a training on its way: a bar, a history, a checkpoint an epoch."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from pbit.problems.boltzmann.keeping import checkpoint_of
from pbit.problems.boltzmann.measures import (
    free_energy_gap,
    moments_mismatch,
    reconstruction_error,
)
from pbit.problems.boltzmann.training import Training
from pbit.problems.learning.checkpoint import Checkpoint
from pbit.system.bar import Bar

if TYPE_CHECKING:
    from pbit.problems.boltzmann.estimator import BoltzmannEstimator

_ROWS = 200  # that are looked at after an epoch


@dataclass
class Watcher:
    """Called after each epoch."""

    training: Training
    num_epochs: int
    measure: Callable[[], dict[str, float]]
    bar: Bar
    kept: Checkpoint | None = None
    before: float = 0.0
    history: list[dict[str, float]] = field(default_factory=list)
    started: float = field(default_factory=time.monotonic)

    @classmethod
    def of(
        cls,
        estimator: BoltzmannEstimator,
        training: Training,
        data: npt.NDArray[np.int8],
        held_out: npt.NDArray[np.int8] | None,
    ) -> Watcher:
        """For a fit; a checkpoint that is there is taken up where ``resume`` says so."""
        rows, machine, phase = data[:_ROWS], training.machine, training.phase

        def measure() -> dict[str, float]:
            if not estimator.verbose:
                return {}
            free = machine.visible(phase.chains)[: phase.num_free]
            found = estimator._measured(rows)
            found["reconstruction_error"] = reconstruction_error(machine, rows)
            if held_out is not None:
                found["free_energy_gap"] = free_energy_gap(machine, rows, held_out[:_ROWS])
            means, pairs = moments_mismatch(rows, free)
            return found | {"means_mismatch": means, "pairs_mismatch": pairs}

        watcher = cls(training, estimator.n_iter, measure, Bar(on=bool(estimator.verbose)))
        if estimator.checkpoint is not None:
            watcher.kept = checkpoint_of(estimator, data)
            if estimator.resume:
                watcher._resume(watcher.kept)
        return watcher

    def _resume(self, kept: Checkpoint) -> None:
        saved = kept.resume()
        if saved is not None:
            self.training.restore(saved.arrays)
            self.history = saved.progress["history"]
            self.before = self.history[-1]["seconds"]

    def epoch_done(self) -> None:
        """Note, draw, keep."""
        epoch = self.training.epoch
        seconds = self.before + time.monotonic() - self.started
        entry = {"epoch": epoch, "seconds": seconds, **self.measure()}
        self.history.append(entry)
        left = seconds / epoch * (self.num_epochs - epoch)
        told = "  ".join(f"{k} {v:.5g}" for k, v in entry.items() if k not in ("epoch", "seconds"))
        self.bar.show(epoch / self.num_epochs, f"epoch {epoch}  {told}  {left:.0f} s left")
        if self.kept is not None:
            self.kept.save(self.training.state(), {"history": self.history})

    def close(self) -> None:
        """Take the bar away."""
        self.bar.close()
