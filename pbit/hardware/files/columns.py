"""Measured numbers as text: a few columns, a header if there is one, comments."""

from __future__ import annotations

import math
import re
from collections.abc import Container
from pathlib import Path

from pbit.formats.errors import FormatError, shown
from pbit.hardware.files.small_text import text_of

_SEPARATOR = re.compile(r"\s*[,;]\s*|\s+")


def read_columns(
    path: str | Path, widths: Container[int], expected: str
) -> list[tuple[int, tuple[float, ...]]]:
    """Line number and numbers of each row.

    Columns are set apart by a comma, a semicolon or blanks, numbers have decimal points; a first
    line without numbers is a header; empty lines and lines that begin with # are left out.

    Parameters
    ----------
    path : str or Path
    widths : container of int
        Allowed numbers of columns.
    expected : str
        What a row is, for the error.

    Raises
    ------
    FormatError
        The line that is no such row.
    OSError
        The file cannot be read.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = Path(folder, "pairs.csv")
    ...     _ = path.write_text("x,y\\n1,2\\n# no more\\n")
    ...     read_columns(path, (2,), "two numbers")
    [(2, (1.0, 2.0))]
    """
    lines = enumerate(text_of(path).splitlines(), start=1)
    rows = [(k, line) for k, line in lines if line.strip() and not line.lstrip().startswith("#")]
    if rows and _is_header(rows[0][1]):
        del rows[0]
    return [(k, _row(str(path), k, line, widths, expected)) for k, line in rows]


def _is_header(line: str) -> bool:
    return not any(_is_number(word) for word in _SEPARATOR.split(line.strip()))


def _is_number(word: str) -> bool:
    try:
        float(word)
    except ValueError:
        return False
    return "_" not in word


def _row(
    name: str, line: int, text: str, widths: Container[int], expected: str
) -> tuple[float, ...]:
    words = _SEPARATOR.split(text.strip())
    if len(words) in widths and all(map(_is_number, words)):
        row = tuple(map(float, words))
        if all(map(math.isfinite, row)):
            return row
    raise FormatError(name, line, f"{shown(text.strip())}: expected {expected}")
