"""Sixteen reads side by side: colours of few values on sites of one K, small whole energies.

States are those of :mod:`pbit.kernels.digits.sites`, bit for bit: weights are summed in the same
order. ``shape`` is a tuple of K entries: code is compiled for each K, so that the weights of few
values stay in registers. Arrays of a block have a column for each read, a lane: ``values``
int16 (n, 16), ``fields`` int16 (n K, 16).
"""

from __future__ import annotations

from typing import Any

from llvmlite import ir
from numba.core import cgutils, types
from numba.extending import intrinsic

from pbit.kernels.digits.boltzmann import FROZEN, WIDTH, exp2_of, lower_of
from pbit.kernels.vectors.llvm import (
    F32,
    I1,
    I16,
    I32,
    Loop,
    call,
    constant,
    data_of,
    element,
    integer,
    load,
    splat,
    store,
    vector,
)

LANES = 16
MOST_VALUES = 32  # beyond, cold reads one after the other are faster: most of their sites rest

_NOTHING = constant(F32, 0.0, LANES)


@intrinsic  # type: ignore[untyped-decorator]
def draw(
    typingctx: Any, values: Any, fields: Any, site: Any, words: Any, scales: Any, moves: Any,
    costs: Any, shape: Any,
) -> Any:  # fmt: skip
    """Draw the value of a site in all reads; which of them have moved, a bit for each.

    ``words`` uint32 (16,), ``scales`` float32 (16,); ``moves`` int16 (K + 1, 16) becomes 1 at the
    new value of a read that has moved, -1 at the old one, 0 elsewhere; its last row is the old
    values; ``costs`` int32 (16,) has what it costs added.
    """
    count = len(shape)

    def codegen(context: Any, b: Any, signature: Any, arguments: Any) -> Any:
        kinds = signature.args
        of_values, of_fields, of_words, of_scales, of_moves, of_costs = (
            data_of(context, b, kinds[k], arguments[k]) for k in (0, 1, 3, 4, 5, 6)
        )
        at = b.mul(arguments[2], integer(LANES))
        rows = b.mul(at, integer(count))
        old = load(b, of_values, at, lanes=LANES)
        energies = [
            load(b, of_fields, b.add(rows, integer(LANES * a)), lanes=LANES) for a in range(count)
        ]
        scale = load(b, of_scales, integer(0), lanes=LANES)
        is_old = [b.icmp_signed("==", old, constant(I16, a, LANES)) for a in range(count)]
        weights = _weights(b, energies, scale)
        others = _others(b, weights, is_old)
        own = _NOTHING
        for weight, here in zip(weights, is_old, strict=True):
            own = b.select(here, weight, own)
        total = b.fadd(others, own)
        uniform = _uniform(b, load(b, of_words, integer(0), lanes=LANES))
        reach = b.fmul(uniform, total)
        goes = b.or_(
            b.fcmp_ordered("<=", own, _NOTHING),
            b.and_(
                b.fcmp_ordered("<", uniform, b.fdiv(others, total)),
                b.fcmp_ordered("<", reach, others),
            ),
        )
        moved = b.zext(b.bitcast(goes, ir.IntType(LANES)), ir.IntType(64))
        with b.if_then(b.icmp_unsigned("!=", moved, integer(0))):
            new = _found(b, weights, is_old, (reach, goes, old))
            store(b, new, of_values, at)
            cost = constant(I16, 0, LANES)
            for a in range(count):
                is_new = b.icmp_signed("==", new, constant(I16, a, LANES))
                step = b.sub(*(b.zext(x, vector(I16, LANES)) for x in (is_new, is_old[a])))
                store(b, step, of_moves, integer(LANES * a))
                cost = b.add(cost, b.mul(step, energies[a]))
            store(b, old, of_moves, integer(LANES * count))
            before = load(b, of_costs, integer(0), lanes=LANES)
            store(b, b.add(before, b.sext(cost, vector(I32, LANES))), of_costs, integer(0))
        return moved

    kinds = values, fields, types.int64, words, scales, moves, costs, shape
    return types.int64(*kinds), codegen


