"""Every format is read right, and what is written reads back."""

import dataclasses
import gzip
import io
import itertools
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from pbit.formats import detect, read, write
from pbit.formats.contents import Contents, Floats
from pbit.formats.lines import Layout, parse_lines
from pbit.formats.tokens import whole

RUDY = b"3 2\n1 2 1.5\n2 3 -1\n"
QBSOLV = b"c made by hand\np qubo 0 4 2 1\n0 0 1\n2 2 -2.5\nc couplers\n0 3 4\n"
COO = b"# vartype=SPIN\n# offset=1.5\n0 0 -1\n0 1 1\n1 2 -4.5\n"


def parse(text: bytes, **options: Any) -> Contents:
    return read(io.BytesIO(text), **options)


def triples(contents: Contents) -> list[tuple[int, int, float]]:
    return list(
        zip(contents.rows.tolist(), contents.cols.tolist(), contents.values.tolist(), strict=True)
    )


def energies(contents: Contents) -> tuple[Floats, Floats]:
    """Energy of all 2^n states, straight from the definition of Contents."""
    bits = np.array(list(itertools.product((0.0, 1.0), repeat=contents.num_variables)))
    states = bits if contents.kind == "qubo" else 2 * bits - 1
    total = np.full(len(states), contents.offset)
    for row, col, value in triples(contents):
        linear = row == col
        total += value * states[:, row] * (1.0 if linear else states[:, col])
    return bits, total


def same(a: Contents, b: Contents) -> None:
    for field in ("kind", "num_variables", "offset"):
        assert getattr(a, field) == getattr(b, field)
    assert list(a.labels) == list(b.labels)
    for field in ("rows", "cols", "values"):
        left, right = getattr(a, field), getattr(b, field)
        assert left.dtype == right.dtype
        np.testing.assert_array_equal(left, right)


def test_rudy() -> None:
    contents = parse(RUDY)
    assert (contents.kind, contents.format, contents.name) == ("graph", "rudy", "<stream>")
    assert contents.num_variables == 3
    assert contents.labels == range(1, 4)
    assert triples(contents) == [(0, 1, 1.5), (1, 2, -1.0)]
    assert contents.rows.dtype == np.int64 and contents.values.dtype == np.float64


def test_rudy_variants() -> None:
    expected = parse(RUDY)
    for text in (
        RUDY.replace(b"\n", b"\r\n"),
        RUDY.replace(b"\n", b"\r"),
        RUDY.rstrip(),
        b"\n\n" + RUDY + b"\n  \n\n",
        b"\xef\xbb\xbf" + RUDY,
        RUDY.replace(b" ", b"\t"),
        b"# caf\xc3\xa9\n" + RUDY,
        b"c 1 2\n% 3\n" + RUDY.replace(b"2 3", b"# between\n 2   3"),
        gzip.compress(RUDY, mtime=0),
        gzip.compress(RUDY[:7], mtime=0) + gzip.compress(RUDY[7:], mtime=0) + b"\0" * 100,
    ):
        same(parse(text), expected)


def test_rudy_without_weights_or_edges() -> None:
    contents = parse(b"4 3\n1 2\n2 3\n3 1\n")
    assert contents.format == "rudy"
    assert triples(contents) == [(0, 1, 1.0), (1, 2, 1.0), (2, 0, 1.0)]
    assert parse(b"5 0\n").num_variables == 5


def test_edge_list_from_one() -> None:
    contents = parse(b"1 2 0.5\n3 2 2\n3 3 -1\n")
    assert (contents.kind, contents.format, contents.num_variables) == ("graph", "edge-list", 3)
    assert contents.labels == range(1, 4)
    assert triples(contents) == [(0, 1, 0.5), (2, 1, 2.0), (2, 2, -1.0)]
    assert contents.notes == ()


