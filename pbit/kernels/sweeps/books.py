"""The books a run keeps: tracked energies, best states, targets, what was observed on the way.

``exact`` = (h, couplings, position): the model in its own order and full precision, and the row
of the kernel's spins where each site is. ``h`` (n,), or (n, R) where each read has its own.
``couplings`` = (indptr, indices, weights), a matrix in CSR, or (weights, pointers, members), a list
of terms of many spins.

``tracked``, ``watch`` and ``observer``: see :mod:`pbit.kernels.sweeps.records`; plain tuples of the
same length do.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import njit, uint64
from numba.core import types
from numba.extending import overload

from pbit.kernels.jit import bare_kernel, chosen_by_types, inner

RESUM = 1023  # sweeps before tracked energies are summed anew, less one


@inner
def settle(change: Any, energies: Any) -> None:
    """Move what was spent into the energies."""
    for r in range(energies.size):
        energies[r] += change[r]
        change[r] = 0


def bias_at(h: Any, i: Any, r: Any) -> Any:
    """Bias of site i in read r: ``h`` (n,), or (n, R) where each read has its own."""
    raise NotImplementedError("only in compiled code")


@chosen_by_types(bias_at)  # type: ignore[untyped-decorator]
def _compile_bias_at(h, i, r):  # type: ignore[no-untyped-def]
    return (lambda h, i, r: h[i, r]) if h.ndim == 2 else (lambda h, i, r: h[i])


def _pair_energy(spins: Any, r: Any, h: Any, couplings: Any, position: Any) -> Any:
    indptr, indices, weights = couplings
    total = 0.0
    for i in range(h.shape[0]):
        f = 0.0
        for k in range(indptr[i], indptr[i + 1]):
            f += weights[k] * spins[position[indices[k]], r]
        total -= spins[position[i], r] * (0.5 * f + bias_at(h, i, r))
    return total


def _term_energy(spins: Any, r: Any, h: Any, couplings: Any, position: Any) -> Any:
    weights, pointers, members = couplings
    total = 0.0
    for i in range(h.shape[0]):
        total -= bias_at(h, i, r) * spins[position[i], r]
    for t in range(weights.size):
        product = -weights[t]
        for k in range(pointers[t], pointers[t + 1]):
            product *= spins[position[members[k]], r]
        total += product
    return total


def _energy(spins: Any, r: Any, h: Any, couplings: Any, position: Any) -> Any:
    """Energy of read r; what code that is depends on the type of ``couplings``."""
    raise NotImplementedError("only in compiled code")


@chosen_by_types(_energy)  # type: ignore[untyped-decorator]
def _compile_energy(spins: Any, r: Any, h: Any, couplings: Any, position: Any) -> Any:
    return _term_energy if isinstance(couplings.types[0].dtype, types.Float) else _pair_energy


@inner
def exact_energy(spins: Any, r: Any, exact: Any) -> Any:
    """Energy of read r in float64."""
    h, couplings, position = exact
    return _energy(spins, r, h, couplings, position)


@inner
def reached(spins: Any, energies: Any, wanted: Any, aim: Any, exact: Any) -> Any:
    """Whether one of the first ``wanted`` reads is at ``aim = (target, slack)``.

    Tracked energies only nominate it.
    """
    target, slack = aim
    for r in range(wanted):
        if energies[r] <= target + slack and exact_energy(spins, r, exact) <= target:
            return True
    return False


@inner
def keep_best(spins: Any, energies: Any, best_energies: Any, best_spins: Any) -> None:
    """Copy every read that is better than ever before."""
    some = False
    for r in range(energies.size):
        some |= energies[r] < best_energies[r]
    if not some:
        return
    for i in range(best_spins.shape[0]):
        now = spins[i]
        best = best_spins[i]
        for r in range(energies.size):
            best[r] = now[r] if energies[r] < best_energies[r] else best[r]
    for r in range(energies.size):
        if energies[r] < best_energies[r]:
            best_energies[r] = energies[r]


@inner
def sum_anew(spins: Any, energies: Any, exact: Any) -> None:
    """Energies summed from the states: what rounding has left in tracked ones is gone."""
    for r in range(energies.size):
        energies[r] = exact_energy(spins, r, exact)


@inner
def close_sweep(
    spins: Any, sweep: Any, tracked: Any, watch: Any, exact: Any, observer: Any
) -> None:
    """Book the end of a sweep, and observe it if it is time to."""
    book_sweep(spins, sweep, tracked, watch, exact)
    if is_observed(sweep, observer):
        observe(spins, tracked[0], sweep, observer)


@inner
def book_sweep(spins: Any, sweep: Any, tracked: Any, watch: Any, exact: Any) -> None:
    """Book the end of a sweep: energies summed anew at times, best states, trace, target."""
    energies, best_energies, best_spins, keeps_best, sweeps_done = tracked
    stop, beat, aim, wanted, trace = watch
    if sweep & RESUM == RESUM:
        sum_anew(spins, energies, exact)
    if keeps_best:
        keep_best(spins, energies, best_energies, best_spins)
    beat[0] += wanted
    lowest = np.inf
    for r in range(energies.size):
        sweeps_done[r] = sweep + 1
        if r < wanted:
            lowest = min(lowest, energies[r])
    beat[1] = min(beat[1], lowest)
    if trace.size:
        trace[sweep] = min(trace[sweep], lowest)
    if aim[0] > -np.inf and reached(spins, energies, wanted, aim, exact):
        stop[0] = 1


@inner
def _above(indices: Any, start: Any, end: Any, i: Any) -> Any:
    """Where, in a sorted row, the columns beyond i begin."""
    while start < end:
        middle = (start + end) >> 1
        if indices[middle] > i:
            end = middle
        else:
            start = middle + 1
    return start


@bare_kernel
def _pair_energies(spins: Any, h: Any, couplings: Any, out: Any, sums: Any) -> None:
    """Each pair once, from the side of its first spin, in four sums that go on side by side.

    The same sums in the same order for any number of reads.
    """
    indptr, indices, weights = couplings
    reads = out.size
    for r in range(reads):
        out[r] = 0.0
    for i in range(h.shape[0]):
        first, last = _above(indices, indptr[i], indptr[i + 1], i), indptr[i + 1]
        for r in range(reads):
            sums[0, r] = bias_at(h, i, r)
            sums[1, r] = sums[2, r] = sums[3, r] = 0.0
        whole = first + ((last - first) & ~3)
        for k in range(first, last):
            total = sums[(k - first) & 3 if k < whole else 0]
            other, w = spins[indices[k]], weights[k]
            for r in range(reads):
                total[r] += w * other[r]
        s = spins[i]
        for r in range(reads):
            out[r] -= ((sums[0, r] + sums[1, r]) + (sums[2, r] + sums[3, r])) * s[r]


@bare_kernel
def _pair_energies_of_one(spins: Any, h: Any, couplings: Any, out: Any) -> None:
    """The same sums for a single read, kept in registers."""
    indptr, indices, weights = couplings
    out[0] = 0.0
    for i in range(h.shape[0]):
        first, last = _above(indices, indptr[i], indptr[i + 1], i), indptr[i + 1]
        a, b, c, d = bias_at(h, i, 0), 0.0, 0.0, 0.0
        k = uint64(first)
        for _ in range((last - first) >> 2):
            a += weights[k] * spins[uint64(indices[k]), 0]
            b += weights[k + uint64(1)] * spins[uint64(indices[k + uint64(1)]), 0]
            c += weights[k + uint64(2)] * spins[uint64(indices[k + uint64(2)]), 0]
            d += weights[k + uint64(3)] * spins[uint64(indices[k + uint64(3)]), 0]
            k += uint64(4)
        for k in range(uint64(first + ((last - first) & ~3)), uint64(last)):
            a += weights[k] * spins[uint64(indices[k]), 0]
        out[0] -= ((a + b) + (c + d)) * spins[i, 0]


@bare_kernel
def _term_energies(spins: Any, h: Any, couplings: Any, out: Any, sums: Any) -> None:
    weights, pointers, members = couplings
    for r in range(out.size):
        out[r] = 0.0
    for i in range(h.shape[0]):
        s = spins[i]
        for r in range(out.size):
            out[r] -= bias_at(h, i, r) * s[r]
    product = sums[0]
    for t in range(weights.size):
        for r in range(out.size):
            product[r] = weights[t]
        for k in range(pointers[t], pointers[t + 1]):
            s = spins[members[k]]
            for r in range(out.size):
                product[r] *= s[r]
        for r in range(out.size):
            out[r] -= product[r]


def block_energies(spins: Any, h: Any, couplings: Any, out: Any) -> None:
    """Energies of int8 spins (n, R) in the model's order, float64 ``out`` (R,)."""
    are_terms = couplings[0].dtype.kind == "f"
    if out.size == 1 and not are_terms:
        _pair_energies_of_one(spins, h, couplings, out)
        return
    energies = _term_energies if are_terms else _pair_energies
    energies(spins, h, couplings, out, np.empty((4, out.size)))


