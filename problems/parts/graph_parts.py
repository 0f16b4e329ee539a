"""Graphs whose vertices go into parts: what all such problems share."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, ClassVar

import numpy as np
import numpy.typing as npt
from scipy import sparse

from pbit.by_value import ByValue
from pbit.models.digits.dit_model import DitModel
from pbit.models.labels import FloatArray
from pbit.problems.core.base import InParts
from pbit.problems.core.problem import Answer
from pbit.problems.parts.bit_sum import BitSum


@dataclass(frozen=True, eq=False)
class GraphParts(ByValue, InParts):
    """Parts of a graph; an answer gives each vertex its part, 0 to K - 1.

    Parameters
    ----------
    rows, cols : int arrays, shape (m,)
        Edges; an edge listed twice counts twice.
    weights : float array, shape (m,)
    labels : sequence of n hashables
    parts : int
        K.

    Raises
    ------
    ValueError
        An edge from a vertex to itself.
    """

    rows: npt.ArrayLike
    cols: npt.ArrayLike
    weights: npt.ArrayLike
    labels: Sequence[Hashable]
    parts: int

    name: ClassVar[str]
    objective_name = "cut"

    def __post_init__(self) -> None:
        if (np.asarray(self.rows) == np.asarray(self.cols)).any():
            raise ValueError(
                f"a graph for {self.name} must have no edge from a vertex to itself; remove it"
            )

    def objective(self, answer: Answer) -> float:
        """Weight of the edges between two parts."""
        part = np.asarray(answer)
        across = part[np.asarray(self.rows)] != part[np.asarray(self.cols)]
        return float(self._weights[across].sum())

    @property
    def _weights(self) -> FloatArray:
        return np.asarray(self.weights, dtype=np.float64)

    @cached_property
    def _near(self) -> tuple[FloatArray, float]:
        """Sum of the absolute weights at each vertex, and the largest of them, or 1."""
        sizes, n = np.abs(self._weights), len(self.labels)
        ends = (np.asarray(self.rows, dtype=np.int64), np.asarray(self.cols, dtype=np.int64))
        near = np.asarray(sum(np.bincount(end, sizes, minlength=n) for end in ends))
        return near, float(sizes.max(initial=0.0)) or 1.0

    @cached_property
    def _edges(self) -> sparse.csr_array:
        """Weights of the edges from the vertex of the row, float64 (n, n)."""
        n = len(self.labels)
        rows, cols = np.asarray(self.rows), np.asarray(self.cols)
        ends = (np.concatenate([rows, cols]), np.concatenate([cols, rows]))
        return sparse.csr_array((np.tile(self._weights, 2), ends), shape=(n, n))

    def _ties(self, answer: Answer, vertex: int) -> FloatArray:
        """Weight of the edges from a vertex into each part, of vertices that have one."""
        entries = slice(self._edges.indptr[vertex], self._edges.indptr[vertex + 1])
        parts, weights = answer[self._edges.indices[entries]], self._edges.data[entries]
        held = parts >= 0
        return np.bincount(parts[held], weights[held], minlength=self.parts).astype(float)

    def _potts(self, sign: float) -> DitModel:
        """``sign`` times the weight of the edges within parts, less that of all."""
        return DitModel.potts(
            self.rows,
            self.cols,
            sign * self._weights,
            num_values=self.parts,
            num_digits=len(self.labels),
            offset=-sign * float(self._weights.sum()),
            labels=self.labels,
        )

    def _within(self, sign: float, penalties: FloatArray) -> tuple[BitSum, npt.NDArray[Any]]:
        """The same of bits ``x_ic``, which are numbered (n, K), where penalties ``(1 - sum_c
        x_ic)^2`` see to one part a vertex."""
        n, k = len(self.labels), self.parts
        bits = np.arange(n * k).reshape(n, k)
        total = BitSum(n * k)
        total.offset = -sign * float(self._weights.sum())
        low, high = bits[np.asarray(self.rows)], bits[np.asarray(self.cols)]
        total.add(low, high, sign * np.repeat(self._weights, k))
        # (1 - sum x)^2 = 1 - sum x + 2 sum_pairs x x', of all vertices at once.
        first, second = np.triu_indices(k, 1)
        total.offset += float(penalties.sum())
        total.add(bits, bits, -np.repeat(penalties, k))
        total.add(bits[:, first], bits[:, second], np.repeat(2.0 * penalties, first.size))
        return total, bits

    @property
    def _bit_labels(self) -> list[tuple[Hashable, int]]:
        return [(label, part) for label in self.labels for part in range(self.parts)]
