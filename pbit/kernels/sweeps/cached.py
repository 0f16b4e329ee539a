"""Dense couplings at low temperature, one read at a time: fields are kept, not summed.

Sixteen sites decide together from the fields as they are. Where none flips, which is the rule in
the cold, that was one update of each. Where some do, the first of them flips, its row of the
matrix is added to all fields, and the sites after it decide again with the same random words:
still one update after the other, at a cost of n operations a flip instead of n an update.

Arithmetic of the decisions as in :mod:`pbit.kernels.sweeps.lanes`; fields are sums in another
order.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from llvmlite import ir
from numba import int64, njit, uint64
from numba.core import types
from numba.extending import intrinsic

from pbit.kernels.jit import kernel
from pbit.kernels.random.philox import UPDATE, round_keys, tag
from pbit.kernels.random.philox_lanes import fill_slots
from pbit.kernels.sweeps.books import close_sweep
from pbit.kernels.sweeps.lanes import LANES, heat_bath, metropolis
from pbit.kernels.vectors.llvm import F32, F64, I8, I32, constant, data_of, load, splat, vector

_CHECK_EVERY = 1 << 22  # operations
_MOST_FLIPS = 4096  # before fields are summed anew: what rounding leaves in them grows with flips
_MASK = ir.IntType(LANES)


def _decider(rule: Callable[..., Any]) -> Any:
    @intrinsic  # type: ignore[untyped-decorator]
    def decide(
        typingctx: Any, spins: Any, fields: Any, at: Any, words: Any, word_at: Any, scale: Any
    ) -> Any:
        """Which of the sites at..at + 15 would flip, as bits of an integer."""

        def codegen(context: Any, b: Any, signature: Any, arguments: Any) -> Any:
            def lanes(k: int, at: Any) -> Any:
                return load(
                    b, data_of(context, b, signature.args[k], arguments[k]), at, lanes=LANES
                )

            x = b.fmul(lanes(1, arguments[2]), splat(b, arguments[5], LANES))
            if arguments[5].type == F64:
                x = b.fptrunc(x, vector(F32, LANES))
            is_up = b.icmp_signed(">", lanes(0, arguments[2]), constant(I8, 0, LANES))
            flips = b.xor(rule(b, x, lanes(3, arguments[4]), is_up), is_up)
            return b.zext(b.bitcast(flips, _MASK), I32)

        arguments = (spins, fields, at, words, word_at, scale)
        return types.uint32(*arguments), codegen

    return decide


_decide_heat_bath = _decider(heat_bath)
_decide_metropolis = _decider(metropolis)


@njit(inline="always")
def _decide(
    spins: Any, fields: Any, at: Any, words: Any, word_at: Any, scale: Any, metropolis: Any
) -> Any:
    if metropolis:
        return uint64(_decide_metropolis(spins, fields, int64(at), words, int64(word_at), scale))
    return uint64(_decide_heat_bath(spins, fields, int64(at), words, int64(word_at), scale))


@njit
def _sum_fields(spins: Any, h: Any, matrix: Any, fields: Any) -> None:
    fields[:] = h
    for j in range(spins.size):
        row = matrix[j]
        if spins[j] > 0:
            for i in range(fields.size):
                fields[i] += row[i]
        else:
            for i in range(fields.size):
                fields[i] -= row[i]


@njit
def _flip(spins: Any, i: Any, matrix: Any, fields: Any) -> Any:
    """Flip a spin and tell the fields; what it cost."""
    row, twice = matrix[i], fields.dtype.type(-2 * spins[i])
    cost = -twice * fields[i]
    spins[i] = -spins[i]
    for k in range(fields.size):
        fields[k] += twice * row[k]
    return np.float64(cost)


@kernel
def anneal_cached(
    spins: Any, model: Any, plan: Any, stream: Any, tracked: Any, watch: Any, observer: Any
) -> None:
    """Sweeps of one read.

    spins int8 (n, 1); model = (h (m,), matrix (m, m), exact), m a multiple of 16 and the sites
    beyond n coupled to nothing; plan as in :func:`pbit.kernels.sweeps.gibbs.anneal_block`, with a
    single column of scales; so the rest.
    """
    h, matrix, exact = model
    scales, sweeps_per_beta, metropolis, _, _, (first, last) = plan
    read, key0, key1 = stream
    energies, stop = tracked[0], watch[0]
    keys = round_keys(int64(key0), int64(key1))
    n = spins.shape[0]
    own = np.ones(h.size, np.int8)
    own[:n] = spins[:, 0]
    fields = np.empty(h.size, h.dtype)
    _sum_fields(own, h, matrix, fields)
    words = np.empty(64, np.uint32)
    flips = since_check = 0
    for sweep in range(first, last):
        scale = scales[sweep // sweeps_per_beta, 0]
        c1, c3 = int64(sweep & 0xFFFFFFFF), int64(tag(UPDATE, sweep, 0))
        if flips > _MOST_FLIPS:
            _sum_fields(own, h, matrix, fields)
            flips = 0
        for at in range(0, n, LANES):
            if at & 63 == 0:
                fill_slots(words, int64(0), (int64(at >> 2), c1, int64(read), c3), keys)
            left = uint64(0xFFFF) if at + LANES <= n else (uint64(1) << uint64(n - at)) - uint64(1)
            since_check += LANES
            while left:
                flipping = left & _decide(own, fields, at, words, at & 63, scale, metropolis)
                if not flipping:
                    break
                lane = _first_bit(flipping)
                energies[0] += _flip(own, at + int64(lane), matrix, fields)
                flips += 1
                since_check += h.size
                left &= ~((uint64(2) << lane) - uint64(1))
            if since_check > _CHECK_EVERY:
                since_check = 0
                if stop[0]:
                    spins[:, 0] = own[:n]
                    return
        spins[:, 0] = own[:n]
        close_sweep(spins, sweep, tracked, watch, exact, observer)
        if stop[0]:
            return


@njit(inline="always")
def _first_bit(bits: Any) -> Any:
    """Position of the lowest set bit."""
    lane = uint64(0)
    while not (bits >> lane) & uint64(1):
        lane += uint64(1)
    return lane
