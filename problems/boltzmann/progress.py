"""What is seen of a training on its way: a bar, a history, a checkpoint an epoch."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from pbit.problems.boltzmann.keeping import checkpoint_of
from pbit.problems.boltzmann.training import Training
from pbit.problems.learning.checkpoint import Checkpoint
from pbit.system.bar import Bar

if TYPE_CHECKING:
    from pbit.problems.boltzmann.estimator import BoltzmannEstimator

_ROWS = 200  # of which all is known, that are looked at after an epoch


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
        cls, estimator: BoltzmannEstimator, training: Training, data: npt.NDArray[np.int8]
    ) -> Watcher:
        """For a fit; a checkpoint that is there is taken up where ``resume`` says so."""
        rows = data[data.all(axis=1)][:_ROWS]

        def measure() -> dict[str, float]:
            return estimator._measured(rows) if estimator.verbose and len(rows) else {}

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
