"""Estimates from simulated telegraphs, each with the error bar of its independent reads."""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from pbit.devices.mtj import FloatArray


class Estimate(NamedTuple):
    """A value and its standard error, NaN where the reads do not tell."""

    value: float
    error: float


def mean_of_reads(values: npt.ArrayLike) -> Estimate:
    """Mean of one number a read, and its standard error.

    Examples
    --------
    >>> mean_of_reads([1.0, 2.0, 3.0, 2.0]).value
    2.0
    """
    x = np.asarray(values, dtype=np.float64)
    with np.errstate(over="ignore"):
        error = x.std(ddof=1) / math.sqrt(x.size) if x.size > 1 else math.nan
    return Estimate(float(x.mean()), float(error))


def correlation_time(states: npt.ArrayLike, *, step_s: float, lag: int, mean: float) -> Estimate:
    r"""Correlation time from the autocovariance at one lag, for a decay of one exponential.

    :math:`\tau_c = -t / \ln(c(t) / c(0))`, error by the jackknife over reads; best with a lag of
    about one :math:`\tau_c`. It does not take the rates for granted, only the exponential.

    Parameters
    ----------
    states : int8, shape (num_reads, num_steps)
    step_s : float
    lag : int
        In steps.
    mean : float
        Mean of the state that is taken off: the exact one where it is known, as an estimated one
        pulls the result down.

    Returns
    -------
    Estimate
        NaN where the correlation at that lag is not between 0 and 1; no error for a single read.

    Examples
    --------
    >>> from pbit.devices.mtj import Junction
    >>> from pbit.devices.telegraph import sampled
    >>> states = sampled(Junction(8.0), step_s=5e-7, num_steps=20_000, num_reads=8, seed=1)
    >>> estimate = correlation_time(states, step_s=5e-7, lag=3, mean=0.0)
    >>> bool(abs(estimate.value - 1.49e-6) < 5 * estimate.error)
    True
    """
    x = np.asarray(states, dtype=np.float64) - mean
    products = (x[:, lag:] * x[:, :-lag]).mean(axis=1)
    squares = (x * x).mean(axis=1)

    def decay(product: FloatArray, square: FloatArray) -> FloatArray:
        good = (product > 0) & (product < square)
        ratio = np.where(good, product, 1.0) / np.where(good, square, math.e)
        return np.where(good, -lag * step_s / np.log(ratio), math.nan)

    n = products.size
    value = float(decay(products.mean(), squares.mean()))
    if n < 2:
        return Estimate(value, math.nan)
    others = decay((products.sum() - products) / (n - 1), (squares.sum() - squares) / (n - 1))
    with np.errstate(over="ignore"):
        return Estimate(value, float(np.sqrt((n - 1) * others.var())))


def periodogram(
    states: npt.ArrayLike, *, step_s: float, mean: float
) -> tuple[FloatArray, FloatArray, FloatArray]:
    """One-sided power spectral density of sampled states: frequencies, mean and error.

    Frequencies in Hz and densities in 1/Hz, float64 ((num_steps - 1) // 2,): those above zero and
    below half the sampling rate. The error is that of the mean over reads. Sampling folds what is
    above half its rate back: of a Lorentzian, 5 % too much at an eighth of the sampling rate.

    Examples
    --------
    >>> frequencies, density, error = periodogram([[1, 1, -1, -1]], step_s=0.5, mean=0.0)
    >>> frequencies.tolist(), density.round(6).tolist()
    ([0.5], [2.0])
    """
    x = np.asarray(states, dtype=np.float64) - mean
    reads, steps = x.shape
    inner = slice(1, (steps + 1) // 2)
    power = np.abs(np.fft.rfft(x, axis=1)[:, inner]) ** 2 * (2 * step_s / steps)
    with np.errstate(over="ignore"):
        spread = power.std(axis=0, ddof=1) if reads > 1 else np.full(power.shape[1], math.nan)
    density: FloatArray = np.asarray(power.mean(axis=0))
    error: FloatArray = np.asarray(spread / math.sqrt(reads))
    frequencies: FloatArray = np.asarray(np.fft.rfftfreq(steps, step_s)[inner], dtype=np.float64)
    return frequencies, density, error
