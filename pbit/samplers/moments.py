"""Averages of a network at a fixed temperature, counted inside the kernels."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt

from pbit.by_value import ByValue
from pbit.checks import ArgumentError, integer
from pbit.engines.observation import NO_PAIRS, Observation, Totals
from pbit.machine import check_memory
from pbit.models.directed import DirectedModel
from pbit.models.ising import IsingModel
from pbit.models.labels import FloatArray, SpinArray
from pbit.models.numbers import check_squares
from pbit.models.polynomial import AnyModel
from pbit.models.taking import model_from
from pbit.run.program import run_model
from pbit.run.request import Request
from pbit.schedules.schedule import Schedule, schedule_from

_MOST_LOOKS = 2**32 - 1  # of a read: a counter's size


@dataclass(frozen=True, eq=False)
class Moments(ByValue):
    """Averages over ``num_samples`` states of ``num_reads`` independent reads.

    Parameters
    ----------
    spins, spins_error : float64, shape (n,)
        Mean of each spin, and its standard error from the spread of the reads (NaN for one read).
    pairs : int32, shape (2, m)
    correlations, correlations_error : float64, shape (m,)
        Mean of ``s_i s_j`` of each pair.
    energy, energy_error : float
        Mean energy, offset included; NaN with directed couplings.
    energy_variance : float
        Of single states; ``beta**2`` times it is the heat capacity.
    num_samples, num_reads : int
    info : dict
        As in :class:`pbit.Reads`.
    """

    spins: FloatArray
    spins_error: FloatArray
    pairs: npt.NDArray[np.int32]
    correlations: FloatArray
    correlations_error: FloatArray
    energy: float
    energy_error: float
    energy_variance: float
    num_samples: int
    num_reads: int
    info: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, eq=False)
class Trajectory(ByValue):
    """States of a run on its way.

    Parameters
    ----------
    spins : int8, shape (num_reads, times, n)
    sweeps : int64, shape (times,)
        Sweeps made before each.
    info : dict
        As in :class:`pbit.Reads`.
    """

    spins: SpinArray
    sweeps: npt.NDArray[np.int64]
    info: dict[str, Any] = field(default_factory=dict)


def moments(
    model: AnyModel | DirectedModel,
    beta: float,
    *,
    num_sweeps: int,
    burn_in: int,
    every: int = 1,
    pairs: str | npt.ArrayLike | None = "edges",
    num_reads: int = 64,
    **options: Any,
) -> Moments:
    """Means of spins, of products of pairs and of the energy, without keeping a state.

    Spins and pairs are counted in whole numbers, so that the averages are the same for any number
    of threads. Successive states of a read are correlated: the standard errors come from the
    spread of the reads' own averages, which are independent.

    Parameters
    ----------
    model : IsingModel, PolynomialModel or DirectedModel
    beta : float
        Inverse temperature >= 0.
    num_sweeps, burn_in, every : int
        Sweeps of a read; of these the first ``burn_in`` are not looked at, and then the state
        after one of every so many is counted.
    pairs : {"edges", "all"}, int array of shape (2, m), or None
        Pairs whose correlation is wanted, by index. "edges": coupled pairs of an Ising model,
        none of other models.
    num_reads : int
    **options
        seed, rule, order, update_fraction, initial_spins, kernel, num_threads, first_read,
        control, hardware, as in :func:`pbit.anneal`. Reads cut short are left out. On a chip
        states are read out at the ends of sweeps; :func:`pbit.time_average` averages over time.

    Returns
    -------
    Moments

    Raises
    ------
    ValueError
        An argument out of range, an index that does not exist.

    Examples
    --------
    >>> pair = IsingModel.from_edges([0], [1], [1.0])
    >>> result = moments(pair, 0.5, num_sweeps=200, burn_in=20, num_reads=1000, seed=1)
    >>> abs(result.correlations[0] - np.tanh(0.5)) < 6 * result.correlations_error[0]
    np.True_
    """
    model = model_from(model)
    _check_options(num_reads, options)
    observed = observation_of(num_sweeps, burn_in, every)
    check_squares(model)
    ends = pairs_of(model, pairs)
    observation = Observation(observed.every, observed.burn_in, True, ends)
    looks = observation.looks(num_sweeps)
    if looks**2 * num_reads >= 2**63 or looks > _MOST_LOOKS:
        raise ValueError(
            f"{looks} looks at each of {num_reads} reads overflow the counters; raise every"
        )
    _check_memory(16 * (model.num_spins + ends.shape[1]) * min(num_reads, 512))
    schedule = Schedule(np.array([beta]), num_sweeps)
    chosen = Request(num_reads=num_reads, **options)
    totals, position, info = _observed(model, schedule, chosen, observation)
    return _moments_of(totals, ends, position, model, info)


def trajectory(
    model: AnyModel | DirectedModel,
    schedule: Schedule,
    *,
    every: int = 1,
    burn_in: int = 0,
    num_reads: int = 1,
    **options: Any,
) -> Trajectory:
    """States after sweep ``burn_in`` + 1 and every so many sweeps from there.

    Parameters
    ----------
    model : IsingModel, PolynomialModel or DirectedModel
    schedule : Schedule
    every, burn_in, num_reads : int
    **options
        As in :func:`moments`.

    Returns
    -------
    Trajectory
        Of the reads that came to their end.

    Raises
    ------
    ValueError
        An argument out of range.
    MemoryError
        States that cannot fit into memory.

    Examples
    --------
    >>> pair = IsingModel.from_edges([0], [1], [1.0])
    >>> run = trajectory(pair, Schedule([1.0], 10), every=4, num_reads=3, seed=1)
    >>> run.spins.shape, run.sweeps.tolist()
    ((3, 3, 2), [1, 5, 9])
    """
    model, schedule = model_from(model), schedule_from(schedule)
    _check_options(num_reads, options)
    observed = observation_of(schedule.num_sweeps, burn_in, every)
    times = observed.looks(schedule.num_sweeps)
    _check_memory(3 * times * model.num_spins * num_reads)
    observation = Observation(every, burn_in, times=times)
    chosen = Request(num_reads=num_reads, **options)
    totals, position, info = _observed(model, schedule, chosen, observation)
    states = totals.by_read("states")[:, :, position]
    return Trajectory(states, burn_in + 1 + every * np.arange(times), info)


def _check_options(num_reads: Any, options: dict[str, Any]) -> None:
    integer("num_reads", num_reads, 1)
    for name in ("best_seen", "traced", "max_num_samples"):
        if name in options:
            raise TypeError(f"{name} has no meaning here: states are counted as they come")


def observation_of(num_sweeps: int, burn_in: int, every: int) -> Observation:
    """When is looked, if it can be.

    Raises
    ------
    TypeError, ValueError
    """
    integer("num_sweeps", num_sweeps, 1)
    integer("every", every, 1)
    integer("burn_in", burn_in, 0)
    if burn_in >= num_sweeps:
        raise ArgumentError("burn_in", f"must be < num_sweeps = {num_sweeps}", burn_in)
    return Observation(every, burn_in)


def pairs_of(model: Any, pairs: str | npt.ArrayLike | None) -> npt.NDArray[np.int32]:
    """Ends of the pairs asked for, as :func:`moments` says it, int32 (2, m).

    Raises
    ------
    ValueError
        Another word, no integers of shape (2, m), an index that does not exist.
    """
    if pairs is None:
        return NO_PAIRS
    n = model.num_spins
    if isinstance(pairs, str):
        if pairs == "all":
            return np.array(np.triu_indices(n, k=1), dtype=np.int32)
        if pairs != "edges":
            raise ArgumentError("pairs", "must be 'edges', 'all', an array or None", pairs)
        if not isinstance(model, IsingModel):
            return NO_PAIRS
        rows, cols, _ = model.edges()
        return np.array([rows, cols], dtype=np.int32)
    return ends_of(pairs, n)


def ends_of(pairs: npt.ArrayLike | None, n: int) -> npt.NDArray[np.int32]:
    """Ends of pairs of n spins, given by index, int32 (2, m); none for None.

    Raises
    ------
    ValueError
        No integers of shape (2, m), an index that does not exist.
    """
    ends = np.asarray(() if pairs is None else pairs)
    if not ends.size:
        return NO_PAIRS
    if ends.ndim != 2 or len(ends) != 2 or not np.issubdtype(ends.dtype, np.integer):
        raise ArgumentError(
            "pairs", "must be integers of shape (2, m)", got=f"{ends.dtype} {ends.shape}"
        )
    bad = ends[(ends < 0) | (ends >= n)]
    if bad.size:
        raise ArgumentError("pairs", f"must be indices from 0 to {n - 1}", int(bad[0]))
    return ends.astype(np.int32)


def _observed(
    model: AnyModel | DirectedModel, schedule: Schedule, request: Request, observation: Observation
) -> tuple[Totals, Any, dict[str, Any]]:
    """What was observed, the kernel's row of each spin, and how the run came about."""
    run = run_model(model, schedule, request._replace(observation=observation))
    if not run.totals.num_reads:
        raise ValueError("no read came to its end; raise the time limit or lower num_sweeps")
    return run.totals, run.task.model.exact[2], run.reads().info


