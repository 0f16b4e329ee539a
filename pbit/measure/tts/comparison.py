"""Several samplers on the same instances, taking turns."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

import numpy as np

from pbit.by_value import ByValue
from pbit.checks import ArgumentError, integer
from pbit.measure.tts.callers import Caller, Calling, Clock, as_model, caller_of
from pbit.measure.tts.instance import Measuring, Plan
from pbit.measure.tts.time_to_solution import Case, Context, TimeToSolution, result_of
from pbit.models.labels import SpinArray
from pbit.run.control import Progress
from pbit.seeds import seed_or_fresh
from pbit.statistics.estimate import check_fraction
from pbit.statistics.tuning import Per

DEFAULT_SWEEPS = (100, 300, 1000, 3000, 10_000)

Measure = Literal["auto", "reads", "first-hit"]


@dataclass(frozen=True, eq=False)
class Instance(ByValue):
    """A model and the energy to reach.

    ``accept`` is a further test of a state, shape (n,), that has the energy: whether its answer is
    feasible, say.
    """

    model: Any
    target: float
    name: str = "0"
    accept: Callable[[SpinArray], bool] | None = None


def compare_solvers(
    samplers: Mapping[str, Any],
    instances: Sequence[Instance],
    *,
    num_sweeps: int | Sequence[int] | None = None,
    measure: Measure = "auto",
    num_reads: int = 128,
    reads_at_once: int | None = None,
    num_runs: int = 20,
    time_limit: float = 10.0,
    budget: float | None = None,
    probability: float = 0.99,
    confidence: float = 0.95,
    per: Per = "set",
    clock: Clock = "wall",
    num_threads: int | None = 1,
    seed: int | None = None,
    progress: Callable[[Progress], None] | None = None,
    interrupt: Callable[[], bool] | None = None,
    keywords: Mapping[str, Mapping[str, Any]] | None = None,
    started: Callable[[str, str], None] | None = None,
) -> dict[str, TimeToSolution]:
    """Times to solution of several samplers, instance after instance, one sampler after the other.

    Parameters
    ----------
    samplers : mapping of str to sampler
        What they are called, and names of solvers or dimod samplers.
    instances : sequence of Instance
    num_sweeps : int or list of int, optional
        Of those samplers that are measured by reads.
    measure : {"auto", "reads", "first-hit"}
        "auto": reads for samplers that cannot stop at a target and for "pbit", "neal" and
        PBitSampler, first hits for others.
    keywords : mapping of str to mapping, optional
        Keywords of each sampler by what it is called; ``num_sweeps``, ``measure`` and
        ``reads_at_once`` among them are the measurement's.
    started : callable, optional
        Told the sampler and the instance that come next.

    All others are those of :func:`pbit.time_to_solution`.

    Returns
    -------
    dict of str to TimeToSolution
        Interrupted: of the instances that all samplers have done, if there are any.

    Raises
    ------
    TypeError, ValueError, KeyboardInterrupt
        As :func:`pbit.time_to_solution`.
    """
    if not samplers or not instances:
        raise ValueError("samplers and instances must be one or more, got none")
    check_fraction("probability", probability)
    check_fraction("confidence", confidence)
    _one_of("measure", measure, ("auto", "reads", "first-hit"))
    _one_of("per", per, ("set", "instance"))
    _one_of("clock", clock, ("wall", "cpu", "sampling"))
    budget_s = None if budget is None else _positive("budget", budget)
    calling = Calling(
        clock=clock,
        reads_at_once=None if reads_at_once is None else integer("reads_at_once", reads_at_once, 1),
        num_threads=num_threads,
        interrupt=interrupt,
    )
    chosen = seed_or_fresh(seed, bits=32)
    plan = Plan(
        num_sweeps=_sweeps(num_sweeps),
        num_reads=integer("num_reads", num_reads, 1),
        num_runs=integer("num_runs", num_runs, 2),
        time_limit_s=_positive("time_limit", time_limit),
        budget_s=None,
        seed=chosen,
    )
    turns = _Turns(samplers, plan, calling, measure, keywords or {})
    turns.run(instances, budget_s, progress, started)
    reason = "interrupted" if turns.interrupted else "budget" if turns.short else "completed"
    found = {}
    for name, those in _comparable(turns.cases).items():
        called = turns.called[name]
        context = Context(called, probability, confidence, per, clock, chosen, reason)
        found[name] = result_of(those, context)
    if not found:
        raise KeyboardInterrupt
    return found


class _Turns:
    """Samplers taking turns on each instance, and what they have measured so far."""

    def __init__(
        self,
        samplers: Mapping[str, Any],
        plan: Plan,
        calling: Calling,
        measure: Measure,
        keywords: Mapping[str, Mapping[str, Any]],
    ) -> None:
        self._samplers, self._plan, self._calling = samplers, plan, calling
        self._measure, self._keywords = measure, keywords
        self.cases: dict[str, dict[int, Case]] = {name: {} for name in samplers}
        self.called = {name: name for name in samplers}
        self.interrupted = self.short = False

    def run(
        self,
        instances: Sequence[Instance],
        budget_s: float | None,
        progress: Callable[[Progress], None] | None,
        started: Callable[[str, str], None] | None,
    ) -> None:
        """Measure all until the interrupt."""
        began = time.perf_counter()
        todo = [(k, each, name) for k, each in enumerate(instances) for name in self._samplers]
        for done, (k, instance, name) in enumerate(todo):
            caller, plan = self._prepared(name, instance.model)
            if started is not None:
                started(self.called[name], instance.name)
            plan = replace(plan, budget_s=_share(budget_s, began, len(todo) - done))
            tell = _inside(progress, done, len(todo), began)
            self._take(name, Measuring(
                caller, instance.target, plan, number=k, accept=instance.accept, progress=tell,
                interrupt=self._calling.interrupt,
            ), k, instance)  # fmt: skip
            if self.interrupted:
                return

    def _prepared(self, name: str, model: Any) -> tuple[Caller, Plan]:
        """The sampler bound to the model, and the plan with its own keywords."""
        own = dict(self._keywords.get(name, {}))
        measure, sweeps = own.pop("measure", self._measure), own.pop("num_sweeps", None)
        at_once = own.pop("reads_at_once", self._calling.reads_at_once)
        calling = replace(self._calling, keywords=own, reads_at_once=at_once)
        caller = caller_of(self._samplers[name], model, calling)
        self.called[name] = caller.name if name == "sampler" else name
        plan = self._plan
        if sweeps is not None:
            plan = replace(plan, num_sweeps=_sweeps(sweeps))
        return caller, _plan_for(plan, caller, measure)

    def _take(self, name: str, measuring: Measuring, k: int, instance: Instance) -> None:
        measuring.run()
        measured = measuring.measured()
        if measured is not None and (measured.complete or not self.cases[name]):
            size = as_model(instance.model).num_spins
            self.cases[name][k] = Case(instance.name, size, instance.target, measured)
        self.interrupted = measuring.interrupted
        self.short = self.short or measuring.short


def _comparable(cases: dict[str, dict[int, Case]]) -> dict[str, list[Case]]:
    """Cases of the instances that all samplers have done; if none, whatever there is."""
    common = set.intersection(*(set(those) for those in cases.values()))
    return {
        name: [case for k, case in those.items() if k in common or not common]
        for name, those in cases.items()
        if those
    }


def _plan_for(plan: Plan, caller: Caller, measure: Measure) -> Plan:
    """The plan for a caller: first hits have no numbers of sweeps."""
    kind = caller.kind if measure == "auto" else measure
    several = (plan.num_sweeps or DEFAULT_SWEEPS) if kind == "reads" else None
    return replace(plan, num_sweeps=several)


def _sweeps(num_sweeps: int | Sequence[int] | None) -> tuple[int, ...] | None:
    if num_sweeps is None:
        return None
    several = np.ndim(num_sweeps) > 0
    given: list[Any] = [*num_sweeps] if several else [num_sweeps]  # type: ignore[misc]
    if not given:
        raise ArgumentError(
            "num_sweeps", "must be one number or more", got="none", remedy="leave it out"
        )
    return tuple(sorted({integer("num_sweeps", each, 1, 2**40) for each in given}))


def _positive(name: str, value: float) -> float:
    if not 0 < value < math.inf:
        raise ArgumentError(name, "must be finite seconds > 0", value)
    return float(value)


def _one_of(name: str, value: str, allowed: tuple[str, ...]) -> None:
    if value not in allowed:
        raise ArgumentError(name, f"must be one of {', '.join(allowed)}", value)


def _share(budget_s: float | None, began: float, instances_left: int) -> float | None:
    """Seconds for the next instance: an equal part of what is left."""
    if budget_s is None:
        return None
    return max(1e-3, budget_s - (time.perf_counter() - began)) / instances_left


def _inside(
    progress: Callable[[Progress], None] | None, k: int, count: int, began: float
) -> Callable[[Progress], None] | None:
    if progress is None:
        return None

    def tell(report: Progress) -> None:
        elapsed = time.perf_counter() - began
        part = (k + (report.fraction or 0.0)) / count
        progress(Progress(part, report.best_energy, elapsed))

    return tell
