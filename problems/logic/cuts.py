"""Cuts of a netlist: each net as a function of up to three others.

References
----------
Cong, Wu, Ding, ACM/SIGDA Symposium on FPGAs (1999), 29.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache, lru_cache
from itertools import product
from typing import NamedTuple

from pbit.problems.logic.functions import EVERYWHERE, TABLES, VARIABLES, smallest_recipes
from pbit.problems.logic.netlist import Cell

_MOST_CUTS = 12


class Cut(NamedTuple):
    """A net as a function of up to three nets, in order; the first is variable 0 of the table."""

    leaves: tuple[int, ...]
    table: int

    @property
    def p_bits(self) -> int:
        """Fewest p-bits of cells that make it."""
        return smallest_recipes()[self.table].p_bits


def cuts_of(cells: Sequence[Cell], fanouts: dict[int, int]) -> dict[int, list[Cut]]:
    """Cuts of every net that a cell drives, those that seem cheapest first.

    Parameters
    ----------
    cells : sequence of Cell
        Each after those it reads.
    fanouts : dict
        How often each net is read.

    Returns
    -------
    dict from net to list of Cut
        The net itself is not among its cuts. Cells of gates that are not known have none.
    """
    found: dict[int, list[Cut]] = {}
    flow: dict[int, float] = {}  # p-bits of a net, those of shared nets split evenly
    for cell in cells:
        if cell.gate.name not in TABLES:
            continue
        made = _cuts_of_cell(cell, found)
        for pin, net in enumerate(cell.outputs):
            costs = {}
            for leaves, tables in made.items():
                cut = _with_support(leaves, tables[pin])
                costs[cut] = cut.p_bits + sum(flow.get(leaf, 0.0) for leaf in cut.leaves)
            cuts = sorted(costs, key=lambda cut: (costs[cut], len(cut.leaves)))
            found[net] = cuts[:_MOST_CUTS]
            flow[net] = costs[cuts[0]] / max(1, fanouts.get(net, 1))
    return found


def _cuts_of_cell(
    cell: Cell, found: dict[int, list[Cut]]
) -> dict[tuple[int, ...], tuple[int, ...]]:
    """Tables of the outputs of a cell over every set of leaves of up to three."""
    choices = []
    for literal in cell.inputs:
        net = literal >> 1
        own = Cut((net,), VARIABLES[0]) if net else Cut((), 0)
        choices.append([own, *found.get(net, ())])
    rule = TABLES[cell.gate.name]
    made: dict[tuple[int, ...], tuple[int, ...]] = {}
    for cuts in product(*choices):
        union = set(cuts[0].leaves).union(*(cut.leaves for cut in cuts[1:]))
        if len(union) > 3:
            continue
        leaves = tuple(sorted(union))
        if leaves not in made:
            tables = [
                _placed(cut.table, tuple(leaves.index(leaf) for leaf in cut.leaves))
                ^ -(literal & 1) & EVERYWHERE
                for cut, literal in zip(cuts, cell.inputs, strict=True)
            ]
            made[leaves] = rule(*tables)
    return made


@lru_cache(maxsize=2**12)
def _placed(table: int, positions: tuple[int, ...]) -> int:
    """Table whose variable k becomes variable positions[k]."""
    out = 0
    for row in range(8):
        index = sum((row >> position & 1) << k for k, position in enumerate(positions))
        out |= (table >> index & 1) << row
    return out


def _with_support(leaves: tuple[int, ...], table: int) -> Cut:
    """Cut without the leaves that the table does not depend on."""
    kept, reduced = _support(len(leaves), table)
    return Cut(tuple(leaves[k] for k in kept), reduced)


@cache
def _support(count: int, table: int) -> tuple[tuple[int, ...], int]:
    kept = tuple(
        k
        for k in range(count)
        if (table & VARIABLES[k]) >> (1 << k) != table & ~VARIABLES[k] & EVERYWHERE
    )
    reduced = 0
    for row in range(8):
        index = sum((row >> j & 1) << k for j, k in enumerate(kept))
        reduced |= (table >> index & 1) << row
    return kept, reduced