def _check_memory(needed: int) -> None:
    fewer = ", observe fewer pairs or raise every"
    check_memory(needed, what="looks at the reads", lower="num_reads", others=fewer)


def _moments_of(
    totals: Totals, ends: npt.NDArray[np.int32], position: Any, model: Any, info: dict[str, Any]
) -> Moments:
    reads, looks = totals.num_reads, totals.looks
    spins, spins_error = _mean(totals, "spins")
    correlations, correlations_error = _mean(totals, "pairs")
    first, apart, squares = totals.by_read("energy_sums").T
    if isinstance(model, DirectedModel):
        first = np.full_like(first, np.nan)
    energies = first + apart / looks
    within = squares / looks - (apart / looks) ** 2
    return Moments(
        spins=spins[position],
        spins_error=spins_error[position],
        pairs=ends,
        correlations=correlations,
        correlations_error=correlations_error,
        energy=float(energies.mean() + model.offset),
        energy_error=float(energies.std(ddof=1) / np.sqrt(reads)) if reads > 1 else np.nan,
        energy_variance=float(within.mean() + energies.var()),
        num_samples=reads * looks,
        num_reads=reads,
        info=info,
    )


def _mean(totals: Totals, name: str) -> tuple[FloatArray, FloatArray]:
    """Mean over reads and looks, and its standard error from the reads' means."""
    reads, looks = totals.num_reads, totals.looks
    sums, squares = totals.sums[name], totals.squares[name]
    mean = sums / (reads * looks)
    if reads < 2:
        return mean, np.full(mean.shape, np.nan)
    spread = (squares - sums * mean * looks) / (looks**2 * (reads - 1))
    return mean, np.sqrt(np.maximum(spread, 0) / reads)
