"""Biases that each read has of its own, as the kernels want them: reads contiguous."""

from __future__ import annotations

from typing import Any

from pbit.kernels.jit import bare_kernel

_TILE = 16  # rows read side by side


@bare_kernel
def fill_biases(biases: Any, reads: Any, order: Any, exact: Any, own: Any) -> None:
    """Rows ``reads`` (R,) of float64 (num_reads, n) as columns: in the model's order, float64
    ``exact`` (n, R), and those of sites ``order`` (None: all as they are) in F ``own`` (m, R)."""
    for first in range(0, reads.size, _TILE):
        last = min(first + _TILE, reads.size)
        for i in range(exact.shape[0]):
            for r in range(first, last):
                exact[i, r] = biases[reads[r], i]
    for k in range(own.shape[0]):
        chosen, out = exact[k if order is None else order[k]], own[k]
        for r in range(reads.size):
            out[r] = own.dtype.type(chosen[r])
