"""Linear constraints in whole numbers without a common divisor, as bounds on both sides."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from pbit.checks import ArgumentError
from pbit.models.labels import FloatArray
from pbit.problems.parts.bit_sum import Ints

SENSES = ("<=", ">=", "==")
_MAX_SUM = 2**26


class RowError(ValueError):
    """A row that no programme can hold; `row` says which one.

    Parameters
    ----------
    row : int
    problem : str
    """

    def __init__(self, row: int, problem: str) -> None:
        super().__init__(row, problem)
        self.row, self.problem = row, problem

    def __str__(self) -> str:
        return self.problem


class Row(NamedTuple):
    """``low <= parts @ values[columns] <= high``, whole numbers without a common divisor."""

    columns: Ints
    parts: Ints
    low: int
    high: int


def whole_rows(
    matrix: npt.ArrayLike,
    senses: Sequence[str],
    totals: npt.ArrayLike,
    *,
    low: Ints,
    high: Ints,
    names: Sequence[object] = (),
) -> tuple[Row, ...]:
    """Rows of ``matrix @ x`` against ``totals``, those left out that ``low <= x <= high`` implies.

    Raises
    ------
    ValueError
        Shapes that do not fit, another sense, a row that no values meet, coefficients without a
        small common denominator, or sums whose squares are not exact.

    Examples
    --------
    >>> box = dict(low=np.zeros(2, np.int64), high=np.full(2, 9))
    >>> whole_rows([[0.5, 1.5]], ["<="], [3.7], **box)[0].parts.tolist()
    [1, 3]
    """
    table = np.asarray(matrix, dtype=np.float64)
    right = np.asarray(totals, dtype=np.float64)
    m, n = right.size, low.size
    if table.size != m * n or len(senses) != m or right.ndim != 1:
        raise ArgumentError(
            "matrix",
            f"must be ({m}, {n}) with a sense a row",
            got=f"{table.shape} and {len(senses)} senses for {m} totals",
        )
    found = []
    shown = [repr(name) for name in names] or [str(k) for k in range(m)]
    for k, row in enumerate(table.reshape(m, n)):
        if senses[k] not in SENSES:
            raise ArgumentError("senses", f"must be one of {', '.join(SENSES)}", got=str(senses[k]))
        columns = np.flatnonzero(row)
        try:
            parts, goal = _whole(row[columns], float(right[k]), shown[k])
            ends = parts * low[columns], parts * high[columns]
            whole = _bounded(Row(columns, parts, *_ends(*ends)), senses[k], goal, shown[k])
        except ValueError as error:
            raise RowError(k, str(error)) from error
        if whole is not None:
            found.append(whole)
    return tuple(found)


def _ends(at_low: Ints, at_high: Ints) -> tuple[int, int]:
    return int(np.minimum(at_low, at_high).sum()), int(np.maximum(at_low, at_high).sum())


def _bounded(row: Row, sense: str, goal: Fraction, name: str) -> Row | None:
    """The row within its total, None if it always is; it comes with the ends of its left side."""
    least, most = row.low, row.high
    low = least if sense == "<=" else -(-goal.numerator // goal.denominator)
    high = most if sense == ">=" else goal.numerator // goal.denominator
    if low > most or high < least or low > high:
        raise ValueError(
            f"constraint {name} is met by no values within the bounds: its left side lies in "
            f"{least}..{most}; correct it"
        )
    if low <= least and high >= most:
        return None
    if max(abs(least), abs(most), abs(float(goal))) > _MAX_SUM:
        raise ValueError(
            f"constraint {name} has sums up to {max(abs(least), abs(most))}, expected at most "
            "2^26, whose squares are exact; give narrower bounds or scale it"
        )
    return row._replace(low=max(low, least), high=min(high, most))


def _whole(row: FloatArray, total: float, name: str) -> tuple[Ints, Fraction]:
    """Coefficients without denominators and common divisor, and the total in their unit."""
    if not (np.isfinite(row).all() and np.isfinite(total)):
        raise ValueError(f"constraint {name} has nan or inf; correct it")
    # As written: 0.1 is a tenth, not the binary number next to it.
    exact = [Fraction(repr(value)) for value in row.tolist()]
    unit = int(np.lcm.reduce([1, *(min(part.denominator, 2**30) for part in exact)]))
    parts = [part * unit for part in exact]
    if unit > 2**20 or any(part.denominator != 1 or abs(part) > 2**31 for part in parts):
        raise ValueError(
            f"constraint {name} has coefficients without a small common denominator; round them to "
            "a few decimals"
        )
    whole = np.array([int(part) for part in parts], dtype=np.int64)
    divisor = max(1, int(np.gcd.reduce(whole))) if whole.size else 1
    return whole // divisor, Fraction(repr(total)) * unit / divisor
