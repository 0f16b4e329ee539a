"""Checks of the compressed rows of a digit model: each edge from both ends, with one energy."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import numpy.typing as npt

from pbit.checks import ArgumentError
from pbit.models.digits.checks import IntArray, check_range, checked_ends
from pbit.models.digits.pairs import PairTables
from pbit.models.labels import FloatArray
from pbit.models.numbers import as_floats

if TYPE_CHECKING:
    from pbit.models.digits.dit_model import DitModel

_PIECE = 2**20  # numbers of tables that are compared at a time


class CheckedRows(NamedTuple):
    """Arrays of a model, by the names of its fields."""

    pointers: IntArray
    neighbours: npt.NDArray[np.int32]
    weights: FloatArray | None
    tables: FloatArray | None
    table_of: IntArray | None


def check_rows(model: DitModel) -> CheckedRows:
    """The rows of a model in their types.

    Raises
    ------
    ValueError
        Pointers that do not fit, neighbours that do not rise or are out of range, an edge that is
        there from one end alone or differs from both, tables that end before they should, NaN.
    """
    pointers = _checked_pointers(model.pointers, model.num_digits, np.size(model.neighbours))
    rows = np.repeat(np.arange(model.num_digits, dtype=np.int64), np.diff(pointers))
    ends = checked_ends(rows, model.neighbours)
    check_range(ends, model.num_digits)
    back = _checked_reverse(ends, model.num_digits)
    weights, tables = model.weights, model.tables
    if tables is None:
        weights = np.zeros(0) if weights is None else weights
        kept = _checked_weights(as_floats("weights", weights, ndmin=1), ends, back)
        return CheckedRows(pointers, ends[1].astype(np.int32), kept, None, None)
    if weights is not None or model.table_of is None:
        raise ValueError("a model must have weights of Potts pairs, or tables and table_of")
    found = _checked_tables(model, ends, back)
    return CheckedRows(pointers, ends[1].astype(np.int32), None, *found)


def _checked_pointers(pointers: npt.ArrayLike, num_digits: int, num_entries: int) -> IntArray:
    given = np.asarray(pointers)
    fits = given.shape == (num_digits + 1,) and given.dtype.kind in "iu"
    if not fits or given[0] or given[-1] != num_entries or (np.diff(given) < 0).any():
        raise ArgumentError(
            "pointers",
            f"must be {num_digits + 1} integers that rise from 0 to the {num_entries} neighbours",
            got=f"shape {given.shape}, {given.ravel()[:1]} to {given.ravel()[-1:]}",
            remedy="DitModel.from_pairs and DitModel.potts make them",
        )
    return given.astype(np.int64)


def _checked_reverse(ends: tuple[IntArray, IntArray], num_digits: int) -> IntArray:
    """For each entry the one of the same edge from its other end."""
    forth, back = (i * num_digits + j for i, j in (ends, ends[::-1]))
    if (np.diff(forth) <= 0).any():
        raise ValueError("neighbours must rise within each row, each once; sort them")
    other = np.minimum(np.searchsorted(forth, back), max(0, forth.size - 1))
    bad = np.flatnonzero(forth[other] != back)
    if bad.size:
        i, j = int(ends[0][bad[0]]), int(ends[1][bad[0]])
        raise ValueError(
            f"neighbours must have each edge from both ends, got {j} in row {i} and not {i} in "
            f"row {j}; DitModel.from_pairs and DitModel.potts see to it"
        )
    return other


def _checked_weights(
    weights: FloatArray, ends: tuple[IntArray, IntArray], back: IntArray
) -> FloatArray:
    if weights.shape != back.shape:
        rule = f"must be {back.size}, one an entry of neighbours"
        raise ArgumentError("weights", rule, got=f"shape {weights.shape}")
    if not np.isfinite(weights).all():
        raise ArgumentError("weights", "must be finite", got=str(weights[~np.isfinite(weights)][0]))
    _refuse_apart(np.flatnonzero(weights != weights[back]), ends, "weights")
    return weights


def _checked_tables(
    model: DitModel, ends: tuple[IntArray, IntArray], back: IntArray
) -> tuple[FloatArray, IntArray]:
    tables, table_of = as_floats("tables", model.tables, ndmin=1), np.asarray(model.table_of)  # type: ignore[arg-type]
    if table_of.shape != back.shape or (table_of.size and table_of.dtype.kind not in "iu"):
        rule = f"must be {back.size} integers, one an entry of neighbours"
        raise ArgumentError("table_of", rule, got=f"{table_of.dtype} of shape {table_of.shape}")
    counts = model.num_values.astype(np.int64)
    last = table_of + counts[ends[0]] * counts[ends[1]]
    if tables.ndim != 1 or ((table_of < 0) | (last > tables.size)).any():
        raise ArgumentError(
            "table_of",
            f"must begin tables of K_i x K_j numbers within the {tables.size} of tables",
            got=f"{table_of.min(initial=0)} to {last.max(initial=0)}",
        )
    if not np.isfinite(tables).all():
        raise ArgumentError("tables", "must be finite", got=str(tables[~np.isfinite(tables)][0]))
    found = PairTables(tables, table_of.astype(np.int64))
    _check_turned(found, model, ends=ends, back=back)
    return found


def _check_turned(
    tables: PairTables, model: DitModel, *, ends: tuple[IntArray, IntArray], back: IntArray
) -> None:
    """Refuse an edge whose table from one end is not the other's, turned."""
    both = np.stack([tables.table_of, tables.table_of[back]], axis=1)
    shapes = np.stack([model.num_values[end] for end in ends], axis=1)
    kinds, first = np.unique(np.concatenate([shapes, both], axis=1), axis=0, return_index=True)
    for start, stop, (rows, cols) in _runs(kinds[:, :2]):
        numbers = np.arange(rows * cols)
        seen, other = (tables.tables[kinds[start:stop, [k]] + numbers] for k in (2, 3))
        turned = other.reshape(-1, cols, rows).transpose(0, 2, 1).reshape(seen.shape)
        _refuse_apart(first[start + np.flatnonzero((seen != turned).any(axis=1))], ends, "tables")


def _runs(shapes: IntArray) -> Iterator[tuple[int, int, tuple[int, int]]]:
    """Stretches of equal rows of a sorted list, none of too many tables to be looked at at once."""
    bounds = np.flatnonzero((np.diff(shapes, axis=0) != 0).any(axis=1)) + 1
    for start, stop in pairwise([0, *bounds.tolist(), len(shapes)]):
        if start < stop:
            rows, cols = shapes[start].tolist()
            step = max(1, _PIECE // (rows * cols))
            for begin in range(start, stop, step):
                yield begin, min(begin + step, stop), (rows, cols)


def _refuse_apart(bad: IntArray, ends: tuple[IntArray, IntArray], name: str) -> None:
    if bad.size:
        i, j = int(ends[0][bad[0]]), int(ends[1][bad[0]])
        raise ValueError(
            f"{name} must be the same from both ends of an edge, got others for {i} to {j} than "
            f"for {j} to {i}; DitModel.from_pairs and DitModel.potts see to it"
        )
