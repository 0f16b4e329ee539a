"""Free runs of several readouts of one reservoir at once, from several places of a series."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from pbit.networks.reservoir.protocol import FloatArray, Reservoir
from pbit.networks.reservoir.readouts import Weights
from pbit.networks.reservoir.scaling import MOST, in_unit

_WINDOW = 300  # steps of the series that drive the reservoir ahead of a run


def free_errors(
    reservoir: Reservoir,
    drive: FloatArray,
    readouts: Sequence[Weights],
    *,
    starts: Sequence[int],
    steps: int,
    with_inputs: bool,
    seed: int,
) -> list[float]:
    """How wrong free runs of each readout are, in spreads of the series, 1 at most for a step.

    Parameters
    ----------
    reservoir : Reservoir
    drive : float64, shape (steps, inputs)
        The series, scaled to -1 to 1.
    readouts : sequence of Weights
        Of the next step, in the same scale.
    starts : sequence of int
        First steps of the runs, in the series, which goes on for as many.
    steps : int
        Of a run.
    with_inputs : bool
        Whether readouts see the inputs behind the nodes.
    seed : int

    Returns
    -------
    list of float
        Means over starts and steps, of each readout.
    """
    window = min(_WINDOW, *starts)
    each = np.array([drive[start - window : start] for start in starts]).clip(-MOST, MOST)
    course = reservoir.begin(drive.shape[1], num_series=len(each) * len(readouts), seed=seed)
    now = np.tile(each, (len(readouts), 1, 1))
    weights = np.repeat([one.weights for one in readouts], len(each), axis=0)
    levels = np.repeat([one.intercept for one in readouts], len(each), axis=0)
    found = np.empty((len(now), steps, drive.shape[1]))
    for step in range(steps):
        nodes = course.advance(now)[:, -1]
        if with_inputs:
            nodes = np.concatenate([nodes, now[:, -1]], axis=1)
        found[:, step] = np.einsum("ln,lno->lo", nodes, weights) + levels
        now = np.clip(found[:, step], -MOST, MOST)[:, None]
    truth = np.tile([drive[start : start + steps] for start in starts], (len(readouts), 1, 1))
    spread = np.sqrt(in_unit(drive, drive).var(axis=0).sum()) or 1.0
    distance = in_unit(found, drive) - in_unit(truth, drive)
    wrong = np.fmin(np.linalg.norm(distance, axis=2) / spread, 1.0)
    means: list[float] = wrong.reshape(len(readouts), -1).mean(axis=1).tolist()
    return means
