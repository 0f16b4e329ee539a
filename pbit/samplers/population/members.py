"""What population annealing asks of its members, whatever their states are."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

from pbit.models.labels import FloatArray


class Members(Protocol):
    """States that are swept block by block, and copied onto each other."""

    @property
    def seed(self) -> int:
        """Of all their random numbers."""
        ...

    @property
    def log_states(self) -> float:
        """Logarithm of the number of states, ``ln Z`` at beta = 0."""
        ...

    @property
    def offset(self) -> float:
        """What energies here do not contain."""
        ...

    @property
    def size(self) -> float:
        """Sum of absolute energies: what rounding is measured by."""
        ...

    @property
    def updates(self) -> int:
        """Update attempts made by all members."""
        ...

    @property
    def blocks(self) -> Sequence[slice]:
        """The members of each block."""
        ...

    def warm_up(self, threads: int) -> None:
        """Compile, or load from the cache, what all this needs."""
        ...

    def begin(self, threads: int) -> None:
        """States drawn evenly, the law at beta = 0, in blocks for so many threads."""
        ...

    def sweep(
        self, number: int, beta: float, *, seed: int, stop: npt.NDArray[np.uint8]
    ) -> FloatArray:
        """The sweeps of a beta, of one block, until it is stopped; the energies of its members."""
        ...

    def overwrite(self, targets: Any, sources: Any) -> None:
        """Copy the states of the members ``sources`` to ``targets``; none is both."""
        ...

    def rows(self, chosen: Any) -> tuple[Any, FloatArray]:
        """States of some members, one a row, and their energies summed anew."""
        ...
