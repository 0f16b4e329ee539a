"""Maximum k-cut: split the vertices of a weighted graph into k parts, most weight between them."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from pbit.by_value import ByValue
from pbit.checks import ArgumentError
from pbit.models.digits.dit_model import DitModel
from pbit.models.ising import IsingModel
from pbit.models.labels import FloatArray, SpinArray
from pbit.problems.core.base import BaseProblem, whole_between
from pbit.problems.core.digits import Digits
from pbit.problems.core.problem import Answer
from pbit.problems.core.problem_kind import Meaning, ProblemKind

if TYPE_CHECKING:
    from pbit.formats.contents import Contents


@dataclass(frozen=True, eq=False)
class MaxKCut(ByValue, BaseProblem):
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

    rows: npt.ArrayLike
    cols: npt.ArrayLike
    weights: npt.ArrayLike
    labels: Sequence[Hashable]
    parts: int

    name = "max-k-cut"
    objective_name = "cut"
    maximise = True

    def __post_init__(self) -> None:
        if self.parts < 2:
            raise ArgumentError("parts", "must be >= 2", self.parts, remedy="one part cuts nothing")
        if (np.asarray(self.rows) == np.asarray(self.cols)).any():
            raise ValueError(
                "a graph for max-k-cut must have no edge from a vertex to itself; remove it"
            )
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
        model = DitModel.potts(
            self.rows,
            self.cols,
            self._weights,
            num_values=self.parts,
            num_digits=len(self.labels),
            offset=-float(self._weights.sum()),
            labels=self.labels,
        )
        return Digits(model, self.answer, self.answer)

    @cached_property
    def penalties(self) -> FloatArray:
        """Of each vertex, float64 (n,)."""
        sizes, n = np.abs(self._weights), len(self.labels)
        ends = (np.asarray(self.rows, dtype=np.int64), np.asarray(self.cols, dtype=np.int64))
        near = sum(np.bincount(end, sizes, minlength=n) for end in ends)
        return np.asarray(near + (sizes.max(initial=0.0) or 1.0))

    @cached_property
    def model(self) -> IsingModel:
        """Ising model of bits ``x_ic`` at ``i K + c``."""
        k, n = self.parts, len(self.labels)
        bits = np.arange(n * k).reshape(n, k)
        first, second = np.triu_indices(k, 1)
        low, high = bits[np.asarray(self.rows)], bits[np.asarray(self.cols)]
        rows = np.concatenate([low.ravel(), bits[:, first].ravel()])
        cols = np.concatenate([high.ravel(), bits[:, second].ravel()])
        own = np.repeat(self.penalties, k)
        weights = np.concatenate(
            [np.repeat(self._weights, k), np.repeat(2.0 * self.penalties, first.size)]
        )
        # w x x' = w (1 + s + s' + s s') / 4, and (1 - sum x)^2 = 1 - sum x + 2 sum_pairs x x'.
        sums = sum(np.bincount(ends, weights, minlength=n * k) for ends in (rows, cols))
        return IsingModel.from_edges(
            rows,
            cols,
            -weights / 4.0,
            h=own / 2.0 - np.asarray(sums) / 4.0,
            num_spins=n * k,
            offset=float(
                self.penalties.sum() + weights.sum() / 4.0 - own.sum() / 2.0 - self._weights.sum()
            ),
            labels=[(label, part) for label in self.labels for part in range(k)],
        )

    def energy_of(self, objective: float) -> float:
        """Minus the cut."""
        return -objective

    def objective(self, answer: Answer) -> float:
        """Weight of the edges between two parts."""
        part = np.asarray(answer)
        across = part[np.asarray(self.rows)] != part[np.asarray(self.cols)]
        return float(self._weights[across].sum())

    def answer(self, values: npt.ArrayLike) -> Answer:
        """The values, if each is a part."""
        return whole_between(values, len(self.labels), low=0, high=self.parts - 1)

    def encode(self, answer: npt.ArrayLike) -> SpinArray:
        """One p-bit up a vertex."""
        up = self.answer(answer)[:, None] == np.arange(self.parts)
        return np.where(up, 1, -1).astype(np.int8).ravel()

    def decode(self, spins: SpinArray) -> Answer:
        """The part of each vertex, its best one where there is not one."""
        up = np.asarray(spins).reshape(-1, self.parts) > 0
        answer = np.where(up.any(axis=1), up.argmax(axis=1), -1).astype(np.int64)
        rows, cols = np.asarray(self.rows), np.asarray(self.cols)
        for vertex in np.flatnonzero(up.sum(axis=1) != 1).tolist():
            near = np.concatenate([cols[rows == vertex], rows[cols == vertex]])
            weights = np.concatenate([self._weights[rows == vertex], self._weights[cols == vertex]])
            held = answer[near] >= 0
            costs = np.bincount(answer[near][held], weights[held], minlength=self.parts)
            answer[vertex] = int(costs.argmin())
        return answer

    @property
    def _weights(self) -> FloatArray:
        return np.asarray(self.weights, dtype=np.float64)


def _max_k_cut(contents: Contents, meaning: Meaning) -> MaxKCut:
    if meaning.colors is None:
        raise ValueError(f"{contents.name} as a max-k-cut needs the number of parts; give colors=K")
    return MaxKCut(contents.rows, contents.cols, contents.values, contents.labels, meaning.colors)


PROBLEM = ProblemKind(name="max-k-cut", of=("graph",), make=_max_k_cut, rank=45, takes_colors=True)
