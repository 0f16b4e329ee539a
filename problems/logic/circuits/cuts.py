"""Cuts of a netlist: each net as a function of up to three others.

References
----------
Cong, Wu, Ding, ACM/SIGDA Symposium on FPGAs (1999), 29.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache, lru_cache
from itertools import product
from typing import NamedTuple

from pbit.problems.logic.circuits.functions import EVERYWHERE, TABLES, VARIABLES, smallest_recipes
from pbit.problems.logic.circuits.netlist import Cell
from pbit.problems.logic.gates.library import AND, MAJ

_MOST_CUTS = 16
SUMS = {0x66: 2, 0x99: 2, 0x96: 3, 0x69: 3}  # tables of XORs, and their leaves


class Cut(NamedTuple):
    """A net as a function of up to three nets, in order; the first is variable 0 of the table."""

    leaves: tuple[int, ...]
    table: int

    @property
    def p_bits(self) -> int:
        """Fewest p-bits of cells that make it."""
        return smallest_recipes()[self.table].p_bits

    @property
    def is_sum(self) -> bool:
        """Whether it is the XOR of two or three nets, or its opposite."""
        return SUMS.get(self.table) == len(self.leaves)

    @property
    def is_carry(self) -> bool:
        """Whether it is an AND of two or a majority of three nets, with any signs."""
        return self.table in _carries(len(self.leaves))


def cuts_of(cells: Sequence[Cell]) -> dict[int, list[Cut]]:
    """Cuts of every net that a cell drives.

    Parameters
    ----------
    cells : sequence of Cell
        Each after those it reads.

    Returns
    -------
    dict from net to list of Cut
        The net itself is not among its cuts. Cells of gates that are not known have none.
    """
    found: dict[int, list[Cut]] = {}
    for cell in cells:
        if cell.gate.name in TABLES:
            made = _cuts_of_cell(cell, found)
            for pin, net in enumerate(cell.outputs):
                cuts = {_with_support(leaves, tables[pin]) for leaves, tables in made.items()}
                found[net] = sorted(cuts, key=lambda cut: (cut.p_bits, cut))[:_MOST_CUTS]
    return found


def sort_by_flow(found: Mapping[int, list[Cut]], readers: Mapping[int, int]) -> None:
    """Put the cut first that takes the fewest p-bits with all below it.

    Those of a net with several readers are split evenly among them. A sum for which there is a
    carry of the same nets counts as one p-bit, as in an adder.

    Parameters
    ----------
    found : mapping from net to list of Cut
        The lists are sorted in place.
    readers : mapping from net to int
        How many cells read each net, as far as is known.
    """
    carries = {cut.leaves for cuts in found.values() for cut in cuts if cut.is_carry}
    flow: dict[int, float] = {}
    for net, cuts in found.items():
        costs = {
            cut: cut.p_bits
            - (cut.is_sum and cut.leaves in carries)
            + sum(flow.get(leaf, 0.0) for leaf in cut.leaves)
            for cut in cuts
        }
        cuts.sort(key=lambda cut: (costs[cut], len(cut.leaves)))
        flow[net] = costs[cuts[0]] / max(1, readers.get(net, 1))


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


@cache
def _carries(count: int) -> frozenset[int]:
    kind = {2: AND.name, 3: MAJ.name}.get(count)
    recipes = smallest_recipes().items()
    return frozenset(table for table, (steps, _) in recipes if [k for k, _ in steps] == [kind])


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
