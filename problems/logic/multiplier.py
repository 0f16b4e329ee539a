"""The multiplier as a p-bit network: run forwards it multiplies, backwards it factors."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from pbit.model import IsingModel, SpinArray
from pbit.problems.logic.circuit import Circuit
from pbit.problems.logic.gates import AND, FULL_ADDER, HALF_ADDER, Gate

_MIN_WIDTH = 2


@dataclass(frozen=True)
class Cells:
    """The three gates a multiplier is made of, possibly scaled."""

    product: Gate = AND
    half_adder: Gate = HALF_ADDER
    full_adder: Gate = FULL_ADDER


@dataclass(frozen=True, eq=False)
class Multiplier:
    """Nets of ``x * y``; bit k of a number sits on net ``x[k]``, ``y[k]`` or ``product[k]``.

    Parameters
    ----------
    circuit : Circuit
    x, y, product : tuple of int
        Nets, lowest bit first.
    one : int, optional
        Net of the constant 1, to be clamped at +1, where the circuit has one.
    """

    circuit: Circuit
    x: tuple[int, ...]
    y: tuple[int, ...]
    product: tuple[int, ...]
    one: int | None = None

    @cached_property
    def model(self) -> IsingModel:
        """The p-bit network with nothing clamped."""
        return self.circuit.model

    @property
    def ground_energy(self) -> float:
        """Energy of every state in which all gates hold."""
        return self.circuit.ground_energy

    def evaluate(self, x: npt.ArrayLike, y: npt.ArrayLike) -> SpinArray:
        """Spins of all nets, int8 (..., n), for integers x and y, by Boolean logic."""
        inputs = {net: np.asarray(x) >> k & 1 for k, net in enumerate(self.x)}
        inputs |= {net: np.asarray(y) >> k & 1 for k, net in enumerate(self.y)}
        return self.circuit.evaluate(inputs)

    def constants(self, product: int) -> dict[Hashable, int]:
        """What to clamp, by name of the net, for the network to run backwards from ``product``."""
        held = {net: 1 if product >> k & 1 else -1 for k, net in enumerate(self.product)}
        held |= {} if self.one is None else {self.one: 1}
        return {self.model.labels[net]: value for net, value in held.items()}


def build_multiplier(
    width_x: int, width_y: int, *, cells: Cells | None = None, ends_are_one: bool = False
) -> Multiplier:
    """Array multiplier of a ``width_x``-bit by a ``width_y``-bit number.

    One AND for every pair of bits; half and full adders sum the bits of each column, their
    carries going to the next. For two n-bit numbers these are n^2 AND, n half and n(n - 2) full
    adders on 3 n^2 nets.

    Parameters
    ----------
    width_x, width_y : int
        Bits of the factors, >= 2.
    cells : Cells, optional
        The gates to use, unscaled ones by default.
    ends_are_one : bool
        The first and the last bit of both factors are the net ``one``; the AND of a bit with it
        is then the bit itself and no gate is spent on it.

    Raises
    ------
    ValueError
        A width below 2.

    References
    ----------
    Camsari, Faria, Sutton, Datta, Phys. Rev. X 7, 031014 (2017): a multiplier of p-bits, run
    backwards, factors.

    Examples
    --------
    >>> multiplier = build_multiplier(2, 2)
    >>> multiplier.model.num_spins, multiplier.ground_energy
    (12, -20.0)
    >>> read_number(multiplier.evaluate(3, 2), multiplier.product)
    6
    """
    _check_widths(width_x, width_y)
    cells = cells or Cells()
    circuit = Circuit()
    one = circuit.net("one") if ends_are_one else None
    x = _number(circuit, "x", width_x, one)
    y = _number(circuit, "y", width_y, one)
    columns: list[list[int]] = [[] for _ in range(width_x + width_y)]
    for j in range(width_y):
        for i in range(width_x):
            columns[i + j].append(
                _partial_product(circuit, x[i], y[j], gate=cells.product, one=one)
            )
    for k in range(len(columns)):
        _sum_column(circuit, columns, k, cells=cells)
    product = tuple(column[0] for column in columns)
    return Multiplier(circuit, x, y, product, one)


def read_number(spins: npt.ArrayLike, nets: Sequence[int]) -> int:
    """The integer whose bits are the given nets of one state, lowest first; exact at any width."""
    return read_numbers(np.asarray(spins)[None, :], nets)[0]


def read_numbers(spins: npt.ArrayLike, nets: Sequence[int]) -> list[int]:
    """:func:`read_number` of every row of states of shape (num_reads, n)."""
    bits = np.asarray(spins)[:, list(nets)] > 0
    packed = np.packbits(bits, axis=-1, bitorder="little")
    return [int.from_bytes(row.tobytes(), "little") for row in packed]


def _check_widths(width_x: int, width_y: int) -> None:
    for name, width in (("width_x", width_x), ("width_y", width_y)):
        if width < _MIN_WIDTH:
            raise ValueError(
                f"{name} must be >= {_MIN_WIDTH}, got {width}; give a narrower factor a zero bit"
            )


def _number(circuit: Circuit, name: str, width: int, one: int | None) -> tuple[int, ...]:
    if one is None:
        return tuple(circuit.net(f"{name}{k}") for k in range(width))
    return (one, *(circuit.net(f"{name}{k}") for k in range(1, width - 1)), one)


def _partial_product(circuit: Circuit, a: int, b: int, *, gate: Gate, one: int | None) -> int:
    if a == one:
        return b
    if b == one:
        return a
    return circuit.add(gate, (a, b), f"{circuit.names[a]}{circuit.names[b]}")[0]


def _sum_column(circuit: Circuit, columns: list[list[int]], k: int, *, cells: Cells) -> None:
    """Add up column k until one net is left; the carries go to column k + 1."""
    column = columns[k]
    while len(column) > 1:
        adder = cells.full_adder if len(column) > 2 else cells.half_adder
        inputs = tuple(column[: len(adder.pins) - 2])
        name = f"{k}.{len(circuit.gates)}"
        total, carry = circuit.add(adder, inputs, f"s{name}", f"c{name}")
        column[: len(inputs)] = [total]
        columns[k + 1].append(carry)
