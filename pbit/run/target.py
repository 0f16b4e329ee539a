"""The target of a run: one energy, one tolerance, wherever energies come from."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

_TOLERANCE = 1e-12  # of all energies: what sums in another order may differ by
_TRACKED = 4e-6  # of all energies: what rounding may leave in a tracked one


class Aim(NamedTuple):
    """A target without the model's offset, -infinity if there is none.

    ``slack``: how far tracked energies may be off, which only nominate a state.
    """

    target: float
    slack: float

    @classmethod
    def at(cls, target: float | None, *, offset: float, size: float) -> Aim:
        """Aim of a model whose |energies| sum to ``size``."""
        slack = _TRACKED * size
        if target is None:
            return cls(-np.inf, slack)
        return cls(target - offset + _TOLERANCE * (size + abs(offset)), slack)

    def is_hit(self, energies: npt.ArrayLike) -> bool:
        """Whether one of these energies without offset is the target or less."""
        return self.target > -np.inf and bool(np.min(energies, initial=np.inf) <= self.target)
