r"""Linear readouts of nodes: ridge regression at once, or recursive least squares on the way."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import numpy as np
from scipy import linalg

from pbit.by_value import ByValue
from pbit.checks import ArgumentError, real
from pbit.devices.quantities import number
from pbit.networks.reservoir.protocol import FloatArray

_REMEDY = "1e-6 is usual"
_MOST_GROWTH = 1e6  # of the uncertainty of weights, from what it is with nothing learnt


@dataclass(frozen=True, eq=False)
class Weights(ByValue):
    """``outputs = nodes @ weights + intercept``.

    Parameters
    ----------
    weights : float64, shape (num_nodes, num_outputs)
    intercept : float64, shape (num_outputs,)
    """

    weights: FloatArray
    intercept: FloatArray

    def outputs(self, nodes: FloatArray) -> FloatArray:
        """Of states (..., num_nodes), (..., num_outputs)."""
        return np.asarray(nodes @ self.weights + self.intercept)


class Readout(Protocol):
    """How weights are found."""

    def fitted(self, nodes: FloatArray, targets: FloatArray) -> Weights:
        """From states (rows, num_nodes) and what is wanted (rows, num_outputs)."""
        ...


@dataclass(frozen=True)
class Ridge:
    r"""The weights w of the least
    :math:`\langle |y - w x - c|^2 \rangle + \alpha \sum_j v_j w_j^2`.

    :math:`v_j` is the variance of node j, so that alpha depends on no unit: volts of a device may
    stand beside inputs or the nodes of another.

    Parameters
    ----------
    alpha : float
        >= 0; 0 is least squares, with the shortest weights where there are several.

    Examples
    --------
    >>> found = Ridge(0.0).fitted(np.array([[0.0], [1.0], [2.0]]), np.array([[1.0], [3.0], [5.0]]))
    >>> found.weights.round(9).tolist(), found.intercept.round(9).tolist()
    ([[2.0]], [1.0])
    """

    alpha: float = 1e-6

    def __post_init__(self) -> None:
        number("alpha", self.alpha, (">=", 0.0), remedy=_REMEDY)

    def fitted(self, nodes: FloatArray, targets: FloatArray) -> Weights:
        """See :class:`Readout`."""
        return ridge_path(nodes, targets, (self.alpha,))[0]


def ridge_path(nodes: FloatArray, targets: FloatArray, alphas: tuple[float, ...]) -> list[Weights]:
    """Ridge regression for several alphas, which share one decomposition.

    Parameters
    ----------
    nodes : float64, shape (rows, num_nodes)
    targets : float64, shape (rows, num_outputs)
    alphas : tuple of float
    """
    mean, level, scale = nodes.mean(axis=0), targets.mean(axis=0), _spread(nodes)
    values, vectors, scores = _decomposed((nodes - mean) / scale, targets - level)
    least = values.max(initial=0.0) * np.finfo(float).eps * max(nodes.shape)
    found = []
    for alpha in alphas:
        below = values + alpha
        kept = (below > least) & (values > 0)
        shares = np.where(kept, 1.0, 0.0) / np.where(kept, below, 1.0)
        weights = vectors @ (shares[:, None] * scores) / scale[:, None]
        found.append(Weights(weights, level - mean @ weights))
    return found


def _spread(nodes: FloatArray) -> FloatArray:
    """Standard deviations; infinite for nodes that stay where they are, which so have no weight."""
    spread = nodes.std(axis=0)
    rounding = np.finfo(float).eps * np.abs(nodes).max(axis=0, initial=0.0)
    return np.where(spread > 8 * rounding, spread, np.inf)


def _decomposed(x: FloatArray, y: FloatArray) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Eigenvalues and eigenvectors of the covariance of x, and that of x and y in their axes.

    Of few nodes or rows by singular values, which do not square the condition.
    """
    rows = len(x)
    if min(x.shape) <= _FEW:
        left, singular, right = linalg.svd(x, full_matrices=False, check_finite=False)
        return singular**2 / rows, right.T, (singular[:, None] * (left.T @ y)) / rows
    values, vectors = linalg.eigh(x.T @ x / rows, check_finite=False)
    return np.maximum(values, 0.0), vectors, vectors.T @ (x.T @ y) / rows


