"""Arithmetic of Verilog on literals: fixed widths, two's complement, shifts that drop bits."""

from __future__ import annotations

from collections.abc import Sequence

from pbit.problems.logic.circuits import arithmetic
from pbit.problems.logic.circuits.arithmetic import Bits
from pbit.problems.logic.circuits.netlist import FALSE, TRUE, Netlist


def extended(bits: Sequence[int], width: int, signed: bool) -> Bits:
    """The number with its sign, or zeros, up to a width; cut if it is wider."""
    fill = bits[-1] if signed and bits else FALSE
    return [*bits[:width], *[fill] * (width - len(bits))]


def multiply(netlist: Netlist, a: Bits, b: Bits, *, width: int, signed: bool) -> Bits:
    """``a * b`` modulo 2**width.

    References
    ----------
    Baugh, Wooley, IEEE Trans. Comput. C-22, 1045 (1973): products with one sign bit count
    negative, -x = (1 - x) - 1, and the ones make one constant.
    """
    full = min(width, len(a) + len(b))
    columns: arithmetic.Columns = [[] for _ in range(full)]
    correction = 0
    for i, x in enumerate(a):
        for j, y in enumerate(b[: max(0, full - i)]):
            negative = signed and (i == len(a) - 1) != (j == len(b) - 1)
            columns[i + j].append(netlist.and_(x, y) ^ negative)
            correction -= negative << (i + j)
    for k, column in enumerate(columns):
        if correction >> k & 1:
            column.append(TRUE)
    return extended(arithmetic.sum_in_order(netlist, columns), width, signed)


def negated_if(netlist: Netlist, sign: int, bits: Sequence[int]) -> Bits:
    """``-bits`` where the sign is set."""
    flipped = [netlist.xor(bit, sign) for bit in bits]
    return arithmetic.add(netlist, flipped, [], sign)[: len(bits)]


def divide(
    netlist: Netlist, a: Bits, b: Bits, *, width: int, signed: bool, floor: bool
) -> tuple[Bits, Bits]:
    """Quotient and remainder, towards zero or towards minus infinity; any value for b = 0."""
    if not signed:
        quotient, rest = arithmetic.divide(netlist, a, b)
        return extended(quotient, width, False), extended(rest, width, False)
    sign_a, sign_b = a[-1], b[-1]
    quotient, rest = arithmetic.divide(
        netlist, negated_if(netlist, sign_a, a), negated_if(netlist, sign_b, b)
    )
    # One more bit, since the quotient of the least number and -1 has no sign bit to spare.
    differ = netlist.xor(sign_a, sign_b)
    span = max(width, len(a) + 1, len(b) + 1)
    quotient = negated_if(netlist, differ, extended(quotient, span, False))
    rest = negated_if(netlist, sign_a, extended(rest, span, False))
    if floor:
        below = netlist.and_(differ, netlist.any(rest))
        ones = [below] * span
        quotient = arithmetic.add(netlist, quotient, ones)[:span]
        more = [netlist.and_(below, bit) for bit in extended(b, span, True)]
        rest = arithmetic.add(netlist, rest, more)[:span]
    return quotient[:width], rest[:width]


def less(netlist: Netlist, a: Bits, b: Bits, *, signed: bool) -> int:
    """Whether a < b."""
    width = max(len(a), len(b))
    a, b = extended(a, width, signed), extended(b, width, signed)
    if signed:  # the order of two's complement is that of the numbers with the sign bit flipped
        a[-1], b[-1] = a[-1] ^ 1, b[-1] ^ 1
    return arithmetic.less(netlist, a, b)


def equal(netlist: Netlist, a: Bits, b: Bits, *, signed: bool) -> int:
    """Whether a == b."""
    width = max(len(a), len(b))
    return arithmetic.equal(netlist, extended(a, width, signed), extended(b, width, signed))


def shifted(
    netlist: Netlist, bits: Bits, by: Sequence[int], *, left: bool, fill: int = FALSE
) -> Bits:
    """``bits << by`` or ``bits >> by`` as wide as bits; what comes in is ``fill``."""
    bits = bits[::-1] if left else list(bits)
    steps = max(0, len(bits) - 1).bit_length()
    for k, bit in enumerate(by[:steps]):
        moved = [*bits[2**k :], *[fill] * min(2**k, len(bits))]
        bits = arithmetic.select(netlist, bit, bits, moved)
    beyond = netlist.any(by[steps:])
    bits = [netlist.mux(beyond, bit, fill) for bit in bits]
    return bits[::-1] if left else bits


def shifted_either_way(netlist: Netlist, bits: Bits, by: Bits) -> Bits:
    """``bits >> by`` for a signed ``by``, a shift left where that is negative."""
    right = shifted(netlist, bits, by[:-1], left=False)
    left = shifted(netlist, bits, negated_if(netlist, by[-1], by), left=True)
    return arithmetic.select(netlist, by[-1], right, left)
