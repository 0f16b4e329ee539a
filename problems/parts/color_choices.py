"""What is left to choose in a colouring once all that is decided already is taken out."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from scipy import sparse

from pbit.problems.vertex_sets import row_of

IntArray = npt.NDArray[np.int64]
_STARTS = 20  # of cliques that are tried


class Choices(NamedTuple):
    """A graph and K colours, reduced without losing a colouring.

    Parameters
    ----------
    peeled : list of int
        Vertices with fewer than K neighbours among those that come later or are not in it: put
        back in reverse order, each finds a free colour.
    clique : list of int
        Vertex j of it has colour j: colours can be renamed.
    free : int64 array
        The others.
    allowed : bool array, shape (len(free), K)
        Colours that no vertex of the clique next to it has.
    """

    peeled: list[int]
    clique: list[int]
    free: IntArray
    allowed: npt.NDArray[np.bool_]


def choices_of(adjacency: sparse.csr_array, colors: int) -> Choices:
    """Choices in a graph; one vertex at least is free.

    Examples
    --------
    >>> shift = np.roll(np.eye(5, dtype=int), 1, axis=0)
    >>> ring = sparse.csr_array(shift + shift.T)
    >>> choices_of(ring, 2).clique, len(choices_of(ring, 3).peeled)
    ([0, 1], 4)
    """
    n = adjacency.shape[0]
    peeled = _peeled(adjacency, colors)
    inside = np.ones(n, dtype=bool)
    inside[peeled] = False
    clique = _clique(adjacency, inside)
    if len(clique) > colors:  # there is no colouring, and nothing to be fixed
        clique = []
    if n and inside.sum() == len(clique):
        inside[(clique or peeled).pop()] = True
    fixed = np.zeros(n, dtype=bool)
    fixed[clique] = True
    free = np.flatnonzero(inside & ~fixed)
    allowed = np.ones((free.size, colors), dtype=bool)
    for color, vertex in enumerate(clique):
        allowed[np.isin(free, row_of(adjacency, vertex)), color] = False
    return Choices(peeled, clique, free, allowed)


def _peeled(adjacency: sparse.csr_array, colors: int) -> list[int]:
    degrees = np.diff(adjacency.indptr).astype(np.int64)
    gone = np.zeros(degrees.size, dtype=bool)
    order: list[int] = []
    while True:
        layer = np.flatnonzero((degrees < colors) & ~gone)
        if not layer.size:
            return order
        gone[layer] = True
        order.extend(layer.tolist())
        for vertex in layer.tolist():
            degrees[row_of(adjacency, vertex)] -= 1


def _clique(adjacency: sparse.csr_array, inside: npt.NDArray[np.bool_]) -> list[int]:
    """The largest of a few maximal cliques, each from one of the vertices of most neighbours."""
    degrees = np.where(inside, np.diff(adjacency.indptr), -1)
    by_degree = np.argsort(-degrees, kind="stable")[: int(inside.sum())]
    best: list[int] = []
    for start in by_degree[:_STARTS].tolist():
        clique = [start]
        near = np.zeros(degrees.size, dtype=np.int64)
        near[row_of(adjacency, start)] = 1
        for vertex in by_degree.tolist():
            if near[vertex] == len(clique):
                clique.append(vertex)
                near[row_of(adjacency, vertex)] += 1
        best = max(best, clique, key=len)
    return best
