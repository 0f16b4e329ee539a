"""Quantum Ising models as worldlines: averages at one temperature, and annealing."""

from __future__ import annotations

from typing import Any, Literal

import numpy as np
import numpy.typing as npt

from pbit.checks import ArgumentError, integer
from pbit.graphs.balance import is_balanced
from pbit.machine import check_memory
from pbit.models.ising import IsingModel
from pbit.models.polynomial import AnyModel
from pbit.models.taking import energetic
from pbit.run.control import Control, control_from
from pbit.run.reads import Reads
from pbit.run.stopwatch import Stopwatch
from pbit.samplers.imaginary_time.looked import Kernel, check_looks, found_in, numbers, run_reads
from pbit.samplers.imaginary_time.quantities import (
    check_cuts,
    checked_beta,
    checked_gamma,
    checked_quantum_schedule,
    checked_replicas,
    checked_sweeps,
)
from pbit.samplers.imaginary_time.series import COLUMNS, ImaginaryTimeSeries
from pbit.samplers.imaginary_time.worldline_run import (
    WORLDLINE_COLUMNS,
    Looks,
    WorldlineTask,
    couplings_of,
    states_of,
    steps_of,
    warm_up,
)
from pbit.samplers.moments import pairs_of
from pbit.schedules.schedule import Schedule
from pbit.seeds import seed_or_fresh

_KERNEL = Kernel("worldlines", warm_up)


def measure_worldlines(
    model: AnyModel,
    gamma: npt.ArrayLike,
    beta: float,
    *,
    replicas: int | None = None,
    num_sweeps: int = 1000,
    burn_in: int | None = None,
    every: int = 1,
    num_reads: int = 16,
    pairs: str | npt.ArrayLike | None = None,
    cluster_every: int | Literal["auto"] = "auto",
    seed: int | None = None,
    num_threads: int | None = None,
    first_read: int = 0,
    control: Control | None = None,
) -> ImaginaryTimeSeries:
    r"""A quantum Ising model at one temperature, its worldlines drawn by clusters in time.

    :math:`H = E(\sigma^z) - \sum_i \Gamma_i \sigma^x_i`, E the energy of the model. Exact in
    continuous time; with R ``replicas`` the law is that of R Trotter slices, off by
    :math:`O((\beta / R)^2)`.

    Parameters
    ----------
    model : IsingModel or PolynomialModel
    gamma : float or float array of shape (n,)
        Transverse fields >= 0; a spin without one is classical.
    beta : float
        Inverse temperature, > 0 and finite.
    replicas : int, optional
        Slices R of imaginary time; infinitely many, that is continuous time, by default.
    num_sweeps, burn_in, every : int
        Sweeps of a read; of these the first ``burn_in`` (a fifth by default) are not looked at,
        then the state after one of every so many is.
    num_reads : int
        Independent reads.
    pairs : {"edges", "all"}, int array of shape (2, m), or None
        Pairs of sites whose correlation is wanted, by index.
    cluster_every : int or "auto"
        Clusters in space and time after so many sweeps, 0: never; they take no terms of many spins.
        "auto": 1 where couplings are not frustrated, else 0.
    seed, num_threads, first_read, control
        As for :func:`pbit.anneal`. Reads cut short are left out, unless there are no others.

    Returns
    -------
    ImaginaryTimeSeries
        ``states``: up to 64 evenly spaced times of each read at its end.

    Raises
    ------
    TypeError, ValueError
        An argument of the wrong type or out of range; a run that was ended before its first look.
    MemoryError
        What is measured would not fit into memory.

    References
    ----------
    Rieger, Kawashima, Eur. Phys. J. B 9, 233 (1999).

    Examples
    --------
    >>> from pbit import IsingModel
    >>> spin = IsingModel([0.0], [[0.0]])
    >>> series = measure_worldlines(spin, 1.0, 1.0, num_sweeps=5000, seed=1)
    >>> bool(abs(series["transverse"].mean() - np.tanh(1.0)) < 0.05)
    True
    """
    watch = Stopwatch()
    model = energetic(model, to="measure")
    if not model.num_spins:
        raise ArgumentError("model", "must have a spin to be measured", got="none")
    n, gamma, beta = model.num_spins, checked_gamma(gamma, model.num_spins), checked_beta(beta)
    replicas = checked_replicas(replicas)
    check_cuts(beta, gamma)
    sweeps, burn = checked_sweeps(num_sweeps, burn_in)
    fields = np.broadcast_to(np.asarray(gamma, np.float64), (n,))
    ends = pairs_of(model, pairs)
    looks = Looks(integer("every", every, 1), burn, ends, fields, beta)
    steps, times, cuts = steps_of(np.array([beta]), fields[None, :], replicas)
    couplings, clusters = couplings_of(model), _clusters(model, cluster_every)
    seed = seed_or_fresh(seed)
    task = WorldlineTask(couplings, steps, (sweeps, sweeps), times, cuts, seed, looks, clusters)
    reads = numbers(num_reads, first_read)
    check_looks(task, len(reads), len(WORLDLINE_COLUMNS))
    run, info = run_reads(
        task, reads, control_from(control), kernel=_KERNEL, num_threads=num_threads, watch=watch
    )
    info |= {"replicas": replicas, "num_sweeps": sweeps, "burn_in": burn, "every": every}
    info["cluster_every"] = clusters
    found = found_in(run.whole, task, model.offset)
    info["num_reads"] = found[0].shape[1]
    info["timing"] = watch.timing()
    values, bins, (spins, kinks, products, apart), states = found
    columns = WORLDLINE_COLUMNS if replicas is None else COLUMNS
    return ImaginaryTimeSeries(
        columns,
        values[:, :, : len(columns)],
        bins,
        spins,
        kinks / (replicas or 1),
        products,
        ends,
        beta,
        gamma,
        replicas,
        states,
        info,
        apart,
    )


