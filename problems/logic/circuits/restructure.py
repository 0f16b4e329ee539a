"""The same circuit in fewer p-bits: adders, majorities and multiplexers found among its gates.

Each net is seen as a function of up to three others, its cuts, which small cells may make for fewer
p-bits than the gates between them do. First every net takes the cut that is cheapest when the cost
of what is shared is split evenly, then, net by net, the one that adds the fewest p-bits to what the
others need anyway. A sum and a carry of the same bits count as one adder. A heuristic: what comes
out is never larger, and not proven smallest.

References
----------
Mishchenko, Chatterjee, Brayton, IEEE Trans. CAD 26, 240 (2007): area flow and exact local area.
"""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Iterable, Mapping, Sequence

from pbit.problems.logic.circuits.circuit import Circuit
from pbit.problems.logic.circuits.cuts import Cut, cuts_of, sort_by_flow
from pbit.problems.logic.circuits.functions import EVERYWHERE, P_BITS, build, run, smallest_recipes
from pbit.problems.logic.circuits.netlist import TRUE, Cell, Netlist

_FLOW_ROUNDS = 3
_EXACT_ROUNDS = 3
_MOST_TAKEN_AWAY = 24  # nets: a chain would come down as a whole, again and again


def restructured(circuit: Circuit) -> Circuit:
    """Circuit with the same inputs, outputs and names, in at most as many p-bits.

    Examples
    --------
    >>> circuit = Circuit()
    >>> a, b, c = circuit.input("a"), circuit.input("b"), circuit.input("c")
    >>> circuit.output("carry", (a & b) | (c & (a ^ b)))
    >>> other = restructured(circuit)
    >>> [cell.gate.name for cell in other.netlist.live_cells(other.outputs["carry"])[0]]
    ['MAJ']
    """
    netlist = circuit.netlist
    roots = [q for literals in circuit.signals.values() for q in literals]
    cells, _ = netlist.live_cells(roots)
    opaque = [q for cell in cells if cell.gate.name not in P_BITS for q in cell.inputs]
    needed = [q >> 1 for q in [*roots, *opaque]]
    cover = _Cover(cuts_of(cells))
    readers = Counter(q >> 1 for cell in cells for q in cell.inputs)
    for _ in range(_FLOW_ROUNDS):
        cover.start(needed, readers)
        readers = cover.readers
    for _ in range(_EXACT_ROUNDS):
        if not cover.improve():
            break
    other = _rebuilt(circuit, cells, cover)
    return other if _size(other) < _size(circuit) else circuit


def _size(circuit: Circuit) -> int:
    """Number of p-bits of the cells that are needed."""
    roots = [q for literals in circuit.signals.values() for q in literals]
    return sum(
        P_BITS.get(cell.gate.name, len(cell.gate.pins) - cell.gate.num_inputs)
        for cell in circuit.netlist.live_cells(roots)[0]
    )


class _Cover:
    """A cut for every net that is needed, and what the cells for them cost together."""

    def __init__(self, cuts: dict[int, list[Cut]]) -> None:
        self.cuts = cuts
        self.start((), Counter())

    def start(self, needed: Iterable[int], readers: Mapping[int, int]) -> None:
        """Take the cuts that are cheapest with these numbers of readers of each net."""
        sort_by_flow(self.cuts, readers)
        self.best = {net: choices[0] for net, choices in self.cuts.items()}
        self.readers: Counter[int] = Counter()
        # How many nets have a cut on these leaves that is a sum, or a carry, of an adder; others.
        self.sums: Counter[tuple[int, ...]] = Counter()
        self.carries: dict[tuple[int, ...], Counter[int]] = {}
        self.others: Counter[Cut] = Counter()
        for net in needed:
            self._use((net,), 1)

    def improve(self) -> bool:
        """Give each net in turn its cheapest cut, all others as they are; whether one changed."""
        changed = False
        for net, cuts in self.cuts.items():
            if not self.readers[net]:
                continue
            before, held = self.best[net], self._take_away(net)
            costs = []
            for cut in cuts:
                costs.append(self._count(cut, 1) + self._use(cut.leaves, 1))
                self._count(cut, -1)
                self._use(cut.leaves, -1)
            least = min(costs)
            if costs[cuts.index(before)] > least:
                self.best[net], changed = cuts[costs.index(least)], True
            self._count(self.best[net], 1)
            self._use(self.best[net].leaves, 1)
            self._use(held, -1)
        return changed

    def _take_away(self, net: int) -> list[int]:
        """Take away the cell of a net and what only it needs, some cells deep.

        Returns the nets below which all stays; each counts one reader too many.
        """
        self._count(self.best[net], -1)
        waiting, visited = deque(self.best[net].leaves), 0
        held = []
        while waiting:
            leaf = waiting.popleft()
            if self.readers[leaf] == 1 and leaf in self.best:
                visited += 1
                if visited > _MOST_TAKEN_AWAY:
                    held.append(leaf)
                    continue
                self._count(self.best[leaf], -1)
                waiting.extend(self.best[leaf].leaves)
            self.readers[leaf] -= 1
        return held

    def _use(self, nets: Iterable[int], step: int) -> int:
        """Count one reader more (1) or fewer (-1) of nets; p-bits gained with all they need."""
        gained, waiting = 0, list(nets)
        while waiting:  # no recursion: paths can be long
            net = waiting.pop()
            unused = self.readers[net] == (0 if step > 0 else 1)
            self.readers[net] += step
            if unused and net in self.best:
                gained += self._count(self.best[net], step)
                waiting.extend(self.best[net].leaves)
        return gained

    def _count(self, cut: Cut, step: int) -> int:
        """Count a cell for a cut; p-bits gained, where an adder is two for a sum and a carry."""
        if cut.is_sum:
            before = self._adder(cut.leaves)
            self.sums[cut.leaves] += step
            return self._adder(cut.leaves) - before
        if cut.is_carry:
            before = self._adder(cut.leaves)
            tables = self.carries.setdefault(cut.leaves, Counter())
            tables[_unsigned(cut.table)] += step
            if not tables[_unsigned(cut.table)]:
                del tables[_unsigned(cut.table)]
            return self._adder(cut.leaves) - before
        key = Cut(cut.leaves, _unsigned(cut.table))
        self.others[key] += step
        # The first comes in, or the last goes.
        return step * cut.p_bits if self.others[key] == (step > 0) else 0

    def _adder(self, leaves: tuple[int, ...]) -> int:
        carries = len(self.carries.get(leaves, ()))
        return 1 + max(1, carries) if self.sums[leaves] else carries

    def carry_of(self, leaves: tuple[int, ...]) -> int | None:
        """Table of a carry that is needed on the leaves of a sum."""
        return next(iter(self.carries.get(leaves, ())), None)


