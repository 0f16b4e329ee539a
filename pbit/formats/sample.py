"""A file whose format is to be told: bytes, text and first lines, each made when it is needed."""

from __future__ import annotations

from functools import cached_property

from pbit.formats.lines import whole_number
from pbit.formats.tokens import Body, Line, clean, first_line, whole


class Sample:
    """What the marks of formats are looked for in.

    Parameters
    ----------
    data : bytes
        The whole file, inflated.
    name : str
        Its name, for endings and for error messages.

    Examples
    --------
    >>> Sample(b"# a graph\\n3 2\\n1 2 1\\n", "a.txt").counts
    (3, 2)
    """

    def __init__(self, data: bytes, name: str) -> None:
        self.data, self.name = data, name

    @cached_property
    def text(self) -> bytes:
        """The text, newlines made one; FormatError if it is none."""
        return clean(self.data, self.name)

    @cached_property
    def is_json(self) -> bool:
        """Whether the text is a JSON object, or begins as one."""
        return self.text.lstrip()[:1] == b"{"

    @cached_property
    def body(self) -> Body:
        """The text with its lines numbered."""
        return whole(self.text, self.name)

    @cached_property
    def first(self) -> Line:
        """The first line that carries data; FormatError if there is none."""
        return first_line(self.body)

    @property
    def rest(self) -> Body:
        """What follows the first line."""
        return self.body.after(self.first)

    @cached_property
    def second(self) -> bytes | None:
        """Text of the line with data after the first, None if there is none."""
        line = next(self.rest.lines(), None)
        return None if line is None else line.text

    @cached_property
    def fields(self) -> list[bytes]:
        """What blanks separate in the first line, one at least."""
        return self.first.text.split()

    @cached_property
    def counts(self) -> tuple[int, int] | None:
        """The two whole numbers of a first line ``n m``, None for any other line."""
        found = [n for n in map(whole_number, self.fields) if n is not None]
        return (found[0], found[1]) if len(found) == len(self.fields) == 2 else None
