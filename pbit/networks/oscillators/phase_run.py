"""What comes of a run of coupled phases, and what it says: order, frequencies, who is locked."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from pbit.by_value import ByValue
from pbit.checks import ArgumentError, floats

FloatArray = npt.NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class PhaseRun(ByValue):
    """Where the phases went.

    Attributes
    ----------
    times : float64, shape (times,)
    phases : float64, shape (reads, times, n)
        Radians, not wrapped: full turns count.
    frequencies : float64, shape (reads, n)
        Mean dphi/dt from ``measure_from`` to the end, in radians per unit of time.
    info : dict
        "seed", "steps", "time_step", "sampling_ns".
    """

    times: FloatArray
    phases: FloatArray
    frequencies: FloatArray
    info: dict[str, Any]


def order_parameter(phases: npt.ArrayLike) -> FloatArray:
    """Kuramoto's :math:`R = |\\mathrm{mean}\\, e^{i \\phi}|` over the last axis.

    Parameters
    ----------
    phases : float, shape (..., n)
        Radians.

    Returns
    -------
    float64, shape (...)
        1: all phases equal; about :math:`1 / \\sqrt n` where they have nothing to do with each
        other.

    References
    ----------
    Kuramoto, Lect. Notes Phys. 39, 420 (1975).

    Examples
    --------
    >>> order_parameter([[0.1, 0.1, 0.1], [0.0, 2 * np.pi / 3, 4 * np.pi / 3]]).round(6).tolist()
    [1.0, 0.0]
    """
    return np.asarray(np.abs(np.exp(1j * floats("phases", phases)).mean(axis=-1)))


def locked(frequencies: npt.ArrayLike, tolerance: float) -> npt.NDArray[np.bool_]:
    """Which pairs of oscillators run at one mean frequency.

    Parameters
    ----------
    frequencies : float, shape (..., n)
    tolerance : float
        Largest difference, in the unit of the frequencies. Two of them, measured over a time t,
        differ by up to ``2 pi / t`` radians per time even where they are locked for good.

    Returns
    -------
    bool, shape (..., n, n)

    Raises
    ------
    ArgumentError
        A tolerance below 0.

    Examples
    --------
    >>> locked([1.0, 1.001, 2.0], 0.01).astype(int).tolist()
    [[1, 1, 0], [1, 1, 0], [0, 0, 1]]
    """
    if not tolerance >= 0:
        raise ArgumentError("tolerance", "must be >= 0", tolerance, remedy="0: exactly equal")
    f = floats("frequencies", frequencies)
    return np.asarray(np.abs(f[..., :, None] - f[..., None, :]) <= tolerance)