@intrinsic  # type: ignore[untyped-decorator]
def push(
    typingctx: Any, fields: Any, model: Any, first: Any, last: Any, moves: Any, shape: Any
) -> Any:
    """Fields of the neighbours in entries ``first`` to ``last - 1`` follow.

    model = (``neighbours`` int32, ``weights`` int16).
    """
    count = len(shape)

    def codegen(context: Any, b: Any, signature: Any, arguments: Any) -> Any:
        kinds = signature.args
        of_fields, of_moves = (data_of(context, b, kinds[k], arguments[k]) for k in (0, 4))
        parts = cgutils.unpack_tuple(b, arguments[1], 2)
        neighbours, weights = (
            data_of(context, b, kind, part) for kind, part in zip(kinds[1], parts, strict=True)
        )
        steps = [load(b, of_moves, integer(LANES * a), lanes=LANES) for a in range(count)]
        loop = Loop(b, [arguments[2]])
        (entry,) = loop.values
        with loop.running(b.icmp_signed("<", entry, arguments[3])):
            site = b.sext(element(b, neighbours, entry), ir.IntType(64))
            row = b.mul(site, integer(LANES * count))
            weight = splat(b, element(b, weights, entry), LANES)
            for a, step in enumerate(steps):
                place = b.add(row, integer(LANES * a))
                field = load(b, of_fields, place, lanes=LANES)
                store(b, b.add(field, b.mul(weight, step)), of_fields, place)
            loop.next([b.add(entry, integer(1))])
        return context.get_dummy_value()

    return types.void(fields, model, types.int64, types.int64, moves, shape), codegen


@intrinsic  # type: ignore[untyped-decorator]
def how_many(typingctx: Any, bits: Any) -> Any:
    """Bits that are set."""

    def codegen(context: Any, b: Any, signature: Any, arguments: Any) -> Any:
        return call(b, "llvm.ctpop.i64", ir.IntType(64), list(arguments))

    return types.int64(types.int64), codegen


def _weights(b: Any, energies: list[Any], scale: Any) -> list[Any]:
    """``exp(-beta (E_a - E_min))`` in each lane."""
    low = energies[0]
    for energy in energies[1:]:
        low = lower_of(b, energy, low)
    wide, floats = vector(I32, LANES), vector(F32, LANES)
    weights = []
    for energy in energies:
        above = b.sitofp(b.sub(b.sext(energy, wide), b.sext(low, wide)), floats)
        power = b.fmul(above, scale)
        counted = b.fcmp_ordered(">", power, constant(F32, FROZEN, LANES))
        weights.append(b.select(counted, exp2_of(b, power), _NOTHING))
    return weights


def _others(b: Any, weights: list[Any], is_old: list[Any]) -> Any:
    """Sum of all but the present one, in the order in which a row of eight at a time is summed."""
    parts = [b.select(here, _NOTHING, w) for w, here in zip(weights, is_old, strict=True)]
    sums = parts[:WIDTH] + [_NOTHING] * (WIDTH - len(parts))
    for k, part in enumerate(parts[WIDTH:]):
        sums[k % WIDTH] = b.fadd(sums[k % WIDTH], part)
    for lanes in (4, 2, 1):
        sums = [b.fadd(sums[k], sums[k + lanes]) for k in range(lanes)]
    return sums[0]


def _uniform(b: Any, words: Any) -> Any:
    number = b.fadd(b.uitofp(words, vector(F32, LANES)), constant(F32, 0.5, LANES))
    return b.fmul(number, constant(F32, 2.0**-32, LANES))


def _found(b: Any, weights: list[Any], is_old: list[Any], drawn: Any) -> Any:
    """The value at which the sum of the others passes what was drawn, the last one at the end."""
    reach, goes, new = drawn
    passed, left = _NOTHING, goes
    for a, (weight, here) in enumerate(zip(weights, is_old, strict=True)):
        taken = b.and_(b.and_(left, b.not_(here)), b.fcmp_ordered(">", weight, _NOTHING))
        new = b.select(taken, constant(I16, a, LANES), new)
        passed = b.fadd(passed, b.select(here, _NOTHING, weight))
        ends = b.and_(taken, b.fcmp_ordered("<", reach, passed))
        left = b.and_(left, b.xor(ends, constant(I1, 1, LANES)))
    return new
