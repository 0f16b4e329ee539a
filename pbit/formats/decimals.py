"""Sums and products of numbers as they were written: 0.1 + 0.2 is 0.3."""

from fractions import Fraction

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
    total = first + second
    if first.is_integer() and second.is_integer() and abs(total) < _EXACT:
        return total
    return float(Fraction(repr(first)) + Fraction(repr(second)))


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
    total = first * second
    if first.is_integer() and second.is_integer() and abs(total) < _EXACT:
        return total
    return float(Fraction(repr(first)) * Fraction(repr(second)))
