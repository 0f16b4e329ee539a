"""Single-spin updates on a sparse graph, many reads side by side or one read at a time.

Arrays of a block of R reads on n spins (all C-contiguous; F is float32 or float64):

- ``spins`` int8 (n, R): reads contiguous, so that updates go over reads in vectors;
- ``h`` F (n,), ``indptr`` int64, ``indices`` int32, ``weights`` F: the model in CSR, or a full
  matrix F (n, n) and float32 spins for dense couplings;
- ``scales`` F (num_betas,): ``2 * beta * log2(e)``, finite (the largest float for beta = inf);
- ``energies`` float64 (R,): tracked energies, updated by what each flip costs;
- ``best_energies`` float64 (R,), ``best_spins`` int8 (n, R) or (0, R) when not wanted;
- ``stop`` uint8 (1,): nonzero ends the run at the next sweep or after about 4 million updates;
- ``sweeps_done`` int64 (R,): whole sweeps made of each read;
- ``beat`` float64 (2,): sweeps done in all and lowest energy so far, for whoever watches;
- ``trace`` float64 (sweeps,) or (0,): lowest energy at the end of each sweep.

A read's words depend on (seed, slot, sweep, read, purpose) alone and its floats are summed in CSR
order, so both kernels give the same bits for any block size.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import float32, int8, njit, uint32, uint64
from numba.core import types
from numba.extending import overload

from pbit.kernels.bits import exp2, fma
from pbit.kernels.dense import update_group_heat_bath, update_group_metropolis
from pbit.kernels.jit import kernel
from pbit.kernels.lanes import update_heat_bath, update_metropolis
from pbit.kernels.philox import ORDER, START, UPDATE, fill_words, philox, tag

_ZERO = float32(0.0)
_HALF = float32(0.5)
_FROZEN = float32(-44.0)
_ALL = float32(4294967296.0)
_CHECK_EVERY = 1 << 20
_SETTLE = 63  # updates whose costs are summed in the fields' precision, less one
_RESUM = 1023  # sweeps before tracked energies are summed anew, less one
_LOW = uint64(0xFFFFFFFF)


@njit(inline="always")
def _heat_bath(x: Any, word: Any) -> Any:
    """New spin: +1 iff u < sigma(2 beta f), with x = 2 beta f log2(e) and u = (word + 1/2) / 2**32.

    Compared on the side of the rarer outcome, where float32 keeps its relative precision.
    """
    t = exp2(max(-abs(x), _FROZEN))
    up = x > _ZERO
    v = ~word if up else word
    u = float32(v) + _HALF
    against = fma(u, t, u) < t * _ALL
    return int8(1) if up != against else int8(-1)


@njit(inline="always")
def _metropolis(x: Any, word: Any, spin: Any) -> Any:
    """New spin: flipped iff u <= exp(-2 beta f s); a move that costs nothing is always made."""
    cost = x if spin > 0 else -x
    t = exp2(max(-max(cost, _ZERO), _FROZEN))
    return int8(-spin) if float32(word) + _HALF <= t * _ALL else int8(spin)


@njit
def _settle(change: Any, energies: Any) -> None:
    for r in range(energies.size):
        energies[r] += change[r]
        change[r] = 0


@njit
def _keep_best(spins: Any, energies: Any, best_energies: Any, best_spins: Any) -> None:
    """Copy every read that is better than ever before."""
    better = energies < best_energies
    if not better.any():
        return
    for r in range(energies.size):
        if better[r]:
            best_energies[r] = energies[r]
    for i in range(best_spins.shape[0]):
        now = spins[i]
        best = best_spins[i]
        for r in range(energies.size):
            best[r] = now[r] if better[r] else best[r]


@njit
def _exact_energy(spins: Any, r: Any, exact: Any) -> Any:
    """Energy of read r in float64; ``exact`` = (h, indptr, indices, weights)."""
    h, indptr, indices, weights = exact
    total = 0.0
    for i in range(h.size):
        f = 0.0
        for k in range(indptr[i], indptr[i + 1]):
            f += weights[k] * spins[indices[k], r]
        total -= spins[i, r] * (0.5 * f + h[i])
    return total


@njit
def _reached(spins: Any, energies: Any, aim: Any, exact: Any) -> Any:
    """Whether some read is at ``aim = (target, slack)``; tracked energies only nominate it."""
    target, slack = aim
    for r in range(energies.size):
        if energies[r] <= target + slack and _exact_energy(spins, r, exact) <= target:
            return True
    return False


def _update_four(
    spins: Any,
    i: Any,
    h: Any,
    couplings: Any,
    words: Any,
    change: Any,
    scale: Any,
    metropolis: Any,
) -> None:
    """Update sites i..i + 3; what code that is depends on the type of ``couplings``."""
    raise NotImplementedError("only in compiled code")


@overload(_update_four)  # type: ignore[untyped-decorator]
def _compile_update_four(  # type: ignore[no-untyped-def]
    spins, i, h, couplings, words, change, scale, metropolis
):
    def dense(  # type: ignore[no-untyped-def]
        spins, i, h, couplings, words, change, scale, metropolis
    ):
        numbers = (scale, spins.shape[1], spins.shape[0])
        if metropolis:
            update_group_metropolis(spins, i, couplings, h, words, change, numbers)
        else:
            update_group_heat_bath(spins, i, couplings, h, words, change, numbers)

    def sparse(  # type: ignore[no-untyped-def]
        spins, i, h, couplings, words, change, scale, metropolis
    ):
        indptr, indices, weights = couplings
        for site in range(i, min(i + 4, spins.shape[0])):
            bounds = (indptr[site], indptr[site + 1])
            numbers = (h[site], scale, spins.shape[1])
            quarter = site & 3
            if metropolis:
                update_metropolis(
                    spins, site, indices, weights, bounds, words, quarter, change, numbers
                )
            else:
                update_heat_bath(
                    spins, site, indices, weights, bounds, words, quarter, change, numbers
                )

    return dense if isinstance(couplings, types.Array) else sparse


@kernel
def anneal_block(
    spins: Any,
    model: Any,
    plan: Any,
    stream: Any,
    tracked: Any,
    watch: Any,
) -> None:
    """Fixed-order sweeps of a block of reads, side by side; their number a multiple of 16.

    model = (h, couplings, exact), couplings being (indptr, indices, weights) with int8 spins, or a
    full matrix with float32 spins, both padded to a multiple of 4 sites; plan = (scales,
    sweeps_per_beta, metropolis, random_order), the last not used here; stream =
    (read0, key0, key1); tracked = (energies, best_energies, best_spins, keep_best, sweeps_done);
    watch = (stop, beat, aim, wanted, trace): only the first ``wanted`` reads can end the run or
    count as best, the rest fill vector lanes.
    """
    h, couplings, exact = model
    scales, sweeps_per_beta, metropolis, _ = plan
    read0, key0, key1 = stream
    energies, best_energies, best_spins, keep_best, sweeps_done = tracked
    stop, beat, aim, wanted, trace = watch
    n, reads = spins.shape
    change = np.zeros(reads, scales.dtype)
    words = np.empty((4, reads), np.uint32)
    since_check = 0
    sweeps = scales.size * sweeps_per_beta
    for sweep in range(sweeps):
        scale = scales[sweep // sweeps_per_beta]
        for i in range(0, n, 4):
            fill_words(words, i >> 2, sweep, read0, UPDATE, key0, key1)
            _update_four(spins, i, h, couplings, words, change, scale, metropolis)
            if i & _SETTLE == _SETTLE & ~3:
                _settle(change, energies)
            since_check += 4 * reads
            if since_check > _CHECK_EVERY:
                since_check = 0
                if stop[0]:
                    _settle(change, energies)
                    return
        _settle(change, energies)
        if sweep & _RESUM == _RESUM:
            for r in range(reads):
                energies[r] = _exact_energy(spins, r, exact)
        if keep_best:
            _keep_best(spins, energies, best_energies, best_spins)
        sweeps_done[:] = sweep + 1
        beat[0] += wanted
        lowest = energies[:wanted].min()
        beat[1] = min(beat[1], lowest)
        if trace.size:
            trace[sweep] = min(trace[sweep], lowest)
        if aim[0] > -np.inf and _reached(spins, energies[:wanted], aim, exact):
            stop[0] = 1
        if stop[0]:
            return


@kernel
def anneal_reads(
    spins: Any,
    model: Any,
    plan: Any,
    stream: Any,
    tracked: Any,
    watch: Any,
) -> None:
    """Sweeps of a block of reads, one read after the other; arguments as :func:`anneal_block`.

    With ``random_order`` each update picks its spin at random, with replacement, as
    ``site = n * word / 2**32`` (a site's frequency is off by less than n / 2**32).
    """
    read0, key0, key1 = stream
    energies, best_energies, best_spins, keep_best, sweeps_done = tracked
    stop, wanted = watch[0], watch[3]
    n = spins.shape[0]
    one = np.empty((n, 1), np.int8)
    for read in range(wanted):
        if stop[0] and read:
            return
        one[:, 0] = spins[:, read]
        best = one.copy() if keep_best else one[:0].copy()
        part = slice(read, read + 1)
        sweeps_done[read] = _anneal_one(
            one,
            model,
            plan,
            (uint64(read0) + uint64(read), key0, key1),
            (energies[part], best_energies[part], best, keep_best),
            watch,
        )
        spins[:, read] = one[:, 0]
        if keep_best:
            best_spins[:, read] = best[:, 0]


@njit
def _anneal_one(one: Any, model: Any, plan: Any, stream: Any, tracked: Any, watch: Any) -> Any:
    """Sweeps of the read in ``one`` (n, 1); returns how many were done."""
    h, (indptr, indices, weights), exact = model
    scales, sweeps_per_beta, metropolis, random_order = plan
    read, key0, key1 = stream
    energies, best_energies, best_spins, keep_best = tracked
    stop, beat, aim, _, trace = watch
    n = one.shape[0]
    s = one[:, 0]
    c2 = read & _LOW
    a = b = c = d = u0 = u1 = u2 = u3 = uint32(0)
    since_check = 0
    sweeps = scales.size * sweeps_per_beta
    for sweep in range(sweeps):
        scale = scales[sweep // sweeps_per_beta]
        change = weights.dtype.type(0)
        for slot in range(n):
            q = slot & 3
            if q == 0:
                c0 = uint64(slot >> 2)
                c1 = uint64(sweep) & _LOW
                a, b, c, d = philox(c0, c1, c2, tag(UPDATE, sweep, 0), key0, key1)
                if random_order:
                    u0, u1, u2, u3 = philox(c0, c1, c2, tag(ORDER, sweep, 0), key0, key1)
            word = (a if q == 0 else b) if q < 2 else (c if q == 2 else d)
            i = np.int64(slot)
            if random_order:
                pick = (u0 if q == 0 else u1) if q < 2 else (u2 if q == 2 else u3)
                i = np.int64((uint64(pick) * uint64(n)) >> uint64(32))
            f = _field(s, h[i], indices, weights, indptr[i], indptr[i + 1])
            x = float32(f * scale)
            old = s[i]
            new = _metropolis(x, word, old) if metropolis else _heat_bath(x, word)
            change += weights.dtype.type(old - new) * f
            s[i] = new
            if slot & _SETTLE == _SETTLE:
                energies[0] += change
                change = weights.dtype.type(0)
            since_check += 1
            if since_check > _CHECK_EVERY:
                since_check = 0
                if stop[0]:
                    energies[0] += change
                    return sweep
        energies[0] += change
        if sweep & _RESUM == _RESUM:
            energies[0] = _exact_energy(one, 0, exact)
        if keep_best:
            _keep_best(one, energies, best_energies, best_spins)
        beat[0] += 1
        beat[1] = min(beat[1], energies[0])
        if trace.size:
            trace[sweep] = min(trace[sweep], energies[0])
        if aim[0] > -np.inf and _reached(one, energies, aim, exact):
            stop[0] = 1
        if stop[0]:
            return sweep + 1
    return sweeps


@njit(inline="always")
def _field(s: Any, bias: Any, indices: Any, weights: Any, start: Any, end: Any) -> Any:
    f = bias
    for k in range(start, end):
        f = f + weights[k] * weights.dtype.type(s[indices[k]])
    return f


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
def block_energies(spins: Any, h: Any, indptr: Any, indices: Any, weights: Any, out: Any) -> None:
    """``out[r] = -s J s / 2 - h s`` in float64, for int8 spins (n, R) and float64 model arrays."""
    out[:] = 0.0
    f = np.empty(out.size)
    for i in range(h.size):
        f[:] = 2.0 * h[i]
        for k in range(indptr[i], indptr[i + 1]):
            other = spins[indices[k]]
            w = weights[k]
            for r in range(out.size):
                f[r] += w * other[r]
        s = spins[i]
        for r in range(out.size):
            out[r] -= 0.5 * f[r] * s[r]


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
