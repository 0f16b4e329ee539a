"""Solving a circuit with clamped wires: anneals until a state's inputs meet the clamp."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

from pbit.by_value import ByValue
from pbit.checks import integer
from pbit.problems.logic.circuits.directed_logic import directed_model
from pbit.problems.logic.circuits.inverse import LogicProblem, Unsatisfiable
from pbit.run.control import Control, Progress
from pbit.samplers.anneal import anneal
from pbit.schedules.schedule import Schedule, default_beta_range
from pbit.seeds import seed_of, seed_or_fresh

Reason = Literal["found", "unsatisfiable", "end", "time_limit", "interrupted"]

_FIRST_SWEEPS = 100
_MOST_SWEEPS = 2**17
_MOST_KEPT = 10_000


@dataclass(frozen=True, eq=False)
class LogicResult(ByValue):
    """What a search came to.

    Parameters
    ----------
    solutions : list of dict of str to int
        Distinct values of the signals that were read, most frequent first, each verified by
        evaluating the circuit.
    counts : list of int
        Reads that ended in each.
    reason : str
        "found"; "unsatisfiable": propagation shows that there is none; "end": of the sweeps asked
        for; "time_limit"; "interrupted". Solutions found before a limit are kept.
    p_bits, couplings : int
        Size of the network that was run.
    reads, sweeps : int
        Reads begun and the sweeps of all of them.
    seconds : float
        Wall-clock time, compilation apart.
    seed : int
    message : str
        Why nothing can be found, if that was shown.
    """

    solutions: list[dict[str, int]]
    counts: list[int]
    reason: Reason
    p_bits: int
    couplings: int
    reads: int
    sweeps: int
    seconds: float
    seed: int
    message: str = ""


def solve(
    problem: LogicProblem,
    *,
    read: Sequence[str] | None = None,
    num_solutions: int = 1,
    num_reads: int = 128,
    num_sweeps: int | None = None,
    beta_range: tuple[float, float] | None = None,
    directed_beta: float | None = None,
    time_limit_s: float | None = 60.0,
    seed: int | None = None,
    num_threads: int | None = None,
    interrupt: Callable[[], bool] | None = None,
    progress: Callable[[Progress], None] | None = None,
) -> LogicResult:
    """Distinct solutions of a circuit with clamped wires, from annealed p-bits.

    Turns of ``num_reads`` reads, the first of 100 sweeps and each of twice as many as the one
    before, until there are enough solutions. The inputs of each read's last state are put into the
    circuit: it is a solution if that meets the clamp.

    Parameters
    ----------
    problem : LogicProblem
    read : sequence of str, optional
        Signals that tell solutions apart, all inputs by default.
    num_solutions : int
        Distinct solutions wanted.
    num_reads : int
    num_sweeps : int, optional
        One turn of this length instead.
    beta_range : (float, float), optional
        Hot and cold end of the geometric schedule; :func:`pbit.default_beta_range` by default.
    directed_beta : float, optional
        Run the directed network (:mod:`~pbit.problems.logic.circuits.directed_logic`) at this beta
        instead, forwards; the problem must not have been propagated.
    time_limit_s : float or None
        Wall-clock seconds, compilation apart.
    seed : int, optional
        The result depends on it and the arguments above alone, unless a limit cuts the search.
    num_threads, interrupt, progress
        As for :func:`pbit.anneal`.

    Raises
    ------
    TypeError, ValueError
        An argument out of range, or a name that does not exist.

    Examples
    --------
    >>> from pbit.problems.logic.circuits.circuit import Circuit
    >>> circuit = Circuit()
    >>> a, b = circuit.input("a", 4), circuit.input("b", 4)
    >>> circuit.output("y", circuit.add(a, b))
    >>> solve(LogicProblem(circuit, {"y": 9, "a": 4}), seed=1).solutions
    [{'a': 4, 'b': 5}]
    """
    integer("num_solutions", num_solutions, 1)
    integer("num_reads", num_reads, 1)
    if num_sweeps is not None:
        integer("num_sweeps", num_sweeps, 1)
    names = list(problem.circuit.inputs) if read is None else list(read)
    for name in names:
        problem.circuit.find(name)
    control = Control(time_limit_s=time_limit_s, interrupt=interrupt, progress=progress)
    seed = seed_or_fresh(seed, bits=63)
    search = _Search(problem, names, seed, control)
    search.num_threads, search.num_reads = num_threads, num_reads
    if directed_beta is not None:
        return search.run_directed(directed_beta, num_sweeps or 1)
    return search.run(num_solutions, num_sweeps, beta_range)


class _Search:
    def __init__(
        self, problem: LogicProblem, names: list[str], seed: int, control: Control
    ) -> None:
        self.problem, self.names, self.seed, self.control = problem, names, seed, control
        self.num_threads: int | None = None
        self.num_reads = 1
        self.found: dict[tuple[int, ...], int] = {}
        self.reads = self.sweeps = 0
        self.compiling_s = 0.0
        self.start = time.perf_counter()

    def run(
        self, wanted: int, num_sweeps: int | None, beta_range: tuple[float, float] | None
    ) -> LogicResult:
        try:
            model: Any = self.problem.model
        except Unsatisfiable as reason:
            return self._result("unsatisfiable", str(reason))
        if model.num_spins == 0:
            self._take(np.zeros((1, 0), dtype=np.int8))
            return self._result("found" if self.found else "end")
        hot, cold = beta_range or default_beta_range(model)
        turn = 0
        while True:
            left = self._left()
            if left is not None and left <= 0:
                return self._result("time_limit")
            reads = anneal(
                model,
                Schedule.geometric(
                    hot,
                    cold,
                    num_betas=num_sweeps or min(_FIRST_SWEEPS << turn, _MOST_SWEEPS),
                ),
                num_reads=self.num_reads,
                seed=seed_of(self.seed, turn),
                num_threads=self.num_threads,
                control=Control(left, None, self.control.interrupt, self.control.progress),
            )
            self._count(reads.info)
            self._take(reads.spins)
            if len(self.found) >= wanted:
                return self._result("found")
            if reads.info["stop_reason"] == "interrupted" or self.control.interrupted():
                return self._result("interrupted")
            if num_sweeps is not None:
                return self._result("end" if not self.found else "found")
            turn += 1

    def run_directed(self, beta: float, num_sweeps: int) -> LogicResult:
        """One draw a read; counted are values of the p-bits themselves, right ones only."""
        model = directed_model(self.problem.network)
        schedule = Schedule(np.array([beta]), sweeps_per_beta=num_sweeps)
        reads = anneal(
            model,
            schedule,
            num_reads=self.num_reads,
            seed=self.seed,
            order="sequential",
            num_threads=self.num_threads,
            control=self.control,
        )
        self._count(reads.info)
        self._take(reads.spins[self.problem.agrees(reads.spins)])
        return self._result("found" if self.found else reads.info["stop_reason"])

    def _take(self, spins: Any) -> None:
        """Count the solutions among these states; all are verified by evaluation."""
        good, values = self.problem.solutions(spins, self.names)
        columns = [values[name][good].tolist() for name in self.names]
        for row in zip(*columns, strict=True):
            if row in self.found or len(self.found) < _MOST_KEPT:
                self.found[row] = self.found.get(row, 0) + 1

    def _count(self, info: dict[str, Any]) -> None:
        self.reads += info["num_reads"]
        self.sweeps += info["updates"] // max(1, self.problem.model.num_spins)
        self.compiling_s += info["timing"]["compile_ns"] / 1e9

    def _left(self) -> float | None:
        limit = self.control.time_limit_s
        return None if limit is None else limit - self._elapsed()

    def _elapsed(self) -> float:
        return time.perf_counter() - self.start - self.compiling_s

    def _result(self, reason: Reason, message: str = "") -> LogicResult:
        order = sorted(self.found.items(), key=lambda item: -item[1])
        model: Any = None if reason == "unsatisfiable" else self.problem.model
        return LogicResult(
            solutions=[dict(zip(self.names, values, strict=True)) for values, _ in order],
            counts=[count for _, count in order],
            reason=reason,
            p_bits=model.num_spins if model else 0,
            couplings=num_terms(model) if model else 0,
            reads=self.reads,
            sweeps=self.sweeps,
            seconds=self._elapsed(),
            seed=self.seed,
            message=message,
        )


def num_terms(model: Any) -> int:
    """Couplings, or terms of two spins and more."""
    if hasattr(model, "num_couplings"):
        return int(model.num_couplings)
    return int((np.diff(model.pointers) > 1).sum())
