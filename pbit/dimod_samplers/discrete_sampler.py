"""DiscreteSampler: dimod's discrete and constrained models, sampled as digits."""

from __future__ import annotations

import inspect
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from typing import Any, Literal, NamedTuple

import dimod
import numpy as np

from pbit.checks import ArgumentError, instance, integer, positive
from pbit.dimod_samplers.keywords import control_of, pair_of, rule_of, timing_of
from pbit.models.conventions.dimod_cqm import digits_of_cqm
from pbit.models.conventions.dimod_groups import groups_of_cqm
from pbit.models.conventions.dimod_permutations import assignment_of_cqm
from pbit.models.digits.assignment import AssignmentModel
from pbit.models.digits.dit_model import DitModel
from pbit.models.labels import FloatArray
from pbit.run.control import Progress
from pbit.samplers.anneal import anneal
from pbit.samplers.digits.dit_reads import DitReads
from pbit.samplers.population.population_anneal import population_anneal
from pbit.samplers.tempering.ladder_search import LadderSearch
from pbit.samplers.tempering.temper import temper
from pbit.schedules.schedule import DEFAULT_NUM_SWEEPS, Schedule

METHODS = ("tempering", "annealing", "population")


class DiscreteSampler:
    """Minimise or sample a DQM, or a CQM with discrete variables, without one-hot penalties.

    A variable of K cases is one digit that draws its value from all K; the keywords are those of
    D-Wave's hybrid samplers of the same models (``time_limit``, ``label``) and of our others.

    Examples
    --------
    >>> import dimod
    >>> dqm = dimod.DiscreteQuadraticModel()
    >>> for v in "abc":
    ...     _ = dqm.add_variable(3, label=v)
    >>> for u, v in ("ab", "bc", "ca"):
    ...     dqm.set_quadratic(u, v, {(k, k): 1.0 for k in range(3)})
    >>> sampleset = DiscreteSampler().sample_dqm(dqm, num_sweeps=50, seed=1)
    >>> float(sampleset.first.energy), len(set(sampleset.first.sample.values()))
    (0.0, 3)
    """

    @property
    def properties(self) -> dict[str, Any]:
        """Values that keywords may have."""
        return {"methods": METHODS}

    @property
    def parameters(self) -> dict[str, Any]:
        """Keywords of the methods, as dimod's samplers list them."""
        names = {
            name: None
            for method in (self.sample_dqm, self.sample_cqm)
            for name in list(inspect.signature(method).parameters)[1:]
        }
        return {name: ["methods"] if name == "method" else [] for name in names}

    def sample_dqm(
        self,
        dqm: dimod.DiscreteQuadraticModel,
        time_limit: float | None = None,
        *,
        label: str | None = None,
        method: Literal["tempering", "annealing", "population"] = "tempering",
        num_reads: int | None = None,
        num_sweeps: int | None = None,
        beta_range: Sequence[float] | None = None,
        proposal_acceptance_criteria: str = "Gibbs",
        best_seen: bool = True,
        seed: int | None = None,
        target: float | None = None,
        num_threads: int | None = None,
        interrupt_function: Callable[[], bool] | None = None,
        progress: Callable[[Progress], object] | bool | None = None,
        on_interrupt: Literal["raise", "return"] = "raise",
    ) -> dimod.SampleSet:
        """Lowest states of the reads, or their last ones.

        Parameters
        ----------
        dqm : dimod.DiscreteQuadraticModel
            Any labels. A sample has the number of each variable's case, as everywhere in dimod;
            ``dqm.map_sample`` of a CaseLabelDQM names the cases.
        time_limit : float, optional
            Seconds of sampling; a normal end.
        label : str, optional
            Kept as ``info["problem_label"]``.
        method : {"tempering", "annealing", "population"}
            See :func:`pbit.temper`, :func:`pbit.anneal` and :func:`pbit.population_anneal`.
        num_reads : int, optional
            1 by default; of annealing with ``time_limit`` as many as fit; 1024 members of a
            population.
        num_sweeps : int, optional
            Of each: 1000 by default; of tempering with ``time_limit`` as many as fit. A
            population chooses its own.
        beta_range : (float, float), optional
            Hot and cold inverse temperature, found from the model by default; a population begins
            at 0.
        proposal_acceptance_criteria : {"Gibbs", "Metropolis"}
        best_seen : bool
            False: the last states, which are samples at the coldest beta if the sweeps suffice.
        seed : int, optional
            0 <= seed < 2**64.
        target, num_threads, interrupt_function, progress, on_interrupt
            As for :meth:`pbit.TemperingSampler.sample`.

        Returns
        -------
        dimod.SampleSet
            Energies by ``dqm.energies``; ``info`` of the run, with the law that is sampled.

        Raises
        ------
        TypeError, ValueError
            No DQM, or an argument of the wrong type or out of range.
        """
        start = time.perf_counter_ns()
        model = DitModel.from_dqm(dqm)
        reads = _run(
            model,
            method,
            {
                "num_reads": num_reads,
                "num_sweeps": num_sweeps,
                "beta_range": None if beta_range is None else pair_of(beta_range),
                "rule": rule_of(proposal_acceptance_criteria),
                "best_seen": best_seen,
                "seed": seed,
                "num_threads": num_threads,
                "control": control_of(
                    time_limit, target, interrupt_function, progress, on_interrupt
                ),
            },
        )
        began = time.perf_counter_ns()
        states = (reads.values, list(model.labels))
        found = dimod.SampleSet.from_samples(states, "DISCRETE", energy=dqm.energies(states))
        return _told(found, reads, label=label, start_ns=start, began_ns=began)

    def sample_cqm(
        self,
        cqm: dimod.ConstrainedQuadraticModel,
        time_limit: float | None = None,
        *,
        label: str | None = None,
        lagrange_multiplier: float | None = None,
        method: Literal["tempering", "annealing", "population"] = "tempering",
        num_reads: int | None = None,
        num_sweeps: int | None = None,
        beta_range: Sequence[float] | None = None,
        proposal_acceptance_criteria: str = "Gibbs",
        best_seen: bool = True,
        seed: int | None = None,
        num_threads: int | None = None,
        interrupt_function: Callable[[], bool] | None = None,
        progress: Callable[[Progress], object] | bool | None = None,
        on_interrupt: Literal["raise", "return"] = "raise",
    ) -> dimod.SampleSet:
        """Lowest states of the reads, each with what it satisfies.

        Groups of bits of which exactly one is set are digits, by ``add_discrete`` or by what a
        constraint says; so are other variables. What is left of the constraints costs the square
        of its violation, so that states may be infeasible: ``is_feasible`` says which, and
        ``info["num_feasible"]`` how many. ``info["groups"]`` names the constraints that hold by
        themselves. Quadratic assignments and tours are permutations throughout.

        Parameters
        ----------
        cqm : dimod.ConstrainedQuadraticModel
            Binary and spin variables, integers of up to 4096 values; hard linear constraints.
        lagrange_multiplier : float, optional
            What a violation by 1 costs: by default 10 times the largest bias of the objective, as
            ``dimod.cqm_to_bqm`` has it.
        time_limit, label, method, num_reads, num_sweeps, beta_range, best_seen, seed, num_threads
            As for :meth:`sample_dqm`; so are ``proposal_acceptance_criteria``,
            ``interrupt_function``, ``progress`` and ``on_interrupt``.

        Returns
        -------
        dimod.SampleSet
            Energies of the objective; ``is_satisfied`` and ``is_feasible`` as dimod has them.

        Raises
        ------
        TypeError, ValueError
            No CQM, what :meth:`pbit.DitModel.from_cqm` refuses, a constraint that no values meet,
            or an argument of the wrong type or out of range.
        """
        start = time.perf_counter_ns()
        digits = _digits_of(cqm, _price(cqm, lagrange_multiplier))
        reads = _run(
            digits.model,
            method,
            {
                "num_reads": num_reads,
                "num_sweeps": num_sweeps,
                "beta_range": None if beta_range is None else pair_of(beta_range),
                "rule": rule_of(proposal_acceptance_criteria),
                "best_seen": best_seen,
                "seed": seed,
                "num_threads": num_threads,
                "control": control_of(time_limit, None, interrupt_function, progress, on_interrupt),
            },
        )
        began = time.perf_counter_ns()
        found, reads = _with_constraints(cqm, digits, reads)
        return _told(found, reads, label=label, start_ns=start, began_ns=began)


