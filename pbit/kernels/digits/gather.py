"""Energies of the values of one site, summed from its neighbours when they are needed.

``states`` int16 (n, 2): value, and what chromatic.py keeps beside it.
"""

from __future__ import annotations

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
)


def gather(model: Any, states: Any, fields: Any, site: Any) -> None:
    """The energies of all values of a site, given its neighbours, into ``fields`` F, padded."""
    raise NotImplementedError("only in compiled code")


@chosen_by_types(gather)  # type: ignore[untyped-decorator]
def _compile_gather(model, states, fields, site):  # type: ignore[no-untyped-def]
    def potts(model, states, fields, site):  # type: ignore[no-untyped-def]
        at, count = model.rows[site], model.num_values[site]
        begin, end = model.pointers[site], model.pointers[site + 1]
        if count <= WIDTH:
            edges = model.neighbours, model.weights
            _gather_eight(states, edges, (begin, end), model.h, (at, count), fields)
            return
        for k in range(model.rows[site + 1] - at):
            fields[k] = model.h[at + k]
        for entry in range(begin, end):
            value = int64(states[model.neighbours[entry], 0])
            if value < count:
                fields[value] += model.weights[entry]

    def tables(model, states, fields, site):  # type: ignore[no-untyped-def]
        at, count = model.rows[site], model.num_values[site]
        for k in range(model.rows[site + 1] - at):
            fields[k] = model.h[at + k]
        for entry in range(model.pointers[site], model.pointers[site + 1]):
            j = model.neighbours[entry]
            begin, stride = model.table_of[entry] + states[j, 0], model.num_values[j]
            for a in range(count):
                fields[a] += model.tables[begin + a * stride]

    if family.is_record(model, PottsSites):
        return potts
    return tables if family.is_record(model, TableSites) else None


@intrinsic  # type: ignore[untyped-decorator]
def _gather_eight(
    typingctx: Any, states: Any, edges: Any, span: Any, h: Any, row: Any, fields: Any
) -> Any:
    """The same for a row of eight Potts energies or fewer, in a register: single numbers that have
    just been stored are slow to load as a vector. row = (where it begins in h, K)."""

    def codegen(context: Any, b: Any, signature: Any, arguments: Any) -> Any:
        kinds = signature.args
        state, fixed, out = (data_of(context, b, kinds[k], arguments[k]) for k in (0, 3, 5))
        neighbours, weights = (
            data_of(context, b, kinds[1][k], b.extract_value(arguments[1], k)) for k in (0, 1)
        )
        first, last = (b.extract_value(arguments[2], k) for k in (0, 1))
        at, count = (b.extract_value(arguments[4], k) for k in (0, 1))
        energy = fixed.type.pointee
        lane = I64 if energy == F64 else energy
        add = b.fadd if energy == F64 else b.add
        places = constant(lane, list(range(WIDTH)), WIDTH)
        counts = splat(b, count if lane == I64 else b.trunc(count, lane), WIDTH)
        places = b.select(b.icmp_signed("<", places, counts), places, constant(lane, -1, WIDTH))
        loop = Loop(b, [first, load(b, fixed, at, lanes=WIDTH)])
        k, total = loop.values
        with loop.running(b.icmp_signed("<", k, last)):
            j = b.sext(element(b, neighbours, k), I64)
            value = element(b, state, b.shl(j, integer(1)))
            value = value if lane == I16 else b.sext(value, lane)
            alike = b.icmp_signed("==", splat(b, value, WIDTH), places)
            weight = splat(b, element(b, weights, k), WIDTH)
            added = b.select(alike, weight, constant(energy, 0, WIDTH))
            loop.next([b.add(k, integer(1)), add(total, added)])
        store(b, loop.values[1], out, integer(0))
        return context.get_dummy_value()

    return types.void(states, edges, span, h, row, fields), codegen
