"""One read after the other: sweeps that sum fields, or keep them where few spins flip."""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import float32, int8, uint64

from pbit.kernels.jit import bare_kernel, inner
from pbit.kernels.random.ars import key_schedule
from pbit.kernels.sweeps.books import close_sweep, exact_energy, lane_of
from pbit.kernels.sweeps.fields import AHEAD
from pbit.kernels.sweeps.kept import bound, slack_of, sum_kept, update_kept
from pbit.kernels.sweeps.records import Observer, Plan, Stream, Tracked, Watch
from pbit.kernels.sweeps.single import (
    FIXED,
    PERMUTATION,
    SUBSET,
    SYNCHRONOUS,
    Scratch,
    draw_limits,
    draw_places,
    is_together,
    update_summed,
)

# Flips an update up to which it pays to keep the fields: in the order of the sites, in others, and
# with so many neighbours that their number is all that counts.
_FEW, _FEW_PICKED, _FEW_OF_MANY = 0.25, 0.13, 0.3
_MANY_NEIGHBOURS = 24
_MORE = 1.2  # times as many, once they are kept: they need not be summed for it
_CHECK_EVERY = 1 << 20  # updates
_MOST_FLIPS = 1 << 20  # before kept fields are summed anew
_WIDEST_MARGIN = 1.0  # in x, beyond which too much would be asked twice


def anneal_reads(
    spins: Any,
    model: Any,
    plan: Plan,
    stream: Stream,
    tracked: Tracked,
    watch: Watch,
    observer: Observer,
    *,
    keeps: bool = False,
) -> None:
    """Sweeps of a block of reads; arguments as :func:`pbit.kernels.sweeps.gibbs.anneal_block`.

    ``keeps``: fields may be kept, for couplings act both ways. Spins are the same.
    """
    h, couplings, exact = model
    model = (_by_read(h), couplings, (_by_read(exact[0]), *exact[1:]))
    order = plan.order or FIXED
    plan = plan._replace(order=order, metropolis=bool(plan.metropolis))
    scratch = scratch_of(
        len(spins),
        h,
        order,
        key_schedule(*stream[1:]),
        keeps=keeps and order not in (SUBSET, SYNCHRONOUS),
        keeps_best=tracked.keeps_best,
    )
    few = _few(order, couplings, len(h)) * len(h)
    _anneal_reads(spins, model, plan, stream, tracked, watch, observer, scratch, few)


def _few(order: int, couplings: Any, n: int) -> float:
    """Flips an update up to which it pays to keep the fields."""
    weights = couplings[2] if len(couplings) == 3 else couplings[0]
    if weights.size > _MANY_NEIGHBOURS * n:
        return _FEW_OF_MANY
    return _FEW if order == FIXED else _FEW_PICKED


