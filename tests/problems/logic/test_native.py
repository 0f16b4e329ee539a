"""Native gates: products of many spins, by enumeration."""

from dataclasses import replace

import numpy as np
import pytest

from pbit.models.polynomial import PolynomialModel
from pbit.problems.logic.gates.library import GATES
from pbit.problems.logic.gates.native import native_gate, native_xor


@pytest.mark.parametrize("gate", GATES, ids=lambda gate: gate.name)
def test_the_library_without_auxiliaries(gate):
    native = native_gate(gate)
    kept = gate.num_inputs + gate.num_outputs
    assert native.pins == gate.pins[:kept] and not native.auxiliaries
    assert native.rows == tuple(row[:kept] for row in gate.rows)
    assert native.check()
    pins, weight = native.all_terms[-1]
    wrong = native_gate(gate)
    if len(pins) > 2:
        wrong = replace(wrong, terms=(*wrong.terms[:-1], (pins, -weight)))
        assert not wrong.check()


@pytest.mark.parametrize(
    ("text", "gap", "largest", "count"),
    [
        ("a & b", 4, 1, 4),
        ("a | b", 4, 1, 4),
        ("a ^ b", 2, 1, 1),
        ("maj(a, b, c)", 4, 1, 4),
        ("mux(s, a, b)", 4, 1, 4),
        ("a & b & c", 8, 3, 8),
        ("a & b & c & d", 16, 7, 16),
        ("s = a ^ b ^ c; co = maj(a, b, c)", 4, 2, 5),
    ],
)
def test_sizes(text, gap, largest, count):
    gate = native_gate(text)
    assert gate.check()
    weights = [abs(weight) for _, weight in gate.all_terms]
    assert (gate.gap, max(weights), len(weights)) == (gap, largest, count)


@pytest.mark.parametrize("rows", [[[0, 0, 1], [0, 1, 0], [1, 0, 0]], [[0, 1], [1, 0]], [[1]]])
def test_relations(rows):
    gate = native_gate(rows)
    assert gate.check()
    assert set(gate.rows) == set(map(tuple, rows))


def test_random_functions():
    rng = np.random.default_rng(5)
    for _ in range(20):
        outputs = rng.integers(0, 2, (16, 2))
        gate = native_gate_of(outputs)
        assert gate.check()
        np.testing.assert_array_equal(np.array(gate.rows)[:, 4:], outputs)


def native_gate_of(outputs):
    from pbit.problems.logic.gates.truth_table import TruthTable

    return native_gate(TruthTable.from_outputs(outputs), name="random")


@pytest.mark.parametrize("n", [1, 2, 3, 4, 9])
@pytest.mark.parametrize("inverted", [False, True])
def test_parity_is_one_product(n, inverted):
    gate = native_xor(n, inverted=inverted)
    assert gate.check()
    assert len(gate.all_terms) == 1 and abs(gate.all_terms[0][1]) == 1
    rows = np.array(gate.rows)
    np.testing.assert_array_equal(rows[:, n], (rows[:, :n].sum(axis=1) + inverted) % 2)
    assert (n == 1) != isinstance(gate.model, PolynomialModel)


def test_refusals():
    with pytest.raises(ValueError, match="num_inputs must be <= 19, got 20"):
        native_xor(20)
    with pytest.raises(ValueError, match="num_inputs must be >= 1, got 0"):
        native_xor(0)
