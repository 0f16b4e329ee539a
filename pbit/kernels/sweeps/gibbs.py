"""Single-spin updates in fixed order, many reads side by side.

Arrays of a block of R reads on n spins (all C-contiguous; F is float32 or float64):

- ``spins`` int8 (n, R): reads contiguous, so that updates go over reads in vectors;
- ``h`` F (n,), or (n, R) where each read has biases of its own, not with a full matrix;
- ``couplings``: (``indptr`` int64, ``indices`` int32, ``weights`` F), the model in CSR; or
  (``weights`` F, ``terms`` int64 (n + 1,), ``pointers`` int64, ``members`` int32), for each site
  the terms it is in, with their other members; or a full matrix F (n, n), with float32 spins;
- ``scales`` F (num_betas, 1 or R): ``2 * beta * log2(e)``, finite (the largest float for
  beta = inf);
- ``exact``: see :mod:`pbit.kernels.sweeps.books`; ``plan``, ``stream``, ``tracked``, ``watch`` and
  ``observer``: see :mod:`pbit.kernels.sweeps.records`.

A read's words depend on (seed, slot, sweep, read, purpose) alone and its floats are summed in the
order of the couplings, so that this kernel, :mod:`pbit.kernels.sweeps.single` and
:mod:`pbit.kernels.sweeps.chromatic` give the same bits for any block size.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numba import int8, int64, types, uint32

from pbit.kernels.jit import bare_kernel, chosen_by_types, inner
from pbit.kernels.random.ars import key_schedule
from pbit.kernels.random.stream import START, UPDATE, fill_words, tag
from pbit.kernels.random.stream_lanes import fill_reads
from pbit.kernels.sweeps.books import close_sweep, settle
from pbit.kernels.sweeps.dense import update_group_heat_bath, update_group_metropolis
from pbit.kernels.sweeps.lanes import update_heat_bath, update_metropolis
from pbit.kernels.sweeps.records import Observer, Plan, Stream, Tracked, Watch

_CHECK_EVERY = 1 << 20
_SETTLE = 63  # updates whose costs are summed in the fields' precision, less one


def _update_four(
    spins: Any,
    i: Any,
    h: Any,
    couplings: Any,
    words: Any,
    change: Any,
    scales: Any,
    metropolis: Any,
) -> None:
    """Update sites i..i + 3; what code that is depends on the types of ``couplings`` and
    ``metropolis``."""
    raise NotImplementedError("only in compiled code")


@chosen_by_types(_update_four)  # type: ignore[untyped-decorator]
def _compile_update_four(  # type: ignore[no-untyped-def]
    spins, i, h, couplings, words, change, scales, metropolis
):
    is_heat_bath = isinstance(metropolis, types.NoneType)
    update_group = update_group_heat_bath if is_heat_bath else update_group_metropolis
    update = update_heat_bath if is_heat_bath else update_metropolis

    def dense(  # type: ignore[no-untyped-def]
        spins, i, h, couplings, words, change, scales, metropolis
    ):
        sizes = (spins.shape[1], spins.shape[0])
        update_group(spins, i, couplings, h, words, change, scales, sizes)

    def sparse(  # type: ignore[no-untyped-def]
        spins, i, h, couplings, words, change, scales, metropolis
    ):
        for site in range(i, min(i + 4, h.size)):
            numbers = (h[site], spins.shape[1])
            update(spins, site, couplings, words, site & 3, change, scales, numbers)

    def own_biases(  # type: ignore[no-untyped-def]
        spins, i, h, couplings, words, change, scales, metropolis
    ):
        for site in range(i, min(i + 4, h.shape[0])):
            numbers = (h, spins.shape[1])
            update(spins, site, couplings, words, site & 3, change, scales, numbers)

    if h.ndim == 2:
        return own_biases
    return dense if isinstance(couplings, types.Array) else sparse


class Scratch(NamedTuple):
    """Memory of a block's sweeps: ``keys`` int64 (16,), the round keys; ``words`` uint32 (4, R);
    ``row``, the scales of the sweep, and ``change``, zeros, both F (R,)."""

    keys: Any
    words: Any
    row: Any
    change: Any

    @classmethod
    def of(cls, reads: int, stream: Any, real: Any) -> Scratch:
        """For so many reads and fields of this dtype."""
        keys = key_schedule(*stream[1:])
        return cls(
            keys, np.empty((4, reads), np.uint32), np.empty(reads, real), np.zeros(reads, real)
        )


@inner
def sweep_block(
    spins: Any, h: Any, couplings: Any, number: Any, metropolis: Any, energies: Any, stop: Any,
    scratch: Any,
) -> Any:  # fmt: skip
    """One sweep of all reads at the scales in ``scratch.row``; whether it came to its end.

    ``number`` = (sweep, first read). Rows of spins beyond those of h are held.
    """
    n, reads = h.shape[0], spins.shape[1]
    sweep, read0 = number
    keys, words, row, change = scratch
    c1, c3 = int64(sweep & 0xFFFFFFFF), int64(tag(UPDATE, sweep, 0))
    since_check = 0
    for i in range(0, n, 4):
        fill_reads(words, (int64(i >> 2), c1, int64(read0), c3), keys)
        _update_four(spins, i, h, couplings, words, change, row, metropolis)
        if i & _SETTLE == _SETTLE & ~3:
            settle(change, energies)
        since_check += 4 * reads
        if since_check > _CHECK_EVERY:
            since_check = 0
            if stop[0]:
                settle(change, energies)
                return False
    settle(change, energies)
    return True


def anneal_block(
    spins: Any,
    model: Any,
    plan: Plan,
    stream: Stream,
    tracked: Tracked,
    watch: Watch,
    observer: Observer,
) -> None:
    """Fixed-order sweeps of a block of reads, side by side; their number a multiple of 16.

    model = (h, couplings, exact), couplings being (indptr, indices, weights) or (weights, terms,
    pointers, members) with int8 spins, or a full matrix with float32 spins, both padded to a
    multiple of 4 sites; the plan's order and fraction are not used.
    """
    scratch = Scratch.of(spins.shape[1], stream, plan.scales.dtype)
    _anneal_block(spins, model, plan, stream, tracked, watch, observer, scratch)


@bare_kernel
def _anneal_block(
    spins: Any,
    model: Any,
    plan: Any,
    stream: Any,
    tracked: Any,
    watch: Any,
    observer: Any,
    scratch: Any,
) -> None:
    h, couplings, exact = model
    scales, row = plan.scales, scratch.row
    for sweep in range(plan.first, plan.last):
        for r in range(row.size):
            row[r] = scales[sweep // plan.sweeps_per_beta, min(r, scales.shape[1] - 1)]
        number = (sweep, stream.read)
        if not sweep_block(
            spins, h, couplings, number, plan.metropolis, tracked.energies, watch.stop, scratch
        ):
            return
        close_sweep(spins, sweep, tracked, watch, exact, observer)
        if watch.stop[0]:
            return


def random_spins(spins: Any, read0: Any, key0: Any, key1: Any) -> None:
    """Fill int8 (n, R) with fair coins: the top bit of the word of (site, sweep 0, read, START)."""
    _random_spins(spins, read0, key0, key1, np.empty((4, spins.shape[1]), np.uint32))


@bare_kernel
def _random_spins(spins: Any, read0: Any, key0: Any, key1: Any, words: Any) -> None:
    for i in range(spins.shape[0]):
        if i & 3 == 0:
            fill_words(words, i >> 2, 0, read0, START, key0, key1)
        w = words[i & 3]
        out = spins[i]
        for r in range(out.size):
            out[r] = int8(1) - int8(2) * int8(w[r] >> uint32(31))
