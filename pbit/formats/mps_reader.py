"""MPS and QPS files: a programme from its cards, each field of which is used or refused."""

from __future__ import annotations

from collections.abc import Callable

from pbit.formats.errors import FormatError
from pbit.formats.milp import Column, Milp, Row
from pbit.formats.mps_extras import ProductReader, SetReader
from pbit.formats.mps_limits import Limits, ends_of
from pbit.formats.mps_lines import Card, Field
from pbit.formats.mps_model import MpsModel, MpsRow

_SENSES = {
    **dict.fromkeys(("MIN", "MINIMIZE", "MINIMISE"), False),
    **dict.fromkeys(("MAX", "MAXIMIZE", "MAXIMISE"), True),
}
_MARKERS = {"'INTORG'": True, "'INTEND'": False}
_MATRICES = ("QUADOBJ", "QSECTION", "QMATRIX", "QCMATRIX")
_EARLY = ("NAME", "OBJSENSE", "OBJNAME", "ROWS", "ENDATA")
_REFUSED = {
    "INDICATORS": "conditions on constraints; write them as linear constraints",
    "LAZYCONS": "list them under ROWS, where they say the same",
    "USERCUTS": "leave them out, or list them under ROWS",
    "GENCONS": "write them as linear constraints",
    "PWLOBJ": "write them as linear constraints",
    "SCENARIOS": "write one file for each",
    "CSECTION": "cones are for real variables; leave them out",
    "SOS1": "list sets under SOS",
    "SOS2": "list sets under SOS",
}
_SHOWN = 3


