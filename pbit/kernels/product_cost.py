"""p-bits of the energy (XY - F)^2 with its couplings kept factored, many reads side by side.

X and Y are odd numbers whose bits are p-bits, but for the first and the last ones, which are 1.
Flipping bit p of X changes the product by d = +-2^p Y and the energy by d (2 (XY - F) + d): the
field of all terms of one to four p-bits (Borders et al., Nature 573, 390, 2019) from three numbers.
One update takes the same time for factors of any length.

XY and F are odd. Kept are halves (XY - 1) / 2 in whole numbers, which fit 64 bits for products
below 2^65. Errors XY - F are rounded to float64, which moves probabilities by no more than other
rounding does: where an error is large, the temperature is high or the odds are hopeless.

Random words as in :mod:`pbit.kernels.random.stream`: a read starts from the bits of one draw of
START, X from words 0 (low) and 1, Y from 2 and 3; its updates are the slots of one sweep.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import int64, uint64
from numba.core import cgutils, types
from numba.extending import intrinsic

from pbit.kernels.jit import kernel
from pbit.kernels.random.ars import round_keys
from pbit.kernels.random.stream import START, UPDATE, fill_words, tag
from pbit.kernels.random.stream_lanes import fill_reads
from pbit.kernels.sweeps.lanes import LANES, heat_bath
from pbit.kernels.vectors.llvm import (
    F32,
    F64,
    I64,
    constant,
    data_of,
    integer,
    load,
    splat,
    store,
    vector,
)

BLOCK = 64  # reads side by side
ODD = uint64(1)


def _error(b: Any, halves: Any, target: Any) -> Any:
    """(XY - F) / 2 as float64, rounded once."""
    kind, zero = vector(F64, LANES), constant(I64, 0, LANES)
    error = b.sub(halves, target)
    # The difference fits 64 bits with a sign, or is positive and fits without one.
    is_large = b.icmp_signed("<", halves, zero)
    return b.select(is_large, b.uitofp(error, kind), b.sitofp(error, kind))


@intrinsic  # type: ignore[untyped-decorator]
def _update(
    typingctx: Any, factors: Any, side: Any, halves: Any, words: Any, quarter: Any, numbers: Any
) -> Any:
    """Heat-bath update of one bit of ``factors[side]`` in all reads; those at ``stay`` do not move.

    factors uint64 (2, R) and halves uint64 (R,), R a multiple of 16; words uint32 (4, R), of which
    row ``quarter`` is used; numbers = (R, bit, stay, (F - 1) / 2, scale).
    """

    def codegen(context: Any, b: Any, signature: Any, arguments: Any) -> Any:
        data, half, word = (data_of(context, b, signature.args[k], arguments[k]) for k in (0, 2, 3))
        reads, bit, stay, target, scale = cgutils.unpack_tuple(b, arguments[5], 5)
        own = b.mul(arguments[1], reads)
        partner = b.sub(reads, own)
        row = b.mul(arguments[4], reads)
        ones = splat(b, b.shl(integer(1), bit), LANES)
        shift = splat(b, b.sub(bit, integer(1)), LANES)
        stays, targets, scales = (splat(b, value, LANES) for value in (stay, target, scale))
        with cgutils.for_range_slice(b, integer(0), reads, integer(LANES), I64) as (r, _):
            old = load(b, data, b.add(own, r), lanes=LANES)
            product = load(b, half, r, lanes=LANES)
            step = b.shl(load(b, data, b.add(partner, r), lanes=LANES), shift)
            is_up = b.icmp_unsigned("!=", b.and_(old, ones), constant(I64, 0, LANES))
            other = b.select(is_up, b.sub(product, step), b.add(product, step))
            error = _error(b, product, targets)
            change = b.sitofp(step, error.type)
            both = b.fadd(b.fadd(error, error), b.select(is_up, b.fneg(change), change))
            x = b.fmul(b.fmul(change, scales), both)
            random = load(b, word, b.add(row, r), lanes=LANES)
            up = heat_bath(b, b.fptrunc(x, vector(F32, LANES)), random, is_up)
            moves = b.and_(b.xor(up, is_up), b.icmp_unsigned("!=", product, stays))
            store(b, b.select(moves, other, product), half, r)
            store(b, b.select(moves, b.xor(old, ones), old), data, b.add(own, r))
        return context.get_dummy_value()

    return types.void(factors, side, halves, words, quarter, numbers), codegen


@kernel
def run_block(factors: Any, halves: Any, programme: Any, constants: Any, stream: Any) -> None:
    """All updates of the programme for one block of reads that start from random bits.

    factors uint64 (2, R) and halves uint64 (R,), written: X, Y and (XY - 1) / 2. programme =
    (sides int64 (U,), 0 for X and 1 for Y; bits int64 (U,); scales float64 (U,), -4 beta log2(e));
    constants uint64 = (width of X, width of Y, (F - 1) / 2, stay), widths 2 to 64, stay being
    (F - 1) / 2 for reads to stay where the product is F, or 0; stream = (first read, key0, key1).
    """
    sides, bits, scales = programme
    stay, target = int64(constants[3]), int64(constants[2])
    read0, key0, key1 = stream
    reads = halves.size
    words = np.empty((4, reads), np.uint32)
    keys = round_keys(int64(key0), int64(key1))
    fill_words(words, 0, 0, read0, START, key0, key1)
    for r in range(reads):
        for side in range(2):
            low, high = uint64(words[2 * side, r]), uint64(words[2 * side + 1, r])
            ends = (ODD << (constants[side] - ODD)) | ODD
            inner = (ODD << (constants[side] - ODD)) - uint64(2)
            factors[side, r] = ((high << uint64(32) | low) & inner) | ends
        x, y = factors[0, r] >> ODD, factors[1, r] >> ODD
        halves[r] = uint64(2) * x * y + x + y
    c3 = int64(tag(UPDATE, 0, 0))
    for slot in range(sides.size):
        if slot & 3 == 0:
            fill_reads(words, (int64(slot >> 2), int64(0), int64(read0), c3), keys)
        numbers = (reads, bits[slot], stay, target, scales[slot])
        _update(factors, sides[slot], halves, words, slot & 3, numbers)


@kernel
def run_reads(
    factors: Any, programme: Any, constants: Any, stream: Any, num_reads: Any, stop: Any
) -> Any:
    """Reads from the first one on, block after block, until one is at the product F.

    factors uint64 (2,), written if one is: those of the lowest read of its block. Returns how many
    reads were run; ``stop`` uint8 (1,) ends it after a block. num_reads a multiple of BLOCK.
    """
    read0, key0, key1 = stream
    state = np.empty((2, BLOCK), np.uint64)
    halves = np.empty(BLOCK, np.uint64)
    for first in range(0, num_reads, BLOCK):
        if first and stop[0]:  # however early it ends, a block has been run
            return first
        run_block(state, halves, programme, constants, (read0 + uint64(first), key0, key1))
        for r in range(BLOCK):
            if halves[r] == constants[2]:
                factors[0], factors[1] = state[0, r], state[1, r]
                return first + BLOCK
    return num_reads
