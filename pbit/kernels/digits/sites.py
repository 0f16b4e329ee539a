"""Digits on the sites of a graph, with fields kept for every value: one replica, site after site.

Records: ``PottsSites``, an edge costs its weight where both ends are alike, and ``TableSites``,
an edge costs what its table says. F is int16 or int32 where all energies are whole, else float64;
energies are lower where better.

The kept ``fields`` F have a row for each site, padded (:mod:`pbit.kernels.digits.boltzmann`): the
energy of each of its values, given those of the neighbours. ``limits`` float32 (n,) is how likely
the site is to move, at ``beta``; above 1: not known any more. A word that is not below its limit is
all that a site at rest costs.

Random words: UPDATE of slot i decides for site i; by Metropolis' rule ORDER of slot i proposes.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numba import float32, int16, int64, uint64
from numba.core import types

from pbit.kernels.digits import family
from pbit.kernels.digits.boltzmann import FROZEN, LOG2_E, weigh
from pbit.kernels.jit import chosen_by_types, inner, merged
from pbit.kernels.random.ars import random_words
from pbit.kernels.random.stream import ORDER, UPDATE, tag
from pbit.kernels.vectors.float_bits import exp2

_UNKNOWN = float32(2.0)
_UNIT = float32(2.0**-32)
_HALF = float32(0.5)
_RESUM = 1023  # sweeps, a mask: sums of real weights are made anew so often
_LOW = uint64(0xFFFFFFFF)


class PottsSites(NamedTuple):
    """``num_values`` int64 (n,); ``rows`` int64 (n + 1,), where the rows begin; ``h`` F, in padded
    rows; CSR ``pointers`` int64, ``neighbours`` int32, ``weights`` F; ``stride``: entries of a row
    where all sites have as many values, else None."""

    num_values: Any
    rows: Any
    h: Any
    pointers: Any
    neighbours: Any
    weights: Any
    stride: Any


class TableSites(NamedTuple):
    """As :class:`PottsSites`; of each entry of the CSR graph, ``table_of`` int64 is where its table
    begins in ``tables`` F: K_i rows of K_j energies as seen from site i."""

    num_values: Any
    rows: Any
    h: Any
    pointers: Any
    neighbours: Any
    tables: Any
    table_of: Any


class SiteWork(NamedTuple):
    """``fields`` F (rows[n],), ``limits`` float32 (n,), ``beta`` float64 (1,), ``weights`` float32
    (the longest row,), ``words`` uint32 (8,); of many replicas with one axis more in front."""

    fields: Any
    limits: Any
    beta: Any
    weights: Any
    words: Any

    @classmethod
    def of(cls, model: Any, replicas: int) -> SiteWork:
        """Of so many replicas, in which nothing is known yet."""
        n, longest = model.num_values.size, int(np.diff(model.rows).max(initial=0))
        return cls(
            np.empty((replicas, model.h.size), model.h.dtype),
            np.empty((replicas, n), np.float32),
            np.full((replicas, 1), np.nan),
            np.zeros((replicas, longest), np.float32),
            np.zeros((replicas, 8), np.uint32),
        )


@chosen_by_types(family.work_of)  # type: ignore[untyped-decorator]
def _work_of(works, replica):  # type: ignore[no-untyped-def]
    def one(works, replica):  # type: ignore[no-untyped-def]
        return SiteWork(
            works.fields[replica],
            works.limits[replica],
            works.beta[replica],
            works.weights[replica],
            works.words[replica],
        )

    return one if family.is_record(works, SiteWork) else None


@chosen_by_types(family.start)  # type: ignore[untyped-decorator]
def _start(model, values, work):  # type: ignore[no-untyped-def]
    def sites(model, values, work):  # type: ignore[no-untyped-def]
        return start_sites(model, values, work)

    return sites if family.is_record(model, PottsSites, TableSites) else None


@chosen_by_types(family.sweep)  # type: ignore[untyped-decorator]
def _sweep(model, values, work, beta, rule, sweep_number, read, k0, k1):  # type: ignore[no-untyped-def]
    def sites(model, values, work, beta, rule, sweep_number, read, k0, k1):  # type: ignore[no-untyped-def]
        return sweep_sites(model, values, work, beta, rule, sweep_number, read, k0, k1)

    return sites if family.is_record(model, PottsSites, TableSites) else None


def _push(model: Any, fields: Any, site: Any, old: Any, new: Any, limits: Any) -> None:
    """A site has moved: its neighbours' fields follow."""
    raise NotImplementedError("only in compiled code")


