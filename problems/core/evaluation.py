"""The best answer of a run: of all reads, by the problem's own objective."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, fields
from typing import Any

import numpy as np

from pbit.by_value import ByValue
from pbit.models.labels import SpinArray
from pbit.problems.core.problem import Answer, Problem
from pbit.run.reads import Reads

_TOLERANCE = 1e-9


@dataclass(frozen=True, eq=False, kw_only=True)
class BestAnswer(ByValue):
    """The best answer of any read.

    Parameters
    ----------
    answer : int64 array, optional
        A number for each of the problem's labels; None where no read gives a feasible one.
    objective : float, optional
        Its worth, from the specification; ``problem.maximise`` says whether more is better.
    energy : float
        Energy of the model at that answer; without one, the lowest of the reads.
    found_by : int
        Reads whose answer is worth as much; without one, reads of the lowest energy.
    violations : list of str
        Without an answer: what the read of the lowest energy violates.
    """

    answer: Answer | None
    objective: float | None
    energy: float
    found_by: int
    violations: list[str]


@dataclass(frozen=True, eq=False, kw_only=True)
class Evaluation(BestAnswer):
    """What the reads of a run say: their best answer, and how many there are.

    Parameters
    ----------
    answer, objective, energy, found_by, violations
        As for :class:`BestAnswer`.
    reads : int
        How many there are.
    feasible : int
        Reads that give a feasible answer.
    repaired : int
        Of these, reads whose answer is worth more than their energy: repaired or improved.
    """

    reads: int
    feasible: int
    repaired: int

    @property
    def best(self) -> dict[str, Any]:
        """The fields of the best answer alone, by name."""
        return {field.name: getattr(self, field.name) for field in fields(BestAnswer)}


def worth_of(problem: Problem) -> Callable[[SpinArray], float] | None:
    """From a state to the energy of its answer, infinite where that is infeasible; None where every
    state's own energy says it.

    Examples
    --------
    >>> from pbit.problems.max_cut import MaxCut
    >>> worth_of(MaxCut([0], [1], [1.0], range(2))) is None
    True
    """
    if not problem.constrained:
        return None

    def worth(spins: SpinArray) -> float:
        answer = problem.decode(spins)
        return problem.energy_of(problem.objective(answer)) if problem.check(answer) else np.inf

    return worth


def evaluate(problem: Problem, reads: Reads) -> Evaluation:
    """Best feasible answer of the reads.

    Examples
    --------
    >>> from pbit.problems.max_cut import MaxCut
    >>> edge = MaxCut([0], [1], [1.0], range(2))
    >>> reads = Reads(np.array([[1, 1], [1, -1]], dtype=np.int8), np.array([1.0, -1.0]))
    >>> evaluate(edge, reads).objective
    1.0
    """
    return _decoded(problem, reads) if problem.constrained else _lowest(problem, reads)


def _lowest(problem: Problem, reads: Reads) -> Evaluation:
    """Every state is an answer and its energy is its worth: no need to decode them all."""
    answer = problem.decode(reads.spins[reads.best])
    return Evaluation(
        answer=answer,
        objective=problem.objective(answer),
        energy=float(reads.energies[reads.best]),
        reads=len(reads.energies),
        found_by=_near_lowest(reads.energies),
        feasible=len(reads.energies),
        repaired=0,
        violations=[],
    )


def _decoded(problem: Problem, reads: Reads) -> Evaluation:
    seen = {spins.tobytes(): spins for spins in reads.spins}  # reads may agree
    decoded = {key: problem.decode(spins) for key, spins in seen.items()}
    answers = [decoded[spins.tobytes()] for spins in reads.spins]
    rows = [k for k, answer in enumerate(answers) if problem.check(answer)]
    if not rows:
        return Evaluation(
            answer=None,
            objective=None,
            energy=float(reads.energies[reads.best]),
            reads=len(reads.energies),
            found_by=_near_lowest(reads.energies),
            feasible=0,
            repaired=0,
            violations=problem.violations(answers[reads.best]),
        )
    objectives = [problem.objective(answers[k]) for k in rows]
    energies = np.array([problem.energy_of(objective) for objective in objectives])
    best = int(energies.argmin())
    said = reads.energies[rows]
    off = np.abs(energies - said) > _TOLERANCE * np.maximum(1.0, np.abs(said))
    return Evaluation(
        answer=answers[rows[best]],
        objective=objectives[best],
        energy=float(energies[best]),
        reads=len(reads.energies),
        found_by=_near_lowest(energies),
        feasible=len(rows),
        repaired=int(np.count_nonzero(off)),
        violations=[],
    )


def _near_lowest(energies: np.ndarray[tuple[int, ...], np.dtype[np.float64]]) -> int:
    lowest = energies.min()
    return int((energies <= lowest + _TOLERANCE * max(1.0, abs(lowest))).sum())
