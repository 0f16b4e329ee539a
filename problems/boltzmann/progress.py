"""What is kept of a training on its way: a history, a checkpoint an epoch."""

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
from pbit.samplers.layers.products import blas_in_one_thread

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
        cls,
        estimator: BoltzmannEstimator,
        training: Training,
        data: npt.NDArray[np.int8],
        held_out: npt.NDArray[np.int8] | None,
    ) -> Watcher:
        """For a fit; a checkpoint that is there is taken up where ``resume`` says so."""
        rows, machine, phase = data[data.all(axis=1)][:_ROWS], training.machine, training.phase

        def measure() -> dict[str, float]:
            if not estimator.verbose or not len(rows):
                return {}
            with blas_in_one_thread():
                free = machine.visible(phase.chains)[: phase.num_free]
                found = estimator._measured(rows)
                found["reconstruction_error"] = reconstruction_error(machine, rows)
                if held_out is not None:
                    found["free_energy_gap"] = free_energy_gap(machine, rows, held_out[:_ROWS])
                means, pairs = moments_mismatch(rows, free)
                return found | {"means_mismatch": means, "pairs_mismatch": pairs}

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
