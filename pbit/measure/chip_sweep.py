"""How far chips are from the exact law, and how often they succeed: one row a chip."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import combinations
from typing import Any

import numpy as np

from pbit.by_value import ByValue
from pbit.checks import integer
from pbit.exact import exact_boltzmann
from pbit.hardware.parameters import Hardware
from pbit.models.ising import IsingModel
from pbit.models.labels import FloatArray
from pbit.models.numbers import power_of_two
from pbit.run.control import Control, control_from
from pbit.samplers.anneal import anneal
from pbit.samplers.time_average import time_average
from pbit.schedules.schedule import Schedule
from pbit.statistics import wilson_interval

MAX_DISTANCE_SPINS = 12
GROUPS = 8
_SAME = 1e-9  # of the energy scale


@dataclass(frozen=True)
class Distance:
    """Total variation distance ``sum |p - q| / 2`` between a run and an exact law.

    Parameters
    ----------
    value : float
        As measured; never below what chance makes of it.
    error : float
        Standard error, from the spread of groups of reads (jackknife).
    floor : float
        What a perfect sampler with this spread would show on average.
    """

    value: float
    error: float
    floor: float


@dataclass(frozen=True)
class Success:
    """How many reads reached a target.

    Parameters
    ----------
    hits, num_reads : int
    low, high : float
        Wilson's 95 % interval of the probability.
    mean_energy, energy_error : float
        Over the reads; the standard error (NaN of a single read).
    """

    hits: int
    num_reads: int
    low: float
    high: float
    mean_energy: float
    energy_error: float

    @property
    def fraction(self) -> float:
        """Reads that reached the target, of all."""
        return self.hits / self.num_reads


@dataclass(frozen=True, eq=False)
class ChipReads(ByValue):
    """Energies of the reads of one chip, float64 of shape (num_reads,), and what the run told."""

    energies: FloatArray
    info: dict[str, Any] = field(default_factory=dict)


def sweep_distance(
    model: IsingModel,
    chips: Iterable[Hardware],
    beta: float,
    *,
    num_reads: int = 64,
    num_sweeps: int = 10_000,
    seed: int = 0,
    num_threads: int | None = None,
    control: Control | None = None,
) -> Iterator[Distance]:
    """Distance of each chip's time average from the Boltzmann law, one chip after the other.

    A fifth of the sweeps is burn-in. Reads are put into 8 groups: half the distance between two
    halves of the groups has the size of a perfect sampler's distance from its law, whatever the
    law; the mean over all halves is the floor.

    Parameters
    ----------
    model : IsingModel
        n <= 12.
    chips : iterable of Hardware
    beta : float
    num_reads : int
        8 or more; reads beyond a multiple of 8 are left out.
    num_sweeps : int
    seed, num_threads
        The same for every chip.
    control : Control, optional
        An interrupt ends the rows; the chip that was running has none.

    Raises
    ------
    TypeError, ValueError
        More than 12 spins, fewer than 8 reads, no sweeps.

    Examples
    --------
    >>> chain = IsingModel.from_edges([0, 1], [1, 2], [1.0, -1.0])
    >>> chips = [Hardware(), Hardware(delay_s=1e-9)]
    >>> fast, slow = sweep_distance(chain, chips, 1.0, num_sweeps=2000, seed=1)
    >>> fast.value < 0.01 < 0.1 < slow.value
    True
    """
    if model.num_spins > MAX_DISTANCE_SPINS:
        raise ValueError(
            f"the model must have at most {MAX_DISTANCE_SPINS} spins for a distance from its "
            f"exact law, got {model.num_spins}; count successes instead"
        )
    size = integer("num_reads", num_reads, GROUPS) // GROUPS
    integer("num_sweeps", num_sweeps, 1)
    control = control_from(control)
    exact = exact_boltzmann(model, beta)
    for chip in chips:
        try:
            run = time_average(
                model,
                beta,
                hardware=chip,
                num_sweeps=num_sweeps,
                burn_in=num_sweeps // 5,
                num_reads=size * GROUPS,
                seed=seed,
                num_threads=num_threads,
                control=control,
            )
        except ValueError:
            if control.interrupt is not None and control.interrupt():
                return  # before any read came to its end
            raise
        if run.info["stop_reason"] == "interrupted" or run.by_read is None:
            return
        yield distance_between(run.by_read.reshape(GROUPS, size, -1).mean(axis=1), exact)


def sweep_reads(
    model: Any,
    chips: Iterable[Hardware],
    schedule: Schedule,
    *,
    num_reads: int = 64,
    seed: int = 0,
    num_threads: int | None = None,
    control: Control | None = None,
) -> Iterator[ChipReads]:
    """Lowest energies of the reads of each chip, one chip after the other.

    Parameters
    ----------
    model : IsingModel
    chips : iterable of Hardware
    schedule : Schedule
    num_reads, seed, num_threads
        The same for every chip.
    control : Control, optional
        An interrupt ends the rows; the chip that was running has none.

    Examples
    --------
    >>> ring = IsingModel.from_edges([0, 1, 2], [1, 2, 0], [1.0, 1.0, 1.0])
    >>> (reads,) = sweep_reads(ring, [Hardware()], Schedule([2.0] * 50), num_reads=10, seed=1)
    >>> success_of(reads.energies, -3.0).hits
    10
    """
    for chip in chips:
        reads = anneal(
            model,
            schedule,
            num_reads=num_reads,
            seed=seed,
            best_seen=True,
            num_threads=num_threads,
            hardware=chip,
            control=control_from(control),
        )
        if reads.info["stop_reason"] == "interrupted":
            return
        yield ChipReads(reads.energies, reads.info)


def distance_between(laws: FloatArray, exact: FloatArray) -> Distance:
    """Distance of the mean of equally long, independent runs from an exact law.

    Parameters
    ----------
    laws : float64, shape (groups, 2**n)
        Each run's own; an even number of them.
    exact : float64, shape (2**n,)

    Examples
    --------
    >>> found = distance_between(np.array([[0.5, 0.5], [0.7, 0.3]]), np.array([0.5, 0.5]))
    >>> round(found.value, 3), round(found.floor, 3)
    (0.1, 0.1)
    """
    groups = len(laws)
    total = laws.sum(axis=0)
    value = _apart(total / groups, exact)
    halves = [laws[list(half)].sum(axis=0) for half in combinations(range(groups), groups // 2)]
    floor = np.mean([_apart(half, total - half) for half in halves]) / groups
    left_out = np.array([_apart((total - law) / (groups - 1), exact) for law in laws])
    error = np.sqrt((groups - 1) * left_out.var())
    return Distance(float(value), float(error), float(floor))


def success_of(energies: FloatArray, target: float) -> Success:
    """Reads that reached the target energy, to 1e-9 of its size.

    Examples
    --------
    >>> success_of(np.array([-3.0, -3.0, 1.0]), -3.0).hits
    2
    """
    hits = int(np.count_nonzero(energies <= target + _SAME * max(1.0, abs(target))))
    count = len(energies)
    low, high = wilson_interval(hits, count)
    unit = power_of_two(energies)
    spread = float((energies / unit).std(ddof=1)) * unit if count > 1 else np.nan
    return Success(hits, count, low, high, float(energies.mean()), spread / count**0.5)


def _apart(p: FloatArray, q: FloatArray) -> float:
    return float(np.abs(p - q).sum()) / 2
