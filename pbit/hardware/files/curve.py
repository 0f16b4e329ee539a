"""Measured transfer curves as text: two columns, input and mean output."""

from __future__ import annotations

from bisect import bisect_left
from pathlib import Path

from pbit.formats.errors import FormatError
from pbit.hardware.files.columns import read_columns
from pbit.hardware.transfer_curve import Curve, TransferCurve


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
    rows = read_columns(path, (2,), "two numbers, an input and a mean output")
    points = tuple((row[0], row[1]) for _, row in rows)
    error = _error_of(points)
    if error is not None:
        # What is wrong with the first k points is wrong with more of them.
        sizes = range(2, len(points) + 1)
        k = bisect_left(sizes, True, key=lambda size: _error_of(points[:size]) is not None)
        size = sizes[k] if sizes else 0
        line = rows[size - 1][0] if size else None
        raise FormatError(name, line, f"{_error_of(points[:size]) or error}")
    return points


def _error_of(points: Curve) -> str | None:
    """What :class:`TransferCurve` has against the curve; no points at all are no curve."""
    try:
        TransferCurve(transfer=points or ((0.0, 0.0),))
    except ValueError as error:
        return str(error)
    return None
