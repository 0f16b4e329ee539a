"""A reservoir that tells classes of whole series, as a scikit-learn estimator."""

from __future__ import annotations

from typing import Any, Literal

import numpy as np
import numpy.typing as npt

from pbit.checks import ArgumentError
from pbit.networks.reservoir.estimators.driving import Driven
from pbit.networks.reservoir.protocol import FloatArray, Reservoir, checked_drive
from pbit.networks.reservoir.readouts import Readout, Ridge
from pbit.networks.reservoir.sequences import LengthArray, padded

# After the module that tells how scikit-learn is installed.
from sklearn.base import ClassifierMixin, TransformerMixin  # isort: skip
from sklearn.utils.multiclass import check_classification_targets  # isort: skip
from sklearn.utils.validation import check_is_fitted, column_or_1d, validate_data  # isort: skip

Pooling = Literal["mean", "last", "all"]
POOLINGS: tuple[Pooling, ...] = ("mean", "last", "all")
_AT_A_TIME = 2**22  # states


class ReservoirClassifier(ClassifierMixin, TransformerMixin, Driven):
    """A linear readout of what a whole series leaves in a reservoir.

    Inputs drive it no farther from the middle of those of the training than their range; beyond,
    they are held there.

    Parameters
    ----------
    reservoir : Reservoir, optional
        One vortex oscillator of 24 virtual nodes by default.
    readout : Ridge or RecursiveLeastSquares, optional
        Of one output a class, 1 for its own series and -1 for others; ``Ridge()`` by default.
    pooling : {"mean", "last", "all"}
        What the readout sees: the states' mean over the steps of the series, those of its last
        step, or of all (then series have to be equally long).
    rescale : bool
        Bring every input to -1 to 1, by its least and largest value in the training.
    with_inputs : bool
        Let the readout see the inputs, pooled in the same way.
    random_state : int, RandomState or None

    Attributes
    ----------
    classes_ : array, shape (num_classes,)
    weights_ : Weights
    scaling_ : Scaling
    n_features_in_ : int
        Steps of rows; inputs where series have three axes or several lengths.

    Examples
    --------
    >>> time = np.linspace(0, 6, 40)
    >>> X = np.array([np.sin(k * time + 0.1 * j) for k in (1, 2) for j in range(10)])
    >>> y = ["slow"] * 10 + ["fast"] * 10
    >>> ReservoirClassifier(random_state=1).fit(X, y).score(X, y)
    1.0
    """

    def __init__(
        self,
        reservoir: Reservoir | None = None,
        *,
        readout: Readout | None = None,
        pooling: Pooling = "mean",
        rescale: bool = True,
        with_inputs: bool = False,
        random_state: Any = None,
    ) -> None:
        self.reservoir = reservoir
        self.readout = readout
        self.pooling = pooling
        self.rescale = rescale
        self.with_inputs = with_inputs
        self.random_state = random_state

    def fit(self, X: Any, y: Any) -> ReservoirClassifier:
        """The readout, learnt from series and their classes.

        Parameters
        ----------
        X : shape (num_series, steps), or (num_series, steps, inputs), or a list of (steps, inputs)
            Series of one input, of several, or of several lengths.
        y : shape (num_series,)

        Raises
        ------
        TypeError, ValueError
            Data that are no numbers, one class, another number of classes than series.
        """
        if self.pooling not in POOLINGS:
            raise ArgumentError("pooling", f"must be one of {', '.join(POOLINGS)}", self.pooling)
        series, lengths = self._series(X, y, fitting=True)
        labels = column_or_1d(y, warn=True)
        check_classification_targets(labels)
        self.classes_, numbers = np.unique(labels, return_inverse=True)
        if len(self.classes_) < 2:
            raise ArgumentError("y", "must have 2 classes at least", got="one class")
        self._prepare(np.concatenate([row[:k] for row, k in zip(series, lengths, strict=True)]))
        wanted = np.where(numbers[:, None] == np.arange(len(self.classes_)), 1.0, -1.0)
        readout = Ridge() if self.readout is None else self.readout
        self.weights_ = readout.fitted(self._pooled(series, lengths), wanted)
        return self

    def transform(self, X: Any) -> FloatArray:
        """What the readout sees of each series, (num_series, nodes)."""
        check_is_fitted(self)
        return self._pooled(*self._series(X))

    def decision_function(self, X: Any) -> FloatArray:
        """Outputs (num_series, num_classes); of two classes half the difference, (num_series,)."""
        scores = self._scores(X)
        return (scores[:, 1] - scores[:, 0]) / 2 if scores.shape[1] == 2 else scores

    def predict(self, X: Any) -> npt.NDArray[Any]:
        """The class of the largest output, (num_series,)."""
        numbers = self._scores(X).argmax(axis=1)
        return np.asarray(self.classes_[numbers])

    def _scores(self, X: Any) -> FloatArray:
        nodes = self.transform(X)
        return self.weights_.outputs(nodes)

    def _pooled(self, series: FloatArray, lengths: LengthArray) -> FloatArray:
        """(num_series, nodes), some series at a time."""
        nodes = self._begun().num_nodes
        some = max(1, _AT_A_TIME // (nodes * series.shape[1]))
        parts = []
        for first in range(0, len(series), some):
            last = int(lengths[first : first + some].max())
            part = series[first : first + some, :last]
            states = self._nodes(self._begun(len(part), first), part)
            parts.append(self._pool(states, lengths[first : first + some]))
        return np.concatenate(parts)

    def _pool(self, states: FloatArray, lengths: LengthArray) -> FloatArray:
        if self.pooling == "last":
            return np.asarray(states[np.arange(len(states)), lengths - 1])
        if self.pooling == "all":
            return states.reshape(len(states), -1)
        there = np.arange(states.shape[1]) < lengths[:, None]
        return np.asarray(np.einsum("stn,st->sn", states, there / lengths[:, None]))

    def _series(
        self, X: Any, y: Any = None, *, fitting: bool = False
    ) -> tuple[FloatArray, LengthArray]:
        """Series with three axes, and how long each is; what they have is kept for fitting."""
        if _is_table(X):
            if fitting:
                rows, _ = validate_data(self, X, y, dtype=np.float64)
                self._inputs, self._steps = 1, rows.shape[1]
            else:
                rows = validate_data(self, X, dtype=np.float64, reset=False)
            return rows[:, :, None], np.full(len(rows), rows.shape[1])
        if isinstance(X, np.ndarray) and X.ndim == 3:
            series = checked_drive(X, "X")
            lengths = np.full(len(series), series.shape[1])
        else:
            series, lengths = _held_at_end(*padded(X, "X"))
        if fitting and len(y) != len(series):
            raise ArgumentError("y", f"must have a class for each of {len(series)} series", len(y))
        self._check_alike(series, lengths, fitting=fitting)
        return series, lengths

    def _check_alike(self, series: FloatArray, lengths: LengthArray, *, fitting: bool) -> None:
        steps = int(lengths[0]) if self.pooling == "all" else None
        if steps is not None and (lengths != steps).any():
            raise ArgumentError(
                "X",
                "must be series of one length for pooling='all'",
                got=f"{set(lengths.tolist())}",
            )
        if fitting:
            self.n_features_in_ = self._inputs = series.shape[2]
            self._steps = int(lengths[0])
        if series.shape[2] != self._inputs or (steps is not None and steps != self._steps):
            raise ArgumentError(
                "X",
                f"must have {self._inputs} inputs, and for pooling='all' {self._steps} steps",
                got=f"shape {series.shape}",
            )


def _held_at_end(series: FloatArray, lengths: LengthArray) -> tuple[FloatArray, LengthArray]:
    """Series that stay at their last row: zeros may be far from all that a device is driven by."""
    steps = np.minimum(np.arange(series.shape[1]), lengths[:, None] - 1)
    return np.take_along_axis(series, steps[:, :, None], axis=1), lengths


def _is_table(X: Any) -> bool:
    """Whether rows are series of one input: all but three axes, or arrays of several lengths."""
    if isinstance(X, list | tuple):
        return not any(np.ndim(each) == 2 for each in X)
    return getattr(X, "ndim", 2) != 3
