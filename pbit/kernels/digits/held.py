"""How the replicas of tempering are held, chosen by the type of their record when compiled: one
after the other, or sixteen side by side (:mod:`pbit.kernels.digits.held_lanes`)."""

from __future__ import annotations

from typing import Any

from numba import uint64

from pbit.kernels.digits import family
from pbit.kernels.digits.anneal import copy
from pbit.kernels.digits.records import Replicas
from pbit.kernels.jit import chosen_by_types

SLOTS = 1024  # numbers of reads that a run has: a slot has the words of read * SLOTS + slot


def start_all(model: Any, replicas: Any) -> None:
    """Fields and energies of all replicas, summed anew."""
    raise NotImplementedError("only in compiled code")


def sweep_all(model: Any, replicas: Any, rule: Any, sweep: Any, stream: Any) -> None:
    """A sweep of every replica at the beta of its slot; ``replicas.energies`` follow."""
    raise NotImplementedError("only in compiled code")


def copy_replica(replicas: Any, replica: Any, to: Any) -> None:
    """Copy a state."""
    raise NotImplementedError("only in compiled code")


def finish_all(replicas: Any) -> None:
    """Bring ``replicas.values`` up to date."""
    raise NotImplementedError("only in compiled code")


@chosen_by_types(start_all)  # type: ignore[untyped-decorator]
def _start_all(model, replicas):  # type: ignore[no-untyped-def]
    def start(model, replicas):  # type: ignore[no-untyped-def]
        slots = replicas.slots
        for t in range(slots.shape[0]):
            for r in range(slots.shape[1]):
                k = slots[t, r]
                work = family.work_of(replicas.works, k)
                replicas.energies[t, r] = family.start(model, replicas.values[k], work)

    return start if family.is_record(replicas, Replicas) else None


@chosen_by_types(sweep_all)  # type: ignore[untyped-decorator]
def _sweep_all(model, replicas, rule, sweep, stream):  # type: ignore[no-untyped-def]
    def sweep_each(model, replicas, rule, sweep, stream):  # type: ignore[no-untyped-def]
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

    return sweep_each if family.is_record(replicas, Replicas) else None


@chosen_by_types(copy_replica)  # type: ignore[untyped-decorator]
def _copy_replica(replicas, replica, to):  # type: ignore[no-untyped-def]
    def copy_row(replicas, replica, to):  # type: ignore[no-untyped-def]
        copy(replicas.values[replica], to)

    return copy_row if family.is_record(replicas, Replicas) else None


@chosen_by_types(finish_all)  # type: ignore[untyped-decorator]
def _finish_all(replicas):  # type: ignore[no-untyped-def]
    def nothing(replicas):  # type: ignore[no-untyped-def]
        return None

    return nothing if family.is_record(replicas, Replicas) else None
