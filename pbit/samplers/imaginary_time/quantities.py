"""What is asked for in imaginary time: fields, temperatures, slices, pairs, checked."""

from __future__ import annotations

from typing import Any

import numpy as np

from pbit.checks import ArgumentError, integer, real
from pbit.models.labels import FloatArray
from pbit.schedules.schedule import Schedule, schedule_from

MOST_REPLICAS = 2**20
MOST_CUTS = 2.0**16
"""Cuts of a worldline in an update, on the mean, that the random stream has words for."""


def checked_gamma(gamma: Any, n: int) -> float | FloatArray:
    """One transverse field for all sites as a float, or one for each as float64 (n,).

    Raises
    ------
    TypeError, ValueError
        No numbers >= 0 of one of these shapes.
    """
    values = np.asarray(gamma)
    if values.dtype.kind not in "iuf" or values.shape not in ((), (n,)):
        got = f"{values.dtype} of shape {values.shape}"
        raise ArgumentError("gamma", f"must be one number, or one for each of {n} spins", got=got)
    bad = np.flatnonzero(~((values >= 0) & np.isfinite(values)))
    if bad.size:
        raise ArgumentError(
            "gamma",
            "must be finite and >= 0",
            got=f"{values.flat[bad[0]]}",
            remedy="its sign changes that of sigma^x and nothing else",
        )
    return float(values) if not values.ndim else np.array(values, np.float64)


def checked_beta(beta: Any) -> float:
    """An inverse temperature > 0.

    Raises
    ------
    TypeError, ValueError
    """
    value = real("beta", beta)
    if not 0 < value < np.inf:
        remedy = "a large one shows the ground state, once beta times the gap is over 1"
        raise ArgumentError("beta", "must be > 0 and finite", beta, remedy=remedy)
    return value


def checked_replicas(replicas: Any) -> int | None:
    """Slices of imaginary time, or None for infinitely many.

    Raises
    ------
    TypeError, ValueError
    """
    if replicas is None or (isinstance(replicas, float) and replicas == np.inf):
        return None
    return integer("replicas", replicas, 1, MOST_REPLICAS)


def checked_sweeps(num_sweeps: Any, burn_in: Any) -> tuple[int, int]:
    """Sweeps of a read and those that are not looked at: a fifth by default.

    Raises
    ------
    TypeError, ValueError
    """
    sweeps = integer("num_sweeps", num_sweeps, 1)
    return sweeps, sweeps // 5 if burn_in is None else integer("burn_in", burn_in, 0, sweeps - 1)


def checked_quantum_schedule(schedule: Any) -> Schedule:
    """A schedule of finite betas, one column for all reads, with a column "gamma" >= 0.

    Raises
    ------
    TypeError, ValueError
    """
    found = schedule_from(schedule)
    if "gamma" not in found.names:
        raise ArgumentError(
            "schedule",
            "must have a column 'gamma', the transverse field of each step",
            got=f"the columns {', '.join(found.names)}",
            remedy="add it by schedule.with_columns(gamma=[...])",
        )
    if found.betas.ndim != 1 or not np.all(np.isfinite(found.betas)):
        raise ArgumentError("schedule", "must have one finite beta a step, the same for all reads")
    if np.any(found["gamma"] < 0):
        raise ArgumentError("schedule", "must have gamma >= 0", got=f"{found['gamma'].min()}")
    return found


def check_cuts(beta: float | FloatArray, gamma: float | FloatArray) -> None:
    """Refuse worldlines of more kinks than their random numbers are numbered for.

    Raises
    ------
    ValueError
    """
    most = float(np.max(np.multiply(beta, gamma), initial=0.0))
    if most > MOST_CUTS:
        raise ArgumentError("gamma", f"must be <= {MOST_CUTS:g} / beta", got=f"beta gamma = {most}")
