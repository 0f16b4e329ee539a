"""Netlists that are refused: every message, with its line; and damaged files of every kind."""

import io
import json
from pathlib import Path

import numpy as np
import pytest

from pbit.formats import FormatError
from pbit.problems.logic.netlists import assembly, read_circuit

FOLDER = Path(__file__).parent / "netlists"
SEEDS = ["c17.blif", "74283.blif", "multiply2.aag", "multiply2.aig", "multiply4.json"]


def read(data, **options):
    data = data if isinstance(data, bytes) else data.encode()
    return read_circuit(io.BytesIO(data), **options)


def refused(data, match, **options):
    with pytest.raises(FormatError, match=match) as info:
        read(data, **options)
    assert str(info.value).startswith("<stream>")


GOOD = ".model m\n.inputs a b\n.outputs y\n.names a b y\n11 1\n"
LOOP = GOOD.replace("a b y", "a p y")
LOOP += ".names q p\n1 1\n.names r b q\n11 1\n.names p r\n1 1\n"


@pytest.mark.parametrize(
    "text, match",
    [
        (GOOD + ".names a y\n1 1\n", r":6: this drives wire 'y' again: line 4 does already"),
        (GOOD + ".names b a\n1 1\n", r":6: this drives wire 'a' again: it is an input"),
        (GOOD.replace("a b y", "a q y"), r":4: nothing drives wire 'q'; declare it an input"),
        (".inputs a\n.outputs y\n", r"nothing drives wire 'y'"),
        (
            GOOD.replace("a b y", "a p y")
            + ".names q p\n1 1\n.names r b q\n11 1\n.names p r\n1 1\n",
            r": a cycle through 'p', 'r', 'q'; only logic without feedback",
        ),
        (GOOD + ".latch y q re clk 0\n", r":6: '.latch y q re' has memory, and a network"),
        (GOOD + ".mlatch d a=y\n", r":6: '.mlatch d a=y' has memory"),
        (GOOD + ".clock clk\n", r":6: '.clock clk' has memory"),
        (GOOD + ".start_kiss\n", r":6: '.start_kiss' a state machine has memory"),
        (GOOD + ".gate nand2 A=a B=b O=z\n", r":6: '.gate nand2 A=a B=b' is a cell of a library"),
        (GOOD + ".search other.blif\n", r":6: '.search other.blif' names another file"),
        (GOOD + ".blackbox\n", r":6: '.blackbox' is a model without contents"),
        (GOOD + ".mv a 3\n", r":6: '.mv a 3' is BLIF-MV"),
        (GOOD + ".table a y\n", r"is BLIF-MV"),
        (GOOD + ".word\n", r":6: '.word' is no word of BLIF, expected .names"),
        (GOOD + ".subckt full a=a\n", r":6: no model 'full' in this file; add it, or flatten"),
        (GOOD + ".subckt\n", r":6: no model, expected '.subckt model pin=wire"),
        (GOOD + ".subckt m a\n", r":6: 'a', expected pin=wire"),
        (GOOD + ".subckt m a=a a=b\n", r":6: pin 'a' is connected twice"),
        (
            GOOD + ".end\n.model n\n.outputs y\n.subckt m z=y\n",
            r":9: model 'm' has no pin 'z', only",
        ),
        (GOOD + ".end\n.names a z\n1 1\n", r":7: this stands after .end, expected .model"),
        (GOOD + ".end\n.model m\n", r":7: model 'm' is there twice"),
        (GOOD + ".end\n.model a b\n", r":7: 2 names, expected '.model name'"),
        (GOOD + ".inputs b\n", r":6: 'b' is there twice in .inputs"),
        (GOOD + ".names\n", r":6: no wires, expected '.names inputs"),
        (GOOD + ".conn a\n", r":6: 1 wires, expected '.conn from to'"),
        (GOOD + "111 1\n", r":6: '111 1' is no row, expected 2 of 0, 1 and -, a blank, and 0 or 1"),
        (GOOD + "1x 1\n", r":6: '1x 1' is no row"),
        (GOOD + "11\n", r":6: '11' is no row"),
        (GOOD + "11 2\n", r":6: '2' is no output, expected 0 or 1"),
        (GOOD + "00 0\n", r":6: rows for 0 and for 1 in one .names"),
        (GOOD + ".names z\n2\n", r":7: '2' is no output"),
        (GOOD + ".names z\n1 1\n", r":7: '1 1' is no row, expected 0 or 1"),
        (".model m\n.inputs a\n1 1\n", r":3: '1 1' stands outside .names"),
        (".model m\n.inputs a\n.end\n", r":1: model 'm' has no .outputs"),
        ("# nothing\n", r"nothing but comments, expected a netlist"),
        ("hello\n", r":1: no known netlist, expected BLIF"),
        ("3 2\n1 2 1\n", r":1: no known netlist"),
        (b".model \xff\n", r":1: no UTF-8 text, expected BLIF"),
        ("", r"the file is empty"),
    ],
)
def test_blif(text, match):
    refused(text, match)


