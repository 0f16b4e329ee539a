"""Islands: connected sets of spins in which two states differ, taken over where that lowers the
energy."""

from __future__ import annotations

from typing import Any

from pbit.kernels.jit import bare_kernel, inner
from pbit.kernels.sweeps.fields import field_of


@inner
def _gather(site: Any, states: Any, graph: Any, seen: Any, queue: Any, begin: Any) -> Any:
    """Queue the island of a site from ``begin`` on; its end in the queue."""
    (state, other), (indptr, indices) = states, graph
    queue[begin] = site
    seen[site] = 1
    head, end = begin, begin + 1
    while head < end:
        i = queue[head]
        head += 1
        for k in range(indptr[i], indptr[i + 1]):
            j = indices[k]
            if state[j] != other[j] and not seen[j]:
                seen[j] = 1
                queue[end] = j
                end += 1
    return end


@inner
def _turn(state: Any, queue: Any, begin: Any, end: Any, h: Any, couplings: Any) -> Any:
    """Flip the spins of an island, one after the other; what that adds to the energy."""
    cost = 0.0
    for k in range(begin, end):
        i = queue[k]
        cost += 2.0 * state[i] * field_of(state, i, h[i], couplings)
        state[i] = -state[i]
    return cost


@bare_kernel
def take_islands(
    state: Any, others: Any, h: Any, couplings: Any, graph: Any, seen: Any, queue: Any, gains: Any
) -> None:
    """Turn, row by row of ``others``, the islands of ``state`` that do not raise its energy.

    state int8 (n,), changed; others int8 (R, n); h float64 (n,); couplings in float64, as in
    :mod:`pbit.kernels.sweeps.single`; graph = (indptr, indices) of the neighbours that make an
    island; seen uint8 (n,), queue int32 (n,): scratch; gains float64 (R,): by how much each row
    lowered the energy.
    """
    for r in range(others.shape[0]):
        other, gain, begin = others[r], 0.0, 0
        for i in range(state.size):
            seen[i] = 0
        for i in range(state.size):
            if state[i] == other[i] or seen[i]:
                continue
            end = _gather(i, (state, other), graph, seen, queue, begin)
            cost = _turn(state, queue, begin, end, h, couplings)
            if cost > 0.0:
                for k in range(begin, end):
                    state[queue[k]] = -state[queue[k]]
            else:
                gain -= cost
            begin = end
        gains[r] = gain
