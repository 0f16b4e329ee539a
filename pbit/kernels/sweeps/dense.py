"""Four spins at a time against all others: the update for dense couplings.

The fields of four neighbouring sites are sums over the same spins, so that a tile of 64 reads
loads each spin once for four multiply-adds and keeps all sixteen sums in registers. What the
four owe each other is added last, with the spins as they are by then: still one update after the
other. Spins are stored as +1.0 and -1.0, couplings as a full matrix, both padded to a multiple of
four sites that are coupled to nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from numba.core import cgutils, types
from numba.extending import intrinsic

from pbit.kernels.sweeps.lanes import LANES, each_tile, fma, heat_bath, metropolis
from pbit.kernels.vectors.llvm import (
    F32,
    F64,
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

GROUP = 4


class _Group:
    """Code for the sites first..first + 3 and all reads."""

    def __init__(self, context: Any, b: Any, signature: Any, arguments: Any) -> None:
        def data(k: int) -> Any:
            return data_of(context, b, signature.args[k], arguments[k])

        self.b = b
        self.spins, self.matrix, self.bias = data(0), data(2), data(3)
        self.words, self.change, self.scales = data(4), data(5), data(6)
        self.first = arguments[1]
        self.reads, self.sites = cgutils.unpack_tuple(b, arguments[7], 2)
        self.real = self.bias.type.pointee

    def tile(self, read: Any, count: int, rule: Callable[..., Any]) -> None:
        """Update ``16 * count`` reads from ``read`` on."""
        b = self.b
        sums = [
            splat(b, element(b, self.bias, self._site(a)), LANES)
            for a in range(GROUP)
            for _ in range(count)
        ]
        sums = self._add(sums, (integer(0), self.first), read, count)
        sums = self._add(sums, (self._site(GROUP), self.sites), read, count)
        for t in range(count):
            lane = b.add(read, integer(LANES * t))
            self._update([sums[a * count + t] for a in range(GROUP)], lane, rule)

    def _add(self, sums: list[Any], bounds: tuple[Any, Any], read: Any, count: int) -> list[Any]:
        """Add the couplings to the spins in ``bounds``."""
        b = self.b
        loop = Loop(b, [bounds[0], *sums])
        j, *totals = loop.values
        with loop.running(b.icmp_signed("<", j, bounds[1])):
            row = b.add(b.mul(j, self.reads), read)
            spins = [
                load(b, self.spins, b.add(row, integer(LANES * t)), lanes=LANES)
                for t in range(count)
            ]
            weights = [self._weight(a, j) for a in range(GROUP)]
            new = [
                fma(b, weights[k // count], self._as_real(spins[k % count]), total)
                for k, total in enumerate(totals)
            ]
            loop.next([b.add(j, integer(1)), *new])
        return loop.values[1:]

    def _update(self, sums: list[Any], lane: Any, rule: Callable[..., Any]) -> None:
        b = self.b
        places = [b.add(b.mul(self._site(a), self.reads), lane) for a in range(GROUP)]
        spins = [load(b, self.spins, place, lanes=LANES) for place in places]
        change = load(b, self.change, lane, lanes=LANES)
        scale = load(b, self.scales, lane, lanes=LANES)
        zero, one, minus = (constant(F32, value, LANES) for value in (0.0, 1.0, -1.0))
        for a in range(GROUP):
            field = sums[a]
            for other in range(GROUP):
                if other != a:
                    weight = self._weight(a, self._site(other))
                    field = fma(b, weight, self._as_real(spins[other]), field)
            x = b.fmul(field, scale)
            if self.real == F64:
                x = b.fptrunc(x, vector(F32, LANES))
            at = b.add(b.mul(integer(a), self.reads), lane)
            word = load(b, self.words, at, lanes=LANES)
            is_up = b.fcmp_ordered(">", spins[a], zero)
            new = b.select(rule(b, x, word, is_up), one, minus)
            moved = self._as_real(b.fsub(spins[a], new))
            change = b.fadd(change, b.fmul(moved, field))
            spins[a] = new
            store(b, new, self.spins, places[a])
        store(b, change, self.change, lane)

    def _site(self, a: int) -> Any:
        return self.b.add(self.first, integer(a))

    def _weight(self, a: int, other: Any) -> Any:
        at = self.b.add(self.b.mul(self._site(a), self.sites), other)
        return splat(self.b, element(self.b, self.matrix, at), LANES)

    def _as_real(self, value: Any) -> Any:
        if self.real == F32:
            return value
        return self.b.fpext(value, vector(F64, LANES))


def _updater(rule: Callable[..., Any]) -> Any:
    @intrinsic  # type: ignore[untyped-decorator]
    def update(
        typingctx: Any,
        spins: Any,
        first: Any,
        matrix: Any,
        bias: Any,
        words: Any,
        change: Any,
        scales: Any,
        numbers: Any,
    ) -> Any:
        """Update the sites first..first + 3 of all reads, one after the other.

        spins float32 (sites, reads); matrix and bias in the fields' precision; words uint32
        (4, reads); scales (reads,); numbers = (reads, sites), multiples of 16 and of 4.
        """

        def codegen(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
            group = _Group(context, builder, signature, arguments)
            each_tile(builder, group.reads, lambda read, count: group.tile(read, count, rule))
            return context.get_dummy_value()

        arguments = (spins, first, matrix, bias, words, change, scales, numbers)
        return types.void(*arguments), codegen

    return update


update_group_heat_bath = _updater(heat_bath)
update_group_metropolis = _updater(metropolis)
