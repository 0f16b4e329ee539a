"""PBitSampler: the p-bit network behind dimod's sampler interface."""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable, Sequence
from typing import Any, Literal

import dimod
import numpy as np
import numpy.typing as npt

from pbit.checks import integer
from pbit.dimod_adaptor import from_bqm, from_polynomial
from pbit.hardware.parameters import Hardware
from pbit.model import IsingModel, SpinArray
from pbit.polynomial import AnyModel, PolynomialModel
from pbit.result import Reads
from pbit.samplers.annealer import anneal
from pbit.samplers.block_kernels import KERNELS, Kernel
from pbit.samplers.control import Control, Progress
from pbit.samplers.network import check_seed
from pbit.samplers.plan import ORDERS, Order, Rule
from pbit.samplers.takes_polynomials import TakesPolynomials
from pbit.schedule import DEFAULT_NUM_SWEEPS, Schedule, default_beta_range

SCHEDULE_TYPES = ("linear", "geometric", "custom")
_RULES: dict[str, Rule] = {"gibbs": "heat-bath", "metropolis": "metropolis"}


class PBitSampler(  # type: ignore[misc]
    dimod.Sampler, TakesPolynomials, dimod.Initialized
):
    """Sample or minimise a BQM, or a polynomial of higher order, with a network of p-bits.

    Takes the keywords of D-Wave's ``SimulatedAnnealingSampler``, with the p-bit's heat bath
    ("Gibbs") as the default rule; ``time_limit``, ``target``, ``num_threads``, ``best_seen`` and
    ``progress`` are new. Reads run side by side: many reads cost little more than one.

    Examples
    --------
    >>> import dimod
    >>> bqm = dimod.BQM.from_ising({}, {("a", "b"): 1.0, ("b", "c"): 1.0, ("a", "c"): 1.0})
    >>> float(PBitSampler().sample(bqm, num_reads=100, seed=1).first.energy)
    -1.0
    >>> parity = dimod.BinaryPolynomial({"abc": -1.0, "a": -0.5}, "SPIN")
    >>> float(PBitSampler().sample_poly(parity, num_reads=20, seed=1).first.energy)
    -1.5
    """

    parameters: Any = None
    properties: Any = None

    def __init__(self) -> None:
        self.parameters = {
            "beta_range": [],
            "num_reads": [],
            "num_sweeps": [],
            "num_sweeps_per_beta": [],
            "beta_schedule_type": ["beta_schedule_options"],
            "seed": [],
            "interrupt_function": [],
            "beta_schedule": [],
            "initial_states": [],
            "initial_states_generator": [],
            "randomize_order": [],
            "proposal_acceptance_criteria": [],
            "time_limit": [],
            "target": [],
            "num_threads": [],
            "best_seen": [],
            "kernel": ["kernels"],
            "order": ["orders"],
            "update_fraction": [],
            "hardware": [],
            "max_num_samples": [],
            "progress": [],
        }
        self.properties = {
            "beta_schedule_options": SCHEDULE_TYPES,
            "kernels": ("auto", *KERNELS),
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
        best_seen: bool = False,
        kernel: Kernel | Literal["auto"] = "auto",
        order: Order | Literal["auto"] = "auto",
        update_fraction: float | None = None,
        hardware: Hardware | None = None,
        max_num_samples: int = 1000,
        progress: Callable[[Progress], None] | None = None,
        **kwargs: Any,
    ) -> dimod.SampleSet:
        """Samples of a binary quadratic model, one row a read.

        Parameters
        ----------
        bqm : dimod.BinaryQuadraticModel
            Spin or binary, any labels. :meth:`sample_poly` takes polynomials.
        beta_range : (float, float), optional
            Hot and cold inverse temperature; :func:`pbit.default_beta_range` by default.
        num_reads : int, optional
            By default the number of initial states, else 1, or with ``time_limit`` as many as
            fit into it.
        num_sweeps, num_sweeps_per_beta : int
            Sweeps of a read (default 1000) and how many of them at each beta.
        beta_schedule_type : {"geometric", "linear", "custom"}
        seed : int, optional
            0 <= seed < 2**64. With a named kernel read k depends on seed and k alone.
        interrupt_function : callable, optional
            Polled about twenty times a second; a true value or an exception stops the run
            between two sweeps.
        beta_schedule : array of float, optional
            The betas of a "custom" schedule, >= 0; infinity is zero temperature.
        initial_states : samples-like, optional
            Where reads start; ``initial_states_generator`` ("random", "tile", "none") says how
            too few are made up for.
        randomize_order : bool
            Draw each spin at random, with replacement, instead of sweeping in a fixed order.
        proposal_acceptance_criteria : {"Gibbs", "Metropolis"}
            Heat bath (the p-bit) or Metropolis.
        time_limit : float, optional
            Seconds of sampling; a normal end.
        target : float, optional
            Stop once a read has this energy or less.
        num_threads : int, optional
            All available processors by default; no influence on the samples.
        best_seen : bool
            Return the lowest state each read was in, at its start or at the end of a sweep, not
            its last.
        kernel : {"auto", "bits", "cached", "colors", "dense", "lanes", "reads"}
            See :func:`pbit.anneal`; ``info["kernel"]`` names the one taken.
        order, update_fraction
            Order of the updates, see :func:`pbit.anneal`; ``randomize_order=True`` is
            ``order="random"``.
        hardware : pbit.Hardware, optional
            Run on this emulated chip, see :func:`pbit.anneal`; ``info["hardware"]`` has seconds,
            flips and energies.
        max_num_samples : int
            Rows kept, lowest first, of a run with ``time_limit`` and no ``num_reads``.
        progress : callable, optional
            Called with a :class:`pbit.Progress` about twenty times a second.

        Returns
        -------
        dimod.SampleSet
            Rows as reads, not aggregated; ``info`` has ``beta_range``, ``beta_schedule_type``,
            ``seed``, ``stop_reason``, ``kernel``, ``order``, ``law`` (Boltzmann, or why not),
            ``updates`` and ``timing`` (ns).

        Raises
        ------
        TypeError, ValueError
            An argument of the wrong type or out of range.
        """
        start = time.perf_counter_ns()
        self.remove_unknown_kwargs(**kwargs)
        rule = rule_of(proposal_acceptance_criteria)
        control = control_of(time_limit, target, interrupt_function, progress)
        seed = secrets.randbelow(2**32) if seed is None else check_seed(seed)
        states, labels, reads = initial_of(
            bqm, initial_states, initial_states_generator, num_reads, seed
        )
        if reads is None and time_limit is None:
            reads = 1
        model, states = model_of(bqm, labels, states)
        schedule = schedule_from_keywords(
            model, beta_range, num_sweeps, num_sweeps_per_beta, beta_schedule_type, beta_schedule
        )
        result = anneal(
            model,
            schedule,
            num_reads=reads,
            seed=seed,
            rule=rule,
            order=order_of(order, randomize_order),
            update_fraction=update_fraction,
            hardware=hardware,
            initial_spins=states,
            best_seen=best_seen,
            kernel=kernel,
            num_threads=num_threads,
            max_num_samples=max_num_samples,
            control=control,
        )
        return to_sampleset(model, result, bqm.vartype, start)


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
    parsed = dimod.Initialized().parse_initial_states(
        bqm.spin if bqm.vartype is dimod.BINARY else bqm,
        initial_states=initial_states,
        initial_states_generator=generator,
        num_reads=num_reads,
        seed=seed % 2**32,
    )
    states = np.asarray(parsed.initial_states.record.sample, dtype=np.int8)
    return states, list(parsed.initial_states.variables), int(parsed.num_reads)


