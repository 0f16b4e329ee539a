"""Periods of sines and squares at random: a series whose points tell little without their past."""

from __future__ import annotations

import numpy as np

from pbit.checks import integer
from pbit.seeds import check_seed
from pbit.tasks.split import FloatArray, LabelArray


def sine_square(num_periods: int, *, seed: int, points: int = 8) -> tuple[FloatArray, LabelArray]:
    """Periods that are sines or squares, one or the other by a fair coin.

    Points of a sine are at the phases 0, 2 pi / points, ...; a square is +1 in the first half and
    -1 in the second. With 8 points the two extremes of a sine look like points of a square: without
    memory 7 of 8 points are told apart at best.

    Parameters
    ----------
    num_periods : int
    seed : int
    points : int
        Of a period, even.

    Returns
    -------
    (float64 (num_periods * points,), int64 (num_periods * points,))
        The series from -1 to 1, and for every point 1 where its period is a square.

    References
    ----------
    Paquot et al., Sci. Rep. 2, 287 (2012).

    Examples
    --------
    >>> series, labels = sine_square(2, seed=3)
    >>> series.round(2).tolist()[8:], labels.tolist()[::8]
    ([0.0, 0.71, 1.0, 0.71, 0.0, -0.71, -1.0, -0.71], [1, 0])
    """
    rng = np.random.default_rng(check_seed(seed))
    half = integer("points", points, 2) // 2
    shapes = np.array([np.sin(np.pi * np.arange(2 * half) / half), np.repeat([1.0, -1.0], half)])
    labels = rng.integers(0, 2, integer("num_periods", num_periods, 1))
    return shapes[labels].ravel(), np.repeat(labels, 2 * half)
