"""How far a field must lie for a random word to turn a spin: drawn before the field is known.

The rules of :mod:`pbit.kernels.sweeps.lanes` compare a random number u with a power of two of the
field x (= 2 beta f log2(e), or the cost of a flip), which puts a division's worth of work between
a field and the spin that the next field waits for. Solved for x they are

- heat bath: up iff ``x > log2(u / (1 - u))``;
- Metropolis: flipped iff ``cost <= -log2(u)``;

and the right sides need no field. In float32 both forms are off by less than ``NEAR / 4`` in x
(tests/kernels/test_limits.py), so that they agree where x is not that near; the few that are
decide by the rules themselves. Spins are the same to the last bit.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from llvmlite import ir
from numba import int64, types, uint64
from numba.extending import intrinsic

from pbit.kernels.jit import chosen_by_types
from pbit.kernels.sweeps.lanes import LANES, fma, heat_bath, metropolis
from pbit.kernels.vectors.llvm import (
    F32,
    F64,
    I8,
    I32,
    call,
    constant,
    data_of,
    load,
    splat,
    store,
    vector,
)

NEAR = 3e-5
"""Fields nearer than this to a limit are left to the rule."""

# Minimax coefficients of log2(1 + f) / f on [sqrt(1/2) - 1, sqrt(2) - 1], highest first: log2 is
# off by less than 4e-7.
LOG2_COEFFICIENTS = (
    *(0.17063434, -0.2726979, 0.2972626, -0.35896185, 0.48046502, -0.7213759, 1.4426997),
)
_ROOT_HALF = 0x3F3504F3  # bits of sqrt(1/2)
_MANTISSA = 23
_HALF, _ALL = 0.5, 4294967296.0


def _floats(value: float) -> Any:
    return constant(F32, value, LANES)


def _log2(b: Any, y: Any) -> Any:
    """Of positive floats."""
    bits = b.bitcast(y, vector(I32, LANES))
    above = b.sub(bits, constant(I32, _ROOT_HALF, LANES))
    exponent = b.ashr(above, constant(I32, _MANTISSA, LANES))
    rest = b.sub(bits, b.shl(exponent, constant(I32, _MANTISSA, LANES)))
    f = b.fsub(b.bitcast(rest, vector(F32, LANES)), _floats(1.0))
    p = _floats(LOG2_COEFFICIENTS[0])
    for coefficient in LOG2_COEFFICIENTS[1:]:
        p = fma(b, p, f, _floats(coefficient))
    return fma(b, p, f, b.sitofp(exponent, vector(F32, LANES)))


def _uniform(b: Any, word: Any) -> Any:
    return b.fadd(b.uitofp(word, vector(F32, LANES)), _floats(_HALF))


def _heat_bath_limit(b: Any, word: Any) -> Any:
    return _log2(b, b.fdiv(_uniform(b, word), _uniform(b, b.not_(word))))


def _metropolis_limit(b: Any, word: Any) -> Any:
    return _log2(b, b.fdiv(_floats(_ALL), _uniform(b, word)))


def _filler(limit: Callable[..., Any]) -> Any:
    @intrinsic  # type: ignore[untyped-decorator]
    def fill(typingctx: Any, words: Any, limits: Any, at: Any) -> Any:
        """``limits[at : at + 16]`` of the words there."""

        def codegen(context: Any, b: Any, signature: Any, arguments: Any) -> Any:
            own, other = (data_of(context, b, signature.args[k], arguments[k]) for k in (0, 1))
            at = arguments[2]
            store(b, limit(b, load(b, own, at, lanes=LANES)), other, at)
            return context.get_dummy_value()

        return types.void(words, limits, types.int64), codegen

    return fill


def _decider(decisions: Callable[..., Any]) -> Any:
    @intrinsic  # type: ignore[untyped-decorator]
    def decide(
        typingctx: Any, spins: Any, fields: Any, at: Any, drawn: Any, drawn_at: Any, scale: Any
    ) -> Any:
        """What is decided of the sites at..at + 15 by what was drawn for them: words or limits."""

        def codegen(context: Any, b: Any, signature: Any, arguments: Any) -> Any:
            def lanes(k: int, at: Any) -> Any:
                data = data_of(context, b, signature.args[k], arguments[k])
                return load(b, data, at, lanes=LANES)

            x = b.fmul(lanes(1, arguments[2]), splat(b, arguments[5], LANES))
            if arguments[5].type == F64:
                x = b.fptrunc(x, vector(F32, LANES))
            is_up = b.icmp_signed(">", lanes(0, arguments[2]), constant(I8, 0, LANES))
            return decisions(b, x, lanes(3, arguments[4]), is_up)

        arguments = (spins, fields, at, drawn, drawn_at, scale)
        return types.uint32(*arguments), codegen

    return decide


def _bits(b: Any, mask: Any) -> Any:
    return b.zext(b.bitcast(mask, ir.IntType(LANES)), I32)


def _by_rule(rule: Callable[..., Any]) -> Callable[..., Any]:
    """Flips as bits 0..15."""

    def decisions(b: Any, x: Any, word: Any, is_up: Any) -> Any:
        return _bits(b, b.xor(rule(b, x, word, is_up), is_up))

    return decisions


def _with_near(b: Any, flips: Any, x: Any, limit: Any) -> Any:
    """Flips as bits 0..15; the lanes that are too near to tell as bits 16..31."""
    away = call(b, f"llvm.fabs.v{LANES}f32", x.type, [b.fsub(x, limit)])
    is_near = b.fcmp_unordered("<", away, _floats(NEAR))
    return b.or_(_bits(b, flips), b.shl(_bits(b, is_near), ir.Constant(I32, LANES)))


def _heat_bath_flips(b: Any, x: Any, limit: Any, is_up: Any) -> Any:
    return _with_near(b, b.xor(b.fcmp_ordered(">", x, limit), is_up), x, limit)


def _metropolis_flips(b: Any, x: Any, limit: Any, is_up: Any) -> Any:
    cost = b.select(is_up, x, b.fsub(_floats(-0.0), x))
    return _with_near(b, b.fcmp_ordered("<=", cost, limit), cost, limit)


_fill_heat_bath, _fill_metropolis = _filler(_heat_bath_limit), _filler(_metropolis_limit)
_decide_heat_bath, _decide_metropolis = _decider(_heat_bath_flips), _decider(_metropolis_flips)
_rule_heat_bath, _rule_metropolis = _decider(_by_rule(heat_bath)), _decider(_by_rule(metropolis))


def fill_limits(words: Any, limits: Any, at: Any, metropolis: Any) -> None:
    """``limits[at : at + 16]``, float32, of the uint32 words there, by the rule that fits."""
    raise NotImplementedError("only in compiled code")


@chosen_by_types(fill_limits)  # type: ignore[untyped-decorator]
def _compile_fill_limits(words, limits, at, metropolis):  # type: ignore[no-untyped-def]
    fill = _fill_heat_bath if isinstance(metropolis, types.NoneType) else _fill_metropolis
    return lambda words, limits, at, metropolis: fill(words, limits, int64(at))


def decide(
    spins: Any, fields: Any, at: Any, limits: Any, limit_at: Any, scale: Any, metropolis: Any
) -> Any:
    """Which of the sites at..at + 15 would flip by their limits, as bits 0..15 of an integer; bits
    16..31 are of those that the limits are too near to tell."""
    raise NotImplementedError("only in compiled code")


@chosen_by_types(decide)  # type: ignore[untyped-decorator]
def _compile_decide(  # type: ignore[no-untyped-def]
    spins, fields, at, limits, limit_at, scale, metropolis
):
    chosen = _decide_heat_bath if isinstance(metropolis, types.NoneType) else _decide_metropolis
    return lambda spins, fields, at, limits, limit_at, scale, metropolis: uint64(
        chosen(spins, fields, int64(at), limits, int64(limit_at), scale)
    )


def decide_by_rule(
    spins: Any, fields: Any, at: Any, words: Any, word_at: Any, scale: Any, metropolis: Any
) -> Any:
    """Which of the sites at..at + 15 flip by the rule itself, as bits 0..15 of an integer."""
    raise NotImplementedError("only in compiled code")


@chosen_by_types(decide_by_rule)  # type: ignore[untyped-decorator]
def _compile_decide_by_rule(  # type: ignore[no-untyped-def]
    spins, fields, at, words, word_at, scale, metropolis
):
    chosen = _rule_heat_bath if isinstance(metropolis, types.NoneType) else _rule_metropolis
    return lambda spins, fields, at, words, word_at, scale, metropolis: uint64(
        chosen(spins, fields, int64(at), words, int64(word_at), scale)
    )
