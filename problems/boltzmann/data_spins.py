"""Rows of features as spins, and back in the caller's own values."""

from __future__ import annotations

from typing import Any, Literal

import numpy as np
import numpy.typing as npt

from pbit.checks import ArgumentError

Values = Literal["bits", "spins"]


def as_spins(X: npt.NDArray[Any], threshold: float | None) -> tuple[npt.NDArray[np.int8], Values]:
    """Features as int8 spins, and how they were written: "bits" {0, 1} or "spins" {-1, 1}.

    Parameters
    ----------
    X : array, shape (rows, features)
        Finite.
    threshold : float or None
        Where given, a feature is up where it is greater.

    Raises
    ------
    ValueError
        Other values without a threshold: nothing is guessed.
    """
    if threshold is not None:
        return np.where(X > threshold, np.int8(1), np.int8(-1)), "bits"
    up = X == 1
    if (up | (X == 0)).all():
        return np.where(up, np.int8(1), np.int8(-1)), "bits"
    if (up | (X == -1)).all():
        return X.astype(np.int8), "spins"
    wrong = np.argwhere(~(up | (X == 0)))[0]
    raise ArgumentError(
        "X",
        "must be binary, all in {0, 1} or all in {-1, 1}",
        got=f"{X[tuple(wrong)]} in row {wrong[0]}, column {wrong[1]}",
        remedy="give threshold=, above which a feature is up",
    )


def in_values(spins: npt.NDArray[Any], values: Values) -> npt.NDArray[np.int8]:
    """Spins as the data were written."""
    return np.asarray((spins > 0) if values == "bits" else np.sign(spins)).astype(np.int8)
