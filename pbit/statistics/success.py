"""Time to solution of independent reads of one length, from how many of them succeed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from pbit.checks import ArgumentError, integer
from pbit.statistics.estimate import FloatArray, Side, check_fraction


def tts_from_success(
    success: npt.ArrayLike,
    read_s: npt.ArrayLike,
    *,
    probability: float = 0.99,
    least_s: npt.ArrayLike | None = None,
) -> FloatArray:
    r"""Time after which independent reads have succeeded at least once with this probability.

    :math:`\mathrm{TTS}_p = t_\mathrm{read} \ln(1-p) / \ln(1-p_s)`, never less than ``least_s``:
    a part of a read has no answer. The number of reads is not rounded up.

    Parameters
    ----------
    success : float array
        Probability :math:`p_s` that one read succeeds; 0 gives infinity, 1 ``least_s``.
    read_s : float array
        Seconds of a read; of a batch, its seconds over its reads.
    probability : float
        p, 0 < p < 1.
    least_s : float array, optional
        Seconds before which there is no answer: of one read by default, of the whole batch where
        its reads run side by side.

    Returns
    -------
    float64 array, broadcast
        Seconds.

    Raises
    ------
    ValueError
        A probability out of range, seconds that are not positive numbers.

    References
    ----------
    Rønnow, Wang, Job, Boixo, Isakov, Wecker, Martinis, Lidar, Troyer, Science 345, 420 (2014),
    eqs. 2-3.

    Examples
    --------
    >>> tts_from_success([0.99, 0.1, 1.0, 0.0], 1e-3).round(6).tolist()
    [0.001, 0.043709, 0.001, inf]
    """
    check_fraction("probability", probability)
    p, seconds = np.asarray(success, dtype=np.float64), np.asarray(read_s, dtype=np.float64)
    if not ((p >= 0) & (p <= 1)).all():
        raise ArgumentError(
            "success", "must be probabilities from 0 to 1", got="others", remedy="divide by reads"
        )
    if not ((seconds > 0) & (seconds < np.inf)).all():
        raise ArgumentError(
            "read_s", "must be finite seconds > 0", remedy="time more reads at once"
        )
    least = seconds if least_s is None else np.asarray(least_s, dtype=np.float64)
    with np.errstate(divide="ignore"):
        reads = np.log1p(-probability) / np.log1p(-p)  # inf at 0, 0 at 1
    return np.asarray(np.maximum(least, seconds * np.abs(reads)))


@dataclass(frozen=True)
class ReadCounts:
    """How many reads of one length were made, how many succeeded, and how long all took.

    Parameters
    ----------
    hits, reads : int
        0 <= hits <= reads, reads >= 1.
    seconds : float
        Of all reads together.
    reads_at_once : int
        Reads that run side by side: no answer before all of these are done.

    Raises
    ------
    TypeError, ValueError
        A count or a time out of range.

    Examples
    --------
    >>> counts = ReadCounts(hits=10, reads=100, seconds=0.1)
    >>> [round(counts.tts(), 4), *(round(end, 4) for end in counts.interval())]
    [0.0437, 0.0238, 0.0917]
    """

    hits: int
    reads: int
    seconds: float
    reads_at_once: int = 1

    def __post_init__(self) -> None:
        integer("reads", self.reads, 1)
        integer("hits", self.hits, 0, self.reads)
        integer("reads_at_once", self.reads_at_once, 1)
        if not 0 < self.seconds < np.inf:
            raise ArgumentError(
                "seconds", "must be finite and > 0", self.seconds, remedy="time more reads"
            )

    @property
    def success(self) -> float:
        """Part of the reads that succeeded."""
        return self.hits / self.reads

    @property
    def read_s(self) -> float:
        """Seconds of a read."""
        return self.seconds / self.reads

    def tts(self, probability: float = 0.99) -> float:
        """Seconds; infinite without a hit."""
        return float(self._of(self.success, probability))

    def interval(
        self, *, probability: float = 0.99, confidence: float = 0.95
    ) -> tuple[float, float]:
        """Interval of the time, seconds; its end is infinite without a hit.

        From the exact interval of the success probability (Clopper, Pearson, Biometrika 26, 404
        (1934)); the time of a read is taken as measured.
        """
        check_fraction("confidence", confidence)
        from scipy.special import betaincinv

        tail, k, n = (1 - confidence) / 2, self.hits, self.reads
        low = 0.0 if k == 0 else float(betaincinv(k, n - k + 1, tail))
        high = 1.0 if k == n else float(betaincinv(k + 1, n - k, 1 - tail))
        return float(self._of(high, probability)), float(self._of(low, probability))

    def draws(
        self, rng: np.random.Generator, size: int, *, side: Side, probability: float = 0.99
    ) -> FloatArray:
        """Times with random success probabilities, whose quantiles are those of the interval.

        For the low end Beta(k + 1, n - k), for the high end Beta(k, n - k + 1).
        """
        k, n = self.hits, self.reads
        return self._of(random_success(rng, np.full(size, k), n, side=side), probability)

    def _of(self, success: Any, probability: float) -> FloatArray:
        least = self.read_s * min(self.reads_at_once, self.reads)
        return tts_from_success(success, self.read_s, probability=probability, least_s=least)


def random_success(rng: np.random.Generator, hits: Any, reads: Any, *, side: Side) -> FloatArray:
    """Beta variates of :meth:`ReadCounts.draws`, where k = 0 is 0 and k = n is 1."""
    extra = 1 if side == "low" else 0
    hits, reads = np.broadcast_arrays(hits, reads)
    a, b = hits + extra, reads - hits + 1 - extra
    drawn = rng.beta(np.maximum(a, 1), np.maximum(b, 1))
    return np.where(a == 0, 0.0, np.where(b == 0, 1.0, drawn))


def random_nested_success(
    rng: np.random.Generator, hits: Any, reads: Any, *, side: Side
) -> FloatArray:
    """The same of hits that rise along the last axis, of the same reads: never falling.

    Cells between the lengths have Dirichlet weights; the one more that a Beta law has is in the
    first cell for the low end and beyond the last for the high end.
    """
    hits, reads = np.broadcast_arrays(hits, reads)
    cells = np.diff(hits, axis=-1, prepend=0)
    cells[..., 0] += side == "low"
    beyond = reads[..., -1] - hits[..., -1] + (side == "high")
    drawn = np.cumsum(rng.standard_gamma(cells), axis=-1)
    total = drawn[..., -1:] + rng.standard_gamma(beyond)[..., None]
    return np.asarray(drawn / total)
