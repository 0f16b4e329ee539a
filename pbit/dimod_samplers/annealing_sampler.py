"""AnnealingSampler: the optimiser, reads that keep their best, descend and start again."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, Literal

import dimod
import numpy as np
import numpy.typing as npt

from pbit.by_value import ByValue
from pbit.checks import ArgumentError, integer
from pbit.dimod_samplers.keywords import (
    SCHEDULE_TYPES,
    bqm_from,
    control_of,
    initial_of,
    model_of,
    order_of,
    rule_of,
    schedule_from_keywords,
    to_sampleset,
)
from pbit.dimod_samplers.takes_polynomials import TakesPolynomials
from pbit.engines.registry import kernels
from pbit.engines.words import ORDERS, Kernel, Order, Rule
from pbit.models.labels import SpinArray
from pbit.models.polynomial import AnyModel
from pbit.run.control import Control, Progress
from pbit.run.reads import Reads
from pbit.samplers.anneal import anneal
from pbit.schedules.schedule import Schedule
from pbit.seeds import seed_or_fresh
from pbit.solvers.annealing import best_of_each, descended
from pbit.solvers.effort import Effort
from pbit.solvers.solve import solve


class AnnealingSampler(  # type: ignore[misc]
    TakesPolynomials, dimod.Sampler, dimod.Initialized
):
    """Minimise a BQM, or a polynomial of higher order, with annealed p-bits.

    Every read keeps the lowest state it was in and descends from there to a local minimum; a row
    is the best of ``best_of`` reads. Under a time limit it starts again and again, each time with
    twice the sweeps, until the limit or the target. Rows are low states, not samples of a law:
    :class:`pbit.PBitSampler` is for those.

    Examples
    --------
    >>> import dimod
    >>> bqm = dimod.BQM.from_ising({}, {("a", "b"): 1.0, ("b", "c"): 1.0, ("a", "c"): 1.0})
    >>> sampleset = AnnealingSampler().sample(bqm, num_reads=10, best_of=4, seed=1)
    >>> len(sampleset), set(sampleset.record.energy.tolist())
    (10, {-1.0})
    """

    @property
    def properties(self) -> dict[str, Any]:
        """Values that keywords may have."""
        return {
            "beta_schedule_options": SCHEDULE_TYPES,
            "kernels": ("auto", *kernels()),
            "orders": ("auto", *ORDERS),
        }

    def sample(
        self,
        bqm: dimod.BinaryQuadraticModel | dimod.BinaryPolynomial,
        beta_range: Sequence[float] | None = None,
        num_reads: int | None = None,
        num_sweeps: int | None = None,
        num_sweeps_per_beta: int = 1,
        beta_schedule_type: str = "geometric",
        seed: int | None = None,
        interrupt_function: Callable[[], bool] | None = None,
        beta_schedule: npt.ArrayLike | None = None,
        initial_states: Any = None,
        initial_states_generator: str = "random",
        randomize_order: bool = False,
        proposal_acceptance_criteria: str = "Gibbs",
        time_limit: float | None = None,
        target: float | None = None,
        num_threads: int | None = None,
        best_of: int = 1,
        descent: bool = True,
        kernel: Kernel | Literal["auto"] = "auto",
        order: Order | Literal["auto"] = "auto",
        update_fraction: float | None = None,
        progress: Callable[[Progress], object] | bool | None = None,
        on_interrupt: Literal["raise", "return"] = "raise",
        **kwargs: Any,
    ) -> dimod.SampleSet:
        """Low states of a binary quadratic model, in the order in which they were found.

        Parameters
        ----------
        bqm : dimod.BinaryQuadraticModel
            Spin or binary, any labels. :meth:`sample_poly` takes polynomials.
        beta_range : (float, float), optional
            Hot and cold inverse temperature; :func:`pbit.default_beta_range` by default, which
            follows the scale of the weights.
        num_reads : int, optional
            Rows. By default the number of initial states, else 64, or with ``time_limit`` rounds
            of 64 reads until it is over, of which each gives a row, its best.
        num_sweeps : int, optional
            Sweeps of a read, by default 1000; in rounds 1000, 2000, 4000 and so on. Rounds of a
            given number of sweeps make twice the reads each time while they are short.
        num_sweeps_per_beta, beta_schedule_type, beta_schedule
            As for :meth:`pbit.PBitSampler.sample`.
        seed : int, optional
            0 <= seed < 2**64.
        initial_states : samples-like, optional
            Where reads start; ``initial_states_generator`` ("random", "tile", "none") says how
            too few are made up for. They set the number of rows: no rounds.
        randomize_order, proposal_acceptance_criteria, kernel, order, update_fraction, num_threads
            As for :meth:`pbit.PBitSampler.sample`.
        time_limit : float, optional
            Seconds of sampling; a normal end. The last round's descent comes on top.
        target : float, optional
            Stop once a state has this energy or less.
        best_of : int
            Reads of which a row is the lowest. Not in rounds.
        descent : bool
            Take every read from its lowest state to a local minimum under single flips.
        interrupt_function, progress, on_interrupt
            As for :meth:`pbit.PBitSampler.sample`.

        Returns
        -------
        dimod.SampleSet
            ``info`` as from :class:`pbit.PBitSampler`, with ``num_reads`` counting all reads made,
            ``rounds``, and ``descent_flips``, the flips made in descents of the last round.

        Raises
        ------
        TypeError, ValueError
            An argument of the wrong type or out of range.
        """
        start = time.perf_counter_ns()
        bqm = bqm_from(bqm)
        self.remove_unknown_kwargs(**kwargs)
        control = control_of(time_limit, target, interrupt_function, progress, on_interrupt)
        seed = seed_or_fresh(seed, bits=32)
        states, labels, reads = initial_of(
            bqm, initial_states, initial_states_generator, num_reads, seed
        )
        model, states = model_of(bqm, labels, states)
        each = integer("best_of", best_of, 1)
        if reads is None and time_limit is not None and each > 1:
            raise ArgumentError(
                "best_of",
                "must be 1 in rounds, of which each gives its best",
                best_of,
                remedy="give num_reads, or no time_limit",
            )
        schedule = partial(
            schedule_from_keywords,
            model,
            beta_range,
            num_sweeps_per_beta=num_sweeps_per_beta,
            beta_schedule_type=beta_schedule_type,
            beta_schedule=beta_schedule,
        )
        sweeps = schedule(num_sweeps).num_sweeps
        grows = num_sweeps is None and beta_schedule_type != "custom"
        annealing = _Round(
            schedule=schedule,
            rule=rule_of(proposal_acceptance_criteria),
            order=order_of(order, randomize_order),
            update_fraction=update_fraction,
            kernel=kernel,
            initial=None if states is None else np.repeat(states, each, axis=0),
            best_of=each,
            descent=bool(descent),
        )
        effort = Effort(
            num_reads=reads,
            num_sweeps=None if grows else sweeps,
            seed=seed,
            num_threads=num_threads,
        )
        result = solve(annealing, model, effort, control)
        return to_sampleset(model, result, bqm.vartype, start)


@dataclass(frozen=True, eq=False)
class _Round(ByValue):
    """A solver: reads through a schedule that keep their lowest state, descend, and compete."""

    schedule: Callable[[int | None], Schedule]
    rule: Rule
    order: Order | Literal["auto"]
    update_fraction: float | None
    kernel: Kernel | Literal["auto"]
    initial: SpinArray | None
    best_of: int
    descent: bool

    def __call__(self, model: AnyModel, effort: Effort, control: Control) -> Reads:
        reads = anneal(
            model,
            self.schedule(effort.num_sweeps),
            num_reads=(effort.num_reads or 1) * self.best_of,
            seed=effort.seed,
            rule=self.rule,
            order=self.order,
            update_fraction=self.update_fraction,
            initial_spins=self.initial,
            best_seen=True,
            kernel=self.kernel,
            num_threads=effort.num_threads,
            first_read=effort.first_read * self.best_of,
            control=control,
        )
        if self.descent:
            reads = descended(model, reads, control, num_threads=effort.num_threads)
        return best_of_each(reads, self.best_of)
