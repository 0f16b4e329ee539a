"""Tables of oscillators by reads, in vectors of 16, and sums along couplings.

Many reads are gone through a row, an oscillator, at a time, in vectors of reads; couplings are
sparse rows. One read alone is a single row, gone through in vectors of oscillators; couplings are
then a full matrix, which suits networks where all are coupled to all. Sums are over the same terms
in the same order: the bits are the same.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from numba.core import cgutils

from pbit.kernels.jit import inner
from pbit.kernels.random.normals import normal_pair
from pbit.kernels.sweeps.lanes import LANES, each_tile, fma
from pbit.kernels.vectors.llvm import (
    F32,
    Loop,
    constant,
    element,
    integer,
    load,
    splat,
    store,
)


class Row:
    """Code that goes through row ``at`` of tables of shape (rows, R), R reads."""

    def __init__(self, b: Any, at: Any, reads: Any, count: Any = None) -> None:
        self.b, self.at, self.reads, self.count = b, at, reads, count
        self._start = b.mul(at, reads)

    def each(self, work: Callable[[list[Any]], None]) -> None:
        """``work`` on the places of several vectors of reads at once."""

        def tile(first: Any, count: int) -> None:
            work([self.b.add(first, integer(LANES * t)) for t in range(count)])

        each_tile(self.b, self.reads, tile)

    def load(self, table: Any, lane: Any) -> Any:
        """Of this row."""
        return load(self.b, table, self.b.add(self._start, lane), lanes=LANES)

    def store(self, value: Any, table: Any, lane: Any) -> None:
        """Into this row."""
        store(self.b, value, table, self.b.add(self._start, lane))

    def constant(self, table: Any, lane: Any, row: int = 0) -> Any:
        """What an oscillator has in a table of shape (rows, count), in every lane."""
        at = self.b.add(self.b.mul(integer(row), self.count), self.at) if row else self.at
        return splat(self.b, element(self.b, table, at), LANES)

    def sums(self, rows: Any, weights: list[Any], tables: list[Any], lanes: list[Any]) -> Any:
        """``sum_j w_ij t_j`` of two tables, a pair for each vector of reads; with two weights those
        of complex numbers, whose parts the tables are. rows: (indptr, indices)."""
        b = self.b
        indptr, indices = rows
        each = 2 * len(
            weights
        )  # sums of a vector of reads: all of them apart, none waits for another
        end = element(b, indptr, b.add(self.at, integer(1)))
        zeros = [constant(F32, 0.0, LANES)] * (each * len(lanes))
        loop = Loop(b, [element(b, indptr, self.at), *zeros])
        k, *totals = loop.values
        with loop.running(b.icmp_signed("<", k, end)):
            start = b.mul(b.sext(element(b, indices, k), k.type), self.reads)
            w = [splat(b, element(b, weight, k), LANES) for weight in weights]
            values = [
                load(b, table, b.add(start, lane), lanes=LANES)
                for lane in lanes
                for table in tables
            ]
            products = [(one, value) for value in values for one in w]
            new = [fma(b, *pair, total) for pair, total in zip(products, totals, strict=True)]
            loop.next([b.add(k, integer(1)), *new])
        found = list(loop.values[1:])
        return [self._put_together(found[t : t + each]) for t in range(0, len(found), each)]

    def _put_together(self, sums: list[Any]) -> tuple[Any, Any]:
        if len(sums) == 2:
            return sums[0], sums[1]
        real_x, imaginary_x, real_y, imaginary_y = sums
        return self.b.fsub(real_x, imaginary_y), self.b.fadd(imaginary_x, real_y)


class Line(Row):
    """Code that goes through the oscillators of one read, R of them with those that fill up; other
    rows are such of other tables."""

    def constant(self, table: Any, lane: Any, row: int = 0) -> Any:
        """What each oscillator has in a table of shape (rows, R)."""
        at = self.b.add(self.b.mul(integer(row), self.reads), lane) if row else lane
        return load(self.b, table, at, lanes=LANES)

    def sums(self, rows: Any, weights: list[Any], tables: list[Any], lanes: list[Any]) -> Any:
        """As those of a row; weights (sources, R), transposed; rows: [number of sources]."""
        b = self.b
        each = 2 * len(weights)
        zeros = [constant(F32, 0.0, LANES)] * (each * len(lanes))
        loop = Loop(b, [integer(0), *zeros])
        j, *totals = loop.values
        with loop.running(b.icmp_signed("<", j, rows[0])):
            start = b.mul(j, self.reads)
            values = [splat(b, element(b, table, j), LANES) for table in tables]
            products = [
                (load(b, weight, b.add(start, lane), lanes=LANES), value)
                for lane in lanes
                for value in values
                for weight in weights
            ]
            new = [fma(b, *pair, total) for pair, total in zip(products, totals, strict=True)]
            loop.next([b.add(j, integer(1)), *new])
        found = list(loop.values[1:])
        return [self._put_together(found[t : t + each]) for t in range(0, len(found), each)]


def data_of_all(context: Any, b: Any, kind: Any, records: Any) -> list[Any]:
    """Pointers to the data of the arrays in a NamedTuple."""
    values = cgutils.unpack_tuple(b, records, len(kind.types))
    return [
        context.make_array(each)(context, b, value).data
        for each, value in zip(kind.types, values, strict=True)
    ]


def shape_of(context: Any, b: Any, kind: Any, records: Any) -> tuple[Any, Any]:
    """Shape of the first array in a NamedTuple, (rows, R)."""
    first = cgutils.unpack_tuple(b, records, len(kind.types))[0]
    shape = context.make_array(kind.types[0])(context, b, first).shape
    return b.extract_value(shape, 0), b.extract_value(shape, 1)


@inner
def fill_normals(normals: Any, words: Any) -> None:
    """float32 (4, R) normal numbers of uint32 (4, R) words."""
    for r in range(words.shape[1]):
        normals[0, r], normals[1, r] = normal_pair(words[0, r], words[1, r])
        normals[2, r], normals[3, r] = normal_pair(words[2, r], words[3, r])


@inner
def fill_line(normals: Any, words: Any) -> None:
    """float32 (1, R) normal numbers of the oscillators of one read, of uint32 (R,) words."""
    for k in range(0, normals.shape[1], 2):
        normals[0, k], normals[0, k + 1] = normal_pair(words[k], words[k + 1])


@inner
def fill_pairs(normals: Any, words: Any) -> None:
    """float32 (2, R) normal numbers, two an oscillator of one read, of uint32 (2 R,) words."""
    for k in range(normals.shape[1]):
        normals[0, k], normals[1, k] = normal_pair(words[2 * k], words[2 * k + 1])
