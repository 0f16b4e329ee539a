"""The model of a tour: an order of cities, and the distances from each to the next."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from pbit.by_value import ByValue
from pbit.checks import ArgumentError
from pbit.models.digits.checks import checked_names
from pbit.models.digits.permutations import PermutationModel, checked_matrix, checked_offset
from pbit.models.labels import FloatArray, Labels
from pbit.models.numbers import as_floats, check_energies


@dataclass(frozen=True, eq=False)
class TourModel(ByValue, PermutationModel):
    r"""Length of a closed tour through n cities; value k of a state is the city visited k-th.

    .. math:: E(o) = \sum_k D_{o_k o_{k+1}} + \mathrm{offset}, \qquad o_n = o_0

    Where a tour begins makes no difference, nor does its direction if distances are symmetric: of
    the n! orders, n beginnings and two ways are one tour.

    Parameters
    ----------
    distances : float array, shape (n, n)
        From the city of the row to that of the column; the diagonal is not looked at.
    offset : float
        Constant added to every energy.
    labels : sequence of n distinct hashables, optional
        Names of the cities; ``range(n)`` by default.

    Raises
    ------
    ValueError
        A matrix that is not square or has fewer than 2 rows, NaN or infinity, names that repeat.

    Examples
    --------
    >>> line = TourModel([[0, 1, 2], [1, 0, 1], [2, 1, 0]])
    >>> line.energy([0, 2, 1]).item(), line.is_symmetric
    (4.0, True)
    """

    distances: npt.ArrayLike
    offset: float = 0.0
    labels: Labels = ()

    def __post_init__(self) -> None:
        distances = as_floats("distances", self.distances)
        if distances.ndim == 2:
            np.fill_diagonal(distances, 0.0)
        checked_matrix("distances", distances)
        if len(distances) < 2:
            raise ArgumentError("distances", "must have 2 or more rows", len(distances))
        set_ = object.__setattr__
        set_(self, "distances", distances)
        set_(self, "offset", checked_offset(self.offset))
        set_(self, "labels", checked_names(self.labels, len(distances)))
        check_energies(np.array([self.size, self.offset]))

    @property
    def num_digits(self) -> int:
        """Number of cities n."""
        return len(self.matrix)

    @property
    def matrix(self) -> FloatArray:
        """D, with a diagonal of zeros."""
        return self.distances  # type: ignore[return-value]

    @cached_property
    def is_symmetric(self) -> bool:
        """Whether all ways are as long in both directions."""
        return bool((self.matrix == self.matrix.T).all())

    @cached_property
    def size(self) -> float:
        """What no absolute energy is above, the offset apart."""
        with np.errstate(over="ignore"):
            return float(np.abs(self.matrix).max(axis=1).sum())

    def energy(self, values: npt.ArrayLike) -> FloatArray:
        """Length of each tour, and the offset.

        Parameters
        ----------
        values : int array, shape (..., n)
            Cities in the order in which they are visited.

        Returns
        -------
        float64, shape (...)

        Raises
        ------
        TypeError, ValueError
            No integers, another last axis, or no permutations.
        """
        order = self.check(values).astype(np.int64)
        lengths: FloatArray = self.matrix[order, np.roll(order, -1, axis=-1)].sum(axis=-1)
        return np.asarray(lengths + self.offset)
