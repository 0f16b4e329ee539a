"""Invertible logic: gates, circuits, netlists and what runs them in any direction.

>>> from pbit.problems.logic import Circuit, LogicProblem, solve
>>> circuit = Circuit()
>>> a, b = circuit.input("a", 4), circuit.input("b", 4)
>>> circuit.output("y", circuit.multiply(a, b))
>>> result = solve(LogicProblem(circuit, {"y": 143}), num_solutions=2, seed=1)
>>> sorted(result.solutions, key=lambda each: each["a"])
[{'a': 11, 'b': 13}, {'a': 13, 'b': 11}]
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pbit.problems.logic.circuit import Circuit
    from pbit.problems.logic.directed import directed_model
    from pbit.problems.logic.gate import Gate
    from pbit.problems.logic.gates import (
        AND,
        COPY,
        FULL_ADDER,
        GATES,
        HALF_ADDER,
        MAJ,
        MUX,
        NAND,
        NOR,
        NOT,
        OR,
        XNOR,
        XOR,
    )
    from pbit.problems.logic.histograms import Histogram, histogram
    from pbit.problems.logic.inverse import LogicProblem, Unsatisfiable
    from pbit.problems.logic.native import native_gate
    from pbit.problems.logic.netlists import read_circuit
    from pbit.problems.logic.running import LogicResult, solve
    from pbit.problems.logic.synthesis import synthesize_gate
    from pbit.problems.logic.wires import Bus, Wire

__all__ = [
    "AND",
    "COPY",
    "FULL_ADDER",
    "GATES",
    "HALF_ADDER",
    "MAJ",
    "MUX",
    "NAND",
    "NOR",
    "NOT",
    "OR",
    "XNOR",
    "XOR",
    "Bus",
    "Circuit",
    "Gate",
    "Histogram",
    "LogicProblem",
    "LogicResult",
    "Unsatisfiable",
    "Wire",
    "directed_model",
    "histogram",
    "native_gate",
    "read_circuit",
    "solve",
    "synthesize_gate",
]

_HOME = {
    "Bus": "wires",
    "Circuit": "circuit",
    "Gate": "gate",
    "Histogram": "histograms",
    "LogicProblem": "inverse",
    "LogicResult": "running",
    "Unsatisfiable": "inverse",
    "Wire": "wires",
    "directed_model": "directed",
    "histogram": "histograms",
    "native_gate": "native",
    "read_circuit": "netlists",
    "solve": "running",
    "synthesize_gate": "synthesis",
}


def __getattr__(name: str) -> Any:
    if name in __all__ and name.isupper():
        return getattr(importlib.import_module("pbit.problems.logic.gates"), name)
    if name not in _HOME:
        raise AttributeError(f"module 'pbit.problems.logic' has no attribute {name!r}")
    return getattr(importlib.import_module(f"pbit.problems.logic.{_HOME[name]}"), name)


def __dir__() -> list[str]:
    return list(__all__)
