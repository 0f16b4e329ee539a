"""JSON netlists of yosys: every cell against what yosys itself says, and whole circuits."""

import gzip
import io
import json
from itertools import product
from pathlib import Path

import numpy as np
import pytest

from cases import some
from pbit import exact
from pbit.problems.logic.circuits.compiling import compile_network
from pbit.problems.logic.netlists import read_circuit

FOLDER = Path(__file__).parent / "netlists"
EVALUATED = json.loads(gzip.decompress((FOLDER / "cells_eval.json.gz").read_bytes()))
NAMES = sorted({name.rpartition("_")[0] for name in EVALUATED})


def circuit_of(modules, **options):
    text = json.dumps({"modules": modules}).encode()
    return read_circuit(io.BytesIO(text), fewer_p_bits=False, **options)


def cell(kind, pins, widths, **parameters):
    """A module with one cell whose pins are its ports; Y, X and CO are outputs."""
    ports, first = {}, 2
    for pin in pins:
        direction = "output" if pin in ("Y", "X", "CO") else "input"
        bits = list(range(first, first + widths[pin]))
        ports[pin] = {"direction": direction, "bits": bits}
        first += widths[pin]
    one = {
        "type": kind,
        "parameters": parameters,
        "connections": {pin: port["bits"] for pin, port in ports.items()},
    }
    return circuit_of({"m": {"ports": ports, "cells": {"c": one}}})


@pytest.fixture(scope="module")
def cells():
    return json.loads(gzip.decompress((FOLDER / "cells.json.gz").read_bytes()))["modules"]


def test_there_are_many_kinds_of_cells():
    assert len(NAMES) == 61 and {"mul", "sshr", "alu", "_AOI4_", "demux", "sop"} <= set(NAMES)


@pytest.mark.parametrize("name", NAMES)
def test_cells_do_what_yosys_says(cells, name):
    compared = 0
    for key in (f"{name}_{k:05}" for k in range(4)):
        circuit, told = circuit_of({key: cells[key]}), EVALUATED[key]
        for row in told["rows"]:
            given = dict(zip(told["inputs"], row, strict=False))
            got = circuit.evaluate(given)
            for output, text in zip(told["outputs"], row[len(given) :], strict=True):
                bits = f"{got[output]:0{len(text)}b}"
                pairs = [(x, y) for x, y in zip(text, bits, strict=True) if x != "x"]
                assert all(x == y for x, y in pairs), (key, given, output, text, bits)
                compared += len(pairs)
    assert compared >= 48 * (name != "shiftx")


def test_a_wrong_cell_is_noticed(cells):
    """The check above has teeth: subtraction in the place of addition fails it."""
    key = next(key for key in cells if key.startswith("add_"))
    module = json.loads(json.dumps(cells[key]).replace('"$add"', '"$sub"'))
    circuit, told = circuit_of({"m": module}), EVALUATED[key]
    rows = [dict(zip(told["inputs"], row, strict=False)) for row in told["rows"]]
    got = [circuit.evaluate(given)["Y"] for given in rows]
    assert got != [int(row[-1], 2) for row in told["rows"]]


def as_signed(value, width):
    return value - (value >> (width - 1) << width)


WIDTHS = {
    "a few": [(1, 1, 1), (1, 4, 4), (3, 4, 1), (3, 2, 9), (4, 2, 4), (4, 4, 9)],
    "all": list(product((1, 3, 4), (1, 2, 4), (1, 4, 9))),
}


