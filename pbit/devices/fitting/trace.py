r"""Mean dwell times from a raw trace: a resistance or a voltage, looked at at regular times.

Two levels, a threshold with hysteresis around their middle, states. A telegraph with rates
:math:`w_\pm` that is looked at every T is a Markov chain that leaves P with the probability
:math:`a = (1 - e^{-wT}) w_P / w` and AP with b likewise, :math:`w = w_P + w_{AP}`: dwells shorter
than T are missed, and the mean of those that are seen is too long by about :math:`w T / 2`. Counted
exits give a and b, hence :math:`w_P = -\ln(1 - a - b) / T \; a / (a + b)`, which takes that back
exactly; the first and the last dwell, of which an end is not seen, count by what is seen of them.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from pbit.checks import ArgumentError, flag, floats, real
from pbit.devices.mtj import FloatArray

_FEWEST_SAMPLES = 8
_LEAST_APART = 8.0  # standard deviations of the noise between the levels
_HYSTERESIS = 1 / 6  # of what lies between the levels, on either side of their middle
_ROUNDS = 100
_TO_SIGMA = 1.4826  # of a median of absolute deviations


class TraceDwells(NamedTuple):
    """Mean dwell times with relative standard errors, and what they were read by.

    Parameters
    ----------
    dwell_P_s, dwell_AP_s : float
        Dwells that are too short to be seen are accounted for.
    error_P, error_AP : float
        Of their logarithms.
    num_dwells : float
        Dwells that would tell them as well: for :func:`pbit.devices.fitting.fit.fit_junction`.
    exits_P, exits_AP : int
        Switches that were seen.
    bias : float
        Of the plain mean of the dwells, that samples miss the short ones: ``w T / 2``, about.
    level_P, level_AP : float
        Means of the signal in the two states.
    noise : float
        Standard deviation around them.
    """

    dwell_P_s: float
    dwell_AP_s: float
    error_P: float
    error_AP: float
    num_dwells: float
    exits_P: int
    exits_AP: int
    bias: float
    level_P: float
    level_AP: float
    noise: float


def dwells_of_trace(
    signal: npt.ArrayLike, *, step_s: float, P_is_high: bool = False
) -> TraceDwells:
    """Mean dwell times in P and in AP of one trace at one current.

    Parameters
    ----------
    signal : float64, shape (m,)
        Resistance, or voltage at that current, every ``step_s``.
    step_s : float
        Between two samples.
    P_is_high : bool
        P is the level of low resistance; True where it is the higher one, as of a divider.

    Returns
    -------
    TraceDwells

    Raises
    ------
    TypeError, ValueError
        Too few samples, levels that the noise hides, states that are not both left, samples too
        far apart to tell the rates.

    Examples
    --------
    >>> trace = [5.0, 5.0, 5.0, 10.0, 10.0, 5.0, 5.0, 5.0, 5.0, 5.0, 10.0, 5.0, 5.0, 5.0, 5.0, 5.0]
    >>> found = dwells_of_trace(trace, step_s=1e-6)
    >>> found.exits_P, found.exits_AP, found.level_P, found.level_AP
    (2, 2, 5.0, 10.0)
    >>> f"{found.dwell_P_s:.3g} s, {found.dwell_AP_s:.3g} s"
    '2.79e-06 s, 6.98e-07 s'
    """
    values = floats("signal", signal)
    step = real("step_s", step_s)
    if values.ndim != 1 or values.size < _FEWEST_SAMPLES or not np.isfinite(values).all():
        raise ArgumentError(
            "signal", f"must be at least {_FEWEST_SAMPLES} finite numbers", got=f"{values.shape}"
        )
    if not 0 < step < math.inf:
        raise ArgumentError("step_s", "must be > 0 s", step_s)
    high, levels, noise = _states(values)
    in_P = high if flag("P_is_high", P_is_high) else ~high
    low_high = levels[::-1] if P_is_high else levels
    return _told(in_P, step, (*low_high, noise))


def _states(values: FloatArray) -> tuple[npt.NDArray[np.bool_], tuple[float, float], float]:
    """Which samples are in the higher state, both levels, and the noise."""
    low, high = _levels(values)
    middle, reach = (low + high) / 2, (high - low) * _HYSTERESIS
    # +1 above, -1 below, in between what came before; the first by its side of the middle.
    clear = (values > middle + reach).astype(np.int8) - (values < middle - reach)
    clear[0] = 1 if values[0] > middle else -1
    last = np.maximum.accumulate(np.where(clear != 0, np.arange(values.size), 0))
    is_high = clear[last] > 0
    off = np.where(is_high, values - high, values - low)
    noise = _TO_SIGMA * float(np.median(np.abs(off)))
    if not high - low > _LEAST_APART * noise:
        raise ArgumentError(
            "signal",
            f"must have two levels {_LEAST_APART:g} standard deviations of the noise apart",
            got=f"levels {low:.4g} and {high:.4g}, noise {noise:.2g}",
            remedy="low-pass or average it first, well below the dwell times",
        )
    return is_high, (low, high), noise


def _levels(values: FloatArray) -> tuple[float, float]:
    """Means of the two groups that the middle between them divides."""
    low, high = float(values.min()), float(values.max())
    for _ in range(_ROUNDS):
        above = values > (low + high) / 2
        if above.all() or not above.any():
            break
        before, (low, high) = (
            (low, high),
            (float(values[~above].mean()), float(values[above].mean())),
        )
        if before == (low, high):
            break
    return low, high


def _told(
    in_P: npt.NDArray[np.bool_], step: float, signal: tuple[float, float, float]
) -> TraceDwells:
    leaves = in_P[:-1] != in_P[1:]
    from_P = in_P[:-1]
    looks = np.array([np.count_nonzero(from_P), np.count_nonzero(~from_P)])
    exits = np.array([np.count_nonzero(leaves & from_P), np.count_nonzero(leaves & ~from_P)])
    if not exits.all():
        raise ArgumentError(
            "signal",
            "must leave both states",
            got=f"{exits[0]} exits from P, {exits[1]} from AP",
            remedy="measure for longer",
        )
    p = exits / looks
    total = float(p.sum())
    if not total < 1:
        raise ArgumentError(
            "step_s",
            "must be well below the dwell times",
            got=f"{step:g} s, after which {100 * total / 2:.0f} % of the states have changed",
            remedy="sample faster",
        )
    rate = -math.log1p(-total) / step
    dwells = total / (rate * p)
    errors = _errors(p, looks)
    return TraceDwells(
        dwell_P_s=float(dwells[0]),
        dwell_AP_s=float(dwells[1]),
        error_P=float(errors[0]),
        error_AP=float(errors[1]),
        num_dwells=float((1 / errors**2).min()),
        exits_P=int(exits[0]),
        exits_AP=int(exits[1]),
        bias=rate * step / 2,
        level_P=signal[0],
        level_AP=signal[1],
        noise=signal[2],
    )


def _errors(p: FloatArray, looks: npt.NDArray[np.int_]) -> FloatArray:
    """Of the logarithms of both dwell times, to first order in those of the probabilities."""
    total = float(p.sum())
    both = 1 / total - 1 / ((1 - total) * -math.log1p(-total))
    slopes = np.full((2, 2), both) - np.diag(1 / p)
    return np.asarray(np.sqrt((slopes**2 * (p * (1 - p) / looks)).sum(axis=1)))
