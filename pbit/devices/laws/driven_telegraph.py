r"""Exact means of a telegraph under a periodic drive of equal segments, once it has settled.

In a segment with rates a out of P and b out of AP the mean state decays to (b - a) / (a + b) at
a + b, and the junction switches at a (1 + m) / 2 + b (1 - m) / 2. After a period the mean is what
it was before.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from pbit.checks import ArgumentError
from pbit.devices.mtj import FloatArray, Junction
from pbit.devices.quantities import number


class DrivenMeans(NamedTuple):
    """Of each segment of the period, float64 (segments,).

    Attributes
    ----------
    ends : float64
        Mean state at the end of the segment.
    means : float64
        Mean state over it.
    switches : float64
        Mean number of switches in it.
    """

    ends: FloatArray
    means: FloatArray
    switches: FloatArray


def driven_means(junction: Junction, currents_A: npt.ArrayLike, *, segment_s: float) -> DrivenMeans:
    """What a junction does on average in every segment of a period.

    Parameters
    ----------
    junction : Junction
    currents_A : float64, shape (segments,)
    segment_s : float

    Raises
    ------
    ValueError, TypeError
        Currents that are not finite, a segment not > 0.

    Examples
    --------
    >>> slow = driven_means(Junction(8.0), [5e-6, -5e-6], segment_s=1.0)
    >>> slow.means.round(4).tolist(), bool((slow.means == Junction(8.0).mean([5e-6, -5e-6])).all())
    ([0.9993, -0.9993], False)
    """
    number("segment_s", segment_s, (">", 0.0), remedy="it is how long each current lasts")
    currents = np.asarray(currents_A, dtype=np.float64)
    if currents.ndim != 1 or not currents.size or not np.isfinite(currents).all():
        raise ArgumentError(
            "currents_A", "must be finite numbers of shape (segments,)", got=str(currents.tolist())
        )
    from_P, from_AP = junction.rates_Hz(currents)
    total = from_P + from_AP
    rest = (from_AP - from_P) / total
    gone = -np.expm1(-total * segment_s)
    start = _periodic(rest, gone, total * segment_s)
    ends = np.empty_like(rest)
    for k in range(rest.size):
        ends[k] = start = start + (rest[k] - start) * gone[k]
    starts = np.roll(ends, 1)
    means = rest + (starts - rest) * gone / (total * segment_s)
    rates = total / 2 + (from_P - from_AP) / 2 * means
    return DrivenMeans(ends, means, rates * segment_s)


def _periodic(rest: FloatArray, gone: FloatArray, turns: FloatArray) -> float:
    """The mean at the start of the period that comes back after it."""
    reached = 0.0
    for k in range(rest.size):
        reached += (rest[k] - reached) * gone[k]
    return float(reached / -np.expm1(-turns.sum()))
