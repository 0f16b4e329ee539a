"""Correlations over many states, by counting bits that differ."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
from numba import float32, int64, uint64
from numba.core import types
from numba.extending import intrinsic

from pbit.kernels.jit import bare_kernel
from pbit.kernels.vectors.llvm import call


@intrinsic  # type: ignore[untyped-decorator]
def _count(typingctx: Any, word: Any) -> Any:
    """Number of bits that are set."""

    def codegen(context: Any, b: Any, signature: Any, arguments: Any) -> Any:
        return call(b, "llvm.ctpop.i64", arguments[0].type, [arguments[0]])

    return types.uint64(types.uint64), codegen


@bare_kernel
def _pack_states(states: Any, words: Any) -> None:
    for i in range(states.shape[0]):
        row, out = states[i], words[i]
        for w in range(out.size):
            bits = uint64(0)
            for k in range(64 * w, min(64 * w + 64, row.size)):
                bits |= uint64(row[k] > 0) << uint64(k - 64 * w)
            out[w] = bits


@bare_kernel
def _add_correlations(words: Any, edges: Any, sums: Any, numbers: Any) -> None:
    """sums[e] += factor * mean of s_i s_j; numbers = (states, factor)."""
    count, factor = numbers
    for e in range(sums.size):
        first, second = words[edges[0, e]], words[edges[1, e]]
        apart = int64(0)
        for w in range(first.size):
            apart += int64(_count(first[w] ^ second[w]))
        sums[e] += float32(factor * (1.0 - 2.0 * apart / count))


def add_correlations(
    states: npt.NDArray[np.int8], edges: npt.NDArray[np.int64], sums: Any, factor: float
) -> None:
    """``sums[e] += factor * mean over states of s_i s_j`` for every edge e = (i, j).

    states: int8 (num_states, n); edges: int64 (2, num_edges); sums: float32 (num_edges,).
    """
    by_site = np.ascontiguousarray(states.T)
    words = np.empty((len(by_site), -(-len(states) // 64)), np.uint64)
    _pack_states(by_site, words)
    _add_correlations(words, edges, sums, (len(states), float(factor)))
