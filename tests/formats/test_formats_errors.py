"""Every refusal names the file, the line, the rule and the remedy."""

import dataclasses
import gzip
import io
import json
import os
import pickle
import time
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from pbit.formats import FormatError, read, write
from pbit.formats.contents import Contents

RUDY = b"3 2\n1 2 1.5\n2 3 -1\n"
BQM = {
    "version": {"bqm_schema": "3.0.0"},
    "use_bytes": False,
    "variable_labels": ["a", ["b", 1]],
    "variable_type": "SPIN",
    "offset": 0.5,
    "linear_biases": [1.0, 2],
    "quadratic_biases": [3.0],
    "quadratic_head": [0],
    "quadratic_tail": [1],
}


def parse(text: bytes, **options: Any) -> Contents:
    return read(io.BytesIO(text), **options)


def refuse(text: bytes, line: int | None, *parts: str, format: str | None = None) -> None:
    with pytest.raises(FormatError) as caught:
        parse(text, format=format)
    message = str(caught.value)
    assert caught.value.line == line, message
    assert message.startswith("<stream>" if line is None else f"<stream>:{line}: ")
    for part in parts:
        assert part in message


@pytest.mark.parametrize(
    "text, line, part",
    [
        (b"3 2\n1 2 1\n2 3 1 4\n", 3, "4 fields, expected 'i j' or 'i j weight'"),
        (b"3 2\n1 2 1 2\n3 1\n", 2, "4 fields"),
        (b"3 3\n1 2 1\n2 3\n 1 3 1\n", 3, "2 fields, expected 3 as in line 2; give a weight"),
        (b"3 2\n1 2\n2 3 1\n", 3, "3 fields, expected 2 as in line 2"),
        (b"3 1\n1.5 2 1\n", 2, "'1.5' is not an index, expected a whole number"),
        (b"3 1\n1.0 2 1\n", 2, "'1.0' is not an index"),
        (b"3 2\n1 2 1\n# c\n\n-1 2 1\n", 5, "index -1 is negative, expected 0 or more"),
        (b"3 1\n4294967296 2 1\n", 2, "'4294967296' is too large, expected at most 2147483647"),
        (b"3 1\n" + b"9" * 5000 + b" 2 1\n", 2, "is too large"),
        (b"3 1\n1 2 nan\n", 2, "'nan' is not a weight, expected a finite decimal number"),
        (b"3 1\n1 2 -inf\n", 2, "'-inf' is not a weight"),
        (b"3 1\n1 2 0x1\n", 2, "'0x1' is not a weight"),
        (b"3 1\n1 2 1_0\n", 2, "'1_0' is not a weight"),
        (b"3 1\n1 2 1e999\n", 2, "'1e999' overflows, expected a finite number"),
        ("3 1\n1 ٢ 1\n".encode(), 2, "'٢' is not an index"),
        (b"3 1\n1 2 \xff\n", 2, "not a weight"),
        (b"3 1\n1 2 1\0\n", 2, "NUL byte, expected text"),
        (b"3 1\r\n1 2 x\r\n", 2, "'x' is not a weight"),
        (b"3 1\r1 2 x\r", 2, "'x' is not a weight"),
        (b"3 1\n1,2,1\n", 2, "1 fields"),
        (b"3 1\n0 2 1\n", 2, "index outside 1..3 (line 1 says 3 vertices); correct the index"),
        (b"3 2\n1 2 1\n\n4 2 1\n", 4, "index outside 1..3"),
        (b"3 2\n1 2 1\n2 2 1\n", 3, "from a vertex to itself"),
        (b"3 2\n1 2 1\n2 2 1\n", 3, "format='biqmac'"),
        (b"3 1\n1 2 1\n2 3 1\n", 3, "one line more than the 1 edges that line 1 promises"),
        (b"3 3\n1 2 1\n2 3 1\n", 1, "promises 3 edges, the file has 2; it is truncated"),
        (b"3 1000000000000\n1 2 1\n", 1, "1000000000000 lines cannot fit into the 6 bytes"),
        (b"0 1\n1 2 1\n", 1, "0 vertices, expected 1..2147483647"),
        (b"9999999999 1\n1 2 1\n", 1, "expected 1..2147483647"),
        (b"x 1\n1 2 1\n", 1, "'x' in the header, expected the number of vertices"),
        (b"3 -1\n1 2 1\n", 1, "'-1' in the header, expected the number of edges"),
        (b"1 2 1\n", 1, "3 fields, expected the header 'vertices edges'"),
        (b"# only\n", 1, "nothing but comments, expected entries 'i j weight'"),
    ],
)
def test_rudy_refuses(text: bytes, line: int | None, part: str) -> None:
    refuse(text, line, part, format="rudy")


