"""Circuits of slices of imaginary time as bits of a word; see :mod:`.slices` for where they lie.

What is counted over the edges of a site, in the row of its slice, is that of
:mod:`pbit.kernels.vectors.bit_circuits`; here are the two neighbours in imaginary time.
"""

from __future__ import annotations

from typing import Any

from numba.core import cgutils, types
from numba.extending import intrinsic

from pbit.kernels.vectors.bit_circuits import (
    DRAWS,
    Agreements,
    Circuit,
    Update,
    add_planes,
)
from pbit.kernels.vectors.llvm import I32, constant, data_of, integer, load, store

LINES = DRAWS + 1  # of the table of thresholds: the last has the classes that are turned round
TIMES = 3  # classes by neighbours in time: both for the sign of the field, one, none


class _InSlice(Circuit):
    """A site in row p of P: ``where`` = (site, p, P)."""

    def locate(self, where: Any) -> None:
        """See :class:`Circuit`."""
        self.site, self.slice, self.num_slices = cgutils.unpack_tuple(self.b, where, 3)
        self.place = self.row_of(self.site)

    def row_of(self, neighbour: Any) -> Any:
        """See :class:`Circuit`."""
        b = self.b
        return b.add(b.mul(neighbour, self.num_slices), self.slice)


class _SliceUpdate(_InSlice, Update):
    """Heat-bath update of a site in one row of slices.

    Class 3 m + t: |F| = 2 m + odd, and of the neighbours in time 2 - t are for the sign of F. What
    a read goes against with its threshold, at most 1/2, is the sign of F, or the opposite one in
    the classes whose bit in the last line of the table is set.
    """

    num_lines = LINES
    low_planes = 2
    sure_draws = 8  # that are asked of most vectors: their random bits are made abreast

    def __init__(self, context: Any, b: Any, signature: Any, arguments: Any) -> None:
        super().__init__(context, b, signature, arguments)
        self.times = cgutils.unpack_tuple(b, arguments[7], 2)
        self.num_classes *= TIMES

    def emit(self) -> None:
        """All of it."""
        b = self.b
        down, m = self.field()
        below, above = (b.xor(self.row(row), down) for row in self.times)
        times = (b.and_(below, above), b.xor(below, above), self.inverse(b.or_(below, above)))
        highs = self.classes(m[self.low_planes :])
        lows = [b.and_(x, time) for x in self.classes(m[: self.low_planes]) for time in times]
        threshold, undecided = self.thresholds(lows, highs, self.undecided(down))
        against = self.against(threshold, undecided)
        turned = threshold(self.line(integer(DRAWS)))
        self.write(b.xor(self.inverse(b.xor(down, turned)), against))


class _SliceAgreements(_InSlice, Agreements):
    pass


@intrinsic  # type: ignore[untyped-decorator]
def update_slice(
    typingctx: Any,
    spins: Any,
    where: Any,
    edges: Any,
    constants: Any,
    thresholds: Any,
    stream: Any,
    shape: Any,
    times: Any,
) -> Any:
    """Heat-bath update of a site in a row of slices; where = (site, row, rows), times: the rows of
    spins below and above in imaginary time, the rest as of
    :func:`pbit.kernels.vectors.bit_circuits.update_site`."""
    arguments = (spins, where, edges, constants, thresholds, stream, shape, times)

    def codegen(context: Any, builder: Any, signature: Any, values: Any) -> Any:
        _SliceUpdate(context, builder, signature, values).emit()
        return context.get_dummy_value()

    return types.void(*arguments), codegen


@intrinsic  # type: ignore[untyped-decorator]
def add_slice_agreements(
    typingctx: Any, spins: Any, where: Any, edges: Any, counts: Any, shape: Any
) -> Any:
    """Add to ``counts[r]`` the weight of the site's edges that agree; where = (site, row, rows)."""
    arguments = (spins, where, edges, counts, shape)

    def codegen(context: Any, builder: Any, signature: Any, values: Any) -> Any:
        _SliceAgreements(context, builder, signature, values, signature.args[4]).emit()
        return context.get_dummy_value()

    return types.void(*arguments), codegen


@intrinsic  # type: ignore[untyped-decorator]
def add_differing(typingctx: Any, spins: Any, rows: Any, counts: Any, shape: Any) -> Any:
    """Add 1 to ``counts[r]``, uint8 (64 V,), where two rows of spins differ."""
    arguments = (spins, rows, counts, shape)

    def codegen(context: Any, b: Any, signature: Any, values: Any) -> Any:
        words = len(signature.args[3])
        one, other = (
            _row(context, b, signature, values, row, words)
            for row in cgutils.unpack_tuple(b, values[1], 2)
        )
        add_planes(b, [b.xor(one, other)], data_of(context, b, signature.args[2], values[2]))
        return context.get_dummy_value()

    return types.void(*arguments), codegen


@intrinsic  # type: ignore[untyped-decorator]
def turn_row(typingctx: Any, spins: Any, rows: Any, turn: Any, shape: Any) -> Any:
    """Row ``rows[1]`` of the spins = row ``rows[0]``, its lanes shifted by one within each group.

    turn uint64 (4, 2, V), masks and shifts: words to the right, words to the left, and the other
    word of each pair to the right and to the left.
    """
    arguments = (spins, rows, turn, shape)

    def codegen(context: Any, b: Any, signature: Any, values: Any) -> Any:
        words = len(signature.args[3])
        table = data_of(context, b, signature.args[2], values[2])
        source, target = cgutils.unpack_tuple(b, values[1], 2)
        own = _row(context, b, signature, values, source, words)
        other = b.shuffle_vector(own, own, constant(I32, [w ^ 1 for w in range(words)], words))
        turned = constant(own.type.element, 0, words)
        for k, (word, shift) in enumerate((w, s) for w in (own, other) for s in (b.lshr, b.shl)):
            mask, by = (load(b, table, integer((2 * k + j) * words), lanes=words) for j in (0, 1))
            turned = b.or_(turned, b.and_(shift(word, by), mask))
        spins = data_of(context, b, signature.args[0], values[0])
        store(b, turned, spins, b.mul(target, integer(words)))
        return context.get_dummy_value()

    return types.void(*arguments), codegen


def _row(context: Any, b: Any, signature: Any, values: Any, row: Any, words: int) -> Any:
    spins = data_of(context, b, signature.args[0], values[0])
    return load(b, spins, b.mul(row, integer(words)), lanes=words)
