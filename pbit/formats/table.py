"""Dense matrices as text: n lines of n numbers, set apart by commas, semicolons or blanks.

So write `np.savetxt` and spreadsheets. Three lines of three numbers may be edges `i j weight`, too:
they are a matrix if only that makes sense, or if the diagonal is 0 and the rest symmetric or a
triangle; else edges, and a note tells of the matrix where one of the two holds.
"""

from __future__ import annotations

from itertools import islice

import numpy as np

from pbit.formats.contents import Floats
from pbit.formats.lines import EMPTY_FIELD, is_decimal, weight
from pbit.formats.tokens import Body, Line, first_line, wrong

_TO_BLANK = bytes.maketrans(b",;", b"  ")
_SURE = 4
"""From so many columns on nothing else has as many lines as fields."""
AS_EDGES = (
    "{0} lines of {0} numbers, read as edges; a {0} x {0} matrix is read with format='matrix' or "
    "'qubo-matrix'"
)
AS_MATRIX = (
    "{0} lines of {0} numbers, read as a matrix; edges 'i j weight' are read with "
    "format='edge-list'"
)


def looks_like(body: Body) -> bool:
    """Return whether the text is a matrix and nothing else.

    Examples
    --------
    >>> from pbit.formats.tokens import whole
    >>> looks_like(whole(b"0,1,2\\n1,0,3\\n2,3,0\\n", "a"))
    True
    >>> looks_like(whole(b"0 1 5\\n1 2 3\\n", "a"))
    False
    """
    lines = _square(body)
    if lines is None or len(lines) >= _SURE:
        return lines is not None
    table = _numbers(body, lines)
    if not _is_special(table):
        return False
    return not _are_entries(table) or (len(lines) == 3 and not table.diagonal().any())


def maybe_note(body: Body) -> list[str]:
    """Return a note on text that is read as edges, but may be a matrix."""
    lines = _square(body)
    if lines is None or len(lines) >= _SURE:
        return []
    table = _numbers(body, lines)
    empty = not table.diagonal().any()
    matrix = (_is_special(table) or empty) if len(lines) == 3 else _is_special(table) and empty
    return [AS_EDGES.format(len(lines))] if matrix else []


def edges_note(table: Floats) -> list[str]:
    """Return a note on text that is read as a matrix, but may be edges."""
    size = len(table)
    return [AS_MATRIX.format(size)] if size < _SURE and _are_entries(table) else []


def read_table(body: Body) -> Floats:
    """Return the numbers of a text, as many in each line.

    Raises
    ------
    FormatError
        Something that is no number, or a line with more or fewer of them than the first.
    """
    first = first_line(body)
    width = len(_fields(first))
    lines = list(body.lines())
    for line in lines:
        if EMPTY_FIELD.search(line.text) or (b"," in line.text and b";" in line.text):
            raise wrong(body, line, "empty fields or two kinds of separators, expected numbers")
        if len(_fields(line)) != width:
            raise wrong(
                body,
                line,
                f"{len(_fields(line))} numbers, expected {width} as in line {first.number}: a row "
                "of a matrix",
            )
    return _numbers(body, lines)


def _square(body: Body) -> list[Line] | None:
    """Return the lines of a text of as many lines as numbers in each, 2 at least."""
    first = next(body.lines(), None)
    if first is None or EMPTY_FIELD.search(first.text):
        return None
    size = len(_fields(first))
    if size < 2 or not all(map(is_decimal, _fields(first))):
        return None
    lines = list(islice(body.lines(), size + 1))
    good = len(lines) == size and all(_is_row(line, size) for line in lines)
    return lines if good else None


def _is_row(line: Line, size: int) -> bool:
    fields = _fields(line)
    return len(fields) == size and all(map(is_decimal, fields))


def _fields(line: Line) -> list[bytes]:
    return line.text.translate(_TO_BLANK).split()


def _numbers(body: Body, lines: list[Line]) -> Floats:
    return np.array([[weight(body, line, field) for field in _fields(line)] for line in lines])


def _is_special(table: Floats) -> bool:
    """Return whether a table is symmetric or a triangle, as matrices in files are."""
    same = np.array_equal(table, table.T)
    return bool(same or not np.tril(table, -1).any() or not np.triu(table, 1).any())


def _are_entries(table: Floats) -> bool:
    """Return whether each row may be an edge: two indices first."""
    ends = table[:, :2]
    return bool((ends >= 0).all() and (ends == np.floor(ends)).all())
