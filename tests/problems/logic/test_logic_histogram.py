"""Truth-table mode: counts of wires against the exact Boltzmann law of the circuit."""

import numpy as np
import pytest

from pbit import exact
from pbit.problems.logic.circuits.circuit import Circuit
from pbit.problems.logic.circuits.histograms import histogram
from pbit.problems.logic.circuits.inverse import LogicProblem
from pbit.statistics import chi_square_p_value


def circuit_of(width: int) -> Circuit:
    circuit = Circuit()
    a, b = circuit.input("a", width), circuit.input("b", width)
    circuit.output("y", circuit.multiply(a, b))
    circuit.output("less", circuit.less(a, b))
    return circuit


@pytest.mark.parametrize(
    ("width", "clamp", "read"),
    [
        (2, {}, ["a", "b", "y"]),
        (2, {"y": 6}, ["a", "b"]),
        (3, {"y": "1xxx10"}, ["a", "b"]),
        (3, {"less": 1}, ["a", "b", "y[2]"]),
    ],
)
def test_samples_follow_the_exact_law(width, clamp, read):
    """Chi-square at 1e-7 a case; a law at a beta 10 % off must be rejected."""
    problem = LogicProblem(circuit_of(width), clamp, propagate=False)
    found = histogram(problem, read, beta=0.7, num_reads=40_000, num_sweeps=400, seed=3)
    assert found.exact is not None and found.exact.sum() == pytest.approx(1)
    assert found.counts.sum() == 40_000
    assert found.p_value > 1e-7
    wrong = histogram(problem, read, beta=0.77, num_reads=1, num_sweeps=1, seed=3).exact
    outcomes = np.repeat(np.arange(found.counts.size), found.counts)
    assert chi_square_p_value(outcomes, wrong) < 1e-7


def test_elimination_and_enumeration_agree(monkeypatch):
    problem = LogicProblem(circuit_of(2), {"less": 1}, propagate=False)
    one = histogram(problem, ["a", "y[1]"], beta=1.3, num_reads=10, num_sweeps=1, seed=1)
    monkeypatch.setattr("pbit.problems.logic.circuits.histograms._ENUMERATED", 0)
    two = histogram(problem, ["a", "y[1]"], beta=1.3, num_reads=10, num_sweeps=1, seed=1)
    np.testing.assert_allclose(one.exact, two.exact, rtol=0, atol=1e-12)


def test_a_held_wire_has_one_value_by_elimination_too(monkeypatch):
    monkeypatch.setattr("pbit.problems.logic.circuits.histograms._ENUMERATED", 0)
    problem = LogicProblem(circuit_of(2), {"b": "x0"})
    table = histogram(problem, ["b[0]", "a"], beta=1.0, num_reads=10, num_sweeps=1, seed=1)
    assert {values[0] for values in table.values} == {0}
    assert table.exact.sum() == pytest.approx(1.0)


def test_possible_values_are_those_of_the_circuit():
    table = histogram(
        LogicProblem(circuit_of(2), {"less": 1}, propagate=False),
        ["a", "b", "y"],
        beta=1.0,
        num_reads=100,
        seed=1,
    )
    possible = {values for values, good in zip(table.values, table.consistent, strict=True) if good}
    assert possible == {(a, b, a * b) for a in range(4) for b in range(4) if a < b}


def test_wires_that_the_clamp_decides_and_names_twice():
    problem = LogicProblem(circuit_of(2), {"y": 9})
    with pytest.raises(ValueError, match="the clamp decides every wire"):
        histogram(problem, ["a"], beta=1.0)
    half = LogicProblem(circuit_of(2), {"a": 1})
    table = histogram(half, ["a", "b", "b[0]"], beta=1.0, num_reads=1000, seed=1)
    assert {values[0] for values in table.values} == {1}
    assert all(values[2] == values[1] % 2 for values in table.values)
    law = exact.exact_boltzmann(half.model, 1.0)
    assert table.exact.sum() == pytest.approx(law.sum())


@pytest.mark.parametrize("read", [[], ["a", "b", "y"]])
def test_too_many_or_too_few_bits(read):
    with pytest.raises(ValueError, match=r"a histogram must be of 1..16 bits, got"):
        histogram(LogicProblem(circuit_of(5)), read, beta=1.0)


def test_no_exact_law_for_a_large_network():
    table = histogram(LogicProblem(circuit_of(12)), ["a"], beta=1.0, num_reads=50, seed=1)
    assert table.exact is None and table.p_value is None
    assert table.consistent is None
