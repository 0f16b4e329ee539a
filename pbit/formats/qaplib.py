"""QAPLIB `.dat`: n, then two n × n matrices, flows and distances, in lines of any length.

References
----------
R. E. Burkard, S. E. Karisch, F. Rendl, Journal of Global Optimization 10, 391 (1997).
"""

import re

from pbit.formats.format import Format, Holds, Sign, Stage
from pbit.formats.lines import whole_number
from pbit.formats.number_rows import Numbers
from pbit.formats.sample import Sample
from pbit.formats.specifications import AssignmentContents
from pbit.formats.tokens import clean, whole

NAME = "qaplib"
_MAX_SIZE = 1000
_MAX_VALUE = 2**24
_NUMBERS = re.compile(rb"[\s\d+-]*")


def tells(sample: Sample) -> bool:
    """Return whether a line with nothing but n >= 2 is followed by 2 n^2 whole numbers.

    Examples
    --------
    >>> tells(Sample(b"2\\n0 1\\n1 0\\n\\n0 3\\n3 0\\n", "nug2.dat"))
    True
    >>> tells(Sample(b"3\\n7 9 5\\n", "numbers.txt"))
    False
    """
    n = whole_number(sample.fields[0]) if len(sample.fields) == 1 else None
    if n is None or not 2 <= n <= _MAX_SIZE:
        return False
    text = sample.rest.without_comments()
    return _NUMBERS.fullmatch(text) is not None and len(text.split()) == 2 * n * n


def read(data: bytes, name: str) -> AssignmentContents:
    """Return the two matrices, in the order of the file.

    Raises
    ------
    FormatError
        Another number of numbers than n asks for, or ones that are not whole.
    """
    numbers = Numbers(whole(clean(data, name), name))
    n = numbers.whole("the size n", low=1, high=_MAX_SIZE)
    table = numbers.wholes("an entry", 2 * n * n).reshape(2, n, n)
    numbers.end()
    if abs(table).max() > _MAX_VALUE:
        raise numbers.wrong(f"an entry beyond {_MAX_VALUE}, whose products are not exact; scale it")
    return AssignmentContents(flows=table[0], distances=table[1], name=name)


FORMAT = Format(
    name=NAME,
    what="quadratic assignment: n and two n x n matrices",
    read=read,
    holds=Holds(kinds=("quadratic-assignment",)),
    signs=(Sign(Stage.NUMBERS, 40, tells),),
    rank=220,
)
