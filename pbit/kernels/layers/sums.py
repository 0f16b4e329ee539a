"""Sums of numbers with the signs of spins, four spins at a time: fields and correlations.

Four spins have sixteen states. The sixteen signed sums of their weights are tabulated, and each
chain adds one row of the table for every four of its spins: a quarter of the additions of a matrix
product. A table of 32 spins and 32 units fits into the cache nearest to the processor; it is made
anew wherever it is needed, at the cost of some ten chains, so that there is nothing to keep up to
date. Sums are taken in one fixed order: machines, threads, numbers of chains and libraries of
linear algebra do not change a bit.

Bits of spins: uint32 (chunks of 32 spins, chains), bit k of a chunk set where its spin k is up.
"""

from __future__ import annotations

from typing import Any

from numba import float32, int64, njit, uint32
from numba.core import cgutils, types
from numba.extending import intrinsic

from pbit.kernels.jit import bare_kernel
from pbit.kernels.vectors.llvm import (
    F32,
    I32,
    I64,
    Loop,
    constant,
    data_of,
    element,
    integer,
    load,
    store,
)
from pbit.kernels.vectors.tiles import turned

LANES = 16
WIDTH = 32  # units of a table
CHUNK = 32  # spins of a table
GROUPS = CHUNK // 4
STATES = 16  # of four spins
_CHAINS = 8  # whose sums are in registers at once
_VECTORS = WIDTH // LANES

_ZERO = float32(0.0)


@intrinsic  # type: ignore[untyped-decorator]
def _up(typingctx: Any, spins: Any, first: Any) -> Any:
    """Bits of CHUNK spins from an offset on."""

    def codegen(context: Any, b: Any, signature: Any, arguments: Any) -> Any:
        row = load(
            b, data_of(context, b, signature.args[0], arguments[0]), arguments[1], lanes=CHUNK
        )
        up = b.fcmp_ordered(">", row, constant(F32, 0.0, CHUNK))
        return b.bitcast(up, I32)

    return types.uint32(spins, first), codegen


