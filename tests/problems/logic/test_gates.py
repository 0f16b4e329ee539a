"""Gates: every statement checked by enumeration, which is written here once more."""

from dataclasses import replace
from itertools import product

import numpy as np
import pytest

from pbit.models.ising import IsingModel
from pbit.models.polynomial import PolynomialModel
from pbit.problems.logic.gates.gate import Gate
from pbit.problems.logic.gates.library import (
    AND,
    FULL_ADDER,
    GATES,
    HALF_ADDER,
    MUX,
    XOR,
)
from pbit.problems.logic.gates.native import native_gate


def all_states(n: int) -> np.ndarray:
    return np.array(list(product((-1, 1), repeat=n)), dtype=np.int8).reshape(2**n, n)


def ground_rows(gate: Gate) -> tuple[set[tuple[int, ...]], float, float]:
    states = all_states(len(gate.pins))
    energies = gate.model.energy(states)
    lowest = energies.min()
    rows = {tuple(((s + 1) // 2).tolist()) for s in states[energies == lowest]}
    return rows, float(lowest), float(energies[energies > lowest].min() - lowest)


@pytest.mark.parametrize("gate", GATES, ids=lambda gate: gate.name)
def test_ground_states_are_the_truth_table(gate):
    rows, lowest, gap = ground_rows(gate)
    assert rows == set(gate.rows)
    assert (lowest, gap) == (gate.ground_energy, gate.gap)
    assert gate.check()
    assert gate.enumerated() == (gate.rows, lowest, gap)


@pytest.mark.parametrize("gate", GATES, ids=lambda gate: gate.name)
def test_a_planted_weight_fails_the_same_check(gate):
    i, j, weight = gate.couplings[0]
    wrong = replace(gate, couplings=((i, j, -weight), *gate.couplings[1:]))
    assert not wrong.check()
    assert not replace(gate, gap=gate.gap * 1.1).check()
    assert not replace(gate, ground_energy=gate.ground_energy - 1).check()
    assert not replace(gate, rows=gate.rows[1:]).check()
    for factor in (1e-9, 1e9):
        assert gate.scaled(factor).check()
        assert not wrong.scaled(factor).check()
        assert not replace(gate, gap=gate.gap * 1.001).scaled(factor).check()


BOOLEAN = {
    "COPY": lambda a, y: y == a,
    "NOT": lambda a, y: y == 1 - a,
    "AND": lambda a, b, y: y == (a and b),
    "OR": lambda a, b, y: y == (a or b),
    "NAND": lambda a, b, y: y != (a and b),
    "NOR": lambda a, b, y: y != (a or b),
    "AND NOT": lambda a, b, y: y == (a and not b),
    "IMPLIES": lambda a, b, y: y == (not a or b),
    "XOR": lambda a, b, y, x: y == (a + b) % 2 and x == a * b,
    "XNOR": lambda a, b, y, x: y != (a + b) % 2 and x == a * b,
    "MAJ": lambda a, b, c, y: y == (a + b + c > 1),
    "MUX": lambda s, a, b, y, x: y == (b if s else a) and x == s * b,
    "MUX of gates": lambda s, a, b, y, x, z: (
        y == (b if s else a) and x == s * b and z == a * (1 - s)
    ),
    "XOR3": lambda a, b, c, y, x: y == (a + b + c) % 2 and x == (a + b + c) // 2,
    "MUX of six": lambda s, a, b, y, x, z: y == (b if s else a) and x == s * b and z == a * (1 - s),
    "half adder": lambda a, b, s, c: a + b == s + 2 * c,
    "full adder": lambda a, b, c, s, co: a + b + c == s + 2 * co,
    "half adder plus one": lambda a, b, s, c: a + b + 1 == s + 2 * c,
    "half subtractor": lambda a, b, d, w: a - b == d - 2 * w,
    "full subtractor": lambda a, b, w, d, wo: a - b - w == d - 2 * wo,
    "multiply-add": lambda a, b, c, d, s, co: a * b + c + d == s + 2 * co,
    "multiply-half-add": lambda a, b, c, s, co: a * b + c == s + 2 * co,
}


@pytest.mark.parametrize("gate", GATES, ids=lambda gate: gate.name)
def test_truth_tables_say_what_the_names_do(gate):
    right = {bits for bits in product((0, 1), repeat=len(gate.pins)) if BOOLEAN[gate.name](*bits)}
    assert set(gate.rows) == right
    assert list(gate.rows) == sorted(gate.rows) and len(gate.rows) == 2**gate.num_inputs
    assert gate.pins == (*gate.inputs, *gate.outputs, *gate.auxiliaries)


@pytest.mark.parametrize("gate", [*GATES, native_gate(MUX)], ids=lambda gate: gate.name)
def test_all_terms_are_the_model(gate):
    states = all_states(len(gate.pins))
    energies = -sum(w * states[:, list(pins)].prod(axis=1) for pins, w in gate.all_terms)
    np.testing.assert_array_equal(gate.model.energy(states), energies)
    assert all(weight for _, weight in gate.all_terms)
    assert isinstance(gate.model, PolynomialModel if gate.terms else IsingModel)
    assert gate.model.labels == gate.pins
    assert gate.parts == ((gate, tuple(range(len(gate.pins)))),)


def test_evaluate_completes_rows():
    bits = [[[0, 0], [0, 1]], [[1, 0], [1, 1]]]
    assert XOR.evaluate(bits).tolist() == [
        [[0, 0, 0, 0], [0, 1, 1, 0]],
        [[1, 0, 1, 0], [1, 1, 0, 1]],
    ]
    assert XOR.evaluate(bits).dtype == np.int8
    with pytest.raises(ValueError, match=r"last axis 2, one entry an input \(A, B\), got shape"):
        XOR.evaluate([0, 1, 1])
    with pytest.raises(ValueError, match="bits must be 0 or 1; for spins"):
        XOR.evaluate([-1, 1])
    relation = replace(AND, num_inputs=0, num_outputs=3)
    with pytest.raises(ValueError, match="AND is a relation, which 0 inputs do not decide"):
        relation.evaluate([])


@pytest.mark.parametrize("gate", [XOR, native_gate(FULL_ADDER)], ids=["pairs", "products"])
def test_inverted_pins(gate):
    pins = (gate.pins[0], gate.pins[-1])
    other = gate.inverted(*pins, name="other")
    flip = np.array([pin in pins for pin in gate.pins])
    assert set(other.rows) == {tuple((np.array(row) ^ flip).tolist()) for row in gate.rows}
    assert ground_rows(other) == (set(other.rows), gate.ground_energy, gate.gap)
    assert other.name == "other" and other.inverted(*pins, name=gate.name) == gate
    assert AND.inverted("Y").name == "AND with Y inverted"
    with pytest.raises(ValueError, match="pins must be among A, B, Y for AND, got 'Q'"):
        AND.inverted("Q")


@pytest.mark.parametrize("gate", [AND, native_gate(MUX)], ids=["pairs", "products"])
def test_scaling_keeps_the_ground_states(gate):
    half = replace(gate, gap_bound=8.0).scaled(0.5)
    expected = (set(gate.rows), gate.ground_energy / 2, gate.gap / 2)
    assert ground_rows(half) == expected
    assert (half.ground_energy, half.gap) == expected[1:]
    assert half.gap_bound == 4.0 and gate.scaled(2.0).gap_bound is None


@pytest.mark.parametrize("factor", [0.0, -1.0, float("nan"), float("inf")])
def test_scale_must_be_positive(factor):
    with pytest.raises(ValueError, match="factor must be > 0 to keep the ground states"):
        AND.scaled(factor)


@pytest.mark.parametrize(
    ("gate", "beta", "expected"),
    [
        (AND, 0.5, 0.907),
        (AND, 1, 0.986),
        (AND, 2, 0.9997),
        (FULL_ADDER, 0.5, 0.602),
        (FULL_ADDER, 1, 0.808),
        (FULL_ADDER, 2, 0.969),
    ],
)
def test_floating_gates_obey_their_table(gate, beta, expected):
    energies = gate.model.energy(all_states(len(gate.pins)))
    weights = np.exp(-beta * (energies - gate.ground_energy))
    valid = weights[energies == gate.ground_energy].sum() / weights.sum()
    assert valid == pytest.approx(expected, abs=6e-4)
    assert gate.probability_valid(beta) == pytest.approx(valid, rel=1e-12)


def test_probability_at_the_ends():
    assert HALF_ADDER.probability_valid(0) == 4 / 16
    assert HALF_ADDER.probability_valid(float("inf")) == 1
    for beta in (-1.0, float("nan")):
        with pytest.raises(ValueError, match="beta must be >= 0, got"):
            AND.probability_valid(beta)


def test_enumeration_has_a_limit():
    names = tuple(f"P{k}" for k in range(21))
    wide = Gate("wide", names, (), (), (1.0,) * 21, -21.0, 2.0, num_inputs=20, num_outputs=1)
    with pytest.raises(ValueError, match="at most 20 pins, wide has 21; check its parts"):
        wide.enumerated()