def test_blif_without_a_model():
    refused(".end\n", "no .model, expected BLIF")


def test_blif_tops():
    text = "".join(f".model {n}\n.outputs y\n.subckt {o} y=y\n.end\n" for n, o in ("ab", "ba"))
    refused(text, r":1: which model is the circuit is not clear among 'a, b'; give top=")
    refused(text, r"no model 'c'; there are 'a, b'", top="c")
    refused(text, r":3: model 'b' is nested without end", top="a")


def test_a_long_cycle_is_cut_short():
    lines = [".outputs w0", *(f".names w{(k + 1) % 30} w{k}\n1 1" for k in range(30))]
    refused("\n".join(lines), r"a cycle through 'w\d+', .* and 22 more; only")


@pytest.mark.parametrize(
    "data, match",
    [
        ("aag 1 1 0 1\n2\n2\n", r":1: 'aag 1 1 0 1', expected a header 'aag M I L O A'"),
        ("aag 1 x 0 1 0\n2\n2\n", r":1: .* expected whole numbers >= 0 in a header"),
        ("aag 2 1 1 1 0\n2\n4 2\n4\n", r":1: the header has L = 1 latches: a network of p-bits"),
        ("aag 1 1 0 1 0 0 1\n2\n2\n2\n", r":1: the header has C = 1 constraints"),
        ("aag 1 1 0 1 0 0 0 1\n2\n2\n2\n", r":1: the header has J = 1 justice"),
        ("aag 1 1 0 1 0 0 0 0 1\n2\n2\n2\n", r":1: the header has F = 1 fairness"),
        ("aag 1 2 0 1 0\n2\n4\n2\n", r":1: the header has M = 1, expected M >= I \+ L \+ A, .* 2"),
        ("aig 3 1 0 1 1\n4\n\x01\x01", r":1: the header has M = 3, expected M = I \+ L \+ A"),
        ("aag 1 1 0 0 0\n2\n", r":1: the circuit has no outputs"),
        ("aag 4000000000 4000000000 0 1 0\n", r":1: .* expected at most 100000 inputs and"),
        (
            "aag 4000000 100000 0 1 1000000\n",
            r":1: the header promises 1100001 more",
        ),
        ("aig 100000 100000 0 1000000 0\n2\n", r":1: the header promises 1000000 more"),
        ("aag 1 1 0 1 0\n3\n2\n", r":2: input 3, expected an even literal >= 2"),
        ("aag 1 1 0 1 0\n0\n2\n", r":2: input 0, expected an even literal"),
        ("aag 2 2 0 1 0\n2\n2\n2\n", r":3: this drives wire 'variable 1' again: it is an input"),
        ("aag 1 1 0 1 0\n2\n4\n", r":3: literal 4, expected 0..3"),
        ("aag 1 1 0 1 0\n2\n-2\n", r":3: literal -2, expected 0..3"),
        ("aag 1 1 0 1 0\n2\n2 2\n", r":3: '2 2', expected 1 literal"),
        ("aag 2 1 0 1 1\n2\n4\n4 2\n", r":4: '4 2', expected 3 literals"),
        ("aag 2 1 0 1 1\n2\n4\n4 x 2\n", r":4: '4 x 2', expected 3 literals"),
        ("aag 2 1 0 1 1\n2\n4\n5 2 2\n", r":4: gate 5, expected an even literal >= 2"),
        ("aag 2 1 0 1 1\n2\n4\n2 2 2\n", r":4: this drives wire 'variable 1' again"),
        ("aag 2 1 0 1 1\n2\n4\n0 2 2\n", r":4: gate 0"),
        ("aag 3 1 0 1 2\n2\n4\n4 2 2\n4 2 2\n", r":5: .* line 4 does already"),
        ("aag 3 1 0 1 1\n2\n4\n4 6 2\n", r":4: nothing drives wire 'variable 3'"),
        ("aag 3 1 0 1 2\n2\n4\n4 6 2\n6 5 2\n", r"a cycle through 'variable 2', 'variable 3'"),
        ("aag 3 1 0 1 2\n2\n4\n4 2 2\n", r":5: the file ends here, expected 3 literals"),
        ("aag 1 1 0 1 0\n2\n2\nx0 a\n", r":4: 'x0 a', expected a symbol like 'i0 name', or 'c'"),
        ("aag 1 1 0 1 0\n2\n2\ni0\n", r":4: 'i0', expected a symbol"),
        ("aag 1 1 0 1 0\n2\n2\ni1 a\n", r":4: 'i1 a' names number 1 of 1, counted from 0"),
        ("aag 1 1 0 1 0\n2\n2\ni0 a\ni0 b\n", r":5: i0 has a name already"),
        (b"aag 1 1 0 1 0\n2\n2\ni0 \xff\n", r":4: .* is no UTF-8; rename it"),
        (b"aig 2 1 0 1 1\n4\n\x02", r"gate 1 of 1 ends early; the file is truncated or damaged"),
        (b"aig 2 1 0 1 1\n4\n\x00\x01", r"gate 1 of 1 reads literals 4 and 3 in gate 4"),
        (b"aig 2 1 0 1 1\n4\n\x03\x02", r"gate 1 of 1 reads literals 1 and -1 in gate 4"),
        (b"aig 2 1 0 1 1\n4\n" + b"\xff" * 12, r"gate 1 of 1 has a number of more than 10 bytes"),
        (b"aig 2 1 0 1 1\n", r"the header promises|ends here"),
    ],
)
def test_aiger(data, match):
    refused(data, match)


