"""Chebyshev recursions of a Hamiltonian that flips spins, eight columns side by side.

The Hamiltonian is ``H v[x] = diagonal[x] v[x] - sum_j fields[j] v[x ^ masks[j]]``, shifted and
scaled so that its levels lie in [-1, 1]; ``masks`` int64 and ``fields`` float64 of an even length,
``diagonal`` float64 (N,). Columns are float64 (8 N,), entry b of state x at 8 x + b.
"""

from __future__ import annotations

from typing import Any

from llvmlite import ir
from numba.core import types
from numba.extending import intrinsic

from pbit.kernels.jit import bare_kernel, inner
from pbit.kernels.vectors.llvm import (
    F64,
    Loop,
    call,
    constant,
    data_of,
    element,
    integer,
    load,
    splat,
    store,
)

WIDTH = 8
_ROW = ir.VectorType(F64, WIDTH)


@intrinsic  # type: ignore[untyped-decorator]
def _step_state(
    typingctx: Any, out: Any, v: Any, x: Any, level: Any, masks: Any, fields: Any
) -> Any:
    """out[x] = 2 (level v[x] - sum_j fields[j] v[x ^ masks[j]]) - out[x], for all columns."""

    def codegen(context: Any, b: Any, signature: Any, arguments: Any) -> Any:
        target, source, which, factors = (
            data_of(context, b, signature.args[k], arguments[k]) for k in (0, 1, 4, 5)
        )
        x, count = arguments[2], b.extract_value(arguments[4], 2)

        def row(state: Any) -> Any:
            return load(b, source, b.mul(state, integer(WIDTH)), lanes=WIDTH)

        def plus(factor: Any, values: Any, total: Any) -> Any:
            return call(
                b, f"llvm.fmuladd.v{WIDTH}f64", _ROW, [splat(b, factor, WIDTH), values, total]
            )

        zero = constant(F64, 0.0, WIDTH)
        loop = Loop(b, [integer(0), zero, zero])
        j, one, other = loop.values
        with loop.running(b.icmp_signed("<", j, count)):
            k = b.add(j, integer(1))
            near, far = (row(b.xor(x, element(b, which, index))) for index in (j, k))
            first = plus(element(b, factors, j), near, one)
            second = plus(element(b, factors, k), far, other)
            loop.next([b.add(j, integer(2)), first, second])
        flips = b.fadd(one, other)
        kept = plus(arguments[3], row(x), b.fneg(flips))
        place = b.mul(x, integer(WIDTH))
        twice = b.fadd(kept, kept)
        store(b, b.fsub(twice, load(b, target, place, lanes=WIDTH)), target, place)
        return context.get_dummy_value()

    return types.void(out, v, types.int64, types.float64, masks, fields), codegen


@inner
def _step(out: Any, v: Any, diagonal: Any, masks: Any, fields: Any) -> None:
    """out = 2 H v - out."""
    for x in range(diagonal.size):
        _step_state(out, v, x, diagonal[x], masks, fields)


@inner
def _tilt(out: Any, v: Any, tilt: Any, factor: float) -> None:
    """out -= factor tilt v."""
    for x in range(tilt.size):
        at, amount = x * WIDTH, factor * tilt[x]
        for b in range(WIDTH):
            out[at + b] -= amount * v[at + b]


@inner
def _add(total: Any, v: Any, coefficient: float) -> None:
    for k in range(v.size):
        total[k] += coefficient * v[k]


@bare_kernel
def expand(
    diagonal: Any, masks: Any, fields: Any, coefficients: Any, v: Any, after: Any, totals: Any
) -> None:
    """totals[l] = sum_k coefficients[l, k] T_k(H) v; ``after``, of the size of v, is scratch.

    ``coefficients`` float64 (l, k), ``totals`` float64 (l, 8 N), zero at the start; v is lost.
    """
    for k in range(coefficients.shape[1]):
        if k % 2 == 0:
            now, other = v, after
        else:
            now, other = after, v
        for line in range(totals.shape[0]):
            _add(totals[line], now, coefficients[line, k])
        if k == 0:
            other[:] = 0.0
        _step(other, now, diagonal, masks, fields)
        if k == 0:
            for x in range(other.size):
                other[x] *= 0.5


@bare_kernel
def expand_response(
    diagonal: Any,
    masks: Any,
    fields: Any,
    partner: Any,
    partner_fields: Any,
    tilt: Any,
    coefficients: Any,
    v: Any,
    work: Any,
    total: Any,
    response: Any,
) -> None:
    """As :func:`expand` with one line, and its derivative as H goes to H - eta tilt, at eta = 0.

    Tilted columns are in the partner's sector (``partner`` its diagonal); ``work`` float64
    (3, 8 N), ``total`` and ``response`` zero at the start.
    """
    work[:] = 0.0
    for k in range(coefficients.size):
        if k % 2 == 0:
            now, other, tilted, next_tilted = v, work[0], work[1], work[2]
        else:
            now, other, tilted, next_tilted = work[0], v, work[2], work[1]
        _add(total, now, coefficients[k])
        _add(response, tilted, coefficients[k])
        _step(next_tilted, tilted, partner, masks, partner_fields)
        if k == 0:
            _tilt(next_tilted, now, tilt, 1.0)
        else:
            _tilt(next_tilted, now, tilt, 2.0)
        _step(other, now, diagonal, masks, fields)
        if k == 0:
            for x in range(other.size):
                other[x] *= 0.5


@bare_kernel
def apply_twice(out: Any, v: Any, diagonal: Any, masks: Any, fields: Any) -> None:
    """out = 2 H v; ``out`` zero at the start."""
    _step(out, v, diagonal, masks, fields)


@bare_kernel
def overlaps(v: Any, masks: Any, sums: Any) -> None:
    """sums[j, b] = sum_x v[x, b] v[x ^ masks[j], b]; ``sums`` float64 (m, 8), zero at the start."""
    for x in range(v.size // WIDTH):
        at = x * WIDTH
        for j in range(masks.size):
            other = (x ^ masks[j]) * WIDTH
            for b in range(WIDTH):
                sums[j, b] += v[at + b] * v[other + b]
