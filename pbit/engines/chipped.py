"""A chip as the event engine runs it."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
from scipy import sparse

from pbit.hardware.chip import Chip
from pbit.models.ising import IsingModel


class Chipped(NamedTuple):
    """A chip and what is averaged over time on it: ``burn_in`` in units of tau, up times of the
    p-bits, times spent in each state; ``held``: p-bits whose outputs are tied to the state that a
    read starts from."""

    chip: Chip
    burn_in: float = 0.0
    ups: bool = False
    states: bool = False
    held: npt.NDArray[np.bool_] | None = None

    @property
    def toy(self) -> Chipped:
        """The same with a single free p-bit, for compiling."""
        # Lags and dynamics stay, since they choose the kernel; any chip takes a symmetric model.
        free = IsingModel(np.zeros(1), sparse.csr_array((1, 1)))
        lone = self.chip.hardware.with_values(weight_spread=0.0, table=None)
        return Chipped(Chip.of(lone, free), 0.0, self.ups, self.states)

    @property
    def variant(self) -> tuple[Any, ...]:
        """What tells compiled kernels apart."""
        hardware = self.chip.hardware
        return (hardware.dynamics, hardware.clock, self.ups, self.states)
