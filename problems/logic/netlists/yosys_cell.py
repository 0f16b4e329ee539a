"""A cell of yosys: its type, parameters and pins, checked as they are asked for."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from pbit.by_value import ByValue
from pbit.formats.errors import shown
from pbit.problems.logic.netlists.assembly import PartError

_WIDEST_WORD = 2**16


_PARAMETER = re.compile("[A-Z]+_(?:SIGNED|WIDTH)|WIDTH|DEPTH|TABLE|LUT|OFFSET")


@dataclass(frozen=True, eq=False)
class Cell(ByValue):
    """A cell: its type, its parameters, signals of its pins, lowest bit first; pins asked for."""

    kind: str
    parameters: Mapping[str, Any]
    pins: Mapping[str, list[int]]
    asked: set[str] = field(default_factory=set)

    def close(self) -> None:
        """Check that no pin was left out, and no parameter is there that no cell has.

        Raises
        ------
        PartError
            One is.
        """
        for pin in self.pins:
            if pin not in self.asked:
                raise PartError(f"has a pin {shown(pin)}, which cells of this type have not")
        for name in self.parameters:
            if not _PARAMETER.fullmatch(name):
                raise PartError(f"has a parameter {shown(name)}, whose meaning is not known")

    def pin(self, name: str) -> list[int]:
        """Signals of a pin.

        Raises
        ------
        PartError
            The pin is not connected, or not as wide as a parameter says.
        """
        self.asked.add(name)
        if name not in self.pins:
            raise PartError(f"pin {name} is not connected; connect it")
        bits = self.pins[name]
        told = self.parameters.get(f"{name}_WIDTH")
        if told is not None and self.number(f"{name}_WIDTH") != len(bits):
            raise PartError(
                f"pin {name} has {len(bits)} bits, expected {self.number(f'{name}_WIDTH')} as in "
                f"{name}_WIDTH"
            )
        if not 1 <= len(bits) <= _WIDEST_WORD:
            raise PartError(f"pin {name} has {len(bits)} bits, expected 1..{_WIDEST_WORD}")
        return bits

    def number(self, name: str) -> int:
        """Value of a parameter.

        Raises
        ------
        PartError
            It is missing, or no number: x or z among its bits, for instance.
        """
        value = self.parameters.get(name)
        if type(value) is int and value >= 0:
            return value
        if isinstance(value, str) and re.fullmatch("[01]+", value):
            return int(value, 2)
        raise PartError(f"parameter {name} is {shown(str(value))}, expected a number of 0 and 1")

    def signed(self, *names: str) -> bool:
        """Whether all these pins are signed."""
        return all(
            f"{name}_SIGNED" in self.parameters and self.number(f"{name}_SIGNED") for name in names
        )

    @property
    def width(self) -> int:
        """Number of bits of pin Y."""
        return len(self.pin("Y"))

    def exactly(self, name: str, width: int) -> list[int]:
        """Signals of a pin of this width.

        Raises
        ------
        PartError
            It has another.
        """
        bits = self.pin(name)
        if len(bits) != width:
            raise PartError(f"pin {name} has {len(bits)} bits, expected {width}")
        return bits
