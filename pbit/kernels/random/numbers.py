"""Numbers of the random stream for code outside of kernels: words, uniform and normal ones.

They are functions of a seed and of counters, uint32 (..., 4), that the caller lays out as
:mod:`pbit.kernels.random.stream` says: each counter has four words.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
from numba import uint64

from pbit.kernels.jit import bare_kernel
from pbit.kernels.random.ars import random_words

FloatArray = npt.NDArray[np.float64]


def words(counters: npt.NDArray[np.uint32], *, seed: int) -> npt.NDArray[np.uint32]:
    """The words of each counter: uint32, of the same shape."""
    out = np.empty(counters.shape, np.uint32)
    key = np.uint64(seed & 0xFFFFFFFF), np.uint64(seed >> 32)
    _write_words(counters.reshape(-1, 4), *key, out.reshape(-1, 4))
    return out


def uniforms(counters: npt.NDArray[np.uint32], *, seed: int) -> FloatArray:
    """Numbers evenly between 0 and 1, both excluded: the middle of what a word stands for."""
    return np.asarray((words(counters, seed=seed) + 0.5) / 2.0**32)


def normals(counters: npt.NDArray[np.uint32], *, seed: int) -> FloatArray:
    """Standard normal numbers: where the normal law has these uniform ones."""
    from scipy.special import ndtri  # not needed to describe a device

    return np.asarray(ndtri(uniforms(counters, seed=seed)))


@bare_kernel
def _write_words(counters: Any, key0: Any, key1: Any, out: Any) -> None:
    for k in range(counters.shape[0]):
        c = counters[k]
        a, b, d, e = random_words(
            uint64(c[0]), uint64(c[1]), uint64(c[2]), uint64(c[3]), key0, key1
        )
        out[k, 0] = a
        out[k, 1] = b
        out[k, 2] = d
        out[k, 3] = e
