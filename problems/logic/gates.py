"""Logic gates as small Ising models whose ground states are the rows of their truth tables."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from itertools import product

import numpy as np

from pbit.model import IsingModel

Bits = tuple[int, ...]


@dataclass(frozen=True)
class Gate:
    """A gate of the invertible logic: inputs and outputs are p-bits on an equal footing.

    Parameters
    ----------
    name : str
    pins : tuple of str
        Names of the p-bits, inputs first.
    rows : tuple of tuples of 0 and 1
        The truth table, one column a pin; bit 1 is spin +1.
    couplings : tuple of (int, int, float)
        ``J`` between pairs of pins.
    biases : tuple of float
        ``h`` of each pin.
    ground_energy : float
        Energy of every row of the truth table.
    gap : float
        Least energy of any other state, above ``ground_energy``.

    References
    ----------
    Camsari, Faria, Sutton, Datta, Phys. Rev. X 7, 031014 (2017), eq. 10 (AND). Every gate is
    checked by enumeration in ``tests/test_gates.py``.

    Examples
    --------
    >>> AND.model.energy([1, 1, 1]).item() == AND.ground_energy
    True
    """

    name: str
    pins: tuple[str, ...]
    rows: tuple[Bits, ...]
    couplings: tuple[tuple[int, int, float], ...]
    biases: tuple[float, ...]
    ground_energy: float
    gap: float

    @property
    def num_inputs(self) -> int:
        """Number of input pins."""
        return len(self.rows).bit_length() - 1

    @property
    def num_outputs(self) -> int:
        """Number of output pins."""
        return sum(pin in ("Y", "S", "C", "Co") for pin in self.pins[self.num_inputs :])

    @property
    def all_terms(self) -> tuple[tuple[tuple[int, ...], float], ...]:
        """Every term: pins and weight."""
        biases = tuple(((k,), h) for k, h in enumerate(self.biases) if h)
        return biases + tuple(((i, j), w) for i, j, w in self.couplings)

    @property
    def model(self) -> IsingModel:
        """The gate alone, one p-bit a pin."""
        i, j, weights = zip(*self.couplings, strict=True)
        return IsingModel.from_edges(
            np.array(i), np.array(j), weights, h=self.biases, labels=self.pins
        )

    def scaled(self, factor: float) -> Gate:
        """The same gate with all its energies times ``factor``.

        Raises
        ------
        ValueError
            A factor that is not positive.
        """
        if not factor > 0:
            raise ValueError(f"factor must be > 0 to keep the ground states, got {factor}")
        return replace(
            self,
            couplings=tuple((i, j, factor * weight) for i, j, weight in self.couplings),
            biases=tuple(factor * bias for bias in self.biases),
            ground_energy=factor * self.ground_energy,
            gap=factor * self.gap,
        )


def _table(num_inputs: int, outputs: Callable[..., Bits]) -> tuple[Bits, ...]:
    return tuple((*bits, *outputs(*bits)) for bits in product((0, 1), repeat=num_inputs))


def _two_pins(name: str, output: Callable[[int], int], coupling: float) -> Gate:
    rows = _table(1, lambda a: (output(a),))
    return Gate(name, ("A", "Y"), rows, ((0, 1, coupling),), (0.0, 0.0), -1.0, 2.0)


def _three_pins(
    name: str, output: Callable[[int, int], int], *, to_output: float, biases: Bits
) -> Gate:
    rows = _table(2, lambda a, b: (output(a, b),))
    couplings = ((0, 1, -1.0), (0, 2, to_output), (1, 2, to_output))
    return Gate(name, ("A", "B", "Y"), rows, couplings, tuple(map(float, biases)), -3.0, 4.0)


COPY = _two_pins("COPY", lambda a: a, 1.0)
NOT = _two_pins("NOT", lambda a: 1 - a, -1.0)
AND = _three_pins("AND", lambda a, b: a & b, to_output=2.0, biases=(1, 1, -2))
OR = _three_pins("OR", lambda a, b: a | b, to_output=2.0, biases=(-1, -1, 2))
NAND = _three_pins("NAND", lambda a, b: 1 - (a & b), to_output=-2.0, biases=(1, 1, 2))
NOR = _three_pins("NOR", lambda a, b: 1 - (a | b), to_output=-2.0, biases=(-1, -1, -2))

# Two-body terms on A, B and Y alone cannot make an XOR: its carry A and B comes along.
HALF_ADDER = Gate(
    "half adder",
    ("A", "B", "S", "C"),
    _table(2, lambda a, b: (a ^ b, a & b)),
    ((0, 1, -1.0), (0, 2, 1.0), (0, 3, 2.0), (1, 2, 1.0), (1, 3, 2.0), (2, 3, -2.0)),
    (1.0, 1.0, -1.0, -2.0),
    -4.0,
    2.0,
)
XOR = Gate(
    "XOR",
    ("A", "B", "Y", "X"),
    HALF_ADDER.rows,
    HALF_ADDER.couplings,
    HALF_ADDER.biases,
    HALF_ADDER.ground_energy,
    HALF_ADDER.gap,
)
XNOR = Gate(
    "XNOR",
    ("A", "B", "Y", "X"),
    _table(2, lambda a, b: (1 - (a ^ b), a & b)),
    ((0, 1, -1.0), (0, 2, -1.0), (0, 3, 2.0), (1, 2, -1.0), (1, 3, 2.0), (2, 3, 2.0)),
    (1.0, 1.0, 1.0, -2.0),
    -4.0,
    2.0,
)
FULL_ADDER = Gate(
    "full adder",
    ("A", "B", "C", "S", "Co"),
    _table(3, lambda a, b, c: ((a + b + c) & 1, (a + b + c) >> 1)),
    (
        *((0, 1, -1.0), (0, 2, -1.0), (1, 2, -1.0)),
        *((0, 3, 1.0), (1, 3, 1.0), (2, 3, 1.0)),
        *((0, 4, 2.0), (1, 4, 2.0), (2, 4, 2.0)),
        (3, 4, -2.0),
    ),
    (0.0, 0.0, 0.0, 0.0, 0.0),
    -4.0,
    2.0,
)

MAJ = Gate(
    "MAJ",
    ("A", "B", "C", "Y"),
    _table(3, lambda a, b, c: ((a + b + c) >> 1,)),
    ((0, 1, -1.0), (0, 2, -1.0), (1, 2, -1.0), (0, 3, 2.0), (1, 3, 2.0), (2, 3, 2.0)),
    (0.0, 0.0, 0.0, 0.0),
    -3.0,
    4.0,
)
MUX = Gate(
    "MUX",
    ("S", "A", "B", "Y", "X"),
    _table(3, lambda s, a, b: ((b if s else a), s & b)),
    (
        *((0, 1, 1.0), (0, 2, -1.0), (0, 3, -2.0), (0, 4, 4.0)),
        *((1, 2, -2.0), (1, 3, 4.0), (1, 4, -2.0), (2, 3, 2.0), (2, 4, 2.0), (3, 4, 4.0)),
    ),
    (2.0, -1.0, 1.0, 2.0, -4.0),
    -10.0,
    4.0,
)

GATES = (COPY, NOT, AND, OR, NAND, NOR, XOR, XNOR, HALF_ADDER, FULL_ADDER)
