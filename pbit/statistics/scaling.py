"""How times grow with size and residual energies fall with time: exponents with intervals."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from pbit.by_value import ByValue
from pbit.checks import ArgumentError
from pbit.statistics.estimate import NUM_DRAWS, Estimate, FloatArray, check_fraction


@dataclass(frozen=True, eq=False)
class ResidualCurve(ByValue):
    """Mean residual energy per spin after each time.

    Parameters
    ----------
    instances : float64, shape (instances, times)
        Mean over the reads of each instance.
    mean, error : float64, shape (times,)
        Mean over instances and its standard error: from the scatter of the instances, or of the
        reads of a single one.
    """

    instances: FloatArray
    mean: FloatArray
    error: FloatArray


def residual_curve(
    energies: npt.ArrayLike, ground_energies: npt.ArrayLike, *, num_spins: int
) -> ResidualCurve:
    r"""Residual energy per spin, :math:`\rho_E = (\langle E \rangle - E_0) / n`.

    Parameters
    ----------
    energies : float, shape (instances, times, reads)
        Of independent reads.
    ground_energies : float, shape (instances,)
        The lowest known.
    num_spins : int
        n.

    Returns
    -------
    ResidualCurve

    Raises
    ------
    ValueError
        Wrong shapes, or a single instance with a single read: no error can be told.

    References
    ----------
    King et al., Nature 617, 61 (2023).

    Examples
    --------
    >>> curve = residual_curve([[[-6.0, -8.0], [-9.0, -9.0]]], [-10.0], num_spins=10)
    >>> curve.mean.round(3).tolist(), curve.error.round(3).tolist()
    ([0.3, 0.1], [0.1, 0.0])
    """
    array = np.asarray(energies, dtype=np.float64)
    ground = np.asarray(ground_energies, dtype=np.float64)
    if array.ndim != 3 or ground.shape != array.shape[:1] or not array.size:
        raise ArgumentError(
            "energies",
            "must have shape (instances, times, reads) and ground_energies (instances,)",
            got=f"{array.shape} and {ground.shape}",
        )
    residual = (array - ground[:, None, None]) / num_spins
    means = residual.mean(axis=2)
    rows = means if len(means) > 1 else residual[0].T
    if len(rows) < 2:
        raise ArgumentError(
            "energies", "must have two instances or two reads to tell an error", got="one"
        )
    error = rows.std(axis=0, ddof=1) / np.sqrt(len(rows))
    return ResidualCurve(means, means.mean(axis=0), error)


@dataclass(frozen=True)
class PowerLaw:
    """``amplitude * x**-exponent``; the exponent with its interval."""

    exponent: Estimate
    amplitude: float


def power_law(
    x: npt.ArrayLike,
    samples: npt.ArrayLike,
    *,
    confidence: float = 0.95,
    num_draws: int = NUM_DRAWS,
    seed: int = 0,
) -> PowerLaw:
    r"""Exponent :math:`\kappa` of a mean that falls as :math:`x^{-\kappa}`.

    Weighted least squares in logarithms, weights :math:`(\mathrm{mean}/\mathrm{error})^2`; the
    interval is a percentile bootstrap over the rows, so that points of the same instance may
    depend on each other.

    Parameters
    ----------
    x : float, shape (points,)
        > 0, two or more different ones.
    samples : float, shape (rows, points)
        One row an instance, or an independent repeat; the means of the columns are > 0.

    Returns
    -------
    PowerLaw

    Raises
    ------
    ValueError
        Wrong shapes, fewer than 3 rows, no positive means.

    Examples
    --------
    >>> x = np.array([10.0, 100.0, 1000.0])
    >>> rows = np.outer([0.9, 1.0, 1.1], x**-0.5)
    >>> round(power_law(x, rows).exponent.value, 6)
    0.5
    """
    check_fraction("confidence", confidence)
    places, rows = np.asarray(x, dtype=np.float64), np.asarray(samples, dtype=np.float64)
    if rows.ndim != 2 or places.shape != rows.shape[1:] or len(rows) < 3:
        raise ArgumentError(
            "samples",
            "must have shape (rows, points) with 3 rows or more, x (points,)",
            got=f"{rows.shape} and {places.shape}",
        )
    if not (places > 0).all() or np.unique(places).size < 2:
        raise ArgumentError(
            "x", "must be two or more different numbers > 0", remedy="leave out x = 0"
        )
    if not (rows.mean(axis=0) > 0).all():
        raise ArgumentError(
            "samples",
            "must have a mean > 0 at every x",
            remedy="leave out those x where all are zero",
        )
    error = rows.std(axis=0, ddof=1) / rows.mean(axis=0)
    weights = (
        1 / np.maximum(error, 1e-3 * error.max()) ** 2 if error.any() else np.ones(places.size)
    )
    taken = np.random.default_rng(seed).integers(len(rows), size=(num_draws, len(rows)))
    drawn = np.stack([rows[each].mean(axis=0) for each in taken])
    drawn = drawn[(drawn > 0).all(axis=1)]  # a draw without any residue has no logarithm
    slope, level = _lines(np.log(places), np.log(rows.mean(axis=0))[None], weights)
    slopes, _ = _lines(np.log(places), np.log(drawn), weights)
    tail = (1 - confidence) / 2
    low, high = np.quantile(-slopes, [tail, 1 - tail])
    exponent = Estimate(float(-slope[0]), float(low), float(high), confidence)
    return PowerLaw(exponent, float(np.exp(level[0])))


@dataclass(frozen=True)
class ExponentialLaw:
    """``10**(exponent * n + offset)`` seconds; the exponent with its interval."""

    exponent: Estimate
    offset: float


def scaling_exponent(
    sizes: npt.ArrayLike,
    tts_s: Sequence[npt.ArrayLike],
    *,
    confidence: float = 0.95,
    num_draws: int = NUM_DRAWS,
    seed: int = 0,
) -> ExponentialLaw:
    r"""Exponent :math:`\alpha` of a median time :math:`10^{\alpha n + \beta}`.

    Weighted least squares on log10 of the medians over instances; weights and interval from
    drawing instances of each size with replacement (percentile bootstrap). The scatter of a single
    time adds to that of the instances and is within it.

    Parameters
    ----------
    sizes : float, shape (k,)
        Two or more different ones.
    tts_s : k sequences of float
        Times of the instances of each size, 3 or more; infinite where never solved, which no
        median may be.

    Returns
    -------
    ExponentialLaw

    Raises
    ------
    ValueError
        Wrong shapes, too few sizes or instances, half of a size unsolved.

    References
    ----------
    Kowalsky, Albash, Hen, Lidar, Quantum Sci. Technol. 7, 025008 (2022).

    Examples
    --------
    >>> times = [[0.9, 1.0, 1.2], [9.5, 10.0, 10.8], [90.0, 100.0, 115.0]]
    >>> round(scaling_exponent([10, 20, 30], times).exponent.value, 3)
    0.1
    """
    check_fraction("confidence", confidence)
    n = np.asarray(sizes, dtype=np.float64)
    groups = [np.asarray(each, dtype=np.float64) for each in tts_s]
    if n.ndim != 1 or len(groups) != n.size or np.unique(n).size < 2:
        raise ArgumentError(
            "tts_s",
            "must have a list for each of two sizes or more",
            got=f"{len(groups)} and {n.size}",
        )
    if any(each.ndim != 1 or each.size < 3 or not (each > 0).all() for each in groups):
        raise ArgumentError(
            "tts_s", "must have 3 times > 0 or more for each size", remedy="measure more instances"
        )
    medians = np.array([np.median(each) for each in groups])
    if not np.isfinite(medians).all():
        size = n[~np.isfinite(medians)][0]
        raise ArgumentError(
            "tts_s",
            "must be finite for more than half of each size",
            got=f"less at size {size:g}",
            remedy="leave it out or measure longer",
        )
    rng = np.random.default_rng(seed)
    drawn = np.stack([_drawn_medians(each, rng, num_draws) for each in groups], axis=1)
    spread = np.array([_spread(column) for column in drawn.T])
    weights = _weights(spread)
    slope, level = _lines(n, np.log10(medians)[None], weights)
    finite = np.isfinite(drawn).all(axis=1)
    slopes, _ = _lines(n, np.log10(drawn[finite]), weights)
    tail = (1 - confidence) / 2
    low, high = np.quantile(slopes, [tail, 1 - tail])
    exponent = Estimate(float(slope[0]), float(low), float(high), confidence)
    return ExponentialLaw(exponent, float(level[0]))


def _drawn_medians(times: FloatArray, rng: np.random.Generator, num_draws: int) -> FloatArray:
    taken = rng.integers(times.size, size=(num_draws, times.size))
    return np.asarray(np.median(times[taken], axis=1))


def _spread(times: FloatArray) -> float:
    """Standard deviation of log10 of those that are finite."""
    return float(np.log10(times[np.isfinite(times)]).std())


def _weights(errors: FloatArray) -> FloatArray:
    """Inverse squares; no point counts more than 10^6 times as much as the worst one."""
    return np.asarray(1 / np.maximum(errors, 1e-3 * errors.max() or 1.0) ** 2)


def _lines(x: FloatArray, y: FloatArray, weights: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Slopes and levels at x = 0 of weighted lines through rows of y, (rows, points)."""
    w = weights / weights.sum()
    middle = w @ x
    slope = ((x - middle) * w @ (y - (y @ w)[:, None]).T) / (w @ (x - middle) ** 2)
    return slope, y @ w - slope * middle
