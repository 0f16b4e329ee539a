"""Examples with their classes, some to learn from and some held out."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from pbit.by_value import ByValue
from pbit.checks import ArgumentError, floats
from pbit.seeds import check_seed

FloatArray = npt.NDArray[np.float64]
LabelArray = npt.NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Split(ByValue):
    """Rows to learn from, and rows that nothing is learnt from.

    Parameters
    ----------
    train, test : float64, shape (num_rows, num_columns)
        Values from 0 to 1.
    train_labels, test_labels : int64, shape (num_rows,)
        Classes, from 0.
    image_shape : (int, int), optional
        Rows and columns of pixels.

    Examples
    --------
    >>> split_of(np.eye(10), np.arange(10), held_out=0.3, seed=1).test.shape
    (3, 10)
    """

    train: FloatArray
    train_labels: LabelArray
    test: FloatArray
    test_labels: LabelArray
    image_shape: tuple[int, int] | None = None

    @property
    def num_classes(self) -> int:
        """Number of classes."""
        return int(max(self.train_labels.max(), self.test_labels.max())) + 1

    def first(self, train: int, test: int) -> Split:
        """The first so many rows of each."""
        return Split(
            self.train[:train],
            self.train_labels[:train],
            self.test[:test],
            self.test_labels[:test],
            self.image_shape,
        )


def split_of(
    rows: npt.ArrayLike,
    labels: npt.ArrayLike,
    *,
    held_out: float,
    seed: int,
    image_shape: tuple[int, int] | None = None,
) -> Split:
    """The rows in an order that the seed draws, a share of them held out.

    Raises
    ------
    ValueError, TypeError
        Rows that are no matrix of numbers, another number of labels, a share that leaves one part
        empty.

    Examples
    --------
    >>> split = split_of([[0.0], [1.0], [0.5]], [0, 1, 0], held_out=0.34, seed=1)
    >>> len(split.train), len(split.test)
    (2, 1)
    """
    values, classes = floats("rows", rows), np.asarray(labels, dtype=np.int64)
    if values.ndim != 2 or classes.shape != (len(values),):
        raise ArgumentError(
            "labels",
            f"must have one class for each row of {values.shape}",
            got=f"shape {classes.shape}",
            remedy="rows are (num_rows, num_columns)",
        )
    tests = round(held_out * len(values))
    if not 0 < tests < len(values):
        raise ArgumentError(
            "held_out",
            f"must leave rows in both parts of {len(values)}",
            held_out,
            remedy="a quarter is usual",
        )
    order = np.random.default_rng(check_seed(seed)).permutation(len(values))
    test, train = order[:tests], order[tests:]
    return Split(values[train], classes[train], values[test], classes[test], image_shape)


def accuracy(scores: npt.ArrayLike, labels: npt.ArrayLike) -> float:
    """Share of rows whose class has the largest score.

    Parameters
    ----------
    scores : shape (num_rows, num_classes)
    labels : int, shape (num_rows,)

    Examples
    --------
    >>> accuracy([[0.1, 0.9], [0.8, 0.2]], [1, 1])
    0.5
    """
    return float(np.mean(np.argmax(scores, axis=1) == np.asarray(labels)))
