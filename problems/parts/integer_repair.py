"""Answers to integer programmes brought within their rows, and improved while they stay there."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from pbit.problems.parts.integer_rows import Row

_MAX_TABLE = 10**7
Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]


class Table(NamedTuple):
    """Rows ``low <= parts @ x <= high`` as a dense table, bounds and steps of the variables.

    parts int64 (m, n); low, high int64 (m,); bottom, top, steps int64 (n,). ``relaxing`` is the
    sign of the direction of each variable that brings no row nearer to being violated, 0 for
    either, int64 (n,); None where some variable has no such direction.
    """

    parts: Ints
    low: Ints
    high: Ints
    bottom: Ints
    top: Ints
    steps: Ints
    relaxing: Ints | None


def relaxing(rows: Sequence[Row], bottom: Ints, top: Ints) -> Ints | None:
    """Signs of the directions for `Table.relaxing`, None if a variable has none."""
    down, up = np.zeros((2, bottom.size), dtype=bool)
    for row in rows:
        ends = row.parts * bottom[row.columns], row.parts * top[row.columns]
        rising = row.parts > 0
        if row.high < int(np.maximum(*ends).sum()):
            down[row.columns] |= rising
            up[row.columns] |= ~rising
        if row.low > int(np.minimum(*ends).sum()):
            down[row.columns] |= ~rising
            up[row.columns] |= rising
    return None if (down & up).any() else up.astype(np.int64) - down


def table_of(rows: Sequence[Row], bottom: Ints, top: Ints, *, steps: Ints) -> Table | None:
    """The rows side by side; None if that takes too much memory."""
    if len(rows) * bottom.size > _MAX_TABLE:
        return None
    parts = np.zeros((len(rows), bottom.size), dtype=np.int64)
    for k, row in enumerate(rows):
        parts[k, row.columns] = row.parts
    low = np.array([row.low for row in rows], dtype=np.int64)
    high = np.array([row.high for row in rows], dtype=np.int64)
    return Table(parts, low, high, bottom, top, steps, relaxing(rows, bottom, top))


def violated(table: Table, x: Ints) -> npt.NDArray[np.bool_]:
    """Which rows are not met, bool (m,)."""
    left = table.parts @ x
    return (left < table.low) | (left > table.high)


def repaired(table: Table, x: Ints, slope: Floats) -> Ints:
    """Values within all rows, by steps that bring none nearer to being violated.

    In every step the variable that costs the least of ``slope``, float64 (n,), for what it takes
    off the violated rows. Each step lowers their sum of squares by 1 or more.
    """
    x, relaxing = x.copy(), table.relaxing
    if relaxing is None:
        return x
    while (bad := violated(table, x)).any():
        room = np.where(relaxing > 0, table.top - x, np.where(relaxing < 0, x - table.bottom, 0))
        relief = np.abs(table.parts[bad]).sum(axis=0) * table.steps
        price = slope * relaxing * table.steps / np.maximum(relief, 1)
        price[(room < table.steps) | (relief == 0)] = np.inf
        j = int(price.argmin())
        x[j] += relaxing[j] * _steps_to_meet(table, x, j)
    return x


def _steps_to_meet(table: Table, x: Ints, j: int) -> int:
    """Steps of j, the way that relaxes, until a violated row of it is met or j is at its end."""
    step = int(table.steps[j])
    direction = int(table.relaxing[j])  # type: ignore[index]
    left, column = table.parts @ x, table.parts[:, j]
    off = np.maximum(left - table.high, table.low - left)
    rows = (off > 0) & (column != 0)
    fewest = int((-(-off[rows] // np.abs(column[rows]) // step)).min())
    end = int(table.top[j] - x[j]) if direction > 0 else int(x[j] - table.bottom[j])
    return step * max(1, min(fewest, end // step))


def improved(table: Table, x: Ints, slope: Floats) -> Ints:
    """Values at least as good for a linear objective to be minimised: each as far as rows allow.

    Variables take their turn by what a step is worth for the room that it takes, twice.
    """
    x = x.copy()
    room = np.maximum(table.high - table.low, 1).astype(np.float64)
    taken = (np.abs(table.parts) / room[:, None]).sum(axis=0)
    order = np.argsort(-np.abs(slope) / np.maximum(taken, 1e-12), kind="stable")
    left = table.parts @ x
    for j in [*order.tolist(), *order.tolist()]:
        direction = -int(np.sign(slope[j]))
        if direction == 0:
            continue
        count = _steps_allowed(table, x, left, j, direction)
        if count > 0:
            move = direction * count * int(table.steps[j])
            x[j] += move
            left += move * table.parts[:, j]
    return x


def _steps_allowed(table: Table, x: Ints, left: Ints, j: int, direction: int) -> int:
    """Most steps of j in a direction within its bounds and all rows that are met."""
    step = int(table.steps[j])
    end = int(table.top[j] - x[j]) if direction > 0 else int(x[j] - table.bottom[j])
    change = direction * step * table.parts[:, j]
    up, down = change > 0, change < 0
    most = [end // step]
    if up.any():
        most.append(int(((table.high[up] - left[up]) // change[up]).min()))
    if down.any():
        most.append(int(((left[down] - table.low[down]) // -change[down]).min()))
    return min(most)
