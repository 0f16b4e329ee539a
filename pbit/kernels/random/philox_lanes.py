"""The generator of :mod:`pbit.kernels.random.philox` in vectors of 8 counters."""

from __future__ import annotations

from typing import Any

from numba.core import cgutils, types
from numba.extending import intrinsic

from pbit.kernels.random.philox import FACTORS, ROUND_KEYS
from pbit.kernels.vectors.llvm import (
    I32,
    I64,
    constant,
    data_of,
    element,
    integer,
    splat,
    store,
    vector,
)

WORDS = 8


def philox(b: Any, counters: list[list[Any]], keys: Any) -> list[tuple[Any, Any]]:
    """Philox4x32-10 of several vectors of counters at once: (words 0 and 1, words 2 and 3) each.

    keys: pointer to the 20 round keys. Vectors hold 32-bit words in 64-bit lanes; the upper
    halves are garbage between rounds.
    """
    low, shift = constant(I64, 0xFFFFFFFF, WORDS), constant(I64, 32, WORDS)
    factors = [constant(I64, factor, WORDS) for factor in FACTORS]
    states = [list(counter) for counter in counters]
    for step in range(len(ROUND_KEYS)):
        k0, k1 = (splat(b, element(b, keys, integer(2 * step + w)), WORDS) for w in (0, 1))
        for state in states:
            c0, c1, c2, c3 = state
            p0, p1 = b.mul(factors[0], b.and_(c0, low)), b.mul(factors[1], b.and_(c2, low))
            state[0] = b.xor(b.xor(b.lshr(p1, shift), c1), k0)
            state[2] = b.xor(b.xor(b.lshr(p0, shift), c3), k1)
            state[1], state[3] = p1, p0
    return [
        (
            b.or_(b.and_(c0, low), b.shl(c1, shift)),
            b.or_(b.and_(c2, low), b.shl(c3, shift)),
        )
        for c0, c1, c2, c3 in states
    ]


def _filler(slots: list[int], sweeps: list[int], what: str) -> Any:
    """Sixteen counters at once: what is added to words 0 and 1 of the first."""

    def fill(typingctx: Any, words: Any, at: Any, counter: Any, keys: Any) -> Any:
        def codegen(context: Any, b: Any, signature: Any, arguments: Any) -> Any:
            out = data_of(context, b, signature.args[0], arguments[0])
            round_keys = data_of(context, b, signature.args[3], arguments[3])
            given = [splat(b, c, WORDS) for c in cgutils.unpack_tuple(b, arguments[2], 4)]
            counters = []
            for each in (slice(0, WORDS), slice(WORDS, 2 * WORDS)):
                c0 = b.add(given[0], constant(I64, slots[each], WORDS))
                c1 = b.add(given[1], constant(I64, sweeps[each], WORDS))
                counters.append([c0, c1, *given[2:]])
            # Output of one counter = four consecutive slots: pairs of 64-bit lanes.
            order = constant(
                I32, [x for lane in range(WORDS) for x in (lane, lane + WORDS)], 2 * WORDS
            )
            for half, (first_pair, second_pair) in enumerate(philox(b, counters, round_keys)):
                pairs = b.shuffle_vector(first_pair, second_pair, order)
                place = b.add(arguments[1], integer(4 * WORDS * half))
                store(b, b.bitcast(pairs, vector(I32, 4 * WORDS)), out, place)
            return context.get_dummy_value()

        return types.void(words, at, counter, keys), codegen

    fill.__doc__ = f"``words[at : at + 64]`` = words of {what}; counter = (slot // 4, sweep, ...)."
    return intrinsic(fill)


fill_slots = _filler(list(range(16)), [0] * 16, "64 slots")
fill_sweeps = _filler([0, 1, 2, 3] * 4, [k // 4 for k in range(16)], "16 slots of 4 sweeps")


@intrinsic  # type: ignore[untyped-decorator]
def fill_reads(typingctx: Any, words: Any, counter: Any, keys: Any) -> Any:
    """``words[q, r]`` = word of slot ``4 c0 + q`` for read ``c2 + r``, as
    :func:`pbit.kernels.random.philox.fill_words`; words uint32 (4, R), R a multiple of 16."""

    def codegen(context: Any, b: Any, signature: Any, arguments: Any) -> Any:
        array = context.make_array(signature.args[0])(context, b, arguments[0])
        round_keys = data_of(context, b, signature.args[2], arguments[2])
        reads = b.extract_value(array.shape, 1)
        c0, c1, c2, c3 = cgutils.unpack_tuple(b, arguments[1], 4)
        low = [constant(I64, [WORDS * half + k for k in range(WORDS)], WORDS) for half in range(2)]
        even = constant(I32, [2 * lane for lane in range(2 * WORDS)], 2 * WORDS)
        odd = constant(I32, [2 * lane + 1 for lane in range(2 * WORDS)], 2 * WORDS)
        with cgutils.for_range_slice(b, integer(0), reads, integer(2 * WORDS), I64) as (r, _):
            first = splat(b, b.add(c2, r), WORDS)
            counters = [
                [splat(b, c0, WORDS), splat(b, c1, WORDS), b.add(first, half),
                 splat(b, c3, WORDS)]
                for half in low
            ]  # fmt: skip
            halves = philox(b, counters, round_keys)
            for pair in range(2):
                left, right = (b.bitcast(half[pair], vector(I32, 2 * WORDS)) for half in halves)
                for which, lanes in enumerate((even, odd)):
                    row = b.mul(integer(2 * pair + which), reads)
                    chosen = b.shuffle_vector(left, right, lanes)
                    store(b, chosen, array.data, b.add(row, r))
        return context.get_dummy_value()

    return types.void(words, counter, keys), codegen
