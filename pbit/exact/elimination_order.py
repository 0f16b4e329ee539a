"""In which order to eliminate spins, and the tree of tables that follows from it."""

from __future__ import annotations

from dataclasses import dataclass
from heapq import heapify, heappop, heappush
from itertools import pairwise

import numpy as np
import numpy.typing as npt
from scipy import sparse
from scipy.sparse import csgraph

from pbit.by_value import ByValue

IntArray = npt.NDArray[np.int64]


class TooWide(ValueError):
    """No order was found whose tables are small enough.

    ``width`` is the first width above the limit that was met; the treewidth may be larger.
    """

    def __init__(self, width: int, max_width: int) -> None:
        size = f" ({2.0 ** (width + 1 - 27):.3g} GiB)" if width < 64 else ""
        super().__init__(
            f"max_width is {max_width}, and the couplings need a table over {width + 1} spins or "
            f"more, 2**{width + 1} numbers{size}; clamp spins (pbit.clamp), take a smaller or "
            "sparser model, or raise max_width"
        )
        self.width = width


@dataclass(frozen=True, eq=False)
class BucketTree(ByValue):
    """Spins in the order of their elimination; bucket k sums out spin ``spins[k]``.

    Its table is over that spin and its separator: the spins still there that it is coupled to,
    by J or through spins eliminated before. The sum over the spin, a table over the separator, goes
    to the parent, the bucket of the separator's first spin. Every bucket comes after its children
    and next to them (post-order), so that tables in flight fit on a stack.

    Parameters
    ----------
    spins : int64, shape (n,)
    parents : int64, shape (n,)
        -1 for a root, whose separator is empty.
    starts : int64, shape (n + 1,)
        Separator k is ``separators[starts[k] : starts[k + 1]]``.
    separators : int64
        Buckets of the spins, ascending.
    """

    spins: IntArray
    parents: IntArray
    starts: IntArray
    separators: IntArray

    @property
    def sizes(self) -> IntArray:
        """Number of spins in each separator, shape (n,)."""
        return np.diff(self.starts)

    @property
    def width(self) -> int:
        """Size of the largest separator: an upper bound of the treewidth."""
        return int(self.sizes.max(initial=0))


def bucket_tree(couplings: sparse.csr_array, *, max_width: int) -> BucketTree:
    """Tree of the cheapest of three orders; which one that is depends on the graph.

    Least fill, for trees and irregular graphs: next comes the spin whose neighbours lack the
    fewest couplings among each other (Rose, in: Read (ed.), Graph Theory and Computing, 183
    (1972)). For strips, where it strays: least front, next comes the spin that brings the fewest
    new ones into the separator (King, Int. J. Numer. Meth. Eng. 2, 523 (1970)), and reverse
    Cuthill-McKee (George, Liu, Computer Solution of Large Sparse Positive Definite Systems (1981),
    ch. 4). Ties are broken by age and index: the tree depends on the couplings alone.

    Parameters
    ----------
    couplings : CSR matrix, shape (n, n)
        Symmetric, diagonal empty; values do not matter.
    max_width : int
        Largest separator allowed.

    Raises
    ------
    TooWide
        No order keeps to ``max_width``.

    Examples
    --------
    >>> ring = sparse.csr_array(np.roll(np.eye(9), 1, axis=1) + np.roll(np.eye(9), -1, axis=1))
    >>> bucket_tree(ring, max_width=8).width
    2
    """
    neighbours = _neighbours(couplings)
    _check_cores(neighbours, max_width)
    found: list[BucketTree] = []
    narrowest = 0
    for order in (_cuthill_mckee, _least_front, _least_fill):
        try:
            found.append(_tree_of(neighbours, order(couplings, neighbours, max_width), max_width))
        except TooWide as refusal:
            narrowest = min(narrowest or refusal.width, refusal.width)
    if not found:
        raise TooWide(narrowest, max_width)
    return min(found, key=lambda tree: float(np.sum(2.0**tree.sizes)))


def _neighbours(couplings: sparse.csr_array) -> list[list[int]]:
    indices, starts = couplings.indices.tolist(), couplings.indptr.tolist()
    return [indices[a:b] for a, b in pairwise(starts)]


def _check_cores(neighbours: list[list[int]], max_width: int) -> None:
    """Refuse at once where a subgraph has all degrees > max_width: no order can do with less.

    Bodlaender, Koster, Inform. Comput. 209, 1103 (2011), section 3.
    """
    degrees = [len(others) for others in neighbours]
    gone = [degree <= max_width for degree in degrees]
    loose = [v for v, out in enumerate(gone) if out]
    while loose:
        for u in neighbours[loose.pop()]:
            degrees[u] -= 1
            if not gone[u] and degrees[u] <= max_width:
                gone[u] = True
                loose.append(u)
    left = [degree for degree, out in zip(degrees, gone, strict=True) if not out]
    if left:
        raise TooWide(min(left), max_width)


def _cuthill_mckee(
    couplings: sparse.csr_array, neighbours: list[list[int]], max_width: int
) -> list[int]:
    if not neighbours:
        return []
    order: list[int] = csgraph.reverse_cuthill_mckee(couplings, symmetric_mode=True).tolist()
    return order


