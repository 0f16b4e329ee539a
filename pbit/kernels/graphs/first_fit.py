"""Colours of a graph in CSR: ``indptr`` int (n + 1,), ``indices`` int (nnz,), symmetric pattern."""

from __future__ import annotations

from typing import Any

import numpy as np

from pbit.kernels.jit import bare_kernel, inner, kernel


def color_in_order(indptr: Any, indices: Any, order: Any, colors: Any) -> int:
    """Give each site of ``order`` int32 (n,) the first colour free among its neighbours.

    ``colors`` int32 (n,) is written; the number of colours is returned.
    """
    colors[:] = -1
    taken = np.full(np.diff(indptr).max(initial=0) + 2, -1, np.int64)
    return int(_color_in_order(indptr, indices, order, colors, taken))


@bare_kernel
def _color_in_order(indptr: Any, indices: Any, order: Any, colors: Any, taken: Any) -> Any:
    count = 0
    for i in order:
        for k in range(indptr[i], indptr[i + 1]):
            color = colors[indices[k]]
            if color >= 0:
                taken[color] = i
        color = 0
        while taken[color] == i:
            color += 1
        colors[i] = color
        count = max(count, color + 1)
    return count


@kernel
def color_by_saturation(indptr: Any, indices: Any, colors: Any) -> Any:
    """DSATUR: always the site next to the most colours, of those the one of most free neighbours.

    A binary heap of sites with their places in it; keys rise (a new colour next door) or fall (a
    neighbour gets its colour). ``colors`` int32 (n,) is written; the number of colours is returned.
    """
    n = colors.size
    colors[:] = -1
    widest = 0
    free = np.empty(n, np.int64)
    for i in range(n):
        free[i] = indptr[i + 1] - indptr[i]
        widest = max(widest, free[i])
    base = np.int64(widest + 1)
    key = free.copy()  # saturation * base + uncoloured neighbours
    seen = np.empty(indices.size, np.int32)  # colours next to i, from indptr[i], each once
    saturation = np.zeros(n, np.int64)
    heap = np.arange(n)
    place = np.arange(n)
    for at in range(n // 2 - 1, -1, -1):
        _sink(heap, place, key, at, n)
    size, count = n, 0
    taken = np.full(widest + 2, -1, np.int64)
    while size:
        i = heap[0]
        size -= 1
        heap[0] = heap[size]
        place[heap[0]] = 0
        place[i] = -1
        _sink(heap, place, key, 0, size)
        start = indptr[i]
        for k in range(start, start + saturation[i]):
            taken[seen[k]] = i
        color = 0
        while taken[color] == i:
            color += 1
        colors[i] = color
        count = max(count, color + 1)
        for k in range(start, indptr[i + 1]):
            j = indices[k]
            if place[j] < 0:
                continue
            first, last = indptr[j], indptr[j] + saturation[j]
            at = first
            while at < last and seen[at] != color:
                at += 1
            key[j] -= 1
            if at == last:
                seen[last] = color
                saturation[j] += 1
                key[j] += base
                _rise(heap, place, key, place[j])
            else:
                _sink(heap, place, key, place[j], size)
    return count


@inner
def _before(key: Any, i: Any, j: Any) -> Any:
    return key[i] > key[j] or (key[i] == key[j] and i < j)


@inner
def _sink(heap: Any, place: Any, key: Any, at: Any, size: Any) -> None:
    while True:
        best = at
        for child in (2 * at + 1, 2 * at + 2):
            if child < size and _before(key, heap[child], heap[best]):
                best = child
        if best == at:
            return
        heap[at], heap[best] = heap[best], heap[at]
        place[heap[at]], place[heap[best]] = at, best
        at = best


@inner
def _rise(heap: Any, place: Any, key: Any, at: Any) -> None:
    while at and _before(key, heap[at], heap[(at - 1) // 2]):
        above = (at - 1) // 2
        heap[at], heap[above] = heap[above], heap[at]
        place[heap[at]], place[heap[above]] = at, above
        at = above
