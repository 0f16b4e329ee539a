"""BLIF: typed circuits forwards and backwards, every construct, large files."""

import gzip
import io
from itertools import product
from pathlib import Path

import numpy as np
import pytest

from cases import some
from pbit import exact
from pbit.problems.logic.circuits.compiling import compile_network
from pbit.problems.logic.circuits.netlist import Netlist
from pbit.problems.logic.netlists import read_circuit
from pbit.problems.logic.netlists.covers import cover

FOLDER = Path(__file__).parent / "netlists"


def circuit_of(text, **options):
    return read_circuit(io.BytesIO(text.encode()), **options)


def network_of(circuit):
    return compile_network(circuit.netlist, [q for bits in circuit.signals.values() for q in bits])


def c17(g1, g2, g3, g6, g7):
    g10, g11 = 1 - g1 * g3, 1 - g3 * g6
    g16, g19 = 1 - g2 * g11, 1 - g11 * g7
    return {"G22": 1 - g10 * g16, "G23": 1 - g16 * g19}


def test_c17():
    circuit = read_circuit(FOLDER / "c17.blif")
    for bits in product((0, 1), repeat=5):
        assert circuit.evaluate(dict(zip(circuit.inputs, bits, strict=True))) == c17(*bits)
    assert set(circuit.wires) == {"G10", "G11", "G16", "G19"}
    network = network_of(circuit)
    assert network.model.num_spins == 11


def test_c17_backwards():
    """With outputs held, the ground states are the inputs that give them, no others."""
    circuit = read_circuit(FOLDER / "c17.blif")
    network = network_of(circuit)
    n = network.model.num_spins
    energies = exact.exact_energies(network.model)
    assert energies.min() == network.ground_energy
    states = np.array(list(product((-1, 1), repeat=n)))
    ground = states[network.model.energy(states) == network.ground_energy]
    bits = network.bits(ground, [q for bits in circuit.signals.values() for q in bits]).astype(int)
    expected = {(*row, *c17(*row).values()) for row in product((0, 1), repeat=5)}
    assert len(ground) == 32 and set(map(tuple, bits.tolist())) == expected


@pytest.mark.parametrize("fewer, p_bits", [(False, 37), (True, 17)])
def test_adder_with_fast_carry(fewer, p_bits):
    circuit = read_circuit(FOLDER / "74283.blif", fewer_p_bits=fewer)
    assert {name: len(bits) for name, bits in circuit.inputs.items()} == {"a": 4, "b": 4, "cin": 1}
    a, b, cin = (x.reshape(-1) for x in np.mgrid[0:16, 0:16, 0:2])
    got = circuit.evaluate(a=a, b=b, cin=cin)
    np.testing.assert_array_equal(got["s"] + 16 * got["cout"], a + b + cin)
    network = network_of(circuit)
    assert network.model.num_spins == p_bits
    if fewer:  # the ground states are the 512 sums
        energies = exact.exact_energies(network.model)
        assert energies.min() == network.ground_energy
        assert (energies == energies.min()).sum() == 512


def test_gzip_is_read(tmp_path):
    path = tmp_path / "c17.blif.gz"
    path.write_bytes(gzip.compress((FOLDER / "c17.blif").read_bytes(), mtime=0))
    assert list(read_circuit(path).outputs) == ["G22", "G23"]


def test_covers():
    text = """# comment
.model \\
  covers   # a name on the next line
.inputs a b c
.outputs on off none \\
   one zero any buffer
.area 3
.names a b c on
1-0 1
011 1
.names a b c off
1-0 0
011 0
.names none
.names one
1
.names zero
0
.names a b any
-- 1
.names a buffer
1 1
.exdc
.names a b c on
111 1
.end
"""
    circuit = circuit_of(text.replace("\n", "\r\n"))
    for a, b, c in product((0, 1), repeat=3):
        on = int((a, c) == (1, 0) or (a, b, c) == (0, 1, 1))
        assert circuit.evaluate(a=a, b=b, c=c) == {
            **{"on": on, "off": 1 - on, "none": 0, "one": 1, "zero": 0},
            **{"any": 1, "buffer": a},
        }


@pytest.mark.parametrize("num_inputs", [1, 2, 4, 7, 10, 13])
def test_random_covers(num_inputs):
    rng = np.random.default_rng(num_inputs)
    rows = np.arange(2**num_inputs)
    for value in (0, 1):
        netlist = Netlist()
        inputs = [netlist.free() for _ in range(num_inputs)]
        cubes = tuple("".join(rng.choice(list("01---"), num_inputs)) for _ in range(5))
        literal = cover(netlist, inputs, cubes, value)
        known = netlist.evaluate({q >> 1: rows >> k & 1 for k, q in enumerate(inputs)})
        got = np.broadcast_to(known[literal >> 1] ^ bool(literal & 1), rows.shape)
        for row in rows.tolist():
            bits = [str(row >> k & 1) for k in range(num_inputs)]
            met = any(all(x in ("-", y) for x, y in zip(c, bits, strict=True)) for c in cubes)
            assert got[row] == (value if met else 1 - value)