@pytest.mark.parametrize(
    "text, line, part",
    [
        (b"1,2,3\n1,,3\n", 2, "empty field between commas"),
        (b",1,2\n", 1, "empty field between commas, expected 'i j' or 'i j weight'"),
        (b"1,2,3\n3,4,\n", 2, "separated by blanks or commas"),
        (b"1 2 3\n1 2 3 4\n", 2, "4 fields"),
        (b"1 2\n1 2 3\n", 2, "if line 1 is the header 'vertices edges', read the file"),
        (b"1\n", 1, "1 fields"),
    ],
)
def test_edge_list_refuses(text: bytes, line: int | None, part: str) -> None:
    refuse(text, line, part, format="edge-list")


@pytest.mark.parametrize(
    "text, line, part",
    [
        (b"p qubo 0 4 1\n", 1, "expected the header 'p qubo 0 maxNodes nNodes nCouplers'"),
        (b"c\np qubo 0 0 0 0\n", 2, "maxNodes is 0, expected 1.."),
        (b"p qubo 0 4 1.5 0\n", 1, "expected the number of nNodes"),
        (b"p qubo 0 4 2 1\n0 0 1\n0 3 1\n", 1, "promises 2 nodes and 1 couplers, the file has 1"),
        (b"p qubo 0 4 0 1\n3 0 1\n", 2, "i > j, expected i < j; swap the indices"),
        (b"p qubo 0 4 0 1\n0 4 1\n", 2, "index outside 0..3 (line 1: 4 nodes)"),
        (b"p qubo 0 4 0 1\n0 3\n", 2, "2 fields, expected 'i j weight'"),
    ],
)
def test_qbsolv_refuses(text: bytes, line: int | None, part: str) -> None:
    refuse(text, line, part, format="qbsolv")


def test_qh_refuses() -> None:
    refuse(b"1 2 1\n0 1 1\n", 2, "index outside 1..2147483647 (.qh counts from 1)", format="qh")
    refuse(b"1 2\n", 1, "2 fields", format="qh")
    refuse(b"# c\n", 1, "nothing but comments", format="qh")


def test_biqmac_refuses() -> None:
    refuse(b"2 2\n1 2 1\n2 1 1\n", 3, "q_ij is listed as q_ji too", format="biqmac")
    refuse(b"2 2\n1 2 1.5\n", 1, "promises 2 edges", format="biqmac")


@pytest.mark.parametrize(
    "text, line, part",
    [
        (b"0 1 1\n", 1, "no vartype before the first entry, expected '# vartype=SPIN'"),
        (b"# vartype=INTEGER\n0 1 1\n", 1, "unknown vartype 'INTEGER', expected SPIN or BINARY"),
        (b"# vartype=SPIN\n# vartype=BINARY\n", 2, "contradicts line 1; remove one"),
        (b"# vartype=SPIN\n0 1 1\n# vartype=BINARY\n", 3, "a vartype after the first entry"),
        (b"# vartype=SPIN\n# offset=nan\n0 1 1\n", 2, "'nan' is not a weight"),
        (b"# vartype=SPIN\n# num_variables=2\n0 2 1\n", 2, "2 variables, expected 3"),
        (b"# vartype=SPIN\n# num_variables=x\n0 2 1\n", 2, "expected the number of variables"),
        (b"# vartype=SPIN\n", 1, "no entries, expected lines 'i j bias'"),
        (b"# vartype=SPIN\n0 1\n", 2, "2 fields"),
    ],
)
def test_coo_refuses(text: bytes, line: int | None, part: str) -> None:
    refuse(text, line, part, format="coo")


