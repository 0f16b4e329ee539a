"""How long oscillators take to find one phase."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from pbit.checks import ArgumentError, floats
from pbit.networks.oscillators.arguments import FloatArray
from pbit.networks.oscillators.phase_run import order_parameter


def time_to_synchronise(
    times: npt.ArrayLike, phases: npt.ArrayLike, *, order: float = 0.95
) -> FloatArray:
    """When the order parameter reaches ``order`` for good.

    Parameters
    ----------
    times : float, shape (times,)
    phases : float, shape (..., times, n)
        Radians.
    order : float
        Of Kuramoto, 0 < order <= 1.

    Returns
    -------
    float64, shape (...)
        The first of the times from which on the order stays; infinite where it is not kept at the
        end, or is no number there.

    Raises
    ------
    ArgumentError
        Times that are not one for each row of phases; an order out of range.

    Examples
    --------
    >>> phases = [[0.0, 3.0], [0.0, 1.0], [0.0, 0.1], [0.0, 0.0]]
    >>> float(time_to_synchronise([0.0, 1.0, 2.0, 3.0], phases))
    2.0
    """
    t, phi = floats("times", times), floats("phases", phases)
    if phi.ndim < 2 or t.shape != (phi.shape[-2],):
        raise ArgumentError(
            "times", "must be one for each row of phases", got=f"shapes {t.shape} and {phi.shape}"
        )
    if not 0 < order <= 1:
        raise ArgumentError("order", "must be > 0 and <= 1", order, remedy="1: all phases equal")
    below = ~(order_parameter(phi) >= order)
    last = np.where(below.any(axis=-1), t.size - 1 - below[..., ::-1].argmax(axis=-1), -1)
    return np.asarray(np.append(t, np.inf)[last + 1])
