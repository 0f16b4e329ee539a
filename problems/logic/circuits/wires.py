"""Wires and buses: what the circuit builder hands out."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, overload

if TYPE_CHECKING:
    from pbit.problems.logic.circuits.circuit import Circuit


class Wire:
    """One bit of a circuit; ``& | ^ ~`` build gates.

    Examples
    --------
    >>> from pbit.problems.logic.circuits.circuit import Circuit
    >>> circuit = Circuit()
    >>> a, b = circuit.input("a"), circuit.input("b")
    >>> circuit.output("y", (a & b) ^ ~a)
    >>> circuit.evaluate(a=1, b=0)
    {'y': 0}
    """

    __slots__ = ("circuit", "literal")

    def __init__(self, circuit: Circuit, literal: int) -> None:
        self.circuit, self.literal = circuit, literal

    def __and__(self, other: Wire | int) -> Wire:
        return self._with(other, self.circuit.netlist.and_)

    def __or__(self, other: Wire | int) -> Wire:
        return self._with(other, self.circuit.netlist.or_)

    def __xor__(self, other: Wire | int) -> Wire:
        return self._with(other, self.circuit.netlist.xor)

    __rand__, __ror__, __rxor__ = __and__, __or__, __xor__

    def __invert__(self) -> Wire:
        return Wire(self.circuit, self.literal ^ 1)

    def __repr__(self) -> str:
        return f"<wire {self.circuit.describe(self.literal)}>"

    def _with(self, other: Wire | int, build: Callable[[int, int], int]) -> Wire:
        return Wire(self.circuit, build(self.literal, self.circuit.literal_of(other)))


class Bus(Sequence[Wire]):
    """Several wires, lowest bit first; ``& | ^ ~`` act on each, slices are buses.

    Operands of unequal widths are extended by zeros.

    Examples
    --------
    >>> from pbit.problems.logic.circuits.circuit import Circuit
    >>> circuit = Circuit()
    >>> a = circuit.input("a", 4)
    >>> circuit.output("y", ~a[2:])
    >>> circuit.evaluate(a=6)
    {'y': 2}
    """

    __slots__ = ("circuit", "literals")

    def __init__(self, circuit: Circuit, literals: Sequence[int]) -> None:
        self.circuit, self.literals = circuit, tuple(literals)

    def __len__(self) -> int:
        return len(self.literals)

    @overload
    def __getitem__(self, index: int) -> Wire: ...
    @overload
    def __getitem__(self, index: slice) -> Bus: ...
    def __getitem__(self, index: int | slice) -> Wire | Bus:
        if isinstance(index, slice):
            return Bus(self.circuit, self.literals[index])
        return Wire(self.circuit, self.literals[index])

    def __iter__(self) -> Iterator[Wire]:
        return (Wire(self.circuit, literal) for literal in self.literals)

    def __and__(self, other: Bus | int) -> Bus:
        return self._with(other, self.circuit.netlist.and_)

    def __or__(self, other: Bus | int) -> Bus:
        return self._with(other, self.circuit.netlist.or_)

    def __xor__(self, other: Bus | int) -> Bus:
        return self._with(other, self.circuit.netlist.xor)

    __rand__, __ror__, __rxor__ = __and__, __or__, __xor__

    def __invert__(self) -> Bus:
        return Bus(self.circuit, [literal ^ 1 for literal in self.literals])

    def __repr__(self) -> str:
        return f"<bus of {len(self)}>"

    def _with(self, other: Bus | int, build: Callable[[int, int], int]) -> Bus:
        a, b = self.circuit.aligned(self, other)
        return Bus(self.circuit, [build(x, y) for x, y in zip(a, b, strict=True)])
