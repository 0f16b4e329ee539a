"""Right-hand sides, ranges and bounds of MPS files."""

from __future__ import annotations

import math

from pbit.formats.decimals import plus
from pbit.formats.milp import Column, Place
from pbit.formats.mps_lines import Card, Field
from pbit.formats.mps_model import Entry, MpsModel, MpsRow

_WITH_VALUE, _WITHOUT = ("UP", "LO", "FX", "UI", "LI"), ("FR", "MI", "PL", "BV")
_REFUSED = {
    "SC": "semi-continuous variables are not read; write a bit that switches each of them",
    "SI": "semi-integer variables are not read; write a bit that switches each of them",
}
_LOW = {"FR": -math.inf, "MI": -math.inf, "BV": 0.0, "LO": None, "LI": None, "FX": None}
_HIGH = {"FR": math.inf, "PL": math.inf, "BV": 1.0, "UP": None, "UI": None, "FX": None}


class Limits:
    """Reads the cards under RHS, RANGES and BOUNDS.

    Parameters
    ----------
    model : MpsModel
    """

    def __init__(self, model: MpsModel) -> None:
        self.model = model
        self.bounded: set[int] = set()
        self.valueless = 0

    def right(self, card: Card) -> None:
        """Take one or two right-hand sides."""
        for name, value in self._of_rows(card):
            row, entry = self.model.row(name), Entry(self.model.lines.number(value), name.place)
            if row is not None and row.right is not None:
                raise self.model.wrong(name, "a second right-hand side of this row; keep one")
            if row is not None:
                row.right = entry

    def range(self, card: Card) -> None:
        """Take one or two ranges."""
        for name, value in self._of_rows(card):
            row, entry = self.model.row(name), Entry(self.model.lines.number(value), name.place)
            if row is None or row.sense == "N":
                raise self.model.wrong(name, "a range of a row without a limit; leave it out")
            if row.range is not None:
                raise self.model.wrong(name, "a second range of this row; keep one")
            row.range = entry

    def _of_rows(self, card: Card) -> list[tuple[Field, Field]]:
        """Return rows and numbers of a card; the name of the set may be left out."""
        if len(card.fields) not in (2, 3, 4, 5):
            raise self.model.count(card, "the set's name and one or two rows, each with a number")
        named = len(card.fields) % 2 == 1
        fields = self.model.of_one_set(card, card.fields, named=named)
        return list(zip(fields[::2], fields[1::2], strict=True))

    def bound(self, card: Card) -> None:
        """Take one bound."""
        kind = card.fields[0]
        if kind.text in _REFUSED:
            raise self.model.wrong(kind, _REFUSED[kind.text])
        if kind.text not in _WITH_VALUE + _WITHOUT:
            expected = ", ".join(_WITH_VALUE + _WITHOUT)
            raise self.model.wrong(kind, f"no kind of bound, expected one of {expected}")
        needed = 2 if kind.text in _WITH_VALUE else 1
        if not needed <= len(card.fields) - 1 <= 3:
            raise self.model.count(card, "a kind of bound, the set's name, a column and a number")
        named = self._has_set(card.fields[1:], needed)
        fields = self.model.of_one_set(card, card.fields[1:], named=named)
        number = self.model.column(fields[0])
        value = self.model.lines.bound(fields[1]) if len(fields) == 2 else 0.0
        self.valueless += len(fields) > needed
        self.bounded.add(number)
        self._put(self.model.milp.columns.listed[number], kind.text, value, fields[0].place)

    def _has_set(self, fields: list[Field], needed: int) -> bool:
        """Return whether the first field names the set; FR, MI, PL and BV may have a number."""
        if needed == 2 or len(fields) != 2:
            return len(fields) > needed
        find = self.model.milp.columns.find
        if find(fields[0].text) is not None and find(fields[1].text) is not None:
            raise self.model.wrong(
                fields[0], "a column or the name of the set; give the set another name"
            )
        return find(fields[1].text) is not None or find(fields[0].text) is None

    def _put(self, column: Column, kind: str, value: float, place: Place) -> None:
        if kind in ("LI", "UI", "BV"):
            column.kind = "integer"
        for ends, low in ((_LOW, True), (_HIGH, False)):
            if kind in ends:
                end = ends[kind]
                self.model.milp.bound(column, place, low=low, value=value if end is None else end)


def ends_of(row: MpsRow) -> tuple[float, float]:
    """Return the least and the largest value of a row.

    Raises
    ------
    OverflowError
        One exceeds float64.

    Examples
    --------
    >>> at = Place(1, 1)
    >>> ends_of(MpsRow("E", at, right=Entry(3.0, at), range=Entry(-2.0, at)))
    (1.0, 3.0)
    """
    right = 0.0 if row.right is None else row.right.value
    width = 0.0 if row.range is None else row.range.value
    if row.sense == "E":
        return min(right, plus(right, width)), max(right, plus(right, width))
    if row.range is None:
        return (-math.inf, right) if row.sense == "L" else (right, math.inf)
    return (
        (plus(right, -abs(width)), right) if row.sense == "L" else (right, plus(right, abs(width)))
    )