@pytest.mark.parametrize(
    "text", [b"0 1\n1 2\n", b"0,1\n1,2", b"% x\n0 , 1\n#\n1\t2\n", b"0 1\nc\n1,2"]
)
def test_edge_list_from_zero(text: bytes) -> None:
    contents = parse(text)
    assert (contents.format, contents.num_variables) == ("edge-list", 3)
    assert contents.labels == range(3)
    assert triples(contents) == [(0, 1, 1.0), (1, 2, 1.0)]
    assert contents.notes == ("indices start at 0",)


def test_edge_list_notes() -> None:
    both = parse(b"1 2 3\n2 1 3\n2 3 1\n3 2 1\n3 3 1\n")
    assert both.notes == ("every edge is listed in both directions; the weights were added up",)
    assert parse(b"1 2 3\n2 1 3\n2 3 1\n").notes == (
        "1 entry repeats what is listed before; the weights were added up",
    )
    assert "read as an edge" in parse(b"9 3\n1 2\n2 3\n").notes[0]
    assert "100 variables, but at most 2" in parse(b"1 100 1\n").notes[0]


def test_edge_list_keeps_duplicates() -> None:
    assert triples(parse(b"1 2 3\n1 2 4\n")) == [(0, 1, 3.0), (0, 1, 4.0)]


def test_qbsolv() -> None:
    contents = parse(QBSOLV)
    assert (contents.kind, contents.format, contents.num_variables) == ("qubo", "qbsolv", 4)
    assert triples(contents) == [(0, 0, 1.0), (2, 2, -2.5), (0, 3, 4.0)]
    same(parse(QBSOLV.replace(b"qubo 0", b"qubo target")), contents)


def test_qh() -> None:
    contents = parse(b"1 1 -1\n2 1 3\n", format="qh")
    assert (contents.kind, contents.num_variables) == ("ising", 2)
    assert contents.labels == range(1, 3)
    assert triples(contents) == [(0, 0, -1.0), (1, 0, 3.0)]


def test_qh_is_told_by_suffix(tmp_path: Path) -> None:
    for name, text in (("a.qh", b"1 2 1\n"), ("A.QH.gz", gzip.compress(b"1 2 1\n", mtime=0))):
        (tmp_path / name).write_bytes(text)
        contents = read(tmp_path / name)
        assert contents.format == "qh"
        assert contents.name == str(tmp_path / name)


def test_biqmac_counts_off_diagonal_entries_twice() -> None:
    text = b"2 3\n1 1 -100\n2 2 3\n2 1 5\n"
    contents = parse(text, format="biqmac")
    assert contents.kind == "qubo"
    matrix = np.array([[-100.0, 5.0], [5.0, 3.0]])
    bits, total = energies(contents)
    np.testing.assert_array_equal(total, np.einsum("si,ij,sj->s", bits, matrix, bits))


def test_coo() -> None:
    contents = parse(COO)
    assert (contents.kind, contents.format, contents.offset) == ("ising", "coo", 1.5)
    assert contents.num_variables == 3
    assert triples(contents) == [(0, 0, -1.0), (0, 1, 1.0), (1, 2, -4.5)]
    assert parse(COO.replace(b"=SPIN", b": BINARY")).kind == "qubo"
    assert parse(b"# num_variables=7\n" + COO).num_variables == 7
    assert parse(b"# vartype=SPIN\n# num_variables=2\n").num_variables == 2


def test_coo_agrees_with_dimod(tmp_path: Path) -> None:
    dimod = pytest.importorskip("dimod")
    from dimod.serialization import coo

    spin = dimod.BQM({0: 0.5, 1: -1, 2: 0.25}, {(0, 1): 1.5, (2, 1): -2}, 0.0, "SPIN")
    for bqm in (spin, spin.change_vartype("BINARY", inplace=False)):
        text = coo.dumps(bqm, vartype_header=True).encode()
        contents = parse(text)
        bits, total = energies(contents)
        states = bits if contents.kind == "qubo" else 2 * bits - 1
        bqm.offset = 0.0  # dimod's COO drops it
        np.testing.assert_allclose(total, bqm.energies((states, range(3))))
    tiny = dataclasses.replace(contents, values=contents.values * 1e-9)
    write(tiny, tmp_path / "tiny.coo", "coo")
    assert "e" not in (tmp_path / "tiny.coo").read_text().split("\n", 1)[1]
    loaded = coo.loads((tmp_path / "tiny.coo").read_text())
    assert loaded.num_interactions == 2
    assert loaded.linear[0] == tiny.values[0]


