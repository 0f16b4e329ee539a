"""The multiplier as a circuit: run forwards it multiplies, backwards it factors."""

from __future__ import annotations

from typing import Literal

from pbit.checks import ArgumentError
from pbit.problems.logic.circuits.circuit import Circuit

_MIN_WIDTH = 2


def multiplier_circuit(
    width_x: int,
    width_y: int,
    *,
    ends_are_one: bool = False,
    method: Literal["array", "wallace"] = "array",
) -> Circuit:
    """Circuit with ``product = x * y``.

    One AND for every pair of bits; half and full adders sum the bits of each column, their
    carries going to the next. For two n-bit numbers these are n^2 AND, n half and n(n - 2) full
    adders on 3 n^2 nets.

    Parameters
    ----------
    width_x, width_y : int
        Bits of the factors, >= 2.
    ends_are_one : bool
        The first and the last bit of both factors are 1: odd factors of exactly these widths. The
        inputs are then the bits between, ``x_inner`` and ``y_inner``.
    method : {"array", "wallace"}
        As for :meth:`Circuit.multiply`.

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
    >>> multiplier_circuit(2, 2).evaluate(x=3, y=2)
    {'product': 6}
    """
    circuit = Circuit()
    numbers = []
    for name, width in (("x", width_x), ("y", width_y)):
        if width < _MIN_WIDTH:
            raise ArgumentError(
                f"width_{name}",
                f"must be >= {_MIN_WIDTH}",
                width,
                remedy="give a narrower factor a zero bit",
            )
        if ends_are_one:
            inner = circuit.input(f"{name}_inner", width - 2) if width > _MIN_WIDTH else []
            number = circuit.bus([1, *inner, 1])
            circuit.keep(name, number)
        else:
            number = circuit.input(name, width)
        numbers.append(number)
    circuit.output("product", circuit.multiply(*numbers, method=method))
    return circuit