@pytest.mark.parametrize(
    "text, line, part",
    [
        (b"", None, "the file is empty"),
        (b" \n\n", None, "the file is empty"),
        ("3 1\n1 2 1\n".encode("utf-16"), 1, "UTF-16"),
        ("3 1\n1 2 1\n".encode("utf-16-le"), 1, "UTF-16"),
        ("3 1\n1 2 1\n".encode("utf-16-be"), 1, "UTF-16"),
        (
            b"p max 3 2\n1 2 0\n",
            1,
            "a DIMACS file, expected 'p qubo', 'p edge', 'p col', 'p cnf' or 'p wcnf'",
        ),
        (b"QPLIB_3506\nQBB\n", 1, "no known format, expected a header 'vertices edges'"),
        (b"\x7fELF\x02\x01junk", 1, "no known format"),
        (
            b"# an adder\n.model adder\n.inputs a b\n",
            2,
            "a netlist, expected a problem; pbit logic runs",
        ),
        (b"aag 1 1 0 1 0\n2\n2\n", 1, "a netlist, expected a problem"),
        (b"%%MatrixMarket matrix\n2 2 1\n1 2 1\n", None, "a Matrix Market file"),
        (b"PK\x03\x04", None, "damaged archive"),
        (b"\xfd7zXZ\0", None, "unpack it with 'xz -d'"),
        (b"<html>", None, "a web page"),
        (gzip.compress(gzip.compress(RUDY, mtime=0), mtime=0), None, "gzip inside gzip"),
        (b"x" * 257 + b"ustar" + b"\0" * 99, None, "damaged archive"),
    ],
)
def test_foreign_files_are_named(text: bytes, line: int | None, part: str) -> None:
    refuse(text, line, part)


def test_binary_is_refused_by_text_readers() -> None:
    refuse(b"DIMODBQM\x02\0", None, "read it with format='bqm'", format="rudy")


@pytest.mark.parametrize(
    "change, part",
    [
        ({"variable_type": "INTEGER"}, "vartype 'INTEGER', expected SPIN or BINARY"),
        ({"variable_labels": ["a"]}, "expected a list of 2 labels"),
        ({"variable_labels": ["a", "a"]}, "a label occurs twice"),
        ({"variable_labels": ["a", {}]}, "a label is a JSON object"),
        ({"linear_biases": [1, "2"]}, "'linear_biases' is no list of numbers"),
        ({"linear_biases": [1, True]}, "'linear_biases' is no list of numbers"),
        ({"linear_biases": [1, 10**400]}, "a number too large for a float64"),
        ({"quadratic_head": [2]}, "'quadratic_head' is no list of indices in 0..1"),
        ({"quadratic_tail": [-1]}, "'quadratic_tail' is no list of indices"),
        ({"quadratic_tail": [0]}, "an interaction of a variable with itself"),
        ({"quadratic_tail": [1, 0]}, "quadratic lists differ in length"),
        ({"offset": None}, "'offset' is no list of numbers"),
        ({"offset": float("nan")}, "no valid JSON (NaN is not a finite number)"),
        ({"version": {"bqm_schema": "1.0.0"}}, "bqm_schema '1.0.0'"),
        ({"use_bytes": True}, "or bytes, expected 2 or 3 with lists"),
        (
            {
                "linear_biases": [],
                "quadratic_biases": [],
                "quadratic_head": [],
                "quadratic_tail": [],
                "variable_labels": [],
            },
            "the model has no variables",
        ),
    ],
)
def test_bqm_json_refuses(change: dict[str, Any], part: str) -> None:
    refuse(json.dumps(BQM | change).encode(), None, part)


def test_bqm_json_syntax() -> None:
    assert parse(json.dumps(BQM).encode()).labels == ("a", ("b", 1))
    refuse(b'{"a":\n1,,}', 2, "no valid JSON")
    refuse(b'{"a": ' + b"[" * 100_000, None, "no valid JSON")
    refuse(b'{"a": ' + b"9" * 10_000 + b"}", None, "no valid JSON")
    refuse(b'{"a": 1}', None, "JSON without 'variable_type'")
    refuse(json.dumps(BQM | {"linear_biases": [1, 0]}).replace("[1, 0]", "[1, 1e999]").encode(),
           None, "a bias is nan or inf")  # fmt: skip
    deep = json.dumps(BQM).replace('"a"', "[" * 900 + "]" * 900)
    refuse(deep.encode(), None, "a label is a JSON object or nests too deep")


