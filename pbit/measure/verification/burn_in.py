"""Whether reads have forgotten where they were: the same reads half-way and at the end."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from pbit.models.labels import FloatArray, SpinArray
from pbit.statistics import binomial_p_values, holm_rejected

_ALPHA = 1e-5
_LEAST_MEMORY = 0.1
_BLOCK = 2**22


@dataclass(frozen=True)
class BurnIn:
    """Correlation over reads between two times of the same run.

    Parameters
    ----------
    sweeps, lag : int
        Sweeps of each read in all, and between the two times.
    energy_memory, spin_memory : float
        Correlation of the energy, and of all spins together, over ``lag`` sweeps.
    energy_error, spin_error : float
        Their standard errors where nothing is remembered.
    """

    sweeps: int
    lag: int
    energy_memory: float
    energy_error: float
    spin_memory: float
    spin_error: float

    @property
    def relaxation_sweeps(self) -> float:
        """Upper bound of the relaxation time that the reads leave room for.

        ``lag / ln(1 / c)``, c the larger of both memories and two standard errors of it more:
        infinite if that is 1 or more, NaN where all reads are alike, which tells nothing. Modes
        too weak to move energy or spins, and those that no read has left, are not seen.
        """
        largest = max(
            max(0.0, self.energy_memory) + 2 * self.energy_error,
            max(0.0, self.spin_memory) + 2 * self.spin_error,
        )
        if not 0 < largest < 1:
            return math.inf if largest else math.nan
        return self.lag / math.log(1 / largest)


def burn_in(
    early: SpinArray,
    late: SpinArray,
    energies: tuple[FloatArray, FloatArray],
    *,
    sweeps: int,
    lag: int,
) -> BurnIn:
    r"""Memory of reads between two times, ``lag`` sweeps apart.

    For the spins, :math:`c = \sum_i \mathrm{cov}_i / \sum_i \sqrt{v_i v'_i}`, with the covariance
    of s_i at both times and its variances, taken over reads. In equilibrium c falls off as the
    slowest mode does, and with it what is left of the start.

    Parameters
    ----------
    early, late : int8, shape (num_reads, n)
        Read k of the one is read k of the other.
    energies : pair of float64, shape (num_reads,)
    sweeps, lag : int

    Returns
    -------
    BurnIn
    """
    first, second = (values - values.mean() for values in energies)
    size = float(np.sqrt((first**2).mean() * (second**2).mean()))
    return BurnIn(
        sweeps, lag, *_correlation(first * second, size), *_correlation(*_overlaps(early, late))
    )


def _overlaps(early: SpinArray, late: SpinArray) -> tuple[FloatArray, float]:
    """``sum_i (s_i - m_i)(s'_i - m'_i)`` of each read, and ``sum_i sqrt(v_i v'_i)``."""
    means = [s.mean(axis=0, dtype=np.float64) for s in (early, late)]
    overlaps = np.empty(len(early))
    block = max(1, _BLOCK // early.shape[1])
    for start in range(0, len(early), block):
        part = slice(start, start + block)
        overlaps[part] = ((early[part] - means[0]) * (late[part] - means[1])).sum(axis=1)
    variances = [1 - mean**2 for mean in means]
    return overlaps, float(np.sqrt(variances[0] * variances[1]).sum())


def _correlation(products: FloatArray, scale: float) -> tuple[float, float]:
    """Mean over scale and its standard error; both 0 where nothing varies."""
    if scale <= 0:
        return 0.0, 0.0
    return float(products.mean() / scale), float(products.std() / scale / math.sqrt(products.size))


def remembered(before: npt.NDArray[np.int8], after: npt.NDArray[np.int8]) -> bool:
    """Whether any of some statistics of values -1 and +1 still depends on its earlier value.

    Fisher's exact test of the table of both values over reads, one-sided; it counts where the
    correlation is 0.1 or more as well. False alarms: 1e-5 for all together.

    Parameters
    ----------
    before, after : int8, shape (num_reads, k)

    References
    ----------
    Fisher, J. R. Stat. Soc. 98, 39 (1935).
    """
    from scipy import stats

    reads = len(before)
    ups, later = (before > 0).sum(axis=0), (after > 0).sum(axis=0)
    both = ((before > 0) & (after > 0)).sum(axis=0)
    p_values = stats.hypergeom.sf(both - 1, reads, ups, later)
    spread = np.sqrt(1.0 * ups * (reads - ups) * later * (reads - later))
    excess = 1.0 * reads * both - 1.0 * ups * later
    strong = excess >= _LEAST_MEMORY * spread
    return bool((holm_rejected(p_values, _ALPHA) & strong & (spread > 0)).any())


def drifting(before: npt.NDArray[np.int8], after: npt.NDArray[np.int8]) -> bool:
    """Whether the mean of any of some statistics of values -1 and +1 still moves.

    McNemar's exact test: of the reads in which a statistic changed, half went each way. False
    alarms: 1e-5 for all together.

    Parameters
    ----------
    before, after : int8, shape (num_reads, k)

    References
    ----------
    McNemar, Psychometrika 12, 153 (1947).
    """
    rises = (after > before).sum(axis=0)
    falls = (after < before).sum(axis=0)
    p_values = binomial_p_values(rises, rises + falls, np.full(rises.size, 0.5))
    return bool(holm_rejected(p_values, _ALPHA).any())
