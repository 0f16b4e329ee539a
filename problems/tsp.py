"""The travelling salesman: the shortest tour through all cities."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from pbit.by_value import ByValue
from pbit.checks import ArgumentError
from pbit.models.digits.tour import TourModel
from pbit.models.ising import IsingModel
from pbit.models.labels import FloatArray, SpinArray
from pbit.problems.core.base import BaseProblem, listed, whole_between
from pbit.problems.core.digits import Digits
from pbit.problems.core.problem import Answer
from pbit.problems.core.problem_kind import Meaning, ProblemKind
from pbit.problems.parts.tours import assignment, reduced, short_tour, tour_length

if TYPE_CHECKING:
    from pbit.formats.contents import DistanceContents


@dataclass(frozen=True, eq=False)
class TravellingSalesman(ByValue, BaseProblem):
    r"""Shortest closed tour; an answer is the position of each city in it, 0 to n - 1.

    City 0 stands at position 0, which leaves (n - 1)^2 p-bits, ``x_ip`` for city i at position p:
    ``E(x) = length(x) + A sum_i (1 - sum_p x_ip)^2 + A sum_p (1 - sum_i x_ip)^2``. Distances may
    differ by direction.

    Tours keep their order of length if ``u_i + v_j`` is taken from every distance, which is done
    so that all are >= 0 and the sum of u and v is largest. Let M then be the largest sum of a way
    into a city and a way out of it, and T the length of any tour
    (:mod:`pbit.problems.parts.tours`). ``2 A > min(M, T)``, by 1 for whole numbers and 1 % of the
    largest distance else, makes all ground states tours. Proof: from any state take out ups that
    share their city or position with another until none do. Each such step changes the penalty by 0
    or less, and length >= 0 goes; it is strictly less if what is left is a tour. If k > 0 cities
    are missing now, the energy is at least 2 A k > T; and a missing city put into a free position
    costs at most M and gains 2 A.

    A state is repaired in this way, ups and places chosen by two assignment problems. With
    2 A > T a state of less energy than the tour T holds a tour of no more energy than its own.

    Parameters
    ----------
    distances : float64 array, shape (n, n)
        Way from the city of the row to that of the column; the diagonal is not looked at.
    labels : sequence of n hashables

    Raises
    ------
    ValueError
        A matrix that is not square, fewer than 2 cities, NaN or infinity, or labels of another
        number.

    References
    ----------
    Hopfield and Tank, Biol. Cybern. 52, 141 (1985); Lucas, Front. Physics 2, 5 (2014), section 7.

    Examples
    --------
    >>> line = np.abs(np.subtract.outer([0.0, 2.0, 1.0], [0.0, 2.0, 1.0]))
    >>> problem = TravellingSalesman(line, ("a", "b", "c"))
    >>> problem.objective(problem.decode(np.array([1, -1, -1, -1]))), problem.model.num_spins
    (4.0, 4)
    """

    distances: FloatArray
    labels: Sequence[Hashable]

    name = "tsp"
    objective_name = "length"

    def __post_init__(self) -> None:
        shape = np.shape(self.distances)
        n = len(self.labels)
        if shape != (n, n) or n < 2:
            raise ArgumentError(
                "distances",
                "must be a square matrix of 2 or more cities, one a label",
                got=f"shape {shape} and {n} labels",
            )
        if not np.isfinite(np.asarray(self.distances)[~np.eye(n, dtype=bool)]).all():
            raise ArgumentError(
                "distances", "must be finite", got="NaN or infinity", remedy="leave no pair out"
            )

    @property
    def size(self) -> tuple[int, int]:
        """(n - 1)^2 p-bits, each coupled with its own city, its position and the two next to it."""
        free = len(self.labels) - 1
        return free**2, 2 * free**2 * (free - 1)

    @cached_property
    def model(self) -> IsingModel:
        """Four times the energy, all of whose weights are whole where distances are."""
        free = len(self.labels) - 1
        bits = np.arange(free * free).reshape(free, free)  # city - 1, position - 1
        between, constant = self._reduced
        low, high = np.triu_indices(free, 1)
        first, second = np.nonzero(~np.eye(free, dtype=bool))
        rows = [bits[:, low], bits[low], bits[first, :-1]]
        cols = [bits[:, high], bits[high], bits[second, 1:]]
        ways = np.repeat(between[first + 1, second + 1], max(0, free - 1))
        pairs = rows[0].size + rows[1].size
        weights = np.concatenate([np.full(pairs, 2.0 * self.penalty), ways])
        flat = [np.concatenate([part.ravel() for part in ends]) for ends in (rows, cols)]
        linear = np.full((free, free), -2.0 * self.penalty)
        linear[:, 0] += between[0, 1:]
        linear[:, -1] += between[1:, 0]
        # w x x' = w (1 + s + s' + s s') / 4 and l x = l (1 + s) / 2, all times 4.
        sums = sum(np.bincount(ends, weights, minlength=free * free) for ends in flat)
        offset = 4.0 * (2 * free * self.penalty + constant) + weights.sum() + 2.0 * linear.sum()
        return IsingModel.from_edges(
            flat[0],
            flat[1],
            -weights,
            h=-(sums + 2.0 * linear.ravel()),
            num_spins=free * free,
            offset=float(offset),
            labels=[(city, p) for city in self.labels[1:] for p in range(1, free + 1)],
        )

    @cached_property
    def penalty(self) -> float:
        """The weight A."""
        ways, constant = self._reduced
        into_and_out = float((ways.max(axis=0) + ways.max(axis=1))[1:].max())
        known = tour_length(self.distances, short_tour(self.distances)) - constant
        whole = bool((ways == np.round(ways)).all())
        more = 1.0 if whole else 0.01 * float(ways.max()) or 1.0
        return (max(0.0, min(into_and_out, known)) + more) / 2.0

    @cached_property
    def digits(self) -> Digits:
        """The order of the cities, of four times its length."""
        model = TourModel(4.0 * self.distances, labels=self.labels)
        return Digits(model, np.argsort, lambda answer: np.argsort(answer).astype(np.int16))

    @property
    def beta_range(self) -> tuple[float, float]:
        """Where cities come and go, and where they hardly do."""
        return 0.4 / self.penalty, 3.0 / self.penalty

    def energy_of(self, objective: float) -> float:
        """Energy 4 a unit of length."""
        return 4.0 * objective

    def objective(self, answer: Answer) -> float:
        """Length of the closed tour."""
        return tour_length(self.distances, np.argsort(answer))

    def answer(self, values: npt.ArrayLike) -> Answer:
        """A position for each city."""
        n = len(self.labels)
        return whole_between(values, n, low=0, high=n - 1)

    def encode(self, answer: npt.ArrayLike) -> SpinArray:
        """One p-bit up for each city but the first, which is turned to position 0."""
        positions = self.answer(answer)
        n = positions.size
        turned = (positions[1:] - positions[0]) % n
        return np.where(turned[:, None] == np.arange(1, n), 1, -1).astype(np.int8).ravel()

    def decode(self, spins: SpinArray) -> Answer:
        """Positions of the cities: those that are up, and the missing ones where they fit best."""
        free = len(self.labels) - 1
        up = np.asarray(spins).reshape(free, free) > 0
        answer = np.full(free + 1, -1, dtype=np.int64)
        answer[0] = 0
        cities, positions = assignment(~up)
        kept = up[cities, positions]
        answer[cities[kept] + 1] = positions[kept] + 1
        self._place_missing(answer)
        return answer

    def violated(self, answer: Answer) -> list[str]:
        """Positions that are not taken once."""
        counts = np.bincount(answer, minlength=answer.size)
        lines = []
        for bad, what in ((counts > 1, "several cities"), (counts == 0, "no city")):
            positions = np.flatnonzero(bad).tolist()
            if positions:
                lines.append(f"positions with {what}: {listed(positions)}")
        return lines

    def written(self, answer: Answer | None) -> list[str]:
        """The cities in the order of the tour, from the first."""
        if answer is None:
            return []
        order = np.argsort((answer - answer[0]) % answer.size)
        return ["tour " + " ".join(str(self.labels[k]) for k in order.tolist())]

    @cached_property
    def _reduced(self) -> tuple[FloatArray, float]:
        """Distances >= 0 that order tours alike, 0 on the diagonal, and what tours are longer."""
        return reduced(self.distances)

    def _place_missing(self, answer: Answer) -> None:
        """Fill the gaps, each city priced by the neighbours that its gap has already."""
        missing = np.flatnonzero(answer < 0)
        if not missing.size:
            return
        between, _ = self._reduced
        n = answer.size
        city_at = np.full(n, -1)
        city_at[answer[answer >= 0]] = np.flatnonzero(answer >= 0)
        gaps = np.flatnonzero(city_at < 0)
        before, after = city_at[gaps - 1], city_at[(gaps + 1) % n]
        costs = np.where(before < 0, 0.0, between[before][:, missing].T)
        costs = costs + np.where(after < 0, 0.0, between[missing][:, after])
        rows, cols = assignment(costs)
        answer[missing[rows]] = gaps[cols]


def _tsp(contents: DistanceContents, meaning: Meaning) -> TravellingSalesman:
    return TravellingSalesman(contents.values, contents.labels)


PROBLEM = ProblemKind(name="tsp", of=("tsp",), make=_tsp, rank=100)
