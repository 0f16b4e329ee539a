"""A table of text: what its lines have in common, its header, its fields."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from typing import NamedTuple

from pbit.formats.errors import FormatError, shown
from pbit.formats.parts import first_repeated
from pbit.formats.tokens import Body, Line, clean, whole, wrong

_SEPARATORS = (b",", b";", b"\t")
_MISSING = ("", "?")


class TextTable(NamedTuple):
    """A text whose lines all have as many fields.

    ``separator`` is None for blanks, ``names`` for a table without a header; with ``missing``,
    fields may be empty or "?". What follows ``#`` is a comment.
    """

    body: Body
    separator: bytes | None
    width: int
    names: tuple[str, ...] | None
    num_rows: int
    missing: bool

    @classmethod
    def of(cls, data: bytes, name: str, *, missing: bool) -> TextTable:
        """The table of a text, each line looked at.

        A first line with words names the columns; so does 0, 1, 2, ... from three columns on.

        Raises
        ------
        FormatError
            No text in UTF-8, a line with more or fewer fields than the first, columns without a
            name or of one name.

        Examples
        --------
        >>> table = TextTable.of(b"a,b\\n0,1\\n1,1\\n", "a.csv", missing=False)
        >>> table.names, table.num_rows
        (('a', 'b'), 2)
        """
        body = whole(_utf8(clean(data, name), name), name)
        first = next(_lines(body), None)
        if first is None:
            raise FormatError(name, None, "nothing but comments, expected rows of data; add some")
        separator = next((one for one in _SEPARATORS if one in first.text), None)
        fields = _fields(first.text, separator)
        names = None
        if any(map(_is_name, fields)) or _counts(fields):
            names = _header(body, first, fields)
        num_rows = _num_lines(body, first, separator, len(fields)) - (names is not None)
        return cls(body, separator, len(fields), names, num_rows, missing)

    def rows(self) -> Iterator[Line]:
        """The lines without the header."""
        lines = _lines(self.body)
        if self.names is not None:
            next(lines)
        return lines

    def line_of(self, row: int) -> int:
        """Number of the line of a row."""
        return next(line.number for k, line in enumerate(self.rows()) if k == row)

    def text(self) -> io.BytesIO:
        """The rows as a stream."""
        start = 0 if self.names is None else next(_lines(self.body)).end
        return io.BytesIO(memoryview(self.body.data)[start:])

    def fields(self, line: Line) -> list[str]:
        """The fields of a line, quotes and outer blanks taken off."""
        return _fields(line.text, self.separator)

    def is_value(self, field: str) -> bool:
        """Whether a field may be a value."""
        return _is_number(field) or self.is_missing(field)

    def is_missing(self, field: str) -> bool:
        """Whether a field stands for a missing value, where there may be some."""
        return self.missing and field.strip() in _MISSING

    def name_of(self, column: int) -> str:
        """Name of a column for a message, its number from 1 where it has none."""
        return str(column + 1) if self.names is None else shown(self.names[column])


def _utf8(data: bytes, name: str) -> bytes:
    try:
        data.decode("utf-8")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise FormatError(
            name, line, f"byte {data[error.start]:#04x}, expected text in UTF-8; convert it"
        ) from error
    return data


def _lines(body: Body) -> Iterator[Line]:
    """Lines with something before a comment, which is left out."""
    for line in body.all_lines():
        text = line.text.partition(b"#")[0].strip()
        if text:
            yield line._replace(text=text)


def _num_lines(body: Body, first: Line, separator: bytes | None, width: int) -> int:
    number = 0
    for line in _lines(body):
        count = len(line.text.split()) if separator is None else line.text.count(separator) + 1
        if count != width and line.number != first.number:
            expected = f"expected {width} as in line {first.number}"
            raise wrong(body, line, f"{count} fields, {expected}; correct it")
        number += 1
    return number


def _fields(text: bytes, separator: bytes | None) -> list[str]:
    line = text.decode("utf-8")
    if separator is None:
        return line.split()
    row = next(csv.reader([line], delimiter=separator.decode(), strict=False), [])
    return [field.strip() for field in row]


def _is_number(field: str) -> bool:
    try:
        float(field)
    except ValueError:
        return False
    return "_" not in field


def _is_name(field: str) -> bool:
    return not _is_number(field) and any(map(str.isalpha, field))


def _counts(fields: list[str]) -> bool:
    """Whether a line of numbers is a header all the same: 0, 1, 2, ..."""
    return len(fields) > 2 and fields == [str(k) for k in range(len(fields))]


def _header(body: Body, line: Line, fields: list[str]) -> tuple[str, ...]:
    if "" in fields:
        raise wrong(
            body,
            line,
            f"column {fields.index('') + 1} has no name, expected one in a header; name it, or "
            "leave out a column that only counts the rows",
        )
    if (twice := first_repeated(fields)) is not None:
        raise wrong(body, line, f"two columns are called {shown(twice)}; rename one")
    return tuple(fields)
