"""Mean fields of hidden p-bits given visible ones: fast, deterministic, an approximation."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

ITERATIONS = 40  # which settle most rows
_DAMPING = 0.5
_LARGEST = 30.0


class MeanField(NamedTuple):
    """What the mean field says of rows of visible states.

    hidden: means of the hidden p-bits, (rows, hidden). free_energy: the variational one, (rows,),
    never below the true one. visible_fields: fields on the visible p-bits, (rows, visible).
    """

    hidden: npt.NDArray[np.float64]
    free_energy: npt.NDArray[np.float64]
    visible_fields: npt.NDArray[np.float64]


def iterated(
    start: npt.NDArray[np.float64],
    fields: Callable[[npt.NDArray[np.float64]], npt.NDArray[np.float64]],
    num_iterations: int,
) -> npt.NDArray[np.float64]:
    r"""Fixed point of ``m = tanh(I(m))``, each step half the way.

    Source: Peterson, Anderson, Complex Systems 1, 995 (1987), eq. 23.
    """
    means = start
    for _ in range(num_iterations):
        means = means + _DAMPING * (np.tanh(fields(means)) - means)
    return means


def entropy(means: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """Entropy of independent spins of these means, summed over the last axis."""
    x = np.arctanh(np.clip(means, -1 + 1e-15, 1 - 1e-15))
    x = np.clip(x, -_LARGEST, _LARGEST)
    size = np.abs(x)
    each: Any = size + np.log1p(np.exp(-2 * size)) - means * x
    return np.asarray(each.sum(axis=-1))
