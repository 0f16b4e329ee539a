"""Polynomials over bits to polynomials over spins and back: x in {0, 1}, s = 2x - 1."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from itertools import chain, combinations
from math import comb
from typing import TYPE_CHECKING, Any

import numpy as np

from pbit.checks import ArgumentError
from pbit.models.conventions.arrays import TermArrays
from pbit.models.labels import Labels, index_of
from pbit.models.numbers import check_energies
from pbit.models.term_checks import flattened
from pbit.models.terms import (
    FloatArray,
    IntArray,
    MemberArray,
    Terms,
    bodies,
    by_size,
    canonical,
    joined,
    merged,
    pointers_of,
)

if TYPE_CHECKING:
    from pbit.models.polynomial import PolynomialModel

MAX_PRODUCTS_A_TERM = 2**20
MAX_PRODUCTS = 2**26
_PRODUCTS_A_PIECE = 2**22


def terms_of_hubo(H: Mapping[Any, float], offset: float = 0.0) -> TermArrays:
    """Arrays of ``E = sum H[T] prod_T x + offset``; T any collection of labels, ``x x = x``.

    Raises
    ------
    ValueError
        NaN or infinity, or terms that multiply out to too many products.

    Examples
    --------
    >>> from pbit import PolynomialModel
    >>> model = PolynomialModel(*terms_of_hubo({("a", "b", "c"): 8.0}))
    >>> model.energy([1, 1, 1]).item(), model.energy([1, 1, -1]).item()
    (8.0, 0.0)
    """
    names, sizes, values = flattened(H)
    labels: Labels = list(dict.fromkeys(names))
    position = index_of(labels)
    members = np.fromiter((position[v] for v in names), dtype=np.int32, count=len(names))
    terms = Terms(pointers_of(sizes), members, values)
    return spin_terms(terms, offset=offset, labels=labels)


def spin_terms(terms: Terms, *, offset: float = 0.0, labels: Labels) -> TermArrays:
    """Arrays of ``E = sum_t weights[t] prod x + offset`` over bits, from arrays.

    With ``x = (1 + s) / 2`` a product of k bits is the mean of the products over its 2^k subsets.

    Raises
    ------
    ValueError
        NaN or infinity, or terms that multiply out to too many products.
    """
    bad = np.flatnonzero(~np.isfinite(terms.weights))
    if bad.size:
        raise ArgumentError(
            "coefficients",
            "must be finite",
            got=f"{terms.weights[bad[0]]} (term {bad[0]})",
            remedy="remove that term",
        )
    n = len(labels)
    bits = canonical(terms, n, square_is_one=False)
    spins = multiplied_out(bits, n, lambda k, _: 0.5**k)
    return TermArrays(spins.pointers, spins.members, -spins.weights, offset, labels)


def to_hubo(model: PolynomialModel) -> tuple[dict[tuple[Any, ...], float], float]:
    """``(H, offset)`` with the energies of the model over ``x = (s + 1) / 2``.

    Raises
    ------
    ValueError
        Terms that multiply out to too many products, or to weights that float64 does not hold.

    Examples
    --------
    >>> from pbit import PolynomialModel
    >>> to_hubo(PolynomialModel.from_terms({(0, 1): 1.0}))
    ({(0,): 2.0, (1,): 2.0, (0, 1): -4.0}, -1.0)
    """
    spins = Terms(model.pointers, model.members, -model.weights)
    with np.errstate(over="ignore", invalid="ignore"):
        bits = multiplied_out(spins, model.num_spins, lambda k, j: (-1.0) ** (k - j) * 2.0**j)
    check_energies(bits.weights, model.offset)
    names = model.labels
    keys = (tuple(names[i] for i in body) for body in bodies(bits))
    H = dict(zip(keys, bits.weights.tolist(), strict=True))
    return H, model.offset + H.pop((), 0.0)


def multiplied_out(
    terms: Terms, num_variables: int, coefficient: Callable[[int, int], float]
) -> Terms:
    """Each product of k variables y becomes a sum over its subsets S of products of z.

    ``prod y = sum_S coefficient(k, |S|) prod_S z``, which holds for ``y = a + b z`` with
    ``coefficient(k, j) = a^(k - j) b^j``.

    Raises
    ------
    ValueError
        A term of more than 20 variables, or more than 2^26 products in all.

    Examples
    --------
    >>> bits = Terms(np.array([0, 2]), np.array([0, 1]), np.array([4.0]))  # 4xy = (1 + s)(1 + t)
    >>> multiplied_out(bits, 2, lambda k, j: 2.0**-k).weights.tolist()
    [1.0, 1.0, 1.0, 1.0]
    """
    _check_products(np.diff(terms.pointers))
    pieces = []
    for rows, weights in by_size(terms):
        k = rows.shape[1]
        subsets = [_subsets(k, j) for j in range(k + 1)]
        factors = [coefficient(k, j) for j in range(k + 1)]
        step = max(1, _PRODUCTS_A_PIECE >> k)
        for first in range(0, len(rows), step):
            chosen = slice(first, first + step)
            parts = [
                _replaced(rows[chosen], factor * weights[chosen], columns)
                for columns, factor in zip(subsets, factors, strict=True)
            ]
            pieces.append(merged(joined(parts), num_variables))
    return merged(joined(pieces), num_variables)


def _check_products(sizes: IntArray) -> None:
    largest = int(sizes.max(initial=0))
    if 2**largest > MAX_PRODUCTS_A_TERM:
        raise ValueError(
            f"a term of {largest} variables multiplies out to 2**{largest} products when bits "
            f"become spins or spins bits, at most {MAX_PRODUCTS_A_TERM}; state it in the "
            "variables that it is short in, or split it with auxiliary variables"
        )
    total = int(np.sum(1 << sizes))
    if total > MAX_PRODUCTS:
        raise ValueError(
            f"the terms multiply out to {total} products when bits become spins or spins bits, "
            f"at most {MAX_PRODUCTS}; state the problem in the variables that it is short in"
        )


def _subsets(k: int, j: int) -> IntArray:
    """All choices of j of k columns, shape (comb(k, j), j)."""
    flat = chain.from_iterable(combinations(range(k), j))
    return np.fromiter(flat, dtype=np.int64, count=comb(k, j) * j).reshape(comb(k, j), j)


def _replaced(rows: MemberArray, weights: FloatArray, columns: IntArray) -> Terms:
    count, size = len(rows) * len(columns), columns.shape[1]
    return Terms(
        np.arange(count + 1) * size,
        rows[:, columns].reshape(-1),
        np.repeat(weights, len(columns)),
    )