def sum_block(spins: Any, h: Any, couplings: Any, out: Any, sums: Any) -> None:
    """The same in compiled code, with scratch: float64 ``sums`` (4, R)."""
    raise NotImplementedError("only in compiled code")


@overload(sum_block, inline="always")  # type: ignore[untyped-decorator]
def _compile_sum_block(  # type: ignore[no-untyped-def]
    spins, h, couplings, out, sums
):
    is_terms = isinstance(couplings.types[0].dtype, types.Float)
    energies = _term_energies if is_terms else _pair_energies
    return lambda spins, h, couplings, out, sums: energies(spins, h, couplings, out, sums)


@njit(inline="always")  # so that views are counted as the caller counts
def lane_of(observer: Any, lane: Any) -> Any:
    """The observer of one read of a block; ``lane`` is a slice of one."""
    every, burn_in, ups, ends, agreements, energy_sums, states = observer
    return (
        every,
        burn_in,
        ups[:, lane],
        ends,
        agreements[:, lane],
        energy_sums[:, lane],
        states[:, :, lane],
    )


@inner
def is_observed(sweep: Any, observer: Any) -> Any:
    """Whether the state after this sweep is observed."""
    every, burn_in, _, _, _, _, _ = observer
    return every > 0 and sweep >= burn_in and (sweep - burn_in) % every == 0


@inner
def observe(spins: Any, energies: Any, sweep: Any, observer: Any) -> None:
    """Count what is asked for, after a sweep that :func:`is_observed`: spins that are up, pairs
    that agree, the first energy and sums of what later ones are away from it and of its square,
    whole states.
    """
    every, burn_in, ups, ends, agreements, energy_sums, states = observer
    time = (sweep - burn_in) // every
    reads = energies.size
    if time < states.shape[0]:
        for i in range(states.shape[1]):
            for r in range(reads):
                states[time, i, r] = np.int8(1) if spins[i, r] > 0 else np.int8(-1)
    for i in range(ups.shape[0]):
        up, s = ups[i], spins[i]
        for r in range(reads):
            up[r] += np.uint32(s[r] > 0)
    for k in range(agreements.shape[0]):
        agree, s, t = agreements[k], spins[ends[0, k]], spins[ends[1, k]]
        for r in range(reads):
            agree[r] += np.uint32(s[r] == t[r])
    for r in range(reads):
        if time == 0:
            energy_sums[0, r] = energies[r]
        apart = energies[r] - energy_sums[0, r]
        energy_sums[1, r] += apart
        energy_sums[2, r] += apart**2
