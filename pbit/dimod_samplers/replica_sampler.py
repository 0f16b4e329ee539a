"""ReplicaSampler: simulated quantum annealing behind dimod's sampler interface."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from typing import Any, Literal

import dimod
import numpy as np
import numpy.typing as npt

from pbit.checks import ArgumentError, integer
from pbit.dimod_samplers.keywords import bqm_from, control_of, model_of, to_sampleset
from pbit.dimod_samplers.takes_polynomials import TakesPolynomials
from pbit.models.polynomial import AnyModel
from pbit.run.control import Progress
from pbit.samplers.imaginary_time.quantum_anneal import (
    DEFAULT_REPLICAS,
    METHODS,
    Method,
    default_quantum_schedule,
    quantum_anneal,
)
from pbit.schedules.schedule import DEFAULT_NUM_SWEEPS, Schedule

_LEAST = 1e-9  # of the largest field in a table, in place of 0: gamma is the ratio of two


class ReplicaSampler(TakesPolynomials, dimod.Sampler):  # type: ignore[misc]
    """Minimise a BQM, or a polynomial of higher order, by simulated quantum annealing.

    Takes the keywords ``Hp_field``, ``Hd_field`` and ``Gamma`` of D-Wave's
    ``PathIntegralAnnealingSampler``. A row is the lowest replica of a read; see
    :func:`pbit.quantum_anneal`.

    Examples
    --------
    >>> import dimod
    >>> bqm = dimod.BQM.from_ising({}, {("a", "b"): 1.0, ("b", "c"): 1.0, ("a", "c"): 1.0})
    >>> float(ReplicaSampler().sample(bqm, num_reads=10, num_sweeps=100, seed=1).first.energy)
    -1.0
    """

    @property
    def properties(self) -> dict[str, Any]:
        """Values that keywords may have."""
        return {"methods": METHODS}

    def sample(
        self,
        bqm: dimod.BinaryQuadraticModel | dimod.BinaryPolynomial,
        num_reads: int = 1,
        num_sweeps: int | None = None,
        num_replicas: int | None = DEFAULT_REPLICAS,
        beta: float | None = None,
        gamma_range: Sequence[float] | None = None,
        schedule: Schedule | None = None,
        num_sweeps_per_beta: int = 1,
        Hp_field: npt.ArrayLike | None = None,
        Hd_field: npt.ArrayLike | None = None,
        Gamma: float = 1.0,
        method: Method = "auto",
        seed: int | None = None,
        interrupt_function: Callable[[], bool] | None = None,
        time_limit: float | None = None,
        target: float | None = None,
        num_threads: int | None = None,
        best_seen: bool = False,
        progress: Callable[[Progress], object] | bool | None = None,
        on_interrupt: Literal["raise", "return"] = "raise",
        **kwargs: Any,
    ) -> dimod.SampleSet:
        """The lowest replica of each read.

        Parameters
        ----------
        bqm : dimod.BinaryQuadraticModel
            Spin or binary, any labels. :meth:`sample_poly` takes polynomials.
        num_reads : int
        num_sweeps, num_sweeps_per_beta : int
            Sweeps in all (default 1000) and at each field.
        num_replicas : int or None
            Slices of imaginary time; None: continuous time.
        beta, gamma_range
            Of the default schedule, see :func:`pbit.quantum_anneal`.
        schedule : Schedule, optional
            In their place, with a column "gamma"; see :mod:`pbit.schedules.quantum` for tables of
            annealers.
        Hp_field, Hd_field : arrays of float, optional
            D-Wave's form of a schedule: at each step the state has the weight
            ``exp(-Hp E)``, and worldlines turn over at the rate ``Gamma Hd`` (all for an imaginary
            time of 1: beta is in them).
        Gamma : float
        method : {"auto", "slices", "worldlines"}
        seed : int, optional
            0 <= seed < 2**64.
        interrupt_function, time_limit, target, num_threads, progress, on_interrupt
            As for :meth:`pbit.PBitSampler.sample`; worldlines look at no target.
        best_seen : bool
            The lowest replica at the end of any sweep; slices only.

        Returns
        -------
        dimod.SampleSet
            ``info["replicas"]``, and ``info["updates"]`` of all replicas.

        Raises
        ------
        TypeError, ValueError
            An argument of the wrong type or out of range.
        """
        start = time.perf_counter_ns()
        bqm = bqm_from(bqm)
        self.remove_unknown_kwargs(**kwargs)
        model, _ = model_of(bqm)
        options = {"num_sweeps": num_sweeps, "beta": beta, "gamma_range": gamma_range}
        table = _table(Hp_field, Hd_field, Gamma)
        if schedule is None:
            schedule = _schedule(model, table, num_replicas, num_sweeps_per_beta, options)
        elif table is not None:
            raise ArgumentError("schedule", "must be left out with Hp_field and Hd_field")
        else:
            _must_be_none(options, "a schedule, which says it")
        reads = quantum_anneal(
            model,
            schedule,
            replicas=num_replicas,
            method=method,
            num_reads=integer("num_reads", num_reads, 1),
            seed=seed,
            best_seen=best_seen,
            num_threads=num_threads,
            control=control_of(time_limit, target, interrupt_function, progress, on_interrupt),
        )
        return to_sampleset(model, reads, bqm.vartype, start)


def _schedule(
    model: AnyModel, table: Any, replicas: Any, per_beta: Any, options: dict[str, Any]
) -> Schedule:
    per_beta = integer("num_sweeps_per_beta", per_beta, 1)
    if table is not None:
        betas, gammas = table
        sweeps = options.pop("num_sweeps")
        _must_be_none(options, "Hp_field and Hd_field")
        if sweeps not in (None, betas.size * per_beta):
            raise ArgumentError(
                "num_sweeps",
                f"must be len(Hp_field) * num_sweeps_per_beta = {betas.size * per_beta}",
                sweeps,
                remedy="leave it out",
            )
        return Schedule(betas, per_beta).with_columns(gamma=gammas)
    sweeps = options.pop("num_sweeps")
    sweeps = DEFAULT_NUM_SWEEPS if sweeps is None else integer("num_sweeps", sweeps, 0)
    if sweeps % per_beta:
        got = f"{sweeps} and {per_beta}"
        raise ArgumentError("num_sweeps", "must be divisible by num_sweeps_per_beta", got=got)
    made = default_quantum_schedule(
        model, replicas=replicas, num_sweeps=sweeps // per_beta, **options
    )
    return Schedule(made.betas, per_beta, made.kind).with_columns(gamma=made["gamma"])


def _must_be_none(options: dict[str, Any], what: str) -> None:
    for name, value in options.items():
        if value is not None:
            raise ArgumentError(name, f"must be left out with {what}", value)


def _table(hp: Any, hd: Any, gamma: float) -> Any:
    """Betas and gammas of D-Wave's fields."""
    if hp is None and hd is None:
        return None
    if hp is None or hd is None:
        raise ArgumentError("Hp_field" if hp is None else "Hd_field", "must be given as well")
    try:
        betas, rates = (np.array(field, dtype=np.float64, ndmin=1) for field in (hp, hd))
    except (TypeError, ValueError):
        raise ArgumentError("Hp_field", "must be numbers, as Hd_field") from None
    if betas.shape != rates.shape or betas.ndim != 1 or not betas.size:
        got = f"shapes {betas.shape} and {rates.shape}"
        raise ArgumentError("Hd_field", "must have one number for each of Hp_field", got=got)
    if not np.all((betas >= 0) & (rates >= 0) & np.isfinite(betas) & np.isfinite(rates)):
        raise ArgumentError("Hp_field", "must be finite and >= 0, as Hd_field")
    least = _LEAST * (betas.max() or 1.0)
    betas = np.maximum(betas, least)
    return betas, float(gamma) * rates / betas
