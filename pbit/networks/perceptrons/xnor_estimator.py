"""A binary perceptron in arrays of junctions as a scikit-learn estimator."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from pbit.checks import instance
from pbit.devices.mtj import FloatArray
from pbit.networks.bitstreams import train_perceptron
from pbit.networks.perceptrons.columns import Columns, ColumnSums
from pbit.seeds import seed_of
from pbit.system.extras import imported

imported("sklearn", what="XnorPerceptron needs", package="scikit-learn")

from sklearn.base import BaseEstimator, ClassifierMixin  # noqa: E402
from sklearn.utils import check_random_state  # noqa: E402
from sklearn.utils.validation import check_is_fitted, validate_data  # noqa: E402

from pbit.networks.labels import classes_of  # noqa: E402


class XnorPerceptron(ClassifierMixin, BaseEstimator):
    """Two layers of weights +-1 and signs between them, trained straight through, in XNOR columns.

    Training knows nothing of the columns. The weights of the constant 1 are added digitally, so
    that a column holds the inputs alone.

    Parameters
    ----------
    hidden : int
        Neurons between the layers.
    columns : Columns, optional
    threshold : float
        Data above it are 1, others -1.
    write_error : float
        Chance that writing a weight leaves it as it was, while training.
    epochs, batch : int
    rate : float
        As for :func:`pbit.networks.bitstreams.train_perceptron`.
    random_state : int, RandomState or None

    Attributes
    ----------
    classes_ : array, shape (num_classes,)
    software_ : pbit.networks.bitstreams.Perceptron
        The same network without devices: its ``scores`` are exact.
    layers_ : list of ColumnSums
    writes_ : int
        Weights written while training.
    n_features_in_ : int

    Examples
    --------
    >>> X = np.random.default_rng(1).integers(0, 2, (200, 16))
    >>> y = X[:, :8].sum(axis=1) > X[:, 8:].sum(axis=1)
    >>> XnorPerceptron(hidden=33, random_state=1).fit(X, y).score(X, y) > 0.8
    True
    """

    def __init__(
        self,
        hidden: int = 128,
        *,
        columns: Columns | None = None,
        threshold: float = 0.5,
        write_error: float = 0.0,
        epochs: int = 60,
        batch: int = 32,
        rate: float = 0.01,
        random_state: Any = None,
    ) -> None:
        self.hidden = hidden
        self.columns = columns
        self.threshold = threshold
        self.write_error = write_error
        self.epochs = epochs
        self.batch = batch
        self.rate = rate
        self.random_state = random_state

    def fit(self, X: Any, y: Any) -> XnorPerceptron:
        """The network, trained in software and put into columns.

        Parameters
        ----------
        X : shape (num_rows, num_features)
        y : shape (num_rows,)

        Raises
        ------
        ValueError, TypeError
            Data that are no numbers, one class, parameters out of range.
        """
        rows, labels = validate_data(self, X, y, dtype=np.float64)
        self.classes_ = classes_of(labels)
        seed = int(check_random_state(self.random_state).randint(2**31 - 1))
        trained = train_perceptron(
            self._signs(rows),
            np.searchsorted(self.classes_, labels),
            num_hidden=self.hidden,
            levels=2,
            seed=seed_of(seed, 0),
            epochs=self.epochs,
            batch=self.batch,
            rate=self.rate,
            write_error=self.write_error,
        )
        self.software_, self.writes_ = trained
        self._seed = seed_of(seed, 1)
        return self.put_into(Columns() if self.columns is None else self.columns)

    def put_into(self, columns: Columns) -> XnorPerceptron:
        """The trained weights in other columns, in place of those they were in.

        Raises
        ------
        TypeError, ValueError
            No columns, parameters out of range.
        """
        check_is_fitted(self)
        instance("columns", columns, Columns, remedy="Columns(rows=64)")
        weights = (self.software_.hidden, self.software_.output)
        self._constants = [each[-1] for each in weights]
        self.layers_ = [
            ColumnSums(each[:-1].T, columns, seed=seed_of(self._seed, k))
            for k, each in enumerate(weights)
        ]
        return self

    def decision_function(self, X: Any) -> FloatArray:
        """Scores (num_rows, num_classes) as columns say them; of two classes the difference.

        Raises
        ------
        ValueError, TypeError
            Another number of columns, no numbers.
        """
        scores = self._scores(X)
        return scores[:, 1] - scores[:, 0] if scores.shape[1] == 2 else scores

    def predict(self, X: Any) -> npt.NDArray[Any]:
        """The class of the largest score, (num_rows,)."""
        numbers = self._scores(X).argmax(axis=1)
        return np.asarray(self.classes_[numbers])

    def software_score(self, X: Any, y: Any) -> float:
        """Accuracy of the same weights without devices."""
        check_is_fitted(self)
        rows = self._signs(validate_data(self, X, dtype=np.float64, reset=False))
        found = self.classes_[self.software_.scores(rows).argmax(axis=1)]
        return float((found == np.asarray(y)).mean())

    def _scores(self, X: Any) -> FloatArray:
        check_is_fitted(self)
        values = self._signs(validate_data(self, X, dtype=np.float64, reset=False)).T
        for k, (layer, constant) in enumerate(zip(self.layers_, self._constants, strict=True)):
            values = np.where(values > 0, 1.0, -1.0) if k else values
            values = layer @ values + constant[:, None]
        return values.T

    def _signs(self, rows: FloatArray) -> FloatArray:
        return np.where(rows > self.threshold, 1.0, -1.0)
