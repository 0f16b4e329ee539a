"""QUBO and Ising problems given as entries: minimise a quadratic function of bits or spins."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from pbit.by_value import ByValue
from pbit.models.conventions.qubo import edges_of_entries
from pbit.models.ising import IsingModel
from pbit.models.labels import FloatArray
from pbit.problems.core.base import TwoValued
from pbit.problems.core.problem import Answer
from pbit.problems.core.problem_kind import Meaning, ProblemKind

if TYPE_CHECKING:
    from pbit.formats.contents import Contents

ISING_SIGNS = {"minus": -1, "plus": 1}


@dataclass(frozen=True, eq=False)
class Qubo(ByValue, TwoValued):
    """Minimise ``sum values x_row x_col + offset`` over bits x; rows == cols is linear.

    With ``maximise`` the objective is minus that, and more of it is better.

    Examples
    --------
    >>> Qubo(np.array([0, 0]), np.array([0, 1]), np.array([-1.0, 2.0]), range(2)).objective([1, 0])
    -1.0
    """

    rows: npt.NDArray[np.int64]
    cols: npt.NDArray[np.int64]
    entries: FloatArray
    labels: Sequence[Hashable]
    offset: float = 0.0
    maximise: bool = False

    name = "qubo"

    @property
    def objective_name(self) -> str:
        """The energy, or what a file asks to be maximised."""
        return "objective" if self.maximise else "energy"

    @cached_property
    def model(self) -> IsingModel:
        """Ising model with the same energies, s = 2x - 1."""
        edges = edges_of_entries(
            self.rows, self.cols, self.entries, offset=self.offset, labels=self.labels
        )
        return IsingModel.from_edges(**edges._asdict())

    def objective(self, answer: Answer) -> float:
        """Value of the function, from its entries."""
        x = np.asarray(answer, dtype=np.float64)
        energy = float(self.entries @ (x[self.rows] * x[self.cols])) + self.offset
        return -energy if self.maximise else energy

    def energy_of(self, objective: float) -> float:
        """The objective is the energy, or minus the energy."""
        return -objective if self.maximise else objective


@dataclass(frozen=True, eq=False)
class Spins(ByValue, TwoValued):
    """Minimise ``sign * (sum_pairs v s s + sum_linear v s) + offset`` over spins.

    ``sign`` -1 is this project's convention (v > 0 ferromagnetic), +1 is dimod's. rows == cols is
    linear.

    Examples
    --------
    >>> Spins(np.array([0]), np.array([1]), np.array([1.0]), range(2), sign=-1).objective([1, 1])
    -1.0
    """

    rows: npt.NDArray[np.int64]
    cols: npt.NDArray[np.int64]
    entries: FloatArray
    labels: Sequence[Hashable]
    sign: int
    offset: float = 0.0

    name = "ising"
    objective_name = "energy"
    values = (-1, 1)

    @cached_property
    def model(self) -> IsingModel:
        """The Ising model."""
        linear = self.rows == self.cols
        n = len(self.labels)
        h = np.bincount(self.rows[linear], weights=self.entries[linear], minlength=n)
        return IsingModel.from_edges(
            self.rows[~linear],
            self.cols[~linear],
            -self.sign * self.entries[~linear],
            h=-self.sign * h,
            num_spins=n,
            offset=self.offset,
            labels=self.labels,
        )

    def objective(self, answer: Answer) -> float:
        """Energy, from the entries."""
        s = np.asarray(answer, dtype=np.float64)
        pairs = np.where(self.rows == self.cols, s[self.rows], s[self.rows] * s[self.cols])
        return self.sign * float(self.entries @ pairs) + self.offset

    def energy_of(self, objective: float) -> float:
        """The objective is the energy."""
        return objective


def _spins(contents: Contents, meaning: Meaning) -> Spins:
    sign = ISING_SIGNS[meaning.ising_sign if contents.kind == "graph" else "plus"]
    return Spins(
        contents.rows, contents.cols, contents.values, contents.labels, sign, contents.offset
    )


def _qubo(contents: Contents, meaning: Meaning) -> Qubo:
    if contents.kind == "graph" and contents.format == "rudy":
        raise ValueError(
            f"{contents.name} has a graph header; a QUBO with such a header is Biq Mac's format, "
            "which counts pairs twice: give format='biqmac'"
        )
    if contents.kind == "graph" and contents.format == "matrix":
        raise ValueError(
            f"{contents.name} holds a matrix; as x'Qx over bits a symmetric one counts pairs "
            "twice: give format='qubo-matrix'"
        )
    return Qubo(
        contents.rows,
        contents.cols,
        contents.values,
        contents.labels,
        contents.offset,
        contents.maximise,
    )


ISING = ProblemKind(name="ising", of=("graph", "ising"), make=_spins, rank=20)
QUBO = ProblemKind(name="qubo", of=("graph", "qubo"), make=_qubo, rank=30)
