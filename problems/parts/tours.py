"""Bounds on the length of tours: from below by an assignment, from above by a tour."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from pbit.models.labels import FloatArray

IntArray = npt.NDArray[np.int64]


def assignment(costs: npt.ArrayLike) -> tuple[IntArray, IntArray]:
    """Rows and columns of the cheapest assignment: SciPy's, loaded where it is used."""
    from scipy.optimize import linear_sum_assignment

    rows, cols = linear_sum_assignment(costs)
    return rows, cols


def reduced(distances: FloatArray) -> tuple[FloatArray, float]:
    """Distances ``d_ij - u_i - v_j >= 0`` for the longest ``sum u + sum v`` there is, and that sum.

    Every tour gets shorter by the sum, so that their order stays: the dual of the assignment of
    each city to its next one, whose length bounds all tours from below. The diagonal is 0.

    References
    ----------
    Carpaneto and Toth, Management Science 26, 736 (1980): the assignment bound of the asymmetric
    travelling salesman.

    Examples
    --------
    >>> reduced(np.array([[0.0, 5.0], [7.0, 0.0]]))
    (array([[0., 0.],
           [0., 0.]]), 12.0)
    """
    ways = np.array(distances, dtype=np.float64)
    np.fill_diagonal(ways, np.inf)
    cities, nexts = assignment(ways)
    lengths = ways[cities, nexts]
    # u_i <= u_j + (way from i to the next one of j) - (way from j to its next one)
    detours = ways[:, nexts] - lengths
    out = np.zeros(len(ways))
    for _ in range(len(ways)):  # Bellman and Ford: longer chains of detours do not pay
        out = np.minimum(out, (detours + out).min(axis=1))
    into = np.empty_like(out)
    into[nexts] = lengths - out
    ways -= out[:, None] + into
    np.fill_diagonal(ways, 0.0)
    return np.maximum(ways, 0.0), float(lengths.sum())  # rounding may leave -1e-16


def short_tour(distances: FloatArray) -> IntArray:
    """A tour that no reversal of a stretch makes shorter, as the order of the cities.

    The best of the tours to the nearest city from each start, improved by the best reversal while
    there is one.

    References
    ----------
    Croes, Oper. Res. 6, 791 (1958).

    Examples
    --------
    >>> square = np.array([[0.0, 1, 2, 1], [1, 0, 1, 2], [2, 1, 0, 1], [1, 2, 1, 0]])
    >>> short_tour(square).tolist()
    [0, 1, 2, 3]
    """
    tours = [_nearest(distances, start) for start in range(len(distances))]
    order = min(tours, key=lambda tour: tour_length(distances, tour))
    while True:
        gains = _gains(distances, order)
        first, last = np.unravel_index(int(gains.argmin()), gains.shape)
        if gains[first, last] >= -1e-9 * max(1.0, tour_length(distances, order)):
            return order
        order[first : last + 1] = order[first : last + 1][::-1]


def tour_length(distances: FloatArray, order: IntArray) -> float:
    """Length of the closed tour through the cities in this order."""
    return float(distances[order, np.roll(order, -1)].sum())


def _nearest(distances: FloatArray, start: int) -> IntArray:
    order = [start]
    free = np.ones(len(distances), dtype=bool)
    free[start] = False
    while free.any():
        order.append(int(np.where(free, distances[order[-1]], np.inf).argmin()))
        free[order[-1]] = False
    return np.array(order)


def _gains(distances: FloatArray, order: IntArray) -> FloatArray:
    """How much longer reversing the stretch from the row to the column makes the tour."""
    before, after = np.roll(order, 1), np.roll(order, -1)
    there = np.append(0.0, np.cumsum(distances[order[:-1], order[1:]]))
    back = np.append(0.0, np.cumsum(distances[order[1:], order[:-1]]))
    turned = back - there
    inside = turned[None, :] - turned[:, None]
    joined = distances[before][:, order] + distances[order][:, after]
    apart = distances[before, order][:, None] + distances[order, after][None, :]
    gains: FloatArray = joined - apart + inside
    good = np.triu(np.ones(gains.shape, dtype=bool), 1)
    good[0, -1] = False  # all of it: the cut is one and the same
    return np.where(good, gains, 0.0)
