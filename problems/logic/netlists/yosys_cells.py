"""The combinational cells of yosys: gates such as ``$_AND_`` and words such as ``$add``.

Each cell comes as parts on bits: bitwise cells as one part a bit, so that a word that reads its own
lower bits is no cycle. What Verilog leaves undefined has a value here: a division by zero, more
than one select of a ``$pmux``, bits of ``$shiftx`` beyond the end.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence

from pbit.problems.logic.circuits.arithmetic import Bits
from pbit.problems.logic.circuits.netlist import Netlist
from pbit.problems.logic.netlists import yosys_words as words
from pbit.problems.logic.netlists.assembly import Build, PartError
from pbit.problems.logic.netlists.yosys_cell import Cell
from pbit.problems.logic.netlists.yosys_word_cells import WORDS

Wiring = tuple[Sequence[int], Sequence[int], Build]  # signals read, signals driven, how
IGNORED = {"$scopeinfo"}
_SEQUENTIAL = re.compile(
    r"\$_?(?:a|s|al)?(?:dff|dlatch|sr(?:_|$)|ff(?:_|$)|mem|fsm)", re.IGNORECASE
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
    elif cell.kind in WORDS:
        inputs, outputs, build = WORDS[cell.kind]
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
    read = [cell.pin(pin) for pin in inputs.split()]
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
    a, b, driven = (cell.exactly(pin, cell.width) for pin in ("A", "B", "Y"))
    (select,) = cell.exactly("S", 1)
    for low, high, out in zip(a, b, driven, strict=True):
        yield (select, low, high), (out,), lambda netlist, q: (netlist.mux(*q),)


def _bitwise_mux(cell: Cell) -> Iterator[Wiring]:
    pins = (cell.exactly(pin, cell.width) for pin in ("S", "A", "B", "Y"))
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
