"""PopulationSampler: population annealing behind dimod's sampler interface."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from typing import Any, Literal

import dimod
import numpy.typing as npt

from pbit.checks import ArgumentError, integer
from pbit.dimod_samplers.keywords import (
    SCHEDULE_TYPES,
    bqm_from,
    control_of,
    model_of,
    order_of,
    pair_of,
    rule_of,
    schedule_from_keywords,
    to_sampleset,
)
from pbit.dimod_samplers.takes_polynomials import TakesPolynomials
from pbit.engines.registry import kernels
from pbit.engines.words import ORDERS, TOGETHER, Kernel, Order
from pbit.models.polynomial import AnyModel
from pbit.run.control import Progress
from pbit.run.reads import Reads
from pbit.samplers.population.population import Population
from pbit.samplers.population.population_anneal import population_anneal
from pbit.schedules.schedule import Schedule

_ADAPTIVE = "adaptive"
_EXACT_ORDERS = tuple(order for order in ORDERS if order not in TOGETHER)


class PopulationSampler(TakesPolynomials, dimod.Sampler):  # type: ignore[misc]
    """Sample a BQM, or a polynomial of higher order, by population annealing, and get ln Z.

    Takes D-Wave's keywords as :class:`pbit.PBitSampler` does. A row is a member; ``weight`` in
    the record is its weight in averages, and ``info`` has ``log_z``, its error, the numbers of
    families and a verdict. See :func:`pbit.population_anneal` for what is exact.

    Examples
    --------
    >>> import dimod
    >>> bqm = dimod.BQM.from_ising({}, {("a", "b"): 1.0, ("b", "c"): 1.0, ("a", "c"): 1.0})
    >>> sampleset = PopulationSampler().sample(bqm, num_reads=200, seed=1)
    >>> float(sampleset.first.energy), sampleset.info["equilibrated"]
    (-1.0, True)
    >>> float(round(sampleset.record.weight.sum(), 12))
    1.0
    """

    @property
    def properties(self) -> dict[str, Any]:
        """Values that keywords may have."""
        return {
            "beta_schedule_options": (_ADAPTIVE, *SCHEDULE_TYPES),
            "kernels": ("auto", *kernels()),
            "orders": ("auto", *_EXACT_ORDERS),
        }

    def sample(
        self,
        bqm: dimod.BinaryQuadraticModel | dimod.BinaryPolynomial,
        beta_range: Sequence[float] | None = None,
        num_reads: int = 1024,
        num_sweeps: int | None = None,
        num_sweeps_per_beta: int = 10,
        beta_schedule_type: str = _ADAPTIVE,
        seed: int | None = None,
        interrupt_function: Callable[[], bool] | None = None,
        beta_schedule: npt.ArrayLike | None = None,
        randomize_order: bool = False,
        proposal_acceptance_criteria: str = "Gibbs",
        time_limit: float | None = None,
        target: float | None = None,
        num_threads: int | None = None,
        best_seen: bool = False,
        kernel: Kernel | Literal["auto"] = "auto",
        order: Order | Literal["auto"] = "auto",
        num_populations: int = 1,
        culling_fraction: float = 0.1,
        decorrelation: float | None = None,
        progress: Callable[[Progress], object] | bool | None = None,
        on_interrupt: Literal["raise", "return"] = "raise",
        **kwargs: Any,
    ) -> dimod.SampleSet:
        """Members of populations at the last beta, one row a member.

        Parameters
        ----------
        bqm : dimod.BinaryQuadraticModel
            Spin or binary, any labels. :meth:`sample_poly` takes polynomials.
        beta_range : (float, float), optional
            Hot and cold inverse temperature; :func:`pbit.default_beta_range` by default. Chosen
            steps go from 0 to the cold one.
        num_reads : int
            Members of a population.
        num_sweeps, num_sweeps_per_beta : int
            Sweeps in all (default 1000; only with a schedule) and at each beta.
        beta_schedule_type : {"adaptive", "geometric", "linear", "custom"}
            "adaptive": steps chosen so that each replaces ``culling_fraction`` of the members.
        seed : int, optional
            0 <= seed < 2**64.
        interrupt_function : callable, optional
            Polled about twenty times a second; a true value or an exception stops the run.
        beta_schedule : array of float, optional
            The betas of a "custom" schedule, finite and not falling.
        randomize_order, proposal_acceptance_criteria, kernel, order, num_threads
            As for :meth:`pbit.PBitSampler.sample`, but for orders that move spins at once.
        time_limit : float, optional
            Seconds of sampling, after which the members are returned as hot as they are.
        target : float, optional
            Stop after a step at whose end a member has this energy or less.
        best_seen : bool
            One row a population: its lowest state at the end of any step. No samples.
        num_populations, culling_fraction, decorrelation
            See :func:`pbit.population_anneal`.
        progress : bool or callable, optional
            True: a bar, in terminals and notebooks. A callable is called with a
            :class:`pbit.Progress` about twenty times a second.
        on_interrupt : {"raise", "return"}
            What Ctrl-C does: raise KeyboardInterrupt, or return the best so far with a warning.

        Returns
        -------
        dimod.SampleSet
            Population after population. The record's ``weight`` is a row's weight in averages;
            ``info`` has ``log_z``, ``log_z_error``, ``equilibrated``, ``verdict``, and by beta
            the lists ``betas``, ``log_z_by_beta`` and ``energy_by_beta``.

        Raises
        ------
        TypeError, ValueError
            An argument of the wrong type or out of range.
        """
        start = time.perf_counter_ns()
        bqm = bqm_from(bqm)
        self.remove_unknown_kwargs(**kwargs)
        model, _ = model_of(bqm)
        schedule, beta = _cooling_from_keywords(
            model, beta_range, num_sweeps, num_sweeps_per_beta, beta_schedule_type, beta_schedule
        )
        members = population_anneal(
            model,
            schedule,
            population_size=integer("num_reads", num_reads, 1),
            num_populations=num_populations,
            beta=beta,
            culling_fraction=culling_fraction,
            sweeps_per_beta=integer("num_sweeps_per_beta", num_sweeps_per_beta, 1),
            decorrelation=decorrelation,
            seed=seed,
            rule=rule_of(proposal_acceptance_criteria),
            order=order_of(order, randomize_order),
            kernel=kernel,
            num_threads=num_threads,
            control=control_of(time_limit, target, interrupt_function, progress, on_interrupt),
        )
        info = members.info | {
            "betas": members.steps.betas.tolist(),
            "log_z_by_beta": members.steps.log_z.tolist(),
            "energy_by_beta": members.steps.energies.tolist(),
        }
        spins, energies, weights = _chosen(members, best_seen)
        reads = Reads(spins, energies, info)
        return to_sampleset(model, reads, bqm.vartype, start, weight=weights)


def _chosen(members: Population, best_seen: bool) -> tuple[Any, Any, Any]:
    """Rows to return, their energies and weights."""
    if best_seen:
        return members.best_spins, members.best_energies, members.steps.shares[-1]
    return members.spins, members.energies, members.weights


def _cooling_from_keywords(
    model: AnyModel,
    beta_range: Sequence[float] | None,
    num_sweeps: int | None,
    num_sweeps_per_beta: int,
    beta_schedule_type: str,
    beta_schedule: npt.ArrayLike | None,
) -> tuple[Schedule | None, float | None]:
    """A schedule, or None and where chosen steps end (None: by the model)."""
    if beta_schedule_type != _ADAPTIVE:
        if beta_schedule_type not in SCHEDULE_TYPES:
            raise ArgumentError(
                "beta_schedule_type",
                f"must be one of {', '.join((_ADAPTIVE, *SCHEDULE_TYPES))}",
                beta_schedule_type,
            )
        schedule = schedule_from_keywords(
            model, beta_range, num_sweeps, num_sweeps_per_beta, beta_schedule_type, beta_schedule
        )
        return schedule, None
    if beta_schedule is not None:
        raise ArgumentError("beta_schedule", "must go with beta_schedule_type='custom'")
    if num_sweeps is not None:
        raise ArgumentError(
            "num_sweeps",
            "must be left out with chosen steps, whose number is not known before",
            num_sweeps,
            remedy="use num_sweeps_per_beta",
        )
    return None, None if beta_range is None else pair_of(beta_range)[1]
