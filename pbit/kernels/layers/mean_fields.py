"""Mean fields on a graph, many states side by side: vectors of 16 of them, fields in registers."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
from numba import float32
from numba.core import cgutils, types
from numba.extending import intrinsic

from pbit.kernels.jit import bare_kernel
from pbit.kernels.sweeps.lanes import LANES, each_tile, exp2, fma
from pbit.kernels.vectors.llvm import (
    F32,
    F64,
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

_TO_BITS = -2.0 * 1.4426950408889634
_FROZEN = -44.0  # of exp2, which is not asked for less
_FACTORS = 100  # in (1, 2], multiplied before a logarithm is taken


class Network(NamedTuple):
    """Couplings by p-bit: pointers int64 (n + 1,), neighbours int32, couplings float32; biases
    float32 (n,)."""

    pointers: npt.NDArray[np.int64]
    neighbours: npt.NDArray[np.int32]
    couplings: npt.NDArray[np.float32]
    biases: npt.NDArray[np.float32]


class Columns(NamedTuple):
    """A state a column, as many as a multiple of LANES: means of the p-bits and the fields that
    they follow, float32 (n, columns)."""

    means: npt.NDArray[np.float32]
    fields: npt.NDArray[np.float32]


class _Tile:
    """Code for one p-bit: its fields in a tile of columns."""

    def __init__(self, context: Any, b: Any, signature: Any, arguments: Any) -> None:
        self.b = b
        parts = []
        for kinds, group in zip(signature.args[:2], arguments[:2], strict=True):
            arrays = cgutils.unpack_tuple(b, group, len(kinds))
            parts += [data_of(context, b, k, a) for k, a in zip(kinds, arrays, strict=True)]
        self.pointers, self.neighbours, self.couplings, self.biases, self.means, self.fields = parts
        self.site, self.columns = cgutils.unpack_tuple(b, arguments[2], 2)
        self.bias = splat(b, element(b, self.biases, self.site), LANES)

    def at(self, row: Any, column: Any, v: int) -> Any:
        """Where the v-th vector of a tile of this p-bit begins."""
        first = self.b.add(self.b.mul(row, self.columns), column)
        return self.b.add(first, integer(LANES * v))

    def own(self, data: Any, column: Any, v: int) -> Any:
        """This p-bit's vector of means or fields."""
        return load(self.b, data, self.at(self.site, column, v), lanes=LANES)

    def sums(self, column: Any, count: int) -> Any:
        """Sums of couplings times neighbours' means, without the bias."""
        b = self.b
        first = element(b, self.pointers, self.site)
        last = element(b, self.pointers, b.add(self.site, integer(1)))
        loop = Loop(b, [first, *[constant(F32, 0.0, LANES)] * count])
        k, *sums = loop.values
        with loop.running(b.icmp_signed("<", k, last)):
            row = b.zext(element(b, self.neighbours, k), I64)
            weight = splat(b, element(b, self.couplings, k), LANES)
            rows = [load(b, self.means, self.at(row, column, v), lanes=LANES) for v in range(count)]
            new = [fma(b, weight, x, total) for x, total in zip(rows, sums, strict=True)]
            loop.next([b.add(k, integer(1)), *new])
        return loop.values[1:]


def _size(b: Any, x: Any) -> Any:
    return call(b, f"llvm.fabs.v{LANES}f32", x.type, [x])


def _decay(b: Any, x: Any) -> Any:
    """``exp(-2 |x|)``."""
    y = b.fmul(_size(b, x), constant(F32, _TO_BITS, LANES))
    lowest = constant(F32, _FROZEN, LANES)
    return exp2(b, b.select(b.fcmp_ordered(">", y, lowest), y, lowest))


def _tanh(b: Any, x: Any) -> Any:
    one, t = constant(F32, 1.0, LANES), _decay(b, x)
    size = b.fdiv(b.fsub(one, t), b.fadd(one, t))
    return call(b, f"llvm.copysign.v{LANES}f32", x.type, [size, x])


def _fields(follow: bool) -> Any:
    @intrinsic  # type: ignore[untyped-decorator]
    def one(typingctx: Any, network: Any, columns: Any, where: Any) -> Any:
        """Fields of a p-bit, and its means if it is to follow; where = (p-bit, columns)."""

        def codegen(context: Any, b: Any, signature: Any, arguments: Any) -> Any:
            tile = _Tile(context, b, signature, arguments)

            def run(column: Any, count: int) -> None:
                for v, total in enumerate(tile.sums(column, count)):
                    x = b.fadd(total, tile.bias)
                    store(b, x, tile.fields, tile.at(tile.site, column, v))
                    if follow:
                        store(b, _tanh(b, x), tile.means, tile.at(tile.site, column, v))

            each_tile(b, tile.columns, run)
            return context.get_dummy_value()

        return types.void(network, columns, where), codegen

    return one


_look, _follow = _fields(False), _fields(True)


