"""Sets and products of MPS files: SOS, QUADOBJ, QSECTION, QMATRIX and QCMATRIX."""

from __future__ import annotations

from typing import NamedTuple

from pbit.formats.errors import FormatError
from pbit.formats.milp import Expression, OneOf
from pbit.formats.mps_lines import Card, Field
from pbit.formats.mps_model import Entry, MpsModel


class SetReader:
    """Reads the cards under SOS.

    Parameters
    ----------
    model : MpsModel
    """

    def __init__(self, model: MpsModel) -> None:
        self.model = model
        self._names: set[str] = set()
        self._members: dict[int, Field] = {}
        self._begun: Field | None = None

    def read(self, card: Card) -> None:
        """Take the head of a set or one of its members, whose weights order them."""
        first = card.fields[0]
        known = self.model.milp.columns.find(first.text) is not None
        if first.text in ("S1", "S2") and (not known or first.place.column < 5):
            self._begin(card)
            return
        if self._begun is None or len(card.fields) not in (2, 3):
            raise self.model.count(card, "'S1 SOS name' for a set, or a column and a number")
        name, weight = card.fields[-2:]
        self.model.lines.number(weight)
        number = self.model.column(name)
        if number in self._members:
            raise self.model.wrong(name, "a second time in this set; leave it out")
        self._members[number] = name

    def _begin(self, card: Card) -> None:
        self.end()
        kind, fields = card.fields[0], card.fields[1:]
        if kind.text == "S2":
            raise self.model.wrong(
                kind, "SOS2 is not read; write x1 + x3 <= 1 for members that are not neighbours"
            )
        if not 1 <= len(fields) <= 3:
            raise self.model.count(card, "'S1 SOS name priority'")
        if len(fields) == 3:
            self.model.lines.number(fields[2])  # when to branch, which no answer depends on
        name = fields[min(1, len(fields) - 1)]
        if name.text in self.model.rows or name.text in self._names:
            raise self.model.wrong(name, "a second row or set of this name; rename it")
        self._names.add(self.model.lines.check_name(name))
        self._begun = name

    def end(self) -> None:
        """Put the set that was begun last into the programme."""
        if self._begun is None:
            return
        if not self._members:
            raise self.model.wrong(self._begun, "a set without members; add them")
        one = OneOf(self._begun.text, self._begun.place, tuple(self._members))
        self.model.milp.sets.append(one)
        self._members = {}


class _Table(NamedTuple):
    """Entries of one matrix, by column numbers as they are listed."""

    title: str
    entries: dict[tuple[int, int], Entry]


class ProductReader:
    """Reads the cards of matrices.

    Parameters
    ----------
    model : MpsModel
    """

    def __init__(self, model: MpsModel) -> None:
        self.model = model
        self._tables: dict[str, _Table] = {}
        self._now = _Table("", {})

    def begin(self, title: Field, row: Field | None) -> None:
        """Begin a matrix of a row, or of the objective."""
        if title.text == "QCMATRIX" and (row is None or row.text not in self.model.rows):
            raise self.model.wrong(row or title, "expected 'QCMATRIX row' with a row; correct it")
        objective = self.model.objective or ""
        name = objective if row is None else row.text
        if (name == objective) == (title.text == "QCMATRIX"):
            raise self.model.wrong(
                row or title, "expected QCMATRIX for constraints and the others for the objective"
            )
        if name not in self.model.rows:
            raise self.model.wrong(title, "no objective, expected a row N under ROWS; add it")
        if name in self._tables:
            raise self.model.wrong(title, "a second matrix of the same row; bring them together")
        self._now = self._tables[name] = _Table(title.text, {})

    def read(self, card: Card) -> None:
        """Take one entry."""
        if len(card.fields) != 3:
            raise self.model.count(card, "two columns and a number")
        first, second = (self.model.column(name) for name in card.fields[:2])
        value, entries = self.model.lines.number(card.fields[2]), self._now.entries
        triangle = self._now.title in ("QUADOBJ", "QSECTION") and (second, first) in entries
        if (first, second) in entries or triangle:
            raise self.model.wrong(card.fields[0], "this product is listed already; keep one")
        entries[first, second] = Entry(value, card.fields[0].place)

    def end(self) -> None:
        """Put all products into the programme."""
        for name, table in self._tables.items():
            left = self.model.rows[name].left
            for (first, second), entry in table.entries.items():
                if table.title in ("QMATRIX", "QCMATRIX"):
                    self._check_mirror(table, first, second)
                if table.title != "QMATRIX" or first <= second:
                    self._add(left, (first, second), entry, half=table.title != "QCMATRIX")

    def _check_mirror(self, table: _Table, first: int, second: int) -> None:
        mirror, entry = table.entries.get((second, first)), table.entries[first, second]
        if mirror is None or mirror.value != entry.value:
            raise self._wrong(
                entry, f"{table.title} lists both halves, and this entry is not the same in the "
                "other half; give both",
            )  # fmt: skip

    def _add(self, left: Expression, pair: tuple[int, int], entry: Entry, *, half: bool) -> None:
        """Add a product; half of it for the squares of ``x Q x / 2``."""
        value = entry.value
        if half and pair[0] == pair[1]:
            value = entry.value / 2
            if value * 2 != entry.value:
                raise self._wrong(entry, "float64 does not hold half of this; scale it")
        try:
            left.multiply(*pair, value)
        except OverflowError as error:
            raise self._wrong(entry, "products add up beyond float64; scale them") from error

    def _wrong(self, entry: Entry, problem: str) -> FormatError:
        return self.model.milp.wrong(entry.place, problem)
