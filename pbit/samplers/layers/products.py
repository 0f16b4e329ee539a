"""Products of float32 matrices of which one is spins, shared among threads.

The sums are :mod:`pbit.kernels.layers.sums`; how they are shared changes none of them.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
from threadpoolctl import ThreadpoolController

from pbit.kernels.layers.sums import CHUNK, GROUPS, STATES, WIDTH, add_up, pack_turned
from pbit.samplers.layers.rows import shared, spans

Matrix = npt.NDArray[np.float32]
Bits = npt.NDArray[np.uint32]

_ADD_NS, _TABLE_NS = 0.008, 0.3  # a spin and unit of a chain, a spin and unit of a table
_LINE = 64  # bytes of a line of the cache


class Weights(NamedTuple):
    """What is added up: (spins, units), or (units, spins) where they are turned."""

    matrix: Matrix
    is_turned: bool = False


def room_for_bits(spins: int, chains: int) -> Bits:
    """Where the bits of these go."""
    return np.zeros((-(-spins // CHUNK), chains), np.uint32)


def room_for_fields(chains: int, units: int) -> Matrix:
    """Where fields go: whole blocks, and an odd number of lines a row, so that the rows do not
    compete for a few places in the cache."""
    blocks = -(-units // WIDTH)
    return aligned((chains, blocks * WIDTH + _LINE // 4))


def aligned(shape: tuple[int, ...]) -> Matrix:
    """Zeros that begin with a line of the cache."""
    size = int(np.prod(shape))
    room = np.zeros(size + _LINE // 4, np.float32)
    first = -room.ctypes.data % _LINE // 4
    return room[first : first + size].reshape(shape)


def add_signed(out: Matrix, bits: Bits, weights: Weights, *, rows: int, plus: bool) -> None:
    """``out = signs @ weights`` of the first rows; added to it where ``plus``."""
    units, spins = weights.matrix.shape[:: 1 if weights.is_turned else -1]
    blocks = -(-units // WIDTH)
    edge = rows if units % WIDTH and out.shape[1] == units else 0

    def work(span: tuple[int, int]) -> None:
        tile, table = aligned((CHUNK, WIDTH)), aligned((GROUPS, STATES, WIDTH))
        scratch = tile, table, aligned((edge if span[1] == blocks else 0, WIDTH))
        add_up(out, bits, weights.matrix, (0, rows, *span, weights.is_turned, int(plus)), scratch)

    shared(work, spans(blocks, units * spins * (rows * _ADD_NS + _TABLE_NS)))


def add_correlations(out: Matrix, spins: Matrix, means: Matrix, factor: float) -> None:
    """``out += factor * spins.T @ means`` for rows of samples, the first of spins -1 and +1."""
    bits = room_for_bits(len(spins), spins.shape[1])
    pack_turned(np.ascontiguousarray(spins), bits)
    scaled = np.float32(factor) * means
    add_signed(out, bits, Weights(scaled), rows=len(out), plus=True)


@contextmanager
def blas_in_one_thread() -> Iterator[None]:
    """While it lasts, BLAS has one thread: its own wait by spinning, which costs small products
    more than they take and brings a busy machine to a standstill."""
    with _controller().limit(limits=1, user_api="blas"):
        yield


@cache
def _controller() -> Any:
    return ThreadpoolController()