@bare_kernel
def pack(spins: Any, bits: Any, rows: Any) -> None:
    """Bits of spins, float32 (rows, spins), of the chains rows[0] <= row < rows[1]."""
    units = spins.shape[1]
    for row in range(rows[0], rows[1]):
        for c in range(units // CHUNK):
            bits[c, row] = _up(spins, row * units + c * CHUNK)
        if units % CHUNK:
            word, first = uint32(0), units // CHUNK * CHUNK
            for k in range(first, units):
                word |= uint32(spins[row, k] > _ZERO) << uint32(k - first)
            bits[units // CHUNK, row] = word


@bare_kernel
def pack_turned(spins: Any, bits: Any) -> None:
    """The same where the rows are the spins, float32 (spins, chains), and bits are those of all."""
    for c in range(bits.shape[0]):
        words = bits[c]
        words[:] = uint32(0)
        for k in range(c * CHUNK, min(c * CHUNK + CHUNK, spins.shape[0])):
            row, place = spins[k], uint32(k - c * CHUNK)
            for chain in range(words.size):
                words[chain] |= uint32(row[chain] > _ZERO) << place


@intrinsic  # type: ignore[untyped-decorator]
def _copy(typingctx: Any, matrix: Any, tile: Any, where: Any) -> Any:
    """A row of WIDTH; where = (its offset in the matrix, in the tile)."""

    def codegen(context: Any, b: Any, signature: Any, arguments: Any) -> Any:
        source, into = (data_of(context, b, signature.args[k], arguments[k]) for k in range(2))
        first, at = cgutils.unpack_tuple(b, arguments[2], 2)
        for v in range(_VECTORS):
            row = load(b, source, b.add(first, integer(LANES * v)), lanes=LANES)
            store(b, row, into, b.add(at, integer(LANES * v)))
        return context.get_dummy_value()

    return types.void(matrix, tile, where), codegen


@intrinsic  # type: ignore[untyped-decorator]
def _turn(typingctx: Any, matrix: Any, tile: Any, where: Any) -> Any:
    """LANES by LANES, rows to columns; where = (offset in the matrix, its stride, offset in the
    tile)."""

    def codegen(context: Any, b: Any, signature: Any, arguments: Any) -> Any:
        source, into = (data_of(context, b, signature.args[k], arguments[k]) for k in range(2))
        first, stride, at = cgutils.unpack_tuple(b, arguments[2], 3)
        rows = [
            load(b, source, b.add(first, b.mul(stride, integer(i))), lanes=LANES)
            for i in range(LANES)
        ]
        for k, column in enumerate(turned(b, rows)):
            store(b, column, into, b.add(at, integer(k * WIDTH)))
        return context.get_dummy_value()

    return types.void(matrix, tile, where), codegen


@njit(inline="always")
def _fill(weights: Any, tile: Any, spin: Any, unit: Any) -> None:
    """tile[k, j] = weights[spin + k, unit + j], 0 beyond the edges."""
    spins, units = weights.shape
    high, wide = min(CHUNK, spins - spin), min(WIDTH, units - unit)
    if high < CHUNK or wide < WIDTH:
        tile[:] = _ZERO
    for k in range(high):
        if wide == WIDTH:
            _copy(weights, tile, ((spin + k) * units + unit, k * WIDTH))
        else:
            for j in range(wide):
                tile[k, j] = weights[spin + k, unit + j]


@njit(inline="always")
def _fill_turned(weights: Any, tile: Any, spin: Any, unit: Any) -> None:
    """tile[k, j] = weights[unit + j, spin + k], 0 beyond the edges."""
    units, spins = weights.shape
    high, wide = min(CHUNK, spins - spin), min(WIDTH, units - unit)
    if high == CHUNK and wide == WIDTH:
        for j in range(0, WIDTH, LANES):
            for k in range(0, CHUNK, LANES):
                _turn(weights, tile, ((unit + j) * spins + spin + k, spins, k * WIDTH + j))
        return
    tile[:] = _ZERO
    for j in range(wide):
        for k in range(high):
            tile[k, j] = weights[unit + j, spin + k]


@intrinsic  # type: ignore[untyped-decorator]
def _tabulate(typingctx: Any, tile: Any, table: Any, group: Any) -> Any:
    """table[group, state] = ((+-w0 +- w1) +- w2) +- w3 of the rows 4 group.. of the tile; bit q of
    ``state`` is set where the sign of w_q is +."""

    def codegen(context: Any, b: Any, signature: Any, arguments: Any) -> Any:
        source, into = (data_of(context, b, signature.args[k], arguments[k]) for k in range(2))
        first = b.mul(arguments[2], integer(4 * WIDTH))
        at = b.mul(arguments[2], integer(STATES * WIDTH))
        for v in range(0, WIDTH, LANES):
            rows = [
                load(b, source, b.add(first, integer(q * WIDTH + v)), lanes=LANES) for q in range(4)
            ]
            sums = [b.fneg(rows[0]), rows[0]]
            for row in rows[1:]:
                sums = [b.fsub(x, row) for x in sums] + [b.fadd(x, row) for x in sums]
            for state, value in enumerate(sums):
                store(b, value, into, b.add(at, integer(state * WIDTH + v)))
        return context.get_dummy_value()

    return types.void(tile, table, group), codegen


def _adder(chains: int) -> Any:
    @intrinsic  # type: ignore[untyped-decorator]
    def add(typingctx: Any, sums: Any, bits: Any, table: Any, where: Any) -> Any:
        """Add the rows of the table that the bits choose, for a few chains and a block of units.

        where = (first chain in sums, and in bits, first unit, stride of sums, groups, 1 to begin
        from what is in ``sums``).
        """

        def codegen(context: Any, b: Any, signature: Any, arguments: Any) -> Any:
            out, words, rows = (
                data_of(context, b, signature.args[k], arguments[k]) for k in range(3)
            )
            chain, first, unit, stride, groups, plus = cgutils.unpack_tuple(b, arguments[3], 6)
            goes_on = b.icmp_signed("!=", plus, integer(0))
            zero = constant(F32, 0.0, LANES)
            starts = [b.add(b.mul(b.add(chain, integer(q)), stride), unit) for q in range(chains)]
            places = [b.add(at, integer(v)) for at in starts for v in range(0, WIDTH, LANES)]
            begin = [b.select(goes_on, load(b, out, at, lanes=LANES), zero) for at in places]
            for q in range(chains):  # states as offsets of rows, group after group
                word = b.zext(element(b, words, b.add(first, integer(q))), I64)
                begin.append(b.mul(word, integer(WIDTH)))
            loop = Loop(b, [integer(0), *begin])
            group, found, states = loop.values[0], loop.values[1:-chains], loop.values[-chains:]
            with loop.running(b.icmp_signed("<", group, groups)):
                base = b.mul(group, integer(STATES * WIDTH))
                new = []
                for k, value in enumerate(found):
                    state = b.and_(states[k // _VECTORS], integer((STATES - 1) * WIDTH))
                    row = b.add(b.add(base, state), integer(k % _VECTORS * LANES))
                    new.append(b.fadd(value, load(b, rows, row, lanes=LANES)))
                new += [b.lshr(state, integer(4)) for state in states]
                loop.next([b.add(group, integer(1)), *new])
            for at, value in zip(places, found, strict=True):
                store(b, value, out, at)
            return context.get_dummy_value()

        return types.void(sums, bits, table, where), codegen

    return add


_add_many, _add_one = _adder(_CHAINS), _adder(1)


@njit(inline="always")
def _add_table(sums: Any, bits: Any, table: Any, where: Any) -> None:
    """Add what one table has for the chains where[0] <= chain < where[1] to a block of units;
    where[2:] = chunk, its groups, first unit in ``sums``, 1 to begin from what is there."""
    first, last, chunk, groups, unit, plus = where
    whole = first + (last - first) // _CHAINS * _CHAINS
    words, stride = chunk * bits.shape[1], sums.shape[1]
    for chain in range(first, whole, _CHAINS):
        _add_many(sums, bits, table, (chain, words + chain, unit, stride, groups, plus))
    for chain in range(whole, last):
        _add_one(sums, bits, table, (chain, words + chain, unit, stride, groups, plus))


@njit(inline="always")
def _move(source: Any, into: Any, where: Any) -> None:
    """Copy some rows of a few columns; where = (first row, last + 1, columns from, to, count)."""
    first, last, there, here, count = where
    for row in range(first, last):
        for k in range(count):
            into[row, here + k] = source[row, there + k]


@bare_kernel
def add_up(sums: Any, bits: Any, weights: Any, how: Any, scratch: Any) -> None:
    """sums[r] = sum over spins k of +-weights[k], for the chains of some rows and blocks of units.

    sums: float32 (chains, units), or padded to whole blocks of WIDTH; bits: uint32 (chunks,
    chains). weights: float32 (spins, units); (units, spins) where they are turned. how = (first
    row, last + 1, first block, last + 1, whether weights are turned, 1 to add to what is in
    ``sums``). scratch: float32 tile (CHUNK, WIDTH), table (GROUPS, STATES, WIDTH), both best at
    whole lines of the cache, and edge (chains, WIDTH), which a last block that is cut short takes.
    """
    first, last, begin, end, is_turned, plus = how
    tile, table, edge = scratch
    spins = weights.shape[1] if is_turned else weights.shape[0]
    for block in range(begin, end):
        unit = block * WIDTH
        wide = sums.shape[1] - unit
        if wide < WIDTH:
            _move(sums, edge, (first, last, unit, 0, wide))
        for chunk in range(bits.shape[0]):
            spin = chunk * CHUNK
            if is_turned:
                _fill_turned(weights, tile, spin, unit)
            else:
                _fill(weights, tile, spin, unit)
            groups = int64(min(CHUNK, spins - spin) + 3) // 4
            for group in range(groups):
                _tabulate(tile, table, int64(group))
            begins = int64(plus or chunk > 0)
            if wide < WIDTH:
                _add_table(edge, bits, table, (first, last, chunk, groups, int64(0), begins))
            else:
                _add_table(sums, bits, table, (first, last, chunk, groups, unit, begins))
        if wide < WIDTH:
            _move(edge, sums, (first, last, 0, unit, wide))
