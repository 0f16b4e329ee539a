"""Maximum cut: split the vertices of a weighted graph so that the cut edges weigh the most."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from pbit.by_value import ByValue
from pbit.models.ising import IsingModel
from pbit.problems.core.base import TwoValued
from pbit.problems.core.problem import Answer
from pbit.problems.core.problem_kind import Meaning, ProblemKind

if TYPE_CHECKING:
    from pbit.formats.contents import Contents


@dataclass(frozen=True, eq=False)
class MaxCut(ByValue, TwoValued):
    r"""Cut of a graph with vertices 0..n-1; an answer gives each vertex its side, 0 or 1.

    ``cut(s) = sum_{i<j} w_ij (1 - s_i s_j) / 2``, hence ``J = -w`` and ``cut = (W - E) / 2`` with
    W the sum of all weights (Barahona, Grötschel, Jünger, Reinelt, Oper. Res. 36, 493 (1988)).

    Parameters
    ----------
    rows, cols : int arrays, shape (m,)
        Edges; an edge listed twice counts twice.
    weights : float array, shape (m,)
    labels : sequence of n hashables

    Examples
    --------
    >>> triangle = MaxCut([0, 1, 2], [1, 2, 0], [1.0, 1.0, 1.0], range(3))
    >>> triangle.objective(triangle.decode(np.array([1, 1, -1], dtype=np.int8)))
    2.0
    """

    rows: npt.ArrayLike
    cols: npt.ArrayLike
    weights: npt.ArrayLike
    labels: Sequence[Hashable]

    name = "maxcut"
    objective_name = "cut"
    maximise = True

    @cached_property
    def model(self) -> IsingModel:
        """Ising model with J = -w."""
        weights = -np.asarray(self.weights, dtype=np.float64)
        return IsingModel.from_edges(
            self.rows, self.cols, weights, num_spins=len(self.labels), labels=self.labels
        )

    def objective(self, answer: Answer) -> float:
        """Weight of the edges between the two sides."""
        side = np.asarray(answer)
        across = side[np.asarray(self.rows)] != side[np.asarray(self.cols)]
        return float(self._weights[across].sum())

    def energy_of(self, objective: float) -> float:
        """Energy ``W - 2 cut``."""
        return float(self._weights.sum()) - 2 * objective

    @property
    def _weights(self) -> npt.NDArray[Any]:
        return np.asarray(self.weights, dtype=np.float64)


def _max_cut(contents: Contents, meaning: Meaning) -> MaxCut:
    fields = np.flatnonzero(contents.rows == contents.cols)
    if fields.size:
        vertex = contents.labels[int(contents.rows[fields[0]])]
        raise ValueError(
            f"{contents.name} has a field on vertex {vertex}, which a max-cut problem cannot "
            "have; give problem='ising'"
        )
    return MaxCut(contents.rows, contents.cols, contents.values, contents.labels)


PROBLEM = ProblemKind(name="maxcut", of=("graph",), make=_max_cut, rank=10)
