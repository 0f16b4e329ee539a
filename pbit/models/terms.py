"""Products of variables as flat arrays, sorted and merged: the storage of polynomials.

Term t is ``weights[t]`` times the product of the variables
``members[pointers[t]:pointers[t + 1]]``. Arrays are trusted here; the model checks them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]
MemberArray = npt.NDArray[np.int32]

_BLOCK = 2**21
_WORD_BITS = 62


class Terms(NamedTuple):
    """Flat arrays: int64 (m + 1,), int32 (total,), float64 (m,)."""

    pointers: IntArray
    members: MemberArray
    weights: FloatArray


def pointers_of(sizes: npt.NDArray[np.integer]) -> IntArray:
    """Starts of rows of these sizes, and the end: int64, shape (len(sizes) + 1,).

    Examples
    --------
    >>> pointers_of(np.array([2, 0, 3])).tolist()
    [0, 2, 2, 5]
    """
    pointers = np.zeros(sizes.size + 1, dtype=np.int64)
    np.cumsum(sizes, out=pointers[1:])
    return pointers


def bodies(terms: Terms) -> Iterator[tuple[int, ...]]:
    """Members of each term."""
    members = terms.members.tolist()
    return (tuple(members[first:last]) for first, last in pairwise(terms.pointers.tolist()))


def by_size(terms: Terms) -> Iterator[tuple[MemberArray, FloatArray]]:
    """Terms of each size as a matrix, one a row, with their weights; sizes rise.

    Terms that are sorted by size already come as views, in order.
    """
    sizes = np.diff(terms.pointers)
    if np.all(sizes[1:] >= sizes[:-1]):
        for k, first, last in _runs(sizes):
            start, stop = terms.pointers[first], terms.pointers[last]
            yield terms.members[start:stop].reshape(last - first, k), terms.weights[first:last]
        return
    order = np.argsort(sizes, kind="stable")
    for k, first, last in _runs(sizes[order]):
        chosen = order[first:last]
        rows = terms.pointers[chosen][:, None] + np.arange(k)
        yield terms.members[rows], terms.weights[chosen]


def _runs(rising: IntArray) -> Iterator[tuple[int, int, int]]:
    """``(value, first, last)`` of every stretch of one value."""
    firsts = np.flatnonzero(np.append(True, rising[1:] != rising[:-1])[: rising.size])
    bounds = pairwise([*firsts.tolist(), rising.size])
    return ((value, *bound) for value, bound in zip(rising[firsts].tolist(), bounds, strict=True))


def canonical(terms: Terms, num_variables: int, *, square_is_one: bool) -> Terms:
    """The same polynomial: members sorted, squares reduced, equal terms added, zeros dropped.

    Parameters
    ----------
    terms : Terms
        In any order, members below ``num_variables``.
    num_variables : int
    square_is_one : bool
        ``s s = 1`` for spins; otherwise ``x x = x`` for bits.

    Returns
    -------
    Terms
        Sorted by size, then by members; at most one term is empty.

    Examples
    --------
    >>> pair_twice = Terms(np.array([0, 2, 6]), np.array([1, 0, 0, 1, 1, 1]), np.array([1.0, 2.0]))
    >>> canonical(pair_twice, 2, square_is_one=True).weights.tolist()
    [3.0]
    """
    return merged(_squared(terms, num_variables, square_is_one), num_variables)


def _squared(terms: Terms, num_variables: int, square_is_one: bool) -> Terms:
    """Members sorted within each term and repeated ones reduced."""
    sizes = np.diff(terms.pointers)
    owners = np.repeat(np.arange(sizes.size), sizes)
    keys = owners * num_variables + terms.members
    if np.all(keys[1:] > keys[:-1]):
        return terms
    keys.sort()
    firsts = np.flatnonzero(np.append(True, keys[1:] != keys[:-1]))
    if firsts.size == keys.size:
        return terms._replace(members=(keys % num_variables).astype(np.int32))
    times = np.diff(np.append(firsts, keys.size))
    kept = keys[firsts[times % 2 == 1] if square_is_one else firsts]
    sizes = np.bincount(kept // num_variables, minlength=sizes.size)
    members = (kept % num_variables).astype(np.int32)
    return Terms(pointers_of(sizes), members, terms.weights)


def merged(terms: Terms, num_variables: int) -> Terms:
    """Terms sorted by size and members, equal ones added, zeros dropped; members are sorted."""
    pieces = [_added(rows, weights, num_variables) for rows, weights in by_size(terms)]
    return joined(pieces)


def _added(rows: MemberArray, weights: FloatArray, num_variables: int) -> Terms:
    words = _words(rows, num_variables)
    order = np.lexsort(words[::-1]) if words else np.arange(len(rows))
    new = np.zeros(len(rows), dtype=bool)
    new[0] = True
    for word in words:
        ordered = word[order]
        new[1:] |= ordered[1:] != ordered[:-1]
    firsts = np.flatnonzero(new)
    with np.errstate(over="ignore", invalid="ignore"):  # the model names the term
        totals = np.add.reduceat(weights[order], firsts)
    kept = np.flatnonzero(totals != 0)
    k = rows.shape[1]
    return Terms(np.arange(kept.size + 1) * k, rows[order[firsts[kept]]].reshape(-1), totals[kept])


def _words(rows: MemberArray, num_variables: int) -> list[IntArray]:
    """Rows as a few integers each, in the same lexicographic order."""
    if len(rows) == 1:
        return []
    bits = max(1, (num_variables - 1).bit_length())
    columns = _WORD_BITS // bits
    powers = 1 << bits * np.arange(columns - 1, -1, -1)
    starts = range(0, rows.shape[1], columns)
    parts = (rows[:, start : start + columns] for start in starts)
    return [part.astype(np.int64) @ powers[columns - part.shape[1] :] for part in parts]


def joined(pieces: Sequence[Terms]) -> Terms:
    """One list of terms after the other."""
    if len(pieces) == 1:
        return pieces[0]
    sizes = [np.diff(piece.pointers) for piece in pieces]
    return Terms(
        pointers_of(np.concatenate([np.zeros(0, np.int64), *sizes])),
        np.concatenate([np.zeros(0, np.int32), *(piece.members for piece in pieces)]),
        np.concatenate([np.zeros(0), *(piece.weights for piece in pieces)]),
    )


def products(
    terms: Terms, states: npt.NDArray[Any]
) -> Iterator[tuple[FloatArray, MemberArray, FloatArray]]:
    """``(weights (c,), members (c, k), products (c, b))`` of a few terms at a time.

    Parameters
    ----------
    terms : Terms
        Sorted by size, none of them empty.
    states : array of -1 and +1, shape (b, n)

    Examples
    --------
    >>> term = Terms(np.array([0, 3]), np.array([0, 1, 2]), np.array([2.0]))
    >>> [values.tolist() for _, _, values in products(term, np.array([[1, -1, 1]]))]
    [[[-1.0]]]
    """
    columns = np.ascontiguousarray(states.T, dtype=np.int8)
    step = max(1, _BLOCK // max(1, len(states)))
    for rows, weights in by_size(terms):
        for first in range(0, len(rows), step):
            some = rows[first : first + step]
            values = columns[some[:, 0]]
            for k in range(1, some.shape[1]):
                values *= columns[some[:, k]]
            yield weights[first : first + step], some, values.astype(np.float64)
