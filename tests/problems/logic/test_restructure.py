"""Fewer p-bits for the same circuit: same values, never more p-bits, adders found."""

from itertools import combinations

import numpy as np
import pytest

from pbit.problems.logic.circuits.circuit import Circuit
from pbit.problems.logic.circuits.compiling import compile_network
from pbit.problems.logic.circuits.restructure import restructured


def p_bits(circuit):
    roots = [q for bits in circuit.signals.values() for q in bits]
    return compile_network(circuit.netlist, roots).model.num_spins


def same_values(circuit, other, *, rows=300):
    rng = np.random.default_rng(1)
    given = {name: rng.integers(0, 2 ** len(q), rows) for name, q in circuit.inputs.items()}
    got, want = other.evaluate(given), circuit.evaluate(given)
    assert got.keys() == want.keys()
    return all((np.asarray(got[name]) == want[name]).all() for name in want)


def from_ands_alone(circuit):
    """The circuit as an and-inverter graph."""
    other = Circuit()
    netlist = other.netlist
    known = {0: 0}
    for name, bits in circuit.inputs.items():
        other.input(name, len(bits))
        known.update((q >> 1, p) for q, p in zip(bits, other.inputs[name], strict=True))

    def xor(a, b):
        return netlist.or_(netlist.and_(a, b ^ 1), netlist.and_(a ^ 1, b))

    for cell in circuit.netlist.cells:
        a, b, c = ([known[q >> 1] ^ (q & 1) for q in cell.inputs] + [0])[:3]
        t = xor(a, b)
        carry = netlist.or_(netlist.and_(a, b), netlist.and_(t, c))
        made = {
            "AND": [netlist.and_(a, b)],
            "half adder": [t, netlist.and_(a, b)],
            "full adder": [xor(t, c), carry],
            "MAJ": [carry],
            "MUX": [netlist.or_(netlist.and_(a, c), netlist.and_(a ^ 1, b))],
        }[cell.gate.name]
        known.update(zip(cell.outputs, made, strict=True))
    for name, bits in circuit.outputs.items():
        other.outputs[name] = tuple(known[q >> 1] ^ (q & 1) for q in bits)
    return other


def multiplier(bits, method):
    circuit = Circuit()
    a, b = circuit.input("a", bits), circuit.input("b", bits)
    circuit.output("y", circuit.multiply(a, b, method=method))
    return circuit


@pytest.mark.parametrize("bits", [2, 4, 8])
@pytest.mark.parametrize("method", ["array", "wallace"])
def test_multipliers_come_back_from_ands(bits, method):
    circuit = multiplier(bits, method)
    graph = from_ands_alone(circuit)
    found = restructured(graph)
    assert same_values(circuit, graph) and same_values(circuit, found)
    assert p_bits(found) <= p_bits(circuit) < p_bits(graph)
    assert method == "wallace" or p_bits(found) == 3 * bits**2


def random_circuit(seed, *, num_inputs=5, gates=40):
    rng = np.random.default_rng(seed)
    circuit = Circuit()
    netlist = circuit.netlist
    known = [circuit.input(f"i{k}").literal for k in range(num_inputs)]
    for _ in range(gates):
        a, b, c = (rng.choice(known[-12:], 3) ^ rng.integers(0, 2, 3)).tolist()
        kind = rng.integers(0, 5)
        if kind < 2:
            known.append(netlist.and_(a, b))
        elif kind == 2:
            known.append(netlist.xor(a, b))
        elif kind == 3:
            known.extend(netlist.full_adder(a, b, c))
        else:
            known.append(netlist.mux(a, b, c))
    for k, literal in enumerate(rng.choice(known, 4).tolist()):
        circuit.outputs[f"o{k}"] = (literal ^ k & 1,)
    circuit.kept["inner"] = (known[20],)
    circuit.wires["deep"] = known[17]
    return circuit


def test_random_circuits_keep_their_values():
    smaller = 0
    for seed in range(60):
        circuit = random_circuit(seed)
        found = restructured(circuit)
        assert same_values(circuit, found)
        assert p_bits(found) <= p_bits(circuit)
        smaller += p_bits(found) < p_bits(circuit)
        circuit.kept["deep"], found.kept["deep"] = (circuit.wires["deep"],), (found.wires["deep"],)
        assert same_values(circuit, found)
    assert smaller > 20


def test_a_sum_and_a_carry_with_signs_share_one_adder():
    for signs in range(8):
        circuit = Circuit()
        netlist = circuit.netlist
        a, b, c = (circuit.input(name).literal ^ (signs >> k & 1) for k, name in enumerate("abc"))
        pairs = [netlist.and_(x, y) for x, y in combinations((a, b, c), 2)]
        circuit.outputs["carry"] = (netlist.any(pairs),)
        circuit.outputs["sum"] = (netlist.xor(netlist.xor(a, b), c) ^ 1,)
        found = restructured(circuit)
        assert same_values(circuit, found) and p_bits(found) == 5


def test_a_sum_and_a_product_with_signs_share_one_half_adder():
    for signs in range(4):
        circuit = Circuit()
        netlist = circuit.netlist
        a, b = (circuit.input(name).literal for name in "ab")
        both = netlist.and_(a ^ (signs & 1), b ^ (signs >> 1))
        one, other = netlist.and_(a, b ^ 1), netlist.and_(a ^ 1, b)
        circuit.outputs["sum"] = (netlist.or_(one, other),)
        circuit.outputs["product"] = (both,)
        found = restructured(circuit)
        assert same_values(circuit, found) and p_bits(found) == 4


def test_a_deep_chain_is_no_recursion():
    circuit = Circuit()
    a, b, c = (circuit.input(name).literal for name in "abc")
    literal = a
    for k in range(3000):
        literal = circuit.netlist.or_(circuit.netlist.and_(literal, (b, c)[k % 2]), k % 7 == 0)
        literal = circuit.netlist.and_(literal, circuit.input(f"i{k}").literal) ^ k & 1
    circuit.outputs["y"] = (literal,)
    found = restructured(circuit)
    assert same_values(circuit, found, rows=20) and p_bits(found) <= p_bits(circuit)


def test_cells_of_other_gates_stay():
    from pbit.problems.logic.gates.library import GATES

    gate = next(gate for gate in GATES if gate.name == "NOR")
    circuit = Circuit()
    a, b, c = (circuit.input(name) for name in "abc")
    (nor,) = circuit.gate(gate, (a & b) | (a & c) | (b & c), c)
    circuit.output("y", nor ^ a)
    found = restructured(circuit)
    assert same_values(circuit, found) and p_bits(found) == 3 + 1 + 1 + 2 < p_bits(circuit)


def test_inputs_and_their_kinds_stay():
    circuit = Circuit()
    a, b = circuit.input("a", 1), circuit.input("b")
    circuit.input("unused", 3)
    circuit.output("y", (a[0] & ~b) | (~a[0] & b))
    found = restructured(circuit)
    assert {name: len(q) for name, q in found.inputs.items()} == {"a": 1, "b": 1, "unused": 3}
    assert found.describe(found.inputs["a"][0]) == "a[0]"
    assert found.describe(found.inputs["b"][0]) == "b"
    assert found.describe(found.outputs["y"][0]) == "y"
