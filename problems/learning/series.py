"""Series in files: tables of numbers, a row a step of time."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from pbit.by_value import ByValue
from pbit.formats.errors import FormatError, shown
from pbit.formats.selection import refuse_instance, split_source
from pbit.formats.source import Source, load
from pbit.problems.learning.data_formats.csv import read_csv
from pbit.problems.learning.data_formats.registry import Asked, Found

_LIKE_TIME = ("t", "time", "date", "step", "index")


@dataclass(frozen=True, eq=False)
class Series(ByValue):
    """Columns of a table.

    Parameters
    ----------
    values : float64, shape (steps, columns)
    names : tuple of str
        Of the columns; x1, x2, ... where the table has no header.
    source : str
    notes : tuple of str
        What the user should be told.
    """

    values: npt.NDArray[np.float64]
    names: tuple[str, ...]
    source: str
    notes: tuple[str, ...] = ()

    def column(self, name: str) -> int:
        """Its number.

        Raises
        ------
        FormatError
            There is none of this name.
        """
        if name not in self.names:
            raise FormatError(
                self.source, None,
                f"no column {shown(name)}, expected one of {', '.join(map(shown, self.names))}; "
                "correct the name",
            )  # fmt: skip
        return self.names.index(name)


def read_series(source: Source, *, time: str | None = None, max_bytes: int = 4 * 2**30) -> Series:
    """The series in a table: commas, semicolons, tabs or blanks, with or without a header.

    Parameters
    ----------
    source : path, "-" or binary stream
        gzip is inflated on the way.
    time : str, optional
        A column that is left out, whatever it holds.
    max_bytes : int
        Most bytes to accept, after inflating.

    Raises
    ------
    FormatError
        Empty, ragged, fields that are no finite numbers (with the line), no such column.
    OSError
        The path cannot be opened.

    Examples
    --------
    >>> import io
    >>> found = read_series(io.BytesIO(b"t,x\\n0,0.5\\n1,0.7\\n"), time="t")
    >>> found.names, found.values.tolist()
    (('x',), [[0.5], [0.7]])
    """
    path, part = split_source(source)
    found = Found(*load(path, max_bytes=max_bytes))
    refuse_instance(part, found.name)
    if not found.data:
        raise FormatError(found.name, None, "the file is empty, expected a table; check the path")
    try:
        raw = read_csv(found, Asked(time, None, max_bytes))
    except FormatError as error:
        remedy = error.problem.replace("name the column of the labels", "leave out its column")
        raise FormatError(error.name, error.line, remedy) from error
    values = np.asarray(raw.values, np.float64)
    for row, column in np.argwhere(~np.isfinite(values))[:1]:
        raise raw.error((int(row), int(column)), f"is {values[row, column]}, expected a number")
    width = values.shape[1]
    names = raw.names or tuple(f"x{k + 1}" for k in range(width))
    return Series(values, names, found.name, _notes(names, time))


def _notes(names: tuple[str, ...], time: str | None) -> tuple[str, ...]:
    like = [name for name in names if name.lower() in _LIKE_TIME]
    if time is not None or not like:
        return ()
    return (f"column {shown(like[0])} is read as data; say time={like[0]!r} if it is not",)
