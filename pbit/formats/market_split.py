"""Market split `.dat`: `m n`, then m rows of n coefficients and the total.

References
----------
G. Cornuéjols, M. Dawande, Integer Programming and Combinatorial Optimization, Lecture Notes in
Computer Science 1412, 284 (1998).
"""

from pbit.formats.format import Format, Holds, Sign, Stage
from pbit.formats.lines import whole_number
from pbit.formats.number_rows import Numbers
from pbit.formats.sample import Sample
from pbit.formats.specifications import MarketSplitContents
from pbit.formats.tokens import Body, clean, whole

NAME = "market-split"
_MAX_SIZE = 2**20
_MAX_VALUE = 2**24
_RUDY_WIDTH = 3


def looks_like(header: bytes, second: bytes) -> bool:
    """Return whether the line after `m n` has n + 1 numbers, more than an edge has.

    Examples
    --------
    >>> looks_like(b"2 3", b"5 1 4 9"), looks_like(b"3 2", b"1 2 1")
    (True, False)
    """
    fields, row = header.split(), second.split()
    num_columns = whole_number(fields[1]) if len(fields) == 2 else None
    wide = num_columns is not None and len(row) == num_columns + 1 > _RUDY_WIDTH
    return wide and all(whole_number(field) is not None for field in row)


def read(data: bytes, name: str) -> MarketSplitContents:
    """Return coefficients and totals.

    Raises
    ------
    FormatError
        Fewer or more numbers than the header promises, or ones that are not whole and >= 0.
    """
    body: Body = whole(clean(data, name), name)
    numbers = Numbers(body)
    m = numbers.whole("the number of rows", low=1, high=_MAX_SIZE)
    n = numbers.whole("the number of columns", low=1, high=_MAX_SIZE)
    table = numbers.wholes("a coefficient or total >= 0", m * (n + 1), low=0).reshape(m, n + 1)
    numbers.end()
    if table.max() > _MAX_VALUE:
        raise numbers.wrong(f"a number above {_MAX_VALUE}, whose squares are not exact; scale it")
    return MarketSplitContents(coefficients=table[:, :-1], totals=table[:, -1], name=name)


def tells(sample: Sample) -> bool:
    """Return whether `m n` is followed by a row of n + 1 numbers."""
    first, second = sample.first.text, sample.second
    return sample.counts is not None and second is not None and looks_like(first, second)


FORMAT = Format(
    name=NAME,
    what="'m n', then m rows of n coefficients and the total",
    read=read,
    holds=Holds(kinds=("market-split",)),
    signs=(Sign(Stage.NUMBERS, 10, tells),),
    rank=180,
)
