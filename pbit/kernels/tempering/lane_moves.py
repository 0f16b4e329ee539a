"""Moves between lanes of bit-sliced spins: swaps of replicas, and clusters that two replicas share.

A row holds one spin of 64 V replicas, one bit (lane) each. Lane l meets lane l + shift, in all
those lanes at once that a mask names; a move is a row of bits d on the lower lanes, and
``x ^= d | (d << shift)`` flips both partners. Where they differ that exchanges their spins; where
d follows clusters of ``q = x ^ (x >> shift)`` it is the move of Houdayer (Eur. Phys. J. B 22, 479
(2001)), for all pairs of replicas at once: the clusters of all pairs grow in the same passes over
the sites, ``marks_i |= q_i & (marks_j | ...)``.
"""

from __future__ import annotations

from typing import Any

from numba import int64, uint64
from numba.core import types
from numba.extending import intrinsic

from pbit.kernels.jit import inner
from pbit.kernels.vectors.llvm import (
    I32,
    I64,
    Loop,
    call,
    constant,
    data_of,
    element,
    integer,
    load,
    splat,
    store,
)


def _rows(context: Any, b: Any, signature: Any, values: Any, k: int) -> Any:
    return data_of(context, b, signature.args[k], values[k])


def _at(b: Any, site: Any, words: int) -> Any:
    return b.mul(site, integer(words))


def _down(b: Any, x: Any, shift: Any, words: int) -> Any:
    """Lane l gets the bit of lane l + shift; 0 < shift < 64."""
    zero = constant(I64, 0, words)
    order = constant(I32, list(range(1, words + 1)), words)
    after = b.shuffle_vector(x, zero, order)
    low = b.lshr(x, splat(b, shift, words))
    return b.or_(low, b.shl(after, splat(b, b.sub(integer(64), shift), words)))


def _up(b: Any, x: Any, shift: Any, words: int) -> Any:
    """Lane l + shift gets the bit of lane l."""
    zero = constant(I64, 0, words)
    order = constant(I32, [words, *range(words - 1)], words)
    before = b.shuffle_vector(x, zero, order)
    high = b.shl(x, splat(b, shift, words))
    return b.or_(high, b.lshr(before, splat(b, b.sub(integer(64), shift), words)))


def _crossed(b: Any, x: Any, d: Any, shift: Any, words: int) -> Any:
    """``x ^ (d | (d << shift))``: both partners flipped."""
    return b.xor(x, b.or_(d, _up(b, d, shift, words)))


@intrinsic  # type: ignore[untyped-decorator]
def _differ(
    typingctx: Any, spins: Any, site: Any, q: Any, shift: Any, mask: Any, shape: Any
) -> Any:
    """``q[site] = (x ^ (x >> shift)) & mask``, the mask a row."""
    arguments = (spins, site, q, shift, mask, shape)

    def codegen(context: Any, b: Any, signature: Any, values: Any) -> Any:
        words = len(signature.args[5])
        at = _at(b, values[1], words)
        x = load(b, _rows(context, b, signature, values, 0), at, lanes=words)
        masks = load(b, _rows(context, b, signature, values, 4), integer(0), lanes=words)
        apart = b.xor(x, _down(b, x, values[3], words))
        store(b, b.and_(apart, masks), _rows(context, b, signature, values, 2), at)
        return context.get_dummy_value()

    return types.void(*arguments), codegen


@intrinsic  # type: ignore[untyped-decorator]
def _grow(
    typingctx: Any, marks: Any, site: Any, q: Any, indptr: Any, indices: Any, shape: Any
) -> Any:
    """Mark the site where q is set and a neighbour is marked; whether a mark is new."""
    arguments = (marks, site, q, indptr, indices, shape)

    def codegen(context: Any, b: Any, signature: Any, values: Any) -> Any:
        words = len(signature.args[5])
        rows, clusters, pointers, neighbours = (
            _rows(context, b, signature, values, k) for k in (0, 2, 3, 4)
        )
        at = _at(b, values[1], words)
        own = load(b, rows, at, lanes=words)
        last = element(b, pointers, b.add(values[1], integer(1)))
        loop = Loop(b, [element(b, pointers, values[1]), own])
        k, total = loop.values
        with loop.running(b.icmp_signed("<", k, last)):
            j = b.zext(element(b, neighbours, k), I64)
            row = load(b, rows, _at(b, j, words), lanes=words)
            loop.next([b.add(k, integer(1)), b.or_(total, row)])
        marked = b.and_(loop.values[1], load(b, clusters, at, lanes=words))
        store(b, marked, rows, at)
        new = call(b, f"llvm.vector.reduce.or.v{words}i64", I64, [b.xor(marked, own)])
        return b.icmp_signed("!=", new, integer(0))

    return types.boolean(*arguments), codegen


