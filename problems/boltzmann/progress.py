"""What is seen of a training on its way: a bar, a history, a checkpoint an epoch."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from pbit.problems.boltzmann.training import Training
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
    save: Callable[[dict[str, Any]], None]
    history: list[dict[str, float]] = field(default_factory=list)
    started: float = field(default_factory=time.monotonic)

    @classmethod
    def of(
        cls, estimator: BoltzmannEstimator, training: Training, data: npt.NDArray[np.int8]
    ) -> Watcher:
        """For a fit; a checkpoint that is there is taken up where ``resume`` says so."""
        rows = data[:_ROWS].astype(np.float32)
        watcher = cls(
            training,
            estimator.n_iter,
            lambda: {} if not estimator.verbose else estimator._measured(rows),
            Bar(on=bool(estimator.verbose)),
            lambda progress: None,
        )
        return watcher

    def epoch_done(self) -> None:
        """Note, draw, keep."""
        epoch = self.training.epoch
        seconds = time.monotonic() - self.started
        entry = {"epoch": epoch, "seconds": seconds, **self.measure()}
        self.history.append(entry)
        left = seconds / epoch * (self.num_epochs - epoch)
        told = "  ".join(f"{k} {v:.5g}" for k, v in entry.items() if k not in ("epoch", "seconds"))
        self.bar.show(epoch / self.num_epochs, f"epoch {epoch}  {told}  {left:.0f} s left")
        self.save({"history": self.history})

    def close(self) -> None:
        """Take the bar away."""
        self.bar.close()
