"""The polynomial rule: powers of the overlaps, a dense memory."""

from __future__ import annotations

from typing import Any

import numpy as np

from pbit.models.labels import FloatArray
from pbit.problems.hopfield.storage import DenseRule


def energies(agreements: Any, n: int, degree: int) -> FloatArray:
    r"""``E = -(n / d) sum_m (xi_m . s / n)^d``.

    So normalised, a lone pattern has fields of 1 at itself, and degree 2 is Hebb's energy less
    P / 2.
    """
    overlaps = (2 * np.asarray(agreements, dtype=np.float64) - n) / n
    return np.asarray(-n / degree * (overlaps**degree).sum(axis=-1))


def table(n: int, degree: int) -> FloatArray:
    """c and d by agreements: half the sum and half the difference of what a spin costs that agrees
    and one that does not. Whole numbers divided once."""
    unit = 2 * degree * n ** (degree - 1)
    rows = np.zeros((2, n + 1))
    for k in range(n + 1):
        x = 2 * k - n
        agrees, differs = x**degree - (x - 2) ** degree, (x + 2) ** degree - x**degree
        rows[:, k] = (agrees + differs) / (2 * unit), (agrees - differs) / (2 * unit)
    return rows


RULE = DenseRule("polynomial", "powers of overlaps", 40, energies=energies, table=table)
