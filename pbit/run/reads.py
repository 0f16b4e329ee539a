"""What a run returns: one spin state a read, its energy, and how it came about."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np

from pbit.models.labels import FloatArray, SpinArray


@dataclass(frozen=True, eq=False)
class Reads:
    """Samples of a run.

    Parameters
    ----------
    spins : int8, shape (num_reads, n)
        One state of -1 and +1 a row.
    energies : float64, shape (num_reads,)
        Their energies, offset included.
    info : dict
        ``seed``, ``stop_reason`` ("completed", "time_limit", "target" or "interrupted"),
        ``timing`` in nanoseconds and whatever else the sampler has to say.
    """

    spins: SpinArray
    energies: FloatArray
    info: dict[str, Any] = field(default_factory=dict)

    @property
    def best(self) -> int:
        """Row of the lowest energy."""
        return int(np.argmin(self.energies))
