"""Nearest stored pattern, cell by cell, with cells powered while they are compared.

Patterns stand in rows of non-volatile cells: what is not compared draws nothing and forgets
nothing. A column of all rows is compared at a time; a row that cannot win any more is left out.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt

from pbit.by_value import ByValue
from pbit.checks import ArgumentError

Distance = Literal["manhattan", "hamming"]
IntArray = npt.NDArray[np.int64]
_CELLS = 2**24  # compared at once


@dataclass(frozen=True, eq=False)
class Matched(ByValue):
    """The nearest patterns, and how many cells were powered for how many cycles.

    Parameters
    ----------
    nearest : int64, shape (num_rows,)
        Number of the nearest pattern, the lowest of equals.
    distances : int64, shape (num_rows,)
    always_on : int
        Cell cycles of a memory whose cells are powered during the whole search.
    by_column : int
        Of one whose cells are powered while their column is compared.
    in_race : int
        The same for rows that still can win.
    """

    nearest: IntArray
    distances: IntArray
    always_on: int
    by_column: int
    in_race: int


class TemplateMemory:
    """Stored patterns of small whole numbers.

    Parameters
    ----------
    patterns : int, shape (num_patterns, num_columns)
        From 0 to ``most``.
    most : int
        The largest value of a cell.
    distance : {"manhattan", "hamming"}
        Sum of differences, or number of columns that differ.

    Raises
    ------
    ValueError
        Values out of range, another distance.

    Examples
    --------
    >>> memory = TemplateMemory([[0, 0, 3], [3, 3, 0]], most=3)
    >>> found = memory.match([[3, 2, 0]])
    >>> found.nearest.tolist(), found.distances.tolist(), found.always_on, found.by_column
    ([1], [1], 18, 6)
    """

    def __init__(
        self, patterns: npt.ArrayLike, *, most: int, distance: Distance = "manhattan"
    ) -> None:
        if distance not in ("manhattan", "hamming"):
            raise ArgumentError("distance", "must be manhattan or hamming", distance)
        self._most = most
        self._distance = distance
        self.patterns = self._checked("patterns", patterns, None)

    def match(self, rows: npt.ArrayLike) -> Matched:
        """The nearest pattern of each row.

        Raises
        ------
        ValueError
            Rows of another width, values out of range.
        """
        count, columns = self.patterns.shape
        values = self._checked("rows", rows, columns)
        at_once = max(1, _CELLS // (count * columns))
        parts = [
            self._match(values[first : first + at_once]) for first in range(0, len(values), at_once)
        ]
        cells = len(values) * count * columns
        return Matched(
            np.concatenate([part[0] for part in parts]),
            np.concatenate([part[1] for part in parts]),
            always_on=cells * columns,
            by_column=cells,
            in_race=sum(part[2] for part in parts),
        )

    def _match(self, rows: IntArray) -> tuple[IntArray, IntArray, int]:
        off = rows[:, None] - self.patterns
        apart = np.abs(off) if self._distance == "manhattan" else (off != 0).astype(np.int64)
        so_far = np.cumsum(apart, axis=2)
        total = so_far[:, :, -1]
        return total.argmin(axis=1), total.min(axis=1), self._compared(so_far)

    def _compared(self, so_far: IntArray) -> int:
        """Cells compared, a row left out once the best so far can no longer be reached."""
        step = self._most if self._distance == "manhattan" else 1
        columns = so_far.shape[2]
        rest = step * np.arange(columns - 1, 0, -1)
        before = so_far[:, :, :-1]
        can_win = before - before.min(axis=1, keepdims=True) <= rest
        still = np.logical_and.accumulate(can_win, axis=2)
        return int(still.sum()) + so_far[:, :, 0].size

    def _checked(self, name: str, values: npt.ArrayLike, columns: int | None) -> IntArray:
        numbers = np.asarray(values)
        good = numbers.ndim == 2 and numbers.size and numbers.dtype.kind in "iu"
        if not good or (columns is not None and numbers.shape[1] != columns):
            width = "num_columns" if columns is None else str(columns)
            raise ArgumentError(
                name,
                f"must be whole numbers of shape (rows, {width})",
                got=f"{numbers.dtype} of shape {numbers.shape}",
            )
        if numbers.min() < 0 or numbers.max() > self._most:
            raise ArgumentError(
                name,
                f"must be from 0 to {self._most}",
                got=f"{numbers.min()} to {numbers.max()}",
                remedy="most is the largest value of a cell",
            )
        return numbers.astype(np.int64)
