"""What clamped nets imply for others: constants and equal nets, by the gates' truth tables.

A row of a gate's table stays possible while it agrees with what is known of its pins. Where all
rows left have one value at a pin, that net is a constant; where two pins agree, or differ, in all
of them, one net stands for both. Repeated until nothing changes. This is unit propagation, it never
tries a value to see what follows.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Mapping
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from pbit.problems.logic.circuits.netlist import FALSE, TRUE, Netlist
from pbit.problems.logic.gates.gate import Gate

Ints = npt.NDArray[np.int64]


class Contradiction(Exception):
    """No state of the circuit meets the clamp; ``net`` is where that showed."""

    def __init__(self, net: int) -> None:
        super().__init__(net)
        self.net = net


def implied(netlist: Netlist, held: Mapping[int, int]) -> Ints:
    """Literal that each net equals, given literals that are held at 0 or 1.

    Parameters
    ----------
    netlist : Netlist
    held : mapping from literal to 0 or 1

    Returns
    -------
    int64, shape (number of nets,)
        0 or 1 for a constant, ``2 * net`` for a net of its own, else the literal of an earlier
        net that always agrees.

    Raises
    ------
    Contradiction
        The truth tables leave no value for a net. (None is raised for some sets of constants that
        no state meets: this is no search.)

    Examples
    --------
    >>> netlist = Netlist()
    >>> a, b = netlist.free("a"), netlist.free("b")
    >>> implied(netlist, {netlist.and_(a, b): 1}).tolist()
    [0, 1, 1, 1]
    """
    return _Propagation(netlist).run(held)


class _Propagation:
    def __init__(self, netlist: Netlist) -> None:
        self.netlist = netlist
        self.places = 2 * np.arange(netlist.num_nets)
        self.members: dict[int, list[int]] = {}  # root -> other nets that stand for it
        self.cells_of: list[list[int]] = [[] for _ in range(netlist.num_nets)]
        for index, cell in enumerate(netlist.cells):
            for net in {*(q >> 1 for q in cell.inputs), *cell.driven}:
                self.cells_of[net].append(index)
        self.queue: deque[int] = deque()
        self.queued: set[int] = set()

    def run(self, held: Mapping[int, int]) -> Ints:
        for literal, bit in held.items():
            self._join(literal, bit)
        while self.queue:
            index = self.queue.popleft()
            self.queued.discard(index)
            self._visit(index)
        return self.places

    def _place(self, literal: int) -> int:
        return int(self.places[literal >> 1]) ^ (literal & 1)

    def _visit(self, index: int) -> None:
        cell = self.netlist.cells[index]
        gate = cell.gate
        pins = [*cell.inputs, *(2 * net for net in cell.driven)]
        now = [self._place(q) for q in pins]
        # Nets that agree become one column; constants are columns 0 and 1.
        nets = sorted({q >> 1 for q in now} | {0})
        column = [nets.index(q >> 1) for q in now]
        signs = [q & 1 for q in now]
        for a, b, differ in _relations(gate, tuple(column), tuple(signs), len(nets)):
            if a < 0:
                raise Contradiction(pins[-1] >> 1)
            self._join(2 * nets[b], 2 * nets[a] ^ differ)

    def _join(self, literal: int, other: int) -> None:
        """Make two literals equal; the later net stands for the earlier one from now on."""
        keep, lose = sorted((self._place(literal), self._place(other)))
        if keep >> 1 == lose >> 1:
            if keep != lose:
                raise Contradiction(literal >> 1)
            return
        root, sign = lose >> 1, keep ^ (lose & 1)
        moved = [root, *self.members.pop(root, [])]
        for net in moved:
            self.places[net] = sign ^ (int(self.places[net]) & 1)
            self._wake(net)
        if sign > TRUE:
            self.members.setdefault(sign >> 1, []).extend(moved)
            self._wake(sign >> 1)

    def _wake(self, net: int) -> None:
        for index in self.cells_of[net]:
            if index not in self.queued:
                self.queued.add(index)
                self.queue.append(index)


@lru_cache(maxsize=2**16)
def _relations(
    gate: Gate, column: tuple[int, ...], signs: tuple[int, ...], count: int
) -> list[tuple[int, int, int]]:
    """(column, other column, whether they differ) for every equality that the rows left imply.

    Column 0 is the constant 0; a single (-1, 0, 0) says that no row is left.
    """
    return list(_find_relations(gate, column, signs, count))


def _find_relations(
    gate: Gate, column: tuple[int, ...], signs: tuple[int, ...], count: int
) -> Iterable[tuple[int, int, int]]:
    rows = np.array(gate.rows, dtype=np.int8)[:, : len(column)] ^ np.array(signs, dtype=np.int8)
    values = np.full((len(rows), count), -1, dtype=np.int8)
    values[:, 0] = FALSE
    possible = np.ones(len(rows), dtype=bool)
    for pin, k in enumerate(column):
        seen = values[:, k] >= 0
        possible &= ~seen | (values[:, k] == rows[:, pin])
        values[:, k] = np.where(seen, values[:, k], rows[:, pin])
    left = values[possible]
    if not len(left):
        yield -1, 0, 0
        return
    done: set[int] = set()
    for a in range(count):
        for b in range(a + 1, count):
            if b not in done and (left[:, a] == left[0, a] ^ left[0, b] ^ left[:, b]).all():
                done.add(b)
                yield a, b, int(left[0, a] ^ left[0, b])
