"""Inputs of any size that ask a reader for as much work as they can."""

from __future__ import annotations

import gzip
import json
import re
import tarfile
from collections.abc import Callable, Iterator
from typing import NamedTuple

import numpy as np

from reader_seeds import matlab, npy, npz, seeds_of, tarred, zipped

_RUNS = (
    *(b"0", b"7", b".", b"1.", b"-", b"+", b"e", b"1e", b"x", b"c", b"#", b"%", b"!", b"*", b"\\"),
    *(b" ", b"\t", b"\n", b"\n ", b" \n", b"\r", b",", b" ,", b";", b"=", b":", b"/", b"\0"),
    *(b"(", b"[", b"{", b'"', b"'", b'"a', b"a.", b"\xc3\xa9", b"1 ", b"a ", b"-1 ", b"0\n"),
    *(b"1 2\n", b"c\n", b"#\n", b"%\n", b"# vartype=SPIN\n", b"# offset=1\n", b"\\\n", b".a\n"),
    *(b"[a]\n", b"a=1\n", b'"a":1,', b"[0],", b"(1,2) 3\n", b"\x80", b"\xff"),
)  # fmt: skip
_TOKEN = re.compile(rb"[^\s,;:=\[\]{}()]+")


class Worst(NamedTuple):
    """A kind of input: ``make(size)`` gives about that many bytes."""

    reader: str
    kind: str
    make: Callable[[int], bytes]


def worst_inputs(reader: str) -> Iterator[Worst]:
    """Everything that is tried on a reader."""
    for number, seed in enumerate(seeds_of(reader)):
        yield from _runs(reader, number, seed)
        yield from _repeats(reader, number, seed)
    for kind, make in _MADE.get(reader, {}).items():
        yield Worst(reader, kind, make)


