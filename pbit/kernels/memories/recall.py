r"""Recall by dense memories: the field of a p-bit comes from overlaps that a flip changes by 2.

With k agreements of a state with pattern m (overlap 2 k - n), ``c`` and ``d`` tables of k:

- polynomial: field ``f_i = sum_m xi_im c[k_m] + s_i sum_m d[k_m]``;
- exponential, ``w_m = exp(2 (k_m - max k))`` and ``q_i = sum_m xi_im w_m / sum_m w_m``: a flip
  takes the sum of exponentials times ``cosh 2 - s_i q_i sinh 2``, so that
  ``f_i = -s_i ln(cosh 2 - s_i q_i sinh 2) / 2``, whatever the size of the exponentials.

Both are a product of the pixels xi with numbers that change only when a spin flips. A p-bit is +1
with probability ``sigma(2 beta f)``. Every read is summed in the order of the patterns, alone in
its lane: the bits do not depend on how reads are cut into blocks.
"""

from __future__ import annotations

import math
from typing import Any, NamedTuple

import numpy as np
from numba import float32, int64

from pbit.kernels.jit import bare_kernel, inner
from pbit.kernels.memories.column_sums import add_column
from pbit.kernels.random.ars import key_schedule
from pbit.kernels.random.stream import UPDATE, tag
from pbit.kernels.random.stream_lanes import fill_reads
from pbit.kernels.sweeps.records import Stream
from pbit.kernels.sweeps.single import heat_bath

_COSH, _SINH = math.cosh(2.0), math.sinh(2.0)
_EPSILON = float(np.finfo(np.float64).eps)
_AMPLIFIED = 64.0  # rounding of q by the difference inside the logarithm, at most


class Memory(NamedTuple):
    """What is stored: ``columns`` float64 (n, P), pixel i of every pattern; ``table`` float64
    (2, n + 1), by agreements: c and d, or exp(-2 k) in its first row; ``exponential``."""

    columns: Any
    table: Any
    exponential: bool


class Scratch(NamedTuple):
    """Memory of a block of R reads: ``agreements`` int32 (R, P), ``weights`` float64 (P, R),
    ``sums``, ``totals`` and ``slack`` float64 (R,), ``words`` uint32 (4, R), ``keys`` int64 (16,).
    """

    agreements: Any
    weights: Any
    sums: Any
    totals: Any
    slack: Any
    words: Any
    keys: Any

    @classmethod
    def of(cls, reads: int, patterns: int, stream: Stream) -> Scratch:
        """For so many reads and patterns."""
        return cls(
            np.zeros((reads, patterns), np.int32),
            np.empty((patterns, reads)),
            np.empty(reads),
            np.empty(reads),
            np.empty(reads),
            np.empty((4, reads), np.uint32),
            key_schedule(*stream[1:]),
        )


def recall(
    spins: Any, memory: Memory, scales: Any, settles: bool, held: Any, stream: Stream, stop: Any
) -> None:
    """Sweeps of a block of reads in fixed order, in place; then, if it ``settles``, sweeps without
    noise until no flip gains.

    spins int8 (n, R), R a multiple of 16; scales float64 (sweeps,): ``2 beta log2(e)``; held uint8
    (n, R), nonzero where a spin stays as it is, or (0, R); stop uint8 (1,): nonzero ends it.
    """
    scratch = Scratch.of(spins.shape[1], memory.columns.shape[1], stream)
    _recall(spins, memory, (scales, settles), held, stream.read, stop, scratch)


@inner
def _weigh_polynomial(r: Any, memory: Any, scratch: Any) -> None:
    """Weights of a read, from its agreements."""
    agreements, weights, _, totals, slack, _, _ = scratch
    total = size = 0.0
    for m in range(weights.shape[0]):
        k = agreements[r, m]
        weights[m, r] = memory.table[0, k]
        size += abs(memory.table[0, k]) + abs(memory.table[1, k])
        total += memory.table[1, k]
    totals[r] = total
    slack[r] = 2.0 * _EPSILON * (weights.shape[0] + 2.0) * size


@inner
def _weigh_exponential(r: Any, memory: Any, scratch: Any) -> None:
    agreements, weights, _, totals, slack, _, _ = scratch
    top = agreements[r, 0]
    for m in range(1, weights.shape[0]):
        top = max(top, agreements[r, m])
    total = 0.0
    for m in range(weights.shape[0]):
        weights[m, r] = memory.table[0, top - agreements[r, m]]
        total += weights[m, r]
    totals[r] = total
    slack[r] = _AMPLIFIED * _EPSILON * (weights.shape[0] + 2.0)


@inner
def _weigh(r: Any, memory: Any, scratch: Any) -> None:
    if memory.exponential:
        _weigh_exponential(r, memory, scratch)
    else:
        _weigh_polynomial(r, memory, scratch)


@inner
def _field(s: Any, r: Any, exponential: Any, scratch: Any) -> Any:
    if exponential:
        q = scratch.sums[r] / scratch.totals[r]
        return -0.5 * s * math.log(_COSH - s * q * _SINH)
    return scratch.sums[r] + s * scratch.totals[r]


@inner
def _count_agreements(spins: Any, memory: Any, scratch: Any) -> None:
    columns, agreements = memory.columns, scratch.agreements
    for r in range(agreements.shape[0]):
        for m in range(agreements.shape[1]):
            agreements[r, m] = 0
        for i in range(spins.shape[0]):
            for m in range(agreements.shape[1]):
                agreements[r, m] += columns[i, m] * spins[i, r] > 0
        _weigh(r, memory, scratch)


@inner
def _flip(spins: Any, i: Any, r: Any, memory: Any, scratch: Any) -> None:
    """Flip a spin: one agreement more or less with every pattern."""
    spins[i, r] = -spins[i, r]
    agreements, columns = scratch.agreements, memory.columns
    for m in range(agreements.shape[1]):
        agreements[r, m] += 1 if columns[i, m] * spins[i, r] > 0 else -1
    _weigh(r, memory, scratch)


@bare_kernel
def _recall(
    spins: Any, memory: Any, plan: Any, held: Any, read: Any, stop: Any, scratch: Any
) -> None:
    scales, settles = plan
    n, reads = spins.shape
    words, sums, slack = scratch.words, scratch.sums, scratch.slack
    _count_agreements(spins, memory, scratch)
    sweep, flips = 0, 1
    while sweep < scales.size or (settles and flips):
        is_warm, flips = sweep < scales.size, 0
        c1, c3 = int64(sweep & 0xFFFFFFFF), int64(tag(UPDATE, sweep, 0))
        for i in range(n):
            if stop[0]:
                return
            if is_warm and i & 3 == 0:
                fill_reads(words, (int64(i >> 2), c1, int64(read), c3), scratch.keys)
            add_column(
                sums, scratch.weights, memory.columns, (int64(i), scratch.weights.shape[0], reads)
            )
            for r in range(reads):
                if held.shape[0] and held[i, r]:
                    continue
                s = spins[i, r]
                field = _field(s, r, memory.exponential, scratch)
                if is_warm:
                    moves = heat_bath(float32(field * scales[sweep]), words[i & 3, r]) != s
                else:
                    moves = s * field < -slack[r]
                if moves:
                    _flip(spins, i, r, memory, scratch)
                    flips += 1
        sweep += 1
        if flips == 0 and not is_warm:
            return
