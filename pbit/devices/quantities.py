"""Checks of physical quantities."""

from __future__ import annotations

import math
import operator
from numbers import Real
from typing import Any

from pbit.checks import ArgumentError

_HOLDS = {">": operator.gt, ">=": operator.ge, "<": operator.lt, "<=": operator.le}


def number(
    name: str, value: Any, *bounds: tuple[str, float], remedy: str, finite: bool = True
) -> float:
    """The value as float, if it is a number and keeps every bound.

    Raises
    ------
    TypeError
        Not a number.
    ValueError
        NaN, infinite or out of bounds; the message ends with the remedy.

    Examples
    --------
    >>> number("barrier", 8, (">", 0.0), ("<=", 500.0), remedy="units are kT")
    8.0
    """
    if not isinstance(value, Real) or isinstance(value, bool):
        raise TypeError(f"{name} must be a number, got {value!r}")
    x = float(value)
    good = math.isfinite(x) or (math.isinf(x) and not finite)
    if not (good and all(_HOLDS[sign](x, bound) for sign, bound in bounds)):
        rule = " and ".join(f"{sign} {bound:g}" for sign, bound in bounds)
        kind = "a finite number" if finite else "a number"
        raise ArgumentError(name, f"must be {f'{kind} {rule}'.strip()}", value, remedy=remedy)
    return x
