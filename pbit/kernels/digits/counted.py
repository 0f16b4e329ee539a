"""Digits on sites whose values keep their counts: two sites exchange their values.

With the kept fields f of :mod:`pbit.kernels.digits.sites`, sites i and j of values a and b,

    dE = f_i(b) - f_i(a) + f_j(a) - f_j(b) + W_ij(a,b) + W_ij(b,a) - W_ij(a,a) - W_ij(b,b)

whose last four terms, of neighbours alone, are what the fields say wrongly: each was summed for
the present value of the other. Every pair of sites is as likely; those of equal values stay.
"""

from __future__ import annotations

from typing import Any, NamedTuple

from numba import int64

from pbit.kernels.digits import family
from pbit.kernels.digits.proposals import below, is_taken, words_of
from pbit.kernels.digits.sites import PottsSites, move_site, settle_fields, start_sites
from pbit.kernels.jit import chosen_by_types, inner, merged


class CountedSites(NamedTuple):
    """``sites``: PottsSites or TableSites, of as many values each."""

    sites: Any


def _own_terms(sites: Any, entry: Any, a: Any, b: Any) -> Any:
    """``W(a, b) + W(b, a) - W(a, a) - W(b, b)`` of an entry of the graph."""
    raise NotImplementedError("only in compiled code")


@chosen_by_types(_own_terms)  # type: ignore[untyped-decorator]
def _compile_own_terms(sites, entry, a, b):  # type: ignore[no-untyped-def]
    def potts(sites, entry, a, b):  # type: ignore[no-untyped-def]
        return -2.0 * sites.weights[entry]

    def tables(sites, entry, a, b):  # type: ignore[no-untyped-def]
        tables, count = sites.tables, sites.num_values[sites.neighbours[entry]]
        row_a = sites.table_of[entry] + a * count
        row_b = sites.table_of[entry] + b * count
        crossed = float(tables[row_a + b]) + float(tables[row_b + a])
        return crossed - float(tables[row_a + a]) - float(tables[row_b + b])

    return potts if family.is_record(sites, PottsSites) else tables


@inner
def _entry_of(sites: Any, i: Any, j: Any) -> Any:
    """Where j is among the neighbours of i, which rise; -1 if it is not."""
    low, high = sites.pointers[i], sites.pointers[i + 1]
    while low < high:
        middle = (low + high) >> 1
        if sites.neighbours[middle] < j:
            low = middle + 1
        else:
            high = middle
    if low < sites.pointers[i + 1] and sites.neighbours[low] == j:
        return low
    return int64(-1)


@merged
def _exchange_change(sites: Any, values: Any, fields: Any, i: Any, j: Any) -> Any:
    """What it costs that i and j exchange their values."""
    a, b = int64(values[i]), int64(values[j])
    at_i, at_j = sites.rows[i], sites.rows[j]
    change = float(fields[at_i + b]) - float(fields[at_i + a])
    change += float(fields[at_j + a]) - float(fields[at_j + b])
    entry = _entry_of(sites, i, j)
    if entry >= 0:
        change += _own_terms(sites, entry, a, b)
    return change


@inner
def sweep_counted(
    model: Any, values: Any, work: Any, beta: Any, rule: Any, sweep_number: Any, read: Any, k0: Any,
    k1: Any,
) -> Any:  # fmt: skip
    """n proposals to exchange the values of two sites; the change of energy."""
    sites, n, total = model.sites, values.size, 0.0
    settle_fields(sites, values, work, sweep_number)
    for proposal in range(n if n > 1 else 0):
        first, second, _, last = words_of(proposal, sweep_number, read, k0, k1)
        i, j = below(first, n), below(second, n - 1)
        j += j >= i
        if values[i] == values[j]:
            continue
        change = _exchange_change(sites, values, work.fields, i, j)
        if is_taken(change, 1.0, beta, rule, last):
            a, b = int64(values[i]), int64(values[j])
            total += move_site(sites, values, work, i, b)
            total += move_site(sites, values, work, j, a)
    return total


@chosen_by_types(family.start)  # type: ignore[untyped-decorator]
def _start(model, values, work):  # type: ignore[no-untyped-def]
    def counted(model, values, work):  # type: ignore[no-untyped-def]
        return start_sites(model.sites, values, work)

    return counted if family.is_record(model, CountedSites) else None


@chosen_by_types(family.sweep)  # type: ignore[untyped-decorator]
def _sweep(model, values, work, beta, rule, sweep_number, read, k0, k1):  # type: ignore[no-untyped-def]
    def counted(model, values, work, beta, rule, sweep_number, read, k0, k1):  # type: ignore[no-untyped-def]
        return sweep_counted(model, values, work, beta, rule, sweep_number, read, k0, k1)

    return counted if family.is_record(model, CountedSites) else None
