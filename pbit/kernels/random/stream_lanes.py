"""The random stream in vectors: words of 16 counters at once."""

from __future__ import annotations

from typing import Any

from numba.core import cgutils, types
from numba.extending import intrinsic

from pbit.kernels.random.ars import ars, block_of
from pbit.kernels.vectors.llvm import (
    I32,
    I64,
    constant,
    data_of,
    integer,
    load,
    store,
    vector,
)

BLOCKS = 8  # of 128 bits, in a vector


def counters(b: Any, first: Any, steps: list[tuple[int, int, int, int]]) -> Any:
    """Vector of blocks: what is added to the four counters of the first, for each of them."""
    lanes = 2 * len(steps)
    repeated = b.shuffle_vector(first, first, constant(I32, [0, 1] * len(steps), lanes))
    added = [x for c0, c1, c2, c3 in steps for x in (c0 + (c1 << 32), c2 + (c3 << 32))]
    return b.add(repeated, constant(I64, added, lanes))


def _filler(slots: list[int], sweeps: list[int], what: str) -> Any:
    """Sixteen counters at once: what is added to words 0 and 1 of the first."""
    steps = [(slot, sweep, 0, 0) for slot, sweep in zip(slots, sweeps, strict=True)]

    def fill(typingctx: Any, words: Any, at: Any, counter: Any, keys: Any) -> Any:
        def codegen(context: Any, b: Any, signature: Any, arguments: Any) -> Any:
            out = data_of(context, b, signature.args[0], arguments[0])
            round_keys = data_of(context, b, signature.args[3], arguments[3])
            first = block_of(b, cgutils.unpack_tuple(b, arguments[2], 4))
            halves = [counters(b, first, steps[k : k + BLOCKS]) for k in (0, BLOCKS)]
            for half, blocks in enumerate(ars(b, halves, round_keys)):
                place = b.add(arguments[1], integer(4 * BLOCKS * half))
                store(b, b.bitcast(blocks, vector(I32, 4 * BLOCKS)), out, place)
            return context.get_dummy_value()

        return types.void(words, at, counter, keys), codegen

    fill.__doc__ = f"``words[at : at + 64]`` = words of {what}; counter = (slot // 4, sweep, ...)."
    return intrinsic(fill)


fill_slots = _filler(list(range(16)), [0] * 16, "64 slots")
fill_sweeps = _filler([0, 1, 2, 3] * 4, [k // 4 for k in range(16)], "16 slots of 4 sweeps")


@intrinsic  # type: ignore[untyped-decorator]
def fill_reads(typingctx: Any, words: Any, counter: Any, keys: Any) -> Any:
    """``words[q, r]`` = word of slot ``4 c0 + q`` for read ``c2 + r``, as
    :func:`pbit.kernels.random.stream.fill_words`; words uint32 (4, R), R a multiple of 16."""

    def codegen(context: Any, b: Any, signature: Any, arguments: Any) -> Any:
        array = context.make_array(signature.args[0])(context, b, arguments[0])
        round_keys = data_of(context, b, signature.args[2], arguments[2])
        reads = b.extract_value(array.shape, 1)
        c0, c1, c2, c3 = cgutils.unpack_tuple(b, arguments[1], 4)
        steps = [(0, 0, k, 0) for k in range(2 * BLOCKS)]
        with cgutils.for_range_slice(b, integer(0), reads, integer(2 * BLOCKS), I64) as (r, _):
            first = block_of(b, [c0, c1, b.add(c2, r), c3])
            halves = [counters(b, first, steps[k : k + BLOCKS]) for k in (0, BLOCKS)]
            blocks = [b.bitcast(x, vector(I32, 4 * BLOCKS)) for x in ars(b, halves, round_keys)]
            for q in range(4):
                order = constant(I32, [4 * k + q for k in range(2 * BLOCKS)], 2 * BLOCKS)
                place = b.add(b.mul(integer(q), reads), r)
                store(b, b.shuffle_vector(*blocks, order), array.data, place)
        return context.get_dummy_value()

    return types.void(words, counter, keys), codegen


@intrinsic  # type: ignore[untyped-decorator]
def fill_chosen(typingctx: Any, words: Any, counter: Any, reads: Any, keys: Any) -> Any:
    """:func:`fill_reads` of 16 reads that need not follow each other; words uint32 (4, 16), reads
    int64 (16, 2): 0, and what is added to ``c2``."""

    def codegen(context: Any, b: Any, signature: Any, arguments: Any) -> Any:
        out, added, round_keys = (
            data_of(context, b, signature.args[k], arguments[k]) for k in (0, 2, 3)
        )
        first, lanes = block_of(b, cgutils.unpack_tuple(b, arguments[1], 4)), 2 * BLOCKS
        repeated = b.shuffle_vector(first, first, constant(I32, [0, 1] * BLOCKS, lanes))
        halves = [
            b.add(repeated, load(b, added, integer(lanes * half), lanes=lanes)) for half in (0, 1)
        ]
        blocks = [b.bitcast(x, vector(I32, 4 * BLOCKS)) for x in ars(b, halves, round_keys)]
        for q in range(4):
            order = constant(I32, [4 * k + q for k in range(lanes)], lanes)
            store(b, b.shuffle_vector(*blocks, order), out, integer(lanes * q))
        return context.get_dummy_value()

    return types.void(words, counter, reads, keys), codegen