def test_a_wide_gate_of_one_cube_needs_no_table():
    names = " ".join(f"i{k}" for k in range(40))
    circuit = circuit_of(f".inputs {names}\n.outputs y\n.names {names} y\n{'1' * 40} 1\n")
    assert circuit.evaluate({f"i{k}": 1 for k in range(40)}) == {"y": 1}
    assert circuit.evaluate({f"i{k}": k != 17 for k in range(40)}) == {"y": 0}
    assert network_of(circuit).model.num_spins == 79


HIERARCHY = """.model top
.inputs a[0] a[1] b[0] b[1]
.outputs s[0] s[1] s[2]
.subckt fa a=a[1] b=b[1] c=carry s=s[1] co=s[2]
.cname high
.subckt fa a=a[0] b=b[0] c=zero co=carry s=s[0]
.names zero
.end
.model fa
.inputs a b c
.outputs s co
.subckt xor x=a y=b z=t
.subckt xor x=t y=c z=s
.names a b c co
11- 1
1-1 1
-11 1
.end
.model xor
.inputs x y
.outputs z
.conn w z
.names x y w
10 1
01 1
.end
"""


def test_models_inside_models():
    circuit = circuit_of(HIERARCHY)
    a, b = np.divmod(np.arange(16), 4)
    np.testing.assert_array_equal(circuit.evaluate(a=a, b=b)["s"], a + b)
    assert network_of(circuit).model.num_spins == 4 + 2 + 2
    assert {"carry", "zero", "high.t", "fa.1.t", "high.xor.0.w"} <= set(circuit.wires)
    assert circuit.wires["zero"] == 0
    assert circuit_of(HIERARCHY, top="fa").evaluate(a=1, b=1, c=0) == {"s": 0, "co": 1}


def test_inner_wires_are_found_after_adders_are():
    """A wire inside what became one cell still has its value."""
    circuit = circuit_of(HIERARCHY)
    circuit.kept["t"] = (circuit.wires["high.t"],)
    network = network_of(circuit)
    energies = exact.exact_energies(network.model)
    assert energies.min() == network.ground_energy and (energies == energies.min()).sum() == 16


def test_inner_wires_keep_their_values():
    for name in ("c17.blif", "74283.blif", "alu_luts.blif", "multiply4_gates.blif"):
        plain = read_circuit(FOLDER / name, fewer_p_bits=False)
        circuit = read_circuit(FOLDER / name)
        assert plain.wires.keys() == circuit.wires.keys()
        rng = np.random.default_rng(5)
        values = []
        given = {key: rng.integers(0, 2 ** len(bits), 200) for key, bits in plain.inputs.items()}
        for one in (plain, circuit):
            inputs = [(q, key, k) for key, v in one.inputs.items() for k, q in enumerate(v)]
            bits = {q >> 1: given[key] >> k & 1 for q, key, k in inputs}
            known = one.netlist.evaluate(bits)
            values.append({w: known[q >> 1] ^ bool(q & 1) for w, q in one.wires.items()})
        for wire, column in values[0].items():
            np.testing.assert_array_equal(column, values[1][wire], err_msg=wire)


def test_names_of_buses():
    text = ".inputs x[0] x[1] y<1> y<0> z[1] w[0] w\n.outputs o[0] o[1] x[0]\n"
    text += ".names x[0] o[0]\n1 1\n.names y<1> o[1]\n1 1\n"
    circuit = circuit_of(text)
    sizes = {name: len(bits) for name, bits in circuit.inputs.items()}
    assert sizes == {"x[0]": 1, "x[1]": 1, "y": 2, "z[1]": 1, "w[0]": 1, "w": 1}
    assert list(circuit.outputs) == ["o", "x[0]"]
    given = {**dict.fromkeys(sizes, 0), "y": 2}
    assert circuit.evaluate(given) == {"o": 2, "x[0]": 0}


@pytest.mark.parametrize("count", some([5_000, 30_000], 5_000))
def test_a_large_file_without_recursion(count):
    """A chain of gates, last first."""
    lines = [".inputs a b", f".outputs w{count}"]
    for k in range(count, 0, -1):
        lines += [f".names w{k - 1} {'ab'[k % 2]} w{k}", "10 1" if k % 3 else "11 1"]
        lines += ["01 1"] * (k % 3 > 0)
    lines += [".names a w0", "1 1"]
    circuit = circuit_of("\n".join(lines), fewer_p_bits=False)
    for a, b in product((0, 1), repeat=2):
        value = a
        for k in range(1, count + 1):
            other = (a, b)[k % 2]
            value = value ^ other if k % 3 else value & other
        assert circuit.evaluate(a=a, b=b) == {f"w{count}": value}
