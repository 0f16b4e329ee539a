"""Hebb's rule: pixels that agree in most patterns pull each other."""

from __future__ import annotations

import numpy as np

from pbit.models.labels import FloatArray, SpinArray
from pbit.problems.hopfield.storage import PairRule


def couplings(patterns: SpinArray, first: int, J: FloatArray | None) -> FloatArray:
    """``J = (1/n) sum_m xi_m xi_m^T`` with an empty diagonal.

    References
    ----------
    Hopfield, Proc. Natl. Acad. Sci. 79, 2554 (1982). Capacity 0.138 n: Amit, Gutfreund,
    Sompolinsky, Phys. Rev. Lett. 55, 1530 (1985).
    """
    n = patterns.shape[1]
    new = patterns[first:].astype(np.float64)
    total = new.T @ new
    np.fill_diagonal(total, 0.0)
    if J is not None:
        total += np.rint(J * n)  # whole numbers: the order of the patterns leaves no trace
    return np.asarray(total / n)


RULE = PairRule("hebb", "sum of outer products", 10, couplings=couplings)
