"""Results of several seeds put together: mean, spread, interval, and whether bounds hold."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.stats import t

from pbit.checks import ArgumentError
from pbit.published.experiment import Bound, Experiment, Measured

_CONFIDENCE = 0.95


@dataclass(frozen=True)
class Summary:
    """Of the runs of one experiment.

    Parameters
    ----------
    measured, baseline : float
        Means over seeds.
    spread : float or None
        Standard deviation over seeds, None for one seed.
    half_width : float or None
        Half the 95 % interval of the mean by Student's t, None for one seed.
    missed : tuple of Bound
        Bounds that do not hold.
    note : str
        Of the last run.
    """

    measured: float
    baseline: float
    spread: float | None
    half_width: float | None
    missed: tuple[Bound, ...]
    note: str


def summary_of(experiment: Experiment, results: Sequence[Measured]) -> Summary:
    """The results of an experiment, one a seed, put together.

    Raises
    ------
    ValueError
        No results.

    Examples
    --------
    >>> from pbit.published import experiments
    >>> runs = [Measured(value=value, baseline=1.0) for value in (0.8, 0.9, 1.0)]
    >>> told = summary_of(experiments()["jarollahi-2014"], runs)
    >>> round(told.measured, 3), round(told.spread, 3), round(told.half_width, 3)
    (0.9, 0.1, 0.248)
    """
    if not results:
        raise ArgumentError("results", "must be those of at least one seed", got="none")
    values = np.array([each.value for each in results])
    spread = half = None
    if len(values) > 1:
        spread = float(values.std(ddof=1))
        quantile = float(t.ppf((1 + _CONFIDENCE) / 2, len(values) - 1))
        half = quantile * spread / math.sqrt(len(values))
    return Summary(
        measured=float(values.mean()),
        baseline=float(np.mean([each.baseline for each in results])),
        spread=spread,
        half_width=half,
        missed=tuple(each for each in experiment.bounds if not each.holds(_values(each, results))),
        note=results[-1].note,
    )


def _values(bound: Bound, results: Sequence[Measured]) -> list[float]:
    if bound.of == "value":
        return [each.value for each in results]
    return [each.details[bound.of] for each in results]
