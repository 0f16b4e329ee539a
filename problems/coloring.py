"""Graph colouring: a colour for each vertex so that no edge has both ends alike."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
from scipy import sparse

from pbit.by_value import ByValue
from pbit.checks import ArgumentError
from pbit.models.digits.dit_model import DitModel
from pbit.models.ising import IsingModel
from pbit.models.labels import SpinArray
from pbit.problems.core.base import BaseProblem, listed, whole_between
from pbit.problems.core.digits import Digits
from pbit.problems.core.problem import Answer
from pbit.problems.core.problem_kind import Meaning, ProblemKind
from pbit.problems.parts.color_choices import Choices, choices_of
from pbit.problems.vertex_sets import adjacency, distinct_pairs, row_of

if TYPE_CHECKING:
    from pbit.formats.contents import Contents


@dataclass(frozen=True, eq=False)
class Coloring(ByValue, BaseProblem):
    r"""Colour a graph with K colours; an answer gives each vertex its colour, 0 to K - 1.

    One p-bit for a vertex and a colour, ``E(x) = sum_edges sum_c x_ic x_jc
    + A sum_i (1 - sum_c x_ic)^2``. Both sums are counts and at least 0, hence E = 0 exactly where
    every vertex has one colour and no edge conflicts: for every A > 0. ``A = 1`` makes a vertex
    without colour as bad as one conflict.

    Vertices that can always be coloured last have no p-bits, the vertices of a clique have given
    colours, and their neighbours no p-bits for these: no colouring is lost but for the names of
    colours (:mod:`pbit.problems.parts.color_choices`). A state is repaired vertex by vertex: those
    without or with several colours, and then those in conflict, take the colour that fewest
    neighbours have.

    Feasible is a colouring without conflicts. A run that finds none has not proved that there is
    none.

    Parameters
    ----------
    rows, cols : int arrays, shape (m,)
        Edges; one listed twice is the same edge.
    labels : sequence of n hashables
    colors : int
        K, 1 to n.

    Raises
    ------
    ValueError
        No colours or more than vertices, or an edge from a vertex to itself.

    References
    ----------
    Lucas, Front. Physics 2, 5 (2014), section 6.1.

    Examples
    --------
    >>> ring = Coloring([0, 1, 2, 3, 4], [1, 2, 3, 4, 0], range(5), 2)
    >>> ring.violations(ring.decode(np.full(ring.model.num_spins, -1)))
    ['1 edges have ends of one colour: 0-4']
    """

    rows: npt.ArrayLike
    cols: npt.ArrayLike
    labels: Sequence[Hashable]
    colors: int

    name = "coloring"
    objective_name = "conflicts"
    bound = 0.0

    def __post_init__(self) -> None:
        if not 1 <= self.colors <= max(1, len(self.labels)):
            raise ArgumentError(
                "colors",
                f"must be 1 to the number of vertices, {len(self.labels)}",
                self.colors,
                remedy="more are never needed",
            )
        if (np.asarray(self.rows) == np.asarray(self.cols)).any():
            raise ValueError(
                "a graph for coloring must have no edge from a vertex to itself; remove it"
            )

    @property
    def size(self) -> tuple[int, int]:
        """p-bits; a coupling for two colours of a vertex, and for an edge and a colour."""
        allowed = self.choices.allowed.sum(axis=1)
        pairs = int((allowed * (allowed - 1) // 2).sum())
        return int(allowed.sum()), pairs + self.edges.shape[1] * self.colors

    @cached_property
    def edges(self) -> npt.NDArray[np.int64]:
        """Edges, int64 (2, m), each once."""
        return distinct_pairs(self.rows, self.cols, len(self.labels))

    @cached_property
    def choices(self) -> Choices:
        """What is left to choose."""
        return choices_of(self._neighbours, self.colors)

    @cached_property
    def model(self) -> IsingModel:
        """Four times the energy, all of whose weights are whole numbers."""
        free, allowed = self.choices.free, self.choices.allowed
        count = int(allowed.sum())
        place = np.full(len(self.labels), -1)
        place[free] = np.arange(free.size)
        bits = np.full((free.size + 1, self.colors), -1)  # its last row is for all others
        bits[:-1][allowed] = np.arange(count)
        first, second = np.triu_indices(self.colors, 1)
        low, high = bits[place[self.edges]]
        rows = np.concatenate([low.ravel(), bits[:, first].ravel()])
        cols = np.concatenate([high.ravel(), bits[:, second].ravel()])
        weights = np.ones(rows.size)
        weights[low.size :] = 2.0
        both = (rows >= 0) & (cols >= 0)
        rows, cols, weights = rows[both], cols[both], weights[both]
        # w x x' = w (1 + s + s' + s s') / 4, and (1 - sum x)^2 = 1 - sum x + 2 sum_pairs x x'.
        sums = sum(np.bincount(ends, weights, minlength=count) for ends in (rows, cols))
        vertices, colors = np.nonzero(allowed)
        labels = [
            (self.labels[vertex], color)
            for vertex, color in zip(free[vertices].tolist(), colors.tolist(), strict=True)
        ]
        return IsingModel.from_edges(
            rows,
            cols,
            -weights,
            h=2.0 - sums,
            num_spins=count,
            offset=4.0 * free.size + float(weights.sum()) - 2.0 * count,
            labels=labels,
        )

    @cached_property
    def digits(self) -> Digits:
        """One digit for each vertex to be chosen: four times the number of conflicts, those with
        the clique in its field."""
        free, choices = self.choices.free, self.choices
        place = np.full(len(self.labels), -1)
        place[free] = np.arange(free.size)
        low, high = place[self.edges]
        both = (low >= 0) & (high >= 0)
        model = DitModel.potts(
            low[both],
            high[both],
            4.0,
            num_values=self.colors,
            num_digits=free.size,
            h=np.where(choices.allowed, 0.0, 4.0).ravel(),
            labels=[self.labels[vertex] for vertex in free.tolist()],
        )
        return Digits(model, self._completed, self._named)

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
        """One p-bit up for each vertex to be chosen, with colours named as the clique's are."""
        up = self._named(answer)[:, None] == np.arange(self.colors)
        return np.where(up[self.choices.allowed], 1, -1).astype(np.int8)

    def decode(self, spins: SpinArray) -> Answer:
        """The colours that are up, repaired where there is not one, or where two clash."""
        choices = self.choices
        up = np.zeros(choices.allowed.shape, dtype=bool)
        up[choices.allowed] = np.asarray(spins) > 0
        answer = np.full(len(self.labels), -1, dtype=np.int64)
        answer[choices.clique] = np.arange(len(choices.clique))
        answer[choices.free] = np.where(up.sum(axis=1) == 1, up.argmax(axis=1), -1)
        for vertex in choices.free[answer[choices.free] < 0].tolist():
            answer[vertex] = self._freest(answer, vertex)
        known = self.edges[:, (answer[self.edges] >= 0).all(axis=0)]
        for vertex in np.unique(known[:, answer[known[0]] == answer[known[1]]]).tolist():
            answer[vertex] = self._freest(answer, vertex)
        return self._with_peeled(answer)

    def violated(self, answer: Answer) -> list[str]:
        """Edges with both ends of one colour."""
        low, high = self.edges[:, self._clashing(answer)].tolist()
        pairs = [f"{self.labels[i]}-{self.labels[j]}" for i, j in zip(low, high, strict=True)]
        return [f"{len(pairs)} edges have ends of one colour: {listed(pairs)}"] if pairs else []

    def _named(self, answer: npt.ArrayLike) -> npt.NDArray[np.int16]:
        """Colours of the vertices to be chosen, named as the clique's are."""
        colors = self.answer(answer)
        return self._names(colors)[colors[self.choices.free]].astype(np.int16)

    def _completed(self, values: npt.ArrayLike) -> Answer:
        """Colours of all vertices."""
        answer = np.full(len(self.labels), -1, dtype=np.int64)
        answer[self.choices.clique] = np.arange(len(self.choices.clique))
        answer[self.choices.free] = np.asarray(values)
        return self._with_peeled(answer)

    def _with_peeled(self, answer: Answer) -> Answer:
        """The answer with the vertices that can always be coloured last."""
        for vertex in reversed(self.choices.peeled):
            answer[vertex] = self._freest(answer, vertex)
        return answer

    def _clashing(self, answer: Answer) -> npt.NDArray[np.intp]:
        low, high = self.edges
        return np.flatnonzero(answer[low] == answer[high])

    def _names(self, answer: Answer) -> Answer:
        """New names of the colours, by which vertex j of the clique has colour j if it can."""
        names = np.full(self.colors, -1, dtype=np.int64)
        for color, vertex in enumerate(self.choices.clique):
            if names[answer[vertex]] < 0:
                names[answer[vertex]] = color
        names[names < 0] = np.setdiff1d(np.arange(self.colors), names)
        return names

    @cached_property
    def _neighbours(self) -> sparse.csr_array:
        return adjacency(self.edges, len(self.labels))

    def _freest(self, answer: Answer, vertex: int) -> int:
        """The colour that fewest neighbours have, the present one if it is among them."""
        near = answer[row_of(self._neighbours, vertex)]
        counts = np.bincount(near[near >= 0], minlength=self.colors)
        now = int(answer[vertex])
        return now if now >= 0 and counts[now] == counts.min() else int(counts.argmin())


def _coloring(contents: Contents, meaning: Meaning) -> Coloring:
    if meaning.colors is None:
        raise ValueError(
            f"{contents.name} as a coloring needs the number of colours; give colors=K"
        )
    return Coloring(contents.rows, contents.cols, contents.labels, meaning.colors)


PROBLEM = ProblemKind(name="coloring", of=("graph",), make=_coloring, rank=40, takes_colors=True)
