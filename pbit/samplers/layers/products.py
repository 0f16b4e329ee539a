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

from pbit.models.layered import LayeredModel
from pbit.samplers.layers.rows import shared
from pbit.samplers.layers.tables import States

Matrix = npt.NDArray[np.float32]
Tile = tuple[slice, slice]

TILE = 128, 256
_FEW = 2**21  # multiplications below which handing them over costs more than doing them


class Matrices:
    """Fields of few chains on layers as products of matrices, where tables would not pay."""

    def __init__(self, model: LayeredModel) -> None:
        self._weights = model.weights

    def field(self, out: Matrix, layer: int, states: States, rows: int) -> None:
        """``out`` = field on a layer of the first ``rows`` chains, without its bias."""
        sides = []
        if layer:
            sides.append((states.spins[layer - 1], self._weights[layer - 1]))
        if layer < len(self._weights):
            sides.append((states.spins[layer + 1], self._weights[layer].T))
        units = states.spins[layer].shape[1]
        np.matmul(sides[0][0][:rows], sides[0][1], out=out[:rows, :units])
        for spins, weights in sides[1:]:
            out[:rows, :units] += spins[:rows] @ weights


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
    if shape[0] * shape[1] * depth < _FEW:
        tiles = [(slice(None), slice(None))]
    shared(work, tiles)


@cache
def _controller() -> Any:
    return ThreadpoolController()
