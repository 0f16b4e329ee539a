"""Performance profiles: how often each solver is within a factor of the best one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from pbit.by_value import ByValue
from pbit.checks import ArgumentError
from pbit.statistics.estimate import FloatArray


@dataclass(frozen=True, eq=False)
class PerformanceProfile(ByValue):
    """Ratio of each solver's time to the best time on each instance.

    Parameters
    ----------
    solvers : tuple of str
    ratios : float64, shape (solvers, instances)
        1 for the best; infinite where not solved, for all where nobody solved.
    """

    solvers: tuple[str, ...]
    ratios: FloatArray

    def at(self, factor: npt.ArrayLike) -> FloatArray:
        """Part of the instances on which each solver is within this factor of the best.

        Returns
        -------
        float64, shape (solvers,) or (solvers, factors)
        """
        limits = np.asarray(factor, dtype=np.float64)
        within = self.ratios[:, :, None] <= limits.reshape(-1)
        return np.asarray(within.mean(axis=1).reshape(len(self.solvers), *limits.shape))


def performance_profile(times: Mapping[str, npt.ArrayLike]) -> PerformanceProfile:
    r"""Performance profile of solvers over instances.

    :math:`\rho_s(\tau)` is the part of the instances on which solver s takes at most
    :math:`\tau` times as long as the quickest. At 1 it is how often it is the quickest, far out
    how often it solves. With more than two solvers, a profile does not rank the losers: who
    is left out changes the ratios (Gould, Scott, ACM Trans. Math. Softw. 43, 15 (2016)).

    Parameters
    ----------
    times : mapping of str to float, shape (instances,)
        > 0, infinite where not solved.

    Returns
    -------
    PerformanceProfile

    Raises
    ------
    ValueError
        No solvers, unequal lengths, times that are not > 0.

    References
    ----------
    Dolan, Moré, Math. Program. 91, 201 (2002).

    Examples
    --------
    >>> profile = performance_profile({"a": [1.0, 2.0, np.inf], "b": [2.0, 1.0, np.inf]})
    >>> profile.at([1, 2]).round(3).tolist()
    [[0.333, 0.667], [0.333, 0.667]]
    """
    rows = [np.asarray(each, dtype=np.float64) for each in times.values()]
    if not rows or rows[0].ndim != 1 or not rows[0].size:
        raise ArgumentError(
            "times", "must have a list of one instance or more for each solver", got="none"
        )
    if any(row.shape != rows[0].shape for row in rows):
        lengths = ", ".join(str(row.size) for row in rows)
        raise ArgumentError("times", "must have the same instances for each solver", lengths)
    table = np.stack(rows)
    if not (table > 0).all():
        raise ArgumentError("times", "must be > 0 or infinite where not solved", got="others")
    best = table.min(axis=0)
    solved = np.isfinite(best)
    ratios = np.full(table.shape, np.inf)
    ratios[:, solved] = table[:, solved] / best[solved]
    return PerformanceProfile(tuple(times), ratios)
