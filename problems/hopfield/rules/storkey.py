"""Storkey's rule: one pattern after the other, corrected by the fields it meets."""

from __future__ import annotations

import warnings

import numpy as np

from pbit.models.labels import FloatArray, SpinArray
from pbit.problems.hopfield.storage import PairRule


def couplings(patterns: SpinArray, first: int, J: FloatArray | None) -> FloatArray:
    r"""``J_ij += (xi_i xi_j - xi_i h_ji - h_ij xi_j) / n``, ``h_ij = sum_{k != i, j} J_ik xi_k``.

    With f = J xi this is ``(1 + 2/n) J + (xi xi^T - xi f^T - f xi^T) / n``.

    Warns
    -----
    UserWarning
        More patterns than pixels: from there on couplings grow with every pattern.

    References
    ----------
    Storkey, ICANN 1997, LNCS 1327, 451.
    """
    count, n = patterns.shape
    if count > n:
        warnings.warn(
            f"{count} patterns of {n} pixels are more than Storkey's rule holds: couplings grow "
            "with every pattern and little is recalled; store fewer",
            UserWarning,
            stacklevel=4,
        )
    total = np.zeros((n, n)) if J is None else J
    with np.errstate(over="ignore", invalid="ignore"):
        for pattern in patterns[first:].astype(np.float64):
            half = np.outer(pattern, pattern / 2 - total @ pattern)
            total = (1 + 2 / n) * total + (half + half.T) / n
            np.fill_diagonal(total, 0.0)
    return total


RULE = PairRule("storkey", "outer products less their fields", 30, couplings=couplings)
