"""How long a series remembers: its integrated autocorrelation time."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from pbit.checks import ArgumentError

_WINDOW = 5.0


def autocorrelation_time(series: npt.ArrayLike) -> float:
    r"""Integrated autocorrelation time, in steps of the series.

    :math:`\tau = \frac12 + \sum_{t=1}^{W} \rho(t)`, W the first with :math:`W \ge 5 \tau(W)`: the
    mean of N successive values has the variance of N / (2 tau) independent ones. Several series of
    the same kind are put together: deviations are from the mean of all.

    Parameters
    ----------
    series : float array, shape (steps,) or (steps, num_series)

    Returns
    -------
    float
        At least 1/2; NaN where there are fewer than two steps. Where the series is shorter than 50
        times the result, the result is a lower bound at best.

    Raises
    ------
    ValueError
        Another shape.

    References
    ----------
    Madras, Sokal, J. Stat. Phys. 50, 109 (1988), appendix C.

    Examples
    --------
    >>> walk = np.repeat(np.random.default_rng(1).normal(size=10_000), 4)
    >>> bool(1.8 < autocorrelation_time(walk) < 2.2)
    True
    """
    values = np.asarray(series, dtype=np.float64)
    if values.ndim not in (1, 2):
        raise ArgumentError(
            "series", "must be of shape (steps,) or (steps, num_series)", got=f"{values.shape}"
        )
    values = values.reshape(len(values), -1)
    steps = len(values)
    if steps < 2 or not values.size:
        return float("nan")
    off = values - values.mean()
    padded = np.fft.rfft(off, n=2 * steps, axis=0)
    products = np.fft.irfft(np.abs(padded) ** 2, axis=0)[:steps].mean(axis=1)
    products /= np.arange(steps, 0, -1)
    if not products[0] > 0:
        return 0.5
    times = np.cumsum(products / products[0]) - 0.5
    enough = np.flatnonzero(np.arange(steps) >= _WINDOW * times)
    return float(max(0.5, times[enough[0] if enough.size else -1]))
