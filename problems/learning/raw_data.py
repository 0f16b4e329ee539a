"""What a reader of data sets returns: values as the file has them, not yet spins."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from pbit.by_value import ByValue
from pbit.formats.errors import FormatError, shown

Array = npt.NDArray[Any]


@dataclass(frozen=True, eq=False, kw_only=True)
class RawData(ByValue):
    """Values of a data set.

    Parameters
    ----------
    values : numbers or truth values, shape (num_rows, ...)
        One example a row; three axes are images.
    name : str
        The file as the user knows it.
    known : bool, of the shape of the values, optional
        False where a value means nothing; NaN means that, too.
    labels : numbers or words, shape (num_rows,), optional
    classes : tuple of str, optional
        Names of the classes, where the labels count them.
    names : tuple of str, optional
        Of the columns.
    line_of : callable, optional
        The line of a text that a row is from.
    notes : tuple of str
        What the user should be told.
    """

    values: Array
    name: str
    known: npt.NDArray[np.bool_] | None = None
    labels: Array | Sequence[str] | None = None
    classes: tuple[str, ...] | None = None
    names: tuple[str, ...] | None = None
    line_of: Callable[[int], int] | None = None
    notes: tuple[str, ...] = ()

    def error(self, at: tuple[int, ...], problem: str) -> FormatError:
        """A refusal of the value at this place, which is the start of the sentence.

        Examples
        --------
        >>> import numpy as np
        >>> raw = RawData(values=np.eye(2), name="a.npy")
        >>> str(raw.error((0, 1), "must be 1"))
        'a.npy: row 0, column 1 must be 1'
        """
        row, rest = at[0], at[1:]
        line = None if self.line_of is None else self.line_of(row)
        where = f"row {row}, " if line is None else ""
        if len(rest) == 2:
            where += f"pixel {rest[0]}, {rest[1]}"
        else:
            where += f"column {self.column_name(rest[0]) if rest else 0}"
        return FormatError(self.name, line, f"{where} {problem}")

    def column_name(self, column: int) -> str:
        """Name of a column for a message, its number where it has none."""
        if self.names is not None:
            return shown(self.names[column])
        return str(column if self.line_of is None else column + 1)  # people count from 1
