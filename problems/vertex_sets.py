"""Independent sets, cliques and vertex covers: sets of vertices that an edge allows or asks for."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
from scipy import sparse

from pbit.by_value import ByValue
from pbit.models.ising import IsingModel
from pbit.models.labels import SpinArray
from pbit.problems.core.base import TwoValued, listed
from pbit.problems.core.problem import Answer
from pbit.problems.core.problem_kind import Maker, Meaning, ProblemKind

if TYPE_CHECKING:
    from pbit.formats.contents import Contents


@dataclass(frozen=True, eq=False)
class IndependentSet(ByValue, TwoValued):
    r"""Most vertices of which no two are joined; an answer is 1 on the set.

    ``E(x) = -sum_i x_i + A sum_edges x_i x_j``. The penalty is ``A = 2``: taking a vertex of c >= 1
    violated edges out of a state changes its energy by ``1 - A c < 0``, so that no infeasible state
    is a local minimum for any A > 1, and 2 is the smallest whole number. (With A = 1 both ends of
    a single edge are as good as one.) A state is repaired by taking out vertices, those with most
    conflicts first, and putting in what fits: neither raises the energy.

    Parameters
    ----------
    rows, cols : int arrays, shape (m,)
        Edges; one listed twice is the same edge.
    labels : sequence of n hashables

    Raises
    ------
    ValueError
        An edge from a vertex to itself.

    References
    ----------
    Lucas, Front. Physics 2, 5 (2014), sections 4.2 and 4.3.

    Examples
    --------
    >>> path = IndependentSet([0, 1], [1, 2], range(3))
    >>> path.decode(np.array([1, 1, 1], dtype=np.int8)).tolist()
    [1, 0, 1]
    """

    rows: npt.ArrayLike
    cols: npt.ArrayLike
    labels: Sequence[Hashable]

    name = "independent-set"
    objective_name = "vertices"
    maximise = True
    constrained = True
    sign = 1  # of the spins of the vertices in the independent set

    def __post_init__(self) -> None:
        if (np.asarray(self.rows) == np.asarray(self.cols)).any():
            raise ValueError(
                f"a graph for {self.name} must have no edge from a vertex to itself; remove it"
            )

    @cached_property
    def edges(self) -> npt.NDArray[np.int64]:
        """Pairs that exclude each other, int64 (2, m), each once."""
        return distinct_pairs(self.rows, self.cols, len(self.labels))

    @cached_property
    def model(self) -> IsingModel:
        """Twice the energy, which makes every coupling -1 and every bias a whole number."""
        low, high = self.edges
        n = len(self.labels)
        degrees = np.bincount(self.edges.ravel(), minlength=n)
        return IsingModel.from_edges(
            low,
            high,
            np.full(low.size, -1.0),
            h=self.sign * (1.0 - degrees),
            num_spins=n,
            offset=float(low.size - n),
            labels=self.labels,
        )

    @property
    def beta_range(self) -> tuple[float, float]:
        """A vertex is worth an energy of 2: a factor 0.45 when hot, 2e-3 when cold."""
        return 0.4, 3.0

    def energy_of(self, objective: float) -> float:
        """Energy -2 a vertex of the set."""
        return -2.0 * objective

    def objective(self, answer: Answer) -> float:
        """Number of vertices in the set."""
        return float(np.count_nonzero(answer))

    def decode(self, spins: SpinArray) -> Answer:
        """The vertices that are up, repaired to an independent set that no vertex can join."""
        chosen = np.asarray(spins) > 0
        return self._repaired(chosen).astype(np.int64)

    def violated(self, answer: Answer) -> list[str]:
        """Edges inside the set."""
        return self._named(answer > 0, "edges inside the set")

    def written(self, answer: Answer | None) -> list[str]:
        """The vertices of the set."""
        if answer is None:
            return []
        return [" ".join(["set", *(str(self.labels[k]) for k in np.flatnonzero(answer).tolist())])]

    @cached_property
    def _conflicts(self) -> sparse.csr_array:
        return adjacency(self.edges, len(self.labels))

    def _repaired(self, chosen: npt.NDArray[np.bool_]) -> npt.NDArray[np.bool_]:
        chosen = chosen.copy()
        matrix = self._conflicts
        counts = matrix @ chosen.astype(np.int64)
        while True:
            worst = int(np.argmax(counts * chosen))
            if not chosen.size or not chosen[worst] or not counts[worst]:
                break
            chosen[worst] = False
            counts[row_of(matrix, worst)] -= 1
        degrees = np.diff(matrix.indptr)
        for vertex in np.argsort(degrees, kind="stable"):  # those that exclude fewest first
            if not chosen[vertex] and not counts[vertex]:
                chosen[vertex] = True
                counts[row_of(matrix, vertex)] += 1
        return chosen

    def _named(self, inside: npt.NDArray[np.bool_], what: str) -> list[str]:
        low, high = self.edges
        bad = np.flatnonzero(inside[low] & inside[high])
        pairs = [f"{self.labels[low[k]]}-{self.labels[high[k]]}" for k in bad.tolist()]
        return [f"{len(pairs)} {what}: {listed(pairs)}"] if pairs else []


@dataclass(frozen=True, eq=False)
class Clique(IndependentSet):
    """Most vertices that are all joined: an independent set of the missing edges.

    Examples
    --------
    >>> triangle = Clique([0, 0, 1, 2], [1, 2, 2, 3], range(4))
    >>> triangle.decode(np.array([1, 1, 1, 1], dtype=np.int8)).tolist()
    [1, 1, 1, 0]
    """

    name = "clique"

    @property
    def size(self) -> tuple[int, int]:
        """One coupling a missing edge."""
        n = len(self.labels)
        return n, n * (n - 1) // 2

    @cached_property
    def edges(self) -> npt.NDArray[np.int64]:
        """Pairs that are not joined, int64 (2, m)."""
        n = len(self.labels)
        joined = np.eye(n, dtype=bool)
        joined[np.asarray(self.rows), np.asarray(self.cols)] = True
        return np.stack(np.nonzero(np.triu(~(joined | joined.T)))).astype(np.int64)

    def violated(self, answer: Answer) -> list[str]:
        """Pairs of the set that are not joined."""
        return self._named(answer > 0, "pairs that are not joined")


@dataclass(frozen=True, eq=False)
class VertexCover(IndependentSet):
    """Fewest vertices that touch every edge: all but those of an independent set.

    Examples
    --------
    >>> path = VertexCover([0, 1], [1, 2], range(3))
    >>> path.decode(np.array([-1, -1, -1], dtype=np.int8)).tolist()
    [0, 1, 0]
    """

    name = "vertex-cover"
    maximise = False
    sign = -1

    def energy_of(self, objective: float) -> float:
        """Energy 2 a vertex of the cover, less 2 a vertex."""
        return 2.0 * (objective - len(self.labels))

    def decode(self, spins: SpinArray) -> Answer:
        """The vertices that are up, repaired to a cover that can miss no vertex."""
        outside = np.asarray(spins) < 0
        return (~self._repaired(outside)).astype(np.int64)

    def violated(self, answer: Answer) -> list[str]:
        """Edges that the cover does not touch."""
        return self._named(answer == 0, "edges not covered")


def distinct_pairs(rows: npt.ArrayLike, cols: npt.ArrayLike, n: int) -> npt.NDArray[np.int64]:
    """Pairs low < high, int64 (2, m), each once and sorted.

    Examples
    --------
    >>> distinct_pairs([1, 0, 2], [0, 1, 1], 3).tolist()
    [[0, 1], [1, 2]]
    """
    ends = np.sort(np.stack([np.asarray(rows), np.asarray(cols)]).astype(np.int64), axis=0)
    keys = np.unique(ends[0] * max(1, n) + ends[1])
    return np.stack(np.divmod(keys, max(1, n)))


def adjacency(pairs: npt.NDArray[np.int64], n: int) -> sparse.csr_array:
    """Who is joined with whom, int64 (n, n), of pairs that are listed once."""
    low, high = pairs
    ends = (np.concatenate([low, high]), np.concatenate([high, low]))
    return sparse.csr_array((np.ones(2 * low.size, np.int64), ends), shape=(n, n))


def row_of(matrix: sparse.csr_array, row: int) -> npt.NDArray[np.int32]:
    """Columns with an entry in this row."""
    columns: npt.NDArray[np.int32] = matrix.indices[matrix.indptr[row] : matrix.indptr[row + 1]]
    return columns


def _vertices(kind: type[IndependentSet]) -> Maker:
    def make(contents: Contents, meaning: Meaning) -> IndependentSet:
        return kind(contents.rows, contents.cols, contents.labels)

    return make


CLIQUE = ProblemKind(name="clique", of=("graph",), make=_vertices(Clique), rank=50)
INDEPENDENT_SET = ProblemKind(
    name="independent-set", of=("graph",), make=_vertices(IndependentSet), rank=60
)
VERTEX_COVER = ProblemKind(name="vertex-cover", of=("graph",), make=_vertices(VertexCover), rank=70)
