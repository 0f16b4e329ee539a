"""What a spin has to do with its neighbours: its field, and what they are told when it flips.

Couplings are pairs, (indptr, indices, weights), or terms of many spins by site, (weights, terms,
pointers, members); what code there is depends on their type. Indices are unsigned, for of each
signed one numba asks whether it counts from the end, which takes longer than all the rest.
"""

from __future__ import annotations

from typing import Any

from numba import float32, float64, int64, njit, uint64
from numba.extending import overload

from pbit.kernels.vectors.float_bits import fma, prefetch

AHEAD = 64
"""Slots that are drawn together."""

_ZERO = float32(0.0)
_NEXT = uint64(1)
_LATER, _LAST = uint64(6), uint64(AHEAD - 1)


def field_of(s: Any, i: Any, bias: Any, couplings: Any) -> Any:
    """Field of site i."""
    raise NotImplementedError("only in compiled code")


@overload(field_of, inline="always")  # type: ignore[untyped-decorator]
def _compile_field_of(s, i, bias, couplings):  # type: ignore[no-untyped-def]
    def of_pairs(s, i, bias, couplings):  # type: ignore[no-untyped-def]
        indptr, indices, weights = couplings
        f = bias
        site = uint64(i)
        for k in range(uint64(indptr[site]), uint64(indptr[site + _NEXT])):
            f = f + weights[k] * weights.dtype.type(s[uint64(indices[k])])
        return f

    def of_terms(s, i, bias, couplings):  # type: ignore[no-untyped-def]
        weights, terms, pointers, members = couplings
        f = bias
        site = uint64(i)
        for t in range(uint64(terms[site]), uint64(terms[site + _NEXT])):
            product = weights[t]
            for k in range(uint64(pointers[t]), uint64(pointers[t + _NEXT])):
                product = product * weights.dtype.type(s[uint64(members[k])])
            f = f + product
        return f

    return of_pairs if len(couplings) == 3 else of_terms


def quick_field_of(s: Any, i: Any, bias: Any, couplings: Any, exact: Any) -> Any:
    """The same, where sums are ``exact`` in any order: four go on side by side, and the third,
    where a lattice has the spin before, comes last."""
    raise NotImplementedError("only in compiled code")


@overload(quick_field_of, inline="always")  # type: ignore[untyped-decorator]
def _compile_quick_field_of(s, i, bias, couplings, exact):  # type: ignore[no-untyped-def]
    def by_fours(s, i, bias, couplings, exact):  # type: ignore[no-untyped-def]
        if not exact:
            return field_of(s, i, bias, couplings)
        indptr, indices, weights = couplings
        start, end = uint64(indptr[i]), uint64(indptr[i + _NEXT])
        rest = end - ((end - start) & uint64(3))
        a, b, c, d = bias, _ZERO, _ZERO, _ZERO
        for k in range(start, rest, uint64(4)):
            k1, k2, k3 = k + uint64(1), k + uint64(2), k + uint64(3)
            a = fma(weights[k], s[uint64(indices[k])], a)
            b = fma(weights[k1], s[uint64(indices[k1])], b)
            c = fma(weights[k2], s[uint64(indices[k2])], c)
            d = fma(weights[k3], s[uint64(indices[k3])], d)
        for k in range(rest, end):
            a = fma(weights[k], s[uint64(indices[k])], a)
        return ((a + b) + d) + c

    if len(couplings) == 3 and couplings[2].dtype == float32:
        return by_fours
    return lambda s, i, bias, couplings, exact: field_of(s, i, bias, couplings)


def ask_ahead(places: Any, k: Any, couplings: Any) -> Any:
    """Ask the memory for the row of the site that comes six slots later."""
    raise NotImplementedError("only in compiled code")


@overload(ask_ahead, inline="always")  # type: ignore[untyped-decorator]
def _compile_ask_ahead(places, k, couplings):  # type: ignore[no-untyped-def]
    def of_pairs(places, k, couplings):  # type: ignore[no-untyped-def]
        indptr, indices, weights = couplings
        first = int64(indptr[uint64(places[(k + _LATER) & _LAST])])
        prefetch(indices, (first,))
        prefetch(weights, (first,))

    def of_terms(places, k, couplings):  # type: ignore[no-untyped-def]
        weights, terms, pointers, members = couplings
        first = int64(terms[uint64(places[(k + _LATER) & _LAST])])
        prefetch(weights, (first,))
        prefetch(pointers, (first,))
        prefetch(members, (int64(pointers[uint64(first)]),))

    return of_pairs if len(couplings) == 3 else of_terms


def spread(kept: Any, s: Any, i: Any, change: Any, couplings: Any, start: Any) -> Any:
    """Tell neighbours that spin i changed by so much; which of the 64 sites from ``start`` on were
    told, as bits."""
    raise NotImplementedError("only in compiled code")


@overload(spread, inline="always")  # type: ignore[untyped-decorator]
def _compilespread(kept, s, i, change, couplings, start):  # type: ignore[no-untyped-def]
    def of_pairs(kept, s, i, change, couplings, start):  # type: ignore[no-untyped-def]
        indptr, indices, weights = couplings
        told = uint64(0)
        for k in range(uint64(indptr[i]), uint64(indptr[i + _NEXT])):
            j = uint64(indices[k])
            kept[j] += float64(weights[k]) * change
            told |= _bit(j, start)
        return told

    def of_terms(kept, s, i, change, couplings, start):  # type: ignore[no-untyped-def]
        weights, terms, pointers, members = couplings
        told = uint64(0)
        for t in range(uint64(terms[i]), uint64(terms[i + _NEXT])):
            product = float64(weights[t]) * change
            first, end = uint64(pointers[t]), uint64(pointers[t + _NEXT])
            for k in range(first, end):
                product *= float64(s[uint64(members[k])])
            for k in range(first, end):
                j = uint64(members[k])
                kept[j] += product * float64(s[j])
                told |= _bit(j, start)
        return told

    return of_pairs if len(couplings) == 3 else of_terms


@njit(inline="always")
def _bit(j: Any, start: Any) -> Any:
    place = j - start
    return uint64(uint64(place < uint64(AHEAD)) << (place & uint64(AHEAD - 1)))
