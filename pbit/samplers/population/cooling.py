"""How populations are cooled: their steps, and how many members there are."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from pbit.by_value import ByValue
from pbit.checks import ArgumentError, integer, real
from pbit.models.labels import FloatArray
from pbit.schedules.schedule import Schedule

_MOST_MEMBERS = 2**31


@dataclass(frozen=True, eq=False)
class Cooling(ByValue):
    """How the populations are cooled from beta = 0.

    Parameters
    ----------
    betas : float64, shape (K,), or None
        Inverse temperatures, not falling; None: steps that cull ``culling_fraction`` of the
        members, up to ``last``.
    last : float
        The last beta.
    sweeps : int
        Sweeps at each beta.
    decorrelation : float or None
        Sweep on until energies correlate less than this with those before; None: once.
    kind : str
        Where the betas are from, as ``info["beta_schedule_type"]`` says it.
    """

    betas: FloatArray | None
    last: float
    culling_fraction: float
    sweeps: int
    decorrelation: float | None = None
    kind: str = "adaptive"


class Counts(NamedTuple):
    """M populations of R members; ``first_read`` is the number of the first member."""

    populations: int
    size: int
    first_read: int

    @property
    def total(self) -> int:
        """Members of all populations."""
        return self.populations * self.size


def counts_of(population_size: int, num_populations: int, first_read: int) -> Counts:
    """The numbers asked for; ``first_read`` is that of a population.

    Raises
    ------
    TypeError, ValueError
        No integers, or more members than there are numbers.
    """
    populations = integer("num_populations", num_populations, 1)
    size = integer("population_size", population_size, 1)
    integer("population_size * num_populations", populations * size, 1, _MOST_MEMBERS)
    first = integer("first_read", first_read, 0, _MOST_MEMBERS // size - populations)
    return Counts(populations, size, size * first)


def cooling_of(
    schedule: Schedule | None,
    *,
    beta: float | None,
    culling_fraction: float,
    sweeps_per_beta: int,
    decorrelation: float | None,
    coldest: Callable[[], float],
) -> Cooling:
    """The steps asked for; ``coldest`` finds the last beta where none is given.

    Raises
    ------
    TypeError, ValueError
        An argument of the wrong type or out of range.
    """
    sweeps = integer("sweeps_per_beta", sweeps_per_beta, 1)
    for name, value in (("culling_fraction", culling_fraction), ("decorrelation", decorrelation)):
        unset = name == "decorrelation" and value is None
        if not unset and not 0 < real(name, value) < 1:
            raise ArgumentError(name, "must be > 0 and < 1", value)
    if schedule is None:
        last = coldest() if beta is None else real("beta", beta)
        if not 0 <= last < np.inf:
            raise ArgumentError("beta", "must be >= 0 and finite", beta)
        return Cooling(None, last, culling_fraction, sweeps, decorrelation)
    if beta is not None:
        raise ArgumentError("beta", "must be left out with a schedule, which has its own", beta)
    betas = _checked(schedule)
    last = float(betas[-1]) if betas.size else 0.0
    return Cooling(
        betas, last, culling_fraction, schedule.sweeps_per_beta, decorrelation, schedule.kind
    )


def _checked(schedule: Schedule) -> FloatArray:
    columns = schedule.columns
    if columns.shape[1] != 1:
        raise ArgumentError(
            "schedule", "must have one column of betas for a population", columns.shape[1]
        )
    betas = columns[:, 0]
    if not np.all(np.isfinite(betas)):
        raise ArgumentError(
            "schedule", "must have finite betas for a population", got="infinity: it has no weights"
        )
    if np.any(np.diff(betas) < 0):
        raise ArgumentError(
            "schedule",
            "must not fall for a population, which is cooled from beta = 0",
            remedy="sort the betas",
        )
    return betas