class MpsReader:
    """Reads one MPS file.

    Parameters
    ----------
    text : str
    name : str
        Of the file.
    """

    def __init__(self, text: str, name: str) -> None:
        self.model = MpsModel(text, name)
        self.limits = Limits(self.model)
        self.sets = SetReader(self.model)
        self.products = ProductReader(self.model)
        self._done: set[str] = set()
        self._whole: Field | None = None  # the marker after which columns are whole
        self._last: int | None = None
        self._marked: list[int] = []
        self._named: Field | None = None  # what OBJNAME says

    def read(self) -> Milp:
        """Return what the file says.

        Raises
        ------
        FormatError
            At the first field that has no meaning here.
        """
        parts = self._parts()
        for card in self.model.lines.cards():
            if "ENDATA" in self._done:
                raise self.model.wrong(card.fields[0], "expected nothing after ENDATA; delete it")
            if card.title:
                self._title(card)
            elif card.section in parts:
                parts[card.section](card)
            else:
                problem = "expected the title of a section, such as ROWS, in the first column"
                raise self.model.wrong(card.fields[0], problem)
        self._check_end()
        return self._finished()

    def _parts(self) -> dict[str, Callable[[Card], None]]:
        return {
            "OBJSENSE": self._sense,
            "OBJNAME": self._objective,
            "ROWS": self._row,
            "COLUMNS": self._column,
            "RHS": self.limits.right,
            "RANGES": self.limits.range,
            "BOUNDS": self.limits.bound,
            "SOS": self.sets.read,
            **dict.fromkeys(_MATRICES, self.products.read),
        }

    def _check_end(self) -> None:
        for section in ("COLUMNS", "ENDATA"):
            if section not in self._done:
                line = self.model.lines.text.count("\n") + 1
                raise FormatError(
                    self.model.milp.name,
                    line,
                    f"the file ends here (truncated), expected {section}",
                    column=1,
                )

    # Titles of sections.

    def _title(self, card: Card) -> None:
        title, rest = card.fields[0], card.fields[1:]
        if title.text in _REFUSED:
            raise self.model.wrong(title, f"this section is not read; {_REFUSED[title.text]}")
        known = ("NAME", "ENDATA", *self._parts())
        if title.text not in known:
            raise self.model.wrong(title, f"no section of MPS files, expected {', '.join(known)}")
        if title.text in self._done and title.text != "QCMATRIX":
            raise self.model.wrong(title, "a second section of this title; bring them together")
        self._done.add(title.text)
        self._check_order(title)
        if title.text in _MATRICES:
            self.products.begin(title, rest.pop(0) if rest else None)
        if title.text == "OBJSENSE" and rest:
            self._sense(card._replace(fields=rest))
        elif rest and title.text != "NAME":  # whose rest no answer depends on
            raise self.model.wrong(rest[0], f"expected nothing beside {title.text}; move it")

    def _check_order(self, title: Field) -> None:
        """Rows come before columns, and columns before what is said of them."""
        needed = "ROWS" if title.text == "COLUMNS" else "COLUMNS"
        if title.text not in _EARLY and needed not in self._done:
            raise self.model.wrong(title, f"expected {needed} before it; move it down")
        if title.text == "OBJNAME" and "ROWS" in self._done:
            raise self.model.wrong(title, "expected it before ROWS; move it up")

    def _sense(self, card: Card) -> None:
        word = self._only(card, "MIN or MAX")
        if word.text.upper() not in _SENSES:
            raise self.model.wrong(word, "expected MIN or MAX")
        self.model.milp.maximise = _SENSES[word.text.upper()]

    def _objective(self, card: Card) -> None:
        self._named = self._only(card, "the row that is the objective")
        self.model.objective = self._named.text

    def _only(self, card: Card, what: str) -> Field:
        """Return the one field of a section."""
        key = f"{card.section} given"
        if len(card.fields) != 1 or key in self._done:
            raise self.model.wrong(card.fields[-1], f"expected {what}, once; leave it out")
        self._done.add(key)
        return card.fields[0]

    # Rows and columns.

    def _row(self, card: Card) -> None:
        if len(card.fields) != 2:
            raise self.model.count(card, "a kind of row and its name")
        kind, name = card.fields
        if kind.text not in ("N", "L", "G", "E"):
            raise self.model.wrong(kind, "expected one of N, L, G and E for the kind of row")
        if name.text in self.model.rows or name.text in self.model.free_rows:
            raise self.model.wrong(name, "a second row of this name; rename it")
        text = self.model.lines.check_name(name)
        if kind.text == "N" and self.model.objective not in (None, text):
            self.model.free_rows[text] = name.place
            return
        if kind.text == "N":
            self.model.objective = text
        self.model.rows[text] = MpsRow(kind.text, name.place)

    def _column(self, card: Card) -> None:
        fields = card.fields
        if len(fields) == 3 and fields[1].text == "'MARKER'":
            self._marker(fields[2])
            return
        if len(fields) not in (3, 5):
            raise self.model.count(card, "a column and one or two rows, each with a number")
        number = self._number_of(fields[0])
        for name, value in zip(fields[1::2], fields[2::2], strict=True):
            amount, row = self.model.lines.number(value), self.model.row(name)
            if row is None:
                continue
            if row.last == number:
                raise self.model.wrong(name, "a second number of the column in this row; keep one")
            row.last = number
            row.left.linear[number] = amount

    def _marker(self, kind: Field) -> None:
        if _MARKERS.get(kind.text) is not (self._whole is None):
            expected = "'INTORG'" if self._whole is None else "'INTEND'"
            raise self.model.wrong(kind, f"expected the marker {expected}; correct it")
        self._whole, self._last = (kind if self._whole is None else None), None

    def _number_of(self, name: Field) -> int:
        """Return the number of a column, a new one or the one that came last."""
        columns = self.model.milp.columns
        known = columns.find(name.text)
        if known is None:
            kind = "real" if self._whole is None else "integer"
            known = columns.append(Column(self.model.lines.check_name(name), name.place, kind))
            if self._whole is not None:
                self._marked.append(known)
            self._last = known
        elif known != self._last:
            raise self.model.wrong(
                name, "this column began further up; bring its lines together, or rename it"
            )
        return known

    # The end.

    def _finished(self) -> Milp:
        milp = self.model.milp
        if self._whole is not None:
            raise self.model.wrong(self._whole, "a marker without 'INTEND'; add it")
        self.sets.end()
        self.products.end()
        if self.model.objective is not None:
            self._put_objective(self.model.objective)
        for name, row in self.model.rows.items():
            if row.sense != "N":
                milp.rows.append(Row(name, row.left, *self._ends(row), row.place))
        self._usual_bounds()
        self._note_what_is_left_out()
        return milp

    def _put_objective(self, name: str) -> None:
        row = self.model.rows.get(name)
        if self._named is not None and (row is None or row.sense != "N"):
            raise self.model.wrong(self._named, "no row N under ROWS has this name; correct it")
        if row is not None:
            milp = self.model.milp
            milp.objective, milp.objective_name = row.left, name
            milp.objective.shift(0.0 if row.right is None else -row.right.value)

    def _ends(self, row: MpsRow) -> tuple[float, float]:
        try:
            return ends_of(row)
        except OverflowError as error:
            problem = "the range exceeds float64; leave it out"
            raise self.model.milp.wrong(row.place, problem) from error

    def _usual_bounds(self) -> None:
        """Whole columns between markers of which no bound is stated are 0 or 1."""
        milp = self.model.milp
        found = [number for number in self._marked if number not in self.limits.bounded]
        for number in found:
            milp.columns.listed[number].high = 1.0
        if found:
            names = [milp.columns.listed[number].name for number in found]
            milp.notes.append(
                f"whole columns without bounds are 0 or 1, as most solvers have it: "
                f"{_listed(names)}; state PL where there is no upper bound"
            )

    def _note_what_is_left_out(self) -> None:
        notes = self.model.milp.notes
        if self.model.free_rows:
            names = list(self.model.free_rows)
            notes.append(f"rows N besides the objective are left out: {_listed(names)}")
        if self.limits.valueless:
            notes.append("numbers of the bounds FR, MI, PL and BV mean nothing and are left out")


def _listed(names: list[str]) -> str:
    more = f" and {len(names) - _SHOWN} more" if len(names) > _SHOWN else ""
    return ", ".join(names[:_SHOWN]) + more
