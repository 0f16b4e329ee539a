"""Checks of what digit models are made of, each with the digit or pair that breaks the rule."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from pbit.checks import ArgumentError, integer
from pbit.models.labels import FloatArray, Labels, check_labels
from pbit.models.numbers import as_floats

IntArray = npt.NDArray[np.int64]
CountArray = npt.NDArray[np.int32]
ValueArray = npt.NDArray[np.int16]
Cases = Sequence[Sequence[Hashable]]

MAX_VALUES = 2**15  # values are int16
MAX_DIGITS = 2**31 - 1  # neighbours are int32


def as_integers(name: str, values: Any) -> IntArray:
    """The values as int64, of any shape.

    Raises
    ------
    TypeError
        No integers.

    Examples
    --------
    >>> as_integers("values", [[0, 2]]).shape
    (1, 2)
    """
    return _integers(name, values).astype(np.int64)


def _integers(name: str, values: Any) -> npt.NDArray[Any]:
    """The values in the type that they have."""
    try:
        array = np.asarray(values)
    except ValueError:  # rows of unequal lengths
        array = np.array(None)
    if array.size and array.dtype.kind not in "iu":
        raise TypeError(f"{name} must be integers, got {values!r:.60}")
    return array


def checked_counts(num_values: npt.ArrayLike, num_digits: int | None = None) -> CountArray:
    """How many values each digit has, int32 (n,).

    Raises
    ------
    TypeError
        No integers.
    ValueError
        A digit without any value or with more than int16 holds, or one number for all digits and
        nothing that says how many there are.
    """
    counts = as_integers("num_values", num_values)
    if num_digits is not None:
        integer("num_digits", num_digits, 0, MAX_DIGITS)
        counts = np.broadcast_to(counts, (num_digits,)) if counts.ndim == 0 else counts
    if counts.ndim != 1 or num_digits not in (None, counts.size):
        asked = "one number a digit" if num_digits is None else f"a number, or {num_digits} of them"
        raise ArgumentError(
            "num_values", f"must be {asked}", got=f"shape {counts.shape}", remedy="give num_digits"
        )
    bad = np.flatnonzero((counts < 1) | (counts > MAX_VALUES))
    if bad.size:
        raise ArgumentError(
            "num_values",
            f"must be 1..{MAX_VALUES}",
            got=f"{counts[bad[0]]} for digit {bad[0]}",
            remedy="leave out digits that have no value; split one with too many",
        )
    return counts.astype(np.int32)


def checked_fields(h: Any, counts: CountArray) -> FloatArray:
    """The energy of each case, float64 (sum of counts,): flat, or a row a digit; None is zero.

    Raises
    ------
    TypeError
        No numbers.
    ValueError
        Another number of them, NaN or infinity.
    """
    total = int(counts.sum(dtype=np.int64))
    if h is None:
        return np.zeros(total)
    if not isinstance(h, Sequence | np.ndarray) or isinstance(h, str | bytes):
        raise TypeError(f"h must be a list of numbers, or one of a row a digit, got {h!r:.60}")
    is_flat = np.ndim(h[0]) == 0 if len(h) else True
    rows = [] if is_flat else [as_floats("h", row, ndmin=1) for row in h]
    sizes = [row.size for row in rows]
    if not is_flat and sizes != counts.tolist():
        _refuse_rows(sizes, counts)
    flat = as_floats("h", h, ndmin=1) if is_flat else np.concatenate(rows)
    if flat.shape != (total,):
        raise ArgumentError(
            "h",
            f"must have {total} numbers, one a case of each digit, or {counts.size} rows of them",
            got=f"shape {flat.shape}",
        )
    bad = np.flatnonzero(~np.isfinite(flat))
    if bad.size:
        digit = int(np.searchsorted(np.cumsum(counts), bad[0], side="right"))
        raise ArgumentError("h", "must be finite", got=f"{flat[bad[0]]} for digit {digit}")
    return flat


def _refuse_rows(sizes: list[int], counts: CountArray) -> None:
    if len(sizes) != counts.size:
        rule = f"must have a row for each of the {counts.size} digits"
        raise ArgumentError("h", rule, got=f"{len(sizes)} rows")
    k = next(k for k, (size, count) in enumerate(zip(sizes, counts, strict=True)) if size != count)
    rule = f"must have {counts[k]} numbers for digit {k}, one a value"
    raise ArgumentError("h", rule, got=str(sizes[k]))


def checked_ends(rows: npt.ArrayLike, cols: npt.ArrayLike) -> tuple[IntArray, IntArray]:
    """Both ends of each edge, int64 (m,); how many digits there are is not looked at.

    Raises
    ------
    TypeError
        No integers.
    ValueError
        Two lengths, an edge from a digit to itself.
    """
    i, j = as_integers("rows", rows), as_integers("cols", cols)
    if i.ndim != 1 or i.shape != j.shape:
        raise ValueError(f"rows and cols must be lists of one length, got {i.shape} and {j.shape}")
    loops = np.flatnonzero(i == j)
    if loops.size:
        raise ArgumentError(
            "edges",
            "must join two digits",
            got=f"({i[loops[0]]}, {i[loops[0]]}), edge {loops[0]}",
            remedy="what a digit costs by itself belongs into h",
        )
    return i, j


def check_range(ends: tuple[IntArray, IntArray], num_digits: int) -> None:
    """Refuse edges of digits that are not there.

    Raises
    ------
    ValueError
    """
    for end in ends:
        bad = np.flatnonzero((end < 0) | (end >= num_digits))
        if bad.size:
            raise ValueError(
                f"edges must join digits from 0 to {num_digits - 1}, got {end[bad[0]]} (edge "
                f"{bad[0]}); count from 0, or raise the number of digits"
            )


def checked_names(labels: Any, num_digits: int) -> Labels:
    """Names of the digits, ``range(n)`` where none are given.

    Raises
    ------
    TypeError
        No list.
    ValueError
        Another number of them, or one name twice.
    """
    if not len(check_labels(labels)):
        return range(num_digits)
    if len(labels) != num_digits or len(set(labels)) != num_digits:
        raise ArgumentError(
            "labels",
            f"must name each of the {num_digits} digits once",
            got=f"{len(labels)} labels, {len(set(labels))} of them distinct",
        )
    return labels  # type: ignore[no-any-return]


def checked_cases(cases: Any, counts: CountArray) -> Cases:
    """Names of the values of each digit, ``range(K_i)`` where none are given.

    Raises
    ------
    TypeError
        No list.
    ValueError
        Other numbers of them, or one name twice in a digit.
    """
    if not len(check_labels(cases)):
        return [range(count) for count in counts.tolist()]
    if len(cases) != counts.size:
        rule = f"must have a list for each of the {counts.size} digits"
        raise ArgumentError("cases", rule, got=str(len(cases)))
    for k, (names, count) in enumerate(zip(cases, counts.tolist(), strict=True)):
        if len(check_labels(names)) != count or len(set(names)) != count:
            raise ArgumentError(
                "cases",
                f"must name each of the {count} values of digit {k} once",
                got=f"{len(names)} names, {len(set(names))} of them distinct",
            )
    return cases  # type: ignore[no-any-return]


def checked_values(values: npt.ArrayLike, counts: CountArray) -> ValueArray:
    """States as int16, shape (..., n).

    Raises
    ------
    TypeError
        No integers.
    ValueError
        Another last axis, or a value that its digit does not have.
    """
    x = _integers("values", values)
    if x.shape[-1:] != counts.shape:
        rule = f"must have last axis {counts.size}, one entry a digit"
        raise ArgumentError("values", rule, got=f"shape {x.shape}")
    bad = np.argwhere((x < 0) | (x >= counts))
    if bad.size:
        digit = int(bad[0][-1])
        raise ArgumentError(
            "values",
            f"of digit {digit} must be 0..{counts[digit] - 1}",
            got=str(x[tuple(bad[0])]),
            remedy="values are numbers of cases, not their names",
        )
    return x.astype(np.int16)
