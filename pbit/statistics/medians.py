"""The median time over instances, with an interval over reads and instances."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from pbit.checks import ArgumentError
from pbit.statistics.estimate import NUM_DRAWS, Estimate, Side, check_fraction, outer_quantile
from pbit.statistics.first_hit import HitTimes
from pbit.statistics.success import ReadCounts


def median_tts(
    instances: Sequence[ReadCounts | HitTimes],
    *,
    probability: float = 0.99,
    confidence: float = 0.95,
    num_draws: int = NUM_DRAWS,
    seed: int = 0,
) -> Estimate:
    """Median time to solution over instances.

    The interval is a nested percentile bootstrap: instances are drawn with replacement, and for
    each its success probability (or rate) anew, by a pessimistic law for the high end and an
    optimistic one for the low end, so that no hits and nothing but hits have honest ends. For one
    instance it is the interval of that instance. Below 6 instances no interval of a median can
    hold the 95 % it names: the ends are then about those of the easiest and the hardest.

    Parameters
    ----------
    instances : sequence of ReadCounts or HitTimes
    probability : float
        Of success within the time.
    confidence : float
        Of the interval.
    num_draws : int
        Bootstrap samples.
    seed : int
        Of the bootstrap.

    Returns
    -------
    Estimate
        Seconds; infinite where half of the instances were never solved.

    Raises
    ------
    ValueError
        No instances, a probability or confidence that is not between 0 and 1.

    References
    ----------
    Efron, Tibshirani, An Introduction to the Bootstrap, Chapman & Hall (1993), chapter 13.

    Examples
    --------
    >>> counts = [ReadCounts(k, 100, 0.1) for k in (2, 5, 9, 14, 20, 30, 40)]
    >>> estimate = median_tts(counts)
    >>> round(estimate.value, 4), estimate.low < estimate.value < estimate.high
    (0.0305, True)
    """
    check_fraction("confidence", confidence)
    if not instances:
        raise ArgumentError("instances", "must be one or more", got="none")
    value = float(np.median([each.tts(probability) for each in instances]))
    if len(instances) == 1:
        ends = instances[0].interval(probability=probability, confidence=confidence)
        return Estimate(value, *ends, confidence)
    rng = np.random.default_rng(seed)
    taken = rng.integers(len(instances), size=(num_draws, len(instances)))

    def end(side: Side, level: float) -> float:
        drawn = [
            each.draws(rng, num_draws, side=side, probability=probability) for each in instances
        ]
        medians = np.median(np.take_along_axis(np.stack(drawn, axis=1), taken, axis=1), axis=1)
        return outer_quantile(medians, level, side=side)

    tail = (1 - confidence) / 2
    return Estimate(value, end("low", tail), end("high", 1 - tail), confidence)
