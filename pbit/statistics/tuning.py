"""Time to solution at the best number of sweeps, without the bias of choosing it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import numpy.typing as npt

from pbit.by_value import ByValue
from pbit.checks import ArgumentError
from pbit.statistics.estimate import (
    NUM_DRAWS,
    Estimate,
    FloatArray,
    Side,
    check_fraction,
    outer_quantile,
)
from pbit.statistics.medians import median_tts
from pbit.statistics.success import (
    ReadCounts,
    random_nested_success,
    random_success,
    tts_from_success,
)

Per = Literal["set", "instance"]

_BLOCK = 10**6  # numbers drawn at a time


@dataclass(frozen=True, eq=False)
class SweepCounts(ByValue):
    """Reads of one instance at several numbers of sweeps, in two halves.

    Parameters
    ----------
    num_sweeps : int, shape (S,)
        Rising.
    hits, reads : int, shape (2, S)
        Of the first and the second half of the reads, at each number of sweeps; reads >= 1.
    seconds : float, shape (2, S)
        Of all reads of a half together.
    reads_at_once : int
        Reads that run side by side: no answer before all of these are done.
    nested : bool
        The same reads at each length, so that hits of one are hits of all longer ones.

    Raises
    ------
    ValueError
        Wrong shapes, counts out of range, ``num_sweeps`` that do not rise.
    """

    num_sweeps: npt.ArrayLike
    hits: npt.ArrayLike
    reads: npt.ArrayLike
    seconds: npt.ArrayLike
    reads_at_once: int = 1
    nested: bool = False

    def __post_init__(self) -> None:
        sweeps = np.asarray(self.num_sweeps)
        parts = {name: np.asarray(getattr(self, name)) for name in ("hits", "reads", "seconds")}
        for name, part in parts.items():
            if sweeps.ndim != 1 or not sweeps.size or part.shape != (2, sweeps.size):
                raise ArgumentError(
                    name,
                    "must have shape (2, S), two halves of the reads at each num_sweeps",
                    part.shape,
                )
        if (np.diff(sweeps) <= 0).any():
            raise ArgumentError("num_sweeps", "must rise", got="others", remedy="sort them")
        hits, reads, seconds = parts.values()
        if not ((hits >= 0) & (hits <= reads) & (reads >= 1)).all():
            raise ArgumentError("hits", "must be from 0 to reads and reads >= 1", got="others")
        if not ((seconds > 0) & (seconds < np.inf)).all():
            raise ArgumentError(
                "seconds", "must be finite and > 0", got="others", remedy="time more reads"
            )

    def counts(self, index: int) -> ReadCounts:
        """Both halves together at one number of sweeps."""
        h, r, s = (np.asarray(x)[:, index].sum() for x in (self.hits, self.reads, self.seconds))
        return ReadCounts(int(h), int(r), float(s), self.reads_at_once)

    def half(self, half: int, index: int) -> ReadCounts:
        """One half, 0 or 1, at one number of sweeps."""
        h, r, s = (np.asarray(x)[half, index] for x in (self.hits, self.reads, self.seconds))
        return ReadCounts(int(h), int(r), float(s), self.reads_at_once)


@dataclass(frozen=True, eq=False)
class Tuned(ByValue):
    """Time to solution at numbers of sweeps chosen on other reads than those reported.

    Parameters
    ----------
    tts : Estimate
        Median over instances, seconds.
    instance_tts : float64, shape (instances,)
    num_sweeps : int, shape (2,) or (instances, 2)
        Chosen on the first half and on the second half of the reads.
    naive : float
        The smallest of the medians of all reads: biased low, to compare.
    at_edge : bool
        Whether a choice is the first or the last number of sweeps: others might be better.
    """

    tts: Estimate
    instance_tts: FloatArray
    num_sweeps: npt.NDArray[np.int64]
    naive: float
    at_edge: bool


def tuned_tts(
    instances: Sequence[SweepCounts],
    *,
    per: Per = "set",
    probability: float = 0.99,
    confidence: float = 0.95,
    num_draws: int = NUM_DRAWS,
    seed: int = 0,
) -> Tuned:
    """Median time to solution over instances at the best number of sweeps, cross-fitted.

    The smallest of several estimates is too small. Here the number of sweeps is chosen on one half
    of the reads and its time is taken from the other half, both ways round. Where both halves
    choose alike, these are all reads at that number; else the two rates 1/TTS are averaged. The
    interval is the nested bootstrap of :func:`pbit.statistics.median_tts` with the choice made
    anew in every sample.

    Parameters
    ----------
    instances : sequence of SweepCounts
        One an instance, all with the same ``num_sweeps``.
    per : {"set", "instance"}
        One number of sweeps for all instances, that of the smallest median, or one for each.

    Returns
    -------
    Tuned

    Raises
    ------
    ValueError
        No instances, unequal ``num_sweeps``, a probability or confidence out of range.

    References
    ----------
    Rønnow et al., Science 345, 420 (2014) (one optimal time for all instances of a size).
    Chernozhukov et al., Econom. J. 21, C1 (2018) (cross-fitting).

    Examples
    --------
    >>> counts = SweepCounts([100, 1000], hits=[[0, 8], [1, 9]], reads=[[50, 50]] * 2,
    ...                 seconds=[[0.1, 1.0], [0.1, 1.0]])
    >>> tuned = tuned_tts([counts])
    >>> tuned.num_sweeps.tolist(), round(tuned.tts.value, 3)
    ([1000, 100], 0.928)
    """
    check_fraction("confidence", confidence)
    check_fraction("probability", probability)
    arrays = _Arrays.of(instances)
    choose = _for_all if per == "set" else _for_each
    num = len(instances)
    everyone = np.arange(num)[None, :]
    success = arrays.hits / arrays.reads
    rates, chosen = choose(arrays, success[None], everyone, probability)
    with np.errstate(divide="ignore"):
        times = 1 / rates[0]
    value = float(np.median(times))
    naive = _naive(arrays, per, probability)
    if arrays.num_sweeps.size == 1:
        options = {"confidence": confidence, "num_draws": num_draws, "seed": seed}
        parts = [counts.counts(0) for counts in instances]
        estimate = median_tts(parts, probability=probability, **options)  # type: ignore[arg-type]
    else:
        rng = np.random.default_rng(seed)
        taken = everyone if num == 1 else rng.integers(num, size=(num_draws, num))
        taken = np.broadcast_to(taken, (num_draws, num))

        def medians(draws: npt.NDArray[np.int64], side: Side) -> FloatArray:
            shape = (len(draws), *arrays.hits.shape)
            draw = random_nested_success if arrays.nested else random_success
            drawn = draw(rng, np.broadcast_to(arrays.hits, shape), arrays.reads, side=side)
            if arrays.nested and side == "low":
                # Halves are too coarse to tell how early the far end of so few runs may be.
                rate = 1 / _tables(arrays, drawn, probability)[1].min(axis=-1)
            else:
                rate, _ = choose(arrays, drawn, draws, probability)
            with np.errstate(divide="ignore"):
                return np.asarray(np.median(1 / np.take_along_axis(rate, draws, axis=1), axis=1))

        def end(side: Side, level: float) -> float:
            blocks = np.array_split(taken, -(-num_draws * arrays.hits.size // _BLOCK))
            found = np.concatenate([medians(block, side) for block in blocks])
            return outer_quantile(found, level, side=side)

        tail = (1 - confidence) / 2
        estimate = Estimate(value, end("low", tail), end("high", 1 - tail), confidence)
    sweeps = arrays.num_sweeps[chosen[0]]
    last = arrays.num_sweeps.size - 1
    at_edge = last > 0 and bool(((chosen == 0) | (chosen == last)).any())
    return Tuned(estimate, times, sweeps, naive, at_edge)


@dataclass(frozen=True, eq=False)
class _Arrays(ByValue):
    """All instances: counts (2, I, S); ``at_once`` (I, 1)."""

    num_sweeps: npt.NDArray[np.int64]
    hits: npt.NDArray[np.int64]
    reads: npt.NDArray[np.int64]
    seconds: FloatArray
    at_once: npt.NDArray[np.int64]
    nested: bool

    @classmethod
    def of(cls, instances: Sequence[SweepCounts]) -> _Arrays:
        if not instances:
            raise ArgumentError("instances", "must be one or more", got="none")
        sweeps = np.asarray(instances[0].num_sweeps, dtype=np.int64)
        if not all(np.array_equal(sweeps, np.asarray(each.num_sweeps)) for each in instances):
            raise ArgumentError(
                "instances", "must all have the same num_sweeps", got="several lists"
            )
        parts = [
            np.stack([np.asarray(getattr(each, name)) for each in instances], axis=1)
            for name in ("hits", "reads", "seconds")
        ]
        at_once = np.array([[each.reads_at_once] for each in instances])
        nested = all(each.nested for each in instances)
        return cls(sweeps, parts[0], parts[1], parts[2].astype(np.float64), at_once, nested)

    def tts(self, success: FloatArray, half: Any, probability: float) -> FloatArray:
        """Times of one half (0, 1) or both together (None); success (draws, I, S)."""
        seconds, reads = self.seconds, self.reads
        seconds = seconds.sum(axis=0) if half is None else seconds[half]
        reads = reads.sum(axis=0) if half is None else reads[half]
        read_s = seconds / reads
        least = read_s * np.minimum(self.at_once, self.reads.sum(axis=0))
        return tts_from_success(success, read_s, probability=probability, least_s=least)

    def both(self, success: FloatArray) -> FloatArray:
        """Success of both halves together, (draws, I, S), from (draws, 2, I, S)."""
        return np.asarray((success * self.reads).sum(axis=1) / self.reads.sum(axis=0))


def _tables(
    arrays: _Arrays, success: FloatArray, probability: float
) -> tuple[FloatArray, FloatArray]:
    """Times of the halves, (draws, 2, I, S), and of both together, (draws, I, S)."""
    halves = [arrays.tts(success[:, half], half, probability) for half in (0, 1)]
    return np.stack(halves, axis=1), arrays.tts(arrays.both(success), None, probability)


def _best(times: FloatArray, rates: FloatArray) -> npt.NDArray[np.int64]:
    """Index along the last axis of the smallest time; where none is finite, of the highest rate.

    Of equal rates, as where nothing was ever solved, it is the last.
    """
    hopeless = ~np.isfinite(times).any(axis=-1)
    return np.asarray(
        np.where(
            hopeless, rates.shape[-1] - 1 - rates[..., ::-1].argmax(axis=-1), times.argmin(axis=-1)
        )
    )


def _for_all(
    arrays: _Arrays, success: FloatArray, taken: npt.NDArray[np.int64], probability: float
) -> tuple[FloatArray, npt.NDArray[np.int64]]:
    """Rates (draws, I) and choices (draws, 2): one number of sweeps for all instances taken."""
    halves, pooled = _tables(arrays, success, probability)
    shown = np.take_along_axis(halves, taken[:, None, :, None], axis=2)
    chosen = _best(np.median(shown, axis=2), (1 / shown).mean(axis=2))
    each = np.broadcast_to(chosen[:, :, None], halves.shape[:3])
    return _held_out(halves, pooled, each), chosen


def _for_each(
    arrays: _Arrays, success: FloatArray, taken: npt.NDArray[np.int64], probability: float
) -> tuple[FloatArray, npt.NDArray[np.int64]]:
    """Rates (draws, I) and choices (draws, I, 2): each instance its own number of sweeps."""
    halves, pooled = _tables(arrays, success, probability)
    chosen = _best(halves, 1 / halves)
    return _held_out(halves, pooled, chosen), np.moveaxis(chosen, 1, 2)


def _held_out(halves: FloatArray, pooled: FloatArray, chosen: npt.NDArray[np.int64]) -> FloatArray:
    """Rates (draws, I) of choices (draws, 2, I), each taken from the other half."""
    rates = 1 / np.take_along_axis(halves, chosen[:, ::-1, :, None], axis=3)[..., 0]
    together = 1 / np.take_along_axis(pooled, chosen[:, 0, :, None], axis=2)[..., 0]
    return np.where(chosen[:, 0] == chosen[:, 1], together, rates.mean(axis=1))


def _naive(arrays: _Arrays, per: Per, probability: float) -> float:
    success = (arrays.hits / arrays.reads)[None]
    _, pooled = _tables(arrays, success, probability)
    if per == "set":
        return float(np.median(pooled[0], axis=0).min())
    return float(np.median(pooled[0].min(axis=1)))
