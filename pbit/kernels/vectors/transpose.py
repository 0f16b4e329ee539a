"""Bytes of a matrix, turned: eight rows and columns at a time, as words."""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import uint64

from pbit.kernels.jit import bare_kernel, inner

_TOGETHER = 8  # blocks, so that what is written fills lines of the cache
_WORTH = 2**16  # bytes, below which numpy takes no longer than the call
_BYTES, _PAIRS, _HALVES = 0x00FF00FF00FF00FF, 0x0000FFFF0000FFFF, 0x00000000FFFFFFFF


@inner
def _exchange(low: Any, high: Any, shift: Any, mask: Any) -> Any:
    """What is above the shift in ``low`` and below it in ``high`` change places."""
    both = ((low >> uint64(shift)) ^ high) & uint64(mask)
    return low ^ (both << uint64(shift)), high ^ both


@bare_kernel
def turn(source: Any, target: Any) -> None:
    """uint64 (n, w) of eight bytes a word into (8 w, n // 8), n // 8 of these at least."""
    blocks, width = uint64(source.shape[0] // 8), uint64(source.shape[1])
    for begin in range(uint64(0), blocks, uint64(_TOGETHER)):
        for w in range(width):
            for block in range(begin, min(begin + uint64(_TOGETHER), blocks)):
                i, r = uint64(8) * block, uint64(8) * w
                a, b = source[i, w], source[i + uint64(1), w]
                c, d = source[i + uint64(2), w], source[i + uint64(3), w]
                e, f = source[i + uint64(4), w], source[i + uint64(5), w]
                g, h = source[i + uint64(6), w], source[i + uint64(7), w]
                a, b = _exchange(a, b, 8, _BYTES)
                c, d = _exchange(c, d, 8, _BYTES)
                e, f = _exchange(e, f, 8, _BYTES)
                g, h = _exchange(g, h, 8, _BYTES)
                a, c = _exchange(a, c, 16, _PAIRS)
                b, d = _exchange(b, d, 16, _PAIRS)
                e, g = _exchange(e, g, 16, _PAIRS)
                f, h = _exchange(f, h, 16, _PAIRS)
                a, e = _exchange(a, e, 32, _HALVES)
                b, f = _exchange(b, f, 32, _HALVES)
                c, g = _exchange(c, g, 32, _HALVES)
                d, h = _exchange(d, h, 32, _HALVES)
                target[r, block], target[r + uint64(1), block] = a, b
                target[r + uint64(2), block], target[r + uint64(3), block] = c, d
                target[r + uint64(4), block], target[r + uint64(5), block] = e, f
                target[r + uint64(6), block], target[r + uint64(7), block] = g, h


def is_worth_it(rows: int, columns: int) -> bool:
    """Whether so many bytes are turned by words."""
    return rows * columns >= _WORTH and rows >= 8 and columns % 8 == 0


def warm_up(rows: int, columns: int) -> None:
    """Compile, or load from the cache, what turns so many bytes."""
    if is_worth_it(rows, columns):
        turn(*np.zeros((2, 8, 1), np.uint64))


def transposed(matrix: Any) -> Any:
    """The transpose of int8 (a, b), contiguous: up to six times as fast as numpy's copy.

    Examples
    --------
    >>> transposed(np.array([[1, -1]], np.int8)).tolist()
    [[1], [-1]]
    """
    rows, columns = matrix.shape
    if not (is_worth_it(rows, columns) and matrix.flags.c_contiguous):
        return np.ascontiguousarray(matrix.T)
    whole = rows - rows % 8
    out = np.empty((columns, -(-rows // 8) * 8), np.int8)
    turn(matrix.view(np.uint64), out.view(np.uint64))
    out[:, whole:rows] = matrix[whole:].T
    return np.ascontiguousarray(out[:, :rows])
