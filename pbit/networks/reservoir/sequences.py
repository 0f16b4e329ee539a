"""Series of several lengths, as lists of arrays (steps, features), the way ReservoirPy has them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from pbit.checks import ArgumentError, floats
from pbit.networks.reservoir.protocol import FloatArray, checked_drive

LengthArray = npt.NDArray[np.int64]


def padded(series: Sequence[Any], name: str = "series") -> tuple[FloatArray, LengthArray]:
    """A list of series as one array, zeros after those that end.

    Parameters
    ----------
    series : sequence of arrays, shape (steps, features) each, or (steps,)

    Returns
    -------
    (float64 (num_series, most steps, features), int64 (num_series,))
        And how long each is.

    Raises
    ------
    TypeError, ValueError
        No series, no numbers, NaN or infinity, other features than the first has.

    Examples
    --------
    >>> values, lengths = padded([[1.0, 2.0], [3.0]])
    >>> values[:, :, 0].tolist(), lengths.tolist()
    ([[1.0, 2.0], [3.0, 0.0]], [2, 1])
    """
    if not len(series):
        raise ArgumentError(name, "must be one series at least", got="none")
    arrays = [_columns(floats(name, each), name) for each in series]
    width = arrays[0].shape[1]
    for k, each in enumerate(arrays):
        if each.shape[1] != width:
            raise ArgumentError(
                name, f"must all have the {width} features of the first",
                got=f"{each.shape[1]} in series {k}",
            )  # fmt: skip
    lengths = np.array([len(each) for each in arrays], np.int64)
    found = np.zeros((len(arrays), int(lengths.max()), width))
    for row, each in zip(found, arrays, strict=True):
        row[: len(each)] = each
    return found, lengths


def unpadded(values: FloatArray, lengths: LengthArray) -> list[FloatArray]:
    """The first steps of each series, as a list of arrays (steps, features).

    Examples
    --------
    >>> [each.tolist() for each in unpadded(np.zeros((2, 2, 1)), np.array([2, 1]))]
    [[[0.0], [0.0]], [[0.0]]]
    """
    return [row[:length] for row, length in zip(values, lengths, strict=True)]


def _columns(values: FloatArray, name: str) -> FloatArray:
    return np.asarray(checked_drive(values[:, None] if values.ndim == 1 else values, name)[0])
