"""The netlist: cells of logic on nets, folded and shared as it grows.

A *literal* is ``2 * net + inverted``. Net 0 is the constant, so that literal 0 is false and 1 is
true; an inverter costs nothing, since it turns into the sign of couplings. Cells come after the
cells they read, which makes one pass an evaluation. Building a cell that exists returns the one
there is, whatever the order and signs of its inputs, and constants fold away.

A sum and a carry on the same inputs are one cell: an XOR of two nets is the sum of a half adder,
whose carry serves as the AND; the XOR of three is the sum of a full adder.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from pbit.problems.logic.gates.gate import Gate
from pbit.problems.logic.gates.library import AND, FULL_ADDER, HALF_ADDER, MAJ, MUX, XOR, XOR3
from pbit.problems.logic.gates.wide import WideGate

FALSE, TRUE = 0, 1
Bools = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Cell:
    """One gate of a netlist.

    Parameters
    ----------
    gate : Gate
    inputs : tuple of int
        Literals, one for each input pin.
    driven : tuple of int
        Nets, one for each output pin and then one for each auxiliary pin.
    """

    gate: Gate
    inputs: tuple[int, ...]
    driven: tuple[int, ...]

    @property
    def outputs(self) -> tuple[int, ...]:
        """Nets of the output pins."""
        return self.driven[: self.gate.num_outputs]


class Netlist:
    """Cells of logic on nets.

    Attributes
    ----------
    names : list of str or None
        Of each net; net 0 is the constant.
    cells : list of Cell
        Each after those it reads.

    Examples
    --------
    >>> netlist = Netlist()
    >>> a, b = netlist.free("a"), netlist.free("b")
    >>> netlist.and_(a, b) == netlist.and_(b, a), netlist.and_(a, a ^ 1)
    (True, 0)
    """

    def __init__(self) -> None:
        self.names: list[str | None] = [None]
        self.cells: list[Cell] = []
        self._driver: dict[int, int] = {}  # net -> index of its cell
        self._known: dict[tuple[Any, ...], int] = {}  # kind and inputs -> index of the cell

    @property
    def num_nets(self) -> int:
        """Number of nets, the constant included."""
        return len(self.names)

    def free(self, name: str | None = None) -> int:
        """Literal of a new net that nothing drives."""
        self.names.append(name)
        return 2 * (len(self.names) - 1)

    def is_driven(self, net: int) -> bool:
        """Whether a cell drives the net."""
        return net in self._driver

    def and_(self, a: int, b: int) -> int:
        """Literal of ``a & b``."""
        if a > b:
            a, b = b, a
        if a == FALSE or a ^ b == 1:
            return FALSE
        if a == TRUE or a == b:
            return b
        cell = self._find(("and", a, b)) or self._new(AND, (a, b), ("and", a, b))
        return 2 * cell.outputs[-1]

    def or_(self, a: int, b: int) -> int:
        """Literal of ``a | b``."""
        return self.and_(a ^ 1, b ^ 1) ^ 1

    def xor(self, a: int, b: int) -> int:
        """Literal of ``a ^ b``: the sum of a half adder, that of an AND on the nets if any."""
        if a > b:
            a, b = b, a
        if a <= TRUE:
            return b ^ a
        if a | 1 == b | 1:
            return a ^ b
        sign, a, b = (a ^ b) & 1, a & ~1, b & ~1
        cell = self._find(("xor", a, b)) or self._widen_and(a, b)
        return 2 * cell.outputs[0] ^ self._sign(cell) ^ sign

    def half_adder(self, a: int, b: int) -> tuple[int, int]:
        """Literals of sum and carry of two bits."""
        carry = self.and_(a, b)
        return self.xor(a, b), carry

    def majority(self, a: int, b: int, c: int) -> int:
        """Literal that is true where two or three of a, b and c are."""
        a, b, c = sorted((a, b, c))
        if a <= TRUE:
            return self.or_(b, c) if a else self.and_(b, c)
        for x, y, z in ((a, b, c), (b, c, a)):
            if x | 1 == y | 1:
                return x if x == y else z
        sign, key = _self_dual("majority", a, b, c)
        cell = self._find(key) or self._new(MAJ, key[1:], key)
        return 2 * cell.outputs[-1] ^ sign

    def full_adder(self, a: int, b: int, c: int) -> tuple[int, int]:
        """Literals of sum and carry of three bits."""
        a, b, c = sorted((a, b, c))
        carry = self.majority(a, b, c)
        if a <= TRUE:
            return self.xor(b, c) ^ a, carry
        for x, y, z in ((a, b, c), (b, c, a)):
            if x | 1 == y | 1:
                return z ^ x ^ y, carry
        sign, key = _self_dual("majority", a, b, c)
        index = self._known[key]
        cell = self.cells[index]
        if cell.gate is MAJ:  # one more output turns it into an adder
            self.names.append(None)
            cell = Cell(FULL_ADDER, cell.inputs, (len(self.names) - 1, *cell.driven))
            self._put(index, cell)
        return 2 * cell.outputs[0] ^ sign, carry

    def parity(self, literals: Iterable[int]) -> int:
        """Literal of the XOR of any number of literals, by full adders."""
        queue = deque(literals)
        while len(queue) > 2:
            first, second, third = (queue.popleft() for _ in range(3))
            queue.append(self.full_adder(first, second, third)[0])
        return self.xor(queue[0], queue[1]) if len(queue) == 2 else queue[0] if queue else FALSE

    def all(self, literals: Iterable[int]) -> int:
        """Literal of the AND of any number of literals, by a balanced tree."""
        queue = deque(sorted(set(literals)))
        while len(queue) > 1:
            queue.append(self.and_(queue.popleft(), queue.popleft()))
        return queue[0] if queue else TRUE

    def any(self, literals: Iterable[int]) -> int:
        """Literal of the OR of any number of literals."""
        return self.all(literal ^ 1 for literal in literals) ^ 1

    def mux(self, select: int, low: int, high: int) -> int:
        """Literal of ``high if select else low``."""
        if select & 1:
            select, low, high = select ^ 1, high, low
        if select == FALSE or low == high:
            return low
        if low ^ high == 1:
            return self.xor(select, low)
        low, high = _under(select, low, FALSE), _under(select, high, TRUE)
        if low <= TRUE:
            return self.or_(select ^ 1, high) if low else self.and_(select, high)
        if high <= TRUE:
            return self.or_(select, low) if high else self.and_(select ^ 1, low)
        sign = low & 1
        key = ("mux", select, low ^ sign, high ^ sign)
        cell = self._find(key) or self._new(MUX, key[1:], key)
        return 2 * cell.outputs[0] ^ sign

    def cell(self, gate: Gate | WideGate, inputs: Sequence[int]) -> tuple[int, ...]:
        """Literals of the outputs of any gate, a synthesised or a wide one for instance.

        Raises
        ------
        ValueError
            Another number of inputs than the gate has; a gate that is no function.
        """
        if len(inputs) != gate.num_inputs:
            raise ValueError(
                f"{gate.name} takes {gate.num_inputs} inputs, got {len(inputs)}; its pins are "
                f"{', '.join(gate.pins[:8])}{' ...' if len(gate.pins) > 8 else ''}"
            )
        known = dict(enumerate(inputs))
        for part, pins in gate.parts:
            outputs = self._part(part, tuple(known[pin] for pin in pins[: part.num_inputs]))
            known.update(zip(pins[part.num_inputs :], outputs, strict=False))
        return tuple(known[gate.num_inputs + k] for k in range(gate.num_outputs))

    def _part(self, gate: Gate, inputs: tuple[int, ...]) -> tuple[int, ...]:
        if len(gate.rows) != 2**gate.num_inputs:
            raise ValueError(
                f"{gate.name} must be a function of its inputs, got a relation of "
                f"{len(gate.rows)} rows; give it inputs that decide the outputs"
            )
        if all(literal <= TRUE for literal in inputs):
            row = truth_of(gate)[int("".join(map(str, inputs)) or "0", 2)]
            return tuple(int(bit) for bit in row[gate.num_inputs :])
        key = ("gate", gate, *inputs)
        found = self._find(key) or self._new(gate, inputs, key)
        return tuple(2 * net for net in found.driven)

    def evaluate(self, values: Mapping[int, npt.ArrayLike]) -> list[Bools]:
        """Value of every net by Boolean logic, from those of the free ones.

        Parameters
        ----------
        values : mapping from net to bool, shape (...)
            All nets that no cell drives.

        Returns
        -------
        list of bool arrays, one a net
            Net 0 is False.
        """
        shape = np.broadcast_shapes(*(np.shape(value) for value in values.values()))
        known: list[Bools] = [np.zeros(shape, dtype=bool)] * self.num_nets
        for net, value in values.items():
            known[net] = np.broadcast_to(np.asarray(value, dtype=bool), shape)
        for cell in self.cells:
            row = np.zeros(shape, dtype=np.int64)
            for literal in cell.inputs:
                row = 2 * row + (known[literal >> 1] ^ bool(literal & 1))
            table = truth_of(cell.gate)
            for pin, net in enumerate(cell.driven, start=cell.gate.num_inputs):
                known[net] = table[row, pin]
        return known

    def live_cells(self, roots: Iterable[int]) -> tuple[list[Cell], set[int]]:
        """Cells that the root literals depend on, and the nets that something reads.

        A full adder of which only the carry is read comes back as a majority, a half adder as
        an AND; where only the sum is read the carry is auxiliary.
        """
        read = {literal >> 1 for literal in roots}
        kept: list[Cell] = []
        for cell in reversed(self.cells):
            if read.isdisjoint(cell.outputs):
                continue
            if cell.gate in _ONE_OUTPUT:
                cell = _halved(cell, read)
            kept.append(cell)
            read.update(literal >> 1 for literal in cell.inputs)
        return kept[::-1], read

    def _find(self, key: tuple[Any, ...]) -> Cell | None:
        index = self._known.get(key)
        return None if index is None else self.cells[index]

    def _new(self, gate: Gate, inputs: tuple[int, ...], key: tuple[Any, ...]) -> Cell:
        first = len(self.names)
        self.names.extend([None] * (len(gate.pins) - gate.num_inputs))
        cell = Cell(gate, inputs, tuple(range(first, len(self.names))))
        self.cells.append(cell)
        self._known[key] = len(self.cells) - 1
        self._put(len(self.cells) - 1, cell)
        return cell

    def _put(self, index: int, cell: Cell) -> None:
        self.cells[index] = cell
        for net in cell.driven:
            self._driver[net] = index

    def _widen_and(self, a: int, b: int) -> Cell:
        """Half adder on the nets of a and b: an AND on them gets a sum, if there is one."""
        for x, y in ((a, b), (a, b ^ 1), (a ^ 1, b), (a ^ 1, b ^ 1)):
            index = self._known.get(("and", x, y))
            if index is not None:
                and_ = self.cells[index]
                self.names.append(None)
                cell = Cell(HALF_ADDER, and_.inputs, (len(self.names) - 1, *and_.driven))
                self._put(index, cell)
                self._known["xor", a, b] = index
                return cell
        cell = self._new(HALF_ADDER, (a, b), ("xor", a, b))
        self._known["and", a, b] = len(self.cells) - 1
        return cell

    def _sign(self, cell: Cell) -> int:
        return (cell.inputs[0] ^ cell.inputs[1]) & 1


_ONE_OUTPUT = {HALF_ADDER: (XOR, AND), FULL_ADDER: (XOR3, MAJ)}
_TRUTH: dict[Gate, Any] = {}


def _halved(cell: Cell, read: set[int]) -> Cell:
    """The cell with the one output that is read, or as it is."""
    of_sum, of_carry = _ONE_OUTPUT[cell.gate]
    total, carry = cell.driven
    if total not in read:
        return Cell(of_carry, cell.inputs, (carry,))
    return cell if carry in read else Cell(of_sum, cell.inputs, (total, carry))


def truth_of(gate: Gate) -> Any:
    """Rows of the gate as bools, shape (2 ** inputs, pins)."""
    if gate not in _TRUTH:
        _TRUTH[gate] = np.array(gate.rows, dtype=bool)
    return _TRUTH[gate]


def _self_dual(kind: str, a: int, b: int, c: int) -> tuple[int, tuple[Any, ...]]:
    """Sign and key: with two or three inverted inputs the opposite of all is the one kept."""
    sign = int((a & 1) + (b & 1) + (c & 1) > 1)
    return sign, (kind, *sorted((a ^ sign, b ^ sign, c ^ sign)))


def _under(select: int, literal: int, value: int) -> int:
    """The literal where ``select`` has this value: itself, or a constant."""
    return literal ^ select ^ value if literal | 1 == select | 1 else literal