@pytest.mark.parametrize("which", some(WIDTHS, "a few"))
@pytest.mark.parametrize("signed", [0, 1])
@pytest.mark.parametrize("kind", ["$add", "$sub", "$mul", "$div", "$mod", "$divfloor", "$modfloor"])
def test_arithmetic_is_that_of_python(kind, signed, which):
    def truncated(a, b):
        quotient = abs(a) // abs(b)
        return quotient if (a < 0) == (b < 0) else -quotient

    rules = {
        "$add": lambda a, b: a + b,
        "$sub": lambda a, b: a - b,
        "$mul": lambda a, b: a * b,
        "$div": truncated,
        "$mod": lambda a, b: a - b * truncated(a, b),
        "$divfloor": lambda a, b: a // b,
        "$modfloor": lambda a, b: a % b,
    }
    for widths in WIDTHS[which]:
        sizes = dict(zip("ABY", widths, strict=True))
        circuit = cell(kind, "ABY", sizes, A_SIGNED=signed, B_SIGNED=f"{signed:032b}")
        for a, b in product(range(2 ** sizes["A"]), range(2 ** sizes["B"])):
            x, y = (as_signed(a, sizes["A"]), as_signed(b, sizes["B"])) if signed else (a, b)
            if b or kind in ("$add", "$sub", "$mul"):
                want = rules[kind](x, y) % 2 ** sizes["Y"]
                assert circuit.evaluate(A=a, B=b) == {"Y": want}, (sizes, x, y)


def test_cells_without_a_reference():
    widths = {"A": 2, "B": 6, "S": 3, "Y": 2}
    pmux = cell("$pmux", "ABSY", widths)
    for select, want in ((0, 1), (1, 2), (2, 3), (4, 0)):
        assert pmux.evaluate(A=1, B=0b001110, S=select) == {"Y": want}
    equal = cell("$eqx", "ABY", {"A": 2, "B": 3, "Y": 1}, A_SIGNED=1, B_SIGNED=1)
    assert equal.evaluate(A=2, B=6) == {"Y": 1} and equal.evaluate(A=2, B=2) == {"Y": 0}
    other = cell("$nex", "ABY", {"A": 2, "B": 3, "Y": 1})
    assert other.evaluate(A=2, B=2) == {"Y": 0} and other.evaluate(A=2, B=6) == {"Y": 1}
    bits = cell("$bweqx", "ABY", {"A": 2, "B": 2, "Y": 2})
    assert bits.evaluate(A=1, B=3) == {"Y": 1}
    assert cell("$buf", "AY", {"A": 2, "Y": 2}).evaluate(A=2) == {"Y": 2}
    nand = cell("$_NMUX_", "ABSY", dict.fromkeys("ABSY", 1))
    assert nand.evaluate(A=1, B=0, S=0) == {"Y": 0} and nand.evaluate(A=1, B=0, S=1) == {"Y": 1}


@pytest.mark.parametrize("selects", [2, 3, 4])
def test_wide_multiplexer_gates(selects):
    pins = "ABCDEFGHIJKLMNOP"[: 2**selects] + "STUV"[:selects]
    circuit = cell(f"$_MUX{2**selects}_", pins + "Y", dict.fromkeys(pins + "Y", 1))
    rng = np.random.default_rng(1)
    for row in rng.integers(0, 2, (40, len(pins))).tolist():
        index = sum(bit << k for k, bit in enumerate(row[2**selects :]))
        given = dict(zip(pins, row, strict=True))
        assert circuit.evaluate(given) == {"Y": row[index]}


def spins_and_ground_states(circuit):
    """The network of a circuit, and its ground states by enumeration."""
    roots = [q for bits in circuit.signals.values() for q in bits]
    network = compile_network(circuit.netlist, roots)
    energies = exact.exact_energies(network.model)
    assert energies.min() == network.ground_energy
    return network, (energies == energies.min()).sum()


@pytest.mark.parametrize("name, p_bits", [("multiply4.json", 48), ("multiply4_gates.json", 64)])
def test_multipliers(name, p_bits):
    circuit = read_circuit(str(FOLDER / name))
    assert {key: len(bits) for key, bits in circuit.inputs.items()} == {"a": 4, "b": 4}
    a, b = np.divmod(np.arange(256), 16)
    np.testing.assert_array_equal(circuit.evaluate(a=a, b=b)["y"], a * b)
    roots = [q for bits in circuit.signals.values() for q in bits]
    assert compile_network(circuit.netlist, roots).model.num_spins == p_bits


def test_ground_states_are_the_products():
    modules = {
        "m": {
            "ports": {
                "a": {"direction": "input", "bits": [2, 3]},
                "b": {"direction": "input", "bits": [4, 5]},
                "y": {"direction": "output", "bits": [6, 7, 8, 9]},
            },
            "cells": {
                "times": {
                    "type": "$mul",
                    "parameters": {},
                    "connections": {"A": [2, 3], "B": [4, 5], "Y": [6, 7, 8, 9]},
                }
            },
        }
    }
    network, count = spins_and_ground_states(circuit_of(modules))
    assert network.model.num_spins == 12 and count == 16


