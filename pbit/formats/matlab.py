"""MATLAB's text of a sparse matrix: `(i,j) value`, or columns as `save -ascii` writes them.

Columns have the indices as `1.0000000e+00`; indices count from 1.
"""

import re

import numpy as np

from pbit.formats.contents import Contents
from pbit.formats.edge_list import edge_notes
from pbit.formats.entries import Entries, parse_entries
from pbit.formats.format import Format, Holds, Sign, Stage
from pbit.formats.lines import MAX_INDEX
from pbit.formats.table import maybe_note
from pbit.formats.tokens import Body, clean, first_line, whole, wrong

NAME = "matlab"
_PAIR = re.compile(rb"^[ \t]*\([ \t]*([0-9]+)[ \t]*,[ \t]*([0-9]+)[ \t]*\)[ \t]*", re.MULTILINE)
_INDEX = rb"([0-9])\.([0-9]*)[eE][+]?([0-9]{1,3})"
_COLUMNS = re.compile(rb"^[ \t]*" + _INDEX + rb"[ \t]+" + _INDEX + rb"(?=[ \t])", re.MULTILINE)


def looks_like(text: bytes) -> bool:
    """Return whether a line is of this format.

    Examples
    --------
    >>> looks_like(b"(1,2)      -1"), looks_like(b"1 2 -1")
    (True, False)
    """
    return _PAIR.match(text) is not None or _COLUMNS.match(text) is not None


def read(data: bytes, name: str) -> Contents:
    """Return the weighted graph of the entries; a diagonal entry is a field.

    Raises
    ------
    FormatError
        A line that is neither `(i,j) value` nor three columns, or an index 0.
    """
    body = whole(clean(data, name), name)
    first = first_line(body)
    if not looks_like(first.text):
        raise wrong(body, first, "expected '(i,j) value' or three columns with exponents")
    pattern, rule = (_PAIR, _plain_pair) if _PAIR.match(first.text) else (_COLUMNS, _plain_columns)
    entries = parse_entries(_rewritten(body, pattern, rule), columns=(3,))
    entries.refuse_outside(1, MAX_INDEX, why="MATLAB counts from 1")
    return _graph(entries, name, maybe_note(body))


def _rewritten(body: Body, pattern: re.Pattern[bytes], rule: object) -> Body:
    """Return the body with plain indices, line by line as before."""
    text = pattern.sub(rule, body.data)  # type: ignore[call-overload]
    return Body(text, body.name, 0, len(text), 1)


def _plain_pair(match: re.Match[bytes]) -> bytes:
    return match[1] + b" " + match[2] + b" "


def _plain_columns(match: re.Match[bytes]) -> bytes:
    return b"%s %s" % (_whole(match[1], match[2], match[3]), _whole(match[4], match[5], match[6]))


def _whole(digit: bytes, decimals: bytes, exponent: bytes) -> bytes:
    """Return the index `d.ddde+n` in plain digits, as it is (to be refused) if it is not whole."""
    size = int(exponent)
    kept, rest = decimals[:size].ljust(min(size, 20), b"0"), decimals[size:]
    if size > 9 or rest.strip(b"0"):
        return digit + b"." + decimals + b"e" + exponent
    return digit + kept


def _graph(entries: Entries, name: str, more: list[str]) -> Contents:
    num_variables = int(max(entries.rows.max(), entries.cols.max()))
    both = edge_notes(entries, 1, num_variables)
    return Contents(
        kind="graph",
        num_variables=num_variables,
        rows=entries.rows - 1,
        cols=entries.cols - 1,
        values=entries.values.astype(np.float64),
        labels=range(1, num_variables + 1),
        format=NAME,
        name=name,
        notes=(*both, *more),
    )


FORMAT = Format(
    name=NAME,
    what="MATLAB text: '(i,j) value' or columns with exponents, from 1",
    read=read,
    holds=Holds(kinds=("graph",)),
    signs=(Sign(Stage.LINE, 20, lambda sample: looks_like(sample.first.text)),),
    rank=140,
)
