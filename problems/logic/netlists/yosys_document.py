"""What a JSON netlist of yosys says: modules, ports, cells and names, checked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple

from pbit.by_value import ByValue
from pbit.formats.errors import FormatError, shown
from pbit.formats.parts import Parts

Bits = Sequence[int | str]
_WIDEST_PORT = 2**16
# All that yosys writes; what is not read says where names are from, or repeats the rest.
_OF_MODULE = frozenset(
    ("attributes", "parameter_default_values", "ports", "cells", "memories", "netnames")
)
_OF_PORT = frozenset(("direction", "bits", "offset", "upto", "signed"))
_OF_NET = frozenset(("hide_name", "bits", "offset", "upto", "signed", "attributes"))
_OF_CELL = frozenset(
    ("hide_name", "type", "model", "parameters", "attributes", "port_directions", "connections")
)
_BITS = 2**53  # Python's hashes of larger numbers repeat, and a table of such keys is slow
_STATES = {"0", "1", "x", "z"}


class Instance(NamedTuple):
    """A cell as the file has it: type, parameters, bits of each pin, line of the Verilog."""

    kind: str
    parameters: Mapping[str, Any]
    pins: Mapping[str, Bits]
    source: str


@dataclass(frozen=True, eq=False)
class Module(ByValue):
    """A module; bits are numbers, or "0", "1", "x" and "z"; lowest bit first."""

    name: str
    ports: Mapping[str, Bits]
    inputs: tuple[str, ...]
    outputs: tuple[str, ...]
    cells: Mapping[str, Instance]
    names: Mapping[str, Bits]
    is_top: bool
    is_black_box: bool
    hidden: Mapping[str, Bits]

    def name_of(self, bit: int) -> str:
        """Name of a bit, for messages."""
        return self._names_of_bits.get(bit, f"bit {bit}")

    @cached_property
    def _names_of_bits(self) -> dict[int, str]:
        found: dict[int, str] = {}
        for names in (self.names, self.hidden):
            for name, bits in names.items():
                for k, bit in enumerate(bits):
                    if isinstance(bit, int):
                        found.setdefault(bit, f"{name}[{k}]" if len(bits) > 1 else name)
        return found


def modules_of(document: object, name: str) -> dict[str, Module]:
    """Modules of a JSON document.

    Raises
    ------
    FormatError
        Something that is not what yosys writes; inout ports; memories.
    """
    if not isinstance(document, dict) or not isinstance(document.get("modules"), dict):
        raise FormatError(
            name, None, 'no "modules", expected the JSON that write_json of yosys writes'
        )
    parts = Parts(document, kind="key", name=name)
    for key in ("modules", "creator", "models"):  # the last repeats the modules as AIGs
        parts.take(key)
    parts.close()
    if not document["modules"]:
        raise FormatError(name, None, "there are no modules, expected one at least")
    return {
        module: _Reading(name, module).module(content)
        for module, content in document["modules"].items()
    }


def top_of(modules: Mapping[str, Module], top: str | None, name: str) -> Module:
    """The module to read.

    Raises
    ------
    FormatError
        There is none of this name, or which one is meant is not clear.
    """
    if top is not None:
        if top not in modules:
            raise FormatError(
                name, None, f"no module {shown(top)}; there are {shown(', '.join(modules))}"
            )
        return modules[top]
    marked = [module for module in modules.values() if module.is_top]
    inside = {cell.kind for module in modules.values() for cell in module.cells.values()}
    roots = [m for m in modules.values() if m.name not in inside and not m.is_black_box]
    for found in (marked, roots):
        if len(found) == 1:
            return found[0]
    raise FormatError(
        name,
        None,
        f"which module is the circuit is not clear among {shown(', '.join(modules))}; give top=, "
        "or 'hierarchy -auto-top' in yosys",
    )


class _Reading:
    """Checks of one module."""

    def __init__(self, name: str, module: str) -> None:
        self.name, self.where = name, f"module {shown(module)}"
        self.module_name = module

    def module(self, content: object) -> Module:
        content = self._known(content, "the module", _OF_MODULE)
        attributes = self._dict(content.get("attributes", {}), "attributes")
        if self._dict(content.get("memories", {}), "memories"):
            raise self._wrong("has memories, and a network of p-bits has none; 'memory' in yosys")
        ports = self._dict(content.get("ports", {}), "ports")
        directions = {port: self._direction(port, stored) for port, stored in ports.items()}
        names = self._dict(content.get("netnames", {}), "netnames")
        read = {key: self._net(key, stored) for key, stored in names.items()}
        return Module(
            name=self.module_name,
            ports={port: self._bits(stored["bits"], port) for port, stored in ports.items()},
            inputs=tuple(port for port in ports if directions[port] == "input"),
            outputs=tuple(port for port in ports if directions[port] == "output"),
            cells={
                key: self._cell(key, stored)
                for key, stored in self._dict(content.get("cells", {}), "cells").items()
            },
            names={key: bits for key, (hidden, bits) in read.items() if not hidden},
            hidden={key: bits for key, (hidden, bits) in read.items() if hidden},
            is_top=_is_set(attributes.get("top")),
            is_black_box=_is_set(attributes.get("blackbox")),
        )

    def _direction(self, port: str, stored: object) -> str:
        stored = self._known(stored, f"port {shown(port)}", _OF_PORT)
        direction = stored.get("direction")
        if direction == "inout":
            raise self._wrong(f"port {shown(port)} is inout; make it an input or an output")
        bits = stored.get("bits")
        if direction not in ("input", "output") or not isinstance(bits, list) or not port:
            raise self._wrong(f"port {shown(port)} is no input or output with a name and bits")
        if not 1 <= len(bits) <= _WIDEST_PORT:
            raise self._wrong(
                f"port {shown(port)} has {len(bits)} bits, expected 1..{_WIDEST_PORT}"
            )
        return str(direction)

    def _net(self, key: str, stored: object) -> tuple[bool, Bits]:
        stored = self._known(stored, f"netname {shown(key)}", _OF_NET)
        return bool(stored.get("hide_name")), self._bits(stored.get("bits"), key)

    def _cell(self, key: str, stored: object) -> Instance:
        what = f"cell {shown(key)}"
        stored = self._known(stored, what, _OF_CELL)
        kind = stored.get("type")
        if not isinstance(kind, str):
            raise self._wrong(f"{what} has no type")
        pins = self._dict(stored.get("connections", {}), f"connections of {what}")
        source = self._dict(stored.get("attributes", {}), f"attributes of {what}").get("src", "")
        return Instance(
            kind=kind,
            parameters=self._dict(stored.get("parameters", {}), f"parameters of {what}"),
            pins={pin: self._bits(bits, f"{key}.{pin}") for pin, bits in pins.items()},
            source=source[:80] if isinstance(source, str) else "",
        )

    def _bits(self, stored: object, what: str) -> Bits:
        if not isinstance(stored, list):
            raise self._wrong(f"{shown(what)} has no list of bits")
        for bit in stored:
            if type(bit) is int and 0 <= bit < _BITS:
                continue
            if not isinstance(bit, str) or bit not in _STATES:
                raise self._wrong(
                    f"{shown(what)} has a bit {shown(str(bit))}, expected a number >= 0 and below "
                    '2^53 or one of "0", "1", "x", "z"'
                )
        return stored

    def _known(self, value: object, what: str, keys: frozenset[str]) -> dict[str, Any]:
        stored = self._dict(value, what)
        if not keys.issuperset(stored):
            parts = Parts(stored, kind="key", name=self.name, where=f" of {what}, {self.where},")
            for key in sorted(keys):
                parts.take(key)
            parts.close()
        return stored

    def _dict(self, value: object, what: str) -> dict[str, Any]:
        if not isinstance(value, dict):
            raise self._wrong(f"{what} is of type {type(value).__name__}, expected an object {{}}")
        return value

    def _wrong(self, problem: str) -> FormatError:
        return FormatError(self.name, None, f"{self.where}: {problem}")


def _is_set(value: object) -> bool:
    """Whether an attribute is there and not zero: a number, or a string of bits."""
    return bool(value.strip("0") if isinstance(value, str) else value)
