"""Balanced graph partitioning: k parts of equal size, least weight between them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from pbit.checks import ArgumentError
from pbit.models.digits.counted import CountedModel
from pbit.models.ising import IsingModel
from pbit.models.labels import FloatArray, SpinArray
from pbit.problems.core.digits import Digits
from pbit.problems.core.problem import Answer
from pbit.problems.core.problem_kind import Meaning, ProblemKind
from pbit.problems.parts.bit_sum import Ints
from pbit.problems.parts.graph_parts import GraphParts

if TYPE_CHECKING:
    from pbit.formats.contents import Contents


@dataclass(frozen=True, eq=False)
class GraphPartition(GraphParts):
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

    name = "graph-partition"

    def __post_init__(self) -> None:
        if not 2 <= self.parts <= len(self.labels):
            raise ArgumentError(
                "parts", f"must be 2 to the number of vertices, {len(self.labels)}", self.parts
            )
        super().__post_init__()
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
        return Digits(CountedModel(self._potts(-1.0), self.sizes), self.answer, self.answer)

    @cached_property
    def penalties(self) -> tuple[FloatArray, float]:
        """A of each vertex, float64 (n,), and B."""
        near, largest = self._near
        balance = (float(near.max(initial=0.0)) + largest) / 2.0
        return near + balance * (2.0 * float(self.sizes.max()) - 1.0) + largest, balance

    @cached_property
    def model(self) -> IsingModel:
        """Ising model of bits ``x_ic`` at ``i K + c``."""
        own, balance = self.penalties
        total, bits = self._within(-1.0, own)
        for members, size in zip(bits.T, self.sizes.tolist(), strict=True):
            total.add_square(members, np.ones(members.size), -float(size), weight=balance)
        return total.model(self._bit_labels)

    def energy_of(self, objective: float) -> float:
        """The cut."""
        return objective

    def violated(self, answer: Answer) -> list[str]:
        """Parts that have not their size."""
        counts, sizes = np.bincount(answer, minlength=self.parts), self.sizes
        wrong = [
            f"{part} has {counts[part]} of {sizes[part]}"
            for part in np.flatnonzero(counts != sizes).tolist()
        ]
        return [f"parts of another size: {', '.join(wrong)}"] if wrong else []

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
