"""Time to solution of runs that stop at the target, without a law of their times."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from pbit.checks import ArgumentError
from pbit.statistics.estimate import NUM_DRAWS
from pbit.statistics.first_hit import HitTimes
from pbit.statistics.tuning import SweepCounts, Tuned, tuned_tts

_LEVELS = np.append(np.linspace(0, 0.96, 17), [0.97, 0.98, 0.985, 0.99, 0.995, 1.0])


def cutoff_tts(
    instances: Sequence[HitTimes],
    *,
    probability: float = 0.99,
    confidence: float = 0.95,
    num_draws: int = NUM_DRAWS,
    seed: int = 0,
) -> Tuned:
    r"""Median time to solution over instances of runs started anew at the best cutoff.

    Runs that are stopped after a time c and started anew are reads of length c, of which the part
    F(c) succeeds: :math:`\min_c c \max(1, \ln(1-p) / \ln(1-F(c)))`. Runs that all take about as
    long need one run; those with a long tail are better started anew. Each instance has its own
    cutoff, chosen on every other run and reported from the rest, both ways round
    (:func:`pbit.statistics.tuned_tts`); no law of the times is assumed. With few runs the
    estimate is noisy and its interval says so.

    Parameters
    ----------
    instances : sequence of HitTimes
        Two runs or more each.

    Returns
    -------
    Tuned
        ``num_sweeps`` are numbers of cutoffs.

    Raises
    ------
    ValueError
        No instances, a single run, a probability or confidence that is not between 0 and 1.

    References
    ----------
    Luby, Sinclair, Zuckerman, Inf. Process. Lett. 47, 173 (1993) (the best fixed cutoff).

    Examples
    --------
    >>> seconds = np.random.default_rng(1).gamma(9, 1 / 9, size=200)  # 99 % of all are below 1.93
    >>> runs = HitTimes(seconds, np.ones(200, dtype=bool))
    >>> found = cutoff_tts([runs])
    >>> round(found.tts.value, 2), round(runs.tts(), 2)
    (1.94, 4.52)
    """
    return tuned_tts(
        [_counts(runs) for runs in instances],
        per="instance",
        probability=probability,
        confidence=confidence,
        num_draws=num_draws,
        seed=seed,
    )


def _counts(runs: HitTimes) -> SweepCounts:
    """Hits of every other run, and of the rest, at quantiles of the hits and at the last end."""
    seconds, hit = np.asarray(runs.seconds), np.asarray(runs.hit)
    if seconds.size < 2:
        raise ArgumentError(
            "instances", "must have two runs or more each", got="one", remedy="make more runs"
        )
    known = seconds[hit] if hit.any() else seconds
    inner = np.quantile(known, _LEVELS, method="higher")
    cutoffs = np.append(inner, seconds.max())
    hits = [
        np.count_nonzero(hit[half::2, None] & (seconds[half::2, None] <= cutoffs), axis=0)
        for half in (0, 1)
    ]
    made = np.array([[hit[half::2].size] * cutoffs.size for half in (0, 1)])
    return SweepCounts(np.arange(1, cutoffs.size + 1), hits, made, made * cutoffs, nested=True)
