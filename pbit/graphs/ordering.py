"""Orders of the spins in memory: neighbours close to each other."""

from __future__ import annotations

import numpy as np
from scipy.sparse import csgraph

from pbit.graphs.compilation import Compiled
from pbit.graphs.votes import one_each
from pbit.models.ising import IsingModel


def reorder(model: IsingModel) -> Compiled:
    """The same network with its spins in another order, so that coupled ones are close in memory.

    Reverse Cuthill-McKee: a breadth-first search from an end of the graph that takes neighbours of
    low degree first. Energies and labels are unchanged.

    Parameters
    ----------
    model : IsingModel

    Returns
    -------
    Compiled
        ``report``: mean_distance_before, mean_distance_after, the mean of |i - j| over couplings.

    References
    ----------
    Cuthill, McKee, Proc. 24th Nat. Conf. ACM, 157 (1969).

    Examples
    --------
    >>> path = IsingModel.from_edges([0, 3, 1], [3, 1, 2], [1.0] * 3)
    >>> reorder(path).report
    {'mean_distance_before': 2.0, 'mean_distance_after': 1.0}
    """
    order = np.arange(model.num_spins)
    if order.size:
        order = csgraph.reverse_cuthill_mckee(model.J, symmetric_mode=True).astype(np.int64)
    place = np.empty_like(order)
    place[order] = np.arange(order.size)
    labels = [model.labels[i] for i in order.tolist()]
    permuted = IsingModel(model.h[order], model.J[order][:, order], model.offset, labels)
    report = {
        "mean_distance_before": _mean_distance(model),
        "mean_distance_after": _mean_distance(permuted),
    }
    return Compiled("reorder", model, permuted, one_each(place), report)


def _mean_distance(model: IsingModel) -> float:
    rows, cols, _ = model.edges()
    return float(np.abs(rows.astype(np.int64) - cols).mean()) if rows.size else 0.0