def anneal_worldlines(
    model: AnyModel,
    schedule: Schedule,
    *,
    replicas: int | None = None,
    num_reads: int = 1,
    seed: int | None = None,
    num_threads: int | None = None,
    first_read: int = 0,
    control: Control | None = None,
) -> Reads:
    """Simulated quantum annealing by worldlines: a transverse field that goes away.

    Every read returns the lowest of the states at up to 64 times of its worldlines at the end: the
    best of as many replicas.

    Parameters
    ----------
    model : IsingModel or PolynomialModel
    schedule : Schedule
        With a column "gamma" beside the betas, see :meth:`pbit.Schedule.with_columns`; gamma = 0
        is allowed: kinks that are left then go where spins on both sides come out equal.
    replicas : int, optional
        Slices of imaginary time; continuous time by default.
    num_reads, seed, num_threads, first_read, control
        As for :func:`pbit.anneal`; a target is not looked at.

    Returns
    -------
    Reads
        ``info["times"]``: states looked at for the lowest; ``info["updates"]``: worldlines drawn.

    Raises
    ------
    TypeError, ValueError, MemoryError

    Examples
    --------
    >>> from pbit import IsingModel
    >>> chain = IsingModel.from_edges([0, 1], [1, 2], [1.0, -1.0])
    >>> quantum = Schedule([2.0] * 50).with_columns(gamma=np.linspace(3.0, 0.01, 50))
    >>> anneal_worldlines(chain, quantum, num_reads=3, seed=1).energies.tolist()
    [-2.0, -2.0, -2.0]
    """
    watch = Stopwatch()
    model = energetic(model, to="anneal")
    schedule = checked_quantum_schedule(schedule)
    replicas = checked_replicas(replicas)
    betas, gammas = schedule.betas, schedule["gamma"]
    check_cuts(betas, gammas)
    n = model.num_spins
    fields = np.broadcast_to(gammas[:, None], (gammas.size, n))
    steps, times, cuts = steps_of(betas, fields, replicas)
    sweeps = (schedule.num_sweeps, schedule.sweeps_per_beta)
    task = WorldlineTask(couplings_of(model), steps, sweeps, times, cuts, seed_or_fresh(seed))
    reads = numbers(num_reads, first_read)
    check_memory(
        len(reads) * n * (times + 8), what=f"{len(reads)} reads of {n} spins", lower="num_reads"
    )
    run, info = run_reads(
        task, reads, control_from(control), kernel=_KERNEL, num_threads=num_threads, watch=watch
    )
    best = [_lowest(model, states_of(each.words, times)) for each in run.followed]
    spins = np.array([state for state, _ in best]).reshape(len(best), n)
    info |= {
        "beta_range": schedule.ends,
        "gamma_range": [float(x) for x in gammas[[0, -1]]] if gammas.size else [],
        "replicas": replicas,
        "times": times,
        "num_reads": len(best),
        "num_sweeps": schedule.num_sweeps,
        "timing": watch.timing(),
    }
    return Reads(spins, np.array([energy for _, energy in best]), info)


def _clusters(model: AnyModel, cluster_every: Any) -> int:
    """Sweeps from one cluster move in space and time to the next; 0 for none.

    Raises
    ------
    TypeError, ValueError
        They are asked for with terms of many spins.
    """
    pairs = isinstance(model, IsingModel) or model.degree <= 2
    if cluster_every == "auto":
        return int(isinstance(model, IsingModel) and bool(model.J.nnz) and is_balanced(model))
    every: int = integer("cluster_every", cluster_every, 0)
    if every and not pairs:
        raise ArgumentError(
            "cluster_every", "must be 0 with terms of many spins", cluster_every,
            remedy="clusters tie pairs of worldlines",
        )  # fmt: skip
    return every


def _lowest(model: AnyModel, states: npt.NDArray[np.int8]) -> tuple[npt.NDArray[np.int8], float]:
    energies = np.asarray(model.energy(states))
    best = int(energies.argmin())
    return states[best], float(energies[best])
