"""Knapsacks as text: `n capacity`, then n lines `value weight`; only when named."""

from pbit.formats.format import Format, Holds
from pbit.formats.number_rows import Numbers
from pbit.formats.specifications import KnapsackContents
from pbit.formats.tokens import clean, whole

NAME = "knapsack"
_MAX_SIZE = 2**24


def read(data: bytes, name: str) -> KnapsackContents:
    """Return values, weights and the capacity.

    Raises
    ------
    FormatError
        Another number of numbers than the header promises, or ones that are not whole and >= 0.
    """
    numbers = Numbers(whole(clean(data, name), name))
    n = numbers.whole("the number of items", low=1, high=_MAX_SIZE)
    capacity = numbers.whole("the capacity", high=2**31)
    table = numbers.wholes("a value or a weight", 2 * n, low=0).reshape(n, 2)
    numbers.end()
    if table.max() > 2**31:
        raise numbers.wrong(f"a number above 2^31 = {2**31}, expected smaller ones; scale them")
    return KnapsackContents(
        item_values=table[:, 0], weights=table[:, 1], capacity=capacity, name=name
    )


FORMAT = Format(
    name=NAME,
    what="'n capacity', then n lines 'value weight'; only when named",
    read=read,
    holds=Holds(kinds=("knapsack",)),
    rank=200,
)