@intrinsic  # type: ignore[untyped-decorator]
def _add_energy(typingctx: Any, network: Any, columns: Any, where: Any, energies: Any) -> Any:
    """energies -= m (J m / 2 + h) of a p-bit, float64 (columns,)."""

    def codegen(context: Any, b: Any, signature: Any, arguments: Any) -> Any:
        tile = _Tile(context, b, signature, arguments)
        energies = data_of(context, b, signature.args[3], arguments[3])

        def run(column: Any, count: int) -> None:
            for v, total in enumerate(tile.sums(column, count)):
                half = b.fmul(total, constant(F32, 0.5, LANES))
                term = b.fmul(tile.own(tile.means, column, v), b.fadd(half, tile.bias))
                _subtract(b, energies, b.add(column, integer(LANES * v)), term)

        each_tile(b, tile.columns, run)
        return context.get_dummy_value()

    return types.void(network, columns, where, energies), codegen


@intrinsic  # type: ignore[untyped-decorator]
def _add_entropy(typingctx: Any, network: Any, columns: Any, where: Any, sums: Any) -> Any:
    """energies -= |I| - m I and products *= 1 + exp(-2 |I|) of a p-bit; sums = (energies,
    products), whose logarithm is the rest of its entropy."""

    def codegen(context: Any, b: Any, signature: Any, arguments: Any) -> Any:
        tile = _Tile(context, b, signature, arguments)
        energies, products = (
            data_of(context, b, kind, array)
            for kind, array in zip(
                signature.args[3], cgutils.unpack_tuple(b, arguments[3], 2), strict=True
            )
        )

        def run(column: Any, count: int) -> None:
            for v in range(count):
                at = b.add(column, integer(LANES * v))
                x = tile.own(tile.fields, column, v)
                certain = b.fmul(tile.own(tile.means, column, v), x)
                _subtract(b, energies, at, b.fsub(_size(b, x), certain))
                factor = b.fadd(constant(F32, 1.0, LANES), _decay(b, x))
                store(b, b.fmul(load(b, products, at, lanes=LANES), factor), products, at)

        each_tile(b, tile.columns, run)
        return context.get_dummy_value()

    return types.void(network, columns, where, sums), codegen


def _subtract(b: Any, energies: Any, at: Any, term: Any) -> None:
    wide = b.fpext(term, vector(F64, LANES))
    store(b, b.fsub(load(b, energies, at, lanes=LANES), wide), energies, at)


@intrinsic  # type: ignore[untyped-decorator]
def _product(typingctx: Any, left: Any, right: Any, where: Any) -> Any:
    """Sum over columns of left[i] right[j]; where = (i, j, columns)."""

    def codegen(context: Any, b: Any, signature: Any, arguments: Any) -> Any:
        data = [data_of(context, b, signature.args[k], arguments[k]) for k in range(2)]
        i, j, columns = cgutils.unpack_tuple(b, arguments[2], 3)
        loop = Loop(b, [integer(0), constant(F32, 0.0, LANES)])
        column, total = loop.values
        with loop.running(b.icmp_signed("<", column, columns)):
            x, y = (
                load(b, array, b.add(b.mul(row, columns), column), lanes=LANES)
                for array, row in zip(data, (i, j), strict=True)
            )
            loop.next([b.add(column, integer(LANES)), fma(b, x, y, total)])
        return _sum_of_lanes(b, loop.values[1])

    return types.float32(left, right, where), codegen


def _sum_of_lanes(b: Any, x: Any) -> Any:
    """By halves: not one lane after the other."""
    count = LANES
    while count > 1:
        count //= 2
        halves = (
            b.shuffle_vector(x, x, constant(I32, list(range(k, k + count)), count))
            for k in (0, count)
        )
        x = b.fadd(*halves)
    return b.extract_element(x, constant_index(0))


@bare_kernel
def settle(network: Network, columns: Columns, sites: Any, sweeps: Any) -> None:
    """Sweeps of ``m_i = tanh(I_i)``, p-bit after p-bit of ``sites``, int64."""
    for _ in range(sweeps):
        for k in range(sites.size):
            _follow(network, columns, (sites[k], columns.means.shape[1]))


@bare_kernel
def look(network: Network, columns: Columns, sites: Any) -> None:
    """Fields of the p-bits of ``sites`` as the means are."""
    for k in range(sites.size):
        _look(network, columns, (sites[k], columns.means.shape[1]))


@bare_kernel
def add_free_energies(network: Network, columns: Columns, free: Any, sums: Any) -> None:
    """Add the variational free energies of the columns, entropies those of the p-bits of ``free``,
    whose means are those of their fields.

    sums: float64 (columns,), and ones as scratch, float32 (columns,).
    """
    energies, products = sums
    width = columns.means.shape[1]
    for i in range(network.biases.size):
        _add_energy(network, columns, (i, width), energies)
    for k in range(free.size):
        _add_entropy(network, columns, (free[k], width), sums)
        if k % _FACTORS == _FACTORS - 1 or k == free.size - 1:
            for c in range(width):
                energies[c] -= np.log(np.float64(products[c]))
                products[c] = float32(1.0)


@bare_kernel
def add_products(left: Any, right: Any, edges: Any, sums: Any) -> None:
    """sums[e] += sum over columns of left[i] right[j] of every edge e = (i, j).

    left, right: float32 (n, columns); edges: int64 (2, num_edges); sums: float32 (num_edges,).
    """
    for e in range(sums.size):
        sums[e] += _product(left, right, (edges[0, e], edges[1, e], left.shape[1]))
