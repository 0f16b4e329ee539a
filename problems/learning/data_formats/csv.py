"""Data sets as tables of text: commas, semicolons, tabs or blanks between columns."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from pbit.formats.errors import FormatError, shown
from pbit.formats.format import Sign, Stage
from pbit.formats.parts import first_repeated
from pbit.formats.sample import Sample
from pbit.formats.tokens import Body, Line, clean, whole, wrong
from pbit.machine import check_memory
from pbit.problems.learning.data_formats.registry import Asked, DataFormat, Found
from pbit.problems.learning.raw_data import RawData

_SEPARATORS = (b",", b";", b"\t")
_LIKE_LABELS = ("label", "labels", "class", "target")
_NUMBER_BYTES = 8


class _Table(NamedTuple):
    """A text whose rows all have as many fields; ``first`` is the line of its first row."""

    body: Body
    separator: bytes | None
    width: int
    names: tuple[str, ...] | None
    num_rows: int


def read_csv(found: Found, asked: Asked) -> RawData:
    """The numbers of a table, one column of it the labels where that is asked for.

    A first line that is no row of numbers names the columns; so does 0, 1, 2, ... from three
    columns on. What follows ``#`` is a comment.

    Raises
    ------
    FormatError
        A line with more or fewer fields than the first, something that is no number, columns
        without a name or of one name, no such column.
    MemoryError
        More numbers than this machine has memory for.
    """
    table = _table(whole(_utf8(clean(found.data, found.name), found.name), found.name))
    check_memory(
        2 * _NUMBER_BYTES * table.width * max(1, table.num_rows),
        what=f"the numbers in {found.name}",
        lower="the number of rows",
    )
    at = _label_column(table, asked.labels)
    columns = [k for k in range(table.width) if k != at]
    if not columns:
        raise FormatError(found.name, None, "has no column but the labels, expected data; add some")
    values = _numbers(table, columns)
    names = table.names
    return RawData(
        values=values,
        name=found.name,
        labels=None if at is None else _words(table, at),
        names=None if names is None else tuple(names[k] for k in columns),
        line_of=lambda row: _line_of(table, row),
        notes=_notes(table, at),
    )


def _utf8(data: bytes, name: str) -> bytes:
    try:
        data.decode("utf-8")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise FormatError(
            name, line, f"byte {data[error.start]:#04x}, expected text in UTF-8; convert it"
        ) from error
    return data


def _table(body: Body) -> _Table:
    """What the lines have in common, each of them looked at."""
    rows = _rows(body)
    first = next(rows, None)
    if first is None:
        raise FormatError(body.name, None, "nothing but comments, expected rows of data; add some")
    separator = next((one for one in _SEPARATORS if one in first.text), None)
    fields = _fields(first.text, separator)
    width = len(fields)
    names = None
    if not all(map(_is_number, fields)) or _counts(fields):
        names = _header(body, first, fields)
    num_rows = 0 if names else 1
    for line in rows:
        count = len(line.text.split()) if separator is None else line.text.count(separator) + 1
        if count != width:
            raise wrong(
                body,
                line,
                f"{count} fields, expected {width} as in line {first.number}; correct it",
            )
        num_rows += 1
    return _Table(body, separator, width, names, num_rows)


def _rows(body: Body) -> Iterator[Line]:
    """Lines with something before a comment, which is left out."""
    for line in body.all_lines():
        text = line.text.partition(b"#")[0].strip(b" ")
        if text.strip():
            yield line._replace(text=text)


def _fields(text: bytes, separator: bytes | None) -> list[str]:
    line = text.decode("utf-8", "backslashreplace")
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


def _label_column(table: _Table, labels: str | None) -> int | None:
    if labels is None:
        return None
    if table.names is None:
        raise FormatError(
            table.body.name,
            None,
            f"has no header, expected one with the column {shown(labels)}; add it",
        )
    if labels not in table.names:
        raise FormatError(
            table.body.name,
            None,
            f"no column {shown(labels)}, expected one of {_some(table.names)}; correct the name",
        )
    return table.names.index(labels)


def _some(names: tuple[str, ...]) -> str:
    shown_names = ", ".join(map(shown, names[:6]))
    return f"{shown_names}, ..." if len(names) > 6 else shown_names


def _numbers(table: _Table, columns: list[int]) -> npt.NDArray[np.float64]:
    if not table.num_rows:
        return np.empty((0, len(columns)))
    try:
        values: npt.NDArray[np.float64] = np.loadtxt(_text(table), usecols=columns, **_how(table))
    except ValueError as error:
        raise _first_wrong(table, columns, str(error)) from error
    return values


def _words(table: _Table, column: int) -> npt.NDArray[np.str_]:
    if not table.num_rows:
        return np.empty(0, dtype=np.str_)
    words: npt.NDArray[np.str_] = np.loadtxt(
        _text(table), usecols=[column], **(_how(table) | {"dtype": np.str_})
    )
    return words[:, 0]


def _text(table: _Table) -> io.BytesIO:
    """The rows, the header left out."""
    start = next(_rows(table.body)).end if table.names is not None else 0
    return io.BytesIO(memoryview(table.body.data)[start:])


def _how(table: _Table) -> dict[str, Any]:
    separator = None if table.separator is None else table.separator.decode()
    return {
        "delimiter": separator,
        "dtype": np.float64,
        "quotechar": '"',
        "ndmin": 2,
        "encoding": "utf-8",
    }


def _first_wrong(table: _Table, columns: list[int], said: str) -> FormatError:
    """The error at the first field that is no number; as NumPy says where none is found."""
    rows = _rows(table.body)
    if table.names is not None:
        next(rows)
    for line in rows:
        fields = _fields(line.text, table.separator)
        for k in columns:
            if k >= len(fields) or not _is_number(fields[k]):
                field = fields[k] if k < len(fields) else ""
                name = k + 1 if table.names is None else shown(table.names[k])
                return FormatError(
                    table.body.name,
                    line.number,
                    f"column {name} is {shown(field)}, expected a number; correct it, or name the "
                    "column of the labels",
                )
    return FormatError(table.body.name, None, f"{said[:80]}, expected numbers; correct it")


def _line_of(table: _Table, row: int) -> int:
    """Number of the line of a row."""
    wanted = row + (table.names is not None)
    return next(line.number for k, line in enumerate(_rows(table.body)) if k == wanted)


def _notes(table: _Table, at: int | None) -> tuple[str, ...]:
    like = [name for name in table.names or () if name.lower() in _LIKE_LABELS]
    if at is not None or not like:
        return ()
    return (f"column {shown(like[0])} is read as data; say labels={like[0]!r} if it is not",)


def _is_table(sample: Sample) -> bool:
    return not sample.is_json


FORMAT = DataFormat(
    name="csv",
    what="a table of text, with or without a header",
    read=read_csv,
    signs=(Sign(Stage.LINE, 9, _is_table),),
    names_labels=True,
    rank=4,
)