def port(direction, *bits):
    return {"direction": direction, "bits": list(bits)}


def document(cell=None, **module):
    ports = {"a": port("input", 2, 3), "y": port("output", 4)}
    cells = {} if cell is None else {"c": cell}
    return json.dumps({"modules": {"m": {"ports": ports, "cells": cells, **module}}})


def gate(kind, parameters=None, **pins):
    return {"type": kind, "parameters": parameters or {}, "connections": pins}


@pytest.mark.parametrize(
    "text, match",
    [
        ("{", r":1: no valid JSON"),
        ('{"a": 1}', r'no "modules", expected the JSON that write_json'),
        ('{"modules": {}}', r"there are no modules"),
        ('{"modules": {"m": 3}}', r"module 'm': the module is of type int, expected an object"),
        ('{"modules": {"m": {"ports": []}}}', r"module 'm': ports is of type list"),
        ('{"modules": {"m": {"ports": {"a": 1}}}}', r"module 'm': port 'a' is of type int"),
        (
            document(ports={"a": port("inout", 2)}),
            r"port 'a' is inout; make it an input or an output",
        ),
        (document(ports={"a": port("up", 2)}), r"port 'a' is no input or output with a name"),
        (document(ports={"": port("input", 2)}), r"port '' is no input or output with a name"),
        (document(ports={"a": {"direction": "input"}}), r"port 'a' is no input or output with"),
        (document(ports={"a": port("input")}), r"port 'a' has 0 bits, expected 1..65536"),
        (document(ports={"a": port("input", 2)}), r"module 'm' has no outputs"),
        (document(ports={"a": port("input", "q")}), r"'a' has a bit 'q', expected a number >= 0"),
        (document(ports={"a": port("input", -1)}), r"'a' has a bit '-1'"),
        (document(ports={"a": port("input", True)}), r"'a' has a bit 'True'"),
        (
            document(ports={"y": port("output", "x")}),
            r"module 'm': a bit is x, .* 'setundef -zero'",
        ),
        (document(memories={"ram": {}}), r"module 'm': has memories, and a network of p-bits"),
        (document(netnames={"n": {"bits": 3}}), r"'n' has no list of bits"),
        (document({"type": 3}), r"cell 'c' has no type"),
        (document(cells={"c": 3}), r"cell 'c' is of type int"),
        (document(gate("$_AND_", A=[2], B=[3])), r"cell 'c' \(\$_AND_\): pin Y is not connected"),
        (document(gate("$_AND_", A=[2, 3], B=[3], Y=[4])), r"a pin that is not one bit wide"),
        (document(gate("$_AND_", A=[2], B=["x"], Y=[4])), r"\(\$_AND_\): a bit is x, which has no"),
        (document(gate("$_AND_", A=[2], B=["z"], Y=[4])), r"a bit is z"),
        (document(gate("$_AND_", A=[2], B=[9], Y=[4])), r"nothing drives wire 'bit 9'"),
        (
            document(gate("$_AND_", A=[2], B=[9], Y=[4]), netnames={"w": {"bits": [2, 9]}}),
            r"nothing drives wire 'w\[1\]'",
        ),
        (document(gate("$_NOT_", A=[4], Y=[4])), r"a cycle through 'bit 4'"),
        (document(gate("$_NOT_", A=[4], Y=[2])), r"drives wire 'bit 2' again: it is an input"),
        (document(gate("$_NOT_", A=[2], Y=["1"])), r"this drives a constant; connect it to a wire"),
        (document(gate("$dff", CLK=[2], D=[3], Q=[4])), r"cell 'c' \(\$dff\): has memory"),
        (document(gate("$_DFF_P_", C=[2], D=[3], Q=[4])), r"\(\$_DFF_P_\): has memory"),
        (document(gate("$_DLATCH_N_")), r"\(\$_DLATCH_N_\): has memory"),
        (document(gate("$sdffe")), r"has memory"),
        (document(gate("$_SR_PP_")), r"has memory"),
        (document(gate("$mem_v2")), r"\(\$mem_v2\): has memory"),
        (document(gate("$_TBUF_")), r"\(\$_TBUF_\): is a tri-state buffer; 'tribuf -logic'"),
        (document(gate("$macc")), r"\(\$macc\): is not read; 'techmap' in yosys takes it apart"),
        (
            document(gate("SB_LUT4")),
            r"\(SB_LUT4\): is neither a cell of yosys that can be read nor",
        ),
        (
            document(gate("$add", {"A_WIDTH": 3}, A=[2, 3], B=[2], Y=[4])),
            r"pin A has 2 bits, expected 3 as in A_WIDTH",
        ),
        (
            document(gate("$add", {"A_SIGNED": "x"}, A=[2], B=[2], Y=[4])),
            r"cell 'c' \(\$add\): parameter A_SIGNED is 'x', expected a number of 0 and 1",
        ),
        (document(gate("$add", A=[], B=[2], Y=[4])), r"pin A has 0 bits, expected 1..65536"),
        (document(gate("$mux", A=[2, 3], B=[2], S=[3], Y=[4])), r"pin A has 2 bits, expected 1"),
        (document(gate("$concat", A=[2], B=[3], Y=[4])), r"pin Y has 1 bits, expected 2"),
        (document(gate("$slice", {"OFFSET": 7}, A=[2], Y=[4])), r"pin Y has 1 bits, expected 0"),
        (document(gate("$pmux", A=[2], B=[2], S=[2, 3], Y=[4])), r"pins A and B have 1 and 1 bits"),
        (document(gate("$bmux", A=[2, 3], S=[2, 3], Y=[4])), r"pin A has 2 bits, expected 1 \* 2"),
        (document(gate("$demux", A=[2, 3], S=[2], Y=[4])), r"pin Y has 1 bits, expected 2 \* 2"),
        (document(gate("$lut", {"LUT": 99}, A=[2, 3], Y=[4])), r"expected at most 16, and 2\*\*n"),
        (document(gate("$lut", A=[2, 3], Y=[4])), r"parameter LUT is 'None', expected a number"),
        (document(gate("$sop", {"TABLE": 99, "DEPTH": 1}, A=[2], Y=[4])), r"2 \* WIDTH \* DEPTH"),
        (document(gate("$fa", A=[2], B=[3], C=[2, 3], X=[5], Y=[4])), r"pin C has 2 bits"),
        (document(gate("$fa", A=[2, 3], B=[3], C=[2], X=[5], Y=[4])), r"pin A has 2 bits"),
        (document(gate("$lcu", P=[2], G=[3], CI=[2, 3], CO=[4])), r"pin CI has 2 bits, expected 1"),
        (
            document(gate("$mul", A=[2] * 2000, B=[2] * 2000, Y=[4])),
            r"takes 2000 by 2000 bits, expected at most 16384",
        ),
    ],
)
def test_yosys(text, match):
    refused(text, match)


