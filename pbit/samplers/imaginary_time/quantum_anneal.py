"""Simulated quantum annealing: a transverse field goes away, and the lowest replica is kept."""

from __future__ import annotations

from typing import Any, Literal

import numpy as np

from pbit.checks import ArgumentError
from pbit.engines.bit_model import BitModel
from pbit.models.ising import IsingModel
from pbit.models.polynomial import AnyModel
from pbit.models.taking import energetic
from pbit.run.control import Control
from pbit.run.reads import Reads
from pbit.samplers.imaginary_time.quantities import checked_quantum_schedule, checked_replicas
from pbit.samplers.imaginary_time.slice_anneal import anneal_slices
from pbit.samplers.imaginary_time.worldline_run import couplings_of
from pbit.samplers.imaginary_time.worldlines import anneal_worldlines
from pbit.schedules.quantum import quantum_schedule
from pbit.schedules.schedule import DEFAULT_NUM_SWEEPS, Schedule

METHODS = ("auto", "slices", "worldlines")
Method = Literal["auto", "slices", "worldlines"]
DEFAULT_REPLICAS = 32

# Of the width of the fields, chosen on glasses of +-1 in three dimensions (512 spins).
_SLICE_BETA, _HIGH, _LOW = 2.0, 0.8, 0.02


def quantum_anneal(
    model: AnyModel,
    schedule: Schedule | None = None,
    *,
    replicas: int | None = DEFAULT_REPLICAS,
    num_sweeps: int | None = None,
    beta: float | None = None,
    gamma_range: tuple[float, float] | None = None,
    method: Method = "auto",
    num_reads: int = 1,
    seed: int | None = None,
    best_seen: bool = False,
    num_threads: int | None = None,
    first_read: int = 0,
    control: Control | None = None,
) -> Reads:
    r"""Independent reads of a quantum Ising model whose transverse field is turned off.

    Path-integral annealing: p-bits in imaginary time follow the law of :math:`H = E(\sigma^z) -
    \Gamma \sum_i \sigma^x_i` as well as they can while :math:`\Gamma` falls. No quantum dynamics
    is followed. Each read returns the lowest of its replicas, the slices of imaginary time: a
    sweep of R replicas is R n updates of p-bits, all counted in ``info["updates"]``.

    Parameters
    ----------
    model : IsingModel or PolynomialModel
    schedule : Schedule, optional
        With a column "gamma", such as those of :mod:`pbit.schedules.quantum`. By default
        ``num_sweeps`` sweeps at ``beta``, gamma falling linearly through ``gamma_range``.
    replicas : int or None
        Slices R; None: infinitely many, that is continuous time.
    num_sweeps : int, optional
        1000 by default.
    beta : float, optional
        Of the default schedule; with R slices each is at beta / R. By default 2 R / w, R = 32 in
        continuous time, w the root of the mean square of the fields of the spins.
    gamma_range : (float, float), optional
        First and last field of the default schedule, (0.8 w, 0.02 w) by default.
    method : {"auto", "slices", "worldlines"}
        "slices": single updates of p-bits, bit-sliced, for pairwise models of small whole-number
        weights. "worldlines": clusters in imaginary time, any model. "auto": slices where they
        can.
    num_reads, seed, num_threads, first_read, control
        As for :func:`pbit.anneal`; worldlines look at no target.
    best_seen : bool
        The lowest replica at the end of any sweep, instead of the last; slices only.

    Returns
    -------
    Reads

    Raises
    ------
    TypeError, ValueError, MemoryError

    References
    ----------
    Martonak, Santoro, Tosatti, Phys. Rev. B 66, 094203 (2002); continuous time: Rieger, Kawashima,
    Eur. Phys. J. B 9, 233 (1999).

    Examples
    --------
    >>> from pbit import IsingModel
    >>> chain = IsingModel.from_edges([0, 1], [1, 2], [1.0, -1.0])
    >>> quantum_anneal(chain, num_reads=3, num_sweeps=100, seed=1).energies.tolist()
    [-2.0, -2.0, -2.0]
    """
    model = energetic(model, to="anneal")
    count = checked_replicas(replicas)
    if schedule is None:
        sweeps = DEFAULT_NUM_SWEEPS if num_sweeps is None else num_sweeps
        schedule = default_quantum_schedule(
            model, replicas=count, num_sweeps=sweeps, beta=beta, gamma_range=gamma_range
        )
    else:
        given = {"num_sweeps": num_sweeps, "beta": beta, "gamma_range": gamma_range}
        for name, value in given.items():
            if value is not None:
                raise ArgumentError(name, "must be left out with a schedule, which says it", value)
        schedule = checked_quantum_schedule(schedule)
    common: dict[str, Any] = {
        "num_reads": num_reads,
        "seed": seed,
        "num_threads": num_threads,
        "first_read": first_read,
        "control": control,
    }
    if _method_for(model, schedule, count, method) == "slices":
        assert count is not None and isinstance(model, IsingModel)
        return anneal_slices(model, schedule, replicas=count, best_seen=best_seen, **common)
    if best_seen:
        raise ArgumentError("best_seen", "must be False with worldlines", best_seen)
    return anneal_worldlines(model, schedule, replicas=count, **common)


def default_quantum_schedule(
    model: AnyModel,
    *,
    replicas: int | None = DEFAULT_REPLICAS,
    num_sweeps: int = DEFAULT_NUM_SWEEPS,
    beta: float | None = None,
    gamma_range: tuple[float, float] | None = None,
) -> Schedule:
    """The schedule of :func:`quantum_anneal` where none is given.

    Raises
    ------
    TypeError, ValueError
    """
    width = _width(model)
    if beta is None:
        beta = _SLICE_BETA * (DEFAULT_REPLICAS if replicas is None else replicas) / width
    ends = (_HIGH * width, _LOW * width) if gamma_range is None else gamma_range
    return quantum_schedule(beta, ends, num_sweeps=num_sweeps)


def _method_for(
    model: AnyModel, schedule: Schedule, replicas: int | None, method: Method
) -> Method:
    if method not in METHODS:
        raise ArgumentError("method", f"must be one of {', '.join(METHODS)}", method)
    if method != "auto":
        if method == "slices" and replicas is None:
            raise ArgumentError("replicas", "must be a whole number with slices", replicas)
        return method
    suits = (
        replicas is not None
        and isinstance(model, IsingModel)
        and bool(np.all(schedule.betas > 0) and np.all(schedule["gamma"] > 0))
        and BitModel.of(model) is not None
    )
    return "slices" if suits else "worldlines"


def _width(model: AnyModel) -> float:
    """Root of the mean, over the spins, of the sum of squares of their weights; 1 without any."""
    couplings = couplings_of(model)
    squares = float((couplings.h**2).sum() + (couplings.weights**2).sum())
    return float(np.sqrt(squares / max(model.num_spins, 1))) or 1.0
