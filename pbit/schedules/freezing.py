"""The inverse temperature at which so many excitations are left."""

from __future__ import annotations

import numpy as np

from pbit.models.labels import FloatArray


def beta_of(costs: FloatArray, number: float, *, between: tuple[float, float], steps: int) -> float:
    """Beta with ``sum exp(-beta costs) = number``, by bisection in ln beta.

    Parameters
    ----------
    costs : float64
        What excitations cost, > 0.
    number : float
        How many of them are to be there.
    between : (float, float)
        Where beta is looked for: the lower end where fewer are there at any beta, the upper one
        where more are.
    steps : int
        Halvings of the interval.

    Examples
    --------
    >>> round(beta_of(np.array([1.0, 1.0]), 1.0, between=(0.1, 10.0), steps=40), 9)  # ln 2
    0.693147181
    """
    low, high = between
    for _ in range(steps):
        middle = low * float(np.sqrt(high / low))
        if np.exp(-middle * costs).sum() > number:
            low = middle
        else:
            high = middle
    return high
