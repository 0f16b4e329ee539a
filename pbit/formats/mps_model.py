"""What is known while an MPS file is read: rows and columns by name, and their refusals."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple

from pbit.formats.errors import FormatError
from pbit.formats.milp import Expression, Milp, Place
from pbit.formats.mps_lines import Card, Field, MpsLines, names_have_blanks


class Entry(NamedTuple):
    """A number, and where it is stated."""

    value: float
    place: Place


@dataclass(slots=True)
class MpsRow:
    """A row while its parts come in; `last` is the column that was put in last."""

    sense: str
    place: Place
    left: Expression = field(default_factory=Expression)
    last: int = -1
    right: Entry | None = None
    range: Entry | None = None


class MpsModel:
    """A programme while it is read.

    Parameters
    ----------
    text : str
    name : str
        Of the file.
    """

    def __init__(self, text: str, name: str) -> None:
        self.lines = MpsLines(text, name, fixed=names_have_blanks(text))
        self.milp = Milp(name)
        self.rows: dict[str, MpsRow] = {}
        self.free_rows: dict[str, Place] = {}
        self.objective: str | None = None
        self._sets: dict[str, str] = {}

    def wrong(self, field: Field, problem: str) -> FormatError:
        """Return the error for a field."""
        return self.lines.wrong(field, problem)

    def count(self, card: Card, expected: str) -> FormatError:
        """Return the error for a card with another number of fields."""
        return self.wrong(
            card.fields[-1], f"{len(card.fields)} fields in this line, expected {expected}"
        )

    def row(self, name: Field) -> MpsRow | None:
        """Return a row, None for one without a limit that is no objective.

        Raises
        ------
        FormatError
            There is none of this name.
        """
        if name.text in self.free_rows:
            return None
        found = self.rows.get(name.text)
        if found is None:
            raise self.wrong(name, "no row of this name under ROWS; correct it")
        return found

    def column(self, name: Field) -> int:
        """Return the number of a column.

        Raises
        ------
        FormatError
            There is none of this name.
        """
        number = self.milp.columns.find(name.text)
        if number is None:
            raise self.wrong(name, "no column of this name under COLUMNS; correct it")
        return number

    def of_one_set(self, card: Card, fields: list[Field], *, named: bool) -> list[Field]:
        """Return fields without the name of their set, which has to be the same in a section.

        Raises
        ------
        FormatError
            A file with several sets, of which one would have to be chosen.
        """
        section, text = card.section, fields[0].text if named else ""
        if self._sets.setdefault(section, text) != text:
            raise self.wrong(
                fields[0],
                f"a second set of {section}, after {self._sets[section]!r}, expected one; write a "
                "file for each",
            )
        return fields[1:] if named else fields