_FEW = 64  # columns of a singular value decomposition that costs no more than the states do


@dataclass(frozen=True)
class RecursiveLeastSquares:
    r"""Weights that follow row after row: least squares, the past forgotten at a rate.

    After all rows, with ``forgetting=1``, the weights are those of the least
    :math:`\sum |y - w x|^2 + \delta |w|^2`, the constant 1 being the last x.

    Parameters
    ----------
    delta : float
        > 0.
    forgetting : float
        What a row counts for less with each that follows, > 0 and at most 1. Directions that rows
        tell nothing of begin anew where a millionth of ``delta`` is left.

    References
    ----------
    Sussillo, Abbott, Neuron 63, 544 (2009), eqs. 4 and 5.
    """

    delta: float = 1e-3
    forgetting: float = 1.0

    def __post_init__(self) -> None:
        number("delta", self.delta, (">", 0.0), remedy="1e-3 is usual")
        if not 0 < real("forgetting", self.forgetting) <= 1:
            raise ArgumentError("forgetting", "must be > 0 and <= 1", self.forgetting)

    def fitted(self, nodes: FloatArray, targets: FloatArray) -> Weights:
        """See :class:`Readout`."""
        follower = self.begin(nodes.shape[1], targets.shape[1])
        follower.learn(nodes, targets)
        return follower.weights

    def begin(self, num_nodes: int, num_outputs: int) -> Follower:
        """Weights of 0, with nothing learnt."""
        return Follower(self, num_nodes, num_outputs)


class Follower:
    """Recursive least squares on its way."""

    def __init__(self, of: RecursiveLeastSquares, num_nodes: int, num_outputs: int) -> None:
        self._of = of
        self._inverse = np.eye(num_nodes + 1) / of.delta
        self._weights = np.zeros((num_nodes + 1, num_outputs))

    @property
    def weights(self) -> Weights:
        """As they are now."""
        return Weights(self._weights[:-1].copy(), self._weights[-1].copy())

    def outputs(self, nodes: FloatArray) -> FloatArray:
        """Of the states of one row, (num_outputs,)."""
        return np.asarray(nodes @ self._weights[:-1] + self._weights[-1])

    def learn(self, nodes: FloatArray, targets: FloatArray) -> None:
        """Rows of states and of what is wanted, one after the other.

        Raises
        ------
        ValueError
            Weights beyond all numbers.
        """
        with np.errstate(over="ignore", invalid="ignore"):
            for row, target in zip(nodes, targets, strict=True):
                self._follow(np.append(row, 1.0), target)
        if not np.isfinite(self._weights).all():
            raise ArgumentError(
                "forgetting", "must be so near 1, and nodes so small, that weights stay finite",
                self._of.forgetting, remedy="scale the nodes",
            )  # fmt: skip

    def _follow(self, x: FloatArray, target: FloatArray) -> None:
        seen = self._inverse @ x
        gain = seen / (self._of.forgetting + x @ seen)
        self._weights += np.outer(gain, target - x @ self._weights)
        self._inverse -= np.outer(gain, seen)
        if self._of.forgetting < 1:
            self._forget(1 / self._of.forgetting)

    def _forget(self, rate: float) -> None:
        """The past counts for less; where nothing is left of it, it is as if nothing was learnt."""
        self._inverse = (self._inverse + self._inverse.T) * (rate / 2)
        unknown = 1 / self._of.delta
        if np.trace(self._inverse) > _MOST_GROWTH * len(self._inverse) * unknown:
            values, vectors = linalg.eigh(self._inverse, check_finite=False)
            least = min(values[-1] * np.finfo(float).eps, unknown)
            self._inverse = (vectors * np.clip(values, least, unknown)) @ vectors.T
