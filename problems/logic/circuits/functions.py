"""Any Boolean function of a few literals as cells of a netlist, with few p-bits.

A function of n variables is a whole number of 2**n bits, its table: bit i is the value where
variable k is bit k of i, so that a majority is 0b11101000. Up to three variables, the cells are
those with the fewest p-bits, by exhaustive search. Above, variables that act together (an AND, an
XOR, a majority of some) are replaced by one, and what has no such structure is split by a
multiplexer: small, but not proven smallest.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import cache, lru_cache
from itertools import combinations, permutations, product
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from pbit.problems.logic.circuits.netlist import Netlist
from pbit.problems.logic.gates.library import AND, FULL_ADDER, HALF_ADDER, MAJ, MUX, XOR, XOR3

WIDEST_FUNCTION = 16
VARIABLES = (0xAA, 0xCC, 0xF0)  # tables of the three variables of a small function
EVERYWHERE = 0xFF
P_BITS = {
    **{AND.name: 1, MAJ.name: 1, MUX.name: 2},
    **dict.fromkeys((HALF_ADDER.name, FULL_ADDER.name, XOR.name, XOR3.name), 2),
}

Step = tuple[str, tuple[int, ...]]
Truth = npt.NDArray[np.bool_]


class Recipe(NamedTuple):
    """Cells that make a function: name of the gate and literals it reads, each.

    Net 0 is the constant, nets 1..n are the variables, then come the outputs of the cells.
    """

    steps: tuple[Step, ...]
    literal: int

    @property
    def p_bits(self) -> int:
        """Number of p-bits that the cells add."""
        return sum(P_BITS[kind] for kind, _ in self.steps)


def function(netlist: Netlist, inputs: Sequence[int], table: int) -> int:
    """Literal of a function of up to 16 literals.

    Parameters
    ----------
    netlist : Netlist
    inputs : sequence of literals
    table : int
        Bit i is the value where literal k is bit k of i.

    Raises
    ------
    ValueError
        More than 16 inputs, or a table of more than 2**n bits.

    Examples
    --------
    >>> netlist = Netlist()
    >>> a, b, c = (netlist.free(name) for name in "abc")
    >>> function(netlist, (a, b, c), 0b11101000) == netlist.majority(a, b, c)
    True
    """
    if len(inputs) > WIDEST_FUNCTION or not 0 <= table < 1 << 2 ** len(inputs):
        raise ValueError(
            f"a function must have at most {WIDEST_FUNCTION} inputs and a table of 2**n bits, got "
            f"{len(inputs)} inputs and {table.bit_length()} bits"
        )
    distinct = sorted({literal & ~1 for literal in inputs if literal > 1})
    if len(distinct) < len(inputs):
        table, inputs = _over(distinct, inputs, table), distinct
    return run(netlist, recipe_of(len(inputs), table), inputs)


def run(netlist: Netlist, recipe: Recipe, inputs: Iterable[int]) -> int:
    """Literal of a recipe on these inputs; constants fold, cells that exist are shared."""
    known = [0, *inputs]
    known += [0] * (4 - len(known))  # recipes of fewer than three variables leave some out
    for kind, literals in recipe.steps:
        known.extend(build(netlist, kind, [known[q >> 1] ^ (q & 1) for q in literals]))
    return known[recipe.literal >> 1] ^ (recipe.literal & 1)


def build(netlist: Netlist, kind: str, literals: Sequence[int]) -> tuple[int, ...]:
    """Literals of the outputs of a cell of a kind that recipes use, in the order of its pins."""
    return _BUILDERS[kind](netlist, *literals)


_BUILDERS: dict[str, Callable[..., tuple[int, ...]]] = {
    AND.name: lambda n, a, b: (n.and_(a, b),),
    XOR.name: lambda n, a, b: (n.xor(a, b),),
    HALF_ADDER.name: Netlist.half_adder,
    MAJ.name: lambda n, a, b, c: (n.majority(a, b, c),),
    XOR3.name: lambda n, a, b, c: (n.full_adder(a, b, c)[0],),
    FULL_ADDER.name: Netlist.full_adder,
    MUX.name: lambda n, s, a, b: (n.mux(s, a, b),),
}


@lru_cache(maxsize=2**14)
def recipe_of(num_variables: int, table: int) -> Recipe:
    """Cells for a function of up to 16 variables."""
    if num_variables <= 3:
        for k in range(num_variables, 3):
            table |= table << (1 << k)
        return smallest_recipes()[table]
    scratch = Netlist()
    literals = [scratch.free() for _ in range(num_variables)]
    text = f"{table:0{2**num_variables}b}"[::-1]
    values = np.frombuffer(text.encode(), dtype=np.uint8) == ord("1")
    # The last axis of an array runs fastest, as variable 0 does in the table.
    values = values.reshape((2,) * num_variables)
    root = _decomposed(scratch, literals[::-1], values)
    return _recorded(scratch, num_variables, root)


@cache
def smallest_recipes() -> dict[int, Recipe]:
    """Recipes with the fewest p-bits of all 256 functions of three variables."""
    found: dict[int, Recipe] = {}
    for recipe in _CLASSES:
        for order in permutations((1, 2, 3)):
            for signs in product((0, 1), repeat=3):
                variables = [2 * net ^ sign for net, sign in zip(order, signs, strict=True)]
                steps = tuple((kind, _renamed(read, variables)) for kind, read in recipe.steps)
                (literal,) = _renamed((recipe.literal,), variables)
                table = table_of(Recipe(steps, literal))
                found.setdefault(table, Recipe(steps, literal))
                found.setdefault(table ^ EVERYWHERE, Recipe(steps, literal ^ 1))
    return found


def table_of(recipe: Recipe) -> int:
    """Table of a recipe of three variables."""
    known = [0, *VARIABLES]
    for kind, literals in recipe.steps:
        known.extend(TABLES[kind](*(known[q >> 1] ^ -(q & 1) & EVERYWHERE for q in literals)))
    return known[recipe.literal >> 1] ^ -(recipe.literal & 1) & EVERYWHERE


def _renamed(literals: Sequence[int], variables: Sequence[int]) -> tuple[int, ...]:
    return tuple(variables[(q >> 1) - 1] ^ (q & 1) if 2 <= q < 8 else q for q in literals)


def _majority(x: int, y: int, z: int) -> int:
    return x & y | x & z | y & z


# Tables of the outputs of a cell from those of its inputs.
TABLES: dict[str, Callable[..., tuple[int, ...]]] = {
    AND.name: lambda x, y: (x & y,),
    XOR.name: lambda x, y: (x ^ y,),
    XOR3.name: lambda x, y, z: (x ^ y ^ z,),
    HALF_ADDER.name: lambda x, y: (x ^ y, x & y),
    MAJ.name: lambda x, y, z: (_majority(x, y, z),),
    FULL_ADDER.name: lambda x, y, z: (x ^ y ^ z, _majority(x, y, z)),
    MUX.name: lambda s, x, y: (x & ~s | y & s,),
}
_A, _B, _C = 2, 4, 6
# One of each class of functions that differ in the order and signs of variables and the sign of
# the result. tests/problems/logic/test_functions.py proves by search that fewer p-bits do not
# suffice.
_CLASSES = (
    Recipe((), 0),
    Recipe((), _A),
    Recipe(((AND.name, (_A, _B)),), 8),
    Recipe(((XOR.name, (_A, _B)),), 8),
    Recipe(((AND.name, (_A, _B)), (AND.name, (_C, 8))), 10),
    Recipe(((AND.name, (_A, _B)), (AND.name, (_C, 9))), 10),
    Recipe(((MAJ.name, (_A, _B, _C)),), 8),
    Recipe(((XOR3.name, (_A, _B, _C)),), 8),
    Recipe(((MUX.name, (_A, _B, _C)),), 8),
    Recipe(((XOR.name, (_A, _B)), (AND.name, (_C, 8))), 10),
    Recipe(((AND.name, (_A, _B)), (XOR.name, (_C, 8))), 10),
    Recipe(((MAJ.name, (_A, _B, _C)), (XOR.name, (_C, 8))), 10),
    Recipe(((AND.name, (_A, _B ^ 1)), (MUX.name, (_C, _B, 8))), 10),
    Recipe(((FULL_ADDER.name, (_A, _B, _C)), (AND.name, (8, 11))), 12),
)


def _over(distinct: Sequence[int], inputs: Sequence[int], table: int) -> int:
    """Table over distinct nets of a function whose inputs repeat, or are constants."""
    position = {literal: k for k, literal in enumerate(distinct)}
    out = 0
    for row in range(2 ** len(distinct)):
        index = 0
        for k, literal in enumerate(inputs):
            bit = 0 if literal <= 1 else row >> position[literal & ~1] & 1
            index |= (bit ^ (literal & 1)) << k
        out |= (table >> index & 1) << row
    return out


def _decomposed(netlist: Netlist, literals: list[int], truth: Truth) -> int:
    """Literal of a function of any number of literals, one an axis of its truth."""
    literals, truth = _supported(literals, truth)
    if len(literals) <= 3:
        return _small(netlist, literals, truth)
    for size in (3, 2):  # three first: an adder makes an XOR of three as cheaply as one of two
        for chosen in combinations(range(len(literals)), size):
            joined = _joined(netlist, literals, truth, chosen)
            if joined is not None:
                return _decomposed(netlist, *joined)
    # No structure: split where the two halves need the fewest variables.
    axis = min(range(len(literals)), key=lambda k: _breadth(truth, k))
    rest = [*literals[:axis], *literals[axis + 1 :]]
    low = _decomposed(netlist, rest, _half(truth, axis, 0))
    high = _decomposed(netlist, rest, _half(truth, axis, 1))
    return netlist.mux(literals[axis], low, high)


def _half(truth: Truth, axis: int, side: int) -> Truth:
    """The function with one variable held."""
    half: Truth = np.moveaxis(truth, axis, 0)[side]
    return half


def _supported(literals: list[int], truth: Truth) -> tuple[list[int], Truth]:
    for axis in reversed(range(len(literals))):
        if (_half(truth, axis, 0) == _half(truth, axis, 1)).all():
            literals, truth = [*literals[:axis], *literals[axis + 1 :]], _half(truth, axis, 0)
    return literals, truth


def _small(netlist: Netlist, literals: list[int], truth: Truth) -> int:
    bits = truth.reshape(-1).tolist()
    table = sum(bit << k for k, bit in enumerate(bits))
    return run(netlist, recipe_of(len(literals), table), literals[::-1])


def _joined(
    netlist: Netlist, literals: list[int], truth: Truth, chosen: tuple[int, ...]
) -> tuple[list[int], Truth] | None:
    """The function with the chosen variables replaced by one function of them, if there is one."""
    others = [k for k in range(len(literals)) if k not in chosen]
    rows = truth.transpose([*chosen, *others]).reshape(2 ** len(chosen), -1)
    differs = (rows != rows[0]).any(axis=1)
    second = rows[int(differs.argmax())]
    if not (rows[differs] == second).all():
        return None
    bound = _small(netlist, [literals[k] for k in chosen], differs)
    halves = np.stack([rows[0], second]).reshape((2,) * (1 + len(others)))
    return [bound, *(literals[k] for k in others)], halves


def _breadth(truth: Truth, axis: int) -> int:
    return sum(
        len(_supported(list(range(truth.ndim - 1)), _half(truth, axis, side))[0]) for side in (0, 1)
    )


def _recorded(netlist: Netlist, num_variables: int, root: int) -> Recipe:
    """The cells of a scratch netlist as a recipe."""
    cells, _ = netlist.live_cells([root])
    known = {net: net for net in range(num_variables + 1)}
    steps: list[Step] = []
    for cell in cells:
        literals = tuple(2 * known[q >> 1] ^ (q & 1) for q in cell.inputs)
        steps.append((cell.gate.name, literals))
        for net in cell.outputs:
            known[net] = len(known)
    return Recipe(tuple(steps), 2 * known[root >> 1] ^ (root & 1))