def alu(a, b, op):
    """What ``alu.v`` says."""
    x, y = as_signed(a, 4), as_signed(b, 4)
    shift = b & 3
    code = b ^ b >> 1
    word = [x + y, x - y, x * y, as_signed(a & ~b & 15, 4), x >> shift, x << shift, min(x, y)]
    result = [*word, a << 4 | code][op] % 256
    return {"y": result, "less": int(x < y), "zero": int(not result)}


@pytest.mark.parametrize("name", ["alu.json", "alu_luts.blif"])
def test_a_whole_circuit_with_modules(name):
    circuit = read_circuit(str(FOLDER / name))
    op, a, b = (x.reshape(-1) for x in np.mgrid[0:8, 0:16, 0:16])
    got = circuit.evaluate(a=a, b=b, op=op)
    want = [alu(*row) for row in zip(a.tolist(), b.tolist(), op.tolist(), strict=True)]
    for output in ("y", "less", "zero"):
        assert got[output].tolist() == [row[output] for row in want]


def test_names_inside_modules():
    circuit = read_circuit(str(FOLDER / "alu.json"))
    code = [circuit.wires[f"code[{k}]"] for k in range(4)]
    assert [circuit.wires[f"gray_.code[{k}]"] for k in range(4)] == code
    assert circuit.find("add_.sum[7]") and circuit.find("gray_.value[0]")
    known = circuit.netlist.evaluate(
        {q >> 1: True for name in "ab" for q in circuit.inputs[name]}
        | {q >> 1: False for q in circuit.inputs["op"]}
    )
    bits = [bool(known[q >> 1]) ^ bool(q & 1) for q in code]
    assert sum(int(bit) << k for k, bit in enumerate(bits)) == 0b1000


def test_a_word_may_read_its_own_lower_bits():
    """``b[6:0] = b[7:1] ^ g[6:0]`` is no cycle."""
    g, b = list(range(2, 10)), list(range(10, 18))
    word = {"type": "$xor", "connections": {"A": b[1:], "B": g[:7], "Y": b[:7]}}
    last = {"type": "$_BUF_", "connections": {"A": g[7:], "Y": b[7:]}}
    ports = {"g": {"direction": "input", "bits": g}, "b": {"direction": "output", "bits": b}}
    circuit = circuit_of({"gray": {"ports": ports, "cells": {"xor": word, "top": last}}})
    for value in (0, 1, 100, 255):
        assert circuit.evaluate(g=value ^ value >> 1) == {"b": value}


def test_modules_that_pass_inputs_and_constants_through():
    def port(direction, *bits):
        return {"direction": direction, "bits": list(bits)}

    inner = {
        "ports": {
            "x": port("input", 2),
            "y": port("output", 2),
            "z": port("output", 2),
            "c": port("output", "0", "1"),
        }
    }
    use = {"type": "inner", "connections": {"x": [2], "y": [3], "z": [4], "c": [5, 6]}}
    outer = {
        "ports": {"a": port("input", 2), "out": port("output", 3, 4, 5, 6, "1")},
        "cells": {"u": use, "note": {"type": "$scopeinfo", "connections": {}}},
    }
    circuit = circuit_of({"inner": inner, "outer": outer})
    assert circuit.evaluate(a=1) == {"out": 0b11011} and circuit.evaluate(a=0) == {"out": 0b11000}


def test_top_is_the_marked_the_only_or_the_named_module():
    def module(value, **attributes):
        ports = {"y": {"direction": "output", "bits": [value]}}
        return {"ports": ports, "attributes": attributes}

    two = {"zero": module("0"), "one": module("1", top="0" * 31 + "1")}
    assert circuit_of(two).evaluate() == {"y": 1}
    assert circuit_of(two, top="zero").evaluate() == {"y": 0}
    black = {"zero": module("0"), "one": module("1", blackbox=1)}
    assert circuit_of(black).evaluate() == {"y": 0}
