"""Curves of associative memories: overlap against load, and against temperature."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from mean_field import overlap
from pbit.problems.hopfield import Recall, store

Spins = npt.NDArray[np.int8]

PROBES = 100  # of each instance, at most
FLIPPED = 0.1  # of the pixels of a noisy probe
PAIR_LOADS = {  # P / n
    "hebb": (0.05, 0.1, 0.138, 0.16, 0.2),
    "storkey": (0.05, 0.138, 0.2, 0.3, 0.4, 0.5),
    "pseudo-inverse": (0.05, 0.138, 0.2, 0.3, 0.4, 0.5, 0.6, 0.8),
}
DENSE_LOADS = {  # P / n
    "polynomial": (1.0, 2.0, 4.0, 8.0, 12.0, 16.0),
    "exponential": (1.0, 4.0, 16.0),
}
# After relaxation, n = 400, from the reference of p-bits; it stopped after about six sweeps.
REFERENCE = {0.05: 1.000, 0.1: 0.999, 0.138: 0.972, 0.16: 0.922, 0.2: 0.751}
SIX_SWEEPS = Recall(beta=1e6, num_sweeps=6, seed=0, num_threads=2)
TEMPERATURES = (0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0, 1.1, 1.2)


class Point(NamedTuple):
    """Mean overlap with the pattern that was probed, and its error over instances."""

    rule: str
    pixels: int
    load: float
    patterns: int
    start: str
    overlap: float
    error: float


def capacity(rule: str, n: int, repeats: int, seed: int) -> Iterator[Point]:
    """Overlaps of settled states, from the patterns and from noisy ones, load by load."""
    loads = (PAIR_LOADS | DENSE_LOADS)[rule]
    how = Recall(num_threads=2)
    found = np.empty((repeats, len(loads), 3))
    for repeat in range(repeats):
        rng = np.random.default_rng([seed, n, repeat])
        memory: Any = None
        for k, load in enumerate(loads):
            before = 0 if memory is None else len(memory.patterns)
            memory = store(_coins(rng, round(load * n) - before, n), rule, before=memory)
            stored = memory.patterns[rng.permutation(len(memory.patterns))[:PROBES]]
            found[repeat, k] = (
                _overlap(memory.recall(stored, how), stored),
                _overlap(memory.recall(noisy(stored, FLIPPED, rng), how), stored),
                _overlap(memory.recall(stored, SIX_SWEEPS), stored) if rule == "hebb" else np.nan,
            )
    for k, load in enumerate(loads):
        for column, start in enumerate(("stored", "noisy", "6 sweeps")):
            if not np.isnan(found[0, k, column]):
                mean, error = _mean(found[:, k, column])
                yield Point(rule, n, load, round(load * n), start, mean, error)


class Warm(NamedTuple):
    """Overlap at a temperature, and what theory has for n to infinity."""

    load: float
    pixels: int
    temperature: float
    overlap: float
    error: float
    theory: float


def warm(load: float, n: int, repeats: int, seed: int) -> Iterator[Warm]:
    """Hebb's memory at rising temperatures: |m| after 200 sweeps from a stored pattern."""
    count = max(1, round(load * n))
    found = np.empty((repeats, len(TEMPERATURES)))
    for repeat in range(repeats):
        rng = np.random.default_rng([seed, n, count, repeat])
        memory = store(_coins(rng, count, n), "hebb")
        stored = np.resize(memory.patterns, (PROBES, n))
        for k, temperature in enumerate(TEMPERATURES):
            how = Recall(beta=1 / temperature, num_sweeps=200, seed=repeat, num_threads=2)
            overlaps = (memory.recall(stored, how) * stored).mean(axis=1)
            found[repeat, k] = np.abs(overlaps).mean()
    for k, temperature in enumerate(TEMPERATURES):
        yield Warm(load, n, temperature, *_mean(found[:, k]), overlap(load, temperature))


def noisy(patterns: Spins, flipped: float, rng: np.random.Generator) -> Spins:
    """Patterns with this part of the pixels turned."""
    return np.where(rng.random(patterns.shape) < flipped, -patterns, patterns).astype(np.int8)


def by_hand(couplings: Any, probes: Spins) -> Spins:
    """What people write with numpy: all probes side by side, site after site, until none moves."""
    states = np.ascontiguousarray(probes.T.astype(np.float32))
    matrix, moved = couplings.astype(np.float32), True
    while moved:
        moved = False
        for i in range(len(states)):
            flips = states[i] * (matrix[i] @ states) < 0
            states[i, flips] *= -1
            moved = moved or bool(flips.any())
    return states.T.astype(np.int8)


def times_of(call: Callable[[], Any], repeats: int, clock: Callable[[], float]) -> list[float]:
    """Seconds of each of some calls, after one that compiles."""
    call()
    times = []
    for _ in range(repeats):
        start = clock()
        call()
        times.append(clock() - start)
    return times


def _coins(rng: np.random.Generator, count: int, n: int) -> Spins:
    return rng.choice(np.array([-1, 1], np.int8), (count, n))


def _overlap(states: Spins, patterns: Spins) -> float:
    return float((states * patterns).mean())


def _mean(values: Any) -> tuple[float, float]:
    spread = values.std(ddof=1) / np.sqrt(len(values)) if len(values) > 1 else np.nan
    return float(values.mean()), float(spread)
