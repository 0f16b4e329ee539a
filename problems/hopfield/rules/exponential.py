"""The exponential rule: the logarithm of a sum of exponentials of overlaps."""

from __future__ import annotations

from typing import Any

import numpy as np

from pbit.models.labels import FloatArray
from pbit.problems.hopfield.storage import DenseRule


def energies(agreements: Any, n: int, degree: int) -> FloatArray:
    r"""``E = -ln sum_m exp(xi_m . s)``.

    The sum itself has the same order of energies, and so the same minima and the same recall
    without noise; its fields, though, are of the order of e^n at a pattern and vanish beside it,
    so that no temperature suits both. Those of the logarithm are 1 at a lone pattern.

    References
    ----------
    Demircigil, Heusel, Löwe, Upgang, Vermet, J. Stat. Phys. 168, 288 (2017): the sum. Ramsauer et
    al., ICLR 2021: the logarithm.
    """
    overlaps = 2 * np.asarray(agreements, dtype=np.float64) - n
    top = overlaps.max(axis=-1, keepdims=True)
    return np.asarray(-(top[..., 0] + np.log(np.exp(overlaps - top).sum(axis=-1))))


def table(n: int, degree: int) -> FloatArray:
    """Weight of a pattern with so many agreements fewer than the best."""
    return np.stack([np.exp(-2.0 * np.arange(n + 1)), np.zeros(n + 1)])


RULE = DenseRule(
    "exponential",
    "logarithm of exponentials of overlaps",
    50,
    energies=energies,
    table=table,
    exponential=True,
)
