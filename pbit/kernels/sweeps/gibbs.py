"""Single-spin updates in fixed order, many reads side by side.

Arrays of a block of R reads on n spins (all C-contiguous; F is float32 or float64):

- ``spins`` int8 (n, R): reads contiguous, so that updates go over reads in vectors;
- ``h`` F (n,) and ``couplings``: (``indptr`` int64, ``indices`` int32, ``weights`` F), the model
  in CSR; or (``weights`` F, ``terms`` int64 (n + 1,), ``pointers`` int64, ``members`` int32), for
  each site the terms it is in, with their other members; or a full matrix F (n, n), with float32
  spins;
- ``scales`` F (num_betas, 1 or R): ``2 * beta * log2(e)``, finite (the largest float for
  beta = inf);
- ``energies`` float64 (R,): tracked energies, updated by what each flip costs;
- ``best_energies`` float64 (R,), ``best_spins`` int8 (n, R) or (0, R) when not wanted;
- ``stop`` uint8 (1,): nonzero ends the run at the next sweep or after about 4 million updates;
- ``sweeps_done`` int64 (R,): whole sweeps made of each read;
- ``beat`` float64 (2,): sweeps done in all and lowest energy so far, for whoever watches;
- ``trace`` float64 (sweeps,) or (0,): lowest energy at the end of each sweep;
- ``exact`` and ``observer``: see :mod:`pbit.kernels.sweeps.books`.

A read's words depend on (seed, slot, sweep, read, purpose) alone and its floats are summed in the
order of the couplings, so that this kernel, :mod:`pbit.kernels.sweeps.single` and
:mod:`pbit.kernels.sweeps.chromatic` give the same bits for any block size.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import int8, int64, uint32, uint64
from numba.core import types
from numba.extending import overload

from pbit.kernels.jit import kernel
from pbit.kernels.random.philox import START, UPDATE, fill_words, philox, round_keys, tag
from pbit.kernels.random.philox_lanes import fill_reads
from pbit.kernels.sweeps.books import close_sweep, settle
from pbit.kernels.sweeps.dense import update_group_heat_bath, update_group_metropolis
from pbit.kernels.sweeps.lanes import update_heat_bath, update_metropolis

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
    """Update sites i..i + 3; what code that is depends on the type of ``couplings``."""
    raise NotImplementedError("only in compiled code")


@overload(_update_four)  # type: ignore[untyped-decorator]
def _compile_update_four(  # type: ignore[no-untyped-def]
    spins, i, h, couplings, words, change, scales, metropolis
):
    def dense(  # type: ignore[no-untyped-def]
        spins, i, h, couplings, words, change, scales, metropolis
    ):
        sizes = (spins.shape[1], spins.shape[0])
        if metropolis:
            update_group_metropolis(spins, i, couplings, h, words, change, scales, sizes)
        else:
            update_group_heat_bath(spins, i, couplings, h, words, change, scales, sizes)

    def sparse(  # type: ignore[no-untyped-def]
        spins, i, h, couplings, words, change, scales, metropolis
    ):
        for site in range(i, min(i + 4, spins.shape[0])):
            numbers = (h[site], spins.shape[1])
            quarter = site & 3
            if metropolis:
                update_metropolis(spins, site, couplings, words, quarter, change, scales, numbers)
            else:
                update_heat_bath(spins, site, couplings, words, quarter, change, scales, numbers)

    return dense if isinstance(couplings, types.Array) else sparse


@kernel
def anneal_block(
    spins: Any,
    model: Any,
    plan: Any,
    stream: Any,
    tracked: Any,
    watch: Any,
    observer: Any,
) -> None:
    """Fixed-order sweeps of a block of reads, side by side; their number a multiple of 16.

    model = (h, couplings, exact), couplings being (indptr, indices, weights) or (weights, terms,
    pointers, members) with int8 spins, or a full matrix with float32 spins, both padded to a
    multiple of 4 sites; plan = (scales (num_betas, 1 or R), sweeps_per_beta, metropolis, order,
    fraction, (first, last sweep + 1)), order and fraction not used here; stream = (read0, key0,
    key1); tracked = (energies, best_energies, best_spins, keep_best, sweeps_done); watch = (stop,
    beat, aim, wanted, trace): only the first ``wanted`` reads can end the run or count as best,
    the rest fill vector lanes.
    """
    h, couplings, exact = model
    scales, sweeps_per_beta, metropolis, _, _, (first, last) = plan
    read0, key0, key1 = stream
    energies, stop = tracked[0], watch[0]
    n, reads = spins.shape
    change = np.zeros(reads, scales.dtype)
    row = np.empty(reads, scales.dtype)
    words = np.empty((4, reads), np.uint32)
    keys = round_keys(int64(key0), int64(key1))
    since_check = 0
    for sweep in range(first, last):
        c1, c3 = int64(sweep & 0xFFFFFFFF), int64(tag(UPDATE, sweep, 0))
        for r in range(reads):
            row[r] = scales[sweep // sweeps_per_beta, min(r, scales.shape[1] - 1)]
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
                    return
        settle(change, energies)
        close_sweep(spins, sweep, tracked, watch, exact, observer)
        if stop[0]:
            return


@kernel
def random_spins(spins: Any, read0: Any, key0: Any, key1: Any) -> None:
    """Fill int8 (n, R) with fair coins: the top bit of the word of (site, sweep 0, read, START)."""
    words = np.empty((4, spins.shape[1]), np.uint32)
    for i in range(spins.shape[0]):
        if i & 3 == 0:
            fill_words(words, i >> 2, 0, read0, START, key0, key1)
        w = words[i & 3]
        out = spins[i]
        for r in range(out.size):
            out[r] = int8(1) - int8(2) * int8(w[r] >> uint32(31))


@kernel
def philox_words(counters: Any, key0: Any, key1: Any) -> Any:
    """The four output words, uint32 (m, 4), of counters uint32 (m, 4): the generator as such."""
    out = np.empty(counters.shape, np.uint32)
    for k in range(counters.shape[0]):
        c = counters[k]
        a, b, d, e = philox(uint64(c[0]), uint64(c[1]), uint64(c[2]), uint64(c[3]), key0, key1)
        out[k, 0] = a
        out[k, 1] = b
        out[k, 2] = d
        out[k, 3] = e
    return out
