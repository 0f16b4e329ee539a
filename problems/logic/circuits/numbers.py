"""Numbers and their bits, lowest first, at any width."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from pbit.checks import ArgumentError

_EXACT_BITS = 62  # of a number in an int64


def bits_of(value: Any, width: int, name: str) -> list[Any]:
    """Bits of a number or an array of numbers, lowest first.

    Raises
    ------
    ValueError
        A number below 0 or of more bits.
    """
    if isinstance(value, (bool, int, np.bool_, np.integer)):
        value = int(value)
        if value < 0 or value.bit_length() > width:
            raise ArgumentError(name, f"must be 0..{2**width - 1} in {width} bits", value)
        return [bool(value >> k & 1) for k in range(width)]
    array = np.asarray(value)
    if array.dtype != object and not np.issubdtype(array.dtype, np.integer) and array.dtype != bool:
        raise ArgumentError(name, "must be whole numbers", got=f"dtype {array.dtype}")
    if array.dtype == object and not all(
        isinstance(each, (int, np.integer)) for each in array.flat
    ):
        raise ArgumentError(name, "must be whole numbers", got="an array of other objects")
    negative = array < 0
    if array.dtype != object:
        array = array.astype(np.uint64 if width < 64 and not negative.any() else object)
    bad = array[negative | (array >> width != 0)]
    if bad.size:
        raise ArgumentError(name, f"must be 0..{2**width - 1} in {width} bits", bad.flat[0])
    return [(array >> k & 1).astype(bool) for k in range(width)]


def number_of(bits: Sequence[npt.NDArray[np.bool_]]) -> Any:
    """Number, or array of them, whose bits these are, lowest first; Python's own beyond 62 bits."""
    kind: Any = np.int64 if len(bits) <= _EXACT_BITS else object
    total: Any = np.zeros(np.shape(bits[0]), dtype=kind)
    for k, bit in enumerate(bits):
        total = total + np.asarray(bit).astype(kind) * (1 << k)
    return int(total) if np.ndim(total) == 0 else total
