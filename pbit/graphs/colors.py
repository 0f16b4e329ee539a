"""Colours of the couplings' graph: spins of one colour do not see each other."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from pbit.by_value import ByValue
from pbit.models.ising import IsingModel

Ints = npt.NDArray[np.int32]


@dataclass(frozen=True, eq=False)
class Coloring(ByValue):
    """A proper colouring of n spins and the order that goes with it.

    Parameters
    ----------
    colors : int32, shape (n,)
        Colour of each spin, from 0; coupled spins differ.
    order : int32, shape (n,)
        The spins sorted by colour, then by number of neighbours, then by index.
    starts : int64, shape (num_colors + 1,)
        Where in ``order`` each colour begins.
    """

    colors: Ints
    order: Ints
    starts: npt.NDArray[np.int64]

    @property
    def num_colors(self) -> int:
        """Number of colours."""
        return int(self.starts.size) - 1


def first_fit_coloring(model: IsingModel) -> Coloring:
    """Colouring in one pass: each spin takes the first colour free among its neighbours.

    At most largest degree + 1 colours; two on lattices with an even period. One pass over the
    couplings: 10^8 spins of degree 6 take seconds.

    References
    ----------
    Welsh, Powell, Comput. J. 10, 85 (1967), with the spins in the order of the model.

    Examples
    --------
    >>> ring = IsingModel.from_edges([0, 1, 2, 3], [1, 2, 3, 0], [1.0] * 4)
    >>> first_fit_coloring(ring).colors.tolist()
    [0, 1, 0, 1]
    """
    J: Any = model.J
    return first_fit_of(J.indptr, J.indices)


def first_fit_of(pointers: Any, neighbours: Any) -> Coloring:
    """:func:`first_fit_coloring` of any graph: rows of neighbours, each edge from both its ends.

    Examples
    --------
    >>> import numpy as np
    >>> path = np.array([0, 1, 3, 4]), np.array([1, 0, 2, 1], np.int32)
    >>> first_fit_of(*path).order.tolist()
    [0, 2, 1]
    """
    return _in_order(pointers, neighbours, np.arange(pointers.size - 1, dtype=np.int32))


def largest_first_coloring(model: IsingModel) -> Coloring:
    """First fit with the spins of most neighbours first; 10^7 couplings take seconds.

    References
    ----------
    Welsh, Powell, Comput. J. 10, 85 (1967).

    Examples
    --------
    >>> star = IsingModel.from_edges([3, 3, 3], [0, 1, 2], [1.0] * 3)
    >>> largest_first_coloring(star).colors.tolist()
    [1, 1, 1, 0]
    """
    from pbit.kernels.graphs import rows as graph

    J: Any = model.J
    degrees = np.diff(J.indptr)
    by_index = np.arange(model.num_spins, dtype=np.int32)
    order = np.empty_like(by_index)
    graph.stable_order(degrees.max(initial=0) - degrees, by_index, order)
    return _in_order(J.indptr, J.indices, order)


def dsatur_coloring(model: IsingModel) -> Coloring:
    """DSATUR: next comes the spin whose neighbours have the most colours already.

    Ties go to the spin with the most neighbours not yet coloured, then to the lower index. Exact
    on bipartite graphs; elsewhere a heuristic, with fewer colours than first fit in most cases.
    Memory and time grow with couplings, 10^6 of them take about a second.

    References
    ----------
    Brélaz, Commun. ACM 22, 251 (1979).

    Examples
    --------
    >>> ring = IsingModel.from_edges([0, 1, 2, 3, 4], [1, 2, 3, 4, 0], [1.0] * 5)
    >>> dsatur_coloring(ring).num_colors
    3
    """
    from pbit.kernels.graphs import first_fit as coloring

    J: Any = model.J
    colors = np.empty(model.num_spins, dtype=np.int32)
    count = coloring.color_by_saturation(J.indptr, J.indices, colors)
    return _sorted(J.indptr, colors, count)


def _in_order(pointers: Any, neighbours: Any, order: Ints) -> Coloring:
    """First fit, spins in this order."""
    from pbit.kernels.graphs import first_fit as coloring

    colors = np.empty_like(order)
    count = coloring.color_in_order(pointers, neighbours, order, colors)
    return _sorted(pointers, colors, count)


def _sorted(pointers: Any, colors: Ints, count: int) -> Coloring:
    from pbit.kernels.graphs import rows as graph

    by_index = np.arange(colors.size, dtype=np.int32)
    by_degree, order = np.empty_like(by_index), np.empty_like(by_index)
    graph.stable_order(np.diff(pointers), by_index, by_degree)
    graph.stable_order(colors, by_degree, order)
    starts = np.zeros(count + 1, dtype=np.int64)
    np.cumsum(np.bincount(colors, minlength=count), out=starts[1:])
    return Coloring(colors, order, starts)
