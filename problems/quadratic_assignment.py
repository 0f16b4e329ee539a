"""Quadratic assignment: facilities put to places so that flows go the least distance."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from pbit.by_value import ByValue
from pbit.models.digits.assignment import AssignmentModel
from pbit.models.ising import IsingModel
from pbit.models.labels import SpinArray
from pbit.problems.core.base import BaseProblem, listed, whole_between
from pbit.problems.core.digits import Digits
from pbit.problems.core.problem import Answer
from pbit.problems.core.problem_kind import Meaning, ProblemKind, told_by_file
from pbit.problems.parts.bit_sum import BitSum, Ints, whole_array

if TYPE_CHECKING:
    from pbit.formats.specifications import AssignmentContents


@dataclass(frozen=True, eq=False)
class QuadraticAssignment(ByValue, BaseProblem):
    r"""Cheapest assignment; an answer gives each facility its place, 0 to n - 1.

    ``cost(p) = sum_ij F_ij D_{p(i) p(j)}``, and over bits ``x_ip``
    ``E(x) = sum F'_ij D'_pq x_ip x_jq + sum L_ip x_ip + A sum_i (sum_p x_ip - 1)^2
    + A sum_p (sum_i x_ip - 1)^2 + offset``. F' and D' are the entries off the diagonal less their
    smallest, L the products of the diagonals less their smallest: what this takes away is the same
    for every assignment and is in the offset, and all weights but the penalties are >= 0.

    ``A = (B + 1) / 2`` is enough, where B bounds the cost of one more facility: the largest over
    (i, p) of ``L_ip`` + twice or less the flows of i times the distances of p, both sorted (no
    pairing costs more). Take an infeasible state. (1) While a row or column has r > 1 bits, take
    one out: the cost does not rise; the row's square falls by 2 r - 3 >= 1 and the column's rises
    by 1 at most, or both fall, so that the energy does not rise, and falls by 2 A or more if the
    last one taken out leaves an assignment. (2) Then, while a row and with it a column is empty,
    put a bit there: the cost rises by B at most, the penalties fall by 2 A = B + 1. So every
    infeasible state lies at least 1 above an assignment. `decode` takes these steps.

    Parameters
    ----------
    flows, distances : whole numbers, shape (n, n)
        Symmetric or not.

    Raises
    ------
    ValueError
        Matrices that are not square and of one size, or entries that are not whole.

    References
    ----------
    Koopmans, Beckmann, Econometrica 25, 53 (1957). Burkard, Karisch, Rendl, J. Global Optim. 10,
    391 (1997).

    Examples
    --------
    >>> plan = QuadraticAssignment([[0, 5], [1, 0]], [[0, 2], [3, 0]])
    >>> plan.objective([0, 1]), plan.objective([1, 0])
    (13.0, 17.0)
    """

    flows: npt.ArrayLike
    distances: npt.ArrayLike

    name = "quadratic-assignment"
    objective_name = "cost"

    def __post_init__(self) -> None:
        flows, distances = (
            whole_array(matrix, what)
            for matrix, what in ((self.flows, "flows"), (self.distances, "distances"))
        )
        square = flows.ndim == 2 and flows.shape[0] == flows.shape[1] > 0
        if not square or flows.shape != distances.shape:
            raise ValueError(
                "flows and distances must be square and of one size, got shapes "
                f"{flows.shape} and {distances.shape}"
            )
        if float(abs(flows).max()) * float(abs(distances).max()) * flows.size > 2.0**50:
            raise ValueError("products of entries must add up to less than 2^50; scale them")
        object.__setattr__(self, "flows", flows)
        object.__setattr__(self, "distances", distances)

    @property
    def _flows(self) -> Ints:
        return self.flows  # type: ignore[return-value]

    @property
    def _distances(self) -> Ints:
        return self.distances  # type: ignore[return-value]

    @property
    def labels(self) -> range:
        """The facilities."""
        return range(len(self._flows))

    @property
    def size(self) -> tuple[int, int]:
        """Every flow times every distance, and rows and columns."""
        n = len(self._flows)
        off = int(np.count_nonzero(self._flows)) * n * (n - 1)
        return n * n, min(off, n**4) + n * n * (n - 1)

    @cached_property
    def _shifted(self) -> tuple[Ints, Ints, Ints, int]:
        """F' and D' with empty diagonals, L, and the offset of the cost."""
        n = len(self._flows)
        linear = np.outer(np.diag(self._flows), np.diag(self._distances))
        constant = n * int(linear.min())
        f, d = self._flows.copy(), self._distances.copy()
        low_f, low_d = (int(_off_diagonal(matrix).min(initial=0)) for matrix in (f, d))
        # F D = F'D' + low_f D + low_d F - low_f low_d, summed over the pairs of different ones.
        pairs = n * (n - 1)
        constant += low_f * int(_off_diagonal(d).sum()) + low_d * int(_off_diagonal(f).sum())
        constant -= low_f * low_d * pairs
        f, d = f - low_f, d - low_d
        np.fill_diagonal(f, 0)
        np.fill_diagonal(d, 0)
        return f, d, linear - linear.min(), constant

    @cached_property
    def penalty(self) -> float:
        """A."""
        f, d, linear, _ = self._shifted
        out = np.sort(f, axis=1) @ np.sort(d, axis=1).T
        back = np.sort(f, axis=0).T @ np.sort(d, axis=0)
        return (float((out + back + linear).max()) + 1.0) / 2.0

    @property
    def beta_range(self) -> tuple[float, float]:
        """Where facilities come and go, and where they hardly do."""
        return 0.2 / self.penalty, 6.0 / self.penalty

    @cached_property
    def model(self) -> IsingModel:
        """Ising model of bits ``x_ip`` at ``i n + p``."""
        f, d, linear, constant = self._shifted
        n = len(f)
        bits = np.arange(n * n).reshape(n, n)
        total = BitSum(n * n)
        total.offset = float(constant)
        total.add(bits, bits, linear)
        from_place, to_place = np.nonzero(d)
        lengths = d[from_place, to_place]
        for i, j in np.argwhere(f).tolist():
            total.add(bits[i, from_place], bits[j, to_place], int(f[i, j]) * lengths)
        for row in (*bits, *bits.T):
            total.add_square(row, np.ones(n), -1.0, weight=self.penalty)
        return total.model()

    @cached_property
    def digits(self) -> Digits:
        """A permutation whose energy is the cost."""
        model = AssignmentModel(self._flows, self._distances, labels=self.labels)
        return Digits(model, lambda values: np.array(values, np.int64), model.check)

    def decode(self, spins: SpinArray) -> Answer:
        """Place of each facility, repaired."""
        n = len(self._flows)
        x = np.asarray(spins).reshape(n, n) > 0
        # Rows and columns with two lose bits that are in the way twice first: no square rises.
        while True:
            rows, cols = x.sum(axis=1), x.sum(axis=0)
            extra = np.maximum(rows - 1, 0)[:, None] + np.maximum(cols - 1, 0)[None, :]
            crowded = np.where(x, extra + ((rows > 1)[:, None] & (cols > 1)[None, :]) * n * n, 0)
            if not crowded.any():
                break
            x[np.unravel_index(int(crowded.argmax()), x.shape)] = False
        places = np.where(x.any(axis=1), x.argmax(axis=1), -1)
        free = sorted(set(range(n)) - set(places.tolist()))
        for i in np.flatnonzero(places < 0).tolist():
            costs = [self._added(places, i, place) for place in free]
            places[i] = free.pop(costs.index(min(costs)))
        return places.astype(np.int64)

    def _added(self, places: Ints, i: int, place: int) -> int:
        """Cost of facility i at a place, next to those that have one."""
        f, d, linear, _ = self._shifted
        put = np.flatnonzero(places >= 0)
        there = places[put]
        return int(linear[i, place] + f[i, put] @ d[place, there] + f[put, i] @ d[there, place])

    def answer(self, values: npt.ArrayLike) -> Answer:
        """The values, if each is a place."""
        n = len(self._flows)
        return whole_between(values, n, low=0, high=n - 1)

    def encode(self, answer: npt.ArrayLike) -> SpinArray:
        """One spin up a facility."""
        n = len(self._flows)
        spins = np.full((n, n), -1, dtype=np.int8)
        spins[np.arange(n), self.answer(answer)] = 1
        return spins.ravel()

    def violated(self, answer: Answer) -> list[str]:
        """Places that two facilities have."""
        counts = np.bincount(answer, minlength=len(self._flows))
        twice = np.flatnonzero(counts > 1).tolist()
        return [f"places with more than one facility: {listed(twice)}"] if twice else []

    def objective(self, answer: Answer) -> float:
        """Flows times distances, added up."""
        places = np.asarray(answer)
        return float((self._flows * self._distances[np.ix_(places, places)]).sum())

    def energy_of(self, objective: float) -> float:
        """The cost is the energy."""
        return objective

    def written(self, answer: Answer | None) -> list[str]:
        """Places counted from 1, as QAPLIB does."""
        if answer is None:
            return []
        return ["places " + " ".join(str(place + 1) for place in np.asarray(answer).tolist())]


def _off_diagonal(matrix: Ints) -> Ints:
    return matrix[~np.eye(len(matrix), dtype=bool)]


def _assignment(contents: AssignmentContents, meaning: Meaning) -> QuadraticAssignment:
    return QuadraticAssignment(contents.flows, contents.distances)


PROBLEM = ProblemKind(
    name="quadratic-assignment",
    of=("quadratic-assignment",),
    make=told_by_file(_assignment),
    rank=160,
)
