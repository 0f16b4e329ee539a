"""Circuits over bit planes, written in LLVM's vectors: the code of one bit-sliced update.

Everything here builds instructions; see :mod:`pbit.kernels.sweeps.bitsliced` for the method and for
the loops that call it.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from numba.core import cgutils, types
from numba.extending import intrinsic

from pbit.kernels.random.ars import ars, block_of
from pbit.kernels.random.stream import BITS
from pbit.kernels.random.stream_lanes import BLOCKS, counters
from pbit.kernels.vectors.llvm import (
    I1,
    I8,
    I32,
    I64,
    Loop,
    call,
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

DRAWS = 32

Threshold = Callable[[Any], Any]


class Circuit:
    """Code over vectors of V words: what the intrinsics below share.

    ``site`` has the edges; ``place`` is its own row of spins, and what its random bits are counted
    by.
    """

    def __init__(self, context: Any, b: Any, signature: Any, arguments: Any, shape: Any) -> None:
        self.context, self.b, self.signature, self.arguments = context, b, signature, arguments
        self.num_planes, self.num_bits, self.words = (len(part) for part in list(shape)[:3])
        self.ones = constant(I64, -1, self.words)
        self.zero = constant(I64, 0, self.words)
        self.spins = data_of(context, b, signature.args[0], arguments[0])
        self.locate(arguments[1])
        arrays = cgutils.unpack_tuple(b, arguments[2], 4)
        self.indices, self.signs, self.pointers, self.ends = (
            None if kind == types.none else data_of(context, b, kind, array)
            for kind, array in zip(signature.args[2], arrays, strict=True)
        )

    def locate(self, where: Any) -> None:
        """Set site and place."""
        self.site = self.place = where

    def row_of(self, neighbour: Any) -> Any:
        """Row of the spin at the other end of an edge."""
        return neighbour

    def row(self, index: Any) -> Any:
        """Words of a spin."""
        return load(self.b, self.spins, self._at(index), lanes=self.words)

    def write(self, value: Any) -> None:
        """Set the words of the site."""
        store(self.b, value, self.spins, self._at(self.place))

    def _at(self, index: Any) -> Any:
        return self.b.mul(index, integer(self.words))

    def full(self, flag: Any) -> Any:
        """All bits of every word equal to the lowest bit of an integer."""
        return splat(self.b, self.b.neg(self.b.and_(flag, integer(1))), self.words)

    def inverse(self, x: Any) -> Any:
        """Every bit flipped."""
        return self.b.xor(x, self.ones)

    def add_neighbours(self, planes: list[Any], flip: Any) -> list[Any]:
        """Count, in the planes, the bits of ``spin ^ sign ^ flip`` over the site's edges.

        Edge lists: for bit q of the couplings, those couplings that have it. Four at a time go
        through three full adders, what is left through half adders.
        """
        b = self.b
        for q in range(self.num_bits):
            at = b.add(b.mul(self.site, integer(self.num_bits)), integer(q))
            first = element(b, self.pointers, at)
            last = element(b, self.pointers, b.add(at, integer(1)))
            if len(planes) - q >= 3:
                loop = Loop(b, [first, *planes])
                k, *counts = loop.values
                four = b.add(k, integer(4))
                with loop.running(b.icmp_signed("<=", four, last)):
                    xs = [self._edge(b.add(k, integer(j)), flip) for j in range(4)]
                    loop.next([four, *self._add_four(list(counts), q, xs)])
                first, *planes = loop.values
            loop = Loop(b, [first, *planes])
            k, *counts = loop.values
            with loop.running(b.icmp_signed("<", k, last)):
                counts = self._ripple(list(counts), q, self._edge(k, flip))
                loop.next([b.add(k, integer(1)), *counts])
            planes = loop.values[1:]
        return planes

    def _edge(self, k: Any, flip: Any) -> Any:
        b = self.b
        sign = splat(b, b.sext(element(b, self.signs, k), I64), self.words)
        return b.xor(b.xor(self._others(k), sign), flip)

    def _others(self, k: Any) -> Any:
        """Xor of the other spins of an edge: of one, or of those from ``ends[k]`` on."""
        if self.ends is None:
            return self._member(k)
        b = self.b
        first, last = (b.zext(element(b, self.ends, at), I64) for at in (k, b.add(k, integer(1))))
        loop = Loop(b, [b.add(first, integer(1)), self._member(first)])
        at, product = loop.values
        with loop.running(b.icmp_signed("<", at, last)):
            loop.next([b.add(at, integer(1)), b.xor(product, self._member(at))])
        return loop.values[1]

    def _member(self, at: Any) -> Any:
        return self.row(self.row_of(self.b.zext(element(self.b, self.indices, at), I64)))

    def _add_four(self, counts: list[Any], q: int, xs: list[Any]) -> list[Any]:
        counts[q], carry = self._full_adder(counts[q], xs[0], xs[1])
        counts[q], other = self._full_adder(counts[q], xs[2], xs[3])
        counts[q + 1], carry = self._full_adder(counts[q + 1], carry, other)
        return self._ripple(counts, q + 2, carry)

    def _full_adder(self, x: Any, y: Any, z: Any) -> tuple[Any, Any]:
        b = self.b
        half = b.xor(x, y)
        return b.xor(half, z), b.or_(b.and_(x, y), b.and_(half, z))

    def _ripple(self, counts: list[Any], p: int, carry: Any) -> list[Any]:
        for plane in range(p, len(counts)):
            before = counts[plane]
            counts[plane], carry = self.b.xor(before, carry), self.b.and_(before, carry)
        return counts

    def any_bit(self, x: Any) -> Any:
        """Whether a bit is set anywhere."""
        word = call(self.b, f"llvm.vector.reduce.or.v{self.words}i64", I64, [x])
        return self.b.icmp_signed("!=", word, integer(0))


class Update(Circuit):
    """Heat-bath update of one spin."""

    num_lines = DRAWS  # of the table, for each parity
    low_planes = 3  # of m: their classes stay in registers
    sure_draws = 0  # of bits that are compared before it is asked whether reads are undecided

    def __init__(self, context: Any, b: Any, signature: Any, arguments: Any) -> None:
        super().__init__(context, b, signature, arguments, signature.args[6])
        self.start, self.odd = cgutils.unpack_tuple(b, arguments[3], 2)
        table, self.active = cgutils.unpack_tuple(b, arguments[4], 2)
        self.table = data_of(context, b, signature.args[4][0], table)
        self.sweep, self.block, keys, lanes = cgutils.unpack_tuple(b, arguments[5], 4)
        kinds = signature.args[5]
        self.keys = data_of(context, b, kinds[2], keys)
        self.lanes = data_of(context, b, kinds[3], lanes)
        self.num_classes = 2 ** (self.num_planes - 1)

    def emit(self) -> None:
        """All of it."""
        down, m = self.field()
        lows, highs = self.classes(m[: self.low_planes]), self.classes(m[self.low_planes :])
        against = self.against(*self.thresholds(lows, highs, self.undecided(down)))
        self.write(self.b.xor(self.inverse(down), against))

    def field(self) -> tuple[Any, list[Any]]:
        """Whether the field is negative; planes of its magnitude."""
        bits = [self.b.ashr(self.start, integer(p)) for p in range(self.num_planes)]
        planes = self.add_neighbours([self.full(bit) for bit in bits], self.zero)
        return planes[-1], self._magnitude(planes[:-1], planes[-1])

    def _magnitude(self, planes: list[Any], down: Any) -> list[Any]:
        """Planes of m: d where F > 0; else ~d, or -d = ~d + 1 where F is even."""
        b = self.b
        carry = b.and_(down, self.inverse(self.full(self.odd)))
        m = []
        for plane in planes:
            x = b.xor(plane, down)
            m.append(b.xor(x, carry))
            carry = b.and_(x, carry)
        return m

    def classes(self, m: list[Any]) -> list[Any]:
        """Mask of the reads with m = 0, 1, 2, ..."""
        masks = [self.ones]
        for plane in reversed(m):
            sides = (self.inverse(plane), plane)
            masks = [self.b.and_(mask, side) for mask in masks for side in sides]
        return masks

    def undecided(self, down: Any) -> Any:
        """Reads that may go against their field: all that count."""
        return load(self.b, self.lanes, integer(0), lanes=self.words)

    def against(self, threshold: Threshold, undecided: Any) -> Any:
        """Of these, the reads with u < threshold of their class, by comparing bits from the top."""
        b = self.b
        draws = 2 * BLOCKS // self.words
        state = [undecided, self.zero]
        first = [integer(draw) for draw in range(0, self.sure_draws, draws)]
        for draw, random in zip(first, self._random_bits(first), strict=True):
            state = self._compare(state, threshold, draw, random)
        loop = Loop(b, [integer(len(first) * draws), *state])
        draw, *state = loop.values
        more = b.and_(b.icmp_signed("<", draw, integer(DRAWS)), self.any_bit(state[0]))
        with loop.running(more):
            (random,) = self._random_bits([draw])
            state = self._compare(state, threshold, draw, random)
            loop.next([b.add(draw, integer(draws)), *state])
        return loop.values[2]

    def _compare(self, state: list[Any], threshold: Threshold, draw: Any, random: Any) -> list[Any]:
        """Undecided reads and those against, after the bits of some draws."""
        b, blocks = self.b, self.words // 2
        undecided, against = state
        for d in range(BLOCKS // blocks):
            order = list(range(d * self.words, (d + 1) * self.words))
            bits = b.shuffle_vector(random, random, constant(I32, order, self.words))
            limit = threshold(self.line(b.add(draw, integer(d))))
            decided = b.and_(undecided, b.xor(bits, limit))
            against = b.or_(against, b.and_(decided, limit))
            undecided = b.xor(undecided, decided)
        return [undecided, against]

    def line(self, draw: Any) -> Any:
        """Where the bits of the thresholds at this draw begin: table[odd, draw, :]."""
        b = self.b
        parity = b.mul(self.odd, integer(self.num_lines))
        return b.mul(b.add(parity, draw), integer(self.num_classes))

    def thresholds(self, lows: list[Any], highs: list[Any], undecided: Any) -> tuple[Any, Any]:
        """From a line of the table to the plane of one bit of every read's threshold; reads that
        are undecided and whose threshold is not zero.

        Masks of the classes are those of ``lows`` within those of ``highs``.
        """
        if len(highs) == 1:
            return partial(self._limit, lows), undecided
        return self._by_group(lows, highs, undecided)

    def _bit(self, at: Any) -> Any:
        """This bit of a class's threshold, for every read."""
        return load(self.b, self.table, self._at(at), lanes=self.words)

    def _limit(self, lows: list[Any], line: Any) -> Any:
        limit = self.zero
        for m, mask in enumerate(lows):
            at = self.b.add(line, integer(m))
            limit = self.b.or_(limit, self.b.and_(mask, self._bit(at)))
        return limit

    def _by_group(self, lows: list[Any], highs: list[Any], undecided: Any) -> tuple[Any, Any]:
        """The same for many classes: a loop over the groups of them in which there are reads."""
        b = self.b
        masks, starts = (
            cgutils.alloca_once(b, kind, size=len(highs)) for kind in (vector(I64, self.words), I64)
        )
        count, asking = integer(0), self.zero
        for group, high in enumerate(highs):
            start = integer(group * len(lows))
            mask = b.and_(high, undecided)
            b.store(mask, b.gep(masks, [count]))
            b.store(start, b.gep(starts, [count]))
            there = b.and_(b.icmp_signed("<", start, self.active), self.any_bit(mask))
            count = b.add(count, b.zext(there, I64))
            asking = b.select(there, b.or_(asking, mask), asking)

        def threshold(line: Any) -> Any:
            loop = Loop(b, [integer(0), self.zero])
            k, limit = loop.values
            with loop.running(b.icmp_signed("<", k, count)):
                mask, start = (b.load(b.gep(array, [k])) for array in (masks, starts))
                inside = b.and_(mask, self._limit(lows, b.add(line, start)))
                loop.next([b.add(k, integer(1)), b.or_(limit, inside)])
            return loop.values[1]

        return threshold, asking

    def _random_bits(self, draws: list[Any]) -> list[Any]:
        """From each of these draws on, 128 bits for each of 8 pairs of draw and block of 128
        reads, one after the other."""
        b, blocks = self.b, self.words // 2
        steps = [(0, 0, k % blocks, k // blocks) for k in range(BLOCKS)]
        states = []
        for draw in draws:
            tag = b.add(integer(BITS << 28), draw)
            first = block_of(b, [self.place, self.sweep, self.block, tag])
            states.append(counters(b, first, steps))
        return ars(b, states, self.keys)


class MetropolisUpdate(Update):
    """Metropolis update of one spin: those against their field turn round in any case."""

    def undecided(self, down: Any) -> Any:
        """Those along their field."""
        return self.b.and_(super().undecided(down), self.b.xor(self.row(self.place), down))


class Agreements(Circuit):
    """Counts of the edges that agree."""

    def emit(self) -> None:
        """All of it."""
        own = self.inverse(self.row(self.place))
        planes = self.add_neighbours([self.zero] * self.num_planes, own)
        counts = data_of(self.context, self.b, self.signature.args[3], self.arguments[3])
        add_planes(self.b, planes, counts)


def add_planes(b: Any, planes: list[Any], counts: Any) -> None:
    """Add to ``counts[r]``, uint8, the number whose bits the planes hold for read r."""
    for w in range(planes[0].type.count):
        total = load(b, counts, integer(64 * w), lanes=64)
        for p, plane in enumerate(planes):
            word = b.extract_element(plane, constant_index(w))
            bits = b.bitcast(word, vector(I1, 64))
            one, none = constant(I8, 1 << p, 64), constant(I8, 0, 64)
            total = b.add(total, b.select(bits, one, none))
        store(b, total, counts, integer(64 * w))


@intrinsic  # type: ignore[untyped-decorator]
def update_site(
    typingctx: Any,
    spins: Any,
    site: Any,
    edges: Any,
    constants: Any,
    thresholds: Any,
    stream: Any,
    shape: Any,
) -> Any:
    """Update of a site; edges = (indices, signs, pointers, ends or None), constants = (start, odd),
    thresholds = (table, active classes), stream = (sweep, block, round keys, lanes that matter),
    shape = (planes, bits, words, metropolis: None for the heat bath)."""
    arguments = (spins, site, edges, constants, thresholds, stream, shape)

    def codegen(context: Any, builder: Any, signature: Any, values: Any) -> Any:
        update = Update if signature.args[6][3] == types.none else MetropolisUpdate
        update(context, builder, signature, values).emit()
        return context.get_dummy_value()

    return types.void(*arguments), codegen


@intrinsic  # type: ignore[untyped-decorator]
def add_agreements(
    typingctx: Any, spins: Any, site: Any, edges: Any, counts: Any, shape: Any
) -> Any:
    """Add to ``counts[r]`` the weight of the site's edges that agree; uint8 (64 V,)."""
    arguments = (spins, site, edges, counts, shape)

    def codegen(context: Any, builder: Any, signature: Any, values: Any) -> Any:
        Agreements(context, builder, signature, values, signature.args[4]).emit()
        return context.get_dummy_value()

    return types.void(*arguments), codegen


@intrinsic  # type: ignore[untyped-decorator]
def unpack_word(typingctx: Any, word: Any, spins: Any, at: Any) -> Any:
    """``spins[at : at + 64]`` = +1 where the bit of the word is set, else -1; int8, flat."""

    def codegen(context: Any, b: Any, signature: Any, values: Any) -> Any:
        bits = b.bitcast(values[0], vector(I1, 64))
        signs = b.select(bits, constant(I8, 1, 64), constant(I8, -1, 64))
        store(b, signs, data_of(context, b, signature.args[1], values[1]), values[2])
        return context.get_dummy_value()

    return types.void(types.uint64, spins, types.int64), codegen


@intrinsic  # type: ignore[untyped-decorator]
def pack_word(typingctx: Any, spins: Any, at: Any) -> Any:
    """The word whose bits say which of ``spins[at : at + 64]`` are up; int8, flat."""

    def codegen(context: Any, b: Any, signature: Any, values: Any) -> Any:
        signs = load(b, data_of(context, b, signature.args[0], values[0]), values[1], lanes=64)
        return b.bitcast(b.icmp_signed(">", signs, constant(I8, 0, 64)), I64)

    return types.uint64(spins, types.int64), codegen
