"""Pairs of spins that many terms share, each replaced by a spin for their product."""

from __future__ import annotations

from collections import defaultdict
from heapq import heapify, heappop, heappush
from itertools import combinations
from typing import NamedTuple

import numpy as np

from pbit.models.terms import IntArray, Terms, bodies, pointers_of

_LEAST_SHARED = 3  # a product costs two p-bits, itself and the ancilla that holds it
_Pair = tuple[int, int]


class Substituted(NamedTuple):
    """Terms over more spins, an offset to add, and products (z, a, b) as rows, int64 (k, 3)."""

    terms: Terms
    num_spins: int
    offset: float
    products: IntArray


def substitute_pairs(terms: Terms, num_spins: int) -> Substituted:
    """Replace the most common pair by its product until no three terms share one.

    Each product z = s_a s_b comes with the term ``M (1 - s_a s_b z)``, M the sum of the |weights|
    of the terms replaced, so that no energy is gained by a wrong z.

    Examples
    --------
    >>> one = Terms(np.array([0, 3, 6, 9]), np.array([0, 1, 2, 0, 1, 3, 0, 1, 4]), np.ones(3))
    >>> found = substitute_pairs(one, 5)
    >>> found.products.tolist(), found.offset, found.terms.members.tolist()
    ([[5, 0, 1]], 3.0, [2, 5, 3, 5, 4, 5, 0, 1, 5])
    """
    members = [set(body) for body in bodies(terms)]
    sharing: defaultdict[_Pair, set[int]] = defaultdict(set)
    for t, body in enumerate(members):
        if len(body) > 2:
            for pair in combinations(sorted(body), 2):
                sharing[pair].add(t)
    heap = [(-len(found), pair) for pair, found in sharing.items()]
    heapify(heap)
    products: list[tuple[int, int, int]] = []
    strengths: list[float] = []
    while heap:
        count, pair = heappop(heap)
        found = sharing[pair]
        if -count != len(found):  # out of date
            if len(found) >= _LEAST_SHARED:
                heappush(heap, (-len(found), pair))
            continue
        if len(found) < _LEAST_SHARED:
            break
        z = num_spins + len(products)
        products.append((z, *pair))
        strengths.append(float(np.abs(terms.weights[sorted(found)]).sum()))
        for pair_of_z in _replace(members, sharing, pair, z=z):
            heappush(heap, (-len(sharing[pair_of_z]), pair_of_z))
    held = [tuple(sorted(row)) for row in products]
    flat = [sorted(body) for body in members] + [list(row) for row in held]
    sizes = np.array([len(body) for body in flat], dtype=np.int64)
    joined = Terms(
        pointers_of(sizes),
        np.array([i for body in flat for i in body], dtype=np.int32),
        np.concatenate([terms.weights, strengths]),
    )
    rows = np.array(products, dtype=np.int64).reshape(-1, 3)
    spins = num_spins + len(products)
    return Substituted(joined, spins, float(sum(strengths)), rows)


def _replace(
    members: list[set[int]], sharing: defaultdict[_Pair, set[int]], pair: _Pair, *, z: int
) -> list[_Pair]:
    """Put z in the place of the pair in all its terms; the new pairs."""
    new: dict[_Pair, None] = {}
    for t in sorted(sharing[pair]):
        body = members[t]
        for old in combinations(sorted(body), 2):
            if old[0] in pair or old[1] in pair:
                sharing[old].discard(t)
        body -= set(pair)
        if len(body) > 1:  # else a coupling is left
            for i in body:
                sharing[(i, z)].add(t)
                new[(i, z)] = None
        body.add(z)
    return list(new)