def scratch_of(n: int, h: Any, order: int, keys: Any, *, keeps: bool, keeps_best: bool) -> Scratch:
    """Memory of a read of n spins, not more of them free than there are biases."""
    padded = -(-n // AHEAD) * AHEAD
    return Scratch(
        one=np.empty((n, 1), np.int8),
        signs=np.ones(padded, np.float32),
        best=np.empty((n if keeps_best else 0, 1), np.int8),
        before=np.empty(n, np.float32),
        sites=np.empty(n if order == PERMUTATION else 0, np.int64),
        bias=np.empty(len(h), h.dtype),
        full=np.empty(n),
        words=np.empty(AHEAD, np.uint32),
        limits=np.empty(AHEAD, np.float32),
        picks=np.empty(AHEAD, np.uint32),
        places=np.zeros(AHEAD, np.int64),
        keys=keys,
        kept=np.zeros(padded if keeps else 0),
    )


def _by_read(h: Any) -> Any:
    """Biases (n, R), or (n, 1) where all reads have the same: one kernel for both."""
    return h if h.ndim == 2 else h[:, None]


@bare_kernel
def _anneal_reads(
    spins: Any,
    model: Any,
    plan: Any,
    stream: Any,
    tracked: Any,
    watch: Any,
    observer: Any,
    scratch: Any,
    few: Any,
) -> None:
    energies, best_energies, best_spins, keeps_best, sweeps_done = tracked
    stop, beat, aim, wanted, trace = watch
    one, best = scratch.one, scratch.best
    h, couplings, exact = model
    n = one.shape[0]
    own_exact = (scratch.full, exact[1], exact[2])
    order = plan.order
    slack = -1.0  # not known yet
    for read in range(wanted):
        if stop[0] and read:
            return
        if h.shape[1] > 1:
            slack = -1.0
        _begin(scratch, spins, h, exact[0], read)
        lane = slice(read, read + 1)
        energy = energies[lane]
        books = (energy, best_energies[lane], best, keeps_best, sweeps_done[lane])
        observed = lane_of(observer, lane)
        column = min(read, plan.scales.shape[1] - 1)
        number = uint64(stream.read) + uint64(read)
        keeping = False
        flips, since = np.int64(scratch.bias.size), np.int64(0)
        for sweep in range(plan.first, plan.last):
            scale = plan.scales[sweep // plan.sweeps_per_beta, column]
            if slack < 0.0 and sweep > plan.first:  # which a single sweep is not worth
                slack = slack_of(scratch.bias, couplings, _MOST_FLIPS + n)
            was = keeping
            keeping = scratch.kept.size > 0 and flips < (_MORE * few if was else few)
            keeping = keeping and bound(slack, scale) < _WIDEST_MARGIN
            if keeping and (not was or since > _MOST_FLIPS):
                sum_kept(scratch, couplings)
                since = np.int64(0)
            flips = sweep_once(
                scratch, couplings, plan, sweep, scale, number, energy, stop, slack, keeping
            )
            since += flips
            if flips < 0:
                break
            for i in range(n):
                one[i, 0] = int8(scratch.signs[i])
            if is_together(order):  # the costs of moves made together do not add up
                energy[0] = exact_energy(one, 0, own_exact)
            close_sweep(one, sweep, books, (stop, beat, aim, 1, trace), own_exact, observed)
            if stop[0]:
                break
        for i in range(n):
            spins[i, read] = one[i, 0]
        for i in range(best.shape[0]):
            best_spins[i, read] = best[i, 0]


@inner
def sweep_once(
    scratch: Any, couplings: Any, plan: Any, sweep: Any, scale: Any, read: Any, energy: Any,
    stop: Any, slack: Any, keeping: Any,
) -> Any:  # fmt: skip
    """One sweep of the read in ``scratch.signs``: how many spins flipped, -1 if it was stopped."""
    order, metropolis = plan.order, plan.metropolis
    if is_together(order):
        for i in range(scratch.before.size):
            scratch.before[i] = scratch.signs[i]
    flips = 0
    for start in range(0, scratch.bias.size, AHEAD):
        if start & (_CHECK_EVERY - 1) == 0 and start and stop[0]:
            return -1
        draw_limits(scratch, start, sweep, read, metropolis)
        draw_places(scratch, start, sweep, read, order, plan.fraction)
        if keeping:
            flips += update_kept(scratch, couplings, start, scale, order, metropolis, slack, energy)
        else:
            flips += update_summed(
                scratch, couplings, start, scale, order, metropolis, slack == 0.0, energy
            )
    return flips


@inner
def _begin(scratch: Any, spins: Any, h: Any, full: Any, read: Any) -> None:
    """Spins and biases of this read."""
    one, best = scratch.one, scratch.best
    for i in range(one.shape[0]):
        one[i, 0] = spins[i, read]
        scratch.signs[i] = float32(spins[i, read])
    for i in range(best.shape[0]):
        best[i, 0] = spins[i, read]
    for i in range(scratch.sites.size):
        scratch.sites[i] = i
    own = min(read, h.shape[1] - 1)
    for i in range(scratch.bias.size):
        scratch.bias[i] = h[i, own]
    for i in range(scratch.full.size):
        scratch.full[i] = full[i, own]
