"""Digits that stand for a problem's answers: a model of K-valued sites and the way between both."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy.typing as npt

from pbit.models.digits.checks import ValueArray
from pbit.problems.core.problem import Answer


@dataclass(frozen=True, eq=False)
class Digits:
    """What a problem with digits is sampled as, in place of p-bits and penalties.

    For each feasible answer ``model.energy(values(answer)) ==
    problem.energy_of(problem.objective(answer))``.

    Parameters
    ----------
    model : DitModel, or another model of digits
    answer : callable
        Answer of values, shape (n,).
    values : callable
        Values of an answer; ValueError where there are none.
    """

    model: Any
    answer: Callable[[npt.ArrayLike], Answer]
    values: Callable[[npt.ArrayLike], ValueArray]
