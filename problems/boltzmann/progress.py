"""What is kept of a training on its way: a history, a checkpoint an epoch."""

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

if TYPE_CHECKING:
    from pbit.problems.boltzmann.estimator import BoltzmannEstimator

_ROWS = 200  # of which all is known, that are looked at after an epoch


@dataclass
class Watcher:
    """Called after each epoch."""

    training: Training
    measure: Callable[[], dict[str, float]]
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

        watcher = cls(training, measure)
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

    def epoch_done(self) -> dict[str, float]:
        """Note and keep: what there is to say of the epoch."""
        seconds = self.before + time.monotonic() - self.started
        entry = {"epoch": self.training.epoch, "seconds": seconds, **self.measure()}
        self.history.append(entry)
        if self.kept is not None:
            self.kept.save(self.training.state(), {"history": self.history})
        return entry


def told(entry: dict[str, float], num_epochs: int) -> str:
    """The entry beside a progress bar.

    Examples
    --------
    >>> told({"epoch": 2, "seconds": 3.0, "pseudo_likelihood": -60.9}, 10)
    'epoch 2  pseudo_likelihood -60.9  12 s left'
    """
    epoch = entry["epoch"]
    left = entry["seconds"] / epoch * (num_epochs - epoch)
    measures = [f"{k} {v:.5g}" for k, v in entry.items() if k not in ("epoch", "seconds")]
    return "  ".join([f"epoch {epoch}", *measures, f"{left:.0f} s left"])
