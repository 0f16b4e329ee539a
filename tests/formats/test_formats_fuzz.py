"""Damaged files: nothing but FormatError escapes, and what is accepted is sound."""

import gzip
import io
import json
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest

from cases import some
from pbit.formats import FORMATS, FormatError, read
from pbit.formats.contents import Contents
from pbit.formats.entries import _layout, _parse_quickly
from pbit.formats.lines import parse_lines
from pbit.formats.tokens import whole

RUDY = b"3 2\n1 2 1.5\n2 3 -1\n"
QBSOLV = b"c made by hand\np qubo 0 4 2 1\n0 0 1\n2 2 -2.5\nc couplers\n0 3 4\n"
COO = b"# vartype=SPIN\n# offset=1.5\n0 0 -1\n0 1 1\n1 2 -4.5\n"
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


def dimod_file() -> bytes:
    dimod = pytest.importorskip("dimod")
    bqm = dimod.BQM({"a": 1.0, "b": 2.0, "c": 0}, {"ab": 3.0, "bc": -1.0}, 0.5, "SPIN")
    return bytes(bqm.to_file().read())


SNIPPETS = [
    *(b"\n", b"\r\n", b"\r", b" ", b"\t", b",", b",,", b"#", b"%", b"c ", b"\0", b"\xff"),
    *(b"-", b"+", b".", b"e", b"1e999", b"nan", b"inf", b"0", b"99999999999", b"1_0", b"\x0b"),
    *(b"p qubo 0 1 1 1\n", b"# vartype=SPIN\n", b"\x1f\x8b", b"{", b"[", b'"', "٣".encode()),
]


def _mutate(rng: np.random.Generator, seed: bytes) -> bytes:
    data = bytearray(seed)
    for _ in range(int(rng.integers(1, 4))):
        at, kind = int(rng.integers(0, len(data) + 1)), int(rng.integers(0, 5))
        if kind == 0:
            data[at:at] = SNIPPETS[int(rng.integers(len(SNIPPETS)))]
        elif kind == 1:
            del data[at : at + int(rng.integers(1, 5))]
        elif kind == 2:
            data[at : at + 1] = bytes([int(rng.integers(256))])
        elif kind == 3:
            del data[at:]
        else:
            end = at + int(rng.integers(1, 12))
            data[at:at] = data[at:end]
    return bytes(data)


def _seeds() -> Iterator[tuple[str, bytes]]:
    yield "rudy", RUDY
    yield "rudy", gzip.compress(RUDY, mtime=0)
    yield "biqmac", b"3 2\n1 1 1.5\n2 3 -1\n"
    yield "edge-list", b"# c\n0,1,2\n1,2,-3e2\n\n2,0,1\n"
    yield "edge-list", b"1 2\n2 3\n3 1\n"
    yield "qbsolv", QBSOLV
    yield "qh", b"1 1 -1\n2 1 3\n"
    yield "coo", COO
    yield "qs", b"# ObjectiveOffset 5\n# Vars Non-zeros\n2 3\n1 1 -4\n1 2 3\n2 2 -1\n"
    yield "matrix", b"0,1,2\n1,0,3\n2,3,0\n"
    yield "qubo-matrix", b"# Q\n-1 2.5 0 0\n0 1e3 1 0\n0 0 7 0\n1 0 0 0\n"
    yield "bqm", json.dumps(BQM).encode()


def _survives(data: bytes, format: str) -> bool:
    """Read `data` under its own and the detected format; return whether one of them accepted it."""
    accepted = False
    for name in (format, None):
        try:
            contents = parse(data, format=name)
        except FormatError as error:
            assert str(error).startswith("<stream>")
            continue
        accepted = True
        if name is None and contents.kind == "quadratic-assignment":  # numbers alone may be such
            assert contents.flows.size == contents.distances.size == contents.num_variables > 0
            continue
        assert contents.num_variables == len(contents.labels) > 0
        assert contents.rows.size == contents.cols.size == contents.values.size
        assert np.isfinite(contents.values).all() and np.isfinite(contents.offset)
        if contents.rows.size:
            assert 0 <= min(contents.rows.min(), contents.cols.min())
            assert max(contents.rows.max(), contents.cols.max()) < contents.num_variables
    return accepted


@pytest.mark.parametrize("count", some([500, 4000], 500))
@pytest.mark.parametrize("format, seed", list(_seeds()))
def test_mutated_files(format: str, seed: bytes, count: int) -> None:
    assert format in FORMATS
    assert _survives(seed, format)
    rng = np.random.default_rng(17)
    accepted = sum(_survives(_mutate(rng, seed), format) for _ in range(count))
    assert 0 < accepted < count


def test_mutated_bqm_files() -> None:
    data = dimod_file()
    rng = np.random.default_rng(17)
    for _ in range(4000):
        _survives(_mutate(rng, data), "bqm")


def test_quick_parser_accepts_no_more_than_the_exact_one() -> None:
    rng = np.random.default_rng(23)
    seeds = [b"1 2 3\n2 3 -1.5\n3 1 .5e1\n", b"1 2\n2 3\n\n3 1", b"1,2,3\n2,\t3,-1\n"]
    both = 0
    for count in range(6000):
        body = whole(_mutate(rng, seeds[count % 3]), "x")
        layout = _layout(body, (2, 3), count % 3 == 2)
        quick = _parse_quickly(body, layout)
        if quick is not None:
            both += 1
            for left, right in zip(quick, parse_lines(body, layout), strict=True):
                np.testing.assert_array_equal(left, right)
    assert both > 500
