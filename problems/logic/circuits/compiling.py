"""From a circuit to p-bits: one for every net that is not known, the energies of the gates added.

Data flow: the cells that the named signals depend on (from
:class:`~pbit.problems.logic.circuits.netlist.Netlist`) and what a clamp implies for nets
(:mod:`pbit.problems.logic.circuits.implications`) give each net a place: a constant, or a spin and
a sign. The terms of all gates of a kind are folded into these places at once, as arrays.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from pbit.by_value import ByValue
from pbit.checks import ArgumentError
from pbit.models.ising import IsingModel
from pbit.models.labels import FloatArray, SpinArray
from pbit.models.polynomial import AnyModel, PolynomialModel
from pbit.problems.logic.circuits.netlist import TRUE, Cell, Netlist, truth_of
from pbit.problems.logic.gates.gate import Gate
from pbit.problems.logic.gates.library import AND, FULL_ADDER, HALF_ADDER, MAJ, MUX, XOR, XOR3

Ints = npt.NDArray[np.int64]
_CONSTANT = -1


@dataclass(frozen=True, eq=False)
class LogicNetwork(ByValue):
    """The p-bits of a netlist.

    Parameters
    ----------
    model : IsingModel or PolynomialModel
        Of the p-bits; labels are names of nets, those of auxiliary p-bits have a dot.
    ground_energy : float
        Sum of the gates' ground energies: a state has this energy if and only if every gate holds;
        none lies lower.
    gap : float
        Least energy of any other state above it, at least: the least gap of a gate.
    spins : int64, shape (number of nets,)
        P-bit of each net, -1 where the net is constant or not part of the network. Auxiliary pins
        of substituted gates come after the nets of the netlist.
    signs : int8, shape (number of nets,)
        Spin of the net is this times the p-bit's; for a constant, its spin.
    cells : list of Cell
        The gates in the network.
    """

    model: AnyModel
    ground_energy: float
    gap: float
    spins: Ints
    signs: SpinArray
    cells: list[Cell]

    def bits(self, states: npt.ArrayLike, literals: Iterable[int]) -> npt.NDArray[np.bool_]:
        """Values of literals in states of shape (..., n): bool, shape (..., number of literals)."""
        lits = np.fromiter(literals, dtype=np.int64)
        nets = lits >> 1
        where, free = self.spins[nets], self.spins[nets] != _CONSTANT
        spins = np.asarray(states)
        values = np.ones((*spins.shape[:-1], lits.size), dtype=np.int8)
        values[..., free] = spins[..., where[free]]
        bits: npt.NDArray[np.bool_] = (values * self.signs[nets] > 0) ^ (lits & 1).astype(bool)
        return bits

    def states(self, values: list[npt.NDArray[np.bool_]]) -> SpinArray:
        """States of the p-bits, int8 (..., n), from the value of every net.

        A net that shares its p-bit with another is taken at the first one's word.
        """
        known = dict(enumerate(values))
        for cell in self.cells:  # those of substituted gates have nets of their own
            row = np.zeros(values[0].shape, dtype=np.int64)
            for q in cell.inputs:
                row = 2 * row + (known[q >> 1] ^ bool(q & 1))
            table = truth_of(cell.gate)
            for pin, net in enumerate(cell.driven, start=cell.gate.num_inputs):
                known[net] = table[row, pin]
        out = np.zeros((*values[0].shape, self.model.num_spins), dtype=np.int8)
        for net in sorted(known, reverse=True):
            if self.spins[net] >= 0:
                out[..., self.spins[net]] = np.where(known[net], 1, -1) * self.signs[net]
        return out


def compile_network(
    netlist: Netlist,
    roots: Iterable[int],
    *,
    places: npt.ArrayLike | None = None,
    scales: Mapping[str, float] | None = None,
    substitutes: Mapping[str, Gate] | None = None,
) -> LogicNetwork:
    """Network of p-bits of the cells that the roots depend on.

    Parameters
    ----------
    netlist : Netlist
    roots : iterable of literals
        What must have a p-bit: inputs, outputs, kept signals.
    places : int64, shape (number of nets,), optional
        Literal that each net equals: 0 or 1, or a literal of an earlier net, or its own.
    scales : mapping from name of a gate to float, optional
        Factors on the energies of gates of this kind, 1 by default.
    substitutes : mapping from name of a gate to Gate, optional
        Other Hamiltonians for gates: the same inputs and outputs.

    Raises
    ------
    ValueError
        A scale that is not positive; a name that no gate has.
    """
    roots = list(roots)
    check_gate_names("scales", scales or {}, netlist.cells)
    check_gate_names("substitutes", substitutes or {}, netlist.cells)
    cells, read = netlist.live_cells(roots)
    places = 2 * np.arange(netlist.num_nets) if places is None else np.asarray(places)
    used = read.union(*(cell.driven for cell in cells))
    cells = [cell for cell in cells if not _is_settled(cell, places)]
    cells = _substituted(cells, (scales or {}, substitutes or {}), netlist.num_nets)
    fresh = {net for cell in cells for net in cell.driven if net >= netlist.num_nets}
    places = np.append(places, 2 * np.array(sorted(fresh), dtype=np.int64))
    spins, signs, labels = _placed(netlist, cells, (used | fresh, places))
    terms = _Terms()
    groups: dict[Gate, list[Cell]] = {}
    for cell in cells:
        groups.setdefault(cell.gate, []).append(cell)
    for gate, members in groups.items():
        where, sign = _pins(members, (spins, signs))
        for pins, weight in gate.all_terms:
            columns = list(pins)
            terms.add(where[:, columns], weight * sign[:, columns].prod(axis=1))
    return LogicNetwork(
        model=terms.model(tuple(labels)),
        ground_energy=float(sum(cell.gate.ground_energy for cell in cells)),
        gap=float(min((cell.gate.gap for cell in cells), default=np.inf)),
        spins=spins,
        signs=signs,
        cells=cells,
    )


def _substituted(
    cells: list[Cell], changes: tuple[Mapping[str, float], Mapping[str, Gate]], next_net: int
) -> list[Cell]:
    """Cells with other gates; auxiliary pins of another form get nets from ``next_net`` on."""
    scales, others = changes
    made = []
    for cell in cells:
        gate, driven = cell.gate, cell.driven
        if gate.name in others:
            other = others[gate.name]
            count = len(other.pins) - other.num_inputs - other.num_outputs
            driven = (*cell.outputs, *range(next_net, next_net + count))
            next_net, gate = next_net + count, other
        if cell.gate.name in scales:
            gate = gate.scaled(scales[cell.gate.name])
        made.append(cell if gate is cell.gate else Cell(gate, cell.inputs, driven))
    return made


def check_gate_names(argument: str, names: Iterable[str], cells: Iterable[Cell]) -> None:
    """Refuse names that neither the netlist's own gates nor these cells have.

    Raises
    ------
    ValueError
        Such a name.
    """
    own = (AND, HALF_ADDER, FULL_ADDER, XOR, XOR3, MAJ, MUX)
    known = {gate.name for gate in own}.union(cell.gate.name for cell in cells)
    for name in names:
        if name not in known:
            raise ArgumentError(
                argument,
                "must name gates of the circuit",
                name,
                remedy=f"there are {', '.join(sorted(known))}",
            )


def pins_of(network: LogicNetwork) -> Iterator[tuple[Cell, Ints, FloatArray]]:
    """Each gate with the p-bit and the sign of each of its pins; -1 for a constant pin."""
    for cell in network.cells:
        where, signs = _pins([cell], (network.spins, network.signs))
        yield cell, where[0], signs[0]


def _is_settled(cell: Cell, places: Any) -> bool:
    """Whether constants at all its pins agree with the gate: nothing is left of it."""
    pins = [*cell.inputs, *(2 * net for net in cell.driven)]
    bits = [int(places[q >> 1]) ^ (q & 1) for q in pins]
    if max(bits) > TRUE:
        return False
    row = int("".join(map(str, bits[: len(cell.inputs)])), 2)
    return bool((truth_of(cell.gate)[row, : len(bits)] == bits).all())


def _placed(
    netlist: Netlist, cells: list[Cell], nets: tuple[set[int], Any]
) -> tuple[Ints, SpinArray, list[str]]:
    """Spin and sign of every net, and the labels of the spins.

    Free nets come first, then what each cell drives, auxiliaries and carries before sums: in this
    order one sweep of directed couplings is an evaluation.
    """
    used, places = nets
    spins = np.full(places.size, _CONSTANT)
    signs = np.ones(places.size, dtype=np.int8)
    labels: list[str] = []
    taken: set[str] = set()
    auxiliary = _auxiliary_names(netlist, cells)

    def give(net: int) -> None:
        if spins[net] == _CONSTANT and places[net] == 2 * net:
            spins[net] = len(labels)
            name = netlist.names[net] if net < netlist.num_nets else None
            labels.append(_label(name or auxiliary.get(net, f"n{net}"), taken))

    used = (used | {int(places[net]) >> 1 for net in used}) - {0}
    for net in sorted(used):
        if net < netlist.num_nets and not netlist.is_driven(net):
            give(net)
    for cell in cells:
        for net in (*cell.driven[cell.gate.num_outputs :], *reversed(cell.outputs)):
            give(net)
    for net in sorted(used):
        give(net)
    signs[0] = -1
    for net in used:
        root = int(places[net]) >> 1
        if root != net:
            spins[net], signs[net] = spins[root], 1 - 2 * (int(places[net]) & 1)
            signs[net] *= -1 if root == 0 else 1
    return spins, signs, labels


def _auxiliary_names(netlist: Netlist, cells: list[Cell]) -> dict[int, str]:
    """Names of the nets of auxiliary pins: that of the first output, a dot, that of the pin."""
    names = {}
    for cell in cells:
        driven = cell.gate.num_inputs + cell.gate.num_outputs
        of = netlist.names[cell.outputs[0]] or f"n{cell.outputs[0]}"
        for pin, net in zip(
            cell.gate.pins[driven:], cell.driven[cell.gate.num_outputs :], strict=True
        ):
            names[net] = f"{of}.{pin}"
    return names


def _label(label: str, taken: set[str]) -> str:
    while label in taken:
        label += "'"
    taken.add(label)
    return label


def _pins(cells: list[Cell], nets: tuple[Ints, SpinArray]) -> tuple[Ints, FloatArray]:
    """Spin and sign of each pin of each cell of a kind, shape (cells, pins)."""
    literals = np.array(
        [[*cell.inputs, *(2 * net for net in cell.driven)] for cell in cells], dtype=np.int64
    )
    return nets[0][literals >> 1], nets[1][literals >> 1] * (1.0 - 2.0 * (literals & 1))


class _Terms:
    """Terms of any number of spins, constants and squares folded away."""

    def __init__(self) -> None:
        self.offset = 0.0
        self.one: list[tuple[Ints, FloatArray]] = []
        self.two: list[tuple[Ints, FloatArray]] = []
        self.many: dict[tuple[int, ...], float] = {}

    def add(self, where: Ints, weights: FloatArray) -> None:
        """Terms of spins where[t], -1 for a constant 1, shape (terms, bodies)."""
        bodies = where.shape[1]
        if bodies > 2:
            self._add_many(where, weights)
            return
        if bodies == 2:
            first, second = np.sort(where, axis=1).T
            pair = (first != _CONSTANT) & (first != second)
            self.two.append((where[pair], weights[pair]))
            single = (first == _CONSTANT) & (second != _CONSTANT)
            self.one.append((second[single], weights[single]))
            self.offset -= float(weights[~pair & ~single].sum())
            return
        single = where[:, 0] != _CONSTANT
        self.one.append((where[single, 0], weights[single]))
        self.offset -= float(weights[~single].sum())

    def _add_many(self, where: Ints, weights: FloatArray) -> None:
        for row, weight in zip(where.tolist(), weights.tolist(), strict=True):
            odd = tuple(sorted({i for i in row if i >= 0 and row.count(i) % 2}))
            self.many[odd] = self.many.get(odd, 0.0) + weight

    def model(self, labels: tuple[str, ...]) -> AnyModel:
        num_spins = len(labels)
        h = np.zeros(num_spins)
        for where, weights in self.one:
            h += np.bincount(where, weights=weights, minlength=num_spins)
        edges = [np.zeros((0, 2), dtype=np.int64), *(where for where, _ in self.two)]
        rows, cols = np.concatenate(edges).T
        J = np.concatenate([np.zeros(0), *(weights for _, weights in self.two)])
        if any(len(odd) > 2 for odd in self.many):
            return self._polynomial(h, (rows, cols, J), labels)
        for odd, weight in self.many.items():
            if len(odd) == 2:
                rows, cols = np.append(rows, odd[0]), np.append(cols, odd[1])
                J = np.append(J, weight)
            elif odd:
                h[odd[0]] += weight
            else:
                self.offset -= weight
        return IsingModel.from_edges(rows, cols, J, h=h, offset=self.offset, labels=labels)

    def _polynomial(self, h: FloatArray, pairs: Any, labels: tuple[str, ...]) -> PolynomialModel:
        terms: list[tuple[tuple[int, ...], float]] = [((i,), w) for i, w in enumerate(h.tolist())]
        terms += [((i, j), w) for i, j, w in zip(*(x.tolist() for x in pairs), strict=True)]
        terms += list(self.many.items())
        members = [i for body, _ in terms for i in body]
        pointers = np.cumsum([0, *(len(body) for body, _ in terms)])
        weights = [weight for _, weight in terms]
        return PolynomialModel.from_arrays(
            pointers, members, weights, num_spins=len(labels), offset=self.offset, labels=labels
        )
