"""Keywords of D-Wave's samplers to what our samplers take, and reads back to a SampleSet."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Literal

import dimod
import numpy as np
import numpy.typing as npt

from pbit.checks import ArgumentError, integer
from pbit.engines.words import Order, Rule, rule_named
from pbit.models.ising import IsingModel
from pbit.models.labels import SpinArray
from pbit.models.polynomial import AnyModel, PolynomialModel
from pbit.run.control import Control, Progress
from pbit.run.reads import Reads
from pbit.schedules.schedule import DEFAULT_NUM_SWEEPS, Schedule, default_beta_range, hot_and_cold

SCHEDULE_TYPES = ("linear", "geometric", "custom")


def bqm_from(value: Any) -> dimod.BinaryQuadraticModel | dimod.BinaryPolynomial:
    """The BQM or polynomial, or the one that a model of ours stands for.

    Raises
    ------
    TypeError
        Anything else.
    """
    if isinstance(value, IsingModel):
        return value.to_bqm()
    if isinstance(value, PolynomialModel):
        return value.to_polynomial()
    if isinstance(value, dimod.BinaryPolynomial) or hasattr(value, "quadratic"):
        return value
    remedy = ""
    if isinstance(value, Mapping):
        remedy = "; use sample_qubo(Q) for a QUBO, sample_ising(h, J) for fields and couplings"
    elif hasattr(value, "constraints"):
        remedy = "; use pbit.solve(cqm), DiscreteSampler().sample_cqm(cqm) or dimod.cqm_to_bqm(cqm)"
    elif hasattr(value, "num_case_interactions"):
        remedy = "; use DiscreteSampler().sample_dqm(dqm)"
    raise TypeError(
        f"bqm must be a dimod BQM or an IsingModel, got {value!r:.60} ({type(value).__name__})"
        + remedy
    )


def initial_of(
    bqm: dimod.BinaryQuadraticModel | dimod.BinaryPolynomial,
    initial_states: Any,
    generator: str,
    num_reads: int | None,
    seed: int,
) -> tuple[SpinArray | None, list[Any] | None, int | None]:
    """Initial spins (None: fair coins), the order of the variables, the number of reads if said."""
    if initial_states is None and generator == "random":
        reads = None if num_reads is None else integer("num_reads", num_reads, 1)
        return None, None, reads
    if isinstance(bqm, dimod.BinaryPolynomial):
        bqm = dimod.BinaryQuadraticModel({v: 0 for v in bqm.variables}, {}, dimod.SPIN)
    try:
        parsed = dimod.Initialized().parse_initial_states(
            bqm.spin if bqm.vartype is dimod.BINARY else bqm,
            initial_states=initial_states,
            initial_states_generator=generator,
            num_reads=num_reads,
            seed=seed % 2**32,
        )
    except TypeError as error:
        raise TypeError(
            "initial_states must be states as dimod takes them, such as {'a': 1, 'b': -1}, and "
            "initial_states_generator a word, got "
            f"{initial_states!r:.60} and {generator!r:.60}: {error}"
        ) from error
    states = np.asarray(parsed.initial_states.record.sample, dtype=np.int8)
    return states, list(parsed.initial_states.variables), int(parsed.num_reads)


def model_of(
    bqm: dimod.BinaryQuadraticModel | dimod.BinaryPolynomial,
    labels: list[Any] | None = None,
    states: SpinArray | None = None,
) -> tuple[AnyModel, SpinArray | None]:
    """The model, and the states (columns as in ``labels``) with columns as in the model."""
    if isinstance(bqm, dimod.BinaryPolynomial):
        polynomial = PolynomialModel.from_polynomial(bqm)
        return polynomial, _columns(states, labels, polynomial)
    return _in_order(IsingModel.from_bqm(bqm), labels), states


def schedule_from_keywords(
    model: AnyModel,
    beta_range: Sequence[float] | None,
    num_sweeps: int | None,
    num_sweeps_per_beta: int,
    beta_schedule_type: str,
    beta_schedule: npt.ArrayLike | None,
) -> Schedule:
    """Schedule of D-Wave's schedule keywords, with D-Wave's rules for what goes together."""
    per_beta = integer("num_sweeps_per_beta", num_sweeps_per_beta, 1)
    sweeps = None if num_sweeps is None else integer("num_sweeps", num_sweeps, 0)
    if beta_schedule_type == "custom":
        return _custom(beta_range, sweeps, per_beta, beta_schedule)
    if beta_schedule_type not in SCHEDULE_TYPES:
        raise ArgumentError(
            "beta_schedule_type", f"must be one of {', '.join(SCHEDULE_TYPES)}", beta_schedule_type
        )
    if beta_schedule is not None:
        raise ArgumentError("beta_schedule", "must go with beta_schedule_type='custom'")
    sweeps = DEFAULT_NUM_SWEEPS if sweeps is None else sweeps
    num_betas, rest = divmod(sweeps, per_beta)
    if rest:
        raise ArgumentError(
            "num_sweeps", "must be divisible by num_sweeps_per_beta", got=f"{sweeps} and {per_beta}"
        )
    hot, cold = default_beta_range(model) if beta_range is None else pair_of(beta_range)
    make = Schedule.geometric if beta_schedule_type == "geometric" else Schedule.linear
    return make(hot, cold, num_betas=num_betas, sweeps_per_beta=per_beta)


def _custom(
    beta_range: Sequence[float] | None,
    num_sweeps: int | None,
    per_beta: int,
    beta_schedule: npt.ArrayLike | None,
) -> Schedule:
    if beta_schedule is None:
        raise ArgumentError("beta_schedule", "must be given with beta_schedule_type='custom'")
    try:
        betas = np.array(beta_schedule, dtype=np.float64, ndmin=1)
    except (TypeError, ValueError):
        raise ArgumentError("beta_schedule", "must be numbers", beta_schedule) from None
    schedule = Schedule(betas, per_beta)
    if num_sweeps is not None and num_sweeps != schedule.num_sweeps:
        raise ArgumentError(
            "num_sweeps",
            f"must be len(beta_schedule) * num_sweeps_per_beta = {schedule.num_sweeps}",
            num_sweeps,
            remedy="leave it out",
        )
    if beta_range is not None and betas.size and tuple(beta_range) != (betas[0], betas[-1]):
        raise ArgumentError(
            "beta_range",
            f"must be the ends of beta_schedule, ({betas[0]}, {betas[-1]})",
            tuple(beta_range),
            remedy="leave it out",
        )
    return schedule


def control_of(
    time_limit: float | None,
    target: float | None,
    interrupt_function: Callable[[], bool] | None,
    progress: Callable[[Progress], object] | bool | None,
    on_interrupt: Literal["raise", "return"],
) -> Control:
    """Control of a sampler's keywords."""
    if interrupt_function is not None and not callable(interrupt_function):
        raise TypeError(f"interrupt_function must be callable, got {interrupt_function!r}")
    return Control(time_limit, target, interrupt_function, progress, on_interrupt)


