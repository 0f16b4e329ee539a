"""Values of a data set as spins: two-valued ones as they are, others above a threshold."""

from __future__ import annotations

import math
from dataclasses import replace
from numbers import Real
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from pbit.checks import ArgumentError
from pbit.formats.errors import FormatError, shown
from pbit.models.labels import SpinArray
from pbit.problems.learning.raw_data import Array, RawData
from pbit.problems.learning.two_values import (
    BITS,
    BLACK_AND_WHITE,
    RULE,
    SPINS,
    first_strange,
    pair_of,
    remedy,
)

_NO_NOTES: tuple[str, ...] = ()
_OPTIONS = "(threshold=, --threshold)"


class Spins(NamedTuple):
    """Spins of shape (num_rows, num_columns), and what the user should be told of them."""

    spins: SpinArray
    known: npt.NDArray[np.bool_] | None = None
    notes: tuple[str, ...] = ()


def spins_of(raw: RawData, threshold: float | None, *, missing: bool = False) -> Spins:
    """Spins of the values: +1 where they are above the threshold.

    Without a threshold only what has one meaning is taken: bits, spins, truth values, and bytes
    that are all 0 or 255, as images in black and white have them.

    Raises
    ------
    FormatError
        No rows or columns, no numbers, NaN where nothing may be missing, everything missing, or
        without a threshold anything but two values.
    TypeError, ValueError
        A threshold that is no finite number.

    Examples
    --------
    >>> grey = RawData(values=np.array([[0.0, 0.4], [0.6, 1.0]]), name="a.npy")
    >>> spins_of(grey, 0.5).spins.tolist()
    [[-1, -1], [1, 1]]
    """
    _check_values(raw)
    raw = replace(raw, known=_known(raw, missing))
    if threshold is None:
        above, notes = _above(raw), _NO_NOTES
    else:
        above, notes = _above_threshold(raw.values, checked_threshold(threshold))
    spins = _as_spins(above)
    if raw.known is None:
        return Spins(spins, notes=notes)
    known = raw.known.reshape(spins.shape)
    spins[~known] = -1
    return Spins(spins, known, notes)


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


def _above_threshold(values: Array, limit: float) -> tuple[npt.NDArray[np.bool_], tuple[str, ...]]:
    numbers = _truths(values).view(np.int8) if values.dtype == np.bool_ else values
    above: npt.NDArray[np.bool_] = numbers > limit
    return above, _one_sided(above, limit)


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


def _known(raw: RawData, missing: bool) -> npt.NDArray[np.bool_] | None:
    """Where values are known; None if all are."""
    known = np.ones(raw.values.shape, dtype=np.bool_) if raw.known is None else raw.known
    if raw.values.dtype.kind == "f":
        known = known & ~np.isnan(raw.values)
    if known.all():
        return None
    if not missing:
        at = _first(~known)
        raise raw.error(
            at,
            f"is {'NaN' if raw.known is None else 'not known'}, expected a number; drop the row, "
            "fill the value in, or read what is missing as such (missing=True)",
        )
    if not known.any():
        raise FormatError(
            raw.name, None, "has nothing but missing values, expected some that are known"
        )
    return known


def _above(raw: RawData) -> npt.NDArray[np.bool_]:
    """Where two-valued data have the larger value."""
    values = raw.values
    if values.dtype == np.bool_:
        return _truths(values)
    pairs = (BITS, SPINS, BLACK_AND_WHITE) if values.dtype == np.uint8 else (BITS, SPINS)
    pair = pair_of(values, raw.known, pairs=pairs)
    if pair is None:
        raise _refusal(raw)
    above: npt.NDArray[np.bool_] = values == pair[1]
    return above


def _refusal(raw: RawData) -> FormatError:
    """The refusal of what is not binary, at the first value that is not one of the usual two."""
    at = first_strange(raw.values, raw.known)
    value, told = shown(f"{raw.values[at]:g}")[1:-1], remedy(raw.values, raw.known)
    return raw.error(at, f"is {value}, expected {RULE}, or 0 and 255 of bytes; {told} {_OPTIONS}")


def _first(mask: npt.NDArray[np.bool_]) -> tuple[int, ...]:
    return tuple(int(k) for k in np.unravel_index(int(np.argmax(mask)), mask.shape))
