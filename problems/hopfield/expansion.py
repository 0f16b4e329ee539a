"""A power of overlaps as products of spins."""

from __future__ import annotations

from itertools import combinations
from math import comb
from typing import Any

import numpy as np
import numpy.typing as npt

from pbit.checks import ArgumentError
from pbit.models.labels import SpinArray
from pbit.models.polynomial import PolynomialModel

_MOST_TERMS = 2**21


def expanded(
    patterns: SpinArray, fixed: npt.NDArray[np.int64], *, n: int, degree: int
) -> PolynomialModel:
    r"""``E = -(n / d) sum_m ((a_m + xi_m . s) / n)^d`` over the products of the spins s.

    Squares of spins are 1, so that ``(xi . s)^j = sum_k A(j, k) e_k(xi s)`` with e_k the sum of all
    products of k of the ``xi_i s_i``, and ``A(j, k) = k A(j-1, k-1) + (f - k) A(j-1, k+1)`` for f
    spins: the last factor takes a member out of the product, or brings one in.

    Parameters
    ----------
    patterns : int8, shape (P, f)
        Pixels of the spins.
    fixed : int64, shape (P,)
        a: overlaps with pixels that are held.
    n : int
        Pixels, held ones too.
    degree : int

    Raises
    ------
    ValueError
        Over two million terms.

    Examples
    --------
    >>> pattern = np.ones((1, 3), np.int8)
    >>> cubic = expanded(pattern, np.zeros(1, np.int64), n=3, degree=3)
    >>> cubic.energy([[1, 1, 1]]).round(9).tolist()
    [-1.0]
    """
    free = patterns.shape[1]
    sizes = range(1, min(degree, free) + 1)
    count = sum(comb(free, k) for k in sizes)
    if count > _MOST_TERMS:
        raise ArgumentError(
            "degree",
            f"must leave at most {_MOST_TERMS} products of spins",
            got=f"{count} for degree {degree} of {free} pixels",
            remedy="use dynamics 'fixed' or 'annealed', which need none",
        )
    unit = degree * n ** (degree - 1)
    shares = _shares(fixed.tolist(), free, degree)
    members, weights, lengths = [], [], []
    for k in sizes:
        chosen = np.array(list(combinations(range(free), k)), dtype=np.int32).reshape(-1, k)
        total = np.zeros(len(chosen))
        for pattern, row in zip(patterns, shares, strict=True):
            total += (row[k] / unit) * pattern[chosen].prod(axis=1, dtype=np.int8)
        members.append(chosen.ravel())
        weights.append(total)
        lengths.append(np.full(len(chosen), k))
    pointers = np.concatenate([[0], np.cumsum(np.concatenate(lengths))])
    return PolynomialModel.from_arrays(
        pointers,
        np.concatenate(members),
        np.concatenate(weights),
        num_spins=free,
        offset=-sum(row[0] for row in shares) / unit,
    )


def _shares(fixed: list[int], free: int, degree: int) -> list[list[int]]:
    """For each pattern the whole number that goes with the products of k spins, k = 0..degree."""
    rows: list[Any] = [[1] + [0] * (degree + 1)]
    for _ in range(degree):
        last = rows[-1]
        rows.append(
            [
                (k * last[k - 1] if k else 0) + (free - k) * (last[k + 1] if k <= degree else 0)
                for k in range(degree + 2)
            ]
        )
    return [
        [
            sum(comb(degree, j) * a ** (degree - j) * rows[j][k] for j in range(degree + 1))
            for k in range(degree + 1)
        ]
        for a in fixed
    ]