class _Digits(NamedTuple):
    """A CQM as digits: bits of their values, and the constraints that these always meet."""

    model: Any
    samples: Callable[[Any], FloatArray]
    groups: list[Any]


def _digits_of(cqm: dimod.ConstrainedQuadraticModel, price: float) -> _Digits:
    labels = list(cqm.variables)
    assigned = assignment_of_cqm(cqm)
    if assigned is not None:
        model = AssignmentModel(**assigned.arrays._asdict())
        return _Digits(model, partial(assigned.samples, labels=labels), list(cqm.constraints))
    arrays, cases = digits_of_cqm(cqm, penalty=price)
    return _Digits(
        DitModel.from_cases(**arrays._asdict()),
        lambda values: cases.samples(values)[:, : len(labels)],
        list(groups_of_cqm(cqm).groups),
    )


def _run(model: Any, method: str, options: dict[str, Any]) -> DitReads:
    if method not in METHODS:
        raise ArgumentError("method", f"must be one of {', '.join(METHODS)}", method)
    runs = {"tempering": _tempered, "annealing": _annealed, "population": _population}
    return runs[method](model, **options)


def _annealed(
    model: Any,
    *,
    beta_range: tuple[float, float] | None,
    num_reads: int | None,
    num_sweeps: int | None,
    **others: Any,
) -> DitReads:
    if beta_range is None:
        steps: dict[str, Any] = {"num_sweeps": num_sweeps}
    else:
        sweeps = DEFAULT_NUM_SWEEPS if num_sweeps is None else num_sweeps
        steps = {"schedule": Schedule.geometric(*beta_range, num_betas=sweeps)}
    timed = others["control"].time_limit_s is not None
    many = (None if timed else 1) if num_reads is None else num_reads
    reads: DitReads = anneal(model, num_reads=many, **steps, **others)
    return reads


