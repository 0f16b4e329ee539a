"""QAPLIB `.dat`: n, then two n × n matrices, flows and distances; only when named.

References
----------
R. E. Burkard, S. E. Karisch, F. Rendl, Journal of Global Optimization 10, 391 (1997).
"""

from pbit.formats.format import Format, Holds
from pbit.formats.number_rows import Numbers
from pbit.formats.specifications import AssignmentContents
from pbit.formats.tokens import clean, whole

NAME = "qaplib"
_MAX_SIZE = 1000
_MAX_VALUE = 2**24


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
    what="quadratic assignment: n and two n x n matrices; only when named",
    read=read,
    holds=Holds(kinds=("quadratic-assignment",)),
    rank=220,
)
