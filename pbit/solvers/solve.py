"""Solvers by name, all called alike: what ``pbit solve --solver NAME`` chooses from."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

from pbit.engines.events import added
from pbit.models.labels import FloatArray, SpinArray
from pbit.models.polynomial import AnyModel
from pbit.run.control import Changed, Control, Progress
from pbit.run.reads import Reads
from pbit.solvers.auto import choice_of
from pbit.solvers.effort import Effort
from pbit.solvers.registry import AUTO, solver
from pbit.solvers.solver import Round, Solver

DEFAULT_SWEEPS = 1000

_SHORT_S = 0.1
_UPDATES_A_SECOND = 2e8  # a slow guess, for rounds that end
_FEWEST_SWEEPS = 50  # of a round without a number of sweeps
_TRACE_POINTS = 2000  # of a round
_MOST_SWEEPS = 2**22  # of a round: their temperatures are kept in memory


def solve(name: str | Round, model: AnyModel, effort: Effort, control: Control) -> Reads:
    """Lowest states that a solver finds within the effort and before the control ends it.

    Returns
    -------
    Reads
        Of several rounds, the lowest state of each round. ``info["num_reads"]`` counts reads
        made, ``info["num_sweeps"]`` is the last round's, ``info["timing"]`` and
        ``info["updates"]`` are sums. Traced: ``info["trace"]`` is the lowest energy of any read
        since the point before and ``info["trace_sweeps"]`` the sweeps made until then.
        ``info["chosen"]`` and ``info["chosen_because"]`` say what "auto" took.
    """
    if name == AUTO:
        chosen, why = choice_of(model, effort, control)
        reads = solve(chosen, model, effort, control)
        return replace(reads, info=reads.info | {"chosen": chosen, "chosen_because": why})
    named = solver("pbit" if callable(name) else name)
    run = name if callable(name) else named.run
    limited = control.time_limit_s is not None and effort.num_reads is None
    endless = named.endless and effort.num_sweeps is None
    if limited and not endless:
        return _rounds(run, model, effort, control, named)
    reads = run(model, effort if limited else _filled(effort, named), control)
    rounds = _Rounds()
    rounds.add(reads)
    return rounds.merged(reads.info["stop_reason"])


def _filled(effort: Effort, named: Solver) -> Effort:
    return replace(
        effort,
        num_reads=effort.num_reads or named.num_reads,
        num_sweeps=DEFAULT_SWEEPS if effort.num_sweeps is None else effort.num_sweeps,
    )


def _rounds(run: Round, model: AnyModel, effort: Effort, control: Control, named: Solver) -> Reads:
    limit_s = control.time_limit_s or 0.0
    most = limit_s * _UPDATES_A_SECOND / max(1, model.num_spins)
    part = _first(_filled(effort, named), effort, named, most)
    rounds = _Rounds()
    spent_s, reason = 0.0, "completed"
    while reason == "completed":
        left_s = max(limit_s - spent_s, 1e-3)
        progress = _shifted(control, rounds.lowest, spent_s)
        reads = run(model, part, replace(control, time_limit_s=left_s, progress=progress))
        rounds.add(reads)
        round_s = reads.info["timing"]["sampling_ns"] / 1e9
        spent_s += round_s
        reason = reads.info["stop_reason"]
        if reason == "completed" and spent_s >= limit_s:
            reason = "time_limit"
        part = _next(part, effort, round_s)
    return rounds.merged(reason)


def _first(part: Effort, effort: Effort, named: Solver, most: float) -> Effort:
    """The first round, of ``most`` sweeps in all: with fewer reads and, if need be, fewer sweeps.

    A read that is cut short is still hot: a few whole ones are far lower than 64 such.
    """
    reads, sweeps = part.num_reads or 1, part.num_sweeps or 0
    while reads // 2 >= named.least_reads and reads * sweeps > most:
        reads //= 2
    while effort.num_sweeps is None and sweeps // 2 >= _FEWEST_SWEEPS and reads * sweeps > most:
        sweeps //= 2
    return replace(part, num_reads=reads, num_sweeps=sweeps)


def _next(part: Effort, effort: Effort, round_s: float) -> Effort:
    """The next round: more sweeps where they are free, else more reads if rounds are short."""
    reads, sweeps = part.num_reads or 1, part.num_sweeps or 0
    first_read = part.first_read + reads
    if effort.num_sweeps is None and 2 * sweeps <= _MOST_SWEEPS:
        return replace(part, first_read=first_read, num_sweeps=2 * sweeps)
    if round_s < _SHORT_S:
        return replace(part, first_read=first_read, num_reads=2 * reads)
    return replace(part, first_read=first_read)


def _shifted(control: Control, best: float, spent_s: float) -> Changed | None:
    """The progress callback, seeing the whole run where a round reports itself."""
    tell, limit = control.tell, control.time_limit_s
    if tell is None or limit is None:
        return None

    def whole(report: Progress) -> Progress:
        elapsed = spent_s + report.elapsed_s
        return Progress(min(1.0, elapsed / limit), min(best, report.best_energy), elapsed)

    return Changed(tell, whole)


class _Rounds:
    """What is kept of the rounds: of all but the first, the lowest state alone."""

    def __init__(self) -> None:
        self._first: Reads | None = None
        self._spins: list[SpinArray] = []
        self._energies: list[float] = []
        self._trace: list[tuple[Any, FloatArray]] = []
        self._swept = 0
        self._last: dict[str, Any] = {}
        self._sums: dict[str, int] = {"updates": 0, "num_reads": 0}
        self._timing: dict[str, int] = {}
        self._account: dict[str, Any] = {}

    @property
    def lowest(self) -> float:
        """Lowest energy so far."""
        return min(self._energies, default=np.inf)

    def add(self, reads: Reads) -> None:
        """Take in a round."""
        self._first = reads if not self._energies else None
        self._spins.append(reads.spins[reads.best].copy())
        self._energies.append(float(reads.energies[reads.best]))
        self._last = reads.info
        for key in self._sums:
            self._sums[key] += reads.info[key]
        for key, value in reads.info["timing"].items():
            self._timing[key] = self._timing.get(key, 0) + value
        if "hardware" in reads.info:
            account = reads.info["hardware"]
            self._account = added(self._account, account) if self._account else account
        if "trace" in reads.info:
            self._add_trace(reads.info["trace"])

    def _add_trace(self, trace: FloatArray) -> None:
        """Keep few points, each the lowest of its stretch: a long run has billions of sweeps."""
        if trace.size:
            starts = np.arange(0, trace.size, -(-trace.size // _TRACE_POINTS))
            sweeps = self._swept + np.append(starts[1:], trace.size)
            self._trace.append((sweeps, np.minimum.reduceat(trace, starts)))
        self._swept += trace.size

    def merged(self, reason: str) -> Reads:
        """One result: the reads of a single round, else the lowest state of each."""
        ends = {"stop_reason": reason, "timing": self._timing, "rounds": len(self._energies)}
        info = self._last | self._sums | ends
        if self._account:
            info["hardware"] = self._account
        if self._trace:
            sweeps, lowest = zip(*self._trace, strict=True)
            info |= {"trace_sweeps": np.concatenate(sweeps), "trace": np.concatenate(lowest)}
        if self._first is not None:
            return Reads(self._first.spins, self._first.energies, info)
        return Reads(np.stack(self._spins), np.array(self._energies), info)
