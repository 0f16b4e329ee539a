"""What the columns of a measured file are: names and units as people write them in headers.

``current_uA``, ``I (uA)``, ``I [uA]``, ``I/uA`` and ``I in uA`` are the same; names may be of any
case, units keep theirs. A quantity with a unit needs one: nothing is guessed.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from pbit.formats.errors import shown
from pbit.hardware.files.units import KINDS, unit_of

_BRACKETS = re.compile(r"(.*?)\s*[(\[]\s*([^()\[\]]*?)\s*[)\]]")
_TAIL = re.compile(r"(.+?)(?:\s+in\s+|[\s_/]+)([^\s_/]+)")
_MOST_CHARACTERS = 100
_OTHERS = {
    "A": ("current", "i"),
    "V": ("voltage", "v", "bias_voltage", "v_bias", "vin", "v_in", "gate_voltage", "u"),
    "s": ("time", "tau", "t", "dwell_time"),
}


@dataclass(frozen=True)
class Quantity:
    """What a column may be.

    Parameters
    ----------
    key : str
        Its name in the code and in examples: "current".
    words : tuple of str
        Names that mean it, in lower case with underscores.
    unit : str or None
        "A", "V", "s"; empty of a pure number; None of text.
    needed : bool
    """

    key: str
    words: tuple[str, ...]
    unit: str | None = ""
    needed: bool = True

    @property
    def example(self) -> str:
        """A header that means it."""
        return f"{self.key}_{self.unit}" if self.unit else self.key


@dataclass(frozen=True)
class Column:
    """A quantity and the unit of its numbers, as a power of ten ("1e-6")."""

    quantity: Quantity
    scale: str = "1"


class HeaderError(ValueError):
    """A header that cannot be understood, and why.

    ``another``: the unit of a quantity that it has and that has no place here; empty for none.
    """

    def __init__(self, problem: str, *, another: str = "") -> None:
        super().__init__(problem)
        self.another = another


def columns_of(cells: Sequence[str], quantities: Sequence[Quantity]) -> list[Column]:
    """What each column is.

    Raises
    ------
    HeaderError
        A name that is not known, a quantity without its unit or in that of another, one that is
        there twice or missing.

    Examples
    --------
    >>> known = [Quantity("current", ("current", "i"), "A"), Quantity("counts", ("counts", "n"))]
    >>> [(c.quantity.key, c.scale) for c in columns_of(["I (uA)", "N"], known)]
    [('current', '1e-6'), ('counts', '1')]
    """
    if not cells:
        raise HeaderError("no header")
    columns = [_column(k, cell, quantities) for k, cell in enumerate(cells, start=1)]
    found = [column.quantity.key for column in columns]
    twice = next((key for key in found if found.count(key) > 1), None)
    if twice is not None:
        raise HeaderError(f"two columns of {twice}: give one of them")
    missing = next((q for q in quantities if q.needed and q.key not in found), None)
    if missing is not None:
        raise HeaderError(f"no column of {missing.key}; it would be called {missing.example}")
    return columns


def example_of(quantities: Sequence[Quantity]) -> str:
    """A header with every quantity that is needed."""
    return ",".join(each.example for each in quantities if each.needed)


def _column(k: int, cell: str, quantities: Sequence[Quantity]) -> Column:
    text = cell.strip().strip("\"'").strip()
    for name, unit in _readings(text):
        quantity = next((q for q in quantities if name in q.words), None)
        if quantity is not None:
            return _in_its_unit(f"column {k}, {shown(text)}", quantity, unit)
    base = _other_kind(text, quantities)
    known = ", ".join(q.example for q in quantities)
    told = f"{KINDS[base]}, which has no place here" if base else "not known"
    problem = f"column {k}, {shown(text)}, is {told}; known are {known}"
    raise HeaderError(problem, another=base)


def _readings(text: str) -> list[tuple[str, str]]:
    """Name and unit, as a name alone, with a unit in brackets, with one at the end."""
    if len(text) > _MOST_CHARACTERS:
        return []
    found = [(_name(text), "")]
    for pattern in (_BRACKETS, _TAIL):
        match = pattern.fullmatch(text)
        if match:
            found.append((_name(match[1]), match[2]))
    return found


def _name(text: str) -> str:
    return re.sub(r"[\s_-]+", "_", text.strip().lower())


def _in_its_unit(where: str, quantity: Quantity, unit: str) -> Column:
    if not quantity.unit:
        if unit in ("", "1"):
            return Column(quantity)
        if unit == "%" and quantity.unit == "":
            return Column(quantity, "1e-2")
        raise HeaderError(f"{where}: {quantity.key} has no unit, got {shown(unit)}")
    kind = KINDS[quantity.unit]
    if not unit:
        raise HeaderError(
            f"{where}, is {kind} without its unit; write {quantity.example} or the like"
        )
    known = unit_of(unit)
    if known is None:
        raise HeaderError(f"{where}: {kind} in {shown(unit)}, which is not a known unit")
    scale, base = known
    if base != quantity.unit:
        problem = f"{where}, is {KINDS[base]}, expected {kind}; convert it first"
        raise HeaderError(problem, another=base)
    return Column(quantity, scale)


def _other_kind(text: str, quantities: Sequence[Quantity]) -> str:
    """Unit of what a column is that is not known here; empty if that cannot be told."""
    for name, unit in _readings(text):
        known = unit_of(unit) if unit else None
        base = known[1] if known else next((b for b, w in _OTHERS.items() if name in w), None)
        if base is not None and base not in {q.unit for q in quantities}:
            return base
    return ""
