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

from pbit.registry import names_at_home

if TYPE_CHECKING:
    from pbit.problems.logic.circuits.circuit import Circuit
    from pbit.problems.logic.circuits.directed_logic import directed_model
    from pbit.problems.logic.circuits.histograms import Histogram, histogram
    from pbit.problems.logic.circuits.inverse import LogicProblem, Unsatisfiable
    from pbit.problems.logic.circuits.running import LogicResult, solve
    from pbit.problems.logic.circuits.wires import Bus, Wire
    from pbit.problems.logic.gates.gate import Gate
    from pbit.problems.logic.gates.library import (
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
    from pbit.problems.logic.gates.native import native_gate
    from pbit.problems.logic.gates.synthesis import synthesize_gate
    from pbit.problems.logic.netlists import read_circuit

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
    "Bus": "circuits.wires",
    "Circuit": "circuits.circuit",
    "Gate": "gates.gate",
    "Histogram": "circuits.histograms",
    "LogicProblem": "circuits.inverse",
    "LogicResult": "circuits.running",
    "Unsatisfiable": "circuits.inverse",
    "Wire": "circuits.wires",
    "directed_model": "circuits.directed_logic",
    "histogram": "circuits.histograms",
    "native_gate": "gates.native",
    "read_circuit": "netlists",
    "solve": "circuits.running",
    "synthesize_gate": "gates.synthesis",
}


_at_home = names_at_home("pbit.problems.logic", _HOME)


def __getattr__(name: str) -> Any:
    if name in __all__ and name.isupper():
        return getattr(importlib.import_module("pbit.problems.logic.gates.library"), name)
    return _at_home(name)


def __dir__() -> list[str]:
    return list(__all__)
