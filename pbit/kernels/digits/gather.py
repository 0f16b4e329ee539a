"""Energies of the values of one site, summed from its neighbours when they are needed.

``states`` int16 (n, 2): value, and what chromatic.py keeps beside it. Of TableSites, ``table_of``
tells the table as seen from the neighbour: its rows are what a site adds up. Behind ``tables``
come eight numbers that are read and not used.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from numba import int64
from numba.core import types
from numba.extending import intrinsic

from pbit.kernels.digits import family
from pbit.kernels.digits.boltzmann import WIDTH
from pbit.kernels.digits.sites import PottsSites, TableSites
from pbit.kernels.jit import chosen_by_types
from pbit.kernels.vectors.llvm import (
    F64,
    I16,
    I64,
    Loop,
    constant,
    data_of,
    element,
    integer,
    load,
    splat,
    store,
    vector,
)

_COUNTED = 32  # values of a site, of which all are asked whether they are a neighbour's


def gather(model: Any, states: Any, fields: Any, site: Any) -> None:
    """The energies of all values of a site, given its neighbours, into ``fields`` F, padded."""
    raise NotImplementedError("only in compiled code")


@chosen_by_types(gather)  # type: ignore[untyped-decorator]
def _compile_gather(model, states, fields, site):  # type: ignore[no-untyped-def]
    def potts(model, states, fields, site):  # type: ignore[no-untyped-def]
        at, count = model.rows[site], model.num_values[site]
        begin, end = model.pointers[site], model.pointers[site + 1]
        if count <= _COUNTED:
            edges = model.neighbours, model.weights
            _gather_row(states, edges, (begin, end), model.h, (at, count), fields)
            return
        for k in range(model.rows[site + 1] - at):
            fields[k] = model.h[at + k]
        for entry in range(begin, end):
            value = int64(states[model.neighbours[entry], 0])
            if value < count:
                fields[value] += model.weights[entry]

    def tables(model, states, fields, site):  # type: ignore[no-untyped-def]
        span = model.pointers[site], model.pointers[site + 1]
        edges = model.neighbours, model.table_of, model.tables
        row = model.rows[site], model.num_values[site]
        _gather_row(states, edges, span, model.h, row, fields)

    if family.is_record(model, PottsSites):
        return potts
    return tables if family.is_record(model, TableSites) else None


@intrinsic  # type: ignore[untyped-decorator]
def _gather_row(
    typingctx: Any, states: Any, edges: Any, span: Any, h: Any, row: Any, fields: Any
) -> Any:
    """The same, eight energies in a register at a time: single numbers that have just been stored
    are slow to load as a vector. row = (where it begins in h, K); edges = (neighbours, weights) or
    (neighbours, table_of, tables)."""

    def codegen(context: Any, b: Any, signature: Any, arguments: Any) -> Any:
        kinds = signature.args
        state, fixed, out = (data_of(context, b, kinds[k], arguments[k]) for k in (0, 3, 5))
        lists = [
            data_of(context, b, kind, b.extract_value(arguments[1], k))
            for k, kind in enumerate(kinds[1])
        ]
        first, last = (b.extract_value(arguments[2], k) for k in (0, 1))
        at, count = (b.extract_value(arguments[4], k) for k in (0, 1))
        add = b.fadd if fixed.type.pointee == F64 else b.add
        eights = Loop(b, [integer(0)])
        (begin,) = eights.values
        with eights.running(b.icmp_signed("<", begin, count)):
            added = _adder(b, lists, count, begin)
            loop = Loop(b, [first, load(b, fixed, b.add(at, begin), lanes=WIDTH)])
            k, total = loop.values
            with loop.running(b.icmp_signed("<", k, last)):
                j = b.sext(element(b, lists[0], k), I64)
                value = element(b, state, b.shl(j, integer(1)))
                loop.next([b.add(k, integer(1)), add(total, added(k, value))])
            store(b, loop.values[1], out, begin)
            eights.next([b.add(begin, integer(WIDTH))])
        return context.get_dummy_value()

    return types.void(states, edges, span, h, row, fields), codegen


def _adder(b: Any, lists: list[Any], count: Any, begin: Any) -> Callable[[Any, Any], Any]:
    """What an edge and the value at its other end add to the eight energies from ``begin`` on."""
    energy = lists[-1].type.pointee
    lane = I64 if energy == F64 else energy
    nothing = constant(energy, 0, WIDTH)
    places = b.add(splat(b, begin, WIDTH), constant(I64, list(range(WIDTH)), WIDTH))
    inside = b.icmp_signed("<", places, splat(b, count, WIDTH))
    if lane != I64:
        places = b.trunc(places, vector(lane, WIDTH))

    def of_weight(k: Any, value: Any) -> Any:
        wide = value if lane == I16 else b.sext(value, lane)
        alike = b.and_(inside, b.icmp_signed("==", splat(b, wide, WIDTH), places))
        return b.select(alike, splat(b, element(b, lists[1], k), WIDTH), nothing)

    def of_table(k: Any, value: Any) -> Any:
        start = b.add(element(b, lists[1], k), b.mul(b.sext(value, I64), count))
        return b.select(inside, load(b, lists[2], b.add(start, begin), lanes=WIDTH), nothing)

    return of_weight if len(lists) == 2 else of_table
