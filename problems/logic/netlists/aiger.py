"""Read AIGER, ascii (``aag``) and binary (``aig``): and-inverter graphs.

Inputs and outputs have the names of the symbol table, else ``i0``, ``i1`` ... and ``o0``, ``o1``
...; bad states (AIGER 1.9) are read as outputs, ``b0`` ... Symbols belong to positions: one that is
taken already gives way to that name, and a note tells of it. Latches, constraints, justice and
fairness are refused.

References
----------
Biere, "The AIGER And-Inverter Graph (AIG) Format Version 20071012", Johannes Kepler University
Linz (2007); Biere, Heljanko, Wieringa, "AIGER 1.9 and Beyond", FMV Report 11/2 (2011).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial
from typing import NamedTuple

from pbit.formats.errors import FormatError, shown
from pbit.formats.format import Sign, Stage
from pbit.formats.lines import whole_number
from pbit.problems.logic.circuits.circuit import Circuit
from pbit.problems.logic.circuits.netlist import Netlist
from pbit.problems.logic.netlists.assembly import MAX_PARTS, Assembly, Part, Place
from pbit.problems.logic.netlists.naming import add_inputs, add_outputs, add_wires, grouped_ports
from pbit.problems.logic.netlists.registry import NetlistFormat

_FIELDS = ("M", "I", "L", "O", "A", "B", "C", "J", "F")
_REFUSED = {
    "L": "latches: a network of p-bits has no memory; unroll the circuit in time, or make latches "
    "inputs and outputs",
    "C": "constraints: give the circuit an output for them and clamp it",
    "J": "justice properties, which only sequential circuits have; delete them",
    "F": "fairness constraints, which only sequential circuits have; delete them",
}
_LONGEST = 10  # bytes of a difference; five suffice for 32 bits
_MOST_INPUTS = 100_000  # which take no bytes in the binary form
_LETTERS = {"i": "I", "o": "O", "b": "B"}


class _Header(NamedTuple):
    binary: bool
    M: int
    I: int  # noqa: E741  (the letters of the format)
    O: int  # noqa: E741
    A: int
    B: int


def read(data: bytes, name: str) -> Circuit:
    """Circuit of an AIGER file.

    Raises
    ------
    FormatError
        The file is no AIGER, or its circuit none that p-bits can do; with the line, or with the
        number of the gate in the binary part.
    """
    return _Reader(data, name).circuit()


class _Reader:
    def __init__(self, data: bytes, name: str) -> None:
        self.data, self.name = data, name
        self.position, self.line = 0, 0
        self.notes: list[str] = []

    def circuit(self) -> Circuit:
        self.header = self._header()
        inputs = self._inputs()
        roots = [self._literal() for _ in range(self.header.O + self.header.B)]
        lines = range(self.line - len(roots) + 1, self.line + 1)
        gates = list(self._binary_gates() if self.header.binary else self._ascii_gates())
        names = self._symbols()
        circuit = self._built(inputs, list(zip(roots, lines, strict=True)), gates, names)
        circuit.notes = tuple(self.notes)
        return circuit

    def _built(
        self,
        inputs: list[tuple[int, int]],
        roots: list[tuple[int, int]],
        gates: list[tuple[int, int, int, Place]],
        names: tuple[list[str], list[str]],
    ) -> Circuit:
        circuit = Circuit()
        ins, outs = grouped_ports(*names)
        given = add_inputs(circuit, ins)
        signals: dict[int, int] = {0: 0}  # of each variable
        variables = [0, 0]
        assembly = Assembly(self.name, lambda signal: f"variable {variables[signal]}")

        def signal(literal: int) -> int:
            if literal >> 1 not in signals:
                signals[literal >> 1] = assembly.signal()
                variables.append(literal >> 1)
            return signals[literal >> 1]

        for literal, line in inputs:
            assembly.give(signal(literal), Place(line))
        for left, right0, right1, place in gates:
            read = (signal(right0), signal(right1))
            build = partial(_and, right0 & 1, right1 & 1)
            assembly.add(Part(read, (signal(left),), build, place))
        required = [signal(literal) for literal, _ in roots]
        places = {signals[literal >> 1]: given[k] for k, (literal, _) in enumerate(inputs)}
        known = assembly.literals(circuit.netlist, places, required)
        add_outputs(circuit, outs, [known[signals[q >> 1]] ^ (q & 1) for q, _ in roots])
        add_wires(circuit, {})
        return circuit

    def _header(self) -> _Header:
        words = self._words("a header 'aag M I L O A' or 'aig M I L O A'")
        counts = [whole_number(word) for word in words[1:]]
        if words[:1] not in ([b"aag"], [b"aig"]) or not 5 <= len(counts) <= 9:
            raise self._wrong(
                f"{shown(b' '.join(words))}, expected a header 'aag M I L O A' or 'aig M I L O A'"
            )
        if any(count is None or count < 0 for count in counts):
            raise self._wrong(f"{shown(b' '.join(words))}, expected whole numbers >= 0 in a header")
        known = dict(zip(_FIELDS, (count or 0 for count in counts), strict=False))
        for field, problem in _REFUSED.items():
            if known.get(field, 0):
                raise self._wrong(f"the header has {field} = {known[field]} {problem}")
        header = _Header(
            words[0] == b"aig", known["M"], known["I"], known["O"], known["A"], known.get("B", 0)
        )
        self._check(header)
        return header

    def _check(self, header: _Header) -> None:
        least = header.I + header.A
        if header.M < least or (header.binary and header.M != least):
            rule = "= I + L + A" if header.binary else ">= I + L + A"
            raise self._wrong(
                f"the header has M = {header.M}, expected M {rule}, which are {least}"
            )
        if header.O + header.B == 0:
            raise self._wrong("the circuit has no outputs, expected O >= 1 in the header")
        if header.I > _MOST_INPUTS or header.A > MAX_PARTS:
            raise self._wrong(
                f"the header has I = {header.I} and A = {header.A}, expected at most "
                f"{_MOST_INPUTS} inputs and {MAX_PARTS} gates"
            )
        # Two bytes a line or a gate at least: a larger promise ends early.
        lines = header.O + header.B + header.A + (0 if header.binary else header.I)
        if 2 * lines > len(self.data):
            raise self._wrong(
                f"the header promises {lines} more lines or gates than the {len(self.data)} bytes "
                "of the file can hold; it is truncated or the header is wrong"
            )

    def _inputs(self) -> list[tuple[int, int]]:
        """Literal and line of each input."""
        if self.header.binary:
            return [(2 * k + 2, 1) for k in range(self.header.I)]
        found = []
        for _ in range(self.header.I):
            (literal,) = self._literals(1)
            if literal < 2 or literal & 1:
                raise self._wrong(f"input {literal}, expected an even literal >= 2")
            found.append((literal, self.line))
        return found

    def _literal(self) -> int:
        return self._literals(1)[0]

    def _ascii_gates(self) -> Iterator[tuple[int, int, int, Place]]:
        for _ in range(self.header.A):
            left, right0, right1 = self._literals(3)
            if left < 2 or left & 1:
                raise self._wrong(f"gate {left}, expected an even literal >= 2")
            yield left, right0, right1, Place(self.line)

    def _binary_gates(self) -> Iterator[tuple[int, int, int, Place]]:
        for k in range(self.header.A):
            left = 2 * (self.header.I + k + 1)
            right0 = left - self._difference(k)
            right1 = right0 - self._difference(k)
            if not 0 <= right1 <= right0 < left:
                raise self._damaged(k, f"reads literals {right0} and {right1} in gate {left}")
            yield left, right0, right1, Place(None, f"gate {k + 1}")

    def _difference(self, gate: int) -> int:
        """A number in groups of seven bits, lowest first; the top bit of a byte says more come."""
        value = 0
        for count in range(_LONGEST):
            if self.position >= len(self.data):
                raise self._damaged(gate, "ends early")
            byte = self.data[self.position]
            self.position += 1
            value |= (byte & 0x7F) << 7 * count
            if byte < 0x80:
                return value
        raise self._damaged(gate, f"has a number of more than {_LONGEST} bytes")

    def _symbols(self) -> tuple[list[str], list[str]]:
        """Names of inputs and outputs."""
        header = self.header
        found: dict[tuple[str, int], str] = {}
        while self.position < len(self.data):
            text = self._next()
            if text.rstrip() == b"c" or not text.strip():
                if text.strip():
                    break
                continue
            kind, index, symbol = self._symbol(text)
            if (kind, index) in found:
                raise self._wrong(f"{kind}{index} has a name already; remove one of the two")
            found[kind, index] = symbol
        positions = [
            (kind, k)
            for kind, count in (("i", header.I), ("o", header.O), ("b", header.B))
            for k in range(count)
        ]
        names = self._distinct(positions, found)
        return names[: header.I], names[header.I :]

    def _symbol(self, text: bytes) -> tuple[str, int, str]:
        word, _, rest = text.partition(b" ")
        kind = word[:1].decode("latin-1")
        index = whole_number(word[1:])
        field = _LETTERS.get(kind)
        if field is None or index is None or index < 0 or not rest.strip():
            raise self._wrong(f"{shown(text)}, expected a symbol like 'i0 name', or 'c'")
        count = getattr(self.header, field)
        if index >= count:
            raise self._wrong(f"{shown(text)} names number {index} of {count}, counted from 0")
        try:
            return kind, index, rest.strip().decode()
        except UnicodeDecodeError as error:
            raise self._wrong(f"{shown(text)} is no UTF-8; rename it") from error

    def _distinct(
        self, positions: list[tuple[str, int]], symbols: dict[tuple[str, int], str]
    ) -> list[str]:
        """A name for each position: its symbol if that is free, else what it is called without."""
        order = {place: k for k, place in enumerate(positions)}
        names: dict[tuple[str, int], str] = {}
        taken: set[str] = set()
        for place, symbol in sorted(symbols.items(), key=lambda pair: order[pair[0]]):
            if symbol not in taken:
                names[place] = symbol
                taken.add(symbol)
        for kind, k in positions:
            if (kind, k) not in names:
                names[kind, k] = _free(f"{kind}{k}", taken)
                taken.add(names[kind, k])
        for place, symbol in symbols.items():
            if names[place] != symbol:
                self.notes.append(
                    f"{place[0]}{place[1]} is called {shown(symbol)} like another; here it is "
                    f"{names[place]}"
                )
        return [names[place] for place in positions]

    def _literals(self, count: int) -> list[int]:
        words = self._words(f"{count} literals")
        literals = [whole_number(word) for word in words]
        if len(words) != count or None in literals:
            plural = "literal" if count == 1 else "literals"
            raise self._wrong(f"{shown(b' '.join(words))}, expected {count} {plural}")
        for literal in literals:
            if literal is None or not 0 <= literal <= 2 * self.header.M + 1:
                raise self._wrong(f"literal {literal}, expected 0..{2 * self.header.M + 1}")
        return [literal for literal in literals if literal is not None]

    def _words(self, expected: str) -> list[bytes]:
        if self.position >= len(self.data):
            self.line += 1
            raise self._wrong(f"the file ends here, expected {expected}; it is truncated")
        return self._next().split()

    def _next(self) -> bytes:
        end = self.data.find(b"\n", self.position)
        end = len(self.data) if end < 0 else end
        text = self.data[self.position : end]
        self.position, self.line = end + 1, self.line + 1
        return text

    def _wrong(self, problem: str) -> FormatError:
        return FormatError(self.name, self.line, problem)

    def _damaged(self, gate: int, problem: str) -> FormatError:
        return FormatError(
            self.name,
            None,
            f"gate {gate + 1} of {self.header.A} {problem}; the file is truncated or damaged",
        )


def _free(name: str, taken: set[str]) -> str:
    while name in taken:
        name += "_"
    return name


def _and(sign0: int, sign1: int, netlist: Netlist, literals: Sequence[int]) -> tuple[int]:
    return (netlist.and_(literals[0] ^ sign0, literals[1] ^ sign1),)


FORMAT = NetlistFormat(
    name="aiger",
    what="and-inverter graph, ascii (aag) or binary (aig); no latches",
    read=read,
    has_modules=False,
    signs=(Sign(Stage.BYTES, 10, lambda sample: sample.data[:4].strip() in (b"aag", b"aig")),),
    rank=20,
)
