"""Rows of features as spins, and back in the caller's own values."""

from __future__ import annotations

from typing import Any, Literal

import numpy as np
import numpy.typing as npt

from pbit.problems.learning.two_values import BITS, pair_of, refusal

Values = Literal["bits", "spins"]


def as_spins(X: npt.NDArray[Any], threshold: float | None) -> tuple[npt.NDArray[np.int8], Values]:
    """Features as int8 spins, 0 for NaN, and how they were written: "bits" or "spins".

    Parameters
    ----------
    X : array, shape (rows, features)
        {0, 1}, "bits", or {-1, 1}, "spins"; NaN where nothing is known.
    threshold : float or None
        Where given, a feature is up where it is greater.

    Raises
    ------
    ValueError
        Other values without a threshold: nothing is guessed.
    """
    missing = X != X  # NaN, in arrays of any type
    if threshold is not None:
        return _spins(X > threshold, missing), "bits"
    pair = pair_of(X, ~missing)
    if pair is None:
        raise refusal(X, ~missing)
    return _spins(X == 1, missing), "bits" if pair == BITS else "spins"


def known_means(spins: npt.NDArray[np.int8]) -> npt.NDArray[np.float64]:
    """Mean of each column over its entries that are not 0; 0 where there are none."""
    count = np.count_nonzero(spins, axis=0)
    return np.asarray(spins.sum(axis=0, dtype=np.int64) / np.maximum(count, 1))


def _spins(up: npt.NDArray[np.bool_], missing: npt.NDArray[np.bool_]) -> npt.NDArray[np.int8]:
    spins = np.where(up, np.int8(1), np.int8(-1))
    spins[missing] = 0
    return spins


def in_values(spins: npt.NDArray[Any], values: Values) -> npt.NDArray[np.int8]:
    """Spins as the data were written."""
    return np.asarray((spins > 0) if values == "bits" else np.sign(spins)).astype(np.int8)
