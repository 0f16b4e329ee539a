"""What LP and MPS files say: columns, rows, an objective and sets of which few may be used."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from pbit.formats.decimals import plus
from pbit.formats.errors import FormatError, shown

INFINITY = 1e20
"""Bounds from here on are none, as all readers of these files agree."""
LONGEST_NAME = 255


class Place(NamedTuple):
    """Where something stands in a file, both counted from 1."""

    line: int
    column: int


NOWHERE = Place(0, 0)


@dataclass(slots=True)
class Column:
    """A variable; bounds are None where nothing states them.

    Parameters
    ----------
    name : str
    place : Place
        Where it is first named.
    kind : {"real", "integer", "binary"}
    low, high : float, optional
    """

    name: str
    place: Place = NOWHERE
    kind: str = "real"
    low: float | None = None
    high: float | None = None


@dataclass(slots=True)
class Expression:
    """``constant + sum linear x + sum products x x``, columns by number, smaller ones first."""

    linear: dict[int, float] = field(default_factory=dict)
    products: dict[tuple[int, int], float] = field(default_factory=dict)
    constant: float = 0.0

    def add(self, column: int, value: float) -> None:
        """Add ``value x``."""
        linear = self.linear
        linear[column] = plus(linear[column], value) if column in linear else value

    def multiply(self, first: int, second: int, value: float) -> None:
        """Add ``value x x``."""
        pair = (first, second) if first <= second else (second, first)
        products = self.products
        products[pair] = plus(products[pair], value) if pair in products else value

    def shift(self, value: float) -> None:
        """Add a constant."""
        self.constant = plus(self.constant, value)


@dataclass(slots=True)
class Row:
    """``low <= left <= high``; one of the ends may be infinite."""

    name: str
    left: Expression
    low: float
    high: float
    place: Place = NOWHERE


@dataclass(slots=True)
class OneOf:
    """A set of columns of which one at most is not 0 (SOS1)."""

    name: str
    place: Place
    members: tuple[int, ...]


def new_name(name: str, taken: set[str]) -> str:
    """Return a name that is not taken, and take it.

    Examples
    --------
    >>> new_name("c1", {"c1"})
    'c1_'
    """
    while name in taken:
        name += "_"
    taken.add(name)
    return name


class Columns:
    """Variables by name, in the order in which they are first named."""

    def __init__(self) -> None:
        self.listed: list[Column] = []
        self._numbers: dict[str, int] = {}

    def __len__(self) -> int:
        return len(self.listed)

    def __iter__(self) -> Iterator[Column]:
        return iter(self.listed)

    def find(self, name: str) -> int | None:
        """Return the number of a column, None if there is none of this name."""
        return self._numbers.get(name)

    def number(self, name: str, place: Place) -> int:
        """Return the number of a column, which is new if it was not there."""
        found = self._numbers.get(name)
        return self.append(Column(name, place)) if found is None else found

    def append(self, column: Column) -> int:
        """Return the number of a column whose name is new."""
        self._numbers[column.name] = len(self.listed)
        self.listed.append(column)
        return len(self.listed) - 1


@dataclass(slots=True)
class Milp:
    """A mixed-integer programme as a file states it.

    Parameters
    ----------
    name : str
        The file as the user knows it.
    columns : Columns
    rows : list of Row
    sets : list of OneOf
    objective : Expression
    objective_name : str
        As in the file; "" if it has none.
    maximise : bool
    notes : list of str
        Things that the user should be told.
    """

    name: str
    columns: Columns = field(default_factory=Columns)
    rows: list[Row] = field(default_factory=list)
    sets: list[OneOf] = field(default_factory=list)
    objective: Expression = field(default_factory=Expression)
    objective_name: str = ""
    maximise: bool = False
    notes: list[str] = field(default_factory=list)

    def wrong(self, place: Place, problem: str) -> FormatError:
        """Return the error for a place in the file."""
        return FormatError(self.name, place.line, problem, column=place.column)

    def bound(self, column: Column, place: Place, *, low: bool, value: float) -> None:
        """Set one bound of a column; what is beyond 1e20 is none.

        Raises
        ------
        FormatError
            It is set already, to another value, or lies at the wrong infinity.
        """
        value = math.copysign(math.inf, value) if abs(value) >= INFINITY else value
        known, side = (column.low, "lower") if low else (column.high, "upper")
        if known is not None and known != value:
            raise self.wrong(
                place,
                f"{shown(column.name)} has the {side} bound {known:g} already, got {value:g}; "
                "state it once",
            )
        if value == (math.inf if low else -math.inf):
            raise self.wrong(place, f"a {side} bound of {value:g} leaves no value; correct it")
        if low:
            column.low = value
            return
        if value < 0 and column.low is None and math.isfinite(value):
            raise self.wrong(
                place,
                f"{shown(column.name)} has the upper bound {value:g} and no lower one, which is 0 "
                "for some readers and -infinity for others; state a lower bound before it",
            )
        column.high = value