def model_of(
    bqm: dimod.BinaryQuadraticModel | dimod.BinaryPolynomial,
    labels: list[Any] | None = None,
    states: SpinArray | None = None,
) -> tuple[AnyModel, SpinArray | None]:
    """The model, and the states (columns as in ``labels``) with columns as in the model."""
    if isinstance(bqm, dimod.BinaryPolynomial):
        polynomial = from_polynomial(bqm)
        return polynomial, _columns(states, labels, polynomial)
    return _in_order(from_bqm(bqm), labels), states


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
        raise ValueError(
            f"beta_schedule_type must be one of {', '.join(SCHEDULE_TYPES)}, "
            f"got {beta_schedule_type!r}"
        )
    if beta_schedule is not None:
        raise ValueError("beta_schedule must go with beta_schedule_type='custom'")
    sweeps = DEFAULT_NUM_SWEEPS if sweeps is None else sweeps
    num_betas, rest = divmod(sweeps, per_beta)
    if rest:
        raise ValueError(
            f"num_sweeps must be divisible by num_sweeps_per_beta, got {sweeps} and {per_beta}"
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
        raise ValueError("beta_schedule must be given with beta_schedule_type='custom'")
    try:
        betas = np.array(beta_schedule, dtype=np.float64, ndmin=1)
    except (TypeError, ValueError):
        raise ValueError(f"beta_schedule must be numbers, got {beta_schedule!r}") from None
    schedule = Schedule(betas, per_beta)
    if num_sweeps is not None and num_sweeps != schedule.num_sweeps:
        raise ValueError(
            f"num_sweeps must be len(beta_schedule) * num_sweeps_per_beta = "
            f"{schedule.num_sweeps}, got {num_sweeps}; leave it out"
        )
    if beta_range is not None and betas.size and pair_of(beta_range) != (betas[0], betas[-1]):
        raise ValueError(
            f"beta_range must be the ends of beta_schedule, ({betas[0]}, {betas[-1]}), "
            f"got {tuple(beta_range)}; leave it out"
        )
    return schedule


def control_of(
    time_limit: float | None,
    target: float | None,
    interrupt_function: Callable[[], bool] | None,
    progress: Callable[[Progress], None] | None,
) -> Control:
    """Control of a sampler's keywords."""
    if interrupt_function is not None and not callable(interrupt_function):
        raise TypeError(f"interrupt_function must be callable, got {interrupt_function!r}")
    return Control(time_limit, target, interrupt_function, progress)


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
    timing = dict(reads.info["timing"])
    after = timing["compile_ns"] + timing["sampling_ns"] + timing["postprocessing_ns"]
    timing["preprocessing_ns"] = max(1, began - start_ns - after)
    timing["postprocessing_ns"] += time.perf_counter_ns() - began
    sampleset.info["timing"] = timing
    return sampleset


def rule_of(criteria: str) -> Rule:
    """The rule of D-Wave's acceptance criteria."""
    rule = _RULES.get(str(criteria).lower())
    if rule is None:
        raise ValueError(
            f"proposal_acceptance_criteria must be 'Gibbs' or 'Metropolis', got {criteria!r}"
        )
    return rule


def order_of(order: Order | Literal["auto"], randomize_order: bool) -> Order | Literal["auto"]:
    """The order of the updates, by its own name or D-Wave's."""
    if not randomize_order:
        return order
    if order not in ("auto", "random"):
        raise ValueError(
            f"randomize_order must be False with order {order!r}; it stands for order 'random'"
        )
    return "random"


def pair_of(beta_range: Sequence[float]) -> tuple[float, float]:
    """Hot and cold beta."""
    values = tuple(float(beta) for beta in beta_range)
    if len(values) != 2 or min(values) < 0:
        raise ValueError(f"beta_range must be two numbers >= 0, hot and cold, got {beta_range}")
    return values[0], values[1]


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
