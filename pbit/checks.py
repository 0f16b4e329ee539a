"""Checks of arguments that several public functions share."""

from __future__ import annotations

from numbers import Integral
from typing import Any


def integer(name: str, value: Any, least: int, most: int | None = None) -> int:
    """The value as int.

    Raises
    ------
    TypeError
        Not an integer.
    ValueError
        Below ``least`` or above ``most``.

    Examples
    --------
    >>> integer("num_reads", 3, 1)
    3
    """
    if not isinstance(value, Integral) or isinstance(value, bool):
        raise TypeError(f"{name} must be an integer, got {value!r}")
    number = int(value)
    if number < least:
        raise ValueError(f"{name} must be >= {least}, got {value}")
    if most is not None and number > most:
        raise ValueError(f"{name} must be <= {most}, got {value}")
    return number
