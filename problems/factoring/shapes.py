"""Bit lengths of two factors, and the checks of what is to be factored."""

from __future__ import annotations

from abc import ABC, abstractmethod
from math import isqrt
from typing import Any

import numpy as np
import numpy.typing as npt

from pbit.checks import ArgumentError

Shape = tuple[int, int]


def shapes_of(n: int) -> list[Shape]:
    """Bit lengths (x, y) that factors x <= y of n can have, the most balanced first."""
    bits, widest = n.bit_length(), isqrt(n).bit_length()
    pairs = [(k, bits - k + extra) for k in range(widest, 1, -1) for extra in (0, 1)]
    return [(k, width) for k, width in pairs if width >= k]


def check_integer(name: str, value: Any, *, least: int) -> None:
    """Refuse what is no int or too small.

    Raises
    ------
    TypeError, ValueError
        As said.
    """
    if not isinstance(value, int) or isinstance(value, bool):
        raise TypeError(f"{name} must be an int, got {value!r}")
    if value < least:
        raise ArgumentError(name, f"must be >= {least}", value)


def check_shape(n: int, width_x: int, width_y: int) -> None:
    """Refuse what has no product of two odd factors of these bit lengths.

    Raises
    ------
    TypeError, ValueError
        n even or below 9, widths that no product of n's bit length has.
    """
    check_integer("n", n, least=9)
    if n % 2 == 0:
        raise ArgumentError("n", "must be odd", n, remedy="2 is a factor: factor n / 2 instead")
    bits = n.bit_length()
    if min(width_x, width_y) < 2 or width_x + width_y - bits not in (0, 1):
        raise ValueError(
            f"width_x and width_y must be >= 2 and add up to {bits} or {bits + 1} for the "
            f"{bits}-bit number {n}, got {width_x} and {width_y}; factor() tries all widths"
        )


class OfShape(ABC):
    """What all formulations share: n as x * y with x and y of given bit lengths."""

    n: int
    width_x: int
    width_y: int

    @abstractmethod
    def decode_reads(self, spins: npt.ArrayLike) -> list[tuple[int, int]]:
        """The numbers x and y of every row of states of shape (num_reads, n)."""

    def decode(self, spins: npt.ArrayLike) -> tuple[int, int]:
        """The numbers x and y of one state, shape (n,)."""
        return self.decode_reads(np.asarray(spins)[None, :])[0]

    def check(self, answer: tuple[int, int]) -> bool:
        """Whether x * y == n and neither is 1."""
        return is_answer(self.n, answer)


def is_answer(n: int, answer: tuple[int, int]) -> bool:
    """Whether the two numbers multiply to n and neither is 1."""
    x, y = answer
    return x > 1 and y > 1 and x * y == n
