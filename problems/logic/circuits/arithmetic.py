"""Arithmetic on literals of a netlist, lowest bit first: what the circuit's methods are made of.

Numbers are unsigned. Results are exact: sums and products have all their bits.
"""

from __future__ import annotations

from collections.abc import Sequence

from pbit.problems.logic.circuits.netlist import FALSE, TRUE, Netlist

Bits = list[int]
Columns = list[Bits]


def constant(value: int, width: int) -> Bits:
    """Literals of a number."""
    return [value >> k & 1 for k in range(width)]


def widened(bits: Sequence[int], width: int) -> Bits:
    """The number with zeros up to a width."""
    return [*bits, *[FALSE] * (width - len(bits))]


def add(netlist: Netlist, a: Sequence[int], b: Sequence[int], carry: int = FALSE) -> Bits:
    """Sum, one bit wider than the wider term: a ripple-carry adder."""
    width = max(len(a), len(b))
    total = []
    for x, y in zip(widened(a, width), widened(b, width), strict=True):
        bit, carry = netlist.full_adder(x, y, carry)
        total.append(bit)
    return [*total, carry]


def subtract(netlist: Netlist, a: Sequence[int], b: Sequence[int]) -> tuple[Bits, int]:
    """Difference modulo 2**width, and whether it was below zero."""
    width = max(len(a), len(b))
    inverted = [literal ^ 1 for literal in widened(b, width)]
    *difference, no_borrow = add(netlist, widened(a, width), inverted, TRUE)
    return difference, no_borrow ^ 1


def less(netlist: Netlist, a: Sequence[int], b: Sequence[int]) -> int:
    """Whether a < b, by the carries of their difference."""
    width = max(len(a), len(b))
    carry = TRUE
    for x, y in zip(widened(a, width), widened(b, width), strict=True):
        carry = netlist.majority(x, y ^ 1, carry)
    return carry ^ 1


def equal(netlist: Netlist, a: Sequence[int], b: Sequence[int]) -> int:
    """Whether a == b."""
    width = max(len(a), len(b))
    pairs = zip(widened(a, width), widened(b, width), strict=True)
    return netlist.all(netlist.xor(x, y) ^ 1 for x, y in pairs)


def select(netlist: Netlist, which: int, low: Sequence[int], high: Sequence[int]) -> Bits:
    """``high if which else low``, bit by bit."""
    width = max(len(low), len(high))
    pairs = zip(widened(low, width), widened(high, width), strict=True)
    return [netlist.mux(which, x, y) for x, y in pairs]


def shift_left(netlist: Netlist, a: Sequence[int], by: Sequence[int]) -> Bits:
    """``a << by``, all bits kept: a barrel shifter, a row of multiplexers a bit of ``by``."""
    bits = list(a)
    for k, bit in enumerate(by):
        shifted = [*[FALSE] * 2**k, *bits]
        bits = select(netlist, bit, bits, shifted)
    return bits


def shift_right(netlist: Netlist, a: Sequence[int], by: Sequence[int]) -> Bits:
    """``a >> by``, as wide as a."""
    bits = list(a)
    for k, bit in enumerate(by):
        shifted = [*bits[2**k :], *[FALSE] * min(2**k, len(bits))]
        bits = select(netlist, bit, bits, shifted)
    return bits


def divide(netlist: Netlist, a: Sequence[int], b: Sequence[int]) -> tuple[Bits, Bits]:
    """Quotient and remainder: a restoring divider.

    For b = 0 the quotient is all ones and the remainder is a, cut to the width of b.
    """
    rest: Bits = []
    quotient = []
    for bit in reversed(a):
        rest = [bit, *rest]
        difference, negative = subtract(netlist, rest, b)
        quotient.append(negative ^ 1)
        rest = select(netlist, negative, difference, rest)[: len(b)]
    return quotient[::-1], widened(rest, len(b))


def products(netlist: Netlist, a: Sequence[int], b: Sequence[int]) -> Columns:
    """Partial products of a * b by column."""
    columns: Columns = [[] for _ in range(len(a) + len(b))]
    for j, y in enumerate(b):
        for i, x in enumerate(a):
            columns[i + j].append(netlist.and_(x, y))
    return columns


def squares(netlist: Netlist, a: Sequence[int]) -> Columns:
    """Partial products of a * a by column: each pair once, one column up."""
    columns: Columns = [[] for _ in range(2 * len(a))]
    for i, x in enumerate(a):
        columns[2 * i].append(x)
        for j in range(i + 1, len(a)):
            columns[i + j + 1].append(netlist.and_(x, a[j]))
    return columns


def sum_in_order(netlist: Netlist, columns: Columns) -> Bits:
    """Sum of columns of bits, one column after the other: an array of adders.

    As wide as there are columns; what is carried out of the last one is dropped.
    """
    columns = [list(column) for column in columns]
    for k, column in enumerate(columns):
        while len(column) > 1:
            total, carry = _added(netlist, column[:3])
            column[:3] = [total]
            _carry(columns, k + 1, carry)
    return [column[0] if column else FALSE for column in columns]


def sum_in_layers(netlist: Netlist, columns: Columns) -> Bits:
    """Sum of columns of bits by layers of full and half adders, then a ripple-carry adder.

    References
    ----------
    Wallace, IEEE Trans. Electron. Comput. EC-13, 14 (1964).
    """
    columns = [list(column) for column in columns]
    while max(map(len, columns), default=0) > 2:
        columns = _layer(netlist, columns)
    return sum_in_order(netlist, columns)


def _layer(netlist: Netlist, columns: Columns) -> Columns:
    after: Columns = [[] for _ in columns]
    for k, column in enumerate(columns):
        for first in range(0, len(column), 3):
            group = column[first : first + 3]
            if len(group) == 1 or len(column) < 3:
                after[k].extend(group)
                continue
            total, carry = _added(netlist, group)
            after[k].append(total)
            _carry(after, k + 1, carry)
    return after


def _added(netlist: Netlist, bits: Bits) -> tuple[int, int]:
    if len(bits) == 2:
        return netlist.half_adder(bits[0], bits[1])
    return netlist.full_adder(bits[0], bits[1], bits[2])


def _carry(columns: Columns, k: int, carry: int) -> None:
    if k < len(columns) and carry != FALSE:
        columns[k].append(carry)
