"""One run of a network of p-bits: what was asked for, checked, planned, compiled and run."""

from __future__ import annotations

import secrets
import time
from dataclasses import dataclass, field
from typing import Any, Literal, NamedTuple

import numpy as np
import numpy.typing as npt

from pbit.checks import integer
from pbit.engines.compiled_model import CompiledModel
from pbit.engines.events import account
from pbit.engines.observation import Observation
from pbit.engines.plan import RULES, Order, Plan, Rule, choose, law_of, num_parts, order_code
from pbit.engines.task import FORMS, Chipped, Kernel, Task
from pbit.hardware.chip import Chip
from pbit.hardware.parameters import Hardware
from pbit.machine import available_threads, memory_bytes
from pbit.models.directed import DirectedModel
from pbit.models.labels import SpinArray
from pbit.models.polynomial import AnyModel
from pbit.run.control import Control
from pbit.run.reads import Reads
from pbit.run.run import Run
from pbit.schedules.schedule import Schedule, default_schedule

_MAX_SEED = 2**64
_MAX_READ = 2**32  # counter word 2 of the random stream
_MANY = 2**31  # reads, where their number is not given
_NO_OBSERVATION = Observation()


class TimeAverages(NamedTuple):
    """What is averaged over time on a chip: from ``burn_in`` on, p-bits and whole states."""

    burn_in: float = 0.0
    ups: bool = True
    states: bool = False


@dataclass(frozen=True, eq=False)
class Options:
    """The keywords of :func:`pbit.anneal`, explained there."""

    num_reads: int | None = 1
    seed: int | None = None
    rule: Rule = "heat-bath"
    order: Order | Literal["auto"] = "auto"
    update_fraction: float | None = None
    initial_spins: npt.ArrayLike | None = None
    best_seen: bool = False
    kernel: Kernel | Literal["auto"] = "auto"
    num_threads: int | None = None
    max_num_samples: int = 1000
    first_read: int = 0
    traced: bool = False
    control: Control = field(default_factory=Control)
    hardware: Hardware | None = None
    time_averages: TimeAverages | None = None


