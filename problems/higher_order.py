"""Problems of any degree given as terms: minimise a polynomial of bits or spins."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from pbit.by_value import ByValue
from pbit.models.conventions.hubo import spin_terms
from pbit.models.ising import IsingModel
from pbit.models.labels import FloatArray
from pbit.models.polynomial import PolynomialModel
from pbit.models.terms import Terms
from pbit.problems.core.base import TwoValued
from pbit.problems.core.problem import Answer
from pbit.problems.core.problem_kind import Meaning, ProblemKind

if TYPE_CHECKING:
    from pbit.formats.contents import TermContents


@dataclass(frozen=True, eq=False)
class Hubo(ByValue, TwoValued):
    """Minimise ``sum_t entries[t] prod x + offset`` over bits x.

    Term t has the members ``members[pointers[t]:pointers[t + 1]]``, at least one.

    Examples
    --------
    >>> problem = Hubo(np.array([0, 3]), np.array([0, 1, 2]), np.array([2.0]), range(3))
    >>> problem.objective([1, 1, 1]), problem.objective([1, 0, 1])
    (2.0, 0.0)
    """

    pointers: npt.NDArray[np.int64]
    members: npt.NDArray[np.int64]
    entries: FloatArray
    labels: Sequence[Hashable]
    offset: float = 0.0

    name = "hubo"
    objective_name = "energy"

    @cached_property
    def model(self) -> IsingModel | PolynomialModel:
        """Model with the same energies, s = 2x - 1; pairwise where no product is longer."""
        terms = Terms(self.pointers, self.members.astype(np.int32), self.entries)
        return _shortest(
            PolynomialModel(*spin_terms(terms, offset=self.offset, labels=self.labels))
        )

    def objective(self, answer: Answer) -> float:
        """Value of the polynomial, from its terms."""
        return self.offset + _total(self.pointers, self.members, self.entries, answer)

    def energy_of(self, objective: float) -> float:
        """The objective is the energy."""
        return objective


@dataclass(frozen=True, eq=False)
class Hising(ByValue, TwoValued):
    """Minimise ``sum_t entries[t] prod s + offset`` over spins s: dimod's sign.

    Term t has the members ``members[pointers[t]:pointers[t + 1]]``, at least one.

    Examples
    --------
    >>> problem = Hising(np.array([0, 3]), np.array([0, 1, 2]), np.array([2.0]), range(3))
    >>> problem.objective([1, 1, 1]), problem.objective([1, -1, 1])
    (2.0, -2.0)
    """

    pointers: npt.NDArray[np.int64]
    members: npt.NDArray[np.int64]
    entries: FloatArray
    labels: Sequence[Hashable]
    offset: float = 0.0

    name = "hising"
    objective_name = "energy"
    values = (-1, 1)

    @cached_property
    def model(self) -> IsingModel | PolynomialModel:
        """Model with the same energies, in our sign; pairwise where no product is longer."""
        model = PolynomialModel.from_arrays(
            self.pointers, self.members, -self.entries, offset=self.offset, labels=self.labels
        )
        return _shortest(model)

    def objective(self, answer: Answer) -> float:
        """Value of the polynomial, from its terms."""
        return self.offset + _total(self.pointers, self.members, self.entries, answer)

    def energy_of(self, objective: float) -> float:
        """The objective is the energy."""
        return objective


def _shortest(model: PolynomialModel) -> IsingModel | PolynomialModel:
    """The Ising model, for which there are more kernels, where there is one."""
    return model.to_ising_model() if model.degree <= 2 else model


def _total(
    pointers: npt.NDArray[np.int64],
    members: npt.NDArray[np.int64],
    entries: FloatArray,
    answer: Answer,
) -> float:
    if not entries.size:
        return 0.0
    values = np.asarray(answer, dtype=np.int8)[members]
    return float(entries @ np.multiply.reduceat(values, pointers[:-1], dtype=np.int8))


def _hubo(contents: TermContents, meaning: Meaning) -> Hubo:
    return Hubo(*_terms(contents))


def _hising(contents: TermContents, meaning: Meaning) -> Hising:
    return Hising(*_terms(contents))


def _terms(contents: TermContents) -> tuple[Any, ...]:
    return (
        contents.pointers, contents.members, contents.values, contents.labels, contents.offset
    )  # fmt: skip


HUBO = ProblemKind(name="hubo", of=("hubo",), make=_hubo, rank=180)
HISING = ProblemKind(name="hising", of=("hising",), make=_hising, rank=190)
