"""Where a population cools slowly: the path of a small one that goes first."""

from __future__ import annotations

import numpy as np

from pbit.models.labels import FloatArray
from pbit.schedules.schedule import Schedule

PILOTS = 64  # members that find the path, at one sweep a beta
MOST_SWEEPS_A_BETA = 10  # more sweeps make finer steps


def along(path: FloatArray, num_sweeps: int) -> Schedule:
    """So many sweeps, or a few less, along a path of betas, closer or wider than it is.

    Parameters
    ----------
    path : float64, shape (k,)
        Betas of chosen steps (:func:`pbit.population_anneal` without a schedule).

    Examples
    --------
    >>> along(np.array([0.0, 1.0, 4.0]), 4).betas.tolist()
    [1.0, 4.0]
    """
    per_beta = int(np.clip(num_sweeps // max(path.size - 1, 1), 1, MOST_SWEEPS_A_BETA))
    places = np.linspace(0, path.size - 1, num_sweeps // per_beta + 1)[1:]
    return Schedule(np.interp(places, np.arange(path.size), path), per_beta)
