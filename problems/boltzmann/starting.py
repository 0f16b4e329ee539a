"""Where learning starts."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

_CERTAIN = 0.99  # a mean of 1 would ask for an infinite bias


def start_biases(visible_mean: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """Biases with which uncoupled p-bits have the means of the data.

    Source: Hinton, "A practical guide to training restricted Boltzmann machines", UTML TR 2010-003,
    section 8 (there with bits).
    """
    return np.asarray(np.arctanh(visible_mean * _CERTAIN))
