"""Directed logic: one sweep computes, errors are as rare as the margins say."""

import numpy as np
import pytest

from pbit import Schedule, anneal
from pbit.problems.logic.circuits.circuit import Circuit
from pbit.problems.logic.circuits.directed_logic import directed_model
from pbit.problems.logic.circuits.inverse import LogicProblem
from pbit.problems.logic.circuits.running import solve
from pbit.problems.logic.gates.library import FULL_ADDER, MUX, MUX_OF_GATES

BUILDS = {
    "add": (lambda c, a, b: c.add(a, b), lambda a, b: a + b),
    "multiply": (lambda c, a, b: c.multiply(a, b), lambda a, b: a * b),
    "divide": (lambda c, a, b: c.divide(a, b)[0], lambda a, b: a // b),
    "square": (lambda c, a, b: c.square(a), lambda a, b: a * a),
    "less": (lambda c, a, b: c.less(a, b), lambda a, b: int(a < b)),
}


def forwards(name: str, a: int, b: int) -> LogicProblem:
    circuit = Circuit()
    x, y = circuit.input("a", 16), circuit.input("b", 16)
    circuit.output("y", BUILDS[name][0](circuit, x, y))
    return LogicProblem(
        circuit, {"a": a, "b": b}, propagate=False, substitutes={"MUX": MUX_OF_GATES}
    )


@pytest.mark.parametrize("name", BUILDS)
def test_one_sweep_computes(name):
    rng = np.random.default_rng(1)
    for a, b in rng.integers(1, 2**16, size=(4, 2)).tolist():
        problem = forwards(name, a, b)
        model = directed_model(problem.network)
        reads = anneal(model, Schedule([np.inf]), num_reads=4, seed=1, order="sequential")
        assert set(problem.values(reads.spins, "y").tolist()) == {BUILDS[name][1](a, b)}
        assert problem.agrees(reads.spins).all()


def test_errors_are_as_rare_as_the_margins_say():
    """A chain of carries: each full adder of a + b errs by 1 - sigma(2 beta margin)."""
    circuit = Circuit()
    a, b, c = (circuit.input(name) for name in "abc")
    circuit.output("y", circuit.gate(FULL_ADDER, a, b, c)[0])
    problem = LogicProblem(circuit, {"a": 1, "b": 1, "c": 1}, propagate=False)
    model = directed_model(problem.network)
    assert model.num_spins == 2
    beta, n = 0.5, 200_000
    spins = anneal(model, Schedule([beta]), num_reads=n, seed=2, order="sequential").spins
    # Fields: carry 2 (a + b + c) = 6; sum a + b + c - 2 carry = 1, or 5 after a wrong carry.
    carry = 1 / (1 + np.exp(-2 * beta * 6))
    right = carry / (1 + np.exp(-2 * beta)) + (1 - carry) / (1 + np.exp(-10 * beta))
    seen = (spins[:, problem.network.spins[problem.circuit.find("y")[0] >> 1]] == 1).mean()
    deviation = np.sqrt(right * (1 - right) / n)
    assert abs(seen - right) < 5 * deviation
    wrong = 1 / (1 + np.exp(-2.2 * beta))
    assert abs(seen - wrong) > 5 * deviation


def test_solving_forwards():
    result = solve(forwards("multiply", 321, 123), read=["y"], directed_beta=12.0, seed=1)
    assert result.solutions == [{"y": 321 * 123}] and result.counts[0] > 100


def test_one_kind_of_gate_directed():
    """Carries that do not see what they cause; the rest acts both ways."""
    problem = LogicProblem(forwards("multiply", 3, 5).circuit, {})
    whole = directed_model(problem.network, gates=[])
    np.testing.assert_allclose((whole.J - problem.model.J).toarray(), 0)
    np.testing.assert_allclose(whole.h, problem.model.h)
    part = directed_model(problem.network, gates=["full adder"])
    assert 0 < (part.J != part.J.T).nnz < part.J.nnz
    assert part.J.nnz < whole.J.nnz


def test_gates_that_cannot_be_directed():
    circuit = Circuit()
    circuit.output("y", circuit.gate(MUX, *circuit.input("a", 3))[0])
    with pytest.raises(ValueError, match="MUX must have outputs that follow from its inputs"):
        directed_model(LogicProblem(circuit).network)


def test_names_that_no_gate_has():
    with pytest.raises(ValueError, match="gates must name gates of the circuit, got 'FA'"):
        directed_model(LogicProblem(Circuit()).network, gates=["FA"])
