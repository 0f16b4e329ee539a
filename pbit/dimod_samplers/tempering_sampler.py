"""TemperingSampler: parallel tempering behind dimod's sampler interface."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any, Literal

import dimod
import numpy as np
import numpy.typing as npt

from pbit.checks import ArgumentError, integer
from pbit.dimod_samplers.keywords import (
    bqm_from,
    control_of,
    initial_of,
    model_of,
    pair_of,
    rule_of,
    to_sampleset,
)
from pbit.dimod_samplers.takes_polynomials import TakesPolynomials
from pbit.models.labels import SpinArray
from pbit.run.control import Progress
from pbit.run.reads import Reads
from pbit.samplers.tempering.ladder_search import LadderSearch
from pbit.samplers.tempering.orders import PATIENCE
from pbit.samplers.tempering.replicas import KERNELS, Kernel
from pbit.samplers.tempering.temper import temper
from pbit.samplers.tempering.tempered import Tempered
from pbit.schedules.ladder import Ladder
from pbit.schedules.schedule import default_beta_range
from pbit.seeds import seed_or_fresh

_ADAPTIVE = "adaptive"
LADDERS = (_ADAPTIVE, "geometric", "custom")
_NUM_BETAS = 24


class TemperingSampler(  # type: ignore[misc]
    TakesPolynomials, dimod.Sampler, dimod.Initialized
):
    """Minimise or sample a BQM, or a polynomial of higher order, by parallel tempering.

    Replicas at many temperatures exchange places, and pairs of them clusters of spins: for rugged
    problems, in which annealing gets stuck. A read is one run of a whole ladder of replicas.

    Examples
    --------
    >>> import dimod
    >>> bqm = dimod.BQM.from_ising({}, {("a", "b"): 1.0, ("b", "c"): 1.0, ("a", "c"): 1.0})
    >>> sampleset = TemperingSampler().sample(bqm, num_sweeps=50, seed=1)
    >>> float(sampleset.first.energy), sampleset.info["stop_reason"]
    (-1.0, 'completed')
    """

    @property
    def properties(self) -> dict[str, Any]:
        """Values that keywords may have."""
        return {
            "beta_schedule_options": LADDERS,
            "kernels": ("auto", *KERNELS),
        }

    def sample(
        self,
        bqm: dimod.BinaryQuadraticModel | dimod.BinaryPolynomial,
        beta_range: Sequence[float] | None = None,
        num_reads: int | None = None,
        num_sweeps: int | None = None,
        beta_schedule_type: str = _ADAPTIVE,
        beta_schedule: npt.ArrayLike | None = None,
        num_betas: int | None = None,
        num_replicas: int | None = None,
        cluster_moves: bool | int | Literal["auto"] = "auto",
        feedback_rounds: int = 0,
        patience: float | None = None,
        proposal_acceptance_criteria: str = "Gibbs",
        seed: int | None = None,
        interrupt_function: Callable[[], bool] | None = None,
        initial_states: Any = None,
        initial_states_generator: str = "random",
        time_limit: float | None = None,
        target: float | None = None,
        num_threads: int | None = None,
        best_seen: bool = True,
        kernel: Kernel | Literal["auto"] = "auto",
        progress: Callable[[Progress], object] | bool | None = None,
        on_interrupt: Literal["raise", "return"] = "raise",
        **kwargs: Any,
    ) -> dimod.SampleSet:
        """Lowest states of tempering runs, one row a run.

        Parameters
        ----------
        bqm : dimod.BinaryQuadraticModel
            Spin or binary, any labels. :meth:`sample_poly` takes polynomials.
        beta_range : (float, float), optional
            Hot and cold end of the ladder; see :class:`pbit.LadderSearch`.
        num_reads : int, optional
            Runs, by default the number of initial states, else 1.
        num_sweeps : int, optional
            Of each run: 1000 by default, or with ``time_limit`` as many as fit into it.
        beta_schedule_type : {"adaptive", "geometric", "custom"}
            The ladder: found by the first run, ``num_betas`` in geometric progression, or the
            ``beta_schedule``.
        beta_schedule : array of float, optional
            Rising betas of a "custom" ladder.
        num_betas : int, optional
            Of a "geometric" ladder (default 24).
        feedback_rounds : int
            Of an "adaptive" ladder; see :class:`pbit.LadderSearch`.
        num_replicas, cluster_moves, kernel, num_threads
            See :func:`pbit.temper`.
        patience : float, optional
            When a run begins again, see :func:`pbit.temper`; 3 for lowest states with
            ``time_limit`` and no ``num_sweeps``, else never.
        proposal_acceptance_criteria : {"Gibbs", "Metropolis"}
            Rule of single updates.
        seed : int, optional
            0 <= seed < 2**64.
        interrupt_function : callable, optional
            Polled about twenty times a second; a true value or an exception stops the run.
        initial_states : samples-like, optional
            All replicas of run k start from row k; ``initial_states_generator`` ("random",
            "tile", "none") says how too few are made up for.
        time_limit : float, optional
            Seconds of sampling; a normal end.
        target : float, optional
            Stop once a replica has this energy or less.
        best_seen : bool
            The lowest state any replica of the run was in. False: a sample, the last state of one
            replica at the coldest beta, of runs that came to their end.
        progress : bool or callable, optional
            True: a bar, in terminals and notebooks. A callable is called with a
            :class:`pbit.Progress` about twenty times a second.
        on_interrupt : {"raise", "return"}
            What Ctrl-C does: raise KeyboardInterrupt, or return the best so far with a warning.

        Returns
        -------
        dimod.SampleSet
            Rows as runs, not aggregated; ``info`` as that of :func:`pbit.temper`.

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
        ladder = _ladder(beta_schedule_type, beta_schedule, beta_range, num_betas, feedback_rounds)
        if ladder is None:
            ladder = Ladder.geometric(*default_beta_range(model), num_betas=num_betas or _NUM_BETAS)
        endless = num_sweeps is None and time_limit is not None and best_seen
        if num_sweeps is None and time_limit is None:
            num_sweeps = 1000
        result = temper(
            model,
            ladder,
            num_reads=1 if reads is None else reads,
            num_sweeps=num_sweeps,
            num_replicas=num_replicas,
            patience=PATIENCE if patience is None and endless else patience,
            cluster_moves=cluster_moves,
            initial_spins=states,
            seed=seed,
            rule=rule_of(proposal_acceptance_criteria),
            kernel=kernel,
            num_threads=num_threads,
            keep_states=not best_seen,
            control=control,
        )
        chosen = result if best_seen else _samples(result, model)
        return to_sampleset(model, chosen, bqm.vartype, start)


