"""Gates as products of many spins: no auxiliary p-bits, for machines that have such products."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from math import gcd
from typing import Any

import numpy as np
import numpy.typing as npt

from pbit.checks import integer
from pbit.problems.logic.gates.gate import MAX_PINS, Gate, Term
from pbit.problems.logic.gates.truth_table import TruthTable, table_of


def native_gate(truth_table: Any, *, name: str = "gate") -> Gate:
    r"""Gate without auxiliary p-bits, of products of as many spins as it takes.

    Of a function ``E = -sum_k y_k F_k(x)``, with the outputs ``F_k`` as polynomials of the input
    spins, so that a state costs the same for each output that is wrong. Of a relation E is the
    polynomial that is 0 at its rows and the same everywhere else. The weights are the smallest
    whole numbers.

    Parameters
    ----------
    truth_table : TruthTable, str, Expression, Gate or array of 0 and 1
        See :func:`~pbit.problems.logic.gates.truth_table.table_of`.
    name : str

    Returns
    -------
    Gate
        A product of every number of spins is in ``all_terms``; its ``model`` is a
        PolynomialModel where one is longer than two.

    References
    ----------
    O'Donnell, Analysis of Boolean Functions (2014), theorem 1.1: every function of n bits is one
    polynomial of n spins in which no spin is squared.

    Examples
    --------
    >>> native_gate("a ^ b").terms, native_gate("a ^ b").gap
    ((((0, 1, 2), -1.0),), 2.0)
    >>> native_gate("mux(s, a, b)").terms
    (((0, 1, 3), -1.0), ((0, 2, 3), 1.0))
    """
    table = table_of(truth_table)
    whole = _of_function(table) if table.num_inputs else _of_relation(table)
    divisor = gcd(*whole.values())
    terms = [(pins, weight / divisor) for pins, weight in whole.items()]
    return _gate(name, table, terms)


@cache
def native_xor(num_inputs: int, *, inverted: bool = False) -> Gate:
    """XOR (XNOR where ``inverted``) of n bits as one product of n + 1 spins: weight 1, gap 2.

    Raises
    ------
    TypeError, ValueError
        ``num_inputs`` no integer, below 1 or above 19, for the list of rows.

    Examples
    --------
    >>> native_xor(4).all_terms
    (((0, 1, 2, 3, 4), -1.0),)
    """
    n = integer("num_inputs", num_inputs, 1, MAX_PINS - 1)
    bits = np.arange(2**n)[:, None] >> np.arange(n)[::-1] & 1
    outputs = (bits.sum(axis=1) + inverted) % 2
    rows = tuple(map(tuple, np.column_stack([bits, outputs]).tolist()))
    # A product of spins is +1 where the number of zeros among the bits is even.
    even_zeros = (n + 1) % 2 == 0
    sign = 1.0 if even_zeros != inverted else -1.0
    term = (tuple(range(n + 1)), sign)
    pair = ((0, 1, sign),) if n == 1 else ()
    return Gate(
        f"{'XNOR' if inverted else 'XOR'}{n}, native",
        (*(f"A{k}" for k in range(n)), "Y"),
        rows,
        pair,
        (0.0,) * (n + 1),
        -1.0,
        2.0,
        num_inputs=n,
        num_outputs=1,
        terms=() if pair else (term,),
    )


@cache
def native_forms() -> dict[str, Gate]:
    """Native forms of the gates of circuits that need auxiliary p-bits, by the name of the gate.

    For ``substitutes`` of :class:`~pbit.problems.logic.circuits.inverse.LogicProblem`. Half and
    full adders stay as they are, their carries are read; sums alone become one product.
    """
    return {"XOR": native_xor(2), "XOR3": native_xor(3), "MUX": native_gate("mux(s, a, b)")}


def _of_function(table: TruthTable) -> dict[tuple[int, ...], int]:
    """Weights times 2^n: the polynomial of each output, times its spin."""
    n = table.num_inputs
    outputs = 2 * np.array(table.rows)[:, n:] - 1
    weights = {}
    for k, column in enumerate(outputs.T):
        for pins, weight in _polynomial(column).items():
            weights[(*pins, n + k)] = weight
    return weights


def _of_relation(table: TruthTable) -> dict[tuple[int, ...], int]:
    """Weights times 2^n of -1 at the rows and 0 elsewhere, the constant left out."""
    n = len(table.pins)
    allowed = np.zeros(2**n, dtype=np.int64)
    allowed[np.array(table.rows) @ (1 << np.arange(n)[::-1])] = 1
    return {pins: weight for pins, weight in _polynomial(allowed).items() if pins}


def _polynomial(values: npt.NDArray[np.int64]) -> dict[tuple[int, ...], int]:
    """Coefficients times 2^n of a function of n spins, given for inputs counting up."""
    n = len(values).bit_length() - 1
    cube = values.reshape((2,) * n)
    for axis in range(n):  # Walsh-Hadamard transform: 1 and s along each axis
        low, high = np.take(cube, 0, axis=axis), np.take(cube, 1, axis=axis)
        cube = np.stack([low + high, high - low], axis=axis)
    flat = cube.reshape(-1)
    found = np.flatnonzero(flat)
    members = [tuple(k for k in range(n) if index >> (n - 1 - k) & 1) for index in found.tolist()]
    ordered = sorted(zip(members, flat[found].tolist(), strict=True), key=lambda t: (len(t[0]), t))
    return dict(ordered)


def _gate(name: str, table: TruthTable, terms: list[Term]) -> Gate:
    biases = dict(term for term in terms if len(term[0]) == 1)
    gate = Gate(
        name,
        table.pins,
        table.rows,
        tuple((*pins, weight) for pins, weight in terms if len(pins) == 2),
        tuple(biases.get((pin,), 0.0) for pin in range(len(table.pins))),
        0.0,
        1.0,
        num_inputs=table.num_inputs,
        num_outputs=len(table.pins) - table.num_inputs,
        terms=tuple(term for term in terms if len(term[0]) > 2),
    )
    found = gate.enumerated()
    return replace(gate, ground_energy=found.ground_energy, gap=found.gap)
