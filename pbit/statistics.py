"""Tests of samples against exact laws."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt


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
        raise ValueError(f"reads must leave two cells or more, got {numbers.size}; take more reads")
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