def test_yosys_modules(monkeypatch):
    inner = {"ports": {"x": port("input", 2)}, "attributes": {"blackbox": 1}}

    def using(**pins):
        outer = {"ports": {"y": port("output", 2)}, "cells": {"c": gate("inner", **pins)}}
        return json.dumps({"modules": {"inner": inner, "outer": outer}})

    refused(using(x=[2]), r"cell 'c' \(inner\): this module is a black box")
    inner["attributes"] = {}
    refused(using(z=[2]), r"this module has no port 'z'")
    refused(using(x=[2, 3]), r"port 'x' has 1 bits, 2 are connected")
    refused(using(x=[2]), r"no module 'q'; there are 'inner, outer'", top="q")
    inner["cells"] = {"again": gate("inner", x=[2])}
    refused(using(x=[2]), r"module 'inner', cell 'again' \(inner\): is nested without end")
    inner["cells"] = {}
    monkeypatch.setattr(assembly, "MAX_DEPTH", 1)
    refused(using(x=[2]), r"more than 1 modules inside each other")
    two = {"modules": {"a": {}, "b": {}}}
    refused(json.dumps(two), r"which module is the circuit is not clear among 'a, b'; give top=")


def test_a_register_of_yosys_is_refused_with_its_line():
    with pytest.raises(FormatError, match=r"cell .* \(\$dff, counter.v:3\.3.*\): has memory"):
        read_circuit(FOLDER / "counter.json")


