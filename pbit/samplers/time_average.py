"""Averages over the time of a chip: every state counts for as long as it lasts."""

from __future__ import annotations

from dataclasses import dataclass, field
from numbers import Real
from typing import Any, Literal

import numpy as np

from pbit.by_value import ByValue
from pbit.checks import ArgumentError, integer
from pbit.hardware.parameters import Hardware
from pbit.machine import check_memory
from pbit.models.directed import DirectedModel
from pbit.models.ising import IsingModel
from pbit.models.labels import FloatArray
from pbit.models.taking import model_from
from pbit.run.program import run_model
from pbit.run.request import Request, TimeAverages, hardware_from
from pbit.schedules.schedule import Schedule

_MOST_SPINS = 16  # of which all states are told apart
_COPIES = 4  # of the histograms, held for a moment


@dataclass(frozen=True, eq=False)
class TimeAverage(ByValue):
    """Averages over time of ``num_reads`` independent reads.

    Parameters
    ----------
    spins, spins_error : float64, shape (n,)
        Mean of each spin, and its standard error from the spread of the reads (NaN for one).
    states : float64, shape (2**n,), or None
        Fraction of the time in each state, numbered as by :func:`pbit.exact.state_number`.
    by_read : float64, shape (num_reads, 2**n), or None
        The same of each read.
    num_reads : int
    info : dict
        As in :class:`pbit.Reads`.
    """

    spins: FloatArray
    spins_error: FloatArray
    states: FloatArray | None
    by_read: FloatArray | None
    num_reads: int
    info: dict[str, Any] = field(default_factory=dict)


def time_average(
    model: IsingModel | DirectedModel,
    beta: float,
    *,
    hardware: Hardware,
    num_sweeps: int,
    burn_in: float = 0.0,
    num_reads: int = 64,
    states: bool | Literal["auto"] = "auto",
    **options: Any,
) -> TimeAverage:
    """What an ideal averaging read-out of a chip at a fixed temperature shows.

    Parameters
    ----------
    model : IsingModel or DirectedModel
    beta : float
        Inverse temperature >= 0.
    hardware : Hardware
    num_sweeps : int
        Length of a read in units of ``hardware.tau_s``.
    burn_in : float
        Of it, what is not averaged.
    num_reads : int
    states : bool or "auto"
        Keep the time spent in each state, by default up to 16 spins.
    **options
        seed, initial_spins, num_threads, first_read, control, as in :func:`pbit.anneal`.

    Returns
    -------
    TimeAverage

    Raises
    ------
    ValueError
        An argument out of range, states of more than 16 spins, no read that came to its end.
    MemoryError
        Histograms that cannot fit into memory.

    Examples
    --------
    >>> pair = IsingModel.from_edges([0], [1], [1.0])
    >>> result = time_average(
    ...     pair, 0.5, hardware=Hardware(), num_sweeps=1000, burn_in=20, num_reads=100, seed=1
    ... )
    >>> exact = 1 / (2 * (1 + np.exp(-1.0)))
    >>> bool(abs(result.states[0] - exact) < 0.01)
    True
    """
    integer("num_reads", num_reads, 1)
    integer("num_sweeps", num_sweeps, 1)
    model, chip = model_from(model), hardware_from(hardware)
    if chip is None:
        raise TypeError("hardware must be a pbit.Hardware or the name of a chip file, got None")
    if not isinstance(burn_in, Real) or not 0 <= burn_in < num_sweeps:
        raise ArgumentError("burn_in", f"must be >= 0 and < num_sweeps = {num_sweeps}", burn_in)
    n = model.num_spins
    if not n:
        raise ValueError("a time average needs at least one spin, got a model without")
    if not (isinstance(states, bool) or states == "auto"):
        raise TypeError(f"states must be True, False or 'auto', got {states!r}")
    if states is True and n > _MOST_SPINS:
        raise ArgumentError(
            "states", f"are told apart up to {_MOST_SPINS} spins", n, remedy="give states=False"
        )
    keeps = bool(n <= _MOST_SPINS if states == "auto" else states)
    if keeps:
        _check_memory(num_reads, n)
    averages = TimeAverages(float(burn_in), ups=True, states=keeps)
    schedule = Schedule(np.array([beta]), num_sweeps)
    chosen = Request(num_reads=num_reads, hardware=chip, time_averages=averages, **options)
    run = run_model(model, schedule, chosen)
    if not run.has_counted:
        raise ValueError("no read came to its end; raise the time limit or lower num_sweeps")
    counted, length = run.counted, num_sweeps - burn_in
    by_read = counted.histogram / length if keeps else None
    means = 2 * counted.ups / length - 1
    count = len(means)
    error = means.std(axis=0, ddof=1) / np.sqrt(count) if count > 1 else np.full(n, np.nan)
    return TimeAverage(
        means.mean(axis=0),
        error,
        None if by_read is None else by_read.mean(axis=0),
        by_read,
        count,
        run.reads().info,
    )


def _check_memory(num_reads: int, n: int) -> None:
    check_memory(
        num_reads * 2**n * 8 * _COPIES,
        what=f"the states of {n} spins in {num_reads} reads",
        lower="num_reads",
        others=" or give states=False",
    )
