"""AIGER, ascii and binary: circuits of yosys, every header, a writer for round trips."""

import io
from pathlib import Path

import numpy as np
import pytest

from cases import some
from pbit import exact
from pbit.problems.logic.circuits.compiling import compile_network
from pbit.problems.logic.netlists import read_circuit

FOLDER = Path(__file__).parent / "netlists"


def circuit_of(data, **options):
    return read_circuit(io.BytesIO(data), **options)


def write(inputs, outputs, gates, *, binary=False, symbols=b""):
    """AIGER of gates (left, right0, right1)."""
    top = max([inputs, *(left >> 1 for left, _, _ in gates)])
    kind = b"aig" if binary else b"aag"
    head = b"%s %d %d 0 %d %d\n" % (kind, top, inputs, len(outputs), len(gates))
    lines = [] if binary else [b"%d\n" % (2 * k + 2) for k in range(inputs)]
    lines += [b"%d\n" % literal for literal in outputs]
    for left, *right in gates:
        high, low = max(right), min(right)
        deltas = varint(left - high) + varint(high - low)
        lines.append(deltas if binary else b"%d %d %d\n" % (left, *right))
    return head + b"".join(lines) + symbols


def varint(value):
    out = b""
    while value >= 128:
        out += bytes([value & 127 | 128])
        value >>= 7
    return out + bytes([value])


@pytest.mark.parametrize("name", ["multiply2.aag", "multiply2.aig"])
def test_multiplier_of_two_bits(name):
    circuit = read_circuit(FOLDER / name)
    a, b = np.divmod(np.arange(16), 4)
    np.testing.assert_array_equal(circuit.evaluate(a=a, b=b)["y"], a * b)
    network = compile_network(circuit.netlist, [q for v in circuit.signals.values() for q in v])
    energies = exact.exact_energies(network.model)
    assert network.model.num_spins == 12  # 4 inputs, 4 products, 2 half adders
    assert energies.min() == network.ground_energy and (energies == energies.min()).sum() == 16


@pytest.mark.parametrize("fewer, p_bits", [(False, 100), (True, 64)])
def test_multiplier_of_four_bits(fewer, p_bits):
    circuit = read_circuit(FOLDER / "multiply4.aig", fewer_p_bits=fewer)
    a, b = np.divmod(np.arange(256), 16)
    np.testing.assert_array_equal(circuit.evaluate(a=a, b=b)["y"], a * b)
    network = compile_network(circuit.netlist, [q for v in circuit.signals.values() for q in v])
    assert network.model.num_spins == p_bits


def test_names_and_comments():
    data = write(2, [6, 7, 1], [(6, 2, 5)], symbols=b"i0 x\no1 not y\ni1 z [1]\nc\nanything i0\n")
    circuit = circuit_of(data)
    assert list(circuit.inputs) == ["x", "z [1]"] and list(circuit.outputs) == ["o0", "not y", "o2"]
    assert circuit.evaluate({"x": 1, "z [1]": 0}) == {"o0": 1, "not y": 0, "o2": 1}


def test_gates_in_any_order_and_gaps_between_variables():
    data = b"aag 90 2 0 1 2\n20\n2\n180\n180 100 21\n100 3 20\n"
    circuit = circuit_of(data)
    for a in (0, 1):
        for b in (0, 1):
            assert circuit.evaluate(i0=a, i1=b) == {"o0": int(not b and a and not a)}


def test_bad_states_are_outputs():
    circuit = circuit_of(b"aag 1 1 0 0 0 2\n2\n2\n3\nb1 wrong\n")
    assert circuit.evaluate(i0=1) == {"b0": 1, "wrong": 0}


def random_gates(rng, inputs, count):
    gates = []
    for k in range(count):
        left = 2 * (inputs + k + 1)
        gates.append((left, *rng.integers(max(0, left - 60), left, 2).tolist()))
    return gates


@pytest.mark.parametrize("binary", [False, True])
def test_random_graphs(binary):
    rng = np.random.default_rng(3)
    for _ in range(10):
        gates = random_gates(rng, 6, 200)
        outputs = rng.integers(0, 2 * 206, 5).tolist()
        circuit = circuit_of(write(6, outputs, gates, binary=binary))
        rows = np.arange(64)
        known = [np.zeros(64, dtype=bool), *((rows >> k & 1).astype(bool) for k in range(6))]
        for _, x, y in gates:
            known.append((known[x >> 1] ^ bool(x & 1)) & (known[y >> 1] ^ bool(y & 1)))
        got = circuit.evaluate({f"i{k}": rows >> k & 1 for k in range(6)})
        for k, literal in enumerate(outputs):
            want = known[literal >> 1] ^ bool(literal & 1)
            np.testing.assert_array_equal(np.broadcast_to(got[f"o{k}"], 64), want)


@pytest.mark.parametrize("count", some([30_000, 100_000], 30_000))
def test_a_large_graph_is_read(count):
    rng = np.random.default_rng(4)
    outputs = list(range(2 * count - 100, 2 * count))
    data = write(64, outputs, random_gates(rng, 64, count), binary=True)
    circuit = circuit_of(data, fewer_p_bits=False)
    assert len(circuit.inputs) == 64 and len(circuit.outputs) == 100
