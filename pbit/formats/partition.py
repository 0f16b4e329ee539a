"""Number partitioning: whole numbers in a row, or a table of instances in `.csv`.

The table has a header that begins with `id` and ends with `numbers`; `FILE#ID` takes one row.
"""

import numpy as np

from pbit.formats.errors import FormatError, shown
from pbit.formats.format import Format, Holds, Sign, Stage
from pbit.formats.lines import whole_number
from pbit.formats.number_rows import MAX_NUMBER, Numbers
from pbit.formats.parts import column_parts
from pbit.formats.selection import choose, refuse_instance
from pbit.formats.specifications import PartitionContents
from pbit.formats.tokens import Body, Line, clean, first_line, whole, wrong

NAME = "partition"


def is_table(text: bytes) -> bool:
    """Return whether a line is the header of a table of instances.

    Examples
    --------
    >>> is_table(b"id,n,numbers"), is_table(b"1,2,3")
    (True, False)
    """
    fields = text.split(b",")
    return len(fields) > 1 and fields[0].strip() == b"id" and fields[-1].strip() == b"numbers"


def read(
    data: bytes, name: str, wanted: str | None = None, *, max_bytes: int = 0
) -> PartitionContents:
    """Return the numbers of the file, or of one row of a table.

    Raises
    ------
    FormatError
        Something else than whole numbers >= 0, or no such row.
    """
    body = whole(clean(data, name), name)
    header = first_line(body)
    if not is_table(header.text):
        refuse_instance(wanted, name)
        return PartitionContents(numbers=_checked(Numbers(body)), name=name)
    rows = list(body.after(header).lines())
    names = [line.text.split(b",", 1)[0].decode("utf-8", "backslashreplace") for line in rows]
    if not rows:
        raise wrong(body, header, "no row follows, expected instances; the file is truncated")
    chosen = choose(names, wanted, name)
    return _row(body, header, rows[chosen], f"{name}#{names[chosen]}")


def _row(body: Body, header: Line, line: Line, name: str) -> PartitionContents:
    table = column_parts(body, header, line)
    table.take("id")
    found = table.take("numbers").encode()
    numbers = _checked(Numbers(Body(found, body.name, 0, len(found), line.number)))
    stated = table.take("n")
    if stated is not None and whole_number(stated.encode()) != numbers.size:
        raise wrong(body, line, f"{numbers.size} numbers, expected n = {shown(stated)}")
    table.skip(table.found, "only the numbers are the problem")
    return PartitionContents(numbers=numbers, name=name, notes=table.close())


def _checked(numbers: Numbers) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    found = numbers.rest("the numbers to split")
    if not found.size or found.min() < 0:
        raise numbers.wrong("expected whole numbers >= 0, at least one")
    if int(found.astype(object).sum()) > MAX_NUMBER:
        raise FormatError(
            numbers.body.name,
            None,
            f"the numbers add up to more than 2^53 = {MAX_NUMBER}, beyond which differences are "
            "not exact in float64; divide by a common factor",
        )
    return found


FORMAT = Format(
    name=NAME,
    what="numbers to split: a table 'id,...,numbers', or numbers in a row when named",
    read=read,
    several=True,
    holds=Holds(kinds=("partition",)),
    signs=(Sign(Stage.LINE, 40, lambda sample: is_table(sample.first.text)),),
    rank=170,
)
