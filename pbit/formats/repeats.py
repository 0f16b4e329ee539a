"""Entries that a file lists more than once: how many, and what they add up to."""

from __future__ import annotations

import numpy as np

from pbit.formats.contents import Contents, Floats, Ints, TermContents


def repeat_notes(contents: Contents | TermContents) -> list[str]:
    """Return a note if a pair or term is listed more than once: weights are added up.

    Examples
    --------
    >>> twice = Contents(kind="graph", num_variables=2, rows=np.array([0, 1]),
    ...                  cols=np.array([1, 0]), values=np.array([1.0, 2.0]))
    >>> repeat_notes(twice)
    ['every edge is listed in both directions; the weights were added up']
    """
    keys = _keys(contents)
    if (keys[1:] > keys[:-1]).all():
        return []
    keys.sort()
    extra = int(np.count_nonzero(keys[1:] == keys[:-1]))
    if not extra:
        return []
    if isinstance(contents, Contents) and _both_directions(contents):
        return ["every edge is listed in both directions; the weights were added up"]
    entries = "1 entry repeats" if extra == 1 else f"{extra} entries repeat"
    return [f"{entries} what is listed before; the weights were added up"]


def summed(contents: Contents) -> Floats:
    """Return the weights of the different pairs and variables.

    Examples
    --------
    >>> summed(Contents(kind="graph", num_variables=2, rows=np.array([0, 1]),
    ...                 cols=np.array([1, 0]), values=np.array([1.0, 2.0]))).tolist()
    [3.0]
    """
    keys, places = np.unique(_keys(contents), return_inverse=True)
    if keys.size == contents.values.size:
        return contents.values
    total: Floats = np.bincount(places, contents.values, keys.size).astype(np.float64)
    return total


def _keys(contents: Contents | TermContents) -> Ints:
    """One number an entry, the same for the same variables in any order."""
    if isinstance(contents, Contents):
        # Indices are below 2^31, so that the key of a pair fits into an int64.
        low = np.minimum(contents.rows, contents.cols)
        return low << 31 | np.maximum(contents.rows, contents.cols)
    if not contents.values.size:
        return np.zeros(0, dtype=np.int64)
    return np.add.reduceat(_scattered(contents.members), contents.pointers[:-1])


def _scattered(members: Ints) -> Ints:
    """Numbers of 64 bits, one a variable, sums of which tell products apart (but for 2^-64)."""
    mixed = (members.astype(np.uint64) + np.uint64(1)) * np.uint64(0x9E3779B97F4A7C15)
    mixed = (mixed ^ mixed >> np.uint64(30)) * np.uint64(0xBF58476D1CE4E5B9)
    mixed = (mixed ^ mixed >> np.uint64(27)) * np.uint64(0x94D049BB133111EB)
    return (mixed ^ mixed >> np.uint64(31)).view(np.int64)


def _both_directions(contents: Contents) -> bool:
    """Return whether the pairs above the diagonal, turned round, are those below it."""
    rows, cols = contents.rows, contents.cols
    up, down = rows < cols, rows > cols
    if not up.any() or np.count_nonzero(up) != np.count_nonzero(down):
        return False
    forward = np.sort(rows[up] << 31 | cols[up])
    return bool(np.array_equal(forward, np.sort(cols[down] << 31 | rows[down])))
