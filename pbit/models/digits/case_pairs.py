"""Pairs of single cases as tables of pairs of digits, and back.

Cases are numbered through: case ``starts[i] + a`` is value a of digit i.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import numpy.typing as npt

from pbit.checks import ArgumentError
from pbit.machine import check_memory
from pbit.models.digits.checks import CountArray, IntArray, as_integers
from pbit.models.digits.groups import groups
from pbit.models.labels import FloatArray
from pbit.models.numbers import as_floats

if TYPE_CHECKING:
    from pbit.models.digits.dit_model import DitModel


class EdgeTables(NamedTuple):
    """Edges, each once with i < j, and a table for each."""

    rows: IntArray
    cols: IntArray
    tables: list[FloatArray]


class CasePairs(NamedTuple):
    """Pairs of cases of two digits, each once, and what they cost together."""

    rows: IntArray
    cols: IntArray
    values: FloatArray


def tables_of_cases(
    rows: npt.ArrayLike, cols: npt.ArrayLike, values: npt.ArrayLike, *, counts: CountArray
) -> EdgeTables:
    """Tables of digits from pairs of cases; pairs that occur several times add up.

    Raises
    ------
    TypeError, ValueError
        No cases, or other numbers of them; two cases of one digit, which never are there together.
    TooLargeError
        Tables that do not fit into memory.
    """
    digit, first = np.repeat(np.arange(counts.size), counts), _starts(counts)
    one = _checked_cases("rows", rows, digit.size)
    other = _checked_cases("cols", cols, digit.size)
    costs = as_floats("values", values, ndmin=1)
    if not one.shape == other.shape == costs.shape:
        raise ValueError(
            f"rows, cols and values must have one length, got {one.size}, {other.size} and "
            f"{costs.size}"
        )
    _check_apart(digit[one], digit[other])
    swapped = digit[one] > digit[other]
    lower, upper = np.where(swapped, other, one), np.where(swapped, one, other)
    edges, edge = np.unique(digit[lower] * counts.size + digit[upper], return_inverse=True)
    i, j = edges // max(1, counts.size), edges % max(1, counts.size)
    ends = np.cumsum(counts[i].astype(np.int64) * counts[j])
    total = int(ends[-1]) if ends.size else 0
    check_memory(24.0 * total, what="tables of pairs", lower="num_values")
    flat, begin = np.zeros(total), np.concatenate([[0], ends])
    a, b = lower - first[digit[lower]], upper - first[digit[upper]]
    np.add.at(flat, begin[edge] + a * counts[digit[upper]] + b, costs)
    tables = [
        flat[start:end].reshape(rows_, -1)
        for start, end, rows_ in zip(begin[:-1], ends, counts[i].tolist(), strict=True)
    ]
    return EdgeTables(i, j, tables)


def case_pairs(model: DitModel) -> CasePairs:
    """The pairs of cases that cost something, by digits and then by values."""
    rows, cols = model.ends()
    parts = [(np.empty(0, np.int64), np.empty(0, np.int64), np.empty(0))]
    for group in groups(model):
        once = rows[group.entries] < cols[group.entries]
        entries, which = group.entries[once], group.which[once]
        k, a, b = np.nonzero(group.tables[which])
        at = model.starts[rows[entries[k]]] + a, model.starts[cols[entries[k]]] + b
        parts.append((*at, group.tables[which[k], a, b]))
    one, other, costs = (np.concatenate(part) for part in zip(*parts, strict=True))
    order = np.lexsort((other, one))
    return CasePairs(one[order], other[order], costs[order])


def potts_weights(model: DitModel) -> FloatArray | None:
    """Weight of each entry where all tables are multiples of the identity, else None."""
    weights = np.empty(model.neighbours.size)
    for group in groups(model):
        corner = group.tables[:, 0, 0]
        if not np.array_equal(group.tables, corner[:, None, None] * np.eye(*group.tables[0].shape)):
            return None
        weights[group.entries] = corner[group.which]
    return weights


def _starts(counts: CountArray) -> IntArray:
    starts: IntArray = np.cumsum(counts, dtype=np.int64) - counts
    return starts


def _checked_cases(name: str, numbers: npt.ArrayLike, num_cases: int) -> IntArray:
    cases = as_integers(name, numbers)
    if cases.ndim != 1:
        raise ArgumentError(name, "must be a list of cases", got=f"shape {cases.shape}")
    bad = np.flatnonzero((cases < 0) | (cases >= num_cases))
    if bad.size:
        raise ArgumentError(name, f"must be cases 0..{num_cases - 1}", got=str(cases[bad[0]]))
    return cases


def _check_apart(one: IntArray, other: IntArray) -> None:
    bad = np.flatnonzero(one == other)
    if bad.size:
        raise ArgumentError(
            "pairs of cases",
            "must be of two digits",
            got=f"two cases of digit {one[bad[0]]}",
            remedy="a digit has one value at a time: leave the pair out",
        )