def _bqm_file() -> bytes:
    dimod = pytest.importorskip("dimod")
    bqm = dimod.BQM({"a": 1.0, "b": 2.0, "c": 0}, {"ab": 3.0, "bc": -1.0}, 0.5, "SPIN")
    return bytes(bqm.to_file().read())


@pytest.mark.parametrize(
    "old, new, part",
    [
        (b"DIMODBQM\x02", b"DIMODBQM\x03", "BQM file version 3.0, expected 1 or 2"),
        (b"DIMODBQM", b"DIMODQM\x00", "is another dimod model"),
        (b'"float64"', b'"object" ', "dtype is object, expected one of float32, float64"),
        (b'"int32", "ntype"', b'"int99", "ntype"', "itype is int99"),
        (b'"shape": [3, 2]', b'"shape": [9, 9]', "(truncated)"),
        (b'"shape": [3, 2]', b'"shape": [3, 1]', "expected rising starts from 0"),
        (b'"shape": [3, 2]', b'"shape": [3]   ', "shape is [3], expected"),
        (b'"shape": [3, 2]', b'"shape": [-3,2]', "expected two whole numbers"),
        (b'"SPIN"', b'"SPUN"', "vartype 'SPUN'"),
        (b"VARS", b"WARS", "no section VARS"),
        (b'["a"', b'[{a"', "no valid JSON"),
        (b"{", b"[", "no valid JSON"),
    ],
)
def test_bqm_file_refuses(old: bytes, new: bytes, part: str) -> None:
    data = _bqm_file()
    assert old in data
    with pytest.raises(FormatError) as caught:
        parse(data.replace(old, new, 1))
    assert part in str(caught.value)


def test_bqm_file_with_contradicting_interactions() -> None:
    data = _bqm_file()
    bias = np.float64(3.0).tobytes()
    assert data.count(bias) == 2
    refuse(data.replace(bias, np.float64(4.0).tobytes(), 1), None, "differs between the rows")
    refuse(data.replace(bias, np.float64(np.nan).tobytes()), None, "differs between the rows")
    refuse(
        data.replace(np.float64(0.5).tobytes(), np.float64(np.inf).tobytes()), None, "nan or inf"
    )
    for other, part in ((7, "outside 0..2"), (0, "differs between")):
        pair = np.int32(1).tobytes() + bias
        refuse(data.replace(pair, np.int32(other).tobytes() + bias), None, part)
    both = (np.int32(1).tobytes() + bias, np.int32(0).tobytes() + bias)
    loops = data.replace(both[1], np.int32(1).tobytes() + bias).replace(
        both[0], np.int32(0).tobytes() + bias, 1
    )
    refuse(loops, None, "an interaction of a variable with itself")
    refuse(data[:100], None, "no header of the promised length")
    refuse(data[:9], None, "expected a header (truncated)")


def test_a_huge_promise_is_refused_at_once() -> None:
    start = time.perf_counter()
    for text in (b"3 1000000000000\n1 2 1\n", b"p qubo 0 9 1000000000000 0\n0 0 1\n"):
        with pytest.raises(FormatError):
            parse(text)
    assert time.perf_counter() - start < 0.1


def test_bad_line_of_a_large_file_is_found() -> None:
    lines = [b"1 2 1"] * 800_000  # the bad line lies in the second chunk
    refuse(b"2 800000\n" + b"\n".join([*lines[1:], b"1 2 z"]), 800_001, "'z' is not a weight")
    refuse(b"2 800000\n" + b"\n".join([*lines[1:], b"1 3 1"]), 800_001, "index outside 1..2")


def test_gzip() -> None:
    packed = gzip.compress(RUDY, mtime=0)
    refuse(packed[:-9], None, "gzip data ends early (truncated)")
    refuse(packed[:3], None, "gzip data ends early (truncated)")
    refuse(packed[:12] + b"\xff\xff" + packed[14:], None, "damaged gzip data")
    refuse(packed + b"junk", None, "damaged gzip data")