def _ladder(
    kind: str,
    betas: npt.ArrayLike | None,
    beta_range: Sequence[float] | None,
    num_betas: int | None,
    feedback_rounds: int,
) -> Ladder | LadderSearch | None:
    """The ladder, or how to find it; None where geometric ends depend on the model."""
    if kind not in LADDERS:
        raise ArgumentError("beta_schedule_type", f"must be one of {', '.join(LADDERS)}", kind)
    if (betas is not None) != (kind == "custom"):
        raise ArgumentError(
            "beta_schedule", "must be given with beta_schedule_type='custom', and only"
        )
    if num_betas is not None:
        integer("num_betas", num_betas, 2)
    if num_betas is not None and kind != "geometric":
        raise ArgumentError("num_betas", "must go with beta_schedule_type='geometric'")
    ends = None if beta_range is None else pair_of(beta_range)
    if kind == _ADAPTIVE:
        return LadderSearch(ends, feedback_rounds=feedback_rounds)
    if feedback_rounds:
        raise ArgumentError("feedback_rounds", "must go with beta_schedule_type='adaptive'")
    if kind == "custom":
        if ends is not None:
            raise ArgumentError(
                "beta_range", "must be left out with beta_schedule, which has its ends"
            )
        assert betas is not None
        return Ladder(betas)
    return None if ends is None else Ladder.geometric(*ends, num_betas=num_betas or _NUM_BETAS)


def _samples(result: Tempered, model: Any) -> Reads:
    """The last state of one replica at the coldest beta, of every run that came to its end."""
    assert result.states is not None
    spins: SpinArray = np.ascontiguousarray(result.states[:, -1, 0])
    info = result.info | {"law": f"Boltzmann at beta = {result.info['betas'][-1]:g}"}
    return replace(result, spins=spins, energies=np.asarray(model.energy(spins)), info=info)
