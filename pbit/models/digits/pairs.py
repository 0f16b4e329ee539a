"""Pairs of digits as compressed rows, each edge both ways: with tables, or with Potts weights."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import repeat
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
from scipy import sparse

from pbit.checks import ArgumentError
from pbit.machine import check_memory
from pbit.models.digits.checks import CountArray, IntArray
from pbit.models.labels import FloatArray
from pbit.models.numbers import as_floats

Tables = FloatArray | Sequence[Any]


class Rows(NamedTuple):
    """Neighbours of each digit, sorted, and where each entry was among the edges.

    Parameters
    ----------
    pointers : int64, shape (n + 1,)
    neighbours : int32, shape (2 m,)
    edges : int64, shape (2 m,)
        Edge k from its first end, m + k from its second.
    """

    pointers: IntArray
    neighbours: npt.NDArray[np.int32]
    edges: IntArray


class PairTables(NamedTuple):
    """Tables of distinct content, back to back, and the one of each edge from either end."""

    tables: FloatArray
    table_of: IntArray


def rows_of(i: IntArray, j: IntArray, num_digits: int) -> Rows:
    """Rows of distinct edges, given once each."""
    ends = np.concatenate([i, j]), np.concatenate([j, i])
    order = np.lexsort((ends[1], ends[0]))
    pointers = np.zeros(num_digits + 1, dtype=np.int64)
    np.cumsum(np.bincount(ends[0], minlength=num_digits), out=pointers[1:])
    return Rows(pointers, ends[1][order].astype(np.int32), order)


def summed_weights(
    i: IntArray, j: IntArray, weights: npt.ArrayLike
) -> tuple[IntArray, IntArray, FloatArray]:
    """Edges with i < j, once each and without zeros: those that occur several times add up.

    Raises
    ------
    ValueError
        Another number of weights, NaN or infinity.
    """
    w = as_floats("weights", weights)
    w = np.broadcast_to(w, i.shape) if w.ndim == 0 else w
    if w.shape != i.shape:
        raise ArgumentError("weights", f"must be {i.size}, one an edge", got=f"shape {w.shape}")
    bad = np.flatnonzero(~np.isfinite(w))
    if bad.size:
        raise ArgumentError("weights", "must be finite", got=f"{w[bad[0]]} for edge {bad[0]}")
    n = int(max(i.max(initial=-1), j.max(initial=-1))) + 1
    matrix = sparse.coo_array((w, (np.minimum(i, j), np.maximum(i, j))), shape=(n, n)).tocsr()
    matrix.eliminate_zeros()
    once = matrix.tocoo()
    return once.coords[0].astype(np.int64), once.coords[1].astype(np.int64), once.data


def summed_tables(
    ends: tuple[IntArray, IntArray], tables: Tables, counts: CountArray
) -> tuple[IntArray, IntArray, list[FloatArray]]:
    """Edges with i < j and their tables, once each and without tables of zeros.

    ``tables`` has one of K_i x K_j for each edge, or is one for all.

    Raises
    ------
    TypeError
        No list.
    ValueError
        Another number of tables, one of another shape, NaN or infinity.
    """
    once: dict[tuple[int, int], FloatArray] = {}
    for k, (i, j, table) in enumerate(
        zip(ends[0].tolist(), ends[1].tolist(), _one_an_edge(tables, ends[0].size), strict=True)
    ):
        _check_table(table, k, (int(counts[i]), int(counts[j])))
        pair, seen = ((i, j), table) if i < j else ((j, i), table.T)
        once[pair] = once[pair] + seen if pair in once else seen
    kept = sorted(pair for pair, table in once.items() if table.any())
    pairs = np.array(kept, dtype=np.int64).reshape(-1, 2)
    return pairs[:, 0], pairs[:, 1], [once[pair] for pair in kept]


def _one_an_edge(tables: Tables, num_edges: int) -> Iterator[FloatArray]:
    if not hasattr(tables, "__len__"):
        raise TypeError(f"tables must be a list of arrays, one an edge, got {tables!r:.60}")
    shared = getattr(tables, "ndim", 0) == 2
    if not shared and len(tables) != num_edges:
        raise ArgumentError(
            "tables",
            f"must be {num_edges}, one an edge, or one array of two axes for all",
            got=str(len(tables)),
        )
    if shared:
        yield from repeat(as_floats("tables", tables), num_edges)
    else:
        yield from (as_floats("tables", table) for table in tables)


def _check_table(table: FloatArray, edge: int, shape: tuple[int, int]) -> None:
    if table.shape != shape:
        raise ArgumentError(
            "tables",
            f"must have shape {shape} for edge {edge}, a row for each value of its first digit",
            got=f"shape {table.shape}",
        )
    if not np.isfinite(table).all():
        bad = table[~np.isfinite(table)][0]
        raise ArgumentError("tables", "must be finite", got=f"{bad} in the table of edge {edge}")


def distinct(tables: list[FloatArray]) -> PairTables:
    """Tables back to back, equal ones once; ``table_of`` of all seen from i, then all from j.

    Raises
    ------
    TooLargeError
        More of them than fit into memory.
    """
    check_memory(
        16.0 * sum(table.size for table in tables),
        what="tables of pairs",
        lower="num_values",
        others=", or take DitModel.potts where only equal values interact",
    )
    at: dict[Any, int] = {}
    content: list[FloatArray] = []
    size = 0
    table_of = []
    for way in (tables, [table.T for table in tables]):
        for table in way:
            key = (table.shape, table.tobytes())
            if key not in at:
                at[key] = size
                content.append(np.ascontiguousarray(table).ravel())
                size += table.size
            table_of.append(at[key])
    flat = np.concatenate([*content, np.empty(0)])
    return PairTables(flat, np.array(table_of, dtype=np.int64))
