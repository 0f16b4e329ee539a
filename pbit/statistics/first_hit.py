"""Time to solution of runs that stop at the target or at a time limit."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from pbit.by_value import ByValue
from pbit.checks import ArgumentError
from pbit.statistics.estimate import FloatArray, Side, check_fraction


@dataclass(frozen=True, eq=False)
class HitTimes(ByValue):
    r"""Seconds until each run stopped, and whether it stopped at the target.

    Runs that reach their time limit and are started anew need
    :math:`\bar t = \sum_r t_r / \mathrm{hits}` on average, whatever their law (Wald's identity),
    which is also the likeliest mean of an exponential law censored there. The time to be
    successful with probability p is then :math:`\mathrm{TTS}_p = -\ln(1-p)\, \bar t`, *if* the
    law is exponential: too long for runs that all take about the same time.
    :meth:`quantile` needs no law, but many runs.

    Parameters
    ----------
    seconds : float, shape (runs,)
    hit : bool, shape (runs,)

    Raises
    ------
    ValueError
        No runs, unequal shapes, times that are not positive numbers.

    References
    ----------
    Epstein, Sobel, J. Am. Stat. Assoc. 48, 486 (1953) (the exponential law, censored).

    Examples
    --------
    >>> runs = HitTimes([0.1, 0.3, 0.5, 1.0], [True, True, True, False])
    >>> round(runs.mean_s, 4), round(runs.tts(), 3)
    (0.6333, 2.917)
    """

    seconds: npt.ArrayLike
    hit: npt.ArrayLike

    def __post_init__(self) -> None:
        seconds = np.atleast_1d(np.asarray(self.seconds, dtype=np.float64))
        hit = np.atleast_1d(np.asarray(self.hit, dtype=np.bool_))
        if seconds.ndim != 1 or seconds.shape != hit.shape or not seconds.size:
            raise ValueError(
                f"seconds and hit must have shape (runs,), one run or more, got {seconds.shape} "
                f"and {hit.shape}"
            )
        if not ((seconds > 0) & (seconds < np.inf)).all():
            raise ArgumentError(
                "seconds", "must be finite and > 0", got="others", remedy="time every run"
            )
        object.__setattr__(self, "seconds", seconds)
        object.__setattr__(self, "hit", hit)

    @property
    def hits(self) -> int:
        """Runs that reached the target."""
        return int(np.count_nonzero(self.hit))

    @property
    def reads(self) -> int:
        """Runs."""
        return int(np.size(self.seconds))

    @property
    def total_s(self) -> float:
        """Seconds of all runs."""
        return float(np.sum(self.seconds))

    @property
    def mean_s(self) -> float:
        """Mean time until the target with restarts at the limit; infinite without a hit."""
        return self.total_s / self.hits if self.hits else np.inf

    def tts(self, probability: float = 0.99) -> float:
        """Seconds, for an exponential law; never less than the quickest hit; else infinite."""
        return float(self._of(np.array(self.mean_s), probability))

    def interval(
        self, *, probability: float = 0.99, confidence: float = 0.95
    ) -> tuple[float, float]:
        """Interval of the time for an exponential law, seconds.

        From the interval of a Poisson mean, :math:`2 T / \\chi^2` with 2 hits + 2 and with 2 hits
        degrees of freedom (Garwood, Biometrika 28, 437 (1936)); without a hit its end is infinite.
        """
        check_fraction("confidence", confidence)
        from scipy.special import gammaincinv

        tail, total = (1 - confidence) / 2, self.total_s
        low = total / float(gammaincinv(self.hits + 1, 1 - tail))
        high = total / float(gammaincinv(self.hits, tail)) if self.hits else np.inf
        low, high = self._of(np.array([low, high]), probability)
        return float(low), float(high)

    def draws(
        self, rng: np.random.Generator, size: int, *, side: Side, probability: float = 0.99
    ) -> FloatArray:
        """Times with random rates, whose quantiles are those of the interval."""
        shape = self.hits + (side == "low")
        if shape == 0:
            return np.full(size, np.inf)
        return self._of(self.total_s / rng.gamma(shape, size=size), probability)

    def quantile(self, probability: float = 0.99) -> float:
        """Time by which this part of the runs is successful, from no law; inf if never seen.

        Kaplan, Meier, J. Am. Stat. Assoc. 53, 457 (1958): runs that were stopped count as long as
        they lasted.

        Examples
        --------
        >>> HitTimes([1.0, 2.0, 3.0, 4.0], [True, False, True, True]).quantile(0.5)
        3.0
        """
        check_fraction("probability", probability)
        seconds, hit = np.asarray(self.seconds), np.asarray(self.hit)
        order = np.lexsort((~hit, seconds))
        at_risk = np.arange(seconds.size, 0, -1)
        surviving = np.cumprod(np.where(hit[order], 1 - 1 / at_risk, 1.0))
        reached = np.flatnonzero(surviving <= 1 - probability + 1e-12)
        return float(seconds[order][reached[0]]) if reached.size else np.inf

    def _of(self, mean_s: FloatArray, probability: float) -> FloatArray:
        check_fraction("probability", probability)
        hit = np.asarray(self.hit)
        least = float(np.asarray(self.seconds)[hit].min()) if hit.any() else 0.0
        return np.asarray(np.maximum(least, -np.log1p(-probability) * mean_s))
