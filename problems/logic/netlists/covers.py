"""Covers of BLIF: lists of cubes, such as ``1-0 1``, as cells of a netlist."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from pbit.problems.logic.circuits.functions import recipe_of, run
from pbit.problems.logic.circuits.netlist import Netlist

_WIDEST_TABLE = 10


def cover(netlist: Netlist, inputs: Sequence[int], cubes: tuple[str, ...], value: int) -> int:
    """Literal that has this value where an input meets a cube, the other elsewhere.

    Parameters
    ----------
    netlist : Netlist
    inputs : sequence of literals
    cubes : tuple of str
        One character an input: "0", "1" or "-" for any.
    value : 0 or 1

    Examples
    --------
    >>> netlist = Netlist()
    >>> a, b = netlist.free(), netlist.free()
    >>> cover(netlist, (a, b), ("10", "01"), 1) == netlist.xor(a, b)
    True
    """
    if len(inputs) <= _WIDEST_TABLE:
        recipe = recipe_of(len(inputs), _table(cubes, len(inputs)))
        if len(inputs) <= 3 or recipe.p_bits <= _p_bits_of_sum(cubes):
            return run(netlist, recipe, inputs) ^ value ^ 1
    products = (
        netlist.all(q ^ (bit == "0") for q, bit in zip(inputs, cube, strict=True) if bit != "-")
        for cube in cubes
    )
    return netlist.any(products) ^ value ^ 1


@lru_cache(maxsize=2**14)
def _table(cubes: tuple[str, ...], num_inputs: int) -> int:
    """Table of the union of the cubes, input k being bit k of the row."""
    everywhere = (1 << 2**num_inputs) - 1
    # Where bit k of the row is set: blocks of 2**k ones, the period twice as long.
    masks = [everywhere // (2 ** (2**k) + 1) << 2**k for k in range(num_inputs)]
    table = 0
    for cube in cubes:
        rows = everywhere
        for mask, bit in zip(masks, cube, strict=True):
            if bit != "-":
                rows &= mask if bit == "1" else ~mask
        table |= rows
    return table


def _p_bits_of_sum(cubes: tuple[str, ...]) -> int:
    """P-bits of an OR of ANDs."""
    products = (max(0, len(cube) - cube.count("-") - 1) for cube in cubes)
    return sum(products) + max(0, len(cubes) - 1)
