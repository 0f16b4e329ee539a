"""Files that are numbers in a row, whatever the lines: each is taken in turn, with its line."""

from collections.abc import Iterator

import numpy as np

from pbit.formats.contents import Ints
from pbit.formats.errors import FormatError, shown
from pbit.formats.lines import whole_number
from pbit.formats.tokens import Body, Line, wrong

MAX_NUMBER = 2**53
"""Largest whole number that a float64 still tells from its neighbours."""


class Numbers:
    """The numbers of a text file in turn.

    Parameters
    ----------
    body : Body
        Cleaned text; comments are skipped.
    """

    def __init__(self, body: Body) -> None:
        self.body = body
        self.line = Line(body.line, b"", body.start)
        self._fields = self._in_turn()

    def _in_turn(self) -> Iterator[bytes]:
        for line in self.body.lines():
            self.line = line
            yield from line.text.split()

    def wrong(self, problem: str) -> FormatError:
        """Return the error for the line of the number last taken."""
        return wrong(self.body, self.line, problem)

    def whole(self, what: str, *, low: int = 0, high: int = MAX_NUMBER) -> int:
        """Return the next number, which must be whole and in ``low..high``.

        Raises
        ------
        FormatError
            It is not, or the file has ended.
        """
        field = self._next(what)
        value = whole_number(field)
        if value is None or not low <= value <= high:
            raise self.wrong(f"{shown(field)}, expected {what}, a whole number in {low}..{high}")
        return value

    def wholes(self, what: str, count: int, *, low: int = -MAX_NUMBER) -> Ints:
        """Return the next ``count`` whole numbers.

        Raises
        ------
        FormatError
            One is none, or the file has too few.
        """
        self._check_room(what, count)
        return np.array([self.whole(what, low=low) for _ in range(count)], dtype=np.int64)

    def rest(self, what: str) -> Ints:
        """Return all whole numbers that are left."""
        found = []
        for field in self._fields:
            value = whole_number(field)
            if value is None or abs(value) > MAX_NUMBER:
                raise self.wrong(
                    f"{shown(field)}, expected {what}, whole numbers up to {MAX_NUMBER}"
                )
            found.append(value)
        return np.array(found, dtype=np.int64)

    def end(self) -> None:
        """Check that nothing is left.

        Raises
        ------
        FormatError
            Something is.
        """
        field = next(self._fields, None)
        if field is not None:
            raise self.wrong(f"{shown(field)} after the last number, expected the end; remove it")

    def _next(self, what: str) -> bytes:
        field = next(self._fields, None)
        if field is None:
            raise FormatError(
                self.body.name,
                self.line.number,
                f"the file ends here, expected {what}; it is truncated or its header wrong",
            )
        return field

    def _check_room(self, what: str, count: int) -> None:
        room = (len(self.body.data) + 1) // 2  # a number takes a digit and a blank
        if count > room:
            raise self.wrong(
                f"{count} numbers ({what}) cannot fit into a file of {len(self.body.data)} bytes; "
                "its header is wrong or it is truncated"
            )
