"""Parallel tempering of digits: replicas on a ladder.

Swaps exchange the places of two replicas and leave their states where they are; what is decided
and counted is that of :mod:`pbit.kernels.tempering.exchange`. How replicas are held, one after the
other or side by side, is in :mod:`pbit.kernels.digits.held`.
"""

from __future__ import annotations

from typing import Any

from pbit.kernels.digits import held
from pbit.kernels.digits.anneal import tell
from pbit.kernels.digits.clusters import move_clusters
from pbit.kernels.jit import bare_kernel, inner
from pbit.kernels.tempering.exchange import clear, decide, gives_up


@bare_kernel
def temper_replicas(
    model: Any, replicas: Any, plan: Any, stream: Any, best: Any, watch: Any, exchange: Any,
    books: Any, keys: Any,
) -> Any:  # fmt: skip
    """Sweeps of a run until the last one, a stop, or the end of its patience; sweeps done in all.

    ``replicas``: Replicas of :mod:`pbit.kernels.digits.records`, or
    :class:`pbit.kernels.digits.held_lanes.ReplicaLanes`; ``plan`` and ``best``: see records;
    ``stream`` and ``keys``: the run's number, key words, and round keys of these; ``watch``: Watch
    of :mod:`pbit.kernels.tempering.records`; ``exchange`` and ``books``: memory of the swaps.
    """
    energies, swaps, last = replicas.energies, exchange.swaps, plan.last
    held.start_all(model, replicas)
    for s in range(plan.first, plan.last):
        held.sweep_all(model, replicas, plan.rule, s, stream)
        move_clusters(model, replicas, plan.clusters, s, stream)
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
            last = s + 1
            break
    held.finish_all(replicas)
    return last


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
                held.copy_replica(replicas, replicas.slots[t, r], best.values)


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