def _bqm_bytes(bqm: Any, kind: Any) -> bytes:
    if kind == "json":
        return json.dumps(bqm.to_serializable()).encode()
    return bytes(bqm.to_file(version=kind).read())


@pytest.mark.parametrize("kind", [1, 2, "json"])
@pytest.mark.parametrize("vartype", ["SPIN", "BINARY"])
@pytest.mark.parametrize("dtype", [np.float32, np.float64, object])
def test_bqm(kind: Any, vartype: str, dtype: Any) -> None:
    dimod = pytest.importorskip("dimod")
    bqm = dimod.BQM(
        {"b": 0.5, ("x", (1, 2)): -1, 7: 0.25, "alone": 0},
        {("b", 7): 1.5, (7, ("x", (1, 2))): -2, ("b", ("x", (1, 2))): 0.125},
        0.75,
        vartype,
        dtype=dtype,
    )
    if kind == "json":  # dimod itself makes only the outer list a tuple; so nest one level here
        bqm.relabel_variables({("x", (1, 2)): ("x", 1)})
    contents = parse(_bqm_bytes(bqm, kind))
    assert contents.format == "bqm"
    assert contents.kind == {"SPIN": "ising", "BINARY": "qubo"}[vartype]
    assert set(contents.labels) == set(bqm.variables)
    bits, total = energies(contents)
    states = bits if vartype == "BINARY" else 2 * bits - 1
    np.testing.assert_allclose(total, bqm.energies((states, list(contents.labels))))


@pytest.mark.parametrize("kind", [1, 2, "json"])
def test_bqm_with_plain_labels(kind: Any) -> None:
    dimod = pytest.importorskip("dimod")
    bqm = dimod.generators.gnm_random_bqm(30, 100, "SPIN", random_state=5)
    contents = parse(_bqm_bytes(bqm, kind))
    assert contents.labels == range(30)
    assert contents.values.size == 30 + 100
    quadratic = {frozenset(t[:2]): t[2] for t in triples(contents)[30:]}
    assert quadratic == {frozenset(pair): bias for pair, bias in bqm.quadratic.items()}


def _random_contents(rng: np.random.Generator, format: str) -> Contents:
    n, size = int(rng.integers(2, 30)), int(rng.integers(0, 60))
    rows = rng.integers(0, n, size)
    cols = rng.integers(0, n, size)
    if format == "rudy":
        cols = np.where(rows == cols, (cols + 1) % n, cols)
    if format == "qbsolv":
        rows, cols = np.minimum(rows, cols), np.maximum(rows, cols)
        order = np.argsort(rows != cols, kind="stable")
        rows, cols = rows[order], cols[order]
    values = rng.normal(size=size) * 10.0 ** rng.integers(-300, 300, size)
    values = np.where(rng.random(size) < 0.3, rng.integers(-5, 6, size), values)
    kind: Any = {"rudy": "graph", "qbsolv": "qubo"}.get(format, str(rng.choice(["ising", "qubo"])))
    return Contents(
        kind=kind,
        num_variables=n,
        rows=rows,
        cols=cols,
        values=values,
        offset=float(rng.normal()) * 1e-8 if format == "coo" else 0.0,
        labels=range(1, n + 1) if format == "rudy" else range(n),
    )


@pytest.mark.parametrize("format", ["rudy", "qbsolv", "coo"])
@pytest.mark.parametrize("suffix", ["txt", "txt.gz"])
def test_round_trip(tmp_path: Path, format: str, suffix: str) -> None:
    rng = np.random.default_rng(11)
    path = tmp_path / f"problem.{suffix}"
    for _ in range(100):
        contents = _random_contents(rng, format)
        write(contents, path, format)
        assert path.read_bytes().startswith(b"\x1f\x8b") == suffix.endswith("gz")
        same(read(path, format=format), contents)
        if contents.values.size:
            assert read(path).format == format
    assert [entry.name for entry in tmp_path.iterdir()] == [path.name]


