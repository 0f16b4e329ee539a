"""Heun's step of a macrospin, for one magnet and for vectors of eight, from one text.

In units of an angle a step, gamma0 dt / (1 + alpha^2) times a field, the equation of motion is

    dm = -m x (U + m x W),   U = F + c,   W = alpha F + d,   F = A m + thermal field

with a symmetric matrix A (anisotropy and shape) and constant vectors c and d of each magnet
(applied field and spin torques). Where a slant v is given, the torques e and g, divided by
``1 + v . m``, are added to c and d. The step uses the same thermal field in predictor and
corrector (Stratonovich) and ends on the unit sphere.

numba's vectoriser leaves this loop scalar (four times slower), hence LLVM builders. Scalars and
vectors go through the same operations in the same order, fused where it says fma and nowhere
else: a magnet's bits do not depend on its neighbours.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from numba.core import cgutils, types
from numba.extending import intrinsic

from pbit.kernels.vectors.llvm import F64, I64, call, integer, load, splat, store, vector

LANES = 16  # magnets side by side come in multiples of this, as the random numbers do
ROWS = 18  # m, sum of m after every step, c, d, e, g
M, SUM, C, D, E, G = range(0, ROWS, 3)
_WIDTH = 8
_TRIANGLE = ((0, 1, 2), (1, 3, 4), (2, 4, 5))  # rows of a symmetric matrix


@dataclass(frozen=True)
class _Magnet:
    """LLVM values, scalars or vectors, of what one magnet or several are exposed to."""

    matrix: list[Any]
    alpha: Any
    thermal: list[Any]
    torques: list[list[Any]]  # c, d and, with a slant, e, g
    slant: list[Any]


def _heun(b: Any, m: list[Any], magnet: _Magnet) -> list[Any]:
    """m after one step."""
    half, one = _number(0.5, m[0]), _number(1.0, m[0])
    first = _slope(b, m, magnet)
    second = _slope(b, [b.fadd(x, k) for x, k in zip(m, first, strict=True)], magnet)
    pairs = zip(m, first, second, strict=True)
    x, y, z = (_fma(b, half, b.fadd(k, l), v) for v, k, l in pairs)  # noqa: E741
    square = _fma(b, x, x, _fma(b, y, y, b.fmul(z, z)))
    scale = b.fdiv(one, _call(b, "sqrt", square))
    return [b.fmul(v, scale) for v in (x, y, z)]


def _slope(b: Any, m: list[Any], magnet: _Magnet) -> list[Any]:
    """dm."""
    x, y, z = m
    a = magnet.matrix
    field = [
        _fma(b, a[i], x, _fma(b, a[j], y, _fma(b, a[k], z, h)))
        for (i, j, k), h in zip(_TRIANGLE, magnet.thermal, strict=True)
    ]
    c, d = _torques(b, m, magnet)
    w = [_fma(b, magnet.alpha, f, g) for f, g in zip(field, d, strict=True)]
    u = [b.fadd(f, g) for f, g in zip(field, c, strict=True)]
    v = [b.fadd(p, q) for p, q in zip(u, _cross(b, m, w), strict=True)]
    return _cross(b, v, m)


def _torques(b: Any, m: list[Any], magnet: _Magnet) -> list[list[Any]]:
    """c and d at this angle."""
    if not magnet.slant:
        return magnet.torques
    one = _number(1.0, m[0])
    c, d, e, g = magnet.torques
    below = one
    for v, x in zip(magnet.slant, m, strict=True):
        below = _fma(b, v, x, below)
    share = b.fdiv(one, below)
    return [
        [_fma(b, share, p, q) for p, q in zip(extra, fixed, strict=True)]
        for extra, fixed in ((e, c), (g, d))
    ]


def _cross(b: Any, p: list[Any], q: list[Any]) -> list[Any]:
    """p x q."""
    return [_fma(b, p[i], q[j], b.fneg(b.fmul(p[j], q[i]))) for i, j in ((1, 2), (2, 0), (0, 1))]


def _fma(b: Any, x: Any, y: Any, z: Any) -> Any:
    """x y + z, rounded once."""
    return _call(b, "fma", x, y, z)


def _call(b: Any, name: str, *arguments: Any) -> Any:
    kind = arguments[0].type
    width = "f64" if kind == F64 else f"v{_WIDTH}f64"
    return call(b, f"llvm.{name}.{width}", kind, list(arguments))


def _number(value: float, like: Any) -> Any:
    return like.type(value) if like.type == F64 else like.type([value] * _WIDTH)


def _magnet(b: Any, field: list[Any], thermal: list[Any], state: Any) -> _Magnet:
    """What there is in a numba tuple ``field``; ``state(row)`` gives three rows."""
    a, alpha, sigma, slant = field
    wide = thermal[0].type != F64

    def everywhere(value: Any) -> Any:
        return splat(b, value, _WIDTH) if wide else value

    slants = [] if slant is None else cgutils.unpack_tuple(b, slant, 3)
    return _Magnet(
        [everywhere(v) for v in cgutils.unpack_tuple(b, a, 6)],
        everywhere(alpha),
        [b.fmul(everywhere(sigma), h) for h in thermal],
        [state(row) for row in ((C, D, E, G) if slants else (C, D))],
        [everywhere(v) for v in slants],
    )


def _unpacked(b: Any, kind: Any, field: Any) -> list[Any]:
    """A, alpha, sigma, slant; None where numba's tuple has None."""
    values = cgutils.unpack_tuple(b, field, 4)
    return [*values[:3], None if kind[3] == types.none else values[3]]