def test_gzip_bomb() -> None:
    bomb = gzip.compress(b"#" * (80 * 2**20), mtime=0)
    refuse(bomb, None, "inflates more than 200:1, which looks like a gzip bomb")


def test_max_bytes(tmp_path: Path) -> None:
    assert parse(RUDY, max_bytes=len(RUDY)).num_variables == 3
    for source in (RUDY, gzip.compress(RUDY, mtime=0)):
        with pytest.raises(FormatError, match="more than max_bytes = 18 bytes"):
            parse(source, max_bytes=18)
    (tmp_path / "a").write_bytes(RUDY)
    with pytest.raises(FormatError, match="has more than max_bytes = 18"):
        read(tmp_path / "a", max_bytes=18)


def test_paths(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match="missing"):
        read(tmp_path / "missing")
    with pytest.raises(IsADirectoryError, match=tmp_path.name):
        read(tmp_path)
    with pytest.raises(FormatError, match="a path cannot contain a NUL"):
        read("a\0b")
    (tmp_path / "bad.txt").write_bytes(b"1 2 3\n1 x 3\n")
    with pytest.raises(FormatError, match=r"bad\.txt:2: '1 x 3': 'x' is not an index"):
        read(str(tmp_path / "bad.txt"))
    if os.geteuid() != 0:
        (tmp_path / "bad.txt").chmod(0)
        with pytest.raises(PermissionError, match="bad"):
            read(tmp_path / "bad.txt")


def test_wrong_arguments() -> None:
    with pytest.raises(ValueError, match=r"format must be one of rudy, .*hubo-json, .*, got 'xls'"):
        parse(RUDY, format="xls")
    with pytest.raises(TypeError, match="must be a binary stream, got one of str"):
        read(io.StringIO("1 2 3"))  # type: ignore[arg-type]


def test_short_reads_of_a_pipe() -> None:
    class Drip(io.BytesIO):
        def read(self, size: int | None = -1) -> bytes:
            return super().read(1)

    assert read(Drip(gzip.compress(RUDY, mtime=0))).num_variables == 3
    assert read(Drip(RUDY)).num_variables == 3


def test_error_is_a_value_error_that_pickles() -> None:
    error = FormatError("a", 3, "wrong")
    again = pickle.loads(pickle.dumps(error))
    assert issubclass(FormatError, ValueError) and isinstance(again, FormatError)
    assert (again.name, again.line, str(again)) == ("a", 3, "a:3: wrong")


@pytest.mark.parametrize(
    "change, format, part",
    [
        ({}, "matlab", "format must be one of rudy, .*hubo-json, .*, got 'matlab'"),
        ({}, "coo", "kind must be ising or qubo for coo, got graph"),
        ({"offset": 1.0}, "rudy", "offset must be 0 for rudy, got 1.0; write coo instead"),
        ({"labels": ("a", "b", "c")}, "rudy", "labels must be a range for rudy"),
        ({"cols": np.array([0, 2])}, "rudy", "rudy has no vertex fields"),
        ({"cols": np.array([1, 3])}, "rudy", r"num_variables - 1 = 2, got 1\.\.3"),
        ({"cols": np.array([1])}, "rudy", "as long as each other"),
        ({"num_variables": 0}, "rudy", r"num_variables must be in 1\.\."),
        ({"values": np.array([1.0, np.inf])}, "rudy", "must be finite"),
    ],
)
def test_write_refuses(tmp_path: Path, change: dict[str, Any], format: str, part: str) -> None:
    contents = dataclasses.replace(parse(RUDY), **change)
    with pytest.raises(ValueError, match=part):
        write(contents, tmp_path / "a", format)
    assert not list(tmp_path.iterdir())


def test_write_to_strange_paths(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="must name an ordinary file, got /dev/null"):
        write(parse(RUDY), "/dev/null", "rudy")
    with pytest.raises(IsADirectoryError, match="cannot write to a folder"):
        write(parse(RUDY), tmp_path, "rudy")
    with pytest.raises(FileNotFoundError):
        write(parse(RUDY), tmp_path / "no" / "a", "rudy")
