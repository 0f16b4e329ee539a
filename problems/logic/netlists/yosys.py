"""Read the JSON netlists of yosys (``write_json``), of gates or of words, modules flattened.

Any synthesised Verilog becomes a circuit: ``yosys -p "prep -top NAME; write_json NAME.json"`` keeps
adders and multipliers whole, which gives the fewest p-bits. Registers and memories, undefined bits
(``x``), tri-state wires and inout ports are refused.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from pbit.formats.dimod_binary import parse_json
from pbit.formats.errors import FormatError, shown
from pbit.formats.format import Sign, Stage
from pbit.formats.tokens import clean
from pbit.problems.logic.circuits.circuit import Circuit
from pbit.problems.logic.circuits.netlist import FALSE, TRUE
from pbit.problems.logic.netlists.assembly import (
    Assembly,
    Part,
    PartError,
    Place,
)
from pbit.problems.logic.netlists.hierarchy import Contained, Use, check_flattened
from pbit.problems.logic.netlists.naming import Group, add_inputs, add_outputs, add_wires
from pbit.problems.logic.netlists.registry import NetlistFormat
from pbit.problems.logic.netlists.yosys_cell import Cell
from pbit.problems.logic.netlists.yosys_cells import IGNORED, wirings
from pbit.problems.logic.netlists.yosys_document import Instance, Module, modules_of, top_of

_CONSTANTS: dict[int | str, int] = {"0": FALSE, "1": TRUE}


def read(data: bytes, name: str, *, top: str | None = None) -> Circuit:
    """Circuit of a JSON netlist.

    Parameters
    ----------
    data : bytes
    name : str
        Of the file, for messages.
    top : str, optional
        Module to read; by default the one with the attribute ``top``, or the only one that is in
        no other.

    Raises
    ------
    FormatError
        No JSON of yosys, or a circuit that p-bits cannot do; with the module and the cell, and the
        line of the Verilog where yosys gives it.
    """
    modules = modules_of(parse_json(clean(data, name), name), name)
    flattening, chosen = _Flattening(name, modules), top_of(modules, top, name)
    check_flattened(
        {module.name: _contained(module, modules) for module in modules.values()},
        chosen.name,
        num_bytes=len(data),
        word="module",
        wrong=flattening.assembly.wrong,
    )
    circuit = flattening.circuit(chosen)
    circuit.notes = tuple(
        f"cells of type {kind} are not read: they say where the others are from"
        for kind in IGNORED
        if any(cell.kind == kind for module in modules.values() for cell in module.cells.values())
    )
    return circuit


def _contained(module: Module, modules: Mapping[str, Module]) -> Contained:
    bits = [*module.ports.values(), *module.names.values()]
    for cell in module.cells.values():
        bits += cell.pins.values()
    uses = (
        Use(cell.kind, name, _place(module, name, cell))
        for name, cell in module.cells.items()
        if cell.kind in modules
    )
    return Contained(
        len(module.cells),
        sum(map(len, bits)),
        sum((len(name) + 8) * len(found) for name, found in module.names.items()),
        tuple(uses),
    )


def _place(module: Module, name: str, cell: Instance) -> Place:
    words = f"module {shown(module.name)}, cell {shown(name)} ({cell.kind}"
    return Place(None, f"{words}, {cell.source})" if cell.source else f"{words})")


class _Instance(NamedTuple):
    """A module in its place: signals of its bits, what its names begin with."""

    module: Module
    signals: dict[int | str, int]
    prefix: str


class _Flattening:
    """The signals of all instances of modules, and the parts that drive them."""

    def __init__(self, name: str, modules: Mapping[str, Module]) -> None:
        self.name = name
        self.modules = modules
        self.assembly = Assembly(name, self._describe)
        self.origins: list[tuple[_Instance, int] | None] = [None, None]  # of each signal
        self.instances: list[_Instance] = []

    def circuit(self, top: Module) -> Circuit:
        instance = _Instance(top, {}, "")
        place = Place(None, f"module {shown(top.name)}")
        inputs = [(port, self._bits(instance, top.ports[port], place)) for port in top.inputs]
        for _, signals in inputs:
            for signal in signals:
                self.assembly.give(signal, place)
        self._fill(instance)
        outputs = [(port, self._bits(instance, top.ports[port], place)) for port in top.outputs]
        if not outputs:
            raise FormatError(self.name, None, f"module {shown(top.name)} has no outputs")
        return self._built(inputs, outputs)

    def _built(
        self, inputs: list[tuple[str, list[int]]], outputs: list[tuple[str, list[int]]]
    ) -> Circuit:
        circuit = Circuit()
        groups, flat = _groups(inputs)
        given = add_inputs(circuit, groups)
        literals = {flat[k]: q for k, q in given.items()}
        groups, flat = _groups(outputs)
        known = self.assembly.literals(circuit.netlist, literals, flat)
        add_outputs(circuit, groups, [known[signal] for signal in flat])
        add_wires(circuit, self._wires(known, {*circuit.inputs, *circuit.outputs}))
        return circuit

    def _wires(self, known: Sequence[int], taken: set[str]) -> dict[str, int]:
        """Literals of the names in all modules; what is undefined or not driven has none."""
        wires: dict[str, int] = {}
        for instance in self.instances:
            for name, bits in instance.module.names.items():
                if instance.prefix + name in taken:
                    continue
                for k, bit in enumerate(bits):
                    signal = _CONSTANTS.get(bit, instance.signals.get(bit, -1))
                    if signal >= 0 and known[signal] >= 0:
                        full = f"{instance.prefix}{name}" + (f"[{k}]" if len(bits) > 1 else "")
                        wires.setdefault(full, known[signal])
        return wires

    def _fill(self, top: _Instance) -> None:
        """Add the cells of a module and of those inside it; a stack: nesting can be deep."""
        waiting = [top]
        while waiting:
            instance = waiting.pop()
            self.instances.append(instance)
            for name, cell in instance.module.cells.items():
                place = _place(instance.module, name, cell)
                if cell.kind in IGNORED:
                    continue
                pins = {pin: self._bits(instance, bits, place) for pin, bits in cell.pins.items()}
                if cell.kind in self.modules:
                    if cell.parameters:
                        raise self.assembly.wrong(
                            place, "has parameters, which its module has no longer; 'hierarchy'"
                        )
                    waiting.append(
                        self._inner(instance, name, self.modules[cell.kind], pins, place)
                    )
                    continue
                try:
                    used = Cell(cell.kind, cell.parameters, pins)
                    for read, driven, build in wirings(used):
                        self.assembly.add(Part(read, driven, build, place))
                    used.close()
                except PartError as error:
                    raise self.assembly.wrong(place, str(error)) from error

    def _inner(
        self,
        outer: _Instance,
        name: str,
        module: Module,
        pins: Mapping[str, Sequence[int]],
        place: Place,
    ) -> _Instance:
        """Instance of a module whose input bits are signals of the outer one."""
        if module.is_black_box:
            raise self.assembly.wrong(
                place, "this module is a black box, without contents; give yosys its source"
            )
        inner = _Instance(module, {}, f"{outer.prefix}{name}.")
        for pin, signals in pins.items():
            if pin not in module.ports:
                raise self.assembly.wrong(place, f"this module has no port {shown(pin)}")
            if len(signals) != len(module.ports[pin]):
                raise self.assembly.wrong(
                    place,
                    f"port {shown(pin)} has {len(module.ports[pin])} bits, {len(signals)} are "
                    "connected",
                )
        for pin in module.inputs:
            for bit, signal in zip(module.ports[pin], pins.get(pin, ()), strict=False):
                if isinstance(bit, int):
                    inner.signals[bit] = signal
        for pin in module.outputs:
            for bit, signal in zip(module.ports[pin], pins.get(pin, ()), strict=False):
                if isinstance(bit, int) and bit not in inner.signals:
                    inner.signals[bit] = signal
                elif inner.signals.get(bit) != signal:  # a constant, an input, a second output
                    (source,) = self._bits(inner, [bit], place)
                    self.assembly.copy(source, signal, place)
        return inner

    def _bits(self, instance: _Instance, bits: Sequence[int | str], place: Place) -> list[int]:
        """Signals of bits."""
        signals = instance.signals
        found = []
        for bit in bits:
            signal = signals.get(bit) if isinstance(bit, int) else _CONSTANTS.get(bit)
            if signal is None:
                if not isinstance(bit, int):
                    raise self.assembly.wrong(
                        place,
                        f"a bit is {bit}, which has no value in a network of p-bits; give it one, "
                        "'setundef -zero' in yosys",
                    )
                signal = signals[bit] = self.assembly.signal()
                self.origins.append((instance, bit))
            found.append(signal)
        return found

    def _describe(self, signal: int) -> str:
        origin = self.origins[signal]
        if origin is None:
            return str(signal)
        instance, bit = origin
        return instance.prefix + instance.module.name_of(bit)


def _groups(ports: list[tuple[str, list[int]]]) -> tuple[list[Group], list[int]]:
    """Wires and buses of ports, and the signals of all their bits in a row."""
    groups: list[Group] = []
    flat: list[int] = []
    for name, signals in ports:
        positions = tuple(range(len(flat), len(flat) + len(signals)))
        groups.append(Group(name, positions, len(signals) > 1))
        flat.extend(signals)
    return groups, flat


FORMAT = NetlistFormat(
    name="yosys",
    what="JSON of yosys' write_json, of gates or words; no registers",
    read=read,
    signs=(Sign(Stage.JSON, 10, lambda sample: True),),
    rank=30,
)
