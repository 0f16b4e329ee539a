"""Replicas of tempering held sixteen side by side, each with a beta of its own: the states of
those held one after the other (:mod:`pbit.kernels.digits.held`)."""

from __future__ import annotations

from typing import Any, NamedTuple

from pbit.kernels.digits import family, held
from pbit.kernels.digits.lane_sweep import group_of, set_beta, start_lanes, sweep_lanes
from pbit.kernels.digits.lanes import LANES
from pbit.kernels.jit import chosen_by_types


class ReplicaLanes(NamedTuple):
    """As :class:`pbit.kernels.digits.records.Replicas`; in place of works ``groups`` of lanes and
    ``scratch`` (:mod:`pbit.kernels.digits.lane_sweep`), ``shape`` of
    :mod:`pbit.kernels.digits.lanes`. ``values`` are up to date between calls alone."""

    values: Any
    groups: Any
    scratch: Any
    shape: Any
    slots: Any
    betas: Any
    energies: Any


@chosen_by_types(held.start_all)  # type: ignore[untyped-decorator]
def _start_all(model, replicas):  # type: ignore[no-untyped-def]
    def start(model, replicas):  # type: ignore[no-untyped-def]
        total = replicas.values.shape[0]
        for g in range(replicas.groups.values.shape[0]):
            lanes = group_of(replicas.groups, g)
            for lane in range(LANES):
                k = min(g * LANES + lane, total - 1)  # lanes beyond the last repeat it
                for i in range(lanes.values.shape[0]):
                    lanes.values[i, lane] = replicas.values[k, i]
            start_lanes(model, lanes, len(replicas.shape))
        for t in range(replicas.slots.shape[0]):
            for r in range(replicas.slots.shape[1]):
                k = replicas.slots[t, r]
                replicas.energies[t, r] = replicas.groups.energies[k // LANES, k % LANES]

    return start if family.is_record(replicas, ReplicaLanes) else None


@chosen_by_types(held.sweep_all)  # type: ignore[untyped-decorator]
def _sweep_all(model, replicas, rule, sweep, stream):  # type: ignore[no-untyped-def]
    def sweep_groups(model, replicas, rule, sweep, stream):  # type: ignore[no-untyped-def]
        groups, total = replicas.groups, replicas.values.shape[0]
        temperatures, many = replicas.slots.shape
        for t in range(temperatures):
            for r in range(many):
                k, last = replicas.slots[t, r], groups.values.shape[0] * LANES
                for j in range(k, last if k == total - 1 else k + 1):
                    lanes = group_of(groups, j // LANES)
                    lanes.reads[j % LANES, 1] = stream.read * held.SLOTS + t * many + r
                    set_beta(lanes, j % LANES, replicas.betas[t])
        for g in range(groups.values.shape[0]):
            sweep_lanes(model, group_of(groups, g), replicas.scratch, sweep, replicas.shape)
        for t in range(temperatures):
            for r in range(many):
                k = replicas.slots[t, r]
                replicas.energies[t, r] = groups.energies[k // LANES, k % LANES]

    return sweep_groups if family.is_record(replicas, ReplicaLanes) else None


@chosen_by_types(held.copy_replica)  # type: ignore[untyped-decorator]
def _copy_replica(replicas, replica, to):  # type: ignore[no-untyped-def]
    def copy_lane(replicas, replica, to):  # type: ignore[no-untyped-def]
        values = replicas.groups.values[replica // LANES]
        for i in range(to.size):
            to[i] = values[i, replica % LANES]

    return copy_lane if family.is_record(replicas, ReplicaLanes) else None


@chosen_by_types(held.finish_all)  # type: ignore[untyped-decorator]
def _finish_all(replicas):  # type: ignore[no-untyped-def]
    def unpack(replicas):  # type: ignore[no-untyped-def]
        for k in range(replicas.values.shape[0]):
            held.copy_replica(replicas, k, replicas.values[k])

    return unpack if family.is_record(replicas, ReplicaLanes) else None
