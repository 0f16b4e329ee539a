"""Annealing of digits: reads of a block one after the other, each through the whole schedule."""

from __future__ import annotations

from typing import Any

from numba import uint64

from pbit.kernels.digits import family
from pbit.kernels.jit import bare_kernel, inner


@bare_kernel
def anneal_reads(model: Any, reads: Any, works: Any, plan: Any, stream: Any, watch: Any) -> None:
    """Sweeps of all reads of a block, until it is stopped.

    ``reads``: :class:`pbit.kernels.digits.records.AnnealReads`; ``works`` of one replica; ``plan``:
    AnnealPlan; ``stream``: :class:`pbit.kernels.sweeps.records.Stream`; ``watch``: Watch of
    :mod:`pbit.kernels.tempering.records`. A read cut short counts the sweeps it made.
    """
    work = family.work_of(works, 0)
    for read in range(reads.values.shape[0]):
        if watch.stop[0] and read:
            return
        _anneal_read(model, reads, work, plan, stream, watch, read)


@inner
def _anneal_read(
    model: Any, reads: Any, work: Any, plan: Any, stream: Any, watch: Any, read: Any
) -> None:
    values, best, energies = reads.values[read], reads.best, reads.energies
    number, k0, k1 = uint64(stream.read) + uint64(read), uint64(stream.key0), uint64(stream.key1)
    column = min(read, plan.betas.shape[1] - 1)
    energy = family.start(model, values, work)
    lowest = energy
    reads.sweeps[read] = 0
    if plan.keeps_best:
        copy(values, best)
    for s in range(plan.betas.shape[0] * plan.sweeps_per_beta):
        beta = plan.betas[s // plan.sweeps_per_beta, column]
        energy += family.sweep(model, values, work, beta, plan.rule, s, number, k0, k1)
        reads.sweeps[read] = s + 1
        if energy < lowest:
            lowest = energy
            if plan.keeps_best:
                copy(values, best)
        tell(watch, s, energy, 1)
        if watch.stop[0]:
            break
    if plan.keeps_best:
        copy(best, values)
        energy = lowest
    energies[read] = energy


@inner
def copy(values: Any, to: Any) -> None:
    """Copy a state."""
    for i in range(values.size):
        to[i] = values[i]


@inner
def tell(watch: Any, sweep: Any, energy: Any, replicas: Any) -> None:
    """Tell whoever watches about the lowest energy after a sweep of so many replicas, and stop all
    at the target."""
    watch.beat[0] += replicas
    watch.beat[1] = min(watch.beat[1], energy)
    if watch.trace.size:
        watch.trace[sweep] = min(watch.trace[sweep], energy)
    if energy <= watch.aim:
        watch.stop[0] = 1