def test_write_many_lines(tmp_path: Path) -> None:
    rows = np.arange(40_000)
    contents = Contents(
        kind="graph", num_variables=40_001, rows=rows, cols=rows + 1, values=rows / 7
    )
    write(contents, tmp_path / "path.txt", "rudy")
    again = read(tmp_path / "path.txt")
    np.testing.assert_array_equal(again.rows, rows)
    np.testing.assert_array_equal(again.values, contents.values)


def test_write_swaps_couplers_for_qbsolv(tmp_path: Path) -> None:
    contents = parse(b"# vartype=BINARY\n2 0 5\n1 1 3\n")
    write(contents, tmp_path / "q", "qbsolv")
    assert (tmp_path / "q").read_text() == "p qubo 0 3 1 1\n1 1 3\n0 2 5\n"


def test_write_keeps_the_old_file_and_permissions(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text("old")
    bad = dataclasses.replace(parse(RUDY), values=np.array([1.0, np.nan]))
    with pytest.raises(ValueError, match="finite"):
        write(bad, path, "rudy")
    assert path.read_text() == "old"
    (tmp_path / "link").symlink_to(path)
    write(parse(RUDY), tmp_path / "link", "rudy")
    assert path.read_bytes() == RUDY
    assert (tmp_path / "link").is_symlink()
    (tmp_path / "plain").touch()
    assert path.stat().st_mode == (tmp_path / "plain").stat().st_mode
    assert len(list(tmp_path.iterdir())) == 3


def test_detect() -> None:
    for text, format in ((RUDY, "rudy"), (QBSOLV, "qbsolv"), (COO, "coo"), (b"1 2 3", "edge-list")):
        assert detect(text, "x") == format
    assert detect(b"1 2\n2 3\n3 1\n", "x") == "edge-list"
    assert detect(b"3 2\n1 2\n\n# c\n2 3\n", "x") == "rudy"
    assert detect(b"3 99\n", "x") == "edge-list"
    assert detect(b'\n{"a": 1}', "x.qh") == "bqm"
    assert detect(b"DIMODBQM", "x") == "bqm"


def test_standard_input() -> None:
    code = "from pbit.formats import read; c = read('-'); print(c.name, c.num_variables)"
    for text in (RUDY, gzip.compress(RUDY, mtime=0)):
        done = subprocess.run([sys.executable, "-c", code], input=text, capture_output=True)
        assert done.stdout.split() == [b"<stdin>", b"3"], done.stderr


def test_import_is_light() -> None:
    code = (
        "import sys, numpy; before = set(sys.modules); import pbit.formats; "
        "print({m.split('.')[0] for m in set(sys.modules) - before} "
        "& {'scipy', 'numba', 'dimod', 'networkx'})"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True)
    assert done.stdout.strip() == b"set()", done.stderr


def test_quick_and_exact_parser_agree_on_large_input() -> None:
    rng = np.random.default_rng(3)
    size = 400_000  # several chunks
    rows, cols = rng.integers(1, 9999, size), rng.integers(1, 9999, size)
    cols = np.where(rows == cols, cols + 1, cols)
    values = rng.normal(size=size)
    lines = [f"{i} {j} {v!r}" for i, j, v in zip(rows, cols, values.tolist(), strict=True)]
    text = f"10000 {size}\n".encode() + "\n".join(lines).encode()
    contents = parse(text)
    np.testing.assert_array_equal(contents.rows, rows - 1)
    np.testing.assert_array_equal(contents.cols, cols - 1)
    np.testing.assert_array_equal(contents.values, values)
    some = "\n".join(lines[:2000]).encode()
    exact = parse_lines(whole(some, "x"), Layout((3,), False, 3, 1))
    for quick, slow in zip((rows, cols, values), exact, strict=True):
        np.testing.assert_array_equal(quick[:2000], slow)
