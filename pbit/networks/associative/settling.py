"""Recall of a Hopfield network without noise: pixels turn into the sign of their fields."""

from __future__ import annotations

from typing import Any, Literal

import numpy as np
import numpy.typing as npt

from pbit.checks import ArgumentError, integer
from pbit.models.ising import checked_states
from pbit.models.labels import FloatArray, SpinArray

Order = Literal["together", "in turn"]
_ORDERS = ("together", "in turn")
_ROUNDING = 1e-9  # of a field, over the largest weight: less is 0


def settle(
    weights: FloatArray, states: npt.ArrayLike, *, order: Order = "together", rounds: int = 20
) -> SpinArray:
    """Where states end: each pixel becomes the sign of its field, and stays where that is 0.

    Parameters
    ----------
    weights : float64, shape (n, n)
        Symmetric, without a diagonal.
    states : array of -1 and +1, shape (..., n)
    order : {"together", "in turn"}
        All pixels at once, which may end in a cycle of two states, or one after the other.
    rounds : int
        Updates of every pixel, at most.

    Returns
    -------
    int8, shape (..., n)

    Raises
    ------
    ValueError
        States of other values or shape, another order, no rounds.

    References
    ----------
    J. J. Hopfield, Proc. Natl. Acad. Sci. 79, 2554 (1982), pixels in turn.

    Examples
    --------
    >>> settle(hebb([[1, 1, -1, -1]]), [1, 1, -1, 1]).tolist()
    [1, 1, -1, -1]
    """
    if order not in _ORDERS:
        raise ArgumentError("order", f"must be one of {', '.join(_ORDERS)}", order)
    n = len(weights)
    spins = np.array(checked_states(states, n), np.float64)
    parts = [slice(0, n)] if order == "together" else [slice(k, k + 1) for k in range(n)]
    nothing = _ROUNDING * np.abs(weights).max()
    for _ in range(integer("rounds", rounds, 1)):
        before = spins.copy()
        for part in parts:
            fields = spins @ weights[:, part]
            turned = np.where(np.abs(fields) > nothing, np.sign(fields), spins[..., part])
            spins[..., part] = turned
        if (spins == before).all():
            break
    return spins.astype(np.int8)


def hebb(patterns: npt.ArrayLike) -> FloatArray:
    """Sum of the outer products of patterns (P, n) of -1 and +1, diagonal empty, float64 (n, n).

    Examples
    --------
    >>> hebb([[1, -1], [1, 1]]).tolist()
    [[0.0, 0.0], [0.0, 0.0]]
    """
    spins = np.asarray(patterns, np.float64)
    total = spins.T @ spins
    np.fill_diagonal(total, 0.0)
    return np.asarray(total)


def one_pixel_off(patterns: npt.ArrayLike) -> tuple[SpinArray, SpinArray]:
    """Every pattern and every state one pixel away from it, and the pattern each is of.

    Parameters
    ----------
    patterns : array of -1 and +1, shape (P, n)

    Returns
    -------
    (int8, int8), shape (P * (n + 1), n)

    Examples
    --------
    >>> states, meant = one_pixel_off([[1, -1]])
    >>> states.tolist(), meant.tolist()
    ([[1, -1], [-1, -1], [1, 1]], [[1, -1], [1, -1], [1, -1]])
    """
    spins = np.asarray(patterns, np.int8)
    n = spins.shape[1]
    turned: npt.NDArray[Any] = 1 - 2 * np.eye(n + 1, n, k=-1, dtype=np.int8)
    meant = np.repeat(spins, n + 1, axis=0)
    return meant * np.tile(turned, (len(spins), 1)), meant


def recalled(found: SpinArray, meant: SpinArray) -> float:
    """Share of states that are the pattern meant, pixel by pixel."""
    return float((found == meant).all(axis=-1).mean())
