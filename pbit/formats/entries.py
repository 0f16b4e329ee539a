"""Lines `i j` or `i j weight` to arrays: quick for clean text, exact about the line otherwise."""

import io
import warnings
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from pbit.by_value import ByValue
from pbit.formats.contents import Bools, Floats, Ints
from pbit.formats.lines import EMPTY_FIELD, MAX_INDEX, Layout, parse_lines
from pbit.formats.tokens import Body, wrong

# With these bytes alone NumPy's reader accepts no more than `lines.py` does: no nan, no inf, no
# hexadecimal numbers, no unicode digits, no quotes.
_PLAIN = b"0123456789+-.eE \t\n"
_COMMA_TO_BLANK = bytes.maketrans(b",", b" ")
_TRIPLE = np.dtype([("row", "<i8"), ("col", "<i8"), ("value", "<f8")])
_PAIR = np.dtype([("row", "<i8"), ("col", "<i8")])


class _Piece(NamedTuple):
    """A stretch of text and the number of entries in it."""

    text: Body
    size: int


@dataclass(frozen=True, eq=False)
class Entries(ByValue):
    """Entries with indices as the file has them, and where they came from."""

    rows: Ints
    cols: Ints
    values: Floats
    width: int
    pieces: tuple[_Piece, ...]

    def __len__(self) -> int:
        return int(self.rows.size)

    def refuse(self, bad: Bools, problem: str) -> None:
        """Raise FormatError with `problem` for the line of the first entry where `bad`."""
        if not bad.any():
            return
        index = int(np.argmax(bad))
        for text, size in self.pieces:
            if index < size:
                line = next(line for count, line in enumerate(text.lines()) if count == index)
                raise wrong(text, line, problem)
            index -= size

    def within(self, low: int, high: int) -> bool:
        """Return whether every index is in `low..high`."""
        return all(
            not indices.size or low <= indices.min() <= indices.max() <= high
            for indices in (self.rows, self.cols)
        )

    def refuse_outside(self, low: int, high: int, *, why: str) -> None:
        """Raise FormatError for the first entry with an index outside `low..high`."""
        if not self.within(low, high):
            smaller, larger = np.minimum(self.rows, self.cols), np.maximum(self.rows, self.cols)
            problem = f"index outside {low}..{high} ({why}); correct the index"
            self.refuse((smaller < low) | (larger > high), problem)


def parse_entries(body: Body, *, columns: tuple[int, ...], commas: bool = False) -> Entries:
    """Return the entries of `body`.

    Parameters
    ----------
    body : Body
        Cleaned text; blank lines and comments are skipped.
    columns : tuple of int
        Allowed numbers of fields in a line; all lines must have as many as the first one.
        A missing weight is 1.
    commas : bool
        Whether a comma separates fields, too.

    Raises
    ------
    FormatError
        At the first line that is not an entry.
    """
    layout = _layout(body, columns, commas)
    arrays, pieces = [], []
    for chunk in body.chunks():
        parsed = _parse_quickly(chunk, layout)
        if parsed is None:
            parsed = parse_lines(chunk, layout)
        arrays.append(parsed)
        pieces.append(_Piece(chunk, int(parsed[0].size)))
    empty = (np.empty(0, np.int64), np.empty(0, np.int64), np.empty(0, np.float64))
    rows, cols, values = zip(*arrays, strict=True) if arrays else ([e] for e in empty)
    return Entries(
        np.concatenate(rows),
        np.concatenate(cols),
        np.concatenate(values),
        layout.width,
        tuple(pieces),
    )


def _layout(body: Body, columns: tuple[int, ...], commas: bool) -> Layout:
    first = next(body.lines(), None)
    if first is None:
        return Layout(columns, commas, max(columns), body.line)
    text = first.text.translate(_COMMA_TO_BLANK) if commas else first.text
    return Layout(columns, commas, len(text.split()), first.number)


def _parse_quickly(chunk: Body, layout: Layout) -> tuple[Ints, Ints, Floats] | None:
    """Return the arrays, or None if the text is not beyond doubt (`parse_lines` then decides)."""
    text = chunk.without_comments()
    if layout.commas and b"," in text:
        if EMPTY_FIELD.search(text):
            return None
        text = text.translate(_COMMA_TO_BLANK)
    if layout.width not in layout.columns or text.translate(None, _PLAIN):
        return None
    if text.isspace() or not text:
        return np.empty(0, np.int64), np.empty(0, np.int64), np.empty(0, np.float64)
    table = _load_table(text, _TRIPLE if layout.width == 3 else _PAIR)
    if table is None:
        return None
    rows = np.ascontiguousarray(table["row"])
    cols = np.ascontiguousarray(table["col"])
    values = np.ascontiguousarray(table["value"]) if layout.width == 3 else np.ones(rows.size)
    low, high = min(rows.min(), cols.min()), max(rows.max(), cols.max())
    if low < 0 or high > MAX_INDEX or not np.isfinite(values).all():
        return None
    return rows, cols, values


def _load_table(text: bytes, dtype: np.dtype[np.void]) -> np.ndarray | None:
    """Return the structured rows; None if a line has another number or kind of fields."""
    with warnings.catch_warnings():
        # NumPy 2.0 still reads the index "1.5" as 1, with a DeprecationWarning.
        warnings.simplefilter("error")
        try:
            return np.loadtxt(
                io.BytesIO(text), dtype=dtype, comments=None, ndmin=1, encoding="ascii"
            )
        except (ValueError, Warning):
            return None