def test_arguments():
    with pytest.raises(ValueError, match="format must be one of blif, aiger, yosys, got 'vhdl'"):
        read(GOOD, format="vhdl")
    with pytest.raises(ValueError, match="top must be left out for AIGER"):
        read("aag 1 1 0 1 0\n2\n2\n", top="m")
    with pytest.raises(FormatError, match="more than max_bytes = 4 bytes"):
        read(GOOD, max_bytes=4)


def test_limits(monkeypatch):
    """Small files that flatten to large circuits."""
    levels = "".join(
        f".model m{k}\n.inputs a\n.outputs y\n.subckt m{k + 1} a=a y=t\n"
        f".subckt m{k + 1} a=t y=y\n.end\n"
        for k in range(40)
    )
    bomb = levels + ".model m40\n.inputs a\n.outputs y\n.names a y\n0 1\n.end\n"
    monkeypatch.setattr(assembly, "MAX_PARTS", 1000)
    refused(bomb, r":\d+: more than 1000 cells once flattened")
    monkeypatch.undo()
    deep = "".join(
        f".model m{k}\n.inputs a\n.outputs y\n.subckt m{k + 1} a=a y=y\n.end\n" for k in range(1500)
    )
    refused(
        deep + ".model m1500\n.inputs a\n.outputs y\n.end\n", r"more than 1000 models inside each"
    )
    monkeypatch.setattr(assembly, "_MAX_NETS", 3)
    refused(GOOD + ".names a y b2\n11 1\n", r"more than 3 gates, the most that is read")


