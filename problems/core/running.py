"""A problem and a solver: reads of its p-bits, or of its digits, said by p-bits."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import numpy.typing as npt

from pbit.models.labels import SpinArray
from pbit.problems.core.digits import Digits, digits_of
from pbit.problems.core.problem import Problem
from pbit.run.control import Control
from pbit.run.reads import Reads
from pbit.solvers.effort import Effort

DITS = "dits"
_BECAUSE = "whole values in place of one p-bit for each"


def takes_digits(problem: Problem, solver: str, effort: Effort) -> bool:
    """Whether the problem is run as digits: they are asked for, or nothing speaks against it."""
    from pbit.solvers.dits import unsuited_to_digits

    if solver == "auto":
        return digits_of(problem) is not None and unsuited_to_digits(effort) is None
    return solver == DITS and digits_of(problem) is not None


def reads_of(problem: Problem, solver: str, effort: Effort, control: Control) -> Reads:
    """What a solver finds.

    ``effort.beta_range`` None: the problem's own for p-bits, the model's own for digits.

    Raises
    ------
    ValueError
        What the solver refuses.
    """
    from pbit.solvers.dits import solve_digits
    from pbit.solvers.solve import solve

    if not takes_digits(problem, solver, effort):
        ends = problem.beta_range if effort.beta_range is None else effort.beta_range
        return solve(solver, problem.model, replace(effort, beta_range=ends), control)
    digits = digits_of(problem)
    assert digits is not None
    found = solve_digits(digits.model, effort, control)
    info = found.info
    if solver == "auto":
        info = info | {"chosen": DITS, "chosen_because": _BECAUSE}
    return Reads(_spins(problem, digits, found.values), found.energies, info)


def _spins(problem: Problem, digits: Digits, values: npt.NDArray[np.int16]) -> SpinArray:
    """States of the problem's p-bits, int8 (reads, n)."""
    return np.stack([problem.encode(digits.answer(row)) for row in values])
