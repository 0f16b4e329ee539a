"""Parallel tempering of digits: replicas on a ladder, swept one after the other.

Swaps exchange the places of two replicas and leave their states where they are; what is decided and
counted is that of :mod:`pbit.kernels.tempering.exchange`. A slot of the ladder has the random words
of read ``read * SLOTS + slot``.
"""

from __future__ import annotations

from typing import Any

from numba import uint64

from pbit.kernels.digits import family
from pbit.kernels.digits.anneal import copy, tell
from pbit.kernels.jit import bare_kernel, inner
from pbit.kernels.tempering.exchange import clear, decide, gives_up

SLOTS = 1024


@bare_kernel
def temper_replicas(
    model: Any, replicas: Any, plan: Any, stream: Any, best: Any, watch: Any, exchange: Any,
    books: Any, keys: Any,
) -> Any:  # fmt: skip
    """Sweeps of a run until the last one, a stop, or the end of its patience; sweeps done in all.

    ``replicas``, ``plan`` and ``best``: see :mod:`pbit.kernels.digits.records`; ``stream`` and
    ``keys``: the run's number, key words, and round keys of these; ``watch``: Watch of
    :mod:`pbit.kernels.tempering.records`; ``exchange`` and ``books``: memory of the swaps.
    """
    energies, swaps = replicas.energies, exchange.swaps
    _start(model, replicas)
    for s in range(plan.first, plan.last):
        _sweep_all(model, replicas, plan.rule, s, stream)
        _keep_lowest(replicas, s, best)
        tell(watch, s, _lowest(energies), energies.size)
        for t in range(energies.shape[0]):
            for r in range(energies.shape[1]):
                exchange.energies[t, r] = energies[t, r]
        if s == plan.first:
            clear(energies, books)
        parity = s & 1 if plan.swapping else energies.shape[0]
        decide(replicas.betas, parity, (s, stream.read, keys), exchange, books)
        _swap(replicas, swaps)
        if watch.stop[0] or gives_up(s + 1, best.sweep[0], plan.begun, plan.patience):
            return s + 1
    return plan.last


@inner
def _start(model: Any, replicas: Any) -> None:
    """Fields and energies of all replicas, summed anew."""
    slots = replicas.slots
    for t in range(slots.shape[0]):
        for r in range(slots.shape[1]):
            k = slots[t, r]
            work = family.work_of(replicas.works, k)
            replicas.energies[t, r] = family.start(model, replicas.values[k], work)


@inner
def _sweep_all(model: Any, replicas: Any, rule: Any, sweep: Any, stream: Any) -> None:
    temperatures, many = replicas.slots.shape
    k0, k1 = uint64(stream.key0), uint64(stream.key1)
    for t in range(temperatures):
        for r in range(many):
            k = replicas.slots[t, r]
            work = family.work_of(replicas.works, k)
            read = uint64(stream.read) * uint64(SLOTS) + uint64(t * many + r)
            replicas.energies[t, r] += family.sweep(
                model, replicas.values[k], work, replicas.betas[t], rule, sweep, read, k0, k1
            )


@inner
def _lowest(energies: Any) -> Any:
    lowest = energies[0, 0]
    for t in range(energies.shape[0]):
        for r in range(energies.shape[1]):
            lowest = min(lowest, energies[t, r])
    return lowest


@inner
def _keep_lowest(replicas: Any, sweep: Any, best: Any) -> None:
    for t in range(replicas.slots.shape[0]):
        for r in range(replicas.slots.shape[1]):
            if replicas.energies[t, r] < best.energy[0]:
                best.energy[0] = replicas.energies[t, r]
                best.sweep[0] = sweep + 1
                copy(replicas.values[replicas.slots[t, r]], best.values)


@inner
def _swap(replicas: Any, swaps: Any) -> None:
    """Exchange the replicas of each slot that is marked and of the next colder one."""
    slots, energies = replicas.slots, replicas.energies
    for t in range(slots.shape[0] - 1):
        for r in range(slots.shape[1]):
            if swaps[t, r]:
                slot, energy = slots[t, r], energies[t, r]
                slots[t, r], energies[t, r] = slots[t + 1, r], energies[t + 1, r]
                slots[t + 1, r], energies[t + 1, r] = slot, energy
