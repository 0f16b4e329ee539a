"""The library: gates of pairs of spins, checked by enumeration (test_gates.py).

Wide gates are in :mod:`pbit.problems.logic.gates.wide`, gates of products of many spins in
:mod:`pbit.problems.logic.gates.native`; others are made by
:func:`pbit.problems.logic.gates.synthesis.synthesize_gate`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from pbit.problems.logic.gates.gate import Bits, table_rows
from pbit.problems.logic.gates.gate import Gate as Gate


def _gate(
    name: str,
    pins: str,
    outputs: Callable[..., Bits],
    *,
    J: Sequence[float],
    h: Sequence[float],
    ground_energy: float,
    gap: float,
) -> Gate:
    """Gate of inputs > outputs > auxiliaries; ``J`` is the upper triangle, row by row."""
    groups = [group.split() for group in pins.split(">")]
    names = tuple(pin for group in groups for pin in group)
    n = len(names)
    pairs = [(i, j) for i in range(n) for j in range(i + 1, n)]
    couplings = ((i, j, float(w)) for (i, j), w in zip(pairs, J, strict=True) if w)
    return Gate(
        name,
        names,
        table_rows(len(groups[0]), outputs),
        tuple(couplings),
        tuple(map(float, h)),
        ground_energy,
        gap,
        num_inputs=len(groups[0]),
        num_outputs=len(groups[1]),
    )


def _renamed(gate: Gate, name: str, pins: str, num_outputs: int) -> Gate:
    return replace(gate, name=name, pins=tuple(pins.split()), num_outputs=num_outputs)


COPY = _gate("COPY", "A > Y", lambda a: (a,), J=(1,), h=(0, 0), ground_energy=-1.0, gap=2.0)
NOT = COPY.inverted("Y", name="NOT")

AND = _gate(
    "AND",
    "A B > Y",
    lambda a, b: (a & b,),
    J=(-1, 2, 2),
    h=(1, 1, -2),
    ground_energy=-3.0,
    gap=4.0,
)
NAND = AND.inverted("Y", name="NAND")
NOR = AND.inverted("A", "B", name="NOR")
OR = AND.inverted("A", "B", "Y", name="OR")
AND_NOT = AND.inverted("B", name="AND NOT")  # Y = A and not B
IMPLIES = AND.inverted("B", "Y", name="IMPLIES")  # Y = B or not A

MAJ = _gate(
    "MAJ",
    "A B C > Y",
    lambda a, b, c: ((a + b + c) >> 1,),
    J=(-1, -1, 2, -1, 2, 2),
    h=(0, 0, 0, 0),
    ground_energy=-3.0,
    gap=4.0,
)

# a + b = s + 2 c, by the square of the difference.
HALF_ADDER = _gate(
    "half adder",
    "A B > S C",
    lambda a, b: (a ^ b, a & b),
    J=(-1, 1, 2, 1, 2, -2),
    h=(1, 1, -1, -2),
    ground_energy=-4.0,
    gap=2.0,
)
# Pairs of A, B and Y alone cannot make an XOR: its carry A and B comes along.
XOR = _renamed(HALF_ADDER, "XOR", "A B Y X", 1)
XNOR = XOR.inverted("Y", name="XNOR")
# a + b + 1 = s + 2 c: a full adder with a carry of 1, of a column with a constant.
HALF_ADDER_PLUS_ONE = HALF_ADDER.inverted("A", "B", "S", "C", name="half adder plus one")
# a - b = d - 2 w, w being the borrow.
HALF_SUBTRACTOR = _renamed(HALF_ADDER.inverted("A", "S"), "half subtractor", "A B D W", 2)
FULL_ADDER = _gate(
    "full adder",
    "A B C > S Co",
    lambda a, b, c: ((a + b + c) & 1, (a + b + c) >> 1),
    J=(-1, -1, 1, 2, -1, 1, 2, 1, 2, -2),
    h=(0, 0, 0, 0, 0),
    ground_energy=-4.0,
    gap=2.0,
)
# a - b - w = d - 2 wo.
XOR3 = _renamed(FULL_ADDER, "XOR3", "A B C Y X", 1)
FULL_SUBTRACTOR = _renamed(FULL_ADDER.inverted("A", "S"), "full subtractor", "A B W D Wo", 2)


def _mux(s: int, a: int, b: int) -> int:
    return b if s else a


MUX = _gate(
    "MUX",
    "S A B > Y > X",
    lambda s, a, b: (_mux(s, a, b), s & b),
    J=(1, -1, -2, 4, -2, 4, -2, 2, 2, 4),
    h=(2, -1, 1, 2, -4),
    ground_energy=-10.0,
    gap=4.0,
)
# The same gap with half the weights, for one more p-bit.
MUX_OF_SIX = _gate(
    "MUX of six",
    "S A B > Y > X Z",
    lambda s, a, b: (_mux(s, a, b), s & b, (1 - s) & a),
    J=(1, -1, 0, 2, -2, -1, 2, -1, 1, 2, 1, -1, 2, 2, 0),
    h=(0, 0, 0, 2, -2, -2),
    ground_energy=-9.0,
    gap=4.0,
)
# Two ANDs and an OR: the outputs follow from the inputs one after the other.
MUX_OF_GATES = _gate(
    "MUX of gates",
    "S A B > Y > X Z",
    lambda s, a, b: (_mux(s, a, b), s & b, (1 - s) & a),
    J=(1, -1, 0, 2, -2, 0, 0, 0, 2, 0, 2, 0, 2, 2, -1),
    h=(0, 1, 1, 2, -3, -3),
    ground_energy=-9.0,
    gap=4.0,
)

# a b + c + d = s + 2 co: a cell of a multiplier without a p-bit for the product of a and b. Its gap
# over its largest weight is half that of an AND and a full adder, which have a p-bit more.
MULTIPLY_ADD = _gate(
    "multiply-add",
    "A B C D > S Co",
    lambda a, b, c, d: ((a * b + c + d) & 1, (a * b + c + d) >> 1),
    J=(-1, -2, -2, 2, 4, -2, -2, 2, 4, -4, 4, 8, 4, 8, -8),
    h=(1, 1, 2, 2, -2, -4),
    ground_energy=-15.0,
    gap=4.0,
)
# a b + c = s + 2 co.
MULTIPLY_HALF_ADD = _gate(
    "multiply-half-add",
    "A B C > S Co",
    lambda a, b, c: ((a * b) ^ c, a * b * c),
    J=(-1, -2, 2, 4, -2, 2, 4, 4, 6, -6),
    h=(3, 3, 4, -4, -8),
    ground_energy=-13.0,
    gap=4.0,
)

GATES = (
    *(COPY, NOT, AND, OR, NAND, NOR, XOR, XNOR, AND_NOT, IMPLIES, MAJ, XOR3),
    *(MUX, MUX_OF_SIX, MUX_OF_GATES),
    *(HALF_ADDER, FULL_ADDER, HALF_ADDER_PLUS_ONE, HALF_SUBTRACTOR, FULL_SUBTRACTOR),
    *(MULTIPLY_ADD, MULTIPLY_HALF_ADD),
)
