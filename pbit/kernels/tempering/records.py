"""What both tempering kernels are handed, by name."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

POLLED = 31  # sites asked which of two values of a lane is the rarer


class Plan(NamedTuple):
    """Sweeps ``first`` to ``last - 1``, a cluster move every so many, or never: 0; whether to swap;
    the sweep after which the run began, and the patience of
    :func:`pbit.kernels.tempering.exchange.gives_up` or 0."""

    first: int
    last: int
    cluster_every: int
    swapping: bool
    begun: int
    patience: float


class Best(NamedTuple):
    """The lowest state: energy (1,), float64 or in units int64; spins int8 (n,); sweep int64
    (1,)."""

    energy: Any
    spins: Any
    sweep: Any


class Watch(NamedTuple):
    """``stop`` uint8 (1,), ``beat`` float64 (2,), ``trace`` float64 (sweeps,) or (0,): as in
    :class:`pbit.kernels.sweeps.records.Watch`; ``aim``: energy to stop at."""

    stop: Any
    beat: Any
    aim: Any
    trace: Any


class Graph(NamedTuple):
    """Neighbours in CSR, spins that share a term; whether clusters of agreement, too, have to be
    moved because there are fields."""

    indptr: Any
    indices: Any
    has_fields: Any


class Clusters(NamedTuple):
    """Memory of cluster moves in V words: ``q``, ``marks`` uint64 (n, V), ``flip``, ``mask``
    uint64 (V,), ``polled`` int64 (31,), random sites; ``pairs`` int64 (2, 64 V): lanes that are
    partners."""

    q: Any
    marks: Any
    flip: Any
    mask: Any
    polled: Any
    pairs: Any

    @classmethod
    def of(cls, n: int, words: int) -> Clusters:
        """For n spins."""
        q, marks = (np.zeros((n, words), np.uint64) for _ in range(2))
        flip, mask = (np.zeros(words, np.uint64) for _ in range(2))
        polled, pairs = np.zeros(POLLED, np.int64), np.zeros((2, 64 * words), np.int64)
        return cls(q, marks, flip, mask, polled, pairs)
