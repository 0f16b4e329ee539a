"""Random words for first states of digits: those of purpose START of the random stream."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from pbit.engines.digits.family import IntArray, ValueArray
from pbit.kernels.random.numbers import words
from pbit.kernels.random.stream import START


def start_words(reads: IntArray, count: int, *, seed: int) -> npt.NDArray[np.uint32]:
    """Words of slots 0 to ``count - 1`` of each read, uint32 (reads, count)."""
    blocks = -(-count // 4)
    counters = np.zeros((reads.size, blocks, 4), np.uint32)
    counters[:, :, 0] = np.arange(blocks)
    counters[:, :, 2] = np.asarray(reads)[:, None]
    counters[:, :, 3] = START << 28
    return words(counters, seed=seed).reshape(reads.size, 4 * blocks)[:, :count]


def start_permutations(reads: IntArray, count: int, *, seed: int) -> ValueArray:
    """The orders of these words, a permutation for each read: int16 (reads, count)."""
    drawn = start_words(reads, count, seed=seed)
    return drawn.argsort(axis=1, kind="stable").astype(np.int16)
