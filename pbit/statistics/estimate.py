"""An estimate with its confidence interval."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt

from pbit.checks import ArgumentError

FloatArray = npt.NDArray[np.float64]
Side = Literal["low", "high"]

NUM_DRAWS = 2000


@dataclass(frozen=True)
class Estimate:
    """A number and the ends of its interval, at this confidence.

    Examples
    --------
    >>> Estimate(1.0, 0.8, 1.3)
    Estimate(value=1.0, low=0.8, high=1.3, confidence=0.95)
    """

    value: float
    low: float
    high: float
    confidence: float = 0.95


def check_fraction(name: str, value: float) -> float:
    """The value, if it is between 0 and 1.

    Raises
    ------
    ValueError
        It is not.
    """
    if not 0 < value < 1:
        raise ArgumentError(name, "must be between 0 and 1", value)
    return float(value)


def outer_quantile(draws: FloatArray, level: float, *, side: Side) -> float:
    """Quantile of draws, infinite ones among them: the neighbour on the outer side."""
    return float(np.quantile(draws, level, method="lower" if side == "low" else "higher"))
