"""The grammar of an entry line, in plain Python: slow, but it names the line and the rule."""

import math
import re
from array import array
from typing import NamedTuple

import numpy as np

from pbit.formats.contents import Floats, Ints
from pbit.formats.errors import FormatError, shown
from pbit.formats.tokens import Body, Line, wrong

MAX_INDEX = 2**31 - 1
EMPTY_FIELD = re.compile(rb"^[ \t]*,|,[ \t]*(?:,|$)", re.MULTILINE)

_WHOLE = re.compile(rb"[+-]?[0-9]+")
# Each digit has one place in the pattern: with two, a long run of them is tried at every split.
DECIMAL = re.compile(rb"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?")
_SHAPES = {2: "'i j'", 3: "'i j weight'"}


class Layout(NamedTuple):
    """What a line may look like; `width` fields because line `first_line` has as many."""

    columns: tuple[int, ...]
    commas: bool
    width: int
    first_line: int

    @property
    def expected(self) -> str:
        """What a line should have been, in words."""
        shapes = " or ".join(_SHAPES[count] for count in self.columns)
        return f"expected {shapes}, separated by {'blanks or commas' if self.commas else 'blanks'}"


def parse_lines(body: Body, layout: Layout) -> tuple[Ints, Ints, Floats]:
    """Return rows, columns and values of `body`, read line by line.

    Raises
    ------
    FormatError
        At the first line that is not an entry.
    """
    rows, cols, values = array("q"), array("q"), array("d")
    for line in body.lines():
        fields = _fields(body, line, layout)
        rows.append(_index(body, line, fields[0]))
        cols.append(_index(body, line, fields[1]))
        values.append(weight(body, line, fields[2]) if len(fields) == 3 else 1.0)
    return (
        np.array(rows, dtype=np.int64),
        np.array(cols, dtype=np.int64),
        np.array(values, dtype=np.float64),
    )


def whole_number(field: bytes) -> int | None:
    """Return the value of a decimal integer, None for anything else.

    Examples
    --------
    >>> whole_number(b"12"), whole_number(b"1.5")
    (12, None)
    """
    if not _WHOLE.fullmatch(field):
        return None
    digits = field.lstrip(b"+-").lstrip(b"0") or b"0"
    # Python refuses to convert thousands of digits; past 10^18 the exact value does not matter.
    size = int(digits) if len(digits) <= 18 else 10**18
    return -size if field.startswith(b"-") else size


def is_decimal(field: bytes) -> bool:
    """Return whether a field is a decimal number, which may be too large for a float64."""
    return DECIMAL.fullmatch(field) is not None


def _fields(body: Body, line: Line, layout: Layout) -> list[bytes]:
    text = line.text
    if layout.commas and b"," in text:
        if EMPTY_FIELD.search(text):
            raise wrong(body, line, f"empty field between commas, {layout.expected}")
        text = text.replace(b",", b" ")
    fields = text.split()
    if len(fields) not in layout.columns:
        raise wrong(body, line, f"{len(fields)} fields, {layout.expected}")
    if len(fields) != layout.width:
        raise wrong(
            body,
            line,
            f"{len(fields)} fields, expected {layout.width} as in line {layout.first_line}; "
            "give a weight in every line or in none",
        )
    return fields


def _index(body: Body, line: Line, field: bytes) -> int:
    index = whole_number(field)
    if index is None:
        problem = f"{shown(field)} is not an index, expected a whole number"
    elif index < 0:
        problem = f"index {index} is negative, expected 0 or more"
    elif index > MAX_INDEX:
        problem = f"index {shown(field)} is too large, expected at most {MAX_INDEX}"
    else:
        return index
    raise wrong(body, line, f"{problem}; correct the index")


def weight(body: Body, line: Line, field: bytes) -> float:
    """Return the value of a finite decimal number.

    Raises
    ------
    FormatError
        Anything else, nan and inf included.
    """
    if not DECIMAL.fullmatch(field):
        raise wrong(
            body,
            line,
            f"{shown(field)} is not a weight, expected a finite decimal number like -1.5",
        )
    value = float(field)
    if not math.isfinite(value):
        raise wrong(body, line, f"weight {shown(field)} overflows, expected a finite number")
    return value


def header_number(body: Body, line: Line, field: bytes, *, what: str) -> int:
    """Return a count in a header line.

    Raises
    ------
    FormatError
        Not a whole number >= 0.
    """
    count = whole_number(field)
    if count is None or count < 0:
        raise FormatError(
            body.name,
            line.number,
            f"{shown(field)} in the header, expected the number of {what}, a whole number >= 0",
        )
    return count
