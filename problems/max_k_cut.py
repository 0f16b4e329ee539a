"""Maximum k-cut: split the vertices of a weighted graph into k parts, most weight between them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from pbit.checks import ArgumentError
from pbit.models.ising import IsingModel
from pbit.models.labels import FloatArray, SpinArray
from pbit.problems.core.digits import Digits
from pbit.problems.core.problem import Answer
from pbit.problems.core.problem_kind import Meaning, ProblemKind
from pbit.problems.parts.graph_parts import GraphParts

if TYPE_CHECKING:
    from pbit.formats.contents import Contents


@dataclass(frozen=True, eq=False)
class MaxKCut(GraphParts):
    r"""Cut of a graph into K parts; an answer gives each vertex its part, 0 to K - 1.

    As digits the energy is minus the cut, ``sum_edges w [x_i = x_j] - W``, W the sum of all
    weights: an antiferromagnetic Potts model. As p-bits, one for a vertex and a part,
    ``E(x) = sum_edges w sum_c x_ic x_jc - W + sum_i A_i (1 - sum_c x_ic)^2`` with
    ``A_i = sum_j |w_ij| + max |w|``: a vertex that is put into its best part where it is in none,
    or taken out of one where it is in several, changes the first sum by ``sum_j |w_ij|`` at most
    and the penalty by ``-A_i`` at least. `decode` takes these steps.

    Parameters
    ----------
    rows, cols : int arrays, shape (m,)
        Edges; an edge listed twice counts twice.
    weights : float array, shape (m,)
    labels : sequence of n hashables
    parts : int
        K >= 2.

    Raises
    ------
    ValueError
        Fewer than two parts, or an edge from a vertex to itself.

    References
    ----------
    Ma, Hao, Ann. Oper. Res. 248, 365 (2017).

    Examples
    --------
    >>> triangle = MaxKCut([0, 1, 2], [1, 2, 0], [1.0, 1.0, 1.0], range(3), 3)
    >>> triangle.objective([0, 1, 2]), float(triangle.digits.model.energy([0, 1, 2]))
    (3.0, -3.0)
    """

    name = "max-k-cut"
    maximise = True

    def __post_init__(self) -> None:
        if self.parts < 2:
            raise ArgumentError("parts", "must be >= 2", self.parts, remedy="one part cuts nothing")
        super().__post_init__()
        # No answer cuts more than every edge that is worth it.
        object.__setattr__(self, "bound", float(np.maximum(self._weights, 0.0).sum()))

    @property
    def size(self) -> tuple[int, int]:
        """p-bits; couplings of two parts of a vertex, and of an edge in a part."""
        n, k = len(self.labels), self.parts
        return n * k, n * k * (k - 1) // 2 + len(self._weights) * k

    @cached_property
    def digits(self) -> Digits:
        """One digit a vertex."""
        return Digits(self._potts(1.0), self.answer, self.answer)

    @cached_property
    def penalties(self) -> FloatArray:
        """Of each vertex, float64 (n,)."""
        near, largest = self._near
        return near + largest

    @cached_property
    def model(self) -> IsingModel:
        """Ising model of bits ``x_ic`` at ``i K + c``."""
        total, _ = self._within(1.0, self.penalties)
        return total.model(self._bit_labels)

    def energy_of(self, objective: float) -> float:
        """Minus the cut."""
        return -objective

    def decode(self, spins: SpinArray) -> Answer:
        """The part of each vertex, its best one where there is not one."""
        up = np.asarray(spins).reshape(-1, self.parts) > 0
        answer = np.where(up.any(axis=1), up.argmax(axis=1), -1).astype(np.int64)
        for vertex in np.flatnonzero(up.sum(axis=1) != 1).tolist():
            answer[vertex] = int(self._ties(answer, vertex).argmin())
        return answer


def _max_k_cut(contents: Contents, meaning: Meaning) -> MaxKCut:
    if meaning.colors is None:
        raise ValueError(f"{contents.name} as a max-k-cut needs the number of parts; give colors=K")
    return MaxKCut(contents.rows, contents.cols, contents.values, contents.labels, meaning.colors)


PROBLEM = ProblemKind(name="max-k-cut", of=("graph",), make=_max_k_cut, rank=45, takes_colors=True)
