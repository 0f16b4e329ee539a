"""The circuit builder: named inputs and outputs, gates, arithmetic, Boolean expressions."""

from __future__ import annotations

import difflib
import operator
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Literal

import numpy as np

from pbit.checks import ArgumentError, integer
from pbit.problems.logic.circuits import arithmetic
from pbit.problems.logic.circuits.functions import WIDEST_FUNCTION, function
from pbit.problems.logic.circuits.netlist import FALSE, TRUE, Netlist
from pbit.problems.logic.circuits.numbers import bits_of, number_of
from pbit.problems.logic.circuits.wires import Bus, Wire
from pbit.problems.logic.gates.gate import Gate
from pbit.problems.logic.gates.wide import WideGate

Signal = Wire | Bus
_WIDEST = 2**16
_MOST_SHIFT_BITS = 16
_SUMS = {"array": arithmetic.sum_in_order, "wallace": arithmetic.sum_in_layers}


class Circuit:
    """A Boolean circuit, built gate by gate; a network of p-bits computes with it in any direction.

    ``input`` makes wires and buses, operators and methods build on them, ``output`` names results.
    Constants are propagated and equal gates shared as the circuit grows; inverters are free. All
    numbers are unsigned, lowest bit first.

    Attributes
    ----------
    netlist : Netlist
    inputs, outputs, kept : dict of str to tuple of int
        Literals of each named wire or bus, lowest bit first.
    wires : dict of str to int
        Literals of further wires, the inner ones of an imported netlist: found by :meth:`find`.
    notes : tuple of str
        What the reader of a netlist left out or renamed, and why.

    Examples
    --------
    >>> circuit = Circuit()
    >>> a, b = circuit.input("a", 8), circuit.input("b", 8)
    >>> circuit.output("y", circuit.multiply(a, b))
    >>> circuit.evaluate(a=12, b=11)
    {'y': 132}
    """

    def __init__(self) -> None:
        self.netlist = Netlist()
        self.inputs: dict[str, tuple[int, ...]] = {}
        self.outputs: dict[str, tuple[int, ...]] = {}
        self.kept: dict[str, tuple[int, ...]] = {}
        self.wires: dict[str, int] = {}
        self.notes: tuple[str, ...] = ()

    @property
    def signals(self) -> dict[str, tuple[int, ...]]:
        """Literals of everything that has a name: inputs, outputs and what was kept."""
        return {**self.inputs, **self.outputs, **self.kept}

    def input(self, name: str, width: int | None = None) -> Any:
        """A new input: a wire, or a bus of ``width`` bits called ``name[0]``, ``name[1]`` ...

        Raises
        ------
        ValueError
            The name is taken, or the width is not 1 to 65536.
        """
        self._check_name(name)
        if width is None:
            self.inputs[name] = (self.netlist.free(name),)
            return Wire(self, self.inputs[name][0])
        width = integer(f"width of {name}", width, 1, _WIDEST)
        self.inputs[name] = tuple(self.netlist.free(f"{name}[{k}]") for k in range(width))
        return Bus(self, self.inputs[name])

    def output(self, name: str, signal: Signal) -> None:
        """Name a result.

        Raises
        ------
        ValueError
            The name is taken, or the bus is empty.
        """
        self._check_name(name)
        self.outputs[name] = self._named(name, signal)

    def keep(self, name: str, signal: Signal) -> None:
        """Name a signal inside the circuit, to be read or clamped like an output.

        Raises
        ------
        ValueError
            The name is taken, or the bus is empty.
        """
        self._check_name(name)
        self.kept[name] = self._named(name, signal)

    def constant(self, value: int, width: int) -> Bus:
        """A number that does not change.

        Raises
        ------
        ValueError
            A negative number, or one of more bits.
        """
        if value < 0 or value.bit_length() > width:
            raise ArgumentError("constant", f"must be 0..{2**width - 1} in {width} bits", value)
        return Bus(self, arithmetic.constant(value, width))

    def bus(self, wires: Iterable[Wire | int]) -> Bus:
        """Bus of these wires, lowest bit first."""
        return Bus(self, [self.literal_of(wire) for wire in wires])

    def gate(self, gate: Gate | WideGate, *inputs: Wire | int) -> tuple[Wire, ...]:
        """Outputs of any gate.

        One of :func:`~pbit.problems.logic.gates.synthesis.synthesize_gate`, or one of many inputs
        from :mod:`~pbit.problems.logic.gates.wide`.

        Raises
        ------
        ValueError
            Another number of inputs than the gate has.
        """
        literals = [self.literal_of(wire) for wire in inputs]
        return tuple(Wire(self, literal) for literal in self.netlist.cell(gate, literals))

    def majority(self, a: Wire, b: Wire, c: Wire) -> Wire:
        """Whether two or three are true."""
        return self._wire(self.netlist.majority(*map(self.literal_of, (a, b, c))))

    def all(self, signal: Iterable[Wire]) -> Wire:
        """Whether all wires are true."""
        return self._wire(self.netlist.all(map(self.literal_of, signal)))

    def any(self, signal: Iterable[Wire]) -> Wire:
        """Whether any wire is true."""
        return self._wire(self.netlist.any(map(self.literal_of, signal)))

    def parity(self, signal: Iterable[Wire]) -> Wire:
        """Whether an odd number of wires is true."""
        return self._wire(self.netlist.parity(map(self.literal_of, signal)))

    def table(self, inputs: Iterable[Wire], truth: Sequence[int]) -> Wire:
        """Any function of up to 16 wires, with few p-bits.

        Parameters
        ----------
        inputs : iterable of wires
        truth : sequence of 0 and 1, length 2 ** number of wires
            The first wire is the highest bit of the index.

        Raises
        ------
        ValueError
            More than 16 wires, or another length.
        """
        literals = [self.literal_of(wire) for wire in inputs]
        if len(literals) > WIDEST_FUNCTION or len(truth) != 2 ** len(literals):
            raise ValueError(
                f"a truth table must have 2**n entries for n <= {WIDEST_FUNCTION} inputs, got "
                f"{len(truth)} for {len(literals)}"
            )
        table = sum(int(bool(bit)) << k for k, bit in enumerate(truth))
        return self._wire(function(self.netlist, literals[::-1], table))

    def mux(self, select: Wire, low: Any, high: Any) -> Any:
        """``high if select else low``; a bus if one of the two is."""
        which = self.literal_of(select)
        if not isinstance(low, Bus) and not isinstance(high, Bus):
            return self._wire(self.netlist.mux(which, self.literal_of(low), self.literal_of(high)))
        return Bus(self, arithmetic.select(self.netlist, which, *self.aligned(low, high)))

    def add(self, a: Bus | int, b: Bus | int, carry: Wire | int = 0) -> Bus:
        """``a + b + carry``, one bit wider than the wider term, by ripple-carry."""
        x, y = self.aligned(a, b)
        return Bus(self, arithmetic.add(self.netlist, x, y, self.literal_of(carry)))

    def sum(
        self, terms: Iterable[Bus | Wire], *, method: Literal["array", "wallace"] = "wallace"
    ) -> Bus:
        """Sum of any number of terms, all bits of it, by carry-save adders."""
        numbers = [self.literals_of(term) for term in terms]
        largest = sum(2 ** len(number) - 1 for number in numbers)
        columns: list[list[int]] = [[] for _ in range(largest.bit_length())]
        for number in numbers:
            for k, literal in enumerate(number):
                columns[k].append(literal)
        return Bus(self, self._summing(method)(self.netlist, columns))

    def subtract(self, a: Bus | int, b: Bus | int) -> Bus:
        """``a - b`` in two's complement, one bit wider than the wider: the last bit is the sign."""
        difference, negative = arithmetic.subtract(self.netlist, *self.aligned(a, b))
        return Bus(self, [*difference, negative])

    def less(self, a: Bus | int, b: Bus | int) -> Wire:
        """Whether a < b."""
        return self._wire(arithmetic.less(self.netlist, *self.aligned(a, b)))

    def equal(self, a: Bus | int, b: Bus | int) -> Wire:
        """Whether a == b."""
        return self._wire(arithmetic.equal(self.netlist, *self.aligned(a, b)))

    def multiply(
        self, a: Bus | int, b: Bus | int, *, method: Literal["array", "wallace"] = "array"
    ) -> Bus:
        """``a * b``, as wide as both together.

        Parameters
        ----------
        method : {"array", "wallace"}
            Sum the partial products column by column, or in layers of carry-save adders.

        References
        ----------
        Camsari, Faria, Sutton, Datta, Phys. Rev. X 7, 031014 (2017): a multiplier of p-bits, run
        backwards, factors. Wallace, IEEE Trans. Electron. Comput. EC-13, 14 (1964).
        """
        columns = arithmetic.products(self.netlist, self.literals_of(a), self.literals_of(b))
        return Bus(self, self._summing(method)(self.netlist, columns))

    def square(self, a: Bus | int, *, method: Literal["array", "wallace"] = "array") -> Bus:
        """``a * a``, twice as wide; each pair of bits is multiplied once."""
        columns = arithmetic.squares(self.netlist, self.literals_of(a))
        return Bus(self, self._summing(method)(self.netlist, columns))

    def shift_left(self, a: Bus | int, by: Bus | int) -> Bus:
        """``a << by``, all bits kept; a barrel shifter where ``by`` is a bus."""
        bits = self.literals_of(a)
        if not isinstance(by, Bus):
            return Bus(self, [*[FALSE] * self._check_shift(by), *bits])
        self._check_shift_bus(by)
        return Bus(self, arithmetic.shift_left(self.netlist, bits, by.literals))

    def shift_right(self, a: Bus | int, by: Bus | int) -> Bus:
        """``a >> by``, as wide as a; a barrel shifter where ``by`` is a bus."""
        bits = self.literals_of(a)
        if not isinstance(by, Bus):
            return Bus(self, arithmetic.widened(bits[self._check_shift(by) :], len(bits)))
        self._check_shift_bus(by)
        return Bus(self, arithmetic.shift_right(self.netlist, bits, by.literals))

    def divide(self, a: Bus | int, b: Bus | int) -> tuple[Bus, Bus]:
        """Quotient and remainder; for b = 0 the quotient is all ones.

        A constant 0 for b is refused.
        """
        y = self.literals_of(b)
        if all(literal == FALSE for literal in y):
            raise ArgumentError(
                "divisor", "must not be the constant 0", got="0", remedy="give another number"
            )
        quotient, rest = arithmetic.divide(self.netlist, self.literals_of(a), y)
        return Bus(self, quotient), Bus(self, rest)

    def modulo(self, a: Bus | int, b: Bus | int) -> Bus:
        """``a mod b``, as wide as b: a modular reduction where b is a constant."""
        return self.divide(a, b)[1]

    def expression(self, text: str, /, **wires: Wire) -> Wire:
        """Wire of a Boolean expression such as ``(a & b) ^ ~c``.

        Names are the keywords, else inputs and outputs of the circuit; new names become inputs.

        Raises
        ------
        ValueError
            A text that is no expression; a name of a bus.
        """
        from pbit.problems.logic.circuits.expression_circuit import build
        from pbit.problems.logic.gates.expression import parse

        return build(self, parse(text), wires)

    def evaluate(self, values: Mapping[str, Any] | None = None, /, **more: Any) -> dict[str, Any]:
        """Outputs, and what was kept, by Boolean logic.

        Parameters
        ----------
        values, more : mapping from name to int or array of int
            One for every input.

        Returns
        -------
        dict of str to int, or to array where an input is one

        Raises
        ------
        ValueError
            An input that is missing, unknown or too large for its width.
        """
        known = self.netlist.evaluate(self.input_bits({**(values or {}), **more}))
        return {
            name: number_of([known[q >> 1] ^ bool(q & 1) for q in literals])
            for name, literals in {**self.outputs, **self.kept}.items()
        }

    def input_bits(self, values: Mapping[str, Any]) -> dict[int, Any]:
        """Value of each input's net.

        Raises
        ------
        ValueError
            An input that is missing, unknown or too large for its width.
        """
        for name in values:
            if name not in self.inputs:
                raise ValueError(
                    f"the circuit has no input {name!r}; it has {', '.join(self.inputs) or 'none'}"
                )
        bits = {}
        for name, literals in self.inputs.items():
            if name not in values:
                raise ValueError(f"input {name!r} must be given to evaluate the circuit")
            columns = bits_of(values[name], len(literals), name)
            bits.update({q >> 1: bit for q, bit in zip(literals, columns, strict=True)})
        return bits

    def find(self, name: str) -> tuple[int, ...]:
        """Literals of a signal, of one bit of a bus as ``name[k]``, or of an inner wire.

        Raises
        ------
        ValueError
            Nothing has this name.
        """
        signals = self.signals
        if name in signals:
            return signals[name]
        if name in self.wires:
            return (self.wires[name],)
        bit = re.fullmatch(r"(.*)\[(\d{1,6})\]", name, re.DOTALL)
        if bit and bit[1] in signals and int(bit[2]) < len(signals[bit[1]]):
            return (signals[bit[1]][int(bit[2])],)
        known = [*signals, *self.wires]
        close = difflib.get_close_matches(name, known, n=1)
        shown = ", ".join(known[:12]) + (" ..." if len(known) > 12 else "")
        hint = f"did you mean {close[0]!r}?" if close else f"there are {shown}" if known else "none"
        raise ValueError(f"no wire or bus is called {name!r}; {hint}")

    def describe(self, literal: int) -> str:
        """Name of a literal."""
        if literal <= TRUE:
            return f"the constant {literal}"
        name = self.netlist.names[literal >> 1] or f"n{literal >> 1}"
        if not literal & 1:
            return name
        return name[1:] if name.startswith("~") else f"~{name}"

    def literal_of(self, wire: Any) -> int:
        """Literal of a wire, of a bus of one bit or of a constant bit.

        Raises
        ------
        TypeError, ValueError
            Anything else, or a wire of another circuit.
        """
        if isinstance(wire, Bus) and len(wire) == 1:
            wire = wire[0]
        if isinstance(wire, Wire):
            if wire.circuit is not self:
                raise ValueError(
                    "wires of two circuits cannot be joined; build them in one Circuit"
                )
            return wire.literal
        if isinstance(wire, (bool, np.bool_)) or (
            isinstance(wire, (int, np.integer)) and wire in (0, 1)
        ):
            return int(wire)
        raise TypeError(f"a wire or 0 or 1 is needed here, got {wire!r}")

    def literals_of(self, number: Any) -> tuple[int, ...]:
        """Literals of a bus, a wire or a constant number.

        Raises
        ------
        TypeError, ValueError
            Anything else, a negative number, a bus of another circuit.
        """
        if isinstance(number, Bus):
            if number.circuit is not self:
                raise ValueError(
                    "buses of two circuits cannot be joined; build them in one Circuit"
                )
            return number.literals
        if isinstance(number, Wire):
            return (self.literal_of(number),)
        value = operator.index(number)
        if value < 0:
            raise ValueError(f"numbers in a circuit must be >= 0, got {value}; subtract instead")
        return tuple(arithmetic.constant(value, max(1, value.bit_length())))

    def aligned(self, a: Any, b: Any) -> tuple[list[int], list[int]]:
        """Literals of two numbers, extended by zeros to one width."""
        x, y = self.literals_of(a), self.literals_of(b)
        width = max(len(x), len(y))
        return arithmetic.widened(x, width), arithmetic.widened(y, width)

    def _wire(self, literal: int) -> Wire:
        return Wire(self, literal)

    def _named(self, name: str, signal: Any) -> tuple[int, ...]:
        literals = self.literals_of(signal)
        if not literals:
            raise ArgumentError(
                name, "must have at least one bit", got="an empty bus", remedy="leave it out"
            )
        for k, literal in enumerate(literals):
            if literal > TRUE and self.netlist.names[literal >> 1] is None:
                bit = name if isinstance(signal, Wire) else f"{name}[{k}]"
                self.netlist.names[literal >> 1] = f"~{bit}" if literal & 1 else bit
        return literals

    def _check_name(self, name: str) -> None:
        if not isinstance(name, str) or not name:
            raise TypeError(f"a name must be a string of at least one character, got {name!r}")
        if name in self.inputs or name in self.outputs or name in self.kept:
            raise ValueError(f"names must be distinct, got {name!r} twice; pick another name")

    def _summing(self, method: str) -> Any:
        if method not in _SUMS:
            raise ArgumentError("method", f"must be one of {', '.join(_SUMS)}", method)
        return _SUMS[method]

    def _check_shift(self, by: Any) -> int:
        places = int(operator.index(by))
        if not 0 <= places <= _WIDEST:
            raise ArgumentError("shifts", f"must be 0..{_WIDEST} bits", places)
        return places

    def _check_shift_bus(self, by: Bus) -> None:
        if len(by) > _MOST_SHIFT_BITS:
            raise ValueError(
                f"a shift must be a bus of at most {_MOST_SHIFT_BITS} bits, got {len(by)}; "
                "take a slice of it"
            )
