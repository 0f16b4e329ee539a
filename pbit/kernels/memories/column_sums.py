"""Sums over the stored patterns, sixteen reads side by side."""

from __future__ import annotations

from typing import Any

from numba.core import cgutils, types
from numba.extending import intrinsic

from pbit.kernels.sweeps.lanes import LANES, fma
from pbit.kernels.vectors.llvm import (
    F64,
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

_TILES = (2, 1)  # vectors whose sums stay in registers


@intrinsic  # type: ignore[untyped-decorator]
def add_column(typingctx: Any, sums: Any, weights: Any, columns: Any, numbers: Any) -> Any:
    """``sums[r] = sum_m columns[i, m] weights[m, r]``, summed in the order of m for every read.

    sums float64 (R,), R a multiple of 16; weights float64 (P, R); columns float64 (n, P);
    numbers = (i, P, R), int64.
    """

    def codegen(context: Any, b: Any, signature: Any, arguments: Any) -> Any:
        out, terms, signs = (data_of(context, b, signature.args[k], arguments[k]) for k in range(3))
        site, patterns, reads = cgutils.unpack_tuple(b, arguments[3], 3)
        own = b.gep(signs, [b.mul(site, patterns)])

        def tile(read: Any, count: int) -> None:
            loop = Loop(b, [integer(0), *[constant(F64, 0.0, LANES)] * count])
            m, *totals = loop.values
            with loop.running(b.icmp_signed("<", m, patterns)):
                row = b.add(b.mul(m, reads), read)
                sign = splat(b, element(b, own, m), LANES)
                new = [
                    fma(b, sign, load(b, terms, b.add(row, integer(LANES * t)), lanes=LANES), total)
                    for t, total in enumerate(totals)
                ]
                loop.next([b.add(m, integer(1)), *new])
            for t, total in enumerate(loop.values[1:]):
                store(b, total, out, b.add(read, integer(LANES * t)))

        first = integer(0)
        for count in _TILES:
            last = b.and_(reads, integer(-LANES * count))
            with cgutils.for_range_slice(b, first, last, integer(LANES * count), I64) as (read, _):
                tile(read, count)
            first = last
        return context.get_dummy_value()

    return types.void(sums, weights, columns, numbers), codegen
