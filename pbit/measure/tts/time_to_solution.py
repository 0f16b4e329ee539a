"""What a measurement of time to solution returns: estimates, their table and plain data."""

from __future__ import annotations

import math
from dataclasses import asdict, dataclass, field
from typing import Any

import numpy as np

from pbit.by_value import ByValue
from pbit.measure.tts.instance import Measured
from pbit.models.labels import FloatArray
from pbit.statistics import (
    Estimate,
    HitTimes,
    SweepCounts,
    Tuned,
    cutoff_tts,
    median_tts,
    tuned_tts,
)
from pbit.statistics.tuning import Per


@dataclass(frozen=True, eq=False)
class InstanceTts(ByValue):
    """Time to solution of one instance.

    Parameters
    ----------
    name : str
    num_spins : int
    target, best_energy : float
        The energy to reach, and the lowest seen.
    tts : Estimate
        Seconds; the interval is over reads alone.
    num_sweeps : tuple of int
        Chosen on either half of the reads; empty for first hits.
    hits, reads : int
        Those reported from, at those numbers of sweeps; for first hits, of the runs.
    wall_s : float
        Seconds that all calls took.
    data : dict
        What it was computed from: ``num_sweeps`` and of both halves ``hits``, ``reads`` and
        ``seconds``; or ``seconds`` and ``hit`` of every run.
    """

    name: str
    num_spins: int
    target: float
    best_energy: float
    tts: Estimate
    num_sweeps: tuple[int, ...]
    hits: int
    reads: int
    wall_s: float
    data: dict[str, Any] = field(default_factory=dict, repr=False)

    @property
    def solved(self) -> bool:
        """Whether any read that counts reached the target."""
        return self.hits > 0

    @property
    def beaten(self) -> bool:
        """Whether an energy below the target was seen: it was not the lowest."""
        return self.best_energy < self.target - 1e-6 * max(1.0, abs(self.target))


@dataclass(frozen=True)
class Length:
    """One number of sweeps: median time over instances, success, seconds of a read.

    ``success`` and ``read_s`` are means over instances, ``residual`` the mean energy above the
    target per spin with its standard error (over instances; over reads for a single one).
    """

    num_sweeps: int
    tts: Estimate
    solved: int
    success: float
    read_s: float
    residual: float
    residual_error: float


@dataclass(frozen=True)
class TimeToSolution:
    """Time to solution of one sampler over one instance or more.

    Parameters
    ----------
    sampler : str
    measured_by : {"reads", "first-hit"}
    tts : Estimate
        Median over instances, seconds; of reads, at the best number of sweeps, cross-fitted.
    instances : tuple of InstanceTts
    lengths : tuple of Length
        Every number of sweeps; empty for first hits.
    num_sweeps : tuple of int
        Chosen for all instances on either half of the reads; empty for first hits and where each
        instance has its own.
    naive_s : float or None
        The smallest median of the lengths, biased low by its choice; to compare.
    at_edge : bool
        Whether the choice is the first or the last of them: others might be better.
    probability : float
        Of success within the time.
    clock : {"wall", "cpu", "sampling"}
    cores : float
        Processor seconds over wall seconds of all calls.
    seed : int
    stop_reason : {"completed", "budget", "interrupted"}
    """

    sampler: str
    measured_by: str
    tts: Estimate
    instances: tuple[InstanceTts, ...]
    lengths: tuple[Length, ...]
    num_sweeps: tuple[int, ...]
    naive_s: float | None
    at_edge: bool
    probability: float
    clock: str
    cores: float
    seed: int
    stop_reason: str

    @property
    def solved(self) -> int:
        """Instances that were solved."""
        return sum(each.solved for each in self.instances)

    def times(self) -> FloatArray:
        """Times of the instances, float64 (instances,), infinite where never solved."""
        return np.array([each.tts.value for each in self.instances])

    def to_dict(self) -> dict[str, Any]:
        """Plain data for JSON: infinite and missing numbers are None."""
        record: dict[str, Any] = _finite(asdict(self) | {"solved": self.solved})
        return record

    def __str__(self) -> str:
        from pbit.measure.tts.table import lines_of

        return "\n".join(lines_of(self))


@dataclass(frozen=True)
class Context:
    """What the result says besides its numbers."""

    sampler: str
    probability: float
    confidence: float
    per: Per
    clock: str
    seed: int
    stop_reason: str


@dataclass(frozen=True, eq=False)
class Case(ByValue):
    """An instance and what was measured on it."""

    name: str
    num_spins: int
    target: float
    measured: Measured


