"""Read BLIF, the Berkeley Logic Interchange Format.

``.model``, ``.inputs``, ``.outputs``, ``.names`` and ``.subckt``, models being flattened into the
one at the top; ``.conn`` and ``.cname`` of yosys. Timing and attributes are left out with a note,
and so is ``.exdc``: what the circuit may do besides is no part of what it does. Latches, cells of
libraries and BLIF-MV are refused.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from pbit.formats.errors import FormatError, shown
from pbit.formats.format import Sign, Stage
from pbit.formats.tokens import clean
from pbit.problems.logic.circuits.circuit import Circuit
from pbit.problems.logic.circuits.netlist import Netlist
from pbit.problems.logic.netlists.assembly import Assembly, Part, Place
from pbit.problems.logic.netlists.blif_parser import Instance, Logic, Model, first_command, parse
from pbit.problems.logic.netlists.covers import cover
from pbit.problems.logic.netlists.hierarchy import Contained, Use, check_flattened
from pbit.problems.logic.netlists.naming import assembled
from pbit.problems.logic.netlists.registry import NetlistFormat


def read(data: bytes, name: str, *, top: str | None = None) -> Circuit:
    """Circuit of a BLIF file.

    Parameters
    ----------
    data : bytes
    name : str
        Of the file, for messages.
    top : str, optional
        Model to read; by default the one that no other contains.

    Raises
    ------
    FormatError
        The file is no BLIF, or its circuit none that p-bits can do; with the line.
    """
    try:
        text = clean(data, name).decode()
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise FormatError(name, line, "no UTF-8 text, expected BLIF; check the path") from error
    models, notes = parse(text, name)
    flattening, chosen = _Flattening(name, models), _top(models, top, name)
    check_flattened(
        {model.name: _contained(model) for model in models},
        chosen.name,
        num_bytes=len(data),
        word="model",
        wrong=flattening.assembly.wrong,
    )
    circuit = flattening.circuit(chosen)
    circuit.notes = notes
    return circuit


def _contained(model: Model) -> Contained:
    wires = [*model.inputs, *model.outputs]
    uses = []
    for part in model.parts:
        if isinstance(part, Instance):
            uses.append(Use(part.model, part.name, Place(part.line)))
            wires += part.pins.values()
        else:
            wires += part.wires if isinstance(part, Logic) else (part.source, part.target)
    return Contained(len(model.parts), len(wires), sum(map(len, set(wires))), tuple(uses))


def _top(models: list[Model], top: str | None, name: str) -> Model:
    by_name = {model.name: model for model in models}
    if top is not None:
        if top not in by_name:
            raise FormatError(
                name, None, f"no model {shown(top)}; there are {shown(', '.join(by_name))}"
            )
        return by_name[top]
    inside = {part.model for model in models for part in model.parts if isinstance(part, Instance)}
    roots = [model for model in models if model.name not in inside]
    if roots and (roots[0] is models[0] or len(roots) == 1):
        return roots[0]
    raise FormatError(
        name,
        models[0].line,
        f"which model is the circuit is not clear among {shown(', '.join(by_name))}; give top=",
    )


class _Flattening:
    """The signals of all instances of models, and the parts that drive them."""

    def __init__(self, name: str, models: list[Model]) -> None:
        self.name = name
        self.models = {model.name: model for model in models}
        self.names: list[str] = ["0", "1"]  # of each signal
        self.assembly = Assembly(name, self.names.__getitem__)

    def circuit(self, top: Model) -> Circuit:
        wires: dict[str, int] = {}
        if not top.outputs:
            raise FormatError(self.name, top.line, f"model {shown(top.name)} has no .outputs")
        inputs = [self._signal(wires, "", wire) for wire in top.inputs]
        for signal, line in zip(inputs, top.inputs.values(), strict=True):
            self.assembly.give(signal, Place(line))
        self._fill(top, wires)
        outputs = [self._signal(wires, "", wire) for wire in top.outputs]
        return assembled(self.assembly, self.names, inputs, outputs)

    def _fill(self, top: Model, wires: dict[str, int]) -> None:
        """Add the parts of a model and of those inside it; a stack, since nesting can be deep."""
        waiting = [(top, wires, "")]
        while waiting:
            model, wires, prefix = waiting.pop()
            for part in model.parts:
                if isinstance(part, Instance):
                    inner = self._pins(part, wires, prefix)
                    waiting.append((*inner, f"{prefix}{part.name}."))
                elif isinstance(part, Logic):
                    *read, driven = (self._signal(wires, prefix, wire) for wire in part.wires)
                    build = partial(_cover, part)
                    self.assembly.add(Part(read, (driven,), build, Place(part.line)))
                else:
                    source = self._signal(wires, prefix, part.source)
                    target = self._signal(wires, prefix, part.target)
                    self.assembly.copy(source, target, Place(part.line))

    def _pins(
        self, part: Instance, wires: dict[str, int], prefix: str
    ) -> tuple[Model, dict[str, int]]:
        """Model of an instance, and the wires outside that are its pins."""
        place = Place(part.line)
        model = self.models.get(part.model)
        if model is None:
            raise self.assembly.wrong(
                place,
                f"no model {shown(part.model)} in this file; add it, or flatten the netlist "
                "('flatten; techmap' in yosys)",
            )
        for pin in part.pins:
            if pin not in model.inputs and pin not in model.outputs:
                pins = ", ".join([*model.inputs, *model.outputs])
                raise self.assembly.wrong(
                    place, f"model {shown(part.model)} has no pin {shown(pin)}, only {shown(pins)}"
                )
        return model, {pin: self._signal(wires, prefix, w) for pin, w in part.pins.items()}

    def _signal(self, wires: dict[str, int], prefix: str, wire: str) -> int:
        if wire not in wires:
            wires[wire] = self.assembly.signal()
            self.names.append(prefix + wire)
        return wires[wire]


def _cover(part: Logic, netlist: Netlist, literals: Sequence[int]) -> tuple[int]:
    return (cover(netlist, literals, part.cubes, part.value),)


FORMAT = NetlistFormat(
    name="blif",
    what="Berkeley Logic Interchange Format: .model, .names, .subckt; no latches",
    read=read,
    signs=(Sign(Stage.TEXT, 10, lambda sample: first_command(sample.text)[1].startswith(b".")),),
    rank=10,
)