@intrinsic  # type: ignore[untyped-decorator]
def _flip_both(typingctx: Any, spins: Any, site: Any, marks: Any, shift: Any, shape: Any) -> Any:
    """``x ^= d | (d << shift)``, d the row of ``marks``."""
    arguments = (spins, site, marks, shift, shape)

    def codegen(context: Any, b: Any, signature: Any, values: Any) -> Any:
        words = len(signature.args[4])
        at = _at(b, values[1], words)
        rows = _rows(context, b, signature, values, 0)
        x = load(b, rows, at, lanes=words)
        d = load(b, _rows(context, b, signature, values, 2), at, lanes=words)
        store(b, _crossed(b, x, d, values[3], words), rows, at)
        return context.get_dummy_value()

    return types.void(*arguments), codegen


@intrinsic  # type: ignore[untyped-decorator]
def _exchange(typingctx: Any, spins: Any, site: Any, mask: Any, shift: Any, shape: Any) -> Any:
    """Exchange the bits of lanes l and l + shift where the mask, a row, has lane l."""
    arguments = (spins, site, mask, shift, shape)

    def codegen(context: Any, b: Any, signature: Any, values: Any) -> Any:
        words = len(signature.args[4])
        at = _at(b, values[1], words)
        rows = _rows(context, b, signature, values, 0)
        x = load(b, rows, at, lanes=words)
        masks = load(b, _rows(context, b, signature, values, 2), integer(0), lanes=words)
        d = b.and_(b.xor(x, _down(b, x, values[3], words)), masks)
        store(b, _crossed(b, x, d, values[3], words), rows, at)
        return context.get_dummy_value()

    return types.void(*arguments), codegen


@inner
def exchange_lanes(spins: Any, mask: Any, shift: Any, shape: Any) -> None:
    """Exchange whole states between lanes l and l + shift, 0 < shift < 64; ``shape`` is a tuple
    with one entry a word."""
    for i in range(spins.shape[0] - 1):
        _exchange(spins, int64(i), mask, int64(shift), shape)


@inner
def _majority(q: Any, polled: Any, out: Any) -> None:
    """Lanes in which most of the polled sites (31 of them) have q set, by a counter of bits."""
    for w in range(q.shape[1]):
        c0 = c1 = c2 = c3 = c4 = uint64(0)
        for site in polled:
            carry = q[site, w]
            c0, carry = c0 ^ carry, c0 & carry
            c1, carry = c1 ^ carry, c1 & carry
            c2, carry = c2 ^ carry, c2 & carry
            c3, carry = c3 ^ carry, c3 & carry
            c4 ^= carry
        out[w] = c4


@inner
def _seed_clusters(q: Any, marks: Any, start: Any, mask: Any) -> None:
    """Mark in every lane the first site from ``start`` on, cyclically, where q is set."""
    n = q.shape[0]
    for w in range(q.shape[1]):
        waiting = mask[w]
        for k in range(n):
            if not waiting:
                break
            i = start + k if start + k < n else start + k - n
            found = q[i, w] & waiting
            marks[i, w] |= found
            waiting ^= found


@inner
def _spread(marks: Any, q: Any, indptr: Any, indices: Any, shape: Any) -> Any:
    """Grow the marks until they are whole clusters; passes that took."""
    n, passes, changed = q.shape[0], 0, True
    while changed:
        changed = False
        for k in range(n):
            i = n - 1 - k if passes & 1 else k
            changed |= _grow(marks, int64(i), q, indptr, indices, shape)
        passes += 1
    return passes


@inner
def cluster_marks(graph: Any, clusters: Any, shape: Any) -> Any:
    """Mark one cluster of every lane in ``clusters.mask``; passes over the sites that took.

    q is set where the two replicas of a lane differ; the search for a cluster begins at the first
    of the polled sites; ``shape`` is a tuple with one entry a word. Clusters are of sites where the
    replicas differ; without fields, of the rarer of agreement and difference (as polled), because a
    cluster of the other is nearly everything; q is turned so. The choice depends on q alone, which
    the move does not change: E_a + E_b is conserved and the move is its own inverse.
    """
    q, marks, flip, mask, polled, _ = clusters
    n = q.shape[0]
    if not graph.has_fields:
        _majority(q, polled, flip)
        for i in range(n):
            for w in range(flip.size):
                q[i, w] = (q[i, w] ^ flip[w]) & mask[w]
    for i in range(n):
        for w in range(flip.size):
            marks[i, w] = uint64(0)
    _seed_clusters(q, marks, polled[0], mask)
    return _spread(marks, q, graph.indptr, graph.indices, shape)


@inner
def cluster_move(spins: Any, graph: Any, shift: Any, clusters: Any, shape: Any) -> Any:
    """Flip one cluster in both replicas of each pair; passes over the sites that took.

    spins uint64 (n + 1, V); lane l of ``clusters.mask`` is paired with l + shift; the rest as in
    :func:`cluster_marks`.
    """
    q = clusters.q
    n = q.shape[0]
    for i in range(n):
        _differ(spins, int64(i), q, int64(shift), clusters.mask, shape)
    passes = cluster_marks(graph, clusters, shape)
    for i in range(n):
        _flip_both(spins, int64(i), clusters.marks, int64(shift), shape)
    return passes