def run_network(
    model: AnyModel | DirectedModel,
    schedule: Schedule | None,
    options: Options,
    observation: Observation = _NO_OBSERVATION,
) -> tuple[Reads, Run]:
    """Reads and the run they come from, which has what was observed."""
    start = time.perf_counter_ns()
    control, num_reads, kernel = options.control, options.num_reads, options.kernel
    directed = isinstance(model, DirectedModel)
    schedule = _schedule_of(model, schedule, options)
    _check_options(num_reads, options.rule, control)
    integer("max_num_samples", options.max_num_samples, 1)
    _check_columns(schedule, num_reads)
    seed = secrets.randbelow(_MAX_SEED) if options.seed is None else check_seed(options.seed)
    threads = _check_threads(options.num_threads)
    spins0 = _check_initial(options.initial_spins, model.num_spins, num_reads)
    _check_memory(model.num_spins, num_reads, options.best_seen)
    integer("first_read", options.first_read, 0, _MAX_READ - (num_reads or 1))
    hardware = options.hardware
    if not isinstance(hardware, Hardware | None):
        raise TypeError(f"hardware must be a pbit.Hardware, got {hardware!r:.60}")
    if hardware is None:
        plan = choose(
            model, kernel=kernel, rule=options.rule, order=options.order, num_reads=num_reads
        )
    else:
        plan = _plan_on_chip(options)
    fraction = _check_fraction(options.update_fraction, plan.order)
    # Which of several states of equal energy was best is up to rounding, and so to the kernel.
    share = -(-(num_reads or _MANY) // (1 if options.best_seen else threads))
    chosen = plan.for_share(share, named=kernel != "auto")
    task = Task(
        model=CompiledModel.of(model, schedule, form=FORMS[chosen], coloring=plan.coloring),
        bits=plan.bits,
        betas=schedule.columns,
        sweeps_per_beta=schedule.sweeps_per_beta,
        seed=seed,
        kernel=chosen,
        metropolis=options.rule == "metropolis",
        order=order_code(plan.order),
        fraction=fraction,
        best_seen=options.best_seen,
        num_reads=num_reads,
        max_num_samples=options.max_num_samples,
        initial=spins0,
        first_read=options.first_read,
        traced=options.traced,
        observation=observation,
        has_energy=not directed,
        parts=num_parts(chosen, model.num_spins, num_reads, threads),
        chipped=None if hardware is None else _chipped(hardware, model, options.time_averages),
    )
    run = Run(task, control)
    prepared = time.perf_counter_ns()
    run.warm_up(threads)
    warm = time.perf_counter_ns()
    run.go(threads)
    sampled = time.perf_counter_ns()
    rows = run.collect()
    info: dict[str, Any] = {
        "seed": seed,
        "stop_reason": run.stop_reason,
        "beta_range": _ends(schedule),
        "beta_schedule_type": schedule.kind,
        "num_reads": run.reads_begun,
        "num_sweeps": schedule.num_sweeps,
        "rule": options.rule,
        "order": plan.order if hardware is None else hardware.clock,
        "law": (
            hardware.law
            if hardware is not None and not directed
            else law_of(plan.order, directed=directed)
        ),
        "kernel": chosen,
        "updates": run.updates,
        "num_threads": threads,
        "rng": "philox4x32-10, layout 1",
        "timing": {
            "preprocessing_ns": prepared - start,
            "compile_ns": warm - prepared,
            "sampling_ns": sampled - warm,
            "postprocessing_ns": max(1, time.perf_counter_ns() - sampled),
        },
    }
    if options.traced:
        info["trace"] = run.trace
    if hardware is not None:
        assert task.chipped is not None
        info["hardware"] = account(task.chipped.chip, task, run.counts, run.sweeps)
    energies = np.full(rows.energies.size, np.nan) if directed else rows.energies
    return Reads(rows.spins, energies, info), run


def check_seed(seed: Any) -> int:
    """The seed as int, if 0 <= seed < 2**64.

    Raises
    ------
    TypeError, ValueError
    """
    return integer("seed", seed, 0, _MAX_SEED - 1)


def seed_of(seed: int, *turns: int) -> int:
    """Seed of one of many runs of a search, from that of the search."""
    return int(np.random.SeedSequence([seed, *turns]).generate_state(1, np.uint64)[0])


def _plan_on_chip(options: Options) -> Plan:
    """The only plan there is with hardware, which has a rule and a clock of its own."""
    for name, usual in (("kernel", "auto"), ("order", "auto"), ("rule", "heat-bath")):
        value = getattr(options, name)
        if value != usual:
            raise ValueError(f"{name} must be {usual!r} with hardware, got {value!r}")
    return Plan("events", "sequential")


def _chipped(hardware: Hardware, model: Any, averages: TimeAverages | None) -> Chipped:
    chip = Chip.of(hardware, model)
    return Chipped(chip) if averages is None else Chipped(chip, *averages)


def _ends(schedule: Schedule) -> list[float]:
    betas = schedule.columns
    return [float(betas[0].min()), float(betas[-1].max())] if betas.size else []


def _schedule_of(
    model: AnyModel | DirectedModel, schedule: Schedule | None, options: Options
) -> Schedule:
    if not isinstance(model, DirectedModel):
        return schedule or default_schedule(model)
    if schedule is None:
        raise ValueError(
            "schedule must be given for directed couplings, which have no energy to anneal; "
            "Schedule([1.0] * sweeps) runs the network as it is"
        )
    if options.num_reads is None:
        raise ValueError(
            "num_reads must be given for directed couplings, which have no energy by which to keep "
            "some of the reads"
        )
    if options.best_seen or options.traced or options.control.target is not None:
        raise ValueError(
            "best_seen, traced and target need an energy, which directed couplings do not have; "
            "leave them out"
        )
    return schedule


def _check_options(num_reads: int | None, rule: str, control: Control) -> None:
    if rule not in RULES:
        raise ValueError(f"rule must be one of {', '.join(RULES)}, got {rule!r}")
    if num_reads is None and control.time_limit_s is None:
        raise ValueError("num_reads must be given unless a time limit is")
    if num_reads is not None:
        integer("num_reads", num_reads, 1)


def _check_columns(schedule: Schedule, num_reads: int | None) -> None:
    if schedule.columns.shape[1] not in (1, num_reads):
        raise ValueError(
            f"schedule must have one column of betas, or one for each of {num_reads} reads, "
            f"got {schedule.columns.shape[1]}"
        )


def _check_fraction(fraction: float | None, order: Order) -> float:
    if order != "random-subset":
        if fraction is not None:
            raise ValueError(f"update_fraction must go with order 'random-subset', not {order!r}")
        return 1.0
    if fraction is None or not 2.0**-32 <= fraction <= 1:
        raise ValueError(
            f"update_fraction must be > 0 and <= 1 for order 'random-subset', got {fraction}; the "
            "least is 2**-32"
        )
    return float(fraction)


def _check_threads(num_threads: int | None) -> int:
    if num_threads is None:
        return available_threads()
    return integer("num_threads", num_threads, 1)


def _check_initial(
    initial: npt.ArrayLike | None, n: int, num_reads: int | None
) -> SpinArray | None:
    if initial is None:
        return None
    if num_reads is None:
        raise ValueError("num_reads must be given with initial_spins, one row a read")
    spins = np.asarray(initial)
    if spins.shape != (num_reads, n):
        raise ValueError(
            f"initial_spins must have shape ({num_reads}, {n}), one row a read, got {spins.shape}"
        )
    if not np.all((spins == 1) | (spins == -1)):
        raise ValueError("initial_spins must be -1 or +1; for bits x in {0, 1} pass 2*x - 1")
    return spins.astype(np.int8)


def _check_memory(n: int, num_reads: int | None, best_seen: bool) -> None:
    memory, needed = memory_bytes(), (num_reads or 0) * n * (3 + best_seen)
    if needed > 0.8 * memory:
        raise MemoryError(
            f"{num_reads} reads of {n} spins need about {needed / 2**30:.1f} GiB, this machine "
            f"has {memory / 2**30:.1f}; lower num_reads"
        )
