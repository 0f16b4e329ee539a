"""A block of reads, what watches it, and what comes back of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, NamedTuple

import numpy as np

from pbit.models.labels import FloatArray, SpinArray


@dataclass(eq=False)
class Block:
    """Reads ``first`` to ``first + wanted``, in lanes from ``lead`` on of ``width``."""

    first: int
    wanted: int
    width: int
    lead: int = 0
    beat: FloatArray = field(default_factory=lambda: np.array([0.0, np.inf]))

    @property
    def lanes(self) -> slice:
        """Where the reads are."""
        return slice(self.lead, self.lead + self.wanted)


class Watch(NamedTuple):
    """What a run and its kernels share: the stop flag, the target and its slack, the trace."""

    stop: Any
    aim: tuple[float, float]
    trace: FloatArray


class Counted(NamedTuple):
    """Of each read on a chip: decisions, flips and arrivals (R, 3), up times (R, n or 0), times
    spent in each state (R, 2**n or 0)."""

    tallies: Any
    ups: FloatArray
    histogram: FloatArray


class Outcome(NamedTuple):
    """Chosen state of every lane (n, width), its tracked energy without offset, its sweeps, what
    was observed; the biases that it ran with, (n, width) where each read has its own; whether the
    energies of reads that came to their end are those of the states to the last bit."""

    spins: SpinArray
    energies: FloatArray
    sweeps_done: Any
    observer: tuple[Any, ...] | None
    counted: Counted | None = None
    biases: FloatArray | None = None
    is_exact: bool = False