def _tempered(
    model: Any,
    *,
    beta_range: tuple[float, float] | None,
    num_reads: int | None,
    num_sweeps: int | None,
    best_seen: bool,
    **others: Any,
) -> DitReads:
    timed = others["control"].time_limit_s is not None
    sweeps = num_sweeps if num_sweeps is not None or timed else DEFAULT_NUM_SWEEPS
    found = temper(
        model,
        LadderSearch(beta_range),
        num_reads=1 if num_reads is None else num_reads,
        num_sweeps=sweeps,
        keep_states=not best_seen,
        **others,
    )
    if best_seen:
        return DitReads(found.values, found.energies, found.info)
    assert found.states is not None
    values = np.ascontiguousarray(found.states[:, -1, 0])
    law = f"{found.info['law'].split(',')[0]}, at beta = {found.info['betas'][-1]:g}"
    return DitReads(values, model.energy(values), found.info | {"law": law})


def _population(
    model: Any,
    *,
    beta_range: tuple[float, float] | None,
    num_reads: int | None,
    num_sweeps: int | None,
    best_seen: bool,
    **others: Any,
) -> DitReads:
    if num_sweeps is not None:
        raise ArgumentError(
            "num_sweeps", "must be left out with method 'population', which chooses it", num_sweeps
        )
    members = population_anneal(
        model,
        population_size=1024 if num_reads is None else integer("num_reads", num_reads, 1),
        beta=None if beta_range is None else beta_range[1],
        **others,
    )
    if best_seen:
        return DitReads(members.best_values, members.best_energies, members.info)
    return DitReads(members.values, members.energies, members.info)


def _with_constraints(
    cqm: dimod.ConstrainedQuadraticModel, digits: _Digits, reads: DitReads
) -> tuple[dimod.SampleSet, DitReads]:
    """The states in the variables of the CQM, and the run that knows how many are feasible."""
    states = (digits.samples(reads.values), list(cqm.variables))
    found = dimod.SampleSet.from_samples_cqm(states, cqm)
    facts = {"num_feasible": int(found.record.is_feasible.sum()), "groups": digits.groups}
    return found, replace(reads, info=reads.info | facts)


def _told(
    found: dimod.SampleSet, reads: DitReads, *, label: str | None, start_ns: int, began_ns: int
) -> dimod.SampleSet:
    found.info.update(reads.info)
    if label is not None:
        found.info["problem_label"] = label
    found.info["timing"] = timing_of(reads.info["timing"], start_ns, began_ns)
    return found


def _price(cqm: Any, asked: float | None) -> float:
    """What a violation costs: as asked, or ten times the largest bias, 1 where there is none."""
    instance("cqm", cqm, dimod.ConstrainedQuadraticModel, remedy="sample_dqm takes a DQM")
    if asked is not None:
        return positive("lagrange_multiplier", asked)
    objective = cqm.objective
    biases = [*objective.linear.values(), *objective.quadratic.values()]
    return 10.0 * max(map(abs, biases), default=0.0) or 1.0