def to_sampleset(
    model: AnyModel, reads: Reads, vartype: Any, start_ns: int, **vectors: npt.ArrayLike
) -> dimod.SampleSet:
    """Reads as a SampleSet of the given vartype; ``start_ns`` is when preprocessing began.

    ``vectors`` are further fields of the record, one value a row.
    """
    began = time.perf_counter_ns()
    spins = reads.spins if vartype is dimod.SPIN else (reads.spins + 1) // 2
    info = dict(reads.info)
    numbered = isinstance(model.labels, range)
    sampleset = dimod.SampleSet.from_samples(
        spins if numbered else (spins, list(model.labels)),
        energy=reads.energies,
        vartype=vartype,
        info=info,
        sort_labels=not numbered,
        **vectors,
    )
    sampleset.info["timing"] = timing_of(reads.info["timing"], start_ns, began)
    return sampleset


def timing_of(timing: Mapping[str, int], start_ns: int, began_ns: int) -> dict[str, int]:
    """The timing of a run with what came before it, from ``start_ns``, and after, up to now."""
    after = timing["compile_ns"] + timing["sampling_ns"] + timing["postprocessing_ns"]
    return dict(timing) | {
        "preprocessing_ns": max(1, began_ns - start_ns - after),
        "postprocessing_ns": timing["postprocessing_ns"] + time.perf_counter_ns() - began_ns,
    }


def rule_of(criteria: str) -> Rule:
    """The rule of D-Wave's acceptance criteria."""
    return rule_named(criteria, argument="proposal_acceptance_criteria")


def order_of(order: Order | Literal["auto"], randomize_order: bool) -> Order | Literal["auto"]:
    """The order of the updates, by its own name or D-Wave's."""
    if not randomize_order:
        return order
    if order not in ("auto", "random"):
        raise ArgumentError(
            "randomize_order",
            f"must be False with order {order!r}",
            remedy="it stands for order 'random'",
        )
    return "random"


def pair_of(beta_range: Sequence[float]) -> tuple[float, float]:
    """Hot and cold beta."""
    hot, cold = hot_and_cold(beta_range)
    if not hot >= 0:
        raise ArgumentError("beta_range", "must be two numbers >= 0, hot and cold", beta_range)
    return hot, cold


def _columns(
    states: SpinArray | None, labels: list[Any] | None, model: PolynomialModel
) -> SpinArray | None:
    """States with their columns in the order of the model."""
    if states is None or labels is None:
        return states
    position = {label: k for k, label in enumerate(labels)}
    return states[:, [position[label] for label in model.labels]]


def _in_order(model: IsingModel, labels: list[Any] | None) -> IsingModel:
    """The same model with its spins in the order of ``labels``."""
    if labels is None or labels == list(model.labels):
        return model
    position = {label: k for k, label in enumerate(model.labels)}
    order = np.array([position[label] for label in labels])
    return IsingModel(model.h[order], model.J[order][:, order], model.offset, labels)
