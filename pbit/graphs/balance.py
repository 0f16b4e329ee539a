"""Signs of vertices that make all couplings of a graph positive, where there are such."""

from __future__ import annotations

from collections import deque

import numpy as np
import numpy.typing as npt
from scipy import sparse

Signs = npt.NDArray[np.int8]


def balancing_signs(couplings: sparse.csr_array) -> tuple[Signs, list[int]]:
    r"""Signs :math:`e_i` with :math:`e_i e_j J_{ij} > 0` for all couplings, or a cycle without.

    They exist where every cycle has an even number of negative couplings, Harary's balanced graphs;
    with all couplings negative that is a bipartite one, and the signs are its two sides.

    Parameters
    ----------
    couplings : csr_array, shape (n, n)
        Symmetric, without zeros.

    Returns
    -------
    signs : int8, shape (n,)
        The first vertex of each part of the graph is +1.
    cycle : list of int
        Empty, or the vertices of a cycle with an odd number of negative couplings in their order;
        then the signs are of no use.

    References
    ----------
    Harary, Michigan Math. J. 2, 143 (1953).

    Examples
    --------
    >>> path = sparse.csr_array(np.array([[0, -1, 0], [-1, 0, 2], [0, 2, 0]]))
    >>> signs, cycle = balancing_signs(path)
    >>> signs.tolist(), cycle
    ([1, -1, -1], [])
    >>> balancing_signs(sparse.csr_array(np.array([[0, -1, 1], [-1, 0, 1], [1, 1, 0]])))[1]
    [1, 0, 2]
    """
    n = couplings.shape[0]
    starts, ends = couplings.indptr.tolist(), couplings.indices.tolist()
    factors = np.sign(couplings.data).astype(int).tolist()
    signs, before = [0] * n, [-1] * n
    for first in range(n):
        if signs[first]:
            continue
        signs[first] = 1
        queue = deque([first])
        while queue:
            i = queue.popleft()
            for k in range(starts[i], starts[i + 1]):
                j, sign = ends[k], signs[i] * factors[k]
                if not signs[j]:
                    signs[j], before[j] = sign, i
                    queue.append(j)
                elif signs[j] != sign:
                    return np.array(signs, np.int8), _cycle(before, i, j)
    return np.array(signs, np.int8), []


def _cycle(before: list[int], one: int, other: int) -> list[int]:
    """Vertices from one to the other through the tree: the edge between them closes the cycle."""
    up, down = _way(before, one), _way(before, other)
    while len(up) > 1 and len(down) > 1 and up[-2] == down[-2]:
        up.pop()
        down.pop()
    return up + down[-2::-1]


def _way(before: list[int], vertex: int) -> list[int]:
    """From a vertex to the root of its tree."""
    way = [vertex]
    while before[way[-1]] >= 0:
        way.append(before[way[-1]])
    return way
