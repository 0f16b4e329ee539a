"""The grammar of BLIF: models, their covers and the models inside them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from pbit.formats.errors import FormatError, shown

# What has no part in the logic: timing, loads, attributes of yosys.
_IGNORED = {
    *(".area", ".delay", ".wire_load_slope", ".wire", ".attr", ".param"),
    *(".input_arrival", ".output_required", ".input_required", ".output_load", ".input_drive"),
    *(".default_input_arrival", ".default_output_required", ".default_input_required"),
    *(".default_input_drive", ".default_output_load", ".default_max_input_load"),
    *(".max_input_load",),
}
_SEQUENTIAL = (
    "has memory, and a network of p-bits has none; unroll it in time, or make the register's "
    "input an output and its output an input"
)
_REFUSED = {
    ".latch": _SEQUENTIAL,
    ".mlatch": _SEQUENTIAL,
    ".clock": _SEQUENTIAL,
    ".start_kiss": f"a state machine {_SEQUENTIAL}",
    ".gate": "is a cell of a library that is not in the file; write the netlist with .names, "
    "'unmap' before 'write_blif' in abc, or without -gates in yosys",
    ".search": "names another file; put the models into one",
    ".blackbox": "is a model without contents; add its .names",
    ".table": "is BLIF-MV, with values other than 0 and 1; write plain BLIF",
    ".mv": "is BLIF-MV, with values other than 0 and 1; write plain BLIF",
}
_CUBE = re.compile(r"[01-]*")


class Logic(NamedTuple):
    """A ``.names``: the last wire is 1, or 0 where ``value`` is 0, where a cube is met."""

    line: int
    wires: tuple[str, ...]
    cubes: tuple[str, ...]
    value: int


class Instance(NamedTuple):
    """A ``.subckt``: a model with wires for its pins."""

    line: int
    model: str
    pins: dict[str, str]
    name: str


class Join(NamedTuple):
    """A ``.conn`` of yosys: one wire drives another."""

    line: int
    source: str
    target: str


@dataclass
class Model:
    """One ``.model``; inputs and outputs with their lines."""

    name: str
    line: int
    inputs: dict[str, int] = field(default_factory=dict)
    outputs: dict[str, int] = field(default_factory=dict)
    parts: list[Logic | Instance | Join] = field(default_factory=list)
    num_instances: int = 0


def first_command(text: bytes) -> tuple[int, bytes]:
    """Number and text of the first line that is neither empty nor a comment; (0, b"") for none.

    Examples
    --------
    >>> first_command(b"# adder\\n .model m\\n")
    (2, b'.model m')
    """
    for number, line in enumerate(text.split(b"\n"), start=1):
        if line.strip() and not line.lstrip().startswith(b"#"):
            return number, line.strip()
    return 0, b""


class Parsed(NamedTuple):
    """Models of a file, and what was left out."""

    models: list[Model]
    notes: tuple[str, ...]


def parse(text: str, name: str) -> Parsed:
    """Models of a BLIF file.

    Raises
    ------
    FormatError
        At the first line that is not BLIF, or that no network of p-bits can do.
    """
    return _Parser(name).run(text)


class _Parser:
    def __init__(self, name: str) -> None:
        self.name = name
        self.models: dict[str, Model] = {}
        self.model: Model | None = None
        self.cubes: list[str] | None = None  # of the .names that is open
        self.value: int | None = None
        self.wires: tuple[int, tuple[str, ...]] = (0, ())
        self.left_out: dict[str, str] = {}  # words, and why
        self.skipping = False  # an .exdc: what the circuit may do, not what it does

    def run(self, text: str) -> Parsed:
        for line, words in _statements(text):
            if not words[0].startswith("."):
                self._row(line, words)
                continue
            self._close()
            self._directive(line, words)
        self._close()
        if not self.models:
            raise FormatError(self.name, None, "no .model, expected BLIF; check the path")
        return Parsed(list(self.models.values()), tuple(self._notes()))

    def _notes(self) -> list[str]:
        return [f"{word} is not read: {why}" for word, why in self.left_out.items()]

    def _directive(self, line: int, words: list[str]) -> None:
        word = words[0]
        if word in (".end", ".exdc"):
            if len(words) > 1:
                raise self._wrong(line, f"{len(words) - 1} words after {word}, expected none")
            self.skipping = word == ".exdc"
            if self.skipping:
                self.left_out[word] = "what the circuit may do besides is no part of what it does"
            if word == ".end":
                self.model = None
        elif word == ".model":
            self._start(line, words)
        elif self.skipping:
            return
        elif word in _IGNORED:
            self.left_out[word] = "timing, loads and attributes have no part in the logic"
        elif word in (".inputs", ".outputs"):
            self._ports(line, words)
        elif word == ".names":
            self._names(line, words)
        elif word == ".subckt":
            self._subckt(line, words)
        elif word == ".conn":
            if len(words) != 3:
                raise self._wrong(line, f"{len(words) - 1} wires, expected '.conn from to'")
            self._current(line).parts.append(Join(line, words[1], words[2]))
        elif word == ".cname":
            self._name_instance(line, words)
        elif word in _REFUSED:
            raise self._wrong(line, f"{shown(' '.join(words[:4]))} {_REFUSED[word]}")
        else:
            raise self._wrong(
                line, f"{shown(word)} is no word of BLIF, expected .names, .subckt or .end"
            )

    def _start(self, line: int, words: list[str]) -> None:
        if len(words) != 2:
            raise self._wrong(line, f"{len(words) - 1} names, expected '.model name'")
        if words[1] in self.models:
            raise self._wrong(line, f"model {shown(words[1])} is there twice; rename one")
        self.skipping = False
        self.model = self.models[words[1]] = Model(words[1], line)

    def _current(self, line: int) -> Model:
        if self.model is None:
            if self.models:
                raise self._wrong(line, "this stands after .end, expected .model")
            self.model = self.models["main"] = Model("main", line)
        return self.model

    def _ports(self, line: int, words: list[str]) -> None:
        model = self._current(line)
        ports = model.inputs if words[0] == ".inputs" else model.outputs
        for wire in words[1:]:
            if wire in ports:
                raise self._wrong(line, f"{shown(wire)} is there twice in {words[0]}; remove one")
            ports[wire] = line

    def _names(self, line: int, words: list[str]) -> None:
        if len(words) < 2:
            raise self._wrong(line, "no wires, expected '.names inputs... output'")
        self._current(line)
        self.wires = (line, tuple(words[1:]))
        self.cubes, self.value = [], None

    def _row(self, line: int, words: list[str]) -> None:
        if self.skipping:
            return
        if self.cubes is None:
            raise self._wrong(
                line, f"{shown(' '.join(words))} stands outside .names, expected a word with a dot"
            )
        width = len(self.wires[1]) - 1
        cube, value = ("", words[0]) if len(words) == 1 and not width else (words[0], words[-1])
        if len(words) != (2 if width else 1) or len(cube) != width or not _CUBE.fullmatch(cube):
            expected = f"{width} of 0, 1 and -, a blank, and 0 or 1" if width else "0 or 1"
            raise self._wrong(line, f"{shown(' '.join(words))} is no row, expected {expected}")
        if value not in ("0", "1"):
            raise self._wrong(line, f"{shown(value)} is no output, expected 0 or 1")
        if self.value not in (None, int(value)):
            raise self._wrong(
                line, "rows for 0 and for 1 in one .names, expected one kind; keep those for 1"
            )
        self.value = int(value)
        self.cubes.append(cube)

    def _close(self) -> None:
        if self.cubes is not None and self.model is not None:
            value = 1 if self.value is None else self.value
            self.model.parts.append(Logic(*self.wires, tuple(self.cubes), value))
        self.cubes = None

    def _subckt(self, line: int, words: list[str]) -> None:
        model = self._current(line)
        if len(words) < 2:
            raise self._wrong(line, "no model, expected '.subckt model pin=wire ...'")
        pins: dict[str, str] = {}
        for word in words[2:]:
            pin, equals, wire = word.partition("=")
            if not pin or not equals or not wire:
                raise self._wrong(line, f"{shown(word)}, expected pin=wire")
            if pin in pins:
                raise self._wrong(line, f"pin {shown(pin)} is connected twice; remove one")
            pins[pin] = wire
        model.parts.append(Instance(line, words[1], pins, f"{words[1]}.{model.num_instances}"))
        model.num_instances += 1

    def _name_instance(self, line: int, words: list[str]) -> None:
        if len(words) != 2:
            raise self._wrong(line, f"{len(words) - 1} names, expected '.cname name'")
        parts = self._current(line).parts
        if parts and isinstance(parts[-1], Instance):
            parts[-1] = parts[-1]._replace(name=words[1])

    def _wrong(self, line: int, problem: str) -> FormatError:
        return FormatError(self.name, line, problem)


def _statements(text: str) -> Iterator[tuple[int, list[str]]]:
    """Words of each statement with the number of its first line; a final backslash continues."""
    words: list[str] = []
    first = 0
    for number, line in enumerate(text.split("\n"), start=1):
        if "#" in line:
            line = line[: line.index("#")]
        line = line.rstrip()
        first = first if words else number
        if line.endswith("\\"):
            words += line[:-1].split()
            continue
        words += line.split()
        if words:
            yield first, words
        words = []
    if words:
        yield first, words
