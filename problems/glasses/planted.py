"""A glass with a ground state that was put into it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from pbit.by_value import ByValue
from pbit.problems.pairwise import Spins


@dataclass(frozen=True, eq=False)
class Planted(ByValue):
    """An Ising problem and one of its ground states.

    Parameters
    ----------
    problem : Spins
    ground_state : int8 array, shape (n,)
        Nothing has less energy; others may have as little, minus this one always.
    ground_energy : float

    Examples
    --------
    >>> from pbit.problems.glasses.wishart import wishart
    >>> glass = wishart(8, alpha=0.75, seed=1)
    >>> abs(float(glass.problem.model.energy(glass.ground_state)) - glass.ground_energy) < 1e-12
    True
    """

    problem: Spins
    ground_state: npt.NDArray[np.int8]
    ground_energy: float
