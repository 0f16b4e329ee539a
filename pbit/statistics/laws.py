"""Tests of samples against exact laws."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from pbit.checks import ArgumentError


def chi_square_p_value(
    outcomes: npt.ArrayLike, law: npt.ArrayLike, *, least_expected: float = 50.0
) -> float:
    """p-value of Pearson's chi-square test of independent outcomes against a law.

    Rare outcomes are pooled until every cell is expected at least ``least_expected`` times. Five
    (Cochran, Ann. Math. Stat. 23, 315 (1952)) is enough at p = 0.01; at 1e-7 the Poisson tails of
    such cells multiply the false alarms by up to 15, cells of 50 by less than 2.

    Parameters
    ----------
    outcomes : int, shape (reads,)
        Numbers of the outcomes seen, independent of each other.
    law : float, shape (num_outcomes,)
        Probability of each outcome.

    Returns
    -------
    float
        0.0 if an outcome of probability zero was seen.

    Raises
    ------
    ValueError
        Too few reads to leave two cells.

    Examples
    --------
    >>> round(chi_square_p_value([0] * 55 + [1] * 45, [0.5, 0.5]), 4)
    0.3173
    """
    from scipy import stats

    numbers, p = np.asarray(outcomes), np.asarray(law, dtype=np.float64)
    counts = np.bincount(numbers, minlength=p.size)
    if counts[p < 1e-300].any():
        return 0.0
    cells = _pooled(p * numbers.size, least_expected)
    observed = np.bincount(cells, weights=counts)
    expected = np.bincount(cells, weights=p * numbers.size)
    if observed.size < 2:
        raise ArgumentError(
            "reads", "must leave two cells or more", numbers.size, remedy="take more reads"
        )
    statistic = ((observed - expected) ** 2 / expected).sum()
    return float(stats.chi2.sf(statistic, observed.size - 1))


def _pooled(expected: npt.NDArray[np.float64], least: float) -> npt.NDArray[np.int64]:
    """Cell of each outcome: rare ones together until a cell expects ``least``."""
    cells = np.zeros(expected.size, dtype=np.int64)
    cell, total = 0, 0.0
    for outcome in np.argsort(expected, kind="stable"):
        cells[outcome] = cell
        total += expected[outcome]
        if total >= least:
            cell, total = cell + 1, 0.0
    if total > 0 and cell > 0:
        cells[cells == cell] = cell - 1
    return cells


def binomial_p_values(
    successes: npt.ArrayLike, trials: npt.ArrayLike, probabilities: npt.ArrayLike
) -> npt.NDArray[np.float64]:
    r"""Two-sided p-values of counts of independent trials, exact for rare outcomes too.

    :math:`p = \min(1, 2 \min(P(X \le k), P(X \ge k)))`, X binomial: at most a fraction u of sound
    counts has p <= u, whatever the probability (Clopper, Pearson, Biometrika 26, 404 (1934)).

    Parameters
    ----------
    successes : int, shape (k,)
    trials : int, or int of shape (k,)
    probabilities : float, shape (k,)

    Returns
    -------
    float64, shape (k,)

    Examples
    --------
    >>> binomial_p_values([5, 0, 10], 10, [0.5, 0.5, 0.5]).tolist()
    [1.0, 0.001953125, 0.001953125]
    """
    from scipy import stats

    counts, p = np.asarray(successes), np.asarray(probabilities, dtype=np.float64)
    below = stats.binom.cdf(counts, trials, p)
    above = stats.binom.sf(counts - 1, trials, p)
    return np.asarray(np.minimum(1.0, 2 * np.minimum(below, above)))


def holm_rejected(p_values: npt.ArrayLike, alpha: float) -> npt.NDArray[np.bool_]:
    """Which of several tests fail when at most ``alpha`` is to be the chance of any false alarm.

    The smallest p-value is compared with alpha / m, the next with alpha / (m - 1), and so on until
    one passes; the tests may depend on each other (Holm, Scand. J. Stat. 6, 65 (1979)).

    Examples
    --------
    >>> holm_rejected([0.5, 0.004, 0.02], 0.05).tolist()
    [False, True, True]
    """
    p = np.asarray(p_values, dtype=np.float64)
    order = np.argsort(p, kind="stable")
    fails = p[order] * np.arange(p.size, 0, -1) <= alpha
    rejected = np.zeros(p.size, dtype=np.bool_)
    rejected[order[: p.size if fails.all() else int(np.argmin(fails))]] = True
    return rejected


def wilson_interval(
    successes: int, trials: int, *, confidence: float = 0.95
) -> tuple[float, float]:
    """Interval of a probability, from successes among independent trials.

    ``(p + z^2/2n -+ z sqrt(p (1-p)/n + z^2/4n^2)) / (1 + z^2/n)`` with p = successes/n; unlike
    ``p +- z sqrt(p (1-p)/n)`` it never has width zero and stays within 0 and 1.

    Parameters
    ----------
    successes, trials : int
        0 <= successes <= trials, trials >= 1.
    confidence : float
        0 < confidence < 1.

    Raises
    ------
    ValueError
        A number out of range.

    References
    ----------
    Wilson, J. Am. Stat. Assoc. 22, 209 (1927).

    Examples
    --------
    >>> low, high = wilson_interval(64, 64)
    >>> round(low, 3), high
    (0.943, 1.0)
    """
    if not 0 <= successes <= trials or trials < 1:
        raise ArgumentError(
            "successes", "must be from 0 to trials and trials >= 1", got=f"{successes} of {trials}"
        )
    if not 0 < confidence < 1:
        raise ArgumentError("confidence", "must be between 0 and 1", confidence)
    from scipy.special import ndtri

    z2 = float(ndtri((1 + confidence) / 2)) ** 2
    fraction = successes / trials
    middle = fraction + z2 / (2 * trials)
    half = (z2 * (fraction * (1 - fraction) / trials + z2 / (4 * trials**2))) ** 0.5
    scale = 1 + z2 / trials
    low = 0.0 if successes == 0 else (middle - half) / scale
    high = 1.0 if successes == trials else (middle + half) / scale
    return low, high
