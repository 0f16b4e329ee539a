"""Circuits of Boolean expressions."""

from __future__ import annotations

from collections.abc import Iterable

from pbit.problems.logic.circuits.circuit import Circuit
from pbit.problems.logic.circuits.expression_circuit import build
from pbit.problems.logic.gates.expression import parse_outputs


def circuit_of(texts: Iterable[str]) -> Circuit:
    """Circuit of expressions such as ``"s = a ^ b; c = a & b"``; unknown names are inputs.

    Later expressions may use the outputs of earlier ones.

    Raises
    ------
    ValueError
        A text that is no expression, an output that is named twice or like an input.

    Examples
    --------
    >>> circuit = circuit_of(["s = a ^ b; c = a & b", "y = s | c"])
    >>> circuit.evaluate(a=1, b=0)
    {'s': 1, 'c': 0, 'y': 1}
    """
    circuit = Circuit()
    for text in texts:
        for name, tree in parse_outputs(text).items():
            circuit.output(name, build(circuit, tree, {}))
    return circuit
