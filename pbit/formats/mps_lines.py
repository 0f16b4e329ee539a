"""Lines of MPS files: titles of sections, and fields, free or in the columns of the old cards."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from pbit.formats.errors import FormatError, shown
from pbit.formats.milp import LONGEST_NAME, Place
from pbit.formats.numerals import finite

_FIELD = re.compile(r"[^ \t]+")
# Columns of the fields of a card, counted from 0; all others are blank.
_CARD = ((1, 3), (4, 12), (14, 22), (24, 36), (39, 47), (49, 61))
_GAPS = ((0, 1), (3, 4), (12, 14), (22, 24), (36, 39), (47, 49), (61, None))
_NUMBER = re.compile(r"[-+]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][-+]?[0-9]+)?")
_INFINITE = re.compile(r"([-+]?)inf(?:inity)?", re.IGNORECASE)
_LONGEST_NUMBER = 400


class Field(NamedTuple):
    """A word of a line and where it stands."""

    text: str
    place: Place


class Card(NamedTuple):
    """A line that says something: its fields, the section it stands in, whether it is its title."""

    title: bool
    fields: list[Field]
    section: str


class MpsLines:
    """Lines of a text that say something.

    Parameters
    ----------
    text : str
    name : str
        Of the file.
    fixed : bool
        Fields stand in the columns of the old cards, and names may have blanks.
    """

    def __init__(self, text: str, name: str, *, fixed: bool) -> None:
        self.text, self.name, self.fixed = text, name, fixed

    def cards(self) -> Iterator[Card]:
        """Yield the lines that are no comments."""
        section = ""
        for number, line in enumerate(self.text.split("\n"), 1):
            if line.startswith("*") or not line.strip(" \t"):
                continue
            title = line[0] not in " \t"
            fixed = self.fixed and not title
            fields = self._cut(line, number) if fixed else _words(line, number)
            section = fields[0].text if title else section
            yield Card(title, fields, section)

    def _cut(self, line: str, number: int) -> list[Field]:
        """Return the fields of a card, those without text left out."""
        for start, stop in _GAPS:
            gap = line[start:stop]
            if gap.strip():
                at = start + len(gap) - len(gap.lstrip())
                raise self.wrong(
                    Field(gap.strip(), Place(number, at + 1)),
                    "expected a blank in this column; names with blanks need the columns of the "
                    "fixed format, 5-12, 15-22, 25-36, 40-47 and 50-61",
                )
        cut = [(line[start:stop], start) for start, stop in _CARD]
        return [
            Field(text.strip(), Place(number, start + len(text) - len(text.lstrip()) + 1))
            for text, start in cut
            if text.strip()
        ]

    def wrong(self, field: Field, problem: str) -> FormatError:
        """Return the error for a field, its text before `problem`."""
        return FormatError(
            self.name,
            field.place.line,
            f"{shown(field.text)}: {problem}",
            column=field.place.column,
        )

    def number(self, field: Field) -> float:
        """Return the value of a finite number.

        Raises
        ------
        FormatError
            It is none, or float64 does not hold it.
        """
        if len(field.text) > _LONGEST_NUMBER or not _NUMBER.fullmatch(field.text):
            raise self.wrong(field, "expected a number such as -1.5; correct it")
        value = finite(field.text)
        if value is None:
            raise self.wrong(field, "float64 does not hold this number; scale it")
        return value

    def bound(self, field: Field) -> float:
        """Return the value of a number or infinity."""
        match = _INFINITE.fullmatch(field.text)
        return float(f"{match[1]}inf") if match is not None else self.number(field)

    def check_name(self, field: Field) -> str:
        """Return a new name.

        Raises
        ------
        FormatError
            It is too long.
        """
        if len(field.text) > LONGEST_NAME:
            raise self.wrong(field, f"expected a name of at most {LONGEST_NAME} characters")
        return field.text


def _words(line: str, number: int) -> list[Field]:
    return [Field(match[0], Place(number, match.start() + 1)) for match in _FIELD.finditer(line)]


def names_have_blanks(text: str) -> bool:
    """Return whether a row or column has a name with blanks: fields are then told by columns.

    Examples
    --------
    >>> names_have_blanks("ROWS\\n N  obj\\nCOLUMNS\\n"), names_have_blanks("ROWS\\n L  row 1\\n")
    (False, True)
    """
    usual: tuple[int, ...] = ()
    for line in text.split("\n"):
        if line[:1] not in ("", " ", "\t", "*"):
            usual = {"ROWS": (2,), "COLUMNS": (3, 5)}.get(line.rstrip(), ())
        elif usual and line.strip() and line[0] != "*" and len(line.split()) not in usual:
            return len(line.split()) > 2 and not any(line[a:b].strip() for a, b in _GAPS)
    return False
