"""Matrix products of float32 arrays in tiles that threads share.

BLAS runs each tile in one thread: its own threads wait by spinning, which costs small products more
than they take and brings a busy machine to a standstill. The tiles do not depend on the number of
threads, and so neither do the bits of the result.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any

import numpy as np
import numpy.typing as npt
from threadpoolctl import ThreadpoolController

from pbit.samplers.layers.rows import shared

Matrix = npt.NDArray[np.float32]
Tile = tuple[slice, slice]

TILE = 128, 256
_FEW = 2**21  # multiplications below which handing them over costs more than doing them


def multiply(out: Matrix, left: Matrix, right: Matrix, *, plus: bool = False) -> None:
    """``out = left @ right``, or plus that."""

    def work(tile: Tile) -> None:
        rows, columns = tile
        if plus:
            out[tile] += left[rows] @ right[:, columns]
        else:
            np.matmul(left[rows], right[:, columns], out=out[tile])

    _tiled(work, out.shape, left.shape[1])


def add_correlations(out: Matrix, left: Matrix, right: Matrix, factor: float) -> None:
    """``out += factor * left.T @ right`` for rows of samples."""
    scaled = np.float32(factor) * right

    def work(tile: Tile) -> None:
        out[tile] += left[:, tile[0]].T @ scaled[:, tile[1]]

    _tiled(work, out.shape, len(left))


@contextmanager
def blas_in_one_thread() -> Iterator[None]:
    """While it lasts, BLAS has one thread: those that share the tiles are enough."""
    with _controller().limit(limits=1, user_api="blas"):
        yield


def _tiled(work: Any, shape: tuple[int, ...], depth: int) -> None:
    tiles = [
        (slice(i, min(i + TILE[0], shape[0])), slice(j, min(j + TILE[1], shape[1])))
        for i in range(0, shape[0], TILE[0])
        for j in range(0, shape[1], TILE[1])
    ]
    shared(work, tiles, parts=shape[0] * shape[1] * depth // _FEW)


@cache
def _controller() -> Any:
    return ThreadpoolController()
