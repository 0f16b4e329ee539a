"""Named bits and buses: ``a[0] a[1] a[2]`` are the bus ``a``."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from pbit.problems.logic.circuits.circuit import Circuit
from pbit.problems.logic.circuits.netlist import TRUE
from pbit.problems.logic.circuits.wires import Bus, Wire
from pbit.problems.logic.netlists.assembly import Assembly

_BIT = re.compile(r"(.+)(?:\[(0|[1-9][0-9]{0,4})\]|<(0|[1-9][0-9]{0,4})>)", re.DOTALL)
_WIDEST = 2**16


class Group(NamedTuple):
    """A wire or a bus: its bits' positions among the names, lowest first."""

    name: str
    bits: tuple[int, ...]
    is_bus: bool


def grouped(names: Sequence[str], *, reserved: Iterable[str] = ()) -> list[Group]:
    """Wires and buses that names of bits stand for, in the order of the first bits.

    Bits ``name[k]``, or ``name<k>``, with all k from 0 up, each once, make a bus; others stay
    single wires, and so do bits whose bus would have the name of a wire or a reserved one.

    Examples
    --------
    >>> [(group.name, group.bits) for group in grouped(["a[1]", "b", "a[0]", "c[2]"])]
    [('a', (2, 0)), ('b', (1,)), ('c[2]', (3,))]
    """
    taken = {*reserved, *names}
    found: dict[tuple[str, bool], dict[int, int]] = {}
    for position, name in enumerate(names):
        match = _BIT.fullmatch(name)
        if match is not None:
            base, square, angle = match.groups()
            found.setdefault((base, square is None), {})[int(square or angle)] = position
    common = Counter(base for base, _ in found)
    bus_of: dict[int, Group] = {}
    for (base, _), bits in found.items():
        if len(bits) == max(bits) + 1 <= _WIDEST and base not in taken and common[base] == 1:
            group = Group(base, tuple(bits[k] for k in range(len(bits))), True)
            bus_of.update(dict.fromkeys(group.bits, group))
    groups = [bus_of.get(k, Group(name, (k,), False)) for k, name in enumerate(names)]
    return list(dict.fromkeys(groups))


def grouped_ports(inputs: Sequence[str], outputs: Sequence[str]) -> tuple[list[Group], list[Group]]:
    """Groups of inputs and of outputs, such that no two different ones have one name."""
    ins, outs = grouped(inputs, reserved=outputs), grouped(outputs, reserved=inputs)
    buses = {group.name: {inputs[k] for k in group.bits} for group in ins if group.is_bus}
    clashes = {
        group.name
        for group in outs
        if group.is_bus
        and buses.get(group.name, set()) not in (set(), {outputs[k] for k in group.bits})
    }
    if clashes:
        ins = grouped(inputs, reserved={*outputs, *clashes})
        outs = grouped(outputs, reserved={*inputs, *clashes})
    return ins, outs


def add_inputs(circuit: Circuit, groups: Iterable[Group]) -> dict[int, int]:
    """Inputs of a circuit; the literal of each position."""
    literals: dict[int, int] = {}
    for group in groups:
        made = circuit.input(group.name, len(group.bits) if group.is_bus else None)
        bits = made.literals if isinstance(made, Bus) else (made.literal,)
        literals.update(zip(group.bits, bits, strict=True))
    return literals


def add_outputs(circuit: Circuit, groups: Iterable[Group], literals: Sequence[int]) -> None:
    """Outputs of a circuit, from the literal of each position.

    An output that is the input of the same name stays that one wire.
    """
    for group in groups:
        bits = tuple(literals[k] for k in group.bits)
        if circuit.inputs.get(group.name) == bits:
            circuit.outputs[group.name] = bits
        elif group.is_bus:
            circuit.output(group.name, Bus(circuit, bits))
        else:
            circuit.output(group.name, Wire(circuit, bits[0]))


def add_wires(circuit: Circuit, wires: Mapping[str, int]) -> None:
    """Names of literals inside a circuit; nets that have no name get one."""
    names = circuit.netlist.names
    for name, literal in wires.items():
        if literal > TRUE and names[literal >> 1] is None:
            names[literal >> 1] = f"~{name}" if literal & 1 else name
    circuit.wires.update(wires)


def assembled(
    assembly: Assembly, names: Sequence[str], inputs: Sequence[int], outputs: Sequence[int]
) -> Circuit:
    """Circuit of an assembly whose signals are wires with names.

    Parameters
    ----------
    names : sequence of str
        Of every signal, the two constants first.
    inputs, outputs : sequence of int
        Signals that the circuit takes and gives.
    """
    circuit = Circuit()
    ins, outs = grouped_ports([names[k] for k in inputs], [names[k] for k in outputs])
    given = add_inputs(circuit, ins)
    known = assembly.literals(circuit.netlist, {inputs[k]: q for k, q in given.items()}, outputs)
    add_outputs(circuit, outs, [known[k] for k in outputs])
    ports = {*inputs, *outputs}
    inner = (k for k in range(2, len(names)) if known[k] >= 0 and k not in ports)
    add_wires(circuit, {names[k]: known[k] for k in inner})
    return circuit