@intrinsic  # type: ignore[untyped-decorator]
def step_one(typingctx: Any, m: Any, normals: Any, t: Any, state: Any, field: Any) -> Any:
    """m after a step with the normal numbers ``normals[:, t]``; m: three float64, state: float64
    (ROWS, 1), normals: float32 (3, S); field: (upper triangle of A by rows, alpha, thermal sigma,
    slant or None)."""

    def codegen(context: Any, b: Any, signature: Any, arguments: Any) -> Any:
        arrays = [context.make_array(signature.args[k])(context, b, arguments[k]) for k in (1, 3)]
        steps = b.extract_value(arrays[0].shape, 1)
        thermal = []
        for axis in range(3):
            at = b.add(b.mul(integer(axis), steps), arguments[2])
            thermal.append(b.fpext(b.load(b.gep(arrays[0].data, [at])), F64))

        def rows(row: int) -> list[Any]:
            return [b.load(b.gep(arrays[1].data, [integer(row + k)])) for k in range(3)]

        values = _unpacked(b, signature.args[4], arguments[4])
        magnet = _magnet(b, values, thermal, rows)
        after = _heun(b, cgutils.unpack_tuple(b, arguments[0], 3), magnet)
        return context.make_tuple(b, signature.return_type, after)

    return m(m, normals, t, state, field), codegen


@intrinsic  # type: ignore[untyped-decorator]
def step_many(typingctx: Any, state: Any, normals: Any, field: Any) -> Any:
    """One step of R magnets: state: float64 (ROWS, R); normals: float32 (3, R)."""

    def codegen(context: Any, b: Any, signature: Any, arguments: Any) -> Any:
        arrays = [context.make_array(signature.args[k])(context, b, arguments[k]) for k in (0, 1)]
        magnets = b.extract_value(arrays[0].shape, 1)
        values = _unpacked(b, signature.args[2], arguments[2])
        with cgutils.for_range_slice(b, integer(0), magnets, integer(_WIDTH), I64) as (k, _):

            def place(row: int) -> Any:
                return b.add(b.mul(integer(row), magnets), k)

            def rows(row: int) -> list[Any]:
                return [load(b, arrays[0].data, place(row + i), lanes=_WIDTH) for i in range(3)]

            thermal = [
                b.fpext(load(b, arrays[1].data, place(i), lanes=_WIDTH), vector(F64, _WIDTH))
                for i in range(3)
            ]
            after = _heun(b, rows(M), _magnet(b, values, thermal, rows))
            for i, (value, total) in enumerate(zip(after, rows(SUM), strict=True)):
                store(b, value, arrays[0].data, place(M + i))
                store(b, b.fadd(total, value), arrays[0].data, place(SUM + i))
        return context.get_dummy_value()

    return types.void(state, normals, field), codegen
