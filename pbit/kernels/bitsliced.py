"""Bit-sliced updates for small-integer couplings: one bit a read, 64 reads a word.

A word holds one spin (bit 1: +1) of 64 reads; V words, 64 V reads, go through an update together.

1. The field. Neighbours that agree with their coupling are counted in bit planes by a ripple
   adder. The count starts at a constant that makes it ``d = (F - odd) / 2`` in two's complement,
   F being the field in units of the smallest coupling and ``odd`` its parity: the top plane is
   the sign of F, and ``m = d`` or ``m = ~d (+ 1)`` says how large |F| = 2 m + odd is.
2. The threshold. Read r goes against its field iff ``u_r < T_m``, T_m = 2**32 sigma(-2 beta |F|),
   u_r uniform in 0..2**32 - 1 and its own. Both are compared bit by bit from the top, for all
   reads at once; a read is decided at the first bit that differs, and the loop ends when all
   are. The probability is exact to 2**-33, and most random bits are never drawn.

Random bits: purpose BITS of :mod:`pbit.kernels.philox`; counter 0 is the site, counter 2 is
read // 128, the draw is the bit's position from the top, and bit read % 128 of the 128 output
bits is read's.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numba import int64, njit, uint64
from numba.core import cgutils, types
from numba.extending import intrinsic

from pbit.kernels.jit import kernel
from pbit.kernels.philox import BITS, FACTORS, ROUND_KEYS
from pbit.kernels.vectors import (
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

_DRAWS = 32
_WORDS = 8  # 64-bit lanes of one call of the generator
_CHECK_EVERY = 1 << 24
_LOOK_EVERY = 64
_NO_AIM = -(2**63)


class _Circuit:
    """Code over vectors of V words: what the intrinsics below share."""

    def __init__(self, context: Any, b: Any, signature: Any, arguments: Any, shape: Any) -> None:
        self.context, self.b, self.signature, self.arguments = context, b, signature, arguments
        self.num_planes, self.num_bits, self.words = (len(part) for part in shape)
        self.ones = constant(I64, -1, self.words)
        self.zero = constant(I64, 0, self.words)
        self.spins = data_of(context, b, signature.args[0], arguments[0])
        self.site = arguments[1]
        indices, signs, pointers = cgutils.unpack_tuple(b, arguments[2], 3)
        kinds = signature.args[2]
        self.indices, self.signs, self.pointers = (
            data_of(context, b, kind, array)
            for kind, array in zip(kinds, (indices, signs, pointers), strict=True)
        )

    def row(self, index: Any) -> Any:
        """Words of a spin."""
        return load(self.b, self.spins, self._at(index), lanes=self.words)

    def write(self, value: Any) -> None:
        """Set the words of the site."""
        store(self.b, value, self.spins, self._at(self.site))

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
        neighbour = b.zext(element(b, self.indices, k), I64)
        sign = splat(b, b.sext(element(b, self.signs, k), I64), self.words)
        return b.xor(b.xor(self.row(neighbour), sign), flip)

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


class _Update(_Circuit):
    """Heat-bath update of one site."""

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
        b = self.b
        bits = [b.ashr(self.start, integer(p)) for p in range(self.num_planes)]
        planes = self.add_neighbours([self.full(bit) for bit in bits], self.zero)
        down = planes[-1]
        against = self._against(self._classes(self._magnitude(planes[:-1], down)))
        self.write(b.xor(self.inverse(down), against))

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

    def _classes(self, m: list[Any]) -> list[Any]:
        """Mask of the reads with m = 0, 1, 2, ..."""
        masks = [self.ones]
        for plane in reversed(m):
            sides = (self.inverse(plane), plane)
            masks = [self.b.and_(mask, side) for mask in masks for side in sides]
        return masks

    def _against(self, masks: list[Any]) -> Any:
        """Reads with u < threshold of their class, by comparing bits from the top."""
        b, blocks = self.b, self.words // 2
        draws = _WORDS // blocks
        threshold = self._threshold_in_memory(masks) if len(masks) > _WORDS else None
        lanes = load(b, self.lanes, integer(0), lanes=self.words)
        loop = Loop(b, [integer(0), lanes, self.zero])
        draw, undecided, against = loop.values
        more = b.and_(b.icmp_signed("<", draw, integer(_DRAWS)), self.any_bit(undecided))
        with loop.running(more):
            low, high = self._random_bits(draw, blocks)
            for d in range(draws):
                order = [lane for w in range(blocks) for lane in (d * blocks + w,) * 2]
                order = [lane + _WORDS * (k % 2) for k, lane in enumerate(order)]
                random = b.shuffle_vector(low, high, constant(I32, order, self.words))
                line = self._line(b.add(draw, integer(d)))
                limit = threshold(line) if threshold else self._threshold(masks, line)
                decided = b.and_(undecided, b.xor(random, limit))
                against = b.or_(against, b.and_(decided, limit))
                undecided = b.xor(undecided, decided)
            loop.next([b.add(draw, integer(draws)), undecided, against])
        return loop.values[2]

    def _line(self, draw: Any) -> Any:
        """Where the bits of the thresholds at this draw begin: table[odd, draw, :]."""
        b = self.b
        parity = b.mul(self.odd, integer(_DRAWS))
        return b.mul(b.add(parity, draw), integer(self.num_classes))

    def _bit(self, at: Any) -> Any:
        return splat(self.b, element(self.b, self.table, at), self.words)

    def _threshold(self, masks: list[Any], line: Any) -> Any:
        """Plane of one bit of every read's threshold."""
        b, limit = self.b, self.zero
        for m, mask in enumerate(masks):
            limit = b.or_(limit, b.and_(mask, self._bit(b.add(line, integer(m)))))
        return limit

    def _threshold_in_memory(self, masks: list[Any]) -> Any:
        """The same for many classes: a loop over those whose threshold is not zero."""
        b = self.b
        kind = vector(I64, self.words)
        memory = cgutils.alloca_once(b, kind, size=len(masks))
        for m, mask in enumerate(masks):
            b.store(mask, b.gep(memory, [integer(m)]))

        def threshold(line: Any) -> Any:
            loop = Loop(b, [integer(0), self.zero])
            m, limit = loop.values
            with loop.running(b.icmp_signed("<", m, self.active)):
                mask = b.load(b.gep(memory, [m]))
                limit = b.or_(limit, b.and_(mask, self._bit(b.add(line, m))))
                loop.next([b.add(m, integer(1)), limit])
            return loop.values[1]

        return threshold

    def _random_bits(self, draw: Any, blocks: int) -> tuple[Any, Any]:
        """128 bits, in two vectors, for each of 8 pairs of draw and block of 128 reads."""
        b = self.b
        lane_block = constant(I64, [lane % blocks for lane in range(_WORDS)], _WORDS)
        lane_draw = constant(I64, [lane // blocks for lane in range(_WORDS)], _WORDS)
        c0 = splat(b, self.site, _WORDS)
        c1 = splat(b, self.sweep, _WORDS)
        c2 = b.add(splat(b, self.block, _WORDS), lane_block)
        base = b.add(integer(BITS << 28), draw)
        c3 = b.add(splat(b, base, _WORDS), lane_draw)
        return _philox(b, [c0, c1, c2, c3], self.keys)


def _philox(b: Any, counter: list[Any], keys: Any) -> tuple[Any, Any]:
    """Philox4x32-10 in 8 lanes of 64 bits; words 0, 1 and words 2, 3 of the output."""
    low, shift = constant(I64, 0xFFFFFFFF, _WORDS), constant(I64, 32, _WORDS)
    factors = [constant(I64, factor, _WORDS) for factor in FACTORS]
    c0, c1, c2, c3 = counter
    for step in range(len(ROUND_KEYS)):
        k0, k1 = (splat(b, element(b, keys, integer(2 * step + w)), _WORDS) for w in (0, 1))
        p0, p1 = b.mul(factors[0], b.and_(c0, low)), b.mul(factors[1], b.and_(c2, low))
        c0, c2 = b.xor(b.xor(b.lshr(p1, shift), c1), k0), b.xor(b.xor(b.lshr(p0, shift), c3), k1)
        c1, c3 = p1, p0
    first = b.or_(b.and_(c0, low), b.shl(c1, shift))
    return first, b.or_(b.and_(c2, low), b.shl(c3, shift))


@intrinsic  # type: ignore[untyped-decorator]
def _update_site(
    typingctx: Any,
    spins: Any,
    site: Any,
    edges: Any,
    constants: Any,
    thresholds: Any,
    stream: Any,
    shape: Any,
) -> Any:
    """Heat-bath update of a site; edges = (indices, signs, pointers), constants = (start, odd),
    thresholds = (table, active classes), stream = (sweep, block, round keys,
    lanes that matter)."""
    arguments = (spins, site, edges, constants, thresholds, stream, shape)

    def codegen(context: Any, builder: Any, signature: Any, values: Any) -> Any:
        _Update(context, builder, signature, values).emit()
        return context.get_dummy_value()

    return types.void(*arguments), codegen


@intrinsic  # type: ignore[untyped-decorator]
def _add_agreements(
    typingctx: Any, spins: Any, site: Any, edges: Any, counts: Any, shape: Any
) -> Any:
    """Add to ``counts[r]`` the weight of the site's edges that agree; uint8 (64 V,)."""
    arguments = (spins, site, edges, counts, shape)

    def codegen(context: Any, b: Any, signature: Any, values: Any) -> Any:
        circuit = _Circuit(context, b, signature, values, signature.args[4])
        counts = data_of(context, b, signature.args[3], values[3])
        own = circuit.inverse(circuit.row(circuit.site))
        planes = circuit.add_neighbours([circuit.zero] * circuit.num_planes, own)
        for w in range(circuit.words):
            total = load(b, counts, integer(64 * w), lanes=64)
            for p, plane in enumerate(planes):
                word = b.extract_element(plane, constant_index(w))
                bits = b.bitcast(word, vector(I1, 64))
                one, none = constant(I8, 1 << p, 64), constant(I8, 0, 64)
                total = b.add(total, b.select(bits, one, none))
            store(b, total, counts, integer(64 * w))
        return context.get_dummy_value()

    return types.void(*arguments), codegen


@njit
def _fill_thresholds(table: Any, scale: Any) -> Any:
    """Bits of ``2**32 sigma(-scale (2 m + odd))`` as 0 or -1; number of classes with any set."""
    active = 1
    for odd in range(2):
        for m in range(table.shape[2]):
            work = scale * (2 * m + odd) if scale > 0 and 2 * m + odd > 0 else 0.0
            against = 1.0 / (1.0 + math.exp(min(work, 700.0)))
            threshold = int64(math.floor(against * 4294967296.0 + 0.5))
            if threshold:
                active = max(active, m + 1)
            for draw in range(32):
                table[odd, draw, m] = -((threshold >> (31 - draw)) & 1)
    return active


@njit
def _count_agreements(
    spins: Any, forward: Any, flush_every: Any, counts: Any, agree: Any, shape: Any
) -> None:
    """``agree[r]`` = weight of all edges that agree with their coupling; int64 (64 V,)."""
    agree[:] = 0
    counts[:] = 0
    waiting = 0
    for site in range(spins.shape[0] - 1):
        _add_agreements(spins, int64(site), forward, counts, shape)
        waiting += 1
        if waiting == flush_every:
            agree += counts
            counts[:] = 0
            waiting = 0
    agree += counts


@njit
def _keep_best(spins: Any, energies: Any, best_energies: Any, best_spins: Any) -> None:
    for w in range(spins.shape[1]):
        better = uint64(0)
        for bit in range(64):
            r = 64 * w + bit
            if energies[r] < best_energies[r]:
                best_energies[r] = energies[r]
                better |= uint64(1) << uint64(bit)
        if better:
            for i in range(spins.shape[0] if best_spins.shape[0] else 0):
                best_spins[i, w] = (spins[i, w] & better) | (best_spins[i, w] & ~better)


@njit
def _round_keys(key0: Any, key1: Any) -> Any:
    keys = np.empty(2 * len(ROUND_KEYS), np.int64)
    for step, (step0, step1) in enumerate(ROUND_KEYS):
        keys[2 * step] = (key0 + step0) & 0xFFFFFFFF
        keys[2 * step + 1] = (key1 + step1) & 0xFFFFFFFF
    return keys


@njit
def _lane_bits(first: Any, last: Any, words: Any) -> Any:
    """Words with the bits of reads first..last - 1 set: padding need not be decided."""
    lanes = np.zeros(words, np.uint64)
    for r in range(first, last):
        lanes[r // 64] |= uint64(1) << uint64(r % 64)
    return lanes


@njit
def _sweep(
    spins: Any,
    edges: Any,
    start: Any,
    odd: Any,
    thresholds: Any,
    stream: Any,
    stop: Any,
    shape: Any,
) -> Any:
    """Update every site once; whether the sweep came to its end."""
    words = spins.shape[1]
    since_check = 0
    for i in range(start.size):
        _update_site(spins, int64(i), edges, (start[i], odd[i]), thresholds, stream, shape)
        since_check += 64 * words
        if since_check > _CHECK_EVERY:
            since_check = 0
            if stop[0]:
                return False
    return True


@kernel
def anneal_bits(spins: Any, model: Any, plan: Any, stream: Any, tracked: Any, watch: Any) -> None:
    """Fixed-order heat-bath sweeps of 64 V reads.

    spins uint64 (n + 1, V), the last row all ones: the other end of the fields; model = (edges,
    forward, start, odd, total, flush_every, shapes): edges for the fields, forward for the
    energies (each pair once, and the fields), total = sum of all weights; plan = (scales,
    sweeps_per_beta, unit) with scales = 2 beta unit; stream = (first block of 128 reads, key0,
    key1); tracked = (energies int64, best_energies int64, best_spins, keep_best, sweeps_done),
    energies in units; watch = (stop, beat, aim in units or the smallest int64, (first, last) lane
    that counts, trace). Energies are looked at every 64 sweeps, or every sweep where it matters.
    """
    edges, forward, start, odd, total, flush_every, shapes = model
    scales, sweeps_per_beta, unit = plan
    block, key0, key1 = stream
    energies, best_energies, best_spins, keep_best, sweeps_done = tracked
    stop, beat, aim, wanted, trace = watch
    shape, forward_shape = shapes
    words = spins.shape[1]
    keys = _round_keys(key0, key1)
    lanes = _lane_bits(wanted[0], wanted[1], words)
    table = np.zeros((2, 32, 2 ** (len(shape[0]) - 1)), np.int64)
    counts = np.zeros(64 * words, np.uint8)
    every = 1 if keep_best or trace.size or aim > _NO_AIM else _LOOK_EVERY
    sweeps = scales.size * sweeps_per_beta
    active = 1
    if keep_best or not sweeps:
        _count_agreements(spins, forward, flush_every, counts, energies, forward_shape)
        energies[:] = total - 2 * energies
        best_energies[:] = energies
    for sweep in range(sweeps):
        if sweep % sweeps_per_beta == 0:
            active = _fill_thresholds(table, scales[sweep // sweeps_per_beta])
        draws = (int64(sweep), block, keys, lanes)
        if not _sweep(spins, edges, start, odd, (table, int64(active)), draws, stop, shape):
            return
        sweeps_done[:] = sweep + 1
        beat[0] += wanted[1] - wanted[0]
        if (sweep + 1) % every == 0 or sweep + 1 == sweeps or stop[0]:
            _count_agreements(spins, forward, flush_every, counts, energies, forward_shape)
            energies[:] = total - 2 * energies
            lowest = energies[wanted[0] : wanted[1]].min()
            beat[1] = min(beat[1], unit * lowest)
            if trace.size:
                trace[sweep] = min(trace[sweep], unit * lowest)
            if keep_best:
                _keep_best(spins, energies, best_energies, best_spins)
            if lowest <= aim:
                stop[0] = 1
        if stop[0]:
            return


@kernel
def pack(spins: Any, words: Any) -> None:
    """int8 spins (n, 64 V) of -1 and +1 into uint64 (n + 1, V), the last row all ones."""
    for w in range(words.shape[1]):
        for i in range(spins.shape[0]):
            word = uint64(0)
            for bit in range(64):
                if spins[i, 64 * w + bit] > 0:
                    word |= uint64(1) << uint64(bit)
            words[i, w] = word
        words[spins.shape[0], w] = ~uint64(0)


@kernel
def unpack(words: Any, spins: Any) -> None:
    """The inverse of :func:`pack`."""
    for i in range(spins.shape[0]):
        for w in range(words.shape[1]):
            word = words[i, w]
            for bit in range(64):
                spins[i, 64 * w + bit] = 1 if (word >> uint64(bit)) & uint64(1) else -1