def _least_front(
    couplings: sparse.csr_array, neighbours: list[list[int]], max_width: int
) -> list[int]:
    unmet = [len(others) for others in neighbours]  # neighbours not in the front yet
    met, gone = [False] * len(neighbours), [False] * len(neighbours)
    heap: list[tuple[int, int, int]] = []
    order: list[int] = []
    age: dict[int, int] = {}

    def meet(v: int) -> None:
        met[v] = True
        age[v] = len(age)
        heappush(heap, (unmet[v], age[v], v))
        for u in neighbours[v]:
            unmet[u] -= 1
            if met[u] and not gone[u]:
                heappush(heap, (unmet[u], age[u], u))

    for start in _cuthill_mckee(couplings, neighbours, max_width):
        if not met[start]:
            meet(start)
        while heap:
            count, _, v = heappop(heap)
            if gone[v] or count != unmet[v]:
                continue  # an entry made before a neighbour came into the front
            for u in neighbours[v]:
                if not met[u]:
                    meet(u)
            gone[v] = True
            order.append(v)
    return order


def _least_fill(
    couplings: sparse.csr_array, neighbours: list[list[int]], max_width: int
) -> list[int]:
    adjacent = [set(others) for others in neighbours]
    fill = [_missing(v, adjacent) for v in range(len(adjacent))]
    heap = [(fill[v], len(adjacent[v]), v) for v in range(len(adjacent))]
    heapify(heap)
    order: list[int] = []
    gone = [False] * len(adjacent)
    while heap:
        needed, degree, v = heappop(heap)
        if gone[v] or (needed, degree) != (fill[v], len(adjacent[v])):
            continue  # an entry made before its fill or degree changed
        if degree > max_width:
            raise TooWide(degree, max_width)
        gone[v] = True
        order.append(v)
        for u in _eliminate(v, adjacent, fill):
            heappush(heap, (fill[u], len(adjacent[u]), u))
    return order


def _missing(v: int, adjacent: list[set[int]]) -> int:
    """Pairs of neighbours of v that are not coupled."""
    around = adjacent[v]
    coupled = sum(len(around & adjacent[u]) for u in around)
    return (len(around) * (len(around) - 1) - coupled) // 2


def _eliminate(v: int, adjacent: list[set[int]], fill: list[int]) -> set[int]:
    """Couple the neighbours of v with each other and take it out; whose fill or degree changed."""
    around = sorted(adjacent[v])
    changed = set(around)
    for k, a in enumerate(around):
        for b in around[k + 1 :]:
            if b not in adjacent[a]:
                changed |= _couple(a, b, adjacent, fill)
    others = len(around) - 1
    for u in around:
        fill[u] -= len(adjacent[u]) - 1 - others  # pairs of v with what only u is coupled to
        adjacent[u].remove(v)
    changed.discard(v)
    return changed


def _couple(a: int, b: int, adjacent: list[set[int]], fill: list[int]) -> set[int]:
    common = adjacent[a] & adjacent[b]
    for u in common:
        fill[u] -= 1
    fill[a] += len(adjacent[a]) - len(common)
    fill[b] += len(adjacent[b]) - len(common)
    adjacent[a].add(b)
    adjacent[b].add(a)
    return common


def _tree_of(neighbours: list[list[int]], order: list[int], max_width: int) -> BucketTree:
    """Tree of an order, renumbered so that buckets follow their children."""
    separators = _separators(neighbours, order, max_width)
    parents = [min(rest, default=-1) for rest in separators]
    visit = _post_order(parents, [2 ** len(rest) for rest in separators])
    rank = np.empty(len(order) + 1, dtype=np.int64)
    rank[visit] = np.arange(len(order))
    rank[-1] = -1
    sizes = [len(separators[k]) for k in visit]
    flat = [k for bucket in visit for k in sorted(separators[bucket])]
    return BucketTree(
        np.array(order, dtype=np.int64)[visit],
        rank[np.array(parents, dtype=np.int64)[visit]],
        np.concatenate([[0], np.cumsum(sizes, dtype=np.int64)]),
        # Separators lie on the way to the root, where the old order and the new one agree.
        rank[np.array(flat, dtype=np.int64)],
    )


def _separators(neighbours: list[list[int]], order: list[int], max_width: int) -> list[set[int]]:
    """Separator of each position of the order, as positions."""
    position = [0] * len(order)
    for k, v in enumerate(order):
        position[v] = k
    separators: list[set[int]] = [set() for _ in order]
    for k, v in enumerate(order):
        separators[k].update(position[u] for u in neighbours[v] if position[u] > k)
        if len(separators[k]) > max_width:
            raise TooWide(len(separators[k]), max_width)
        if separators[k]:
            parent = min(separators[k])
            separators[parent] |= separators[k]
            separators[parent].remove(parent)
    return separators


def _post_order(parents: list[int], tables: list[int]) -> IntArray:
    """Numbers of the nodes of a forest, children before parents, subtrees unbroken.

    Of a node's children, the one whose subtree needs most memory beyond its own table comes first:
    then the tables that wait on the stack are fewest (Sethi, Ullman, J. ACM 17, 715 (1970)).
    """
    children: list[list[int]] = [[] for _ in parents]
    needs = [0] * len(parents)
    for k, parent in enumerate(parents):  # parents have higher numbers
        children[k].sort(key=lambda child: tables[child] - needs[child])
        held = 0
        for child in children[k]:
            needs[k] = max(needs[k], held + needs[child])
            held += tables[child]
        needs[k] = max(needs[k], held, tables[k])
        if parent >= 0:
            children[parent].append(k)
    backwards: list[int] = []
    waiting = [k for k, parent in enumerate(parents) if parent < 0]
    while waiting:
        backwards.append(waiting.pop())
        waiting += children[backwards[-1]]
    return np.array(backwards[::-1], dtype=np.int64)
