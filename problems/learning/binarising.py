"""Values of a data set as spins: two-valued ones as they are, others above a threshold."""

from __future__ import annotations

import math
from numbers import Real
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from pbit.checks import ArgumentError
from pbit.formats.errors import FormatError, shown
from pbit.models.labels import SpinArray
from pbit.problems.learning.raw_data import RawData

_EXPECTED = "expected 0 and 1, -1 and +1, 0 and 255, or true and false"


class Spins(NamedTuple):
    """Spins of shape (num_rows, num_columns), and what the user should be told of them."""

    spins: SpinArray
    notes: tuple[str, ...] = ()


def spins_of(raw: RawData, threshold: float | None) -> Spins:
    """Spins of the values: +1 where they are above the threshold.

    Without a threshold only what has one meaning is taken: bits, spins, truth values, and bytes
    that are all 0 or 255, as images in black and white have them.

    Raises
    ------
    FormatError
        No rows or columns, no numbers, NaN, or without a threshold anything but two values.
    TypeError, ValueError
        A threshold that is no finite number.

    Examples
    --------
    >>> grey = RawData(values=np.array([[0.0, 0.4], [0.6, 1.0]]), name="a.npy")
    >>> spins_of(grey, 0.5).spins.tolist()
    [[-1, -1], [1, 1]]
    """
    _check_values(raw)
    if threshold is None:
        return Spins(_as_spins(_above(raw)))
    limit = checked_threshold(threshold)
    values = _truths(raw.values).view(np.int8) if raw.values.dtype == np.bool_ else raw.values
    above = values > limit
    notes = _one_sided(above, limit)
    return Spins(_as_spins(above), notes)


def checked_threshold(threshold: Any) -> float:
    """The threshold as float.

    Raises
    ------
    TypeError, ValueError
        No number, NaN or infinity.
    """
    if not isinstance(threshold, Real) or isinstance(threshold, bool):
        raise TypeError(f"threshold must be a number, got {threshold!r}")
    value = float(threshold)
    if not math.isfinite(value):
        raise ArgumentError(
            "threshold", "must be finite", value, remedy="take one between the two kinds of values"
        )
    return value


def _truths(values: npt.NDArray[np.bool_]) -> npt.NDArray[np.bool_]:
    """Truth values that are 0 or 1 in memory: files may have any byte."""
    truths: npt.NDArray[np.bool_] = np.ascontiguousarray(values).view(np.uint8) != 0
    return truths


def _as_spins(above: npt.NDArray[np.bool_]) -> SpinArray:
    """Spins in the memory of truth values, which are gone."""
    spins = np.ascontiguousarray(above).reshape(len(above), -1).view(np.int8)
    spins *= 2
    spins -= 1
    return spins


def _one_sided(above: npt.NDArray[np.bool_], limit: float) -> tuple[str, ...]:
    if above.all():
        return (f"all values are above the threshold {limit:g}: all spins are +1",)
    if not above.any():
        return (f"no value is above the threshold {limit:g}: all spins are -1",)
    return ()


def _check_values(raw: RawData) -> None:
    values = raw.values
    if values.ndim not in (2, 3):
        raise FormatError(
            raw.name,
            None,
            f"has shape {values.shape}, expected (rows, columns) or (rows, height, width); "
            "reshape it",
        )
    if not values.size:
        raise FormatError(
            raw.name,
            None,
            f"is an empty set of shape {values.shape}, expected rows of data; check the file",
        )
    if values.dtype.kind not in "biuf":
        raise FormatError(
            raw.name,
            None,
            f"holds values of type {values.dtype}, expected numbers or truth values; convert it",
        )
    if values.dtype.kind == "f":
        bad = np.isnan(values)
        if bad.any():
            raise raw.error(
                _first(bad), "is NaN, expected a number; drop the row or fill the value in"
            )


def _above(raw: RawData) -> npt.NDArray[np.bool_]:
    """Where two-valued data have the larger value."""
    values = raw.values
    if values.dtype == np.bool_:
        return _truths(values)
    is_one: npt.NDArray[np.bool_] = values == 1
    for low in (0, -1):
        if np.all(is_one | (values == low)):
            return is_one
    if values.dtype == np.uint8:
        white: npt.NDArray[np.bool_] = values == 255
        if np.all(white | (values == 0)):
            return white
    raise _refusal(raw, is_one | (values == (-1 if np.any(values == -1) else 0)))


def _refusal(raw: RawData, usual: npt.NDArray[np.bool_]) -> FormatError:
    """The refusal of what is not binary, at the first value that is not one of the usual two."""
    low, high = raw.values.min(), raw.values.max()
    at = _first(~usual)
    value = shown(f"{raw.values[at]:g}")[1:-1]
    return raw.error(
        at,
        f"is {value}, {_EXPECTED}; give a threshold above which a value is +1 (threshold=, "
        f"--threshold): values go from {low:g} to {high:g}",
    )


def _first(mask: npt.NDArray[np.bool_]) -> tuple[int, ...]:
    return tuple(int(k) for k in np.unravel_index(int(np.argmax(mask)), mask.shape))
