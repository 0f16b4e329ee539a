"""Data sets as tables of text: commas, semicolons, tabs or blanks between columns."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import numpy.typing as npt

from pbit.formats.errors import FormatError, shown
from pbit.formats.format import Sign, Stage
from pbit.formats.sample import Sample
from pbit.machine import check_memory
from pbit.problems.learning.data_formats.registry import Asked, DataFormat, Found
from pbit.problems.learning.raw_data import RawData
from pbit.problems.learning.text_table import TextTable

_LIKE_LABELS = ("label", "labels", "class", "target")
_NUMBER_BYTES = 8


def read_csv(found: Found, asked: Asked) -> RawData:
    """The numbers of a table, one column of it the labels where that is asked for.

    Raises
    ------
    FormatError
        No table of numbers: see :class:`~pbit.problems.learning.text_table.TextTable`; no such
        column of labels.
    MemoryError
        More numbers than this machine has memory for.
    """
    table = TextTable.of(found.data, found.name, missing=asked.missing)
    check_memory(
        2 * _NUMBER_BYTES * table.width * max(1, table.num_rows),
        what=f"the numbers in {found.name}",
        lower="the number of rows",
    )
    at = _label_column(table, asked.labels)
    columns = [k for k in range(table.width) if k != at]
    if not columns:
        raise FormatError(found.name, None, "has no column but the labels, expected data; add some")
    names = table.names
    return RawData(
        values=_numbers(table, columns),
        name=found.name,
        labels=None if at is None else _words(table, at),
        names=None if names is None else tuple(names[k] for k in columns),
        line_of=table.line_of,
        notes=_notes(table, at),
    )


def _label_column(table: TextTable, labels: str | None) -> int | None:
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


def _numbers(table: TextTable, columns: list[int]) -> npt.NDArray[np.float64]:
    if not table.num_rows:
        return np.empty((0, len(columns)))

    def number(field: str) -> float:
        return math.nan if table.is_missing(field) else float(field)

    converters = number if table.missing else None  # a call a field: slow
    try:
        values: npt.NDArray[np.float64] = np.loadtxt(
            table.text(), usecols=columns, converters=converters, **_how(table)
        )
    except ValueError as error:
        raise _first_wrong(table, columns, str(error)) from error
    return values


def _words(table: TextTable, column: int) -> npt.NDArray[np.str_]:
    if not table.num_rows:
        return np.empty(0, dtype=np.str_)
    words: npt.NDArray[np.str_] = np.loadtxt(
        table.text(), usecols=[column], **(_how(table) | {"dtype": np.str_})
    )
    return words[:, 0]


def _how(table: TextTable) -> dict[str, Any]:
    separator = None if table.separator is None else table.separator.decode()
    return {
        "delimiter": separator,
        "dtype": np.float64,
        "quotechar": '"',
        "ndmin": 2,
        "encoding": "utf-8",
    }


def _first_wrong(table: TextTable, columns: list[int], said: str) -> FormatError:
    """The error at the first field that is no number; as NumPy says where none is found."""
    for line in table.rows():
        fields = table.fields(line)
        for k in columns:
            field = fields[k] if k < len(fields) else ""
            if not table.is_value(field):
                return FormatError(
                    table.body.name,
                    line.number,
                    f"column {table.name_of(k)} is {shown(field)}, expected a number; correct it, "
                    "or name the column of the labels",
                )
    return FormatError(table.body.name, None, f"{said[:80]}, expected numbers; correct it")


def _notes(table: TextTable, at: int | None) -> tuple[str, ...]:
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
