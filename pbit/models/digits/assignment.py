"""The model of an assignment: flows between digits, distances between their values."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from pbit.by_value import ByValue
from pbit.models.digits.checks import checked_names
from pbit.models.digits.permutations import PermutationModel, checked_matrix, checked_offset
from pbit.models.labels import FloatArray, Labels
from pbit.models.numbers import check_energies

_BLOCK = 2**22  # pairs that are added at a time


@dataclass(frozen=True, eq=False)
class AssignmentModel(ByValue, PermutationModel):
    r"""Energy of n digits that share the values 0 to n - 1, each of which has one of them.

    .. math:: E(p) = \sum_{ij} F_{ij} D_{p_i p_j} + \sum_i L_{i p_i} + \mathrm{offset}

    over all ordered pairs, the diagonal too; lower is better. Samplers keep to permutations: they
    exchange the values of two digits.

    Parameters
    ----------
    flows, distances : float array, shape (n, n)
        F between digits, D between values; symmetric or not, of any signs.
    linear : float array, shape (n, n), optional
        L, what it costs that the digit of the row has the value of the column.
    offset : float
        Constant added to every energy.
    labels : sequence of n distinct hashables, optional
        Names of the digits; ``range(n)`` by default.

    Raises
    ------
    ValueError
        Matrices that are not square or of different sizes, NaN or infinity, products whose sum is
        infinite, names that repeat.

    References
    ----------
    Koopmans, Beckmann, Econometrica 25, 53 (1957).

    Examples
    --------
    >>> plan = AssignmentModel([[0, 5], [1, 0]], [[0, 2], [3, 0]])
    >>> plan.energy([[0, 1], [1, 0]]).tolist()
    [13.0, 17.0]
    """

    flows: npt.ArrayLike
    distances: npt.ArrayLike
    linear: npt.ArrayLike | None = None
    offset: float = 0.0
    labels: Labels = ()

    def __post_init__(self) -> None:
        flows = checked_matrix("flows", self.flows)
        n = len(flows)
        distances = checked_matrix("distances", self.distances, n)
        linear = np.zeros((n, n)) if self.linear is None else self.linear
        set_ = object.__setattr__
        set_(self, "flows", flows)
        set_(self, "distances", distances)
        set_(self, "linear", checked_matrix("linear", linear, n))
        set_(self, "offset", checked_offset(self.offset))
        set_(self, "labels", checked_names(self.labels, n))
        check_energies(np.array([self.size, self.offset]))

    @property
    def num_digits(self) -> int:
        """Number of digits n."""
        return len(self.matrices[0])

    @property
    def matrices(self) -> tuple[FloatArray, FloatArray, FloatArray]:
        """F, D and L."""
        return self.flows, self.distances, self.linear  # type: ignore[return-value]

    @cached_property
    def size(self) -> float:
        """What no absolute energy is above, the offset apart."""
        flows, distances, linear = (np.abs(matrix) for matrix in self.matrices)
        with np.errstate(over="ignore"):
            pairs = flows.sum() * distances.max(initial=0.0)
            return float(pairs + linear.max(axis=1, initial=0.0).sum())

    def energy(self, values: npt.ArrayLike) -> FloatArray:
        """Energy of each state.

        Parameters
        ----------
        values : int array, shape (..., n)
            Permutations of 0 to n - 1.

        Returns
        -------
        float64, shape (...)

        Raises
        ------
        TypeError, ValueError
            No integers, another last axis, or no permutations.
        """
        places = self.check(values)
        n = self.num_digits
        flat = places.reshape(int(np.prod(places.shape[:-1])), n).astype(np.int64)
        flows, distances, linear = self.matrices
        energies = np.empty(len(flat))
        step = max(1, _BLOCK // max(1, n * n))
        for first in range(0, len(flat), step):
            part = flat[first : first + step]
            between = distances[part[:, :, None], part[:, None, :]]
            pairs = (flows * between).sum(axis=(1, 2))
            energies[first : first + step] = pairs + linear[np.arange(n), part].sum(axis=1)
        return (energies + self.offset).reshape(places.shape[:-1])

    def swap_changes(self, values: npt.ArrayLike) -> FloatArray:
        """What it costs one state to swap the values of two digits, float64 (n, n).

        Raises
        ------
        TypeError, ValueError
            No permutation.

        Examples
        --------
        >>> plan = AssignmentModel([[0, 5], [1, 0]], [[0, 2], [3, 0]])
        >>> plan.swap_changes([0, 1]).tolist()
        [[0.0, 4.0], [4.0, 0.0]]
        """
        places = self.check(values).astype(np.int64)
        flows, distances, linear = self.matrices
        own = np.outer(np.diag(flows), np.diag(distances)) + linear
        flows = flows - np.diag(np.diag(flows))
        between = distances - np.diag(np.diag(distances))
        between = between[np.ix_(places, places)]
        paid = flows @ between.T + flows.T @ between + own[:, places]
        now = np.diag(paid)
        once = (flows + flows.T) * (between + between.T)
        return paid + paid.T - now[:, None] - now[None, :] + _off_diagonal(once)


def _off_diagonal(matrix: FloatArray) -> FloatArray:
    return matrix - np.diag(np.diag(matrix))
