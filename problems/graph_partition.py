"""Balanced graph partitioning: k parts of equal size, least weight between them."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from pbit.by_value import ByValue
from pbit.checks import ArgumentError
from pbit.models.digits.counted import CountedModel
from pbit.models.digits.dit_model import DitModel
from pbit.models.ising import IsingModel
from pbit.models.labels import FloatArray, SpinArray
from pbit.problems.core.base import BaseProblem, whole_between
from pbit.problems.core.digits import Digits
from pbit.problems.core.problem import Answer
from pbit.problems.core.problem_kind import Meaning, ProblemKind
from pbit.problems.parts.bit_sum import BitSum, Ints

if TYPE_CHECKING:
    from pbit.formats.contents import Contents


@dataclass(frozen=True, eq=False)
class GraphPartition(ByValue, BaseProblem):
    r"""Parts of equal size; an answer gives each vertex its part, 0 to K - 1.

    The objective is the cut, the weight of the edges between two parts. Sizes differ by one at
    most, the first ``n mod K`` parts are the larger ones. As digits the sizes are kept by the
    moves, which exchange the parts of two vertices. As p-bits, one for a vertex and a part,
    ``E(x) = sum_edges w (1 - sum_c x_ic x_jc) + sum_i A_i (1 - sum_c x_ic)^2
    + B sum_c (N_c - n_c)^2`` with ``N_c = sum_i x_ic`` and the sizes n_c.

    With ``T_i = sum_j |w_ij|``, d the largest \|w\| or 1, ``B = (max T_i + d) / 2`` and
    ``A_i = T_i + B (2 max n_c - 1) + d`` are enough. (1) A vertex that is taken out of one of
    several parts changes the cut by T_i at most, the last sum by ``2 (n_c - N_c) + 1 <= 2 n_c - 1``
    and its own penalty by ``-A_i`` or less. (2) When none is in several, one that is in none is put
    into a part with ``N_c < n_c``, which there is: the last sum falls, the penalty changes by
    ``-A_i``. (3) Then a vertex of a part that is too large moves to one that is too small: the cut
    changes by T_i at most, the last sum by -2 or less. Each step lowers the energy. `decode` takes
    them.

    Parameters
    ----------
    rows, cols : int arrays, shape (m,)
        Edges; an edge listed twice counts twice.
    weights : float array, shape (m,)
    labels : sequence of n hashables
    parts : int
        K, 2 to n.

    Raises
    ------
    ValueError
        Fewer than two parts or more than vertices, or an edge from a vertex to itself.

    References
    ----------
    Lucas, Front. Physics 2, 5 (2014), section 2.2 (two parts). Callahan-Coray, Lee, Jiang,
    Camsari, arXiv:2602.04200 (p-dits).

    Examples
    --------
    >>> ring = GraphPartition([0, 1, 2, 3], [1, 2, 3, 0], [1.0, 1.0, 1.0, 1.0], range(4), 2)
    >>> ring.objective([0, 0, 1, 1]), ring.violations([0, 1, 1, 1])
    (2.0, ['parts of another size: 0 has 1 of 2, 1 has 3 of 2'])
    """

    rows: npt.ArrayLike
    cols: npt.ArrayLike
    weights: npt.ArrayLike
    labels: Sequence[Hashable]
    parts: int

    name = "graph-partition"
    objective_name = "cut"

    def __post_init__(self) -> None:
        if not 2 <= self.parts <= len(self.labels):
            raise ArgumentError(
                "parts", f"must be 2 to the number of vertices, {len(self.labels)}", self.parts
            )
        if (np.asarray(self.rows) == np.asarray(self.cols)).any():
            raise ValueError(
                "a graph for graph-partition must have no edge from a vertex to itself; remove it"
            )
        # No cut is less than that of the edges that pay.
        object.__setattr__(self, "bound", float(np.minimum(self._weights, 0.0).sum()))

    @property
    def sizes(self) -> Ints:
        """n_c of each part, int64 (K,)."""
        n, k = len(self.labels), self.parts
        return n // k + (np.arange(k) < n % k).astype(np.int64)

    @property
    def size(self) -> tuple[int, int]:
        """p-bits; couplings of two parts of a vertex, and of two vertices in a part."""
        n, k = len(self.labels), self.parts
        return n * k, n * k * (k - 1) // 2 + k * n * (n - 1) // 2

    @cached_property
    def digits(self) -> Digits:
        """One digit a vertex, of which the counts are kept."""
        potts = DitModel.potts(
            self.rows,
            self.cols,
            -self._weights,
            num_values=self.parts,
            num_digits=len(self.labels),
            offset=float(self._weights.sum()),
            labels=self.labels,
        )
        return Digits(CountedModel(potts, self.sizes), self.answer, self.answer)

    @cached_property
    def penalties(self) -> tuple[FloatArray, float]:
        """A of each vertex, float64 (n,), and B."""
        sizes, n = np.abs(self._weights), len(self.labels)
        ends = (np.asarray(self.rows, dtype=np.int64), np.asarray(self.cols, dtype=np.int64))
        near = np.asarray(sum(np.bincount(end, sizes, minlength=n) for end in ends))
        step = float(sizes.max(initial=0.0)) or 1.0
        balance = (float(near.max(initial=0.0)) + step) / 2.0
        return near + balance * (2.0 * float(self.sizes.max()) - 1.0) + step, balance

    @cached_property
    def model(self) -> IsingModel:
        """Ising model of bits ``x_ic`` at ``i K + c``."""
        n, k = len(self.labels), self.parts
        bits = np.arange(n * k).reshape(n, k)
        own, balance = self.penalties
        total = BitSum(n * k)
        total.offset = float(self._weights.sum())
        low, high = bits[np.asarray(self.rows)], bits[np.asarray(self.cols)]
        total.add(low, high, -np.repeat(self._weights, k))
        for vertex in range(n):
            total.add_square(bits[vertex], np.ones(k), -1.0, weight=float(own[vertex]))
        for part in range(k):
            target = -float(self.sizes[part])
            total.add_square(bits[:, part], np.ones(n), target, weight=balance)
        return total.model([(label, part) for label in self.labels for part in range(k)])

    def objective(self, answer: Answer) -> float:
        """Weight of the edges between two parts."""
        part = np.asarray(answer)
        across = part[np.asarray(self.rows)] != part[np.asarray(self.cols)]
        return float(self._weights[across].sum())

    def energy_of(self, objective: float) -> float:
        """The cut."""
        return objective

    def answer(self, values: npt.ArrayLike) -> Answer:
        """The values, if each is a part."""
        return whole_between(values, len(self.labels), low=0, high=self.parts - 1)

    def violated(self, answer: Answer) -> list[str]:
        """Parts that have not their size."""
        counts, sizes = np.bincount(answer, minlength=self.parts), self.sizes
        wrong = [
            f"{part} has {counts[part]} of {sizes[part]}"
            for part in np.flatnonzero(counts != sizes).tolist()
        ]
        return [f"parts of another size: {', '.join(wrong)}"] if wrong else []

    def encode(self, answer: npt.ArrayLike) -> SpinArray:
        """One p-bit up a vertex."""
        up = self.answer(answer)[:, None] == np.arange(self.parts)
        return np.where(up, 1, -1).astype(np.int8).ravel()

    def decode(self, spins: SpinArray) -> Answer:
        """The part of each vertex; where there is not one, or a part is too large, another."""
        up = np.asarray(spins).reshape(-1, self.parts) > 0
        answer = np.where(up.sum(axis=1) == 1, up.argmax(axis=1), -1).astype(np.int64)
        counts = np.bincount(answer[answer >= 0], minlength=self.parts)
        for part in np.flatnonzero(counts > self.sizes).tolist():
            held = np.flatnonzero(answer == part)
            ties = np.array([self._ties(answer, vertex)[part] for vertex in held.tolist()])
            gone = held[np.argsort(ties, kind="stable")[: counts[part] - self.sizes[part]]]
            answer[gone] = -1
        for vertex in np.flatnonzero(answer < 0).tolist():
            room = np.bincount(answer[answer >= 0], minlength=self.parts) < self.sizes
            answer[vertex] = np.where(room, self._ties(answer, vertex), -np.inf).argmax()
        return answer

    def _ties(self, answer: Answer, vertex: int) -> FloatArray:
        """Weight of the edges from a vertex into each part."""
        rows, cols = np.asarray(self.rows), np.asarray(self.cols)
        near = np.concatenate([cols[rows == vertex], rows[cols == vertex]])
        weights = np.concatenate([self._weights[rows == vertex], self._weights[cols == vertex]])
        held = answer[near] >= 0
        return np.bincount(answer[near][held], weights[held], minlength=self.parts).astype(float)

    @property
    def _weights(self) -> FloatArray:
        return np.asarray(self.weights, dtype=np.float64)


def _graph_partition(contents: Contents, meaning: Meaning) -> GraphPartition:
    if meaning.colors is None:
        raise ValueError(
            f"{contents.name} as a graph-partition needs the number of parts; give colors=K"
        )
    return GraphPartition(
        contents.rows, contents.cols, contents.values, contents.labels, meaning.colors
    )


PROBLEM = ProblemKind(
    name="graph-partition", of=("graph",), make=_graph_partition, rank=47, takes_colors=True
)
