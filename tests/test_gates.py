"""Gates and circuits: every statement checked by enumeration."""

from itertools import product

import numpy as np
import pytest

from pbit.problems.logic.circuit import Circuit
from pbit.problems.logic.gates import AND, FULL_ADDER, GATES, HALF_ADDER, NOT, Gate


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


BOOLEAN = {
    "COPY": lambda a, y: y == a,
    "NOT": lambda a, y: y == 1 - a,
    "AND": lambda a, b, y: y == (a and b),
    "OR": lambda a, b, y: y == (a or b),
    "NAND": lambda a, b, y: y != (a and b),
    "NOR": lambda a, b, y: y != (a or b),
    "XOR": lambda a, b, y, x: y == (a + b) % 2 and x == a * b,
    "XNOR": lambda a, b, y, x: y != (a + b) % 2 and x == a * b,
    "half adder": lambda a, b, s, c: a + b == s + 2 * c,
    "full adder": lambda a, b, c, s, co: a + b + c == s + 2 * co,
}


@pytest.mark.parametrize("gate", GATES, ids=lambda gate: gate.name)
def test_truth_tables_say_what_the_names_do(gate):
    right = {bits for bits in product((0, 1), repeat=len(gate.pins)) if BOOLEAN[gate.name](*bits)}
    assert set(gate.rows) == right


def test_scaling_keeps_the_ground_states():
    half = AND.scaled(0.5)
    assert ground_rows(half) == (set(AND.rows), -1.5, 2.0)
    assert (half.ground_energy, half.gap) == (-1.5, 2.0)


@pytest.mark.parametrize("factor", [0.0, -1.0, float("nan")])
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


def ripple_adder(bits: int) -> tuple[Circuit, list[int], list[int], list[int]]:
    circuit = Circuit()
    a = [circuit.net(f"a{k}") for k in range(bits)]
    b = [circuit.net(f"b{k}") for k in range(bits)]
    total, carry = circuit.add(HALF_ADDER, (a[0], b[0]), "s0", "c1")
    sums = [total]
    for k in range(1, bits):
        total, carry = circuit.add(FULL_ADDER, (a[k], b[k], carry), f"s{k}", f"c{k + 1}")
        sums.append(total)
    return circuit, a, b, [*sums, carry]


def test_a_circuit_has_the_sum_of_its_gates_as_ground_states():
    circuit, a, b, sums = ripple_adder(3)
    states = all_states(len(circuit.names))
    energies = circuit.model.energy(states)
    ground = states[energies == circuit.ground_energy]
    assert energies.min() == circuit.ground_energy == -12
    x, y = np.meshgrid(np.arange(8), np.arange(8))
    inputs = {net: x >> k & 1 for k, net in enumerate(a)}
    inputs |= {net: y >> k & 1 for k, net in enumerate(b)}
    right = circuit.evaluate(inputs)
    bits = (right[..., sums] + 1) // 2
    np.testing.assert_array_equal(bits @ (1 << np.arange(4)), x + y)
    assert {s.tobytes() for s in ground} == {s.tobytes() for s in right.reshape(64, -1)}


def test_two_pins_on_one_net_become_a_constant():
    circuit = Circuit()
    a = circuit.net("a")
    circuit.add(AND, (a, a), "y")
    energies = circuit.model.energy(all_states(2))
    np.testing.assert_array_equal(energies == circuit.ground_energy, [True, False, False, True])


def test_circuit_refuses_what_is_not_wired_right():
    circuit = Circuit()
    a = circuit.net("a")
    with pytest.raises(ValueError, match="net names must be distinct, got 'a' twice"):
        circuit.net("a")
    with pytest.raises(ValueError, match="NOT has the pins A, Y, got 2 inputs and 1 outputs"):
        circuit.add(NOT, (a, a), "y")
    with pytest.raises(ValueError, match="input net 7 does not exist"):
        circuit.add(NOT, (7,), "y")
