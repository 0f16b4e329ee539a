"""Whether couplings are frustrated: signs that satisfy all, or an odd cycle of negative ones."""

from __future__ import annotations

from collections import deque
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy import sparse

from pbit.models.ising import IsingModel
from pbit.models.polynomial import PolynomialModel

_WORD = 64
_MOST_BITS = 2**27  # of the equations of products

Signs = npt.NDArray[np.int8]


def is_balanced(model: IsingModel) -> bool:
    """Whether some state satisfies all couplings at once; biases do not count.

    Examples
    --------
    >>> edges = ([0, 1, 2], [1, 2, 0])
    >>> [is_balanced(IsingModel.from_edges(*edges, [1.0, sign, -1.0])) for sign in (1.0, -1.0)]
    [False, True]
    """
    return balancing_signs(model.J) is not None


def balancing_signs(couplings: sparse.csr_array) -> Signs | None:
    """A state that satisfies all couplings at once, or None.

    In the graph in which every vertex is there twice, up and down, and couplings tie what they
    favour, no vertex's two copies are in one component where there is one. With all couplings
    negative that is a bipartite graph, and the signs are its sides.

    Parameters
    ----------
    couplings : sparse array, shape (n, n)
        Symmetric, without zeros.

    Returns
    -------
    int8, shape (n,), or None
        +1 at the first vertex of each part of the graph.

    References
    ----------
    Harary, Michigan Math. J. 2, 143 (1953), theorem 3.

    Examples
    --------
    >>> path = sparse.csr_array(np.array([[0, -1, 0], [-1, 0, 2], [0, 2, 0]]))
    >>> balancing_signs(path).tolist()
    [1, -1, -1]
    """
    n, J = couplings.shape[0], sparse.coo_array(couplings)
    favours_opposite = (J.data < 0) * n
    rows, cols = np.tile(J.row, 2), np.tile(J.col, 2)
    rows[J.nnz :] += n
    cols[: J.nnz] += favours_opposite
    cols[J.nnz :] += n - favours_opposite
    ties = (np.ones(rows.size), (rows, cols))
    doubled = sparse.csr_array(ties, shape=(2 * n, 2 * n))
    _, component = sparse.csgraph.connected_components(doubled, directed=False)
    up, down = component[:n], component[n:]
    if np.any(up == down):
        return None
    signs = np.where(up < down, 1, -1).astype(np.int8)
    _, first, part = np.unique(np.minimum(up, down), return_index=True, return_inverse=True)
    return np.asarray(signs * signs[first[part]])


def satisfying_state(model: PolynomialModel) -> Signs | None:
    """A state in which every product has the sign of its weight, or None.

    These are linear equations modulo 2, a bit of parity each, solved by elimination; they are not
    looked at where they have more than 2^27 bits.

    Returns
    -------
    int8, shape (n,), or None

    Examples
    --------
    >>> products = {(0, 1, 2): 1.0, (1, 2, 3): -1.0}
    >>> satisfying_state(PolynomialModel.from_terms(products)).tolist()
    [-1, -1, 1, 1]
    >>> satisfying_state(PolynomialModel.from_terms({**products, (0, 3): 1.0})) is None
    True
    """
    n, m = model.num_spins, model.weights.size
    if m * n > _MOST_BITS:
        return None
    # A row is an equation: a bit a spin, and at n whether the product is negative.
    rows = np.zeros((m, n // _WORD + 1), np.uint64)
    equation = np.repeat(np.arange(m), np.diff(model.pointers))
    _set(rows, equation, model.members)
    _set(rows, np.flatnonzero(model.weights < 0), n)
    done = 0
    leaders = []
    for i in range(n):
        word, bit = i // _WORD, np.uint64(1 << i % _WORD)
        held = np.flatnonzero(rows[:, word] & bit)
        below = np.searchsorted(held, done)
        if below == held.size:
            continue
        first = held[below]
        leader = rows[first].copy()
        rows[np.delete(held, below)] ^= leader
        rows[first] = rows[done]
        rows[done] = leader
        leaders.append(i)
        done += 1
    negative = (rows[:, n // _WORD] >> np.uint64(n % _WORD)) & np.uint64(1)
    if negative[done:].any():
        return None
    state = np.ones(n, np.int8)
    state[leaders] -= 2 * negative[:done].astype(np.int8)
    return state


def _set(rows: npt.NDArray[np.uint64], which: npt.ArrayLike, bits: npt.ArrayLike) -> None:
    """Set bits, each in one of the rows."""
    at = np.asarray(bits, np.int64)
    places: Any = (which, at // _WORD)
    np.bitwise_or.at(rows, places, np.uint64(1) << (at % _WORD).astype(np.uint64))


def frustrated_cycle(couplings: sparse.csr_array) -> list[int]:
    """Vertices of a cycle with an odd number of negative couplings, in their order, or none.

    Parameters
    ----------
    couplings : csr_array, shape (n, n)
        Symmetric, without zeros.

    Examples
    --------
    >>> frustrated_cycle(sparse.csr_array(np.array([[0, -1, 1], [-1, 0, 1], [1, 1, 0]])))
    [1, 0, 2]
    """
    starts, ends = couplings.indptr.tolist(), couplings.indices.tolist()
    factors = np.sign(couplings.data).astype(int).tolist()
    signs, before = [0] * couplings.shape[0], [-1] * couplings.shape[0]
    for first in range(len(signs)):
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
                    return _cycle(before, i, j)
    return []


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