@chosen_by_types(_push)  # type: ignore[untyped-decorator]
def _compile_push(model, fields, site, old, new, limits):  # type: ignore[no-untyped-def]
    def potts(model, fields, site, old, new, limits):  # type: ignore[no-untyped-def]
        for entry in range(model.pointers[site], model.pointers[site + 1]):
            j = model.neighbours[entry]
            at, count, weight = model.rows[j], model.num_values[j], model.weights[entry]
            if old < count:
                fields[at + old] -= weight
            if new < count:
                fields[at + new] += weight
            limits[j] = _UNKNOWN

    def tables(model, fields, site, old, new, limits):  # type: ignore[no-untyped-def]
        for entry in range(model.pointers[site], model.pointers[site + 1]):
            j = model.neighbours[entry]
            at, count, table = model.rows[j], model.num_values[j], model.table_of[entry]
            gone, come = table + old * count, table + new * count
            for b in range(count):
                fields[at + b] += model.tables[come + b] - model.tables[gone + b]
            limits[j] = _UNKNOWN

    def alike(model, fields, site, old, new, limits):  # type: ignore[no-untyped-def]
        for entry in range(model.pointers[site], model.pointers[site + 1]):
            j = model.neighbours[entry]
            at, weight = j * model.stride, model.weights[entry]
            fields[at + old] -= weight
            fields[at + new] += weight
            limits[j] = _UNKNOWN

    if family.is_record(model, TableSites):
        return tables
    return alike if isinstance(model.types[-1], types.Integer) else potts


def _add_to(model: Any, fields: Any, site: Any, value: Any) -> None:
    """Add what a site with this value does to its neighbours."""
    raise NotImplementedError("only in compiled code")


@chosen_by_types(_add_to)  # type: ignore[untyped-decorator]
def _compile_add_to(model, fields, site, value):  # type: ignore[no-untyped-def]
    def potts(model, fields, site, value):  # type: ignore[no-untyped-def]
        for entry in range(model.pointers[site], model.pointers[site + 1]):
            j = model.neighbours[entry]
            if value < model.num_values[j]:
                fields[model.rows[j] + value] += model.weights[entry]

    def tables(model, fields, site, value):  # type: ignore[no-untyped-def]
        for entry in range(model.pointers[site], model.pointers[site + 1]):
            j = model.neighbours[entry]
            at, count = model.rows[j], model.num_values[j]
            row = model.table_of[entry] + value * count
            for b in range(count):
                fields[at + b] += model.tables[row + b]

    return potts if family.is_record(model, PottsSites) else tables


@inner
def start_sites(model: Any, values: Any, work: Any) -> Any:
    """Fields summed anew; the energy: half of it is counted from both ends."""
    n = values.size
    for k in range(model.h.size):
        work.fields[k] = model.h[k]
    for i in range(n):
        _add_to(model, work.fields, i, int64(values[i]))
    energy = 0.0
    for i in range(n):
        at = model.rows[i] + values[i]
        energy += 0.5 * (float(work.fields[at]) + float(model.h[at]))
        work.limits[i] = _UNKNOWN
    return energy


def settle_fields(model: Any, values: Any, work: Any, sweep_number: Any) -> None:
    """Sum fields of real weights anew, now and then: rounding adds up."""
    raise NotImplementedError("only in compiled code")


