"""A problem as a model of digits: whole values in place of one p-bit for each of them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy.typing as npt

from pbit.by_value import ByValue
from pbit.problems.core.problem import Answer, Problem


@dataclass(frozen=True, eq=False)
class Digits(ByValue):
    """What a problem is to samplers of digits.

    Parameters
    ----------
    model : a model of digits, such as :class:`pbit.DitModel`
        ``model.energy(values) == problem.energy_of(problem.objective(answer(values)))`` for each
        feasible answer.
    answer : callable
        Of values int16 (n,), the problem's answer.
    values : callable
        Of an answer, values that stand for it.
    """

    model: Any
    answer: Callable[[npt.ArrayLike], Answer]
    values: Callable[[npt.ArrayLike], npt.NDArray[Any]]


def digits_of(problem: Problem) -> Digits | None:
    """The problem's digits, None where it has none."""
    found: Digits | None = getattr(problem, "digits", None)
    return found
