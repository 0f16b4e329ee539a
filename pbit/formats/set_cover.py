"""OR-Library set covering (`scp*.txt`): `elements sets`, costs, then the sets of each element.

Only when named: it is a row of numbers. Sets count from 1.

References
----------
J. E. Beasley, Journal of the Operational Research Society 41, 1069 (1990).
"""

import numpy as np

from pbit.formats.format import Format, Holds
from pbit.formats.number_rows import Numbers
from pbit.formats.specifications import SetCoverContents
from pbit.formats.tokens import clean, whole

NAME = "set-cover"
_MAX_SIZE = 2**24


def read(data: bytes, name: str) -> SetCoverContents:
    """Return the costs and the sets that hold each element.

    Raises
    ------
    FormatError
        Another number of numbers than promised, a set that is none, or an element in no set.
    """
    numbers = Numbers(whole(clean(data, name), name))
    num_elements = numbers.whole("the number of elements", low=1, high=_MAX_SIZE)
    num_sets = numbers.whole("the number of sets", low=1, high=_MAX_SIZE)
    costs = numbers.wholes("a cost >= 0", num_sets, low=0)
    pointers, members = [0], [np.zeros(0, np.int64)]
    for element in range(1, num_elements + 1):
        count = numbers.whole(f"how many sets hold element {element}", low=1, high=num_sets)
        found = numbers.wholes(f"a set that holds element {element}", count, low=1)
        if found.max() > num_sets or np.unique(found).size != count:
            raise numbers.wrong(f"expected {count} different sets in 1..{num_sets}")
        members.append(found - 1)
        pointers.append(pointers[-1] + count)
    numbers.end()
    return SetCoverContents(
        costs=costs, pointers=np.array(pointers), members=np.concatenate(members), name=name
    )


FORMAT = Format(
    name=NAME,
    what="OR-Library scp: 'elements sets', costs, sets of each element; only when named",
    read=read,
    holds=Holds(kinds=("set-cover",)),
    rank=210,
)
