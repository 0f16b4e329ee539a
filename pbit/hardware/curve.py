"""Measured transfer curves as text: two columns, input and mean output."""

from __future__ import annotations

import math
import re
from bisect import bisect_left
from pathlib import Path

from pbit.formats.errors import FormatError, shown
from pbit.hardware.contents import text_of
from pbit.hardware.parameters import Hardware

Curve = tuple[tuple[float, float], ...]

_SEPARATOR = re.compile(r"\s*[,;]\s*|\s+")


def read_curve(path: str | Path) -> Curve:
    """Pairs (input, mean output) of a text file, for ``Hardware(transfer=...)``.

    Two columns, set apart by a comma, a semicolon or blanks, decimal points; a first line without
    numbers is a header; empty lines and lines that begin with # are left out.

    Raises
    ------
    FormatError
        The line that is no pair of numbers, or at which the curve turns back or leaves -1 to 1.
    OSError
        The file cannot be read.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = Path(folder, "curve.csv")
    ...     _ = path.write_text("input,mean\\n-2,-0.9\\n0,0.1\\n2,0.95\\n")
    ...     read_curve(path)
    ((-2.0, -0.9), (0.0, 0.1), (2.0, 0.95))
    """
    name = str(path)
    lines = enumerate(text_of(path).splitlines(), start=1)
    rows = [(k, line) for k, line in lines if line.strip() and not line.lstrip().startswith("#")]
    if rows and _is_header(rows[0][1]):
        del rows[0]
    points = tuple(_pair(name, k, line) for k, line in rows)
    error = _error_of(points)
    if error is not None:
        # What is wrong with the first k points is wrong with more of them.
        sizes = range(2, len(points) + 1)
        k = bisect_left(sizes, True, key=lambda size: _error_of(points[:size]) is not None)
        size = sizes[k] if sizes else 0
        line = rows[size - 1][0] if size else None
        raise FormatError(name, line, f"{_error_of(points[:size]) or error}")
    return points


def _is_header(line: str) -> bool:
    return not any(_is_number(word) for word in _SEPARATOR.split(line.strip()))


def _is_number(word: str) -> bool:
    try:
        float(word)
    except ValueError:
        return False
    return "_" not in word


def _pair(name: str, line: int, text: str) -> tuple[float, float]:
    words = _SEPARATOR.split(text.strip())
    if len(words) == 2 and all(map(_is_number, words)):
        pair = float(words[0]), float(words[1])
        if all(map(math.isfinite, pair)):
            return pair
    raise FormatError(
        name, line, f"{shown(text.strip())}: expected two numbers, an input and a mean output"
    )


def _error_of(points: Curve) -> str | None:
    """What :class:`Hardware` has against the curve; no points at all are no curve."""
    try:
        Hardware(transfer=points or ((0.0, 0.0),))
    except ValueError as error:
        return str(error)
    return None
