"""Fields on a layer: sums of weights with the signs of the spins beside it, four spins at a time.

Four spins have sixteen states. The sixteen signed sums of four weights are tabulated once, and each
chain adds one row of the table for every four of its spins: a quarter of the additions of a matrix
product, and half its time. Sums are taken in one fixed order, so that machines, threads and
libraries of linear algebra do not change a bit.

Sizes: groups = ceil(spins / 4); units, the receiving ones, in blocks of WIDTH, chains in groups of
CHAINS; arrays are padded to whole blocks and groups.
"""

from __future__ import annotations

from typing import Any

from numba import float32, njit, uint8
from numba.core import cgutils, types
from numba.extending import intrinsic

from pbit.kernels.jit import bare_kernel
from pbit.kernels.vectors.llvm import (
    F32,
    I64,
    Loop,
    constant,
    data_of,
    element,
    integer,
    load,
    store,
)

CHAINS = 8
_VECTORS = 2
_LANES = 16
WIDTH = _LANES * _VECTORS
STATES = 16  # of four spins

_ZERO, _ONE = float32(0.0), float32(1.0)


@njit(inline="always")
def _sign(state: Any) -> Any:
    return _ONE if state & 1 else -_ONE


@bare_kernel
def tabulate(weights: Any, table: Any, blocks: Any, scratch: Any) -> None:
    """table[b, g, state] = ((+-w0 +- w1) +- w2) +- w3 of the spins 4g..4g+3 on a block of units.

    weights: float32 (spins, units); table: float32 (blocks, groups, STATES, WIDTH); blocks: first
    and last + 1; scratch: float32 (4, WIDTH). Bit q of ``state`` is set where spin q is up.
    """
    spins, units = weights.shape
    for b in range(blocks[0], blocks[1]):
        first = b * WIDTH
        count = min(WIDTH, units - first)
        for g in range(table.shape[1]):
            rows = table[b, g]
            for q in range(4):
                line = scratch[q]
                line[:] = _ZERO
                if 4 * g + q < spins:
                    for k in range(count):
                        line[k] = weights[4 * g + q, first + k]
            for state in range(STATES):
                s0, s1, s2, s3 = (
                    _sign(state),
                    _sign(state >> 1),
                    _sign(state >> 2),
                    _sign(state >> 3),
                )
                row = rows[state]
                for k in range(WIDTH):
                    pair = s0 * scratch[0, k] + s1 * scratch[1, k]
                    row[k] = (pair + s2 * scratch[2, k]) + s3 * scratch[3, k]


@bare_kernel
def pack(spins: Any, codes: Any, rows: Any) -> None:
    """codes[r, g] = state of the spins 4g..4g+3 of row r; uint8 (rows, groups)."""
    units = spins.shape[1]
    for r in range(rows[0], rows[1]):
        row, code = spins[r], codes[r]
        whole = units >> 2
        for g in range(whole):
            state = uint8(row[4 * g] > _ZERO)
            state |= uint8(row[4 * g + 1] > _ZERO) << uint8(1)
            state |= uint8(row[4 * g + 2] > _ZERO) << uint8(2)
            state |= uint8(row[4 * g + 3] > _ZERO) << uint8(3)
            code[g] = state
        if units & 3:
            state = uint8(0)
            for q in range(units & 3):
                state |= uint8(row[4 * whole + q] > _ZERO) << uint8(q)
            code[whole] = state


@intrinsic  # type: ignore[untyped-decorator]
def _add_rows(typingctx: Any, sums: Any, codes: Any, table: Any, where: Any) -> Any:
    """Add the rows of the table that the codes choose, for CHAINS chains and a block of units.

    where = (first chain, groups, first unit, units of a row of ``sums``, offset of the table, 1 to
    begin from what is in ``sums``).
    """

    def codegen(context: Any, b: Any, signature: Any, arguments: Any) -> Any:
        out, states, rows = (data_of(context, b, signature.args[k], arguments[k]) for k in range(3))
        chain, groups, unit, stride, offset, plus = cgutils.unpack_tuple(b, arguments[3], 6)
        goes_on = b.icmp_signed("!=", plus, integer(0))
        places = [
            b.add(b.add(b.mul(b.add(chain, integer(q)), stride), unit), integer(_LANES * v))
            for q in range(CHAINS)
            for v in range(_VECTORS)
        ]
        zero = constant(F32, 0.0, _LANES)
        begin = [b.select(goes_on, load(b, out, at, lanes=_LANES), zero) for at in places]
        loop = Loop(b, [integer(0), *begin])
        group, *sums = loop.values
        with loop.running(b.icmp_signed("<", group, groups)):
            base = b.add(offset, b.mul(group, integer(STATES * WIDTH)))
            new = []
            for q in range(CHAINS):
                at = b.add(b.mul(b.add(chain, integer(q)), groups), group)
                state = b.zext(element(b, states, at), I64)
                row = b.add(base, b.mul(state, integer(WIDTH)))
                for v in range(_VECTORS):
                    weights = load(b, rows, b.add(row, integer(_LANES * v)), lanes=_LANES)
                    new.append(b.fadd(sums[q * _VECTORS + v], weights))
            loop.next([b.add(group, integer(1)), *new])
        for at, value in zip(places, loop.values[1:], strict=True):
            store(b, value, out, at)
        return context.get_dummy_value()

    return types.void(sums, codes, table, where), codegen


@bare_kernel
def add_up(sums: Any, codes: Any, table: Any, rows: Any, plus: Any) -> None:
    """sums[r] = sum over g of table[:, g, codes[r, g]], rows from rows[0] to before rows[1], both
    multiples of CHAINS; added to what is there where ``plus`` is 1.

    sums: float32 (chains, blocks * WIDTH); codes: uint8 (chains, groups).
    """
    blocks, groups = table.shape[0], table.shape[1]
    for b in range(blocks):
        for chain in range(rows[0], rows[1], CHAINS):
            where = (chain, groups, b * WIDTH, sums.shape[1], b * groups * STATES * WIDTH, plus)
            _add_rows(sums, codes, table, where)
