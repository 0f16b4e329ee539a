"""Gates of any number of inputs: small gates on shared pins, whose energies add up."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache

import numpy as np
import numpy.typing as npt

from pbit.checks import ArgumentError, integer
from pbit.models.polynomial import AnyModel
from pbit.problems.logic.gates.gate import Gate, Pinned, Term, check_factor, checked_bits, model_of
from pbit.problems.logic.gates.library import (
    AND,
    COPY,
    FULL_ADDER,
    HALF_ADDER,
    HALF_ADDER_PLUS_ONE,
    MAJ,
    NOT,
    XOR,
)

MAX_INPUTS = 4096
MAX_MERGED = 20

Part = tuple[Gate, tuple[int, ...]]


@dataclass(frozen=True)
class WideGate(Pinned):
    """Gates on shared pins that together are one gate, with no list of its 2^n rows.

    Every part can be at its ground energy at once, so that the sum of these is the ground energy,
    and a state that is no row breaks at least one part: the gap is at least the least of theirs.

    Parameters
    ----------
    name : str
    pins : tuple of str
        Inputs, then outputs, then auxiliary pins.
    num_inputs, num_outputs : int
    parts : tuple of (Gate, tuple of int)
        Each gate with the pins it is on, in an order in which inputs are computed before used.

    Examples
    --------
    >>> gate = and_gate(40)
    >>> len(gate.pins), gate.ground_energy, gate.gap
    (79, -117.0, 4.0)
    """

    name: str
    pins: tuple[str, ...]
    parts: tuple[Part, ...]
    num_inputs: int
    num_outputs: int

    @property
    def ground_energy(self) -> float:
        """Energy of every row."""
        return sum(gate.ground_energy for gate, _ in self.parts)

    @property
    def gap(self) -> float:
        """Every other state lies at least so far above the ground energy."""
        return min(gate.gap for gate, _ in self.parts)

    @property
    def all_terms(self) -> tuple[Term, ...]:
        """``(pins, weight)`` of the sum of the parts."""
        total: dict[tuple[int, ...], float] = {}
        for gate, pins in self.parts:
            for members, weight in gate.all_terms:
                key = tuple(sorted(pins[k] for k in members))
                total[key] = total.get(key, 0.0) + weight
        ordered = sorted(total.items(), key=lambda item: (len(item[0]), item[0]))
        return tuple((key, weight) for key, weight in ordered if weight)

    @property
    def model(self) -> AnyModel:
        """The gate alone, one p-bit a pin."""
        return model_of(self.all_terms, self.pins)

    def evaluate(self, bits: npt.ArrayLike) -> npt.NDArray[np.int8]:
        """All pins, int8 (..., number of pins), for inputs of shape (..., num_inputs).

        Raises
        ------
        ValueError
            Another last axis, or values that are no bits.

        Examples
        --------
        >>> xor_gate(5).evaluate([1, 1, 1, 0, 0])[5].item()
        1
        """
        given = checked_bits(bits, self.inputs)
        state = np.zeros((*given.shape[:-1], len(self.pins)), dtype=np.int8)
        state[..., : self.num_inputs] = given
        for gate, pins in self.parts:
            state[..., list(pins)] = gate.evaluate(state[..., list(pins[: gate.num_inputs])])
        return state

    def scaled(self, factor: float) -> WideGate:
        """The same gate with all its energies times ``factor``.

        Raises
        ------
        ValueError
            A factor that is not positive or not finite.
        """
        check_factor(factor)
        return replace(self, parts=tuple((gate.scaled(factor), pins) for gate, pins in self.parts))

    def merged(self) -> Gate:
        """One :class:`~pbit.problems.logic.gates.gate.Gate` with rows and the exact gap.

        Raises
        ------
        ValueError
            More than 20 pins.

        Examples
        --------
        >>> xor_gate(3).merged().auxiliaries
        ('X1',)
        """
        if len(self.pins) > MAX_MERGED:
            raise ValueError(
                f"a merged gate must have at most {MAX_MERGED} pins, {self.name} has "
                f"{len(self.pins)}; use its parts"
            )
        n, terms = self.num_inputs, self.all_terms
        rows = self.evaluate(np.arange(2**n)[:, None] >> np.arange(n)[::-1] & 1)
        biases = dict(term for term in terms if len(term[0]) == 1)
        gate = Gate(
            self.name,
            self.pins,
            tuple(map(tuple, rows.tolist())),
            tuple((*pins, weight) for pins, weight in terms if len(pins) == 2),
            tuple(biases.get((pin,), 0.0) for pin in range(len(self.pins))),
            self.ground_energy,
            self.gap,
            num_inputs=n,
            num_outputs=self.num_outputs,
            terms=tuple(term for term in terms if len(term[0]) > 2),
        )
        return replace(gate, gap=gate.enumerated().gap)


class _Wiring:
    """Parts on numbered wires; inputs come first."""

    def __init__(self, num_inputs: int) -> None:
        self.num_inputs = self.num_wires = num_inputs
        self.parts: list[Part] = []

    def add(self, gate: Gate, *inputs: int) -> tuple[int, ...]:
        """New wires of the other pins of a gate: outputs, then auxiliary ones."""
        count = len(gate.pins) - gate.num_inputs
        new = tuple(range(self.num_wires, self.num_wires + count))
        self.num_wires += count
        self.parts.append((gate, (*inputs, *new)))
        return new

    def gate(self, name: str, outputs: Sequence[int]) -> WideGate:
        """The wires as pins, those of the outputs behind the inputs."""
        n = self.num_inputs
        rest = [wire for wire in range(n, self.num_wires) if wire not in outputs]
        position = {wire: k for k, wire in enumerate([*range(n), *outputs, *rest])}
        inputs = [f"A{k}" for k in range(n)]
        names = ["Y"] if len(outputs) == 1 else [f"Y{k}" for k in range(len(outputs))]
        auxiliaries = [f"X{k}" for k in range(1, len(rest) + 1)]
        parts = [(part, tuple(position[wire] for wire in wires)) for part, wires in self.parts]
        return WideGate(name, (*inputs, *names, *auxiliaries), tuple(parts), n, len(outputs))


@cache
def and_gate(num_inputs: int) -> WideGate:
    """AND of n bits: a balanced tree of n - 1 ANDs with n - 2 auxiliary pins.

    Weights up to 2 and a gap of 4 at any n.

    Raises
    ------
    TypeError, ValueError
        ``num_inputs`` no integer, below 1 or above 4096.
    """
    return _tree("AND", num_inputs)


@cache
def nand_gate(num_inputs: int) -> WideGate:
    """NAND of n bits; as :func:`and_gate`."""
    return _tree("NAND", num_inputs, output=True)


@cache
def or_gate(num_inputs: int) -> WideGate:
    """OR of n bits; as :func:`and_gate`."""
    return _tree("OR", num_inputs, inputs=True, output=True)


@cache
def nor_gate(num_inputs: int) -> WideGate:
    """NOR of n bits; as :func:`and_gate`."""
    return _tree("NOR", num_inputs, inputs=True)


@cache
def xor_gate(num_inputs: int) -> WideGate:
    """XOR of n bits, by full adders whose carries nobody uses: weights up to 2, gap 2.

    A full adder takes two more inputs for two auxiliary pins, half of what two XORs take. One
    n-body product does the same without any:
    :func:`~pbit.problems.logic.gates.native.native_xor`.

    Raises
    ------
    TypeError, ValueError
        ``num_inputs`` no integer, below 1 or above 4096.
    """
    return _parity("XOR", num_inputs, inverted=False)


@cache
def xnor_gate(num_inputs: int) -> WideGate:
    """XNOR of n bits, 1 where the number of ones is even; as :func:`xor_gate`."""
    return _parity("XNOR", num_inputs, inverted=True)


@cache
def maj_gate(num_inputs: int) -> WideGate:
    """Majority of an odd number of bits: the top bit of their sum plus a constant.

    Weights up to 3 and a gap of 2; MAJ3 itself has weights up to 2 and a gap of 4.

    Raises
    ------
    TypeError, ValueError
        ``num_inputs`` no integer, even, below 1 or above 4096.
    """
    n = integer("num_inputs", num_inputs, 1, MAX_INPUTS)
    if n % 2 == 0:
        raise ArgumentError(
            "num_inputs", "must be odd for a majority", n, remedy="add a constant input"
        )
    wiring = _Wiring(n)
    if n == 1:
        return wiring.gate("MAJ1", wiring.add(COPY, 0))
    if n == 3:
        return wiring.gate("MAJ3", wiring.add(MAJ, 0, 1, 2))
    # sum > n / 2 where sum + constant >= 2^width, 2^width being the least power above n / 2.
    width = (n // 2).bit_length()
    sums = _count(wiring, list(range(n)), constant=2**width - (n + 1) // 2)
    return wiring.gate(f"MAJ{n}", sums[width:])


@cache
def counter_gate(num_inputs: int) -> WideGate:
    """Number of ones among n bits, lowest bit first: full and half adders, gap 2.

    Raises
    ------
    TypeError, ValueError
        ``num_inputs`` no integer, below 1 or above 4096.

    Examples
    --------
    >>> counter_gate(7).evaluate([1, 1, 0, 1, 1, 1, 1])[7:10].tolist()
    [0, 1, 1]
    """
    n = integer("num_inputs", num_inputs, 1, MAX_INPUTS)
    wiring = _Wiring(n)
    if n == 1:
        return wiring.gate("counter of 1", wiring.add(COPY, 0))
    return wiring.gate(f"counter of {n}", _count(wiring, list(range(n))))


@cache
def compact_counter_gate(num_inputs: int) -> Gate:
    r"""Number of ones among n bits without auxiliary pins: a square, whose weights grow with n^2.

    .. math:: E = 2 (\sum_i x_i - \sum_b 2^b y_b)^2 - \mathrm{const}

    Gap 2 as in :func:`counter_gate`, at couplings up to half the square of the top bit's worth and
    biases that vanish for n = 3, 7, 15: weights up to 8 for a 7:3 counter, and no gate on its ten
    pins has a gap larger than 2 at these.

    Parameters
    ----------
    num_inputs : int
        2 to 15, for the list of rows.

    Raises
    ------
    TypeError, ValueError
        ``num_inputs`` no integer or out of range.

    Examples
    --------
    >>> compact_counter_gate(3).all_terms == FULL_ADDER.all_terms
    True
    """
    n = integer("num_inputs", num_inputs, 2, 15)
    width = n.bit_length()
    worth = [1] * n + [-(2**bit) for bit in range(width)]
    constant = n - 2**width + 1
    bits = np.arange(2**n)[:, None] >> np.arange(n)[::-1] & 1
    rows = np.column_stack([bits, bits.sum(axis=1)[:, None] >> np.arange(width) & 1])
    pins = range(n + width)
    return Gate(
        f"compact counter of {n}",
        (*(f"A{k}" for k in range(n)), *(f"Y{k}" for k in range(width))),
        tuple(map(tuple, rows.tolist())),
        tuple((i, j, -float(worth[i] * worth[j])) for i in pins for j in pins if i < j),
        tuple(-float(constant * each) + 0.0 for each in worth),
        -(sum(each**2 for each in worth) + constant**2) / 2,
        2.0,
        num_inputs=n,
        num_outputs=width,
    )


def _tree(name: str, num_inputs: int, *, inputs: bool = False, output: bool = False) -> WideGate:
    """ANDs in a tree, inverted at the inputs, at the output or at both."""
    n = integer("num_inputs", num_inputs, 1, MAX_INPUTS)
    wiring = _Wiring(n)
    if n == 1:
        return wiring.gate(f"{name}1", wiring.add(NOT if inputs != output else COPY, 0))
    level = list(range(n))
    while len(level) > 1:
        pairs = zip(level[::2], level[1::2], strict=False)
        above: list[int] = []
        for a, b in pairs:
            # Wires above the inputs carry ANDs: only pins of inputs and of the output change.
            pins = [pin for pin, wire in zip("AB", (a, b), strict=True) if wire < n and inputs]
            pins += ["Y"] if len(level) == 2 and output else []
            above += wiring.add(_inverted(AND, tuple(pins)), a, b)
        level = above + level[len(level) - len(level) % 2 :]
    return wiring.gate(f"{name}{n}", level)


@cache
def _inverted(gate: Gate, pins: tuple[str, ...]) -> Gate:
    return gate.inverted(*pins) if pins else gate


def _parity(name: str, num_inputs: int, *, inverted: bool) -> WideGate:
    n = integer("num_inputs", num_inputs, 1, MAX_INPUTS)
    wiring = _Wiring(n)
    if n == 1:
        return wiring.gate(f"{name}1", wiring.add(NOT if inverted else COPY, 0))
    level = list(range(n))
    while len(level) > 1:
        adder = replace(FULL_ADDER, num_outputs=1) if len(level) > 2 else XOR
        last = len(level) <= 3 and inverted
        gate = adder.inverted(adder.outputs[0]) if last else adder
        # The front of the queue: a tree, whose depth is logarithmic.
        total = wiring.add(gate, *level[: gate.num_inputs])[0]
        level = [*level[gate.num_inputs :], total]
    return wiring.gate(f"{name}{n}", level)


def _count(wiring: _Wiring, bits: list[int], *, constant: int = 0) -> list[int]:
    """Wires of the sum of bits and a constant, lowest first.

    Where a lone bit meets a one of the constant, and where a one is alone, no gate is spent on
    their sum: the bit takes its place in the list, and only the bits above are right.
    """
    sums, column = [], bits
    while column:
        carries = []
        while len(column) > 2 or (len(column) == 2 and not constant & 1):
            adder = FULL_ADDER if len(column) > 2 else HALF_ADDER
            total, carry = wiring.add(adder, *column[: adder.num_inputs])
            column = [*column[adder.num_inputs :], total]
            carries.append(carry)
        if len(column) == 2:
            total, carry = wiring.add(HALF_ADDER_PLUS_ONE, *column)
            column = [total]
            carries.append(carry)
        elif constant & 1:
            carries.append(column[0])
        sums += column
        column, constant = carries, constant >> 1
    return sums