def doubling(count, wire="t"):
    """Models that each hold the next one twice."""
    models = (
        f".model m{k}\n.inputs a\n.outputs y\n.subckt m{k + 1} a=a y={wire}\n"
        f".subckt m{k + 1} a={wire} y=y\n.end\n"
        for k in range(count)
    )
    last = f".model m{count}\n.inputs a\n.outputs y\n.names a y\n0 1\n.end\n"
    return "".join(models) + last


def test_a_hierarchy_is_added_up_before_it_is_flattened(monkeypatch):
    """41 models took 36 seconds and 900 MB; what may come of a file is bounded by its size."""
    monkeypatch.setattr(assembly.Assembly, "add", None)  # nothing is flattened
    refused(doubling(40), r":\d+: more than 49664 cells once flattened, the most that is read")
    refused(doubling(13, "t" * 10_000), r"more than \d+ characters in names once flattened")
    wide = "".join(f"p{k}=a " for k in range(2000))
    text = doubling(12).replace(".names a y\n0 1\n", f".names a y\n0 1\n.subckt w {wide}\n")
    refused(text, r"more than \d+ pins once flattened")


def test_a_hierarchy_of_ten_levels_is_read():
    assert read(doubling(10)).evaluate(a=1) == {"y": 1}


def test_modules_that_double_are_refused():
    modules = {
        f"m{k}": {
            "ports": {"y": {"direction": "output", "bits": [2]}},
            "cells": {c: {"type": f"m{k + 1}", "connections": {"y": [2 + (c == "d")]}}
                      for c in "cd"},
        }
        for k in range(40)
    }  # fmt: skip
    modules["m40"] = {"ports": {"y": {"direction": "output", "bits": ["0"]}}}
    refused(json.dumps({"modules": modules}), r"module 'm\d+', cell '[cd]'.*cells once flattened")


def test_bits_stay_below_the_numbers_whose_hashes_repeat():
    text = '{"modules": {"m": {"ports": {"y": {"direction": "output", "bits": [%d]}}}}}'
    refused(text % 2**53, "expected a number >= 0 and below 2\\^53")


def test_deep_json():
    refused('{"modules": ' + "[" * 200_000, r"no valid JSON")
    nested = '{"modules": {"m": {"attributes": ' + '{"a": ' * 900 + "1" + "}" * 900 + "}}}"
    refused(nested, r"has no outputs")


SNIPPETS = [
    *(b"\n", b" ", b"\\\n", b"#", b"\0", b"\xff", b"-", b"0", b"1", b"999999999999999999999"),
    *(
        b".end\n",
        b".model z\n",
        b".names a\n",
        b".subckt m a=b\n",
        b"{",
        b"[",
        b'"',
        b'"x"',
        b"c\n",
    ),
    *(b"aag 1 1 0 1 0\n", b"i0 a\n", b"null", b"true", b"1e9", b"$add", b"\x1f\x8b", b"\x80\x80"),
]


def mutated(rng, seed):
    data = bytearray(seed)
    for _ in range(int(rng.integers(1, 4))):
        at, kind = int(rng.integers(0, len(data) + 1)), int(rng.integers(0, 5))
        end = at + int(rng.integers(1, 12))
        if kind == 0:
            data[at:at] = SNIPPETS[int(rng.integers(len(SNIPPETS)))]
        elif kind == 1:
            del data[at:end]
        elif kind == 2:
            data[at : at + 1] = bytes([int(rng.integers(256))])
        elif kind == 3:
            del data[at:]
        else:
            data[at:at] = data[int(rng.integers(0, len(data) + 1)) :][: end - at]
    return bytes(data)


@pytest.mark.parametrize("name", SEEDS)
def test_damaged_files_are_refused_or_sound(name):
    seed = (FOLDER / name).read_bytes()
    rng = np.random.default_rng(17)
    accepted = 0
    for _ in range(600):
        try:
            circuit = read(mutated(rng, seed), fewer_p_bits=False)
        except FormatError as error:
            assert str(error).startswith("<stream>")
            continue
        accepted += 1
        assert circuit.outputs
        if sum(map(len, circuit.inputs.values())) < 64:
            assert (
                circuit.evaluate(dict.fromkeys(circuit.inputs, 0)).keys() == circuit.outputs.keys()
            )
    assert 0 < accepted < 600
