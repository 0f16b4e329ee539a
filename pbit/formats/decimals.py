"""Sums and products of numbers as they were written: 0.1 + 0.2 is 0.3."""

import operator
from collections.abc import Callable
from fractions import Fraction
from typing import Any

_EXACT = 2.0**53


def plus(first: float, second: float) -> float:
    """Return the float64 next to the sum of two decimal numbers.

    Raises
    ------
    OverflowError
        It exceeds float64.

    Examples
    --------
    >>> plus(0.1, 0.2)
    0.3
    """
    return _exactly(operator.add, first, second)


def times(first: float, second: float) -> float:
    """Return the float64 next to the product of two decimal numbers.

    Raises
    ------
    OverflowError
        It exceeds float64.

    Examples
    --------
    >>> times(0.1, 3.0)
    0.3
    """
    return _exactly(operator.mul, first, second)


def _exactly(operation: Callable[[Any, Any], Any], first: float, second: float) -> float:
    found = operation(first, second)
    if first.is_integer() and second.is_integer() and abs(found) < _EXACT:
        return float(found)
    return float(operation(Fraction(repr(first)), Fraction(repr(second))))
