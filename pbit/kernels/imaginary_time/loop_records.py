"""Arrays of loops in named tuples, which compiled code takes apart for nothing."""

from __future__ import annotations

from typing import Any, NamedTuple

CROSSING, TURNING, EQUAL, OPPOSITE = range(4)
"""How a breakup joins the four ends of two worldlines: crosswise, below and above, or all of them
where the spins are equal or opposite."""


class Exchanges(NamedTuple):
    """Bonds and breakups: int32 ``first``, ``second`` (m,), ends of each bond; float64 ``weights``
    (m,), its coupling of sigma^z; ``crossings`` (m,), the odds that a kink is a crossing; ``h``
    (n,); ``gap``, the mean time between breakups that are tried; int32 ``bonds`` and int8 ``kinds``
    (k,) of each sort of them; their alias table, ``thresholds`` and ``aliases`` (k,)."""

    first: Any
    second: Any
    weights: Any
    crossings: Any
    h: Any
    gap: Any
    bonds: Any
    kinds: Any
    thresholds: Any
    aliases: Any


class Kinks(NamedTuple):
    """State of a read: sorted float64 ``times`` (capacity + 1,) at which two spins change places,
    ended by the length of the circle; int32 ``bonds`` (capacity,); int64 ``count`` (1,); int8
    ``starts`` (n,), the spins at time 0."""

    times: Any
    bonds: Any
    count: Any
    starts: Any


class Breakups(NamedTuple):
    """Scratch of a sweep: float64 ``times``, int32 ``bonds``, int64 ``above`` (capacity,), of a
    turning the first of the two strands above it, -1 of a crossing; strands, of which there are at
    most n + 2 capacity: int64 ``roots``, int8 ``spins``, float64 ``fields``, int8 ``turns``; of
    each site int64 ``strand`` and float64 ``since`` (n,)."""

    times: Any
    bonds: Any
    above: Any
    roots: Any
    spins: Any
    fields: Any
    turns: Any
    strand: Any
    since: Any


class LoopLook(NamedTuple):
    """How a read is looked at: ``every`` so many sweeps from sweep ``burn_in`` on, at ``times``
    times; scratch uint64 ``words`` (n,) and float64 ``levels`` (times,); int32 ``pairs`` (2, m);
    int8 ``sublattices`` (n,); int64 ``bin_of`` (looks,)."""

    every: int
    burn_in: int
    times: int
    words: Any
    levels: Any
    pairs: Any
    sublattices: Any
    bin_of: Any
