"""Graph colouring: a colour for each vertex so that no edge has both ends alike."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt
from scipy import sparse

from pbit.model import IsingModel, SpinArray
from pbit.problems.base import BaseProblem, listed, whole_between
from pbit.problems.problem import Answer
from pbit.problems.vertex_sets import adjacency, distinct_pairs, row_of


@dataclass(frozen=True, eq=False)
class Coloring(BaseProblem):
    r"""Colour a graph with K colours; an answer gives each vertex its colour, 0 to K - 1.

    One p-bit for a vertex and a colour, ``E(x) = sum_edges sum_c x_ic x_jc
    + A sum_i (1 - sum_c x_ic)^2``. Both sums are counts and at least 0, hence E = 0 exactly where
    every vertex has one colour and no edge conflicts: for every A > 0. ``A = 1`` makes a vertex
    without colour as bad as one conflict. A state is repaired vertex by vertex: those without or
    with several colours, and then those in conflict, take the colour that fewest neighbours have.

    Feasible is a colouring without conflicts. A run that finds none has not proved that there is
    none.

    Parameters
    ----------
    rows, cols : int arrays, shape (m,)
        Edges; one listed twice is the same edge.
    labels : sequence of n hashables
    colors : int
        K >= 1.

    Raises
    ------
    ValueError
        No colours, or an edge from a vertex to itself.

    References
    ----------
    Lucas, Front. Physics 2, 5 (2014), section 6.1.

    Examples
    --------
    >>> edge = Coloring([0], [1], range(2), 2)
    >>> edge.decode(np.array([1, -1, 1, -1], dtype=np.int8)).tolist()
    [1, 0]
    """

    rows: npt.ArrayLike
    cols: npt.ArrayLike
    labels: Sequence[Hashable]
    colors: int

    name = "coloring"
    objective_name = "conflicts"
    bound = 0.0

    def __post_init__(self) -> None:
        if self.colors < 1:
            raise ValueError(f"colors must be >= 1, got {self.colors}; one colour at least")
        if (np.asarray(self.rows) == np.asarray(self.cols)).any():
            raise ValueError(
                "a graph for coloring must have no edge from a vertex to itself; remove it"
            )

    @property
    def size(self) -> tuple[int, int]:
        """n K p-bits; a coupling for two colours of a vertex, and for an edge and a colour."""
        n, colors = len(self.labels), self.colors
        return n * colors, n * colors * (colors - 1) // 2 + np.size(self.rows) * colors

    @cached_property
    def edges(self) -> npt.NDArray[np.int64]:
        """Edges, int64 (2, m), each once."""
        return distinct_pairs(self.rows, self.cols, len(self.labels))

    @cached_property
    def model(self) -> IsingModel:
        """Four times the energy, all of whose weights are whole numbers."""
        n, colors = len(self.labels), self.colors
        bits = np.arange(n * colors).reshape(n, colors)
        first, second = np.triu_indices(colors, 1)
        low, high = self.edges
        rows = np.concatenate([bits[low].ravel(), bits[:, first].ravel()])
        cols = np.concatenate([bits[high].ravel(), bits[:, second].ravel()])
        weights = np.ones(rows.size)
        weights[low.size * colors :] = 2.0
        # x x' = (1 + s + s' + s s') / 4, and (1 - sum x)^2 = 1 - sum x + 2 sum_pairs x x'.
        fields = np.repeat(np.bincount(self.edges.ravel(), minlength=n), colors)
        h = -(fields + 2.0 * (colors - 1) - 2.0)
        offset = low.size * colors + n * (4.0 + colors * (colors - 1) - 2.0 * colors)
        labels = [(vertex, color) for vertex in self.labels for color in range(colors)]
        return IsingModel.from_edges(
            rows, cols, -weights, h=h, num_spins=n * colors, offset=offset, labels=labels
        )

    @property
    def beta_range(self) -> tuple[float, float]:
        """A conflict costs an energy of 4: a factor 0.7 when hot, 3e-4 when cold."""
        return 0.1, 2.0

    def energy_of(self, objective: float) -> float:
        """Energy 4 a conflict."""
        return 4.0 * objective

    def objective(self, answer: Answer) -> float:
        """Number of edges with both ends of one colour."""
        return float(self._clashing(np.asarray(answer)).size)

    def answer(self, values: npt.ArrayLike) -> Answer:
        """A colour for each vertex."""
        return whole_between(values, len(self.labels), low=0, high=self.colors - 1)

    def encode(self, answer: npt.ArrayLike) -> SpinArray:
        """One p-bit up for each vertex."""
        colors = self.answer(answer)
        return np.where(colors[:, None] == np.arange(self.colors), 1, -1).astype(np.int8).ravel()

    def decode(self, spins: SpinArray) -> Answer:
        """The colours that are up, repaired where there is not one, or where two clash."""
        up = np.asarray(spins).reshape(len(self.labels), self.colors) > 0
        answer = np.where(up.sum(axis=1) == 1, up.argmax(axis=1), -1).astype(np.int64)
        for vertex in np.flatnonzero(answer < 0).tolist():
            answer[vertex] = self._freest(answer, vertex)
        clashing = self.edges[:, self._clashing(answer)]
        for vertex in np.unique(clashing).tolist():
            answer[vertex] = self._freest(answer, vertex)
        return answer

    def violated(self, answer: Answer) -> list[str]:
        """Edges with both ends of one colour."""
        low, high = self.edges[:, self._clashing(answer)].tolist()
        pairs = [f"{self.labels[i]}-{self.labels[j]}" for i, j in zip(low, high, strict=True)]
        return [f"{len(pairs)} edges have ends of one colour: {listed(pairs)}"] if pairs else []

    def _clashing(self, answer: Answer) -> npt.NDArray[np.intp]:
        low, high = self.edges
        return np.flatnonzero(answer[low] == answer[high])

    @cached_property
    def _neighbours(self) -> sparse.csr_array:
        return adjacency(self.edges, len(self.labels))

    def _freest(self, answer: Answer, vertex: int) -> int:
        """The colour that fewest neighbours have, the present one if it is among them."""
        near = answer[row_of(self._neighbours, vertex)]
        counts = np.bincount(near[near >= 0], minlength=self.colors)
        now = int(answer[vertex])
        return now if now >= 0 and counts[now] == counts.min() else int(counts.argmin())
