"""The combinational cells of yosys: gates such as ``$_AND_`` and words such as ``$add``.

Each cell comes as parts on bits: bitwise cells as one part a bit, so that a word that reads its own
lower bits is no cycle. What Verilog leaves undefined has a value here: a division by zero, more
than one select of a ``$pmux``, bits of ``$shiftx`` beyond the end.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from pbit.formats.errors import shown
from pbit.problems.logic import arithmetic
from pbit.problems.logic.arithmetic import Bits
from pbit.problems.logic.functions import WIDEST_FUNCTION, function
from pbit.problems.logic.netlist import FALSE, Netlist
from pbit.problems.logic.netlists import yosys_words as words
from pbit.problems.logic.netlists.assembly import Build, PartError

Wiring = tuple[Sequence[int], Sequence[int], Build]  # signals read, signals driven, how
IGNORED = {"$scopeinfo"}
_SEQUENTIAL = re.compile(
    r"\$_?(?:a|s|al)?(?:dff|dlatch|sr(?:_|$)|ff(?:_|$)|mem|fsm)", re.IGNORECASE
)
_WIDEST_SELECT = 16
_WIDEST_WORD = 2**16
_MOST_PRODUCTS = 2**20  # of bits, in one multiplication or division
_OUTPUTS = ("Y", "X", "CO")


class Cell(NamedTuple):
    """A cell: its type, its parameters, signals of its pins, lowest bit first."""

    kind: str
    parameters: Mapping[str, Any]
    pins: Mapping[str, list[int]]

    def pin(self, name: str) -> list[int]:
        """Signals of a pin.

        Raises
        ------
        PartError
            The pin is not connected, or not as wide as a parameter says.
        """
        if name not in self.pins:
            raise PartError(f"pin {name} is not connected; connect it")
        bits = self.pins[name]
        told = self.parameters.get(f"{name}_WIDTH")
        if told is not None and self.number(f"{name}_WIDTH") != len(bits):
            raise PartError(
                f"pin {name} has {len(bits)} bits, expected {self.number(f'{name}_WIDTH')} as in "
                f"{name}_WIDTH"
            )
        if not 1 <= len(bits) <= _WIDEST_WORD:
            raise PartError(f"pin {name} has {len(bits)} bits, expected 1..{_WIDEST_WORD}")
        return bits

    def number(self, name: str) -> int:
        """Value of a parameter.

        Raises
        ------
        PartError
            It is missing, or no number: x or z among its bits, for instance.
        """
        value = self.parameters.get(name)
        if type(value) is int and value >= 0:
            return value
        if isinstance(value, str) and re.fullmatch("[01]+", value):
            return int(value, 2)
        raise PartError(f"parameter {name} is {shown(str(value))}, expected a number of 0 and 1")

    def signed(self, *names: str) -> bool:
        """Whether all these pins are signed."""
        return all(
            f"{name}_SIGNED" in self.parameters and self.number(f"{name}_SIGNED") for name in names
        )


def wirings(cell: Cell) -> Iterator[Wiring]:
    """Parts of a cell.

    Raises
    ------
    PartError
        A cell with memory, one that is unknown, pins that are missing or of wrong width.
    """
    if cell.kind in _GATES:
        yield _gate(cell)
    elif cell.kind in _BITWISE:
        yield from _BITWISE[cell.kind](cell)
    elif cell.kind in _WORDS:
        inputs, outputs, build = _WORDS[cell.kind]
        yield _word(cell, inputs, outputs, build)
    elif _SEQUENTIAL.match(cell.kind):
        raise PartError(
            "has memory, and a network of p-bits has none; unroll the circuit in time, or make "
            "the register's input an output and its output an input ('expose -evert-dff')"
        )
    elif cell.kind in _REFUSED:
        raise PartError(_REFUSED[cell.kind])
    else:
        raise PartError(
            "is neither a cell of yosys that can be read nor a module of the file; 'techmap' or "
            "'flatten' in yosys may take it apart"
        )


_REFUSED = {
    **dict.fromkeys(("$tribuf", "$_TBUF_"), "is a tri-state buffer; 'tribuf -logic' removes it"),
    **dict.fromkeys(
        ("$macc", "$macc_v2", "$pow"), "is not read; 'techmap' in yosys takes it apart"
    ),
}


def _gate(cell: Cell) -> Wiring:
    pins, build = _GATES[cell.kind]
    signals = [cell.pin(pin) for pin in (*pins, "Y")]
    if any(len(bits) != 1 for bits in signals):
        raise PartError("has a pin that is not one bit wide")
    *read, driven = (bits[0] for bits in signals)
    return read, (driven,), lambda netlist, literals: (build(netlist, *literals),)


def _word(
    cell: Cell, inputs: str, outputs: Sequence[str], build: Callable[..., Sequence[Bits]]
) -> Wiring:
    read = [cell.pin(pin) for pin in _split(inputs)]
    driven = [cell.pin(pin) for pin in outputs]
    flat = [signal for bits in read for signal in bits]

    def parts(netlist: Netlist, literals: Sequence[int]) -> list[int]:
        rest = iter(literals)
        values = [[next(rest) for _ in bits] for bits in read]
        made = build(netlist, cell, *values)
        return [
            literal
            for bits, result in zip(driven, made, strict=True)
            for literal in words.extended(result, len(bits), False)
        ]

    return flat, [signal for bits in driven for signal in bits], parts


def _split(pins: str) -> list[str]:
    return pins.split()


def _width(cell: Cell) -> int:
    return len(cell.pin("Y"))


# Bits that do not depend on each other.


def _each_bit(*pins: str, build: Callable[..., int]) -> Callable[[Cell], Iterator[Wiring]]:
    """Y[k] from bit k of pins, which are extended by their signs if all are signed."""

    def wire(cell: Cell) -> Iterator[Wiring]:
        driven, signed = cell.pin("Y"), cell.signed(*pins)
        read = [words.extended(cell.pin(pin), len(driven), signed) for pin in pins]
        for *signals, out in zip(*read, driven, strict=True):
            yield signals, (out,), lambda netlist, literals: (build(netlist, *literals),)

    return wire


def _mux(cell: Cell) -> Iterator[Wiring]:
    a, b, driven = (_like_output(cell, pin) for pin in ("A", "B", "Y"))
    (select,) = _exactly(cell, "S", 1)
    for low, high, out in zip(a, b, driven, strict=True):
        yield (select, low, high), (out,), lambda netlist, q: (netlist.mux(*q),)


def _bitwise_mux(cell: Cell) -> Iterator[Wiring]:
    pins = (_like_output(cell, pin) for pin in ("S", "A", "B", "Y"))
    for select, low, high, out in zip(*pins, strict=True):
        yield (select, low, high), (out,), lambda netlist, q: (netlist.mux(*q),)


def _joined(cell: Cell) -> Iterator[Wiring]:
    yield from _copies([*cell.pin("A"), *cell.pin("B")], cell.pin("Y"))


def _slice(cell: Cell) -> Iterator[Wiring]:
    first, driven = cell.number("OFFSET"), cell.pin("Y")
    yield from _copies(cell.pin("A")[first : first + len(driven)], driven)


def _copies(read: list[int], driven: list[int]) -> Iterator[Wiring]:
    if len(read) != len(driven):
        raise PartError(f"pin Y has {len(driven)} bits, expected {len(read)}")
    for source, target in zip(read, driven, strict=True):
        yield (source,), (target,), lambda netlist, literals: literals


def _like_output(cell: Cell, pin: str) -> list[int]:
    return _exactly(cell, pin, _width(cell))


def _exactly(cell: Cell, pin: str, width: int) -> list[int]:
    bits = cell.pin(pin)
    if len(bits) != width:
        raise PartError(f"pin {pin} has {len(bits)} bits, expected {width}")
    return bits


_BITWISE: dict[str, Callable[[Cell], Iterator[Wiring]]] = {
    "$and": _each_bit("A", "B", build=Netlist.and_),
    "$or": _each_bit("A", "B", build=Netlist.or_),
    "$xor": _each_bit("A", "B", build=Netlist.xor),
    "$xnor": _each_bit("A", "B", build=lambda n, a, b: n.xor(a, b) ^ 1),
    "$bweqx": _each_bit("A", "B", build=lambda n, a, b: n.xor(a, b) ^ 1),
    "$not": _each_bit("A", build=lambda n, a: a ^ 1),
    "$pos": _each_bit("A", build=lambda n, a: a),
    "$buf": _each_bit("A", build=lambda n, a: a),
    "$mux": _mux,
    "$bwmux": _bitwise_mux,
    "$concat": _joined,
    "$slice": _slice,
}

# Gates of one bit: pins and the literal of Y.


def _multiplexer(netlist: Netlist, *pins: int) -> int:
    count = len(pins).bit_length() - 1  # 2**k data pins and k selects, k being 2, 3 or 4
    data = list(pins[: 2**count])
    for select in pins[2**count :]:
        pairs = zip(data[::2], data[1::2], strict=True)
        data = [netlist.mux(select, low, high) for low, high in pairs]
    return data[0]


_GATES: dict[str, tuple[str, Callable[..., int]]] = {
    "$_BUF_": ("A", lambda n, a: a),
    "$_NOT_": ("A", lambda n, a: a ^ 1),
    "$_AND_": ("AB", Netlist.and_),
    "$_NAND_": ("AB", lambda n, a, b: n.and_(a, b) ^ 1),
    "$_OR_": ("AB", Netlist.or_),
    "$_NOR_": ("AB", lambda n, a, b: n.or_(a, b) ^ 1),
    "$_XOR_": ("AB", Netlist.xor),
    "$_XNOR_": ("AB", lambda n, a, b: n.xor(a, b) ^ 1),
    "$_ANDNOT_": ("AB", lambda n, a, b: n.and_(a, b ^ 1)),
    "$_ORNOT_": ("AB", lambda n, a, b: n.or_(a, b ^ 1)),
    "$_MUX_": ("SAB", Netlist.mux),
    "$_NMUX_": ("SAB", lambda n, s, a, b: n.mux(s, a, b) ^ 1),
    "$_AOI3_": ("ABC", lambda n, a, b, c: n.or_(n.and_(a, b), c) ^ 1),
    "$_OAI3_": ("ABC", lambda n, a, b, c: n.and_(n.or_(a, b), c) ^ 1),
    "$_AOI4_": ("ABCD", lambda n, a, b, c, d: n.or_(n.and_(a, b), n.and_(c, d)) ^ 1),
    "$_OAI4_": ("ABCD", lambda n, a, b, c, d: n.and_(n.or_(a, b), n.or_(c, d)) ^ 1),
    "$_MUX4_": ("ABCDST", _multiplexer),
    "$_MUX8_": ("ABCDEFGHSTU", _multiplexer),
    "$_MUX16_": ("ABCDEFGHIJKLMNOPSTUV", _multiplexer),
}

# Words: pins that are read, pins that are driven, and the literals of those.


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
    width, signed = _width(cell), cell.signed("A", "B")
    return words.extended(a, width, signed), words.extended(b, width, signed)


def _negate(n: Netlist, cell: Cell, a: Bits) -> list[Bits]:
    width = _width(cell)
    return [arithmetic.subtract(n, [FALSE] * width, words.extended(a, width, cell.signed("A")))[0]]


def _multiply(n: Netlist, cell: Cell, a: Bits, b: Bits) -> list[Bits]:
    _check_product(a, b)
    return [words.multiply(n, a, b, width=_width(cell), signed=cell.signed("A", "B"))]


def _divide(which: int, *, floor: bool) -> Callable[..., list[Bits]]:
    def build(n: Netlist, cell: Cell, a: Bits, b: Bits) -> list[Bits]:
        _check_product(a, b)
        signed, width = cell.signed("A", "B"), _width(cell)
        return [words.divide(n, a, b, width=width, signed=signed, floor=floor)[which]]

    return build


def _shift(*, left: bool, arithmetic: bool) -> Callable[..., list[Bits]]:
    def build(n: Netlist, cell: Cell, a: Bits, b: Bits) -> list[Bits]:
        signed = cell.signed("A")
        bits = words.extended(a, max(len(a), _width(cell)), signed)
        fill = bits[-1] if arithmetic and signed and not left else FALSE
        return [words.shifted(n, bits, b, left=left, fill=fill)]

    return build


def _shift_either(n: Netlist, cell: Cell, a: Bits, b: Bits) -> list[Bits]:
    bits = words.extended(a, max(len(a), _width(cell)), cell.signed("A"))
    if not cell.signed("B"):
        return [words.shifted(n, bits, b, left=False)]
    return [words.shifted_either_way(n, bits, b)]


def _first_of(n: Netlist, cell: Cell, a: Bits, b: Bits, s: Bits) -> list[Bits]:
    width = _width(cell)
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
    width = _width(cell)
    if len(s) > _WIDEST_SELECT or len(a) != width << len(s):
        raise PartError(f"pin A has {len(a)} bits, expected {width} * 2**{len(s)}")
    for select in s:
        count = len(a) // width
        halves = ([a[k * width : (k + 1) * width] for k in range(j, count, 2)] for j in (0, 1))
        low, high = ([bit for word in half for bit in word] for half in halves)
        a = arithmetic.select(n, select, low, high)
    return [a]


def _spread(n: Netlist, cell: Cell, a: Bits, s: Bits) -> list[Bits]:
    if len(s) > _WIDEST_SELECT or _width(cell) != len(a) << len(s):
        raise PartError(f"pin Y has {_width(cell)} bits, expected {len(a)} * 2**{len(s)}")
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
    if depth > _WIDEST_WORD or table >> 2 * len(a) * depth:
        raise PartError(f"DEPTH is {depth}, expected 2 * WIDTH * DEPTH bits of TABLE")
    products = []
    for first in range(0, 2 * len(a) * depth, 2 * len(a) or 1):
        rules = [table >> first + 2 * j & 3 for j in range(len(a))]
        wanted = [q ^ (rule == 1) for q, rule in zip(a, rules, strict=True) if rule]
        products.append(FALSE if 3 in rules else n.all(wanted))
    return [[n.any(products)]]


def _full_adders(n: Netlist, cell: Cell, a: Bits, b: Bits, c: Bits) -> list[Bits]:
    for pin in "ABCX":
        _like_output(cell, pin)
    pairs = [n.full_adder(*bits) for bits in zip(a, b, c, strict=True)]
    return [[carry for _, carry in pairs], [total for total, _ in pairs]]


def _lookahead(n: Netlist, cell: Cell, p: Bits, g: Bits, ci: Bits) -> list[Bits]:
    carry, carries = _one(ci, "CI"), []
    for pin in ("P", "G"):
        _exactly(cell, pin, len(cell.pin("CO")))
    for propagate, generate in zip(p, g, strict=True):
        carry = n.or_(generate, n.and_(propagate, carry))
        carries.append(carry)
    return [carries]


def _alu(n: Netlist, cell: Cell, a: Bits, b: Bits, ci: Bits, bi: Bits) -> list[Bits]:
    for pin in ("X", "CO"):
        _like_output(cell, pin)
    a, b = _operands(cell, a, b)
    carry, invert = _one(ci, "CI"), _one(bi, "BI")
    b = [n.xor(bit, invert) for bit in b]
    total, carries = [], []
    for x, y in zip(a, b, strict=True):
        bit, carry = n.full_adder(x, y, carry)
        total.append(bit)
        carries.append(carry)
    return [[n.xor(x, y) for x, y in zip(a, b, strict=True)], total, carries]


def _one(bits: Bits, pin: str) -> int:
    if len(bits) != 1:
        raise PartError(f"pin {pin} has {len(bits)} bits, expected 1")
    return bits[0]


_Y = ("Y",)
_WORDS: dict[str, tuple[str, Sequence[str], Callable[..., Sequence[Bits]]]] = {
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
