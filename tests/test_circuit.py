"""Circuits: every statement checked by enumeration."""

from itertools import product

import numpy as np
import pytest

from pbit.problems.logic.circuit import Circuit
from pbit.problems.logic.gates import AND, FULL_ADDER, HALF_ADDER, NOT


def all_states(n: int) -> np.ndarray:
    return np.array(list(product((-1, 1), repeat=n)), dtype=np.int8).reshape(2**n, n)


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
