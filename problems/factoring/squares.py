"""Sums of squares of polynomials in bits, in whole numbers, and the p-bit model they make."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import numpy as np

from pbit.models.conventions.hubo import spin_terms
from pbit.models.polynomial import PolynomialModel
from pbit.models.terms import Terms, pointers_of

Body = frozenset[int]
Form = dict[Body, int]
ONE: Body = frozenset()


def product(left: Mapping[Body, int], right: Mapping[Body, int]) -> Form:
    """Product of two polynomials of bits, x x = x."""
    result: Form = {}
    for body, a in left.items():
        for other, b in right.items():
            both = body | other
            result[both] = result.get(both, 0) + a * b
    return result


def model_of_squares(
    squares: Iterable[tuple[int, Mapping[Body, int]]], labels: list[str]
) -> PolynomialModel:
    """Model of ``E = sum weight * form**2`` over bits; float64 weights, exact below 2**53.

    Examples
    --------
    >>> both = {frozenset([0]): 1, frozenset([1]): 1, ONE: -1}  # x0 + x1 = 1
    >>> model_of_squares([(4, both)], ["x0", "x1"]).energy([[1, -1], [1, 1]]).tolist()
    [0.0, 4.0]
    """
    total: Form = {}
    for weight, form in squares:
        for body, value in product(form, form).items():
            total[body] = total.get(body, 0) + weight * value
    offset = total.pop(ONE, 0)
    bodies = [sorted(body) for body, value in total.items() if value]
    terms = Terms(
        pointers_of(np.array([len(body) for body in bodies], dtype=np.int64)),
        np.array([i for body in bodies for i in body], dtype=np.int32),
        np.array([float(value) for value in total.values() if value]),
    )
    return PolynomialModel(*spin_terms(terms, offset=float(offset), labels=labels))