def _unsigned(table: int) -> int:
    return table ^ (EVERYWHERE if table & 1 else 0)


def _rebuilt(circuit: Circuit, cells: Iterable[Cell], cover: _Cover) -> Circuit:
    other = Circuit()
    other.notes = circuit.notes
    old, new = circuit.netlist, other.netlist
    known = _inputs(circuit, other)
    for cell in cells:
        if cell.gate.name not in P_BITS:
            made = _copied(new, cell, [known[q >> 1] ^ (q & 1) for q in cell.inputs])
            known.update(zip(cell.outputs, made, strict=True))
        for net in cell.outputs:
            if cover.readers[net] and net in cover.best:
                known[net] = _make(new, cover, cover.best[net], known)
    # What is not needed comes after, where it cannot take the place of what is.
    for cell in old.cells:
        if any(net not in known for net in cell.outputs):
            made = _copied(new, cell, [known[q >> 1] ^ (q & 1) for q in cell.inputs])
            for net, literal in zip(cell.outputs, made, strict=True):
                known.setdefault(net, literal)
    for net, literal in known.items():
        name = old.names[net]
        if name is not None and literal > TRUE and new.names[literal >> 1] is None:
            new.names[literal >> 1] = _negated(name) if literal & 1 else name
    for after, before in ((other.outputs, circuit.outputs), (other.kept, circuit.kept)):
        for name, bits in before.items():
            after[name] = tuple(known[q >> 1] ^ (q & 1) for q in bits)
    other.wires.update({name: known[q >> 1] ^ (q & 1) for name, q in circuit.wires.items()})
    return other


def _negated(name: str) -> str:
    return name[1:] if name.startswith("~") else f"~{name}"


def _inputs(circuit: Circuit, other: Circuit) -> dict[int, int]:
    """Literals in the other circuit of the nets that nothing drives."""
    known = {0: 0}
    for name, literals in circuit.inputs.items():
        single = len(literals) == 1 and circuit.netlist.names[literals[0] >> 1] == name
        other.input(name, None if single else len(literals))
        known.update((q >> 1, p) for q, p in zip(literals, other.inputs[name], strict=True))
    for net in range(1, circuit.netlist.num_nets):
        if net not in known and not circuit.netlist.is_driven(net):
            known[net] = other.netlist.free(circuit.netlist.names[net])
    return known


def _copied(netlist: Netlist, cell: Cell, literals: Sequence[int]) -> Sequence[int]:
    if cell.gate.name in P_BITS:
        return build(netlist, cell.gate.name, literals)
    return netlist.cell(cell.gate, literals)


def _make(netlist: Netlist, cover: _Cover, cut: Cut, known: dict[int, int]) -> int:
    """Literal of a cut; a sum is made on top of the carry that is there, such that they share."""
    inputs = [known[leaf] for leaf in cut.leaves]
    carry = cover.carry_of(cut.leaves)
    if cut.is_sum and carry is not None:
        run(netlist, smallest_recipes()[carry], inputs)
        if len(inputs) == 3:
            ((_, literals),) = smallest_recipes()[carry].steps
            signs = [q & 1 for q in sorted(literals)]
            signed = [q ^ sign for q, sign in zip(inputs, signs, strict=True)]
            total, _ = netlist.full_adder(*signed)
            return total ^ sum(signs) & 1 ^ (cut.table == 0x69)
    return run(netlist, smallest_recipes()[cut.table], inputs)
