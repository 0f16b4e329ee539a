"""Measured numbers as text: columns with a header that names them and their units.

Lines are empty, comments (``#``) or rows; columns are set apart by semicolons, tabs, commas or
blanks, each line by the first of them that it has. Between semicolons and tabs a comma is a decimal
comma. The first line without numbers is the header; without one, the comment right above the
first row, if it is one.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise
from pathlib import Path
from types import MappingProxyType
from typing import Any, NamedTuple

from pbit.by_value import ByValue
from pbit.formats.errors import FormatError, shown
from pbit.hardware.files.header import Column, HeaderError, Quantity, columns_of, example_of
from pbit.hardware.files.small_text import text_of

Value = float | str


@dataclass(frozen=True, eq=False)
class Rows(ByValue):
    """The columns of a file by key, in SI units, and the line of each row.

    Columns of text are in ``texts``, those that the file lacks in neither.
    """

    name: str
    lines: tuple[int, ...]
    numbers: dict[str, tuple[float, ...]]
    texts: dict[str, tuple[str, ...]]

    def error(self, row: int | None, problem: str) -> FormatError:
        """A refusal at the line of a row."""
        return FormatError(self.name, None if row is None else self.lines[row], problem)

    def reversed(self) -> Rows:
        """The same rows from the last to the first."""
        numbers = {key: values[::-1] for key, values in self.numbers.items()}
        texts = {key: values[::-1] for key, values in self.texts.items()}
        return Rows(self.name, self.lines[::-1], numbers, texts)


class _Told(NamedTuple):
    """What is told of columns beside their header; see :func:`read_columns`."""

    columns: str | None
    told_by: str
    elsewhere: Mapping[str, str]
    example: str


def read_columns(
    path: str | Path,
    quantities: Sequence[Quantity],
    *,
    columns: str | None = None,
    told_by: str,
    elsewhere: Mapping[str, str] = MappingProxyType({}),
    example: str = "",
) -> Rows:
    """A file's columns by their header.

    Parameters
    ----------
    path : str or Path
    quantities : sequence of Quantity
        What columns may be.
    columns : str, optional
        A header, its cells set apart by commas, in the place of one that the file lacks or that
        lacks units.
    told_by : str
        The option that gives ``columns``, for messages.
    elsewhere : mapping of str to str
        What to do about columns of another unit, "V" to a remedy, or of other names, "".
    example : str
        Of a header, for messages; by default of the columns that are needed.

    Raises
    ------
    FormatError
        No header, one that cannot be understood, a line that is no row.
    OSError
        The file cannot be read.

    Examples
    --------
    >>> import tempfile
    >>> known = [Quantity("current", ("i",), "A"), Quantity("mean", ("m",))]
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = Path(folder, "pairs.csv")
    ...     _ = path.write_text("I (uA); m\\n1,5; 0\\n# no more\\n")
    ...     read_columns(path, known, told_by="columns").numbers
    {'current': (1.5e-06,), 'mean': (0.0,)}
    """
    name = str(path)
    lines = list(enumerate(text_of(path).splitlines(), start=1))
    rows = [(k, cells_of(line)) for k, line in lines if _is_row(line)]
    header: tuple[int | None, list[str]] | None = None
    if rows and not any(_is_number(cell.replace(",", ".")) for cell in rows[0][1]):
        header = rows.pop(0)
    comment = _comment_above(lines, rows)
    told = _Told(columns, told_by, elsewhere, example or example_of(quantities))
    meant = _meant(name, header, comment, quantities, told)
    return _table(name, meant, rows)


def _is_row(line: str) -> bool:
    return bool(line.strip()) and not line.lstrip().startswith("#")


def cells_of(line: str) -> list[str]:
    """The cells of one line.

    Examples
    --------
    >>> cells_of("1,5; 2"), cells_of("1 , 2"), cells_of("I (uA)  P (s)"), cells_of("1,5 2,5")
    (['1,5', '2'], ['1', '2'], ['I(uA)', 'P(s)'], ['1', '5 2', '5'])
    """
    line = _without_blanks_at_commas(line.strip())
    for separator in (";", "\t", ","):
        if separator in line:
            return [cell.strip() for cell in line.split(separator)]
    cells: list[str] = []
    for word in line.split():
        if cells and word[0] in "([":
            cells[-1] += word
        else:
            cells.append(word)
    return cells


def _without_blanks_at_commas(line: str) -> str:
    """A comma next to a blank is no decimal comma: then all of them set columns apart."""
    cells = line.split(",")
    if any(a[-1:].isspace() or b[:1].isspace() for a, b in pairwise(cells)):
        return ",".join(cell.strip() for cell in cells)
    return line


def _comment_above(lines: list[tuple[int, str]], rows: list[tuple[int, list[str]]]) -> str:
    """What the comment right above the first row says."""
    above = [line for k, line in lines if not rows or k < rows[0][0]]
    last = above[-1].lstrip() if above else ""
    return last.lstrip("#").strip() if last.startswith("#") else ""


def _meant(
    name: str,
    header: tuple[int | None, list[str]] | None,
    comment: str,
    quantities: Sequence[Quantity],
    told: _Told,
) -> list[Column]:
    """What the columns are: as told, by the header, or by the comment in its place."""
    columns, told_by = told.columns, told.told_by
    own = None
    refusal: HeaderError | None = None
    try:
        own = columns_of(header[1] if header else cells_of(comment), quantities)
    except HeaderError as error:
        refusal = error
    line = header[0] if header else None
    if columns is not None:
        try:
            meant = columns_of(columns.split(","), quantities)
        except HeaderError as error:
            raise FormatError(name, None, f"{told_by}: {error}") from error
        if own is not None and own != meant:
            raise FormatError(name, line, f"the header says something else than {told_by}")
        return meant
    if own is None:
        example = f"{told_by} {told.example}"
        if header is None:
            text = f"no header that names the columns and their units; write one, or give {example}"
            raise FormatError(name, None, text) from refusal
        remedy = f"; or give {example}{told.elsewhere.get('', '')}"
        if refusal is not None and refusal.another:
            other = told.elsewhere.get(refusal.another)
            remedy = f". {other}" if other else ""
        raise FormatError(name, line, f"{refusal}{remedy}") from refusal
    return own


def _table(name: str, meant: list[Column], rows: list[tuple[int, list[str]]]) -> Rows:
    marks = _marks(meant, rows)
    found = [_row(name, k, cells, meant, comma="," in marks) for k, cells in rows]
    if len(marks) > 1:
        line = next(k for k, cells in rows if "," in "".join(cells))
        raise FormatError(name, line, "decimal commas here and decimal points elsewhere; use one")
    by_column = list(zip(*found, strict=True)) if found else [()] * len(meant)
    named = {c.quantity.key: values for c, values in zip(meant, by_column, strict=True)}
    is_text = {c.quantity.key: c.quantity.unit is None for c in meant}
    return Rows(
        name,
        tuple(k for k, _ in rows),
        {key: values for key, values in named.items() if not is_text[key]},
        {key: values for key, values in named.items() if is_text[key]},
    )


def _marks(meant: list[Column], rows: list[tuple[int, list[str]]]) -> set[str]:
    """The decimal marks of the numbers."""
    numbers = [k for k, column in enumerate(meant) if column.quantity.unit is not None]
    cells = (row[k] for _, row in rows for k in numbers if k < len(row))
    return {mark for cell in cells for mark in ",." if mark in cell}


def _row(name: str, line: int, cells: list[str], meant: list[Column], *, comma: bool) -> list[Any]:
    if len(cells) == len(meant):
        values = [_value(*pair, comma=comma) for pair in zip(cells, meant, strict=True)]
        if None not in values:
            return values
    expected = ", ".join(column.quantity.key for column in meant)
    hint = "; decimal commas need semicolons or tabs between columns"
    blank = any(" " in cell for cell in cells)
    problem = f"expected {len(meant)} columns, {expected}{hint if blank else ''}"
    raise FormatError(name, line, f"{shown(' '.join(cells))}: {problem}")


def _value(cell: str, column: Column, *, comma: bool) -> Value | None:
    """Text, or the number in the unit of its quantity; None where it is neither."""
    if column.quantity.unit is None:
        return cell.strip("\"'") or None
    text = cell.replace(",", ".") if comma else cell
    if not _is_number(text) or not math.isfinite(float(text)):
        return None
    if column.scale == "1" or float(text) == 0:
        return float(text)
    # Decimal: 0.2 ns are 2e-10 and not 0.2 * 1e-9.
    return float(Decimal(text) * Decimal(column.scale))


def _is_number(word: str) -> bool:
    try:
        float(word)
    except ValueError:
        return False
    return "_" not in word