@chosen_by_types(settle_fields)  # type: ignore[untyped-decorator]
def _compile_settle(model, values, work, sweep_number):  # type: ignore[no-untyped-def]
    def real(model, values, work, sweep_number):  # type: ignore[no-untyped-def]
        if sweep_number & _RESUM == _RESUM:
            start_sites(model, values, work)

    def whole(model, values, work, sweep_number):  # type: ignore[no-untyped-def]
        return None

    return whole if isinstance(model.types[2].dtype, types.Integer) else real


@inner
def sweep_sites(
    model: Any, values: Any, work: Any, beta: Any, rule: Any, sweep_number: Any, read: Any, k0: Any,
    k1: Any,
) -> Any:  # fmt: skip
    """One sweep in the order of the sites; by how much the energy has changed."""
    if work.beta[0] != beta:
        work.beta[0] = beta
        for i in range(values.size):
            work.limits[i] = _UNKNOWN
    settle_fields(model, values, work, sweep_number)
    n, change = values.size, 0.0
    scale, words = max(-beta * LOG2_E, -1.7e308), work.words
    proposes = rule == family.METROPOLIS
    c1, c2 = uint64(sweep_number) & _LOW, uint64(read) & _LOW
    for first in range(0, n, 4):
        c0 = uint64(first >> 2)
        _fill(words, 0, random_words(c0, c1, c2, tag(UPDATE, sweep_number, 0), k0, k1))
        if proposes:
            _fill(words, 4, random_words(c0, c1, c2, tag(ORDER, sweep_number, 0), k0, k1))
        for k in range(min(4, n - first)):
            i = first + k
            u = (float32(words[k]) + _HALF) * _UNIT
            if proposes:
                change += _propose(model, values, work, i, scale, u, words[4 + k])
            elif u < work.limits[i]:
                change += _draw(model, values, work, i, scale, u)
    return change


@merged
def _fill(words: Any, at: Any, four: Any) -> None:
    words[at] = four[0]
    words[at + 1] = four[1]
    words[at + 2] = four[2]
    words[at + 3] = four[3]


@inner
def _draw(model: Any, values: Any, work: Any, i: Any, scale: Any, u: Any) -> Any:
    """Heat bath. The present value takes the upper end of the uniform number, so that rare moves,
    near to which floats are close, are resolved best."""
    weights, old = work.weights, int64(values[i])
    count = model.num_values[i]
    others = weigh(work.fields, model.rows[i], (count, old), scale, weights)
    total = others + weights[old]
    reach = u * total
    if weights[old] > 0:
        work.limits[i] = others / total
        if not (u < work.limits[i] and reach < others):  # whether or not the limit was known
            return 0.0
    passed, new = float32(0.0), old
    for a in range(count):
        if a != old and weights[a] > 0:
            new = a
            passed += weights[a]
            if reach < passed:
                break
    return move_site(model, values, work, i, new)


@inner
def _propose(model: Any, values: Any, work: Any, i: Any, scale: Any, u: Any, word: Any) -> Any:
    """Metropolis: one of the other values, taken with probability ``min(1, exp(-beta dE))``."""
    others, old, at = model.num_values[i] - 1, int64(values[i]), model.rows[i]
    if others < 1:
        return 0.0
    new = int64((uint64(word) * uint64(others)) >> uint64(32))
    new += new >= old
    power = float32((float(work.fields[at + new]) - float(work.fields[at + old])) * scale)
    if power < 0 and (power < FROZEN or u > exp2(power)):
        return 0.0
    return move_site(model, values, work, i, new)


@inner
def move_site(model: Any, values: Any, work: Any, i: Any, new: Any) -> Any:
    """Give a site another value; by how much the energy has changed."""
    at, old = model.rows[i], int64(values[i])
    values[i] = int16(new)
    work.limits[i] = _UNKNOWN
    _push(model, work.fields, i, old, new, work.limits)
    return float(work.fields[at + new]) - float(work.fields[at + old])
