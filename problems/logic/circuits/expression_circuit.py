"""Wires of Boolean expressions in a circuit."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from pbit.problems.logic.circuits.wires import Bus, Wire
from pbit.problems.logic.gates.expression import Expression

if TYPE_CHECKING:
    from pbit.problems.logic.circuits.circuit import Circuit


def build(circuit: Circuit, tree: Expression, wires: Mapping[str, Wire]) -> Wire:
    """Wire of an expression; names are those given, else the circuit's, else new inputs.

    Raises
    ------
    ValueError
        A name of a bus, which is no wire.
    """
    if tree.op == "constant":
        return Wire(circuit, tree.value)
    if tree.op == "name":
        return _wire(circuit, tree.name, wires)
    literals = [build(circuit, each, wires).literal for each in tree.args]
    netlist = circuit.netlist
    if tree.op == "mux":
        return Wire(circuit, netlist.mux(literals[0], literals[1], literals[2]))
    if tree.op == "maj":
        return _majority(circuit, literals)
    fold, inverted = {
        "not": (netlist.all, 1),
        "and": (netlist.all, 0),
        "nand": (netlist.all, 1),
        "or": (netlist.any, 0),
        "nor": (netlist.any, 1),
        "xor": (netlist.parity, 0),
        "xnor": (netlist.parity, 1),
    }[tree.op]
    return Wire(circuit, fold(literals) ^ inverted)


def _wire(circuit: Circuit, name: str, wires: Mapping[str, Wire]) -> Wire:
    if name in wires:
        return wires[name]
    try:
        literals = circuit.find(name)
    except ValueError:
        new: Wire = circuit.input(name)
        return new
    if len(literals) > 1:
        raise ValueError(
            f"{name!r} is a bus of {len(literals)} wires, an expression takes single ones; "
            f"write {name}[0]"
        )
    return Wire(circuit, literals[0])


def _majority(circuit: Circuit, literals: list[int]) -> Wire:
    """Majority of an odd number: of three one gate, of more a count and a comparison."""
    if len(literals) == 3:
        return Wire(circuit, circuit.netlist.majority(*literals))
    count = circuit.sum(Wire(circuit, literal) for literal in literals)
    return circuit.less(Bus(circuit, circuit.literals_of(len(literals) // 2)), count)
