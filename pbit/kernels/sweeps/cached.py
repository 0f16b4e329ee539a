"""Dense couplings at low temperature, one read at a time: fields are kept, not summed.

Sixteen sites decide together from the fields as they are. Where none flips, which is the rule in
the cold, that was one update of each. Where some do, the first of them flips, its row of the
matrix is added to all fields, and the sites after it decide again with the same random words:
still one update after the other, at a cost of n operations a flip instead of n an update.

Decisions are those of :mod:`pbit.kernels.sweeps.lanes`, made by limits that are drawn ahead
(:mod:`pbit.kernels.sweeps.limits`); fields are sums in another order.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numba import int64, types, uint64
from numba.extending import intrinsic

from pbit.kernels.jit import bare_kernel, inner
from pbit.kernels.random.ars import key_schedule
from pbit.kernels.random.stream import UPDATE, tag
from pbit.kernels.random.stream_lanes import fill_slots, fill_sweeps
from pbit.kernels.sweeps.books import close_sweep, lane_of
from pbit.kernels.sweeps.lanes import LANES
from pbit.kernels.sweeps.limits import decide, decide_by_rule, fill_limits
from pbit.kernels.sweeps.records import Observer, Plan, Stream, Tracked, Watch
from pbit.kernels.vectors.float_bits import first_bit
from pbit.kernels.vectors.llvm import (
    I8,
    constant,
    data_of,
    load,
    splat,
    store,
)

_CHECK_EVERY = 1 << 22  # operations
_MOST_FLIPS = 4096  # before fields are summed anew: what rounding leaves in them grows with flips


@intrinsic  # type: ignore[untyped-decorator]
def _turn(typingctx: Any, spins: Any, at: Any, lane: Any) -> Any:
    """``spins[at + lane] *= -1`` by way of all sixteen: a decision reads them together, and would
    wait for a byte that was written by itself."""

    def codegen(context: Any, b: Any, signature: Any, arguments: Any) -> Any:
        own, at = data_of(context, b, signature.args[0], arguments[0]), arguments[1]
        before = load(b, own, at, lanes=LANES)
        lane = splat(b, b.trunc(arguments[2], I8), LANES)
        turned = b.icmp_signed("==", lane, constant(I8, range(LANES), LANES))
        store(b, b.select(turned, b.neg(before), before), own, at)
        return context.get_dummy_value()

    return types.void(spins, types.int64, types.int64), codegen


@inner
def _sum_fields(spins: Any, h: Any, matrix: Any, fields: Any) -> None:
    for i in range(fields.size):
        fields[i] = h[i]
    for j in range(spins.size):
        row = matrix[j]
        if spins[j] > 0:
            for i in range(fields.size):
                fields[i] += row[i]
        else:
            for i in range(fields.size):
                fields[i] -= row[i]


@inner
def _flip(spins: Any, at: Any, lane: Any, matrix: Any, fields: Any) -> Any:
    """Flip a spin and tell the fields; what it cost."""
    i = at + lane
    row, twice = matrix[i], fields.dtype.type(-2 * spins[i])
    cost = -twice * fields[i]
    _turn(spins, at, lane)
    for k in range(fields.size):
        fields[k] += twice * row[k]
    return np.float64(cost)


class Scratch(NamedTuple):
    """Memory of a read: ``one`` int8 (n, 1), its spins; ``best`` int8 (n or 0, 1); ``own`` int8
    (m,), its spins, padded; ``fields`` F (m,); ``words`` uint32 (64,) and their ``limits`` float32
    (64,); ``keys`` int64 (16,), the round keys."""

    one: Any
    best: Any
    own: Any
    fields: Any
    words: Any
    limits: Any
    keys: Any


def anneal_cached(
    spins: Any,
    model: Any,
    plan: Plan,
    stream: Stream,
    tracked: Tracked,
    watch: Watch,
    observer: Observer,
) -> None:
    """Sweeps of the wanted reads of a block, one read after the other.

    spins float32 (m, R), as best_spins if there are any; model = (h (m,), matrix (m, m), exact),
    m a multiple of 16 and the sites beyond n coupled to nothing; order and fraction not used.
    """
    h, n = model[0], model[2][0].size
    scratch = Scratch(
        one=np.empty((n, 1), np.int8),
        best=np.empty((n if tracked.keeps_best else 0, 1), np.int8),
        own=np.empty(h.size, np.int8),
        fields=np.empty(h.size, h.dtype),
        words=np.empty(64, np.uint32),
        limits=np.empty(64, np.float32),
        keys=key_schedule(*stream[1:]),
    )
    _anneal_cached(spins, model, plan, stream, tracked, watch, observer, scratch)


@bare_kernel
def _anneal_cached(
    spins: Any,
    model: Any,
    plan: Any,
    stream: Any,
    tracked: Any,
    watch: Any,
    observer: Any,
    scratch: Any,
) -> None:
    one, best, own = scratch.one, scratch.best, scratch.own
    energies, best_energies, best_spins, keeps_best, sweeps_done = tracked
    stop, beat, aim, wanted, trace = watch
    for read in range(wanted):
        if stop[0] and (read or plan.first):
            return
        for i in range(one.size):
            own[i] = spins[i, read]
        for i in range(one.size, own.size):
            own[i] = 1
        for i in range(best.size):
            best[i, 0] = best_spins[i, read]
        lane = slice(read, read + 1)
        books = (energies[lane], best_energies[lane], best, keeps_best, sweeps_done[lane])
        _sweep_read(
            model, plan, uint64(stream.read) + uint64(read), min(read, plan.scales.shape[1] - 1),
            books, (stop, beat, aim, 1, trace), lane_of(observer, lane), scratch,
        )  # fmt: skip
        for i in range(one.size):
            spins[i, read] = own[i]
        for i in range(best.size):
            best_spins[i, read] = best[i, 0]


@inner
def _sweep_read(
    model: Any, plan: Any, read: Any, column: Any, tracked: Any, watch: Any, observer: Any,
    scratch: Any,
) -> None:  # fmt: skip
    """Sweeps of the read in ``scratch.own``, or those there are before ``stop`` is set."""
    h, matrix, exact = model
    one, _, own, fields, words, limits, keys = scratch
    energies, stop = tracked[0], watch[0]
    n = one.shape[0]
    _sum_fields(own, h, matrix, fields)
    flips = since_check = 0
    for sweep in range(plan.first, plan.last):
        scale = plan.scales[sweep // plan.sweeps_per_beta, column]
        c1, c3 = int64(sweep & 0xFFFFFFFF), int64(tag(UPDATE, sweep, 0))
        if flips > _MOST_FLIPS:
            _sum_fields(own, h, matrix, fields)
            flips = 0
        place = (sweep & 3) * LANES if n <= LANES else 0
        if n <= LANES and (place == 0 or sweep == plan.first):  # words of four sweeps at once
            fill_sweeps(words, int64(0), (int64(0), c1 & ~3, int64(read), c3), keys)
            _fill_limits(words, limits, plan.metropolis)
        for at in range(0, n, LANES):
            if n > LANES and at & 63 == 0:
                fill_slots(words, int64(0), (int64(at >> 2), c1, int64(read), c3), keys)
                _fill_limits(words, limits, plan.metropolis)
            left = uint64(0xFFFF) if at + LANES <= n else (uint64(1) << uint64(n - at)) - uint64(1)
            since_check += LANES
            while left:
                slot = place + (at & 63)
                bits = decide(own, fields, at, limits, slot, scale, plan.metropolis)
                if (bits >> uint64(LANES)) & left:
                    bits = decide_by_rule(own, fields, at, words, slot, scale, plan.metropolis)
                flipping = left & bits
                if not flipping:
                    break
                lane = first_bit(flipping)
                energies[0] += _flip(own, int64(at), int64(lane), matrix, fields)
                flips += 1
                since_check += h.size
                left &= ~((uint64(2) << lane) - uint64(1))
            if since_check > _CHECK_EVERY:
                since_check = 0
                if stop[0]:
                    return
        _copy(own, one)
        close_sweep(one, sweep, tracked, watch, exact, observer)
        if stop[0]:
            return


@inner
def _fill_limits(words: Any, limits: Any, metropolis: Any) -> None:
    for at in range(0, words.size, LANES):
        fill_limits(words, limits, at, metropolis)


@inner
def _copy(own: Any, spins: Any) -> None:
    for i in range(spins.shape[0]):
        spins[i, 0] = own[i]
