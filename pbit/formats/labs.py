"""Low autocorrelation binary sequences: the length is all there is, `labs N`.

A table with the header `N,energy,...` of best sequences holds a problem a row: `FILE#N`.
"""

from pbit.formats.format import Format, Holds, Sign, Stage
from pbit.formats.lines import whole_number
from pbit.formats.parts import column_parts
from pbit.formats.selection import choose, refuse_instance
from pbit.formats.specifications import LabsContents
from pbit.formats.tokens import Body, Line, clean, first_line, whole, wrong

NAME = "labs"
_HEADER = b"N,energy,"
_MAX_LENGTH = 1000  # of N^3 / 12 terms or so


def looks_like(text: bytes) -> bool:
    """Return whether a first line is of this format.

    Examples
    --------
    >>> looks_like(b"labs 27"), looks_like(b"27 3")
    (True, False)
    """
    return text.split()[:1] == [b"labs"] or text.startswith(_HEADER)


def read(data: bytes, name: str, wanted: str | None = None, *, max_bytes: int = 0) -> LabsContents:
    """Return the length.

    Raises
    ------
    FormatError
        Another first line, or no such row of a table.
    """
    body = whole(clean(data, name), name)
    line = first_line(body)
    if line.text.startswith(_HEADER):
        rows = list(body.after(line).lines())
        names = [row.text.split(b",", 1)[0].decode("utf-8", "backslashreplace") for row in rows]
        chosen = choose(names, wanted, name)
        return _of_row(body, line, rows[chosen], f"{name}#{names[chosen]}")
    refuse_instance(wanted, name)
    fields = line.text.split()
    rest = next(body.after(line).lines(), None)
    if len(fields) != 2 or fields[0] != b"labs" or rest is not None:
        raise wrong(body, rest or line, "expected one line, 'labs N'")
    return LabsContents(length=_length(body, line, fields[1]), name=name)


def _of_row(body: Body, header: Line, row: Line, name: str) -> LabsContents:
    table = column_parts(body, header, row)
    length = _length(body, row, table.take("N").encode())
    table.skip(table.found, "the length is all there is")
    return LabsContents(length=length, name=name, notes=table.close())


def _length(body: Body, line: Line, field: bytes) -> int:
    length = whole_number(field)
    if length is None or not 2 <= length <= _MAX_LENGTH:
        raise wrong(body, line, f"expected a length in 2..{_MAX_LENGTH}")
    return length


FORMAT = Format(
    name=NAME,
    what="low autocorrelation sequences: 'labs N'",
    read=read,
    several=True,
    holds=Holds(kinds=("labs",)),
    signs=(Sign(Stage.LINE, 30, lambda sample: looks_like(sample.first.text)),),
    rank=190,
)
