"""Cells of yosys on words: arithmetic, comparisons, shifts, selections, sums of products."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from pbit.problems.logic.circuits import arithmetic
from pbit.problems.logic.circuits.arithmetic import Bits
from pbit.problems.logic.circuits.functions import WIDEST_FUNCTION, function
from pbit.problems.logic.circuits.netlist import FALSE, Netlist
from pbit.problems.logic.netlists import yosys_words as words
from pbit.problems.logic.netlists.assembly import PartError
from pbit.problems.logic.netlists.yosys_cell import Cell

_WIDEST_SELECT = 16
_MOST_TERMS = 2**16  # of a sum of products
_MOST_PRODUCTS = 2**14  # of bits, in one multiplication or division


def _reduce(build: Callable[[Netlist, Bits], int], inverted: int = 0) -> Callable[..., list[Bits]]:
    return lambda n, cell, a: [[build(n, a) ^ inverted]]


def _logic(build: Callable[[Netlist, int, int], int]) -> Callable[..., list[Bits]]:
    return lambda n, cell, a, b: [[build(n, n.any(a), n.any(b))]]


def _compare(rule: Callable[..., int]) -> Callable[..., list[Bits]]:
    return lambda n, cell, a, b: [[rule(n, a, b, cell.signed("A", "B"))]]


def _add(n: Netlist, cell: Cell, a: Bits, b: Bits) -> list[Bits]:
    a, b = _operands(cell, a, b)
    return [arithmetic.add(n, a, b)[: len(a)]]


def _subtract(n: Netlist, cell: Cell, a: Bits, b: Bits) -> list[Bits]:
    return [arithmetic.subtract(n, *_operands(cell, a, b))[0]]


def _check_product(a: Bits, b: Bits) -> None:
    if len(a) * len(b) > _MOST_PRODUCTS:
        raise PartError(
            f"takes {len(a)} by {len(b)} bits, expected at most {_MOST_PRODUCTS} products of bits"
        )


def _operands(cell: Cell, a: Bits, b: Bits) -> tuple[Bits, Bits]:
    width, signed = cell.width, cell.signed("A", "B")
    return words.extended(a, width, signed), words.extended(b, width, signed)


def _negate(n: Netlist, cell: Cell, a: Bits) -> list[Bits]:
    width = cell.width
    return [arithmetic.subtract(n, [FALSE] * width, words.extended(a, width, cell.signed("A")))[0]]


def _multiply(n: Netlist, cell: Cell, a: Bits, b: Bits) -> list[Bits]:
    _check_product(a, b)
    return [words.multiply(n, a, b, width=cell.width, signed=cell.signed("A", "B"))]


def _divide(which: int, *, floor: bool) -> Callable[..., list[Bits]]:
    def build(n: Netlist, cell: Cell, a: Bits, b: Bits) -> list[Bits]:
        _check_product(a, b)
        signed, width = cell.signed("A", "B"), cell.width
        return [words.divide(n, a, b, width=width, signed=signed, floor=floor)[which]]

    return build


def _shift(*, left: bool, arithmetic: bool) -> Callable[..., list[Bits]]:
    def build(n: Netlist, cell: Cell, a: Bits, b: Bits) -> list[Bits]:
        signed = cell.signed("A")
        bits = words.extended(a, max(len(a), cell.width), signed)
        fill = bits[-1] if arithmetic and signed and not left else FALSE
        return [words.shifted(n, bits, b, left=left, fill=fill)]

    return build


def _shift_either(n: Netlist, cell: Cell, a: Bits, b: Bits) -> list[Bits]:
    bits = words.extended(a, max(len(a), cell.width), cell.signed("A"))
    if not cell.signed("B"):
        return [words.shifted(n, bits, b, left=False)]
    return [words.shifted_either_way(n, bits, b)]


def _first_of(n: Netlist, cell: Cell, a: Bits, b: Bits, s: Bits) -> list[Bits]:
    width = cell.width
    if len(a) != width or len(b) != width * len(s):
        raise PartError(
            f"pins A and B have {len(a)} and {len(b)} bits, expected {width} and "
            f"{width} for each bit of S"
        )
    bits = a
    for k, select in reversed(list(enumerate(s))):
        bits = arithmetic.select(n, select, bits, b[k * width : (k + 1) * width])
    return [bits]


def _indexed(n: Netlist, cell: Cell, a: Bits, s: Bits) -> list[Bits]:
    width = cell.width
    if len(s) > _WIDEST_SELECT or len(a) != width << len(s):
        raise PartError(f"pin A has {len(a)} bits, expected {width} * 2**{len(s)}")
    for select in s:
        count = len(a) // width
        halves = ([a[k * width : (k + 1) * width] for k in range(j, count, 2)] for j in (0, 1))
        low, high = ([bit for word in half for bit in word] for half in halves)
        a = arithmetic.select(n, select, low, high)
    return [a]


def _spread(n: Netlist, cell: Cell, a: Bits, s: Bits) -> list[Bits]:
    if len(s) > _WIDEST_SELECT or cell.width != len(a) << len(s):
        raise PartError(f"pin Y has {cell.width} bits, expected {len(a)} * 2**{len(s)}")
    for select in s:
        a = [n.and_(bit, side) for side in (select ^ 1, select) for bit in a]
    return [a]


def _lookup(n: Netlist, cell: Cell, a: Bits) -> list[Bits]:
    if len(a) > WIDEST_FUNCTION or cell.number("LUT") >> 2 ** len(a):
        raise PartError(
            f"pin A has {len(a)} bits, expected at most {WIDEST_FUNCTION}, and 2**n bits of LUT"
        )
    return [[function(n, a, cell.number("LUT"))]]


def _sum_of_products(n: Netlist, cell: Cell, a: Bits) -> list[Bits]:
    table, depth = cell.number("TABLE"), cell.number("DEPTH")
    if depth > _MOST_TERMS or table >> 2 * len(a) * depth:
        raise PartError(f"DEPTH is {depth}, expected 2 * WIDTH * DEPTH bits of TABLE")
    # As text: to shift the whole table for each rule would take the square of its length.
    digits = format(table, "b").zfill(2 * len(a) * depth)[::-1]
    products = []
    for first in range(0, 2 * len(a) * depth, 2 * len(a) or 1):
        places = range(first, first + 2 * len(a), 2)
        rules = [int(digits[k]) + 2 * int(digits[k + 1]) for k in places]
        wanted = [q ^ (rule == 1) for q, rule in zip(a, rules, strict=True) if rule]
        products.append(FALSE if 3 in rules else n.all(wanted))
    return [[n.any(products)]]


def _full_adders(n: Netlist, cell: Cell, a: Bits, b: Bits, c: Bits) -> list[Bits]:
    for pin in "ABCX":
        cell.exactly(pin, cell.width)
    pairs = [n.full_adder(*bits) for bits in zip(a, b, c, strict=True)]
    return [[carry for _, carry in pairs], [total for total, _ in pairs]]


def _lookahead(n: Netlist, cell: Cell, p: Bits, g: Bits, ci: Bits) -> list[Bits]:
    carry, carries = ci[0], []
    cell.exactly("CI", 1)
    for pin in ("P", "G"):
        cell.exactly(pin, len(cell.pin("CO")))
    for propagate, generate in zip(p, g, strict=True):
        carry = n.or_(generate, n.and_(propagate, carry))
        carries.append(carry)
    return [carries]


def _alu(n: Netlist, cell: Cell, a: Bits, b: Bits, ci: Bits, bi: Bits) -> list[Bits]:
    for pin in ("CI", "BI"):
        cell.exactly(pin, 1)
    for pin in ("X", "CO"):
        cell.exactly(pin, cell.width)
    a, b = _operands(cell, a, b)
    carry, invert = ci[0], bi[0]
    b = [n.xor(bit, invert) for bit in b]
    total, carries = [], []
    for x, y in zip(a, b, strict=True):
        bit, carry = n.full_adder(x, y, carry)
        total.append(bit)
        carries.append(carry)
    return [[n.xor(x, y) for x, y in zip(a, b, strict=True)], total, carries]


_Y = ("Y",)
# Pins that are read, pins that are driven, and the literals of those.
WORDS: dict[str, tuple[str, Sequence[str], Callable[..., Sequence[Bits]]]] = {
    "$reduce_and": ("A", _Y, _reduce(Netlist.all)),
    "$reduce_or": ("A", _Y, _reduce(Netlist.any)),
    "$reduce_bool": ("A", _Y, _reduce(Netlist.any)),
    "$reduce_xor": ("A", _Y, _reduce(Netlist.parity)),
    "$reduce_xnor": ("A", _Y, _reduce(Netlist.parity, 1)),
    "$logic_not": ("A", _Y, _reduce(Netlist.any, 1)),
    "$logic_and": ("A B", _Y, _logic(Netlist.and_)),
    "$logic_or": ("A B", _Y, _logic(Netlist.or_)),
    "$lt": ("A B", _Y, _compare(lambda n, a, b, s: words.less(n, a, b, signed=s))),
    "$le": ("A B", _Y, _compare(lambda n, a, b, s: words.less(n, b, a, signed=s) ^ 1)),
    "$gt": ("A B", _Y, _compare(lambda n, a, b, s: words.less(n, b, a, signed=s))),
    "$ge": ("A B", _Y, _compare(lambda n, a, b, s: words.less(n, a, b, signed=s) ^ 1)),
    "$eq": ("A B", _Y, _compare(lambda n, a, b, s: words.equal(n, a, b, signed=s))),
    "$eqx": ("A B", _Y, _compare(lambda n, a, b, s: words.equal(n, a, b, signed=s))),
    "$ne": ("A B", _Y, _compare(lambda n, a, b, s: words.equal(n, a, b, signed=s) ^ 1)),
    "$nex": ("A B", _Y, _compare(lambda n, a, b, s: words.equal(n, a, b, signed=s) ^ 1)),
    "$add": ("A B", _Y, _add),
    "$sub": ("A B", _Y, _subtract),
    "$neg": ("A", _Y, _negate),
    "$mul": ("A B", _Y, _multiply),
    "$div": ("A B", _Y, _divide(0, floor=False)),
    "$mod": ("A B", _Y, _divide(1, floor=False)),
    "$divfloor": ("A B", _Y, _divide(0, floor=True)),
    "$modfloor": ("A B", _Y, _divide(1, floor=True)),
    "$shl": ("A B", _Y, _shift(left=True, arithmetic=False)),
    "$sshl": ("A B", _Y, _shift(left=True, arithmetic=True)),
    "$shr": ("A B", _Y, _shift(left=False, arithmetic=False)),
    "$sshr": ("A B", _Y, _shift(left=False, arithmetic=True)),
    "$shift": ("A B", _Y, _shift_either),
    "$shiftx": ("A B", _Y, _shift_either),
    "$pmux": ("A B S", _Y, _first_of),
    "$bmux": ("A S", _Y, _indexed),
    "$demux": ("A S", _Y, _spread),
    "$lut": ("A", _Y, _lookup),
    "$sop": ("A", _Y, _sum_of_products),
    "$fa": ("A B C", ("X", "Y"), _full_adders),
    "$lcu": ("P G CI", ("CO",), _lookahead),
    "$alu": ("A B CI BI", ("X", "Y", "CO"), _alu),
}
