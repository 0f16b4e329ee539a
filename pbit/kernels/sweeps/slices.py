"""Sixteen spins of one colour updated at once: the vector runs over the spins of a single read.

Neighbours are stored sixteen sites abreast (:func:`pbit.kernels.graphs.rows.fill_slices`), so that
their numbers and weights are loaded in vectors; the neighbours' spins are fetched one by one,
which is faster here than the processor's gather. Same arithmetic, same bits as
:mod:`pbit.kernels.sweeps.lanes`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from llvmlite import ir
from numba.core import cgutils, types
from numba.extending import intrinsic

from pbit.kernels.sweeps.lanes import LANES, fma, heat_bath, metropolis
from pbit.kernels.vectors.llvm import (
    F32,
    F64,
    I8,
    I32,
    I64,
    Loop,
    constant,
    constant_index,
    data_of,
    element,
    integer,
    load,
    splat,
    store,
    vector,
)


class _Slice:
    """Code for the slots first..first + 15 of one read."""

    def __init__(self, context: Any, b: Any, signature: Any, arguments: Any) -> None:
        def data(k: int) -> Any:
            return data_of(context, b, signature.args[k], arguments[k])

        self.b = b
        self.spins, self.bias, self.words, self.change = data(0), data(2), data(5), data(6)
        self.neighbours, self.weights = data(3), data(4)
        self.first = arguments[1]
        numbers = cgutils.unpack_tuple(b, arguments[7], 5)
        self.start, self.end, self.word, self.count, self.scale = numbers
        self.real = self.scale.type

    def emit(self, rule: Callable[..., Any]) -> None:
        """All of it."""
        b = self.b
        field = self._field()
        x = b.fmul(field, splat(b, self.scale, LANES))
        if self.real == F64:
            x = b.fptrunc(x, vector(F32, LANES))
        old = load(b, self.spins, self.first, lanes=LANES)
        word = load(b, self.words, self.word, lanes=LANES)
        is_up = rule(b, x, word, b.icmp_signed(">", old, constant(I8, 0, LANES)))
        new = b.select(is_up, constant(I8, 1, LANES), constant(I8, -1, LANES))
        ours = b.icmp_signed(
            "<", constant(I64, list(range(LANES)), LANES), splat(b, self.count, LANES)
        )
        new = b.select(ours, new, old)
        store(b, new, self.spins, self.first)
        moved = b.sitofp(b.sext(b.sub(old, new), vector(I32, LANES)), field.type)
        change = load(b, self.change, integer(0), lanes=LANES)
        store(b, b.fadd(change, b.fmul(moved, field)), self.change, integer(0))

    def _field(self) -> Any:
        b = self.b
        loop = Loop(b, [self.start, load(b, self.bias, self.first, lanes=LANES)])
        k, field = loop.values
        with loop.running(b.icmp_signed("<", k, self.end)):
            spins = self._gather(load(b, self.neighbours, k, lanes=LANES))
            weights = load(b, self.weights, k, lanes=LANES)
            loop.next([b.add(k, integer(LANES)), fma(b, weights, spins, field)])
        return loop.values[1]

    def _gather(self, slots: Any) -> Any:
        b = self.b
        spins = ir.Constant(vector(I8, LANES), ir.Undefined)
        for lane in range(LANES):
            slot = b.zext(b.extract_element(slots, constant_index(lane)), I64)
            spin = element(b, self.spins, slot)
            spins = b.insert_element(spins, spin, constant_index(lane))
        return b.sitofp(b.sext(spins, vector(I32, LANES)), vector(self.real, LANES))


def _updater(rule: Callable[..., Any]) -> Any:
    @intrinsic  # type: ignore[untyped-decorator]
    def update(
        typingctx: Any,
        spins: Any,
        first: Any,
        bias: Any,
        neighbours: Any,
        weights: Any,
        words: Any,
        change: Any,
        numbers: Any,
    ) -> Any:
        """Update the slots first..first + count - 1, count <= 16, none of them coupled.

        spins int8 and bias (n + 16,); neighbours int32 and weights in slices of 16; words uint32;
        change (16,) grows by what the updates cost; numbers = (start and end in neighbours and
        weights, position in words, count, scale).
        """

        def codegen(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
            _Slice(context, builder, signature, arguments).emit(rule)
            return context.get_dummy_value()

        arguments = (spins, first, bias, neighbours, weights, words, change, numbers)
        return types.void(*arguments), codegen

    return update


update_slice_heat_bath = _updater(heat_bath)
update_slice_metropolis = _updater(metropolis)