def result_of(cases: list[Case], context: Context) -> TimeToSolution:
    """The result of instances measured alike."""
    parts = [case.measured for case in cases]
    wall, cpu = sum(part.wall_s for part in parts), sum(part.cpu_s for part in parts)
    common: dict[str, Any] = {
        "sampler": context.sampler,
        "probability": context.probability,
        "clock": context.clock,
        "cores": cpu / wall,
        "seed": context.seed,
        "stop_reason": context.stop_reason,
    }
    options: dict[str, Any] = {
        "probability": context.probability, "confidence": context.confidence, "seed": context.seed
    }  # fmt: skip
    counts_of_reads = [part.data for part in parts if isinstance(part.data, SweepCounts)]
    if not counts_of_reads:
        runs = [part.data for part in parts if isinstance(part.data, HitTimes)]
        found = cutoff_tts(runs, **options)
        instances = tuple(
            _instance(case, cutoff_tts([data], **options).tts, (), data.hits, data.reads)
            for case, data in zip(cases, runs, strict=True)
        )
        return TimeToSolution(
            measured_by="first-hit", tts=found.tts, instances=instances, lengths=(),
            num_sweeps=(), naive_s=None, at_edge=False, **common,
        )  # fmt: skip
    tuned = tuned_tts(counts_of_reads, per=context.per, **options)
    shared = tuned.num_sweeps.ndim == 1
    return TimeToSolution(
        measured_by="reads",
        tts=tuned.tts,
        instances=tuple(
            _tuned_instance(k, case, part, tuned, context)
            for k, (case, part) in enumerate(zip(cases, counts_of_reads, strict=True))
        ),
        lengths=_lengths(cases, counts_of_reads, options),
        num_sweeps=tuple(map(int, tuned.num_sweeps)) if shared else (),
        naive_s=tuned.naive,
        at_edge=tuned.at_edge,
        **common,
    )


def _tuned_instance(
    k: int, case: Case, part: SweepCounts, tuned: Tuned, context: Context
) -> InstanceTts:
    chosen = tuned.num_sweeps if tuned.num_sweeps.ndim == 1 else tuned.num_sweeps[k]
    first, second = np.searchsorted(np.asarray(part.num_sweeps), chosen)
    if first == second:
        counts = [part.counts(int(first))]
    else:  # what one half chose is told by the other
        counts = [part.half(1, int(first)), part.half(0, int(second))]
    ends = [
        each.interval(probability=context.probability, confidence=context.confidence)
        for each in counts
    ]
    low, high = min(end[0] for end in ends), max(end[1] for end in ends)
    estimate = Estimate(float(tuned.instance_tts[k]), low, high, context.confidence)
    hits, reads = sum(each.hits for each in counts), sum(each.reads for each in counts)
    return _instance(case, estimate, tuple(map(int, chosen)), hits, reads)


def _instance(
    case: Case, estimate: Estimate, num_sweeps: tuple[int, ...], hits: int, reads: int
) -> InstanceTts:
    return InstanceTts(
        case.name, case.num_spins, case.target, case.measured.best_energy, estimate, num_sweeps,
        hits, reads, case.measured.wall_s, _plain(case.measured.data),
    )  # fmt: skip


def _plain(data: SweepCounts | HitTimes) -> dict[str, Any]:
    names: tuple[str, ...] = ("seconds", "hit")
    if isinstance(data, SweepCounts):
        names = ("num_sweeps", "hits", "reads", "seconds")
    return {name: np.asarray(getattr(data, name)).tolist() for name in names}


def _lengths(
    cases: list[Case], counts_of_reads: list[SweepCounts], options: dict[str, Any]
) -> tuple[Length, ...]:
    lengths = []
    for k, sweeps in enumerate(np.asarray(counts_of_reads[0].num_sweeps).tolist()):
        counts = [part.counts(k) for part in counts_of_reads]
        residuals, errors = np.array([_residual(case, k) for case in cases]).T
        error = errors[0] if len(cases) == 1 else residuals.std(ddof=1) / math.sqrt(len(cases))
        lengths.append(
            Length(
                num_sweeps=int(sweeps),
                tts=median_tts(counts, **options),
                solved=sum(each.hits > 0 for each in counts),
                success=float(np.mean([each.success for each in counts])),
                read_s=float(np.mean([each.read_s for each in counts])),
                residual=float(residuals.mean()),
                residual_error=float(error),
            )
        )
    return tuple(lengths)


def _residual(case: Case, k: int) -> tuple[float, float]:
    means, errors = case.measured.mean_energies, case.measured.energy_errors
    if means is None or errors is None:
        return math.nan, math.nan
    above = float(means[k]) - case.target
    return above / case.num_spins, float(errors[k]) / case.num_spins


def _finite(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _finite(part) for key, part in value.items()}
    if isinstance(value, list | tuple):
        return [_finite(part) for part in value]
    return None if isinstance(value, float) and not math.isfinite(value) else value
