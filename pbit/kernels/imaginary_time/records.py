"""Arrays of worldlines in named tuples, which compiled code takes apart for nothing."""

from __future__ import annotations

from typing import Any, NamedTuple


class Couplings(NamedTuple):
    """Terms by site, as of :class:`pbit.models.incidence.Incidence`; ``shares`` are the weights
    over the spins of the term: summed over all sites they make the energy."""

    h: Any
    site_ptr: Any
    weights: Any
    shares: Any
    member_ptr: Any
    members: Any


class Steps(NamedTuple):
    """What a schedule makes of time: ``length`` of the circle, whether it has slices, and for each
    step ``scales`` (steps,), the beta of a unit of length, and ``gaps`` (steps, n), the mean gap of
    cuts with its sign turned, or 1 / ln(1 - p) with slices."""

    length: float
    sliced: bool
    scales: Any
    gaps: Any


class Paths(NamedTuple):
    """Worldlines of a read: float64 ``kinks`` (n, capacity + 1), each row ended by the length of
    the circle; int64 ``counts`` (n,); int8 ``starts`` (n,), the spins at time 0."""

    kinks: Any
    counts: Any
    starts: Any


class Pieces(NamedTuple):
    """Scratch of an update: ``cuts`` (capacity + 1,), ended by the length; ``fields`` and ``spins``
    of the pieces that begin there; ``sums`` (2, capacity + 1), integrals from time 0 to each cut;
    ``at`` int64, places in the kinks of a term's members."""

    cuts: Any
    fields: Any
    spins: Any
    sums: Any
    at: Any


class Draws(NamedTuple):
    """Where random words come from: uint32 ``words`` (4,), int64 ``used`` (1,), what they are for,
    counters, key."""

    words: Any
    used: Any
    purpose: Any
    site: Any
    sweep: Any
    read: Any
    key0: Any
    key1: Any


class Look(NamedTuple):
    """How a read is looked at: ``every`` so many sweeps from sweep ``burn_in`` on (0: never), at
    ``times`` times; scratch uint64 ``words`` (n,) and float64 ``levels`` (times,); int32 ``pairs``
    (2, m); float64 ``transverse`` (2, n), what a worldline and each of its kinks add to the
    transverse energy; int64 ``bin_of`` (looks,)."""

    every: int
    burn_in: int
    times: int
    words: Any
    levels: Any
    pairs: Any
    transverse: Any
    bin_of: Any


class Sums(NamedTuple):
    """What is summed of the looks at a read in one bin: ``spins`` and ``kinks`` (n,), ``products``
    (pairs,), ``apart`` (2, lags), of a spin, and of the magnetisation, with itself later on."""

    spins: Any
    kinks: Any
    products: Any
    apart: Any


class Clusters(NamedTuple):
    """Scratch of clusters in space and time, after ``every`` so many sweeps (0: never): ``cuts``
    (n, capacity + 1), int64 ``counts`` (n,) and ``bases`` (n + 1,), where the pieces of each
    worldline begin; of pieces int64 ``parents``, int8 ``spins``, float64 ``fields``."""

    every: int
    cuts: Any
    counts: Any
    bases: Any
    parents: Any
    spins: Any
    fields: Any