def _runs(reader: str, number: int, seed: bytes) -> Iterator[Worst]:
    """One short text over and over, in the middle and at the end of each token, then an x."""
    places = {0, len(seed)}
    for token in _TOKEN.finditer(seed):
        places |= {token.start(), (token.start() + token.end()) // 2, token.end()}
    for place in sorted(places):
        for unit in _RUNS:
            yield Worst(
                reader,
                f"file {number}, {unit!r} over and over at byte {place}",
                lambda size, place=place, unit=unit: (  # type: ignore[misc]
                    seed[:place] + unit * (size // len(unit)) + b"x" + seed[place:]
                ),
            )


def _repeats(reader: str, number: int, seed: bytes) -> Iterator[Worst]:
    """Each line and each token again and again."""
    parts = [(m.start(), m.end()) for m in _TOKEN.finditer(seed)]
    parts += [(m.start(), m.end()) for m in re.finditer(rb"[^\n]*\n", seed)]
    for start, end in parts:
        yield Worst(
            reader,
            f"file {number}, {seed[start:end][:30]!r} again and again",
            lambda size, start=start, end=end: (  # type: ignore[misc]
                seed[:end] + (b"" if seed[start:end].endswith(b"\n") else b" ").join(
                    [b"", *[seed[start:end]] * (size // (end - start + 1))]
                ) + seed[end:]
            ),
        )  # fmt: skip


def _lines(head: str, line: str, foot: str = "") -> Callable[[int], bytes]:
    """As many lines as fit, {k} their number from 1 and {n} how many there are."""

    def make(size: int) -> bytes:
        count = max(1, size // (len(line) + 4))
        body = "".join(line.replace("{k}", str(k)).replace("{j}", str(k + 1))
                       for k in range(1, count + 1))  # fmt: skip
        whole = head + body + foot
        return whole.replace("{n}", str(count)).replace("{m}", str(count + 1)).encode()

    return make


def _nested(opening: str, closing: str, head: str = "", foot: str = "") -> Callable[[int], bytes]:
    def make(size: int) -> bytes:
        depth = size // (len(opening) + len(closing))
        return (head + opening * depth + closing * depth + foot).encode()

    return make


def _members(make: Callable[[int], bytes], each: int) -> Callable[[int], bytes]:
    return lambda size: make(max(1, size // each))


def _many(data: bytes, ending: str) -> Callable[[int], dict[str, bytes]]:
    return lambda count: {f"{k}{ending}": data for k in range(count)}


def _mat_elements(size: int) -> bytes:
    one = matlab(x=np.zeros(1))
    return one + one[128:] * (size // (len(one) - 128))


_JSON_RUNS: dict[str, Callable[[int], bytes]] = {
    "nested lists": _nested("[", "]", '{"a": ', "}"),
    "nested objects": _nested('{"a":', "}", "", ""),
    "many keys": _lines("{", '"k{k}": 1,\n', '"z": 1}'),
    "a key again and again": _lines("{", '"k": 1,\n', '"z": 1}'),
    "a long number": lambda size: b'{"a": ' + b"7" * size + b"}",
    "a long string": lambda size: b'{"a": "' + b"\\u00e9" * (size // 6) + b'"}',
}
_QPLIB = "n\nQBN\nminimize\n{m}\n"
_ONE = npy(np.zeros((2, 2)))
_MADE: dict[str, dict[str, Callable[[int], bytes]]] = {
    "bqm": _JSON_RUNS,
    "hubo-json": _JSON_RUNS | {
        "labels that nest": _lines(
            '{"format": "pbit-hubo", "version": 1, "vartype": "SPIN", "terms": [',
            "[[[[[[[[{k}]]]]]]], 1],", "[[1], 1]]}"),
        "labels of one hash": lambda size: json.dumps({
            "format": "pbit-hubo", "version": 1, "vartype": "SPIN",
            "terms": [[[k * (2**61 - 1)], 1] for k in range(size // 28)]}).encode(),
        "labels with zeros": _lines(
            '{"format": "pbit-hubo", "version": 1, "vartype": "SPIN", "terms": [',
            "[[{k}e18], 1],", "[[1], 1]]}"),
        "one long term": _lines(
            '{"format": "pbit-hubo", "version": 1, "vartype": "SPIN", "terms": [[[', "{k},",
            "0], 1]]}"),
    },
    "compiled": _JSON_RUNS,
    "yosys": _JSON_RUNS | {
        "many modules": _lines(
            '{"modules": {', '"m{k}": {"ports": {"y": {"direction": "output", "bits": [2]}}, '
            '"cells": {"c": {"type": "m{j}", "connections": {"y": [2]}}}},\n',
            '"m{m}": {"ports": {"y": {"direction": "output", "bits": ["0"]}}}}}'),
        "many names of one bit": _lines(
            '{"modules": {"m": {"ports": {"y": {"direction": "output", "bits": ["0"]}}, '
            '"netnames": {', '"n{k}": {"bits": [2]},\n', '"z": {"bits": [2]}}}}}'),
        "bits of one hash": lambda size: json.dumps({"modules": {"m": {
            "ports": {"y": {"direction": "output", "bits": ["0"]}},
            "netnames": {"n": {"bits": [k * (2**61 - 1) for k in range(size // 24)]}},
            "cells": {f"c{k}": {"type": "$_NOT_", "connections": {
                "A": [k * (2**61 - 1)], "Y": [k * (2**61 - 1) + 1]}} for k in range(size // 110)},
        }}}).encode(),
        "wide sums": lambda size: _yosys_words("$add", size),
        "wide products": lambda size: _yosys_words("$mul", size),
        "wide shifts": lambda size: _yosys_words("$shl", size),
        "a wide sum of products": lambda size: _yosys_sop(size),
    },
    "blif": {
        "a long cover": _lines(".model m\n.inputs a b\n.outputs y\n.names a b y\n", "10 1\n"),
        "a wide cover": lambda size: b".model m\n.inputs " + b" ".join(
            b"i%d" % k for k in range(size // 16)) + b"\n.outputs y\n.names " + b" ".join(
            b"i%d" % k for k in range(size // 16)) + b" y\n" + b"1" * (size // 16) + b" 1\n",
        "many models": _lines(
            "", ".model m{k}\n.outputs y\n.subckt m{j} y=y\n.end\n",
            ".model m{m}\n.outputs y\n.names y\n1\n.end\n"),
        "models that double": _lines(
            "", ".model m{k}\n.outputs y\n.subckt m{j} y=y\n.subckt m{j} y=z\n.end\n",
            ".model m{m}\n.outputs y\n.names y\n1\n.end\n"),
        "many instances": _lines(
            ".model m\n.outputs y\n", ".subckt h y=w{k}\n",
            ".names y\n1\n.end\n.model h\n.outputs y\n.names y\n1\n.end\n"),
        "many pins": _lines(
            ".model m\n.outputs y\n.names y\n1\n.subckt h ", "p{k}=y ",
            "\n.end\n.model h\n.inputs q\n.outputs z\n.end\n"),
        "a chain": _lines(".model m\n.inputs w1\n.outputs w{m}\n", ".names w{k} w{j}\n1 1\n"),
        "a cycle": _lines(".model m\n.inputs a\n.outputs w1\n", ".names w{k} w{j}\n1 1\n",
                          ".names w{m} w1\n1 1\n"),
        "nothing drives": _lines(".model m\n.outputs w{m}\n", ".names w{k} w{j}\n1 1\n"),
        "continued lines": _lines(".model m\n.inputs ", "a{k} \\\n", "\n.outputs y\n"),
        "deep models with wires": lambda size: _deep_models(size),
        "wide buses": _lines(".model m\n.inputs ", "a[{k}] ", "\n.outputs y\n.names y\n1\n"),
        "joins": _lines(".model m\n.inputs w1\n.outputs w{m}\n", ".conn w{k} w{j}\n"),
    },
    "aiger": {
        "inputs and no more": _lines("aag {m} {m} 0 1 0\n2\n", "{k}2\n", "0\n"),
        "many outputs": _lines("aag 1 1 0 {n} 0\n2\n", "2\n"),
        "many symbols": _lines("aag 1 1 0 {n} 0\n2\n" , "2\n", "i0 a\no0 b\n"),
        "a long comment": _lines("aag 1 1 0 1 0\n2\n2\nc\n", "note {k}\n"),
        "a chain": lambda size: _aiger_chain(size),
    },
    "chip": {
        "dots in a key": lambda size: b"a" + b".a" * (size // 2) + b" = 1\n",
        "dots in a header": lambda size: b"[a" + b".a" * (size // 2) + b"]\n",
        "dots in tables inside": lambda size: b"a = {b" + b".a" * (size // 2) + b" = 1}\n",
        "quoted dots": lambda size: b"'a'" + b" . 'a'" * (size // 6) + b" = 1\n",
        "keys of a few dots": _lines("", "a.b.c.d.e.f.g.h{k} = 1\n"),
        "tables of tables": _lines("", "[a.b.c.d.e.f.g.h{k}]\n"),
        "arrays of tables": _lines("", "[[a]]\nb = 1\n"),
        "deep arrays of tables": _lines("", "[[a.b.c.d]]\nb = 1\n"),
        "nested arrays": _nested("[", "]", "a = ", "\n"),
        "nested tables": _nested("{a=", "}", "a = ", "\n"),
        "many keys": _lines("", "k{k} = 1\n"),
        "short keys below a deep header": lambda size: (
            b"[a" + b".a" * (size // 4) + b"]\n" + b"".join(
                b"k%d=1\n" % k for k in range(size // 16))),
        "a long name of a table": lambda size: (
            b"[" + b"a" * (size // 2) + b"]\n" + b"k=1\n" * (size // 8)),
        "headers": _lines("", "[h{k}]\n"),
        "a long text": lambda size: b'name = "' + b"\\t" * (size // 2) + b'"\n',
        "many lines of text": _lines('name = """', "a\n", '"""\n'),
        "comments": _lines("", "# {k}\n", "tau = '0.1 x'\n"),
        "a long transfer": _lines("transfer = [", "[{k}, 0],\n", "]\n"),
        "a long correction": _lines("[correction]\ngain=[", "1.0, ", "]\noffset=[0]\n"),
        "a long name": lambda size: b"k" * size + b" = 1\n",
        "a long date": lambda size: b"a = 1979-05-27T00:32:00." + b"9" * size + b"\n",
        "a long number": lambda size: b"a = " + b"7_" * (size // 2) + b"7\n",
        "inline keys": _lines("a = {", "k{k} = 1, ", "z = 1}\n"),
    },
    "curve": {
        "many points": _lines("", "{k} 0\n"),
        "one that turns back": _lines("", "{k} 0\n", "0 0\n"),
        "one that leaves": _lines("", "{k} 0\n", "9999999 3\n"),
    },
    "dwell-times": {
        "many rows": _lines("current_A,dwell_P_s,dwell_AP_s\n", "{k},1,2\n"),
        "many columns": _lines("current_A,", "x,", "dwell_P_s\n"),
    },
    "sigmoid": {"many rows": _lines("voltage_V,mean\n", "{k},0\n")},
    "pbits": {"many rows": _lines("gain\n", "1.5\n"),
              "many names": _lines("pbit,gain\n", "p{k},1\n")},
    "partition": {"many rows": _lines("id,n,numbers\n", "{k},2,1 2\n"),
                  "one name": _lines("id,n,numbers\n", "a,2,1 2\n"),
                  "many columns": _lines("id,", "x,", "numbers\n1,2\n")},
    "labs": {"many rows": _lines("N,energy,x\n", "{k},1\n")},
    "set-cover": {"many elements": _lines("{n} 2\n1 1\n", "2\n1 2\n"),
                  "many sets": _lines("1 {n}\n", "1 ", "\n1\n1\n")},
    "knapsack": {"many items": _lines("{n} 5\n", "{k} 1\n")},
    "market-split": {"many rows": _lines("{n} 2\n", "1 2 3\n")},
    "rudy": {"a path": _lines("{m} {n}\n", "{k} {j} 1\n"),
             "words at the end": _lines("{m} {n}\n", "{k} {j} 1\n", "x\n"),
             "comments": _lines("3 2\n", "# {k}\n", "1 2\n2 3\n")},
    "edge-list": {"a path": _lines("", "{k} {j} 1\n"), "commas": _lines("", "{k},{j},1\n"),
                  "empty fields": _lines("", "{k},{j},1\n", "," * 1000 + "\n")},
    "hubo": {"a path": _lines("hubo {m} {n} spin\n", "1 {k}\n"),
             "one long term": _lines("hubo {m} 1 spin\n1 ", "{k} ")},
    "coo": {"comments": _lines("# vartype=SPIN\n", "# offset=1\n", "0 1 1\n"),
            "numbers of variables": _lines(
                "# vartype=SPIN\n", "# num_variables=4\n", "0 1 1\n"),
            "a vartype late": _lines("# vartype=SPIN\n", "{k} {j} 1\n", "# vartype=SPIN\n")},
    "qplib": {"terms": _lines(
                  _QPLIB + "{n}\n", "{j} {k} 1\n", "0\n0\n0\n1\n0\n0\n0\n0\n0\n0\n"),
              "names": _lines(
                  _QPLIB + "0\n0\n0\n0\n1\n0\n0\n0\n0\n{n}\n", "{k} a{k}\n", "0\n"),
              "linear": _lines(
                  _QPLIB + "0\n1\n{n}\n", "{k} 2\n", "0\n1\n0\n0\n0\n0\n0\n0\n")},
    "cnf": {"clauses": _lines("p cnf {m} {n}\n", "{k} -{j} 0\n"),
            "one long clause": _lines("p cnf {m} 1\n", "{k} ", "0\n")},
    "wcnf": {"clauses": _lines("p wcnf {m} {n} 9\n", "3 {k} -{j} 0\n"),
             "hard": _lines("", "h {k} -{j} 0\n")},
    "tsplib": {"a long name of a section": lambda size: (
                   b"NAME : t\nTYPE : TSP\n" + b"A" * (size // 2) + b"_SECTION\n"
                   + b"1\n" * (size // 4)),
               "fields": _lines("NAME : t\n", "K{k} : 1\n"),
               "sections": _lines("NAME : t\nTYPE : TSP\n", "A{k}_SECTION\n1\n")},
    "dimacs-graph": {"edges": _lines("p edge {m} {n}\n", "e {k} {j}\n"),
                     "geometry": _lines("p edge 2 1\ne 1 2\n", "d {k} {j}\n"),
                     "loops": _lines("p edge {m} {n}\n", "e {k} {k}\n")},
    "matlab": {"entries": _lines("", "({k},{j}) 1\n"),
               "columns": _lines("", " {k}.0e+00 2.0e+00 1.0e+00\n"),
               "open brackets": _lines("(1,2) 3\n", "( ")},
    "matrix": {"many empty arrays": _members(
                   lambda n: zipped(_many(npy(np.zeros(0)), ".npy")(n)), 250),
               "many arrays": _members(lambda n: zipped(_many(_ONE, ".npy")(n)), 300),
               "a stack": lambda size: npy(np.zeros((max(1, size // 32), 2, 2))),
               "a stack by columns": lambda size: npy(
                   np.zeros((max(1, size // 32), 2, 2), order="F")),
               "elements of MATLAB": _mat_elements,
               "a long header": lambda size: _npy_header(size)},
    "glasses": {"many empty arrays": _members(lambda n: npz(
        {"edges": np.array([[0, 1]]), "J_sign": np.ones((1, 1)),
         **{str(k): np.zeros(0) for k in range(n)}}), 250)},
    "told": {
        "empty gzip members": lambda size: gzip.compress(b"") * (size // 20),
        "gzip members": lambda size: gzip.compress(b"1 2\n") * (size // 24),
        "gzip padding": lambda size: (gzip.compress(b"1 2\n") + b"\0") * (size // 25),
        "digits in a header of pax": lambda size: _pax(b"1" * size),
        "records in a header of pax": lambda size: _pax(b"9 a=1234\n" * (size // 9)),
        "headers of pax": lambda size: _pax(b"9 a=1234\n") * (size // 1024),
        "gzip in gzip": lambda size: gzip.compress(gzip.compress(bytes(size), 0), 0),
        "members of a zip": _members(lambda n: zipped(_many(b"1 2\n", ".mc")(n)), 110),
        "empty members of a zip": _members(lambda n: zipped(_many(b"", ".mc")(n)), 110),
        "members of a tar": _members(lambda n: tarred(_many(b"1 2\n", ".mc")(n)), 1024),
        "names of one kind": _members(lambda n: zipped(_many(b"1 2\n", "/a.mc")(n)), 110),
        "long names in a tar": lambda size: tarred({"a" * (size - 2048): b"1 2\n"}),
        "a zip of one long name": lambda size: zipped({"a/" * min(size // 4, 30000): b"1 2\n"}),
    },
}  # fmt: skip
_MADE["told"] |= {f"JSON, {kind}": make for kind, make in _JSON_RUNS.items()}


def _yosys_words(kind: str, size: int) -> bytes:
    width = max(1, size // 80)
    a, y = list(range(2, width + 2)), list(range(width + 2, 2 * width + 2))
    return json.dumps({"modules": {"m": {
        "ports": {"a": {"direction": "input", "bits": a}, "y": {"direction": "output", "bits": y}},
        "cells": {"c": {"type": kind, "parameters": {"A_SIGNED": 0, "B_SIGNED": 0},
                        "connections": {"A": a, "B": a, "Y": y}}}}}}).encode()  # fmt: skip


def _yosys_sop(size: int) -> bytes:
    depth = max(1, size // 8)
    return json.dumps({"modules": {"m": {
        "ports": {"a": {"direction": "input", "bits": [2, 3]},
                  "y": {"direction": "output", "bits": [4]}},
        "cells": {"c": {"type": "$sop", "parameters": {
            "WIDTH": 2, "DEPTH": depth, "TABLE": "1001" * depth},
            "connections": {"A": [2, 3], "Y": [4]}}}}}}).encode()  # fmt: skip


def _aiger_chain(size: int) -> bytes:
    count = max(1, size // 18)
    gates = "".join(f"{2 * k + 4} {2 * k + 2} {2 * k + 2}\n" for k in range(count))
    return f"aag {count + 1} 1 0 1 {count}\n2\n{2 * count + 2}\n{gates}".encode()


def _npy_header(size: int) -> bytes:
    text = b"{'descr': '<f8', 'fortran_order': False, 'shape': (" + b"1," * (size // 2) + b"), }\n"
    return b"\x93NUMPY\x02\x00" + len(text).to_bytes(4, "little") + text + bytes(8)


def _pax(body: bytes) -> bytes:
    header = tarfile.TarInfo("h").tobuf()
    header = header[:124] + b"%011o\0" % len(body) + header[136:156] + b"x" + header[157:]
    total = sum(header[:148]) + sum(header[156:]) + 8 * 32
    header = header[:148] + b"%06o\0 " % total + header[156:]
    return header + body + bytes(-len(body) % 512)


def _deep_models(size: int) -> bytes:
    depth = min(900, max(1, size // 200))
    name, width = "x" * (size // (4 * depth)), size // 40
    inside = f".names {' '.join(f'{k}' for k in range(width))} y\n{'1' * width} 1\n"
    models = [
        f".model m{k}\n.outputs y\n.subckt m{k + 1} y=y\n.cname {name}\n.end\n"
        for k in range(depth)
    ]
    return ("".join(models) + f".model m{depth}\n.outputs y\n{inside}.end\n").encode()
