"""QPLIB, LP, MATLAB text, and the files of whole numbers: what is read, and what is refused."""

import io
from typing import Any

import numpy as np
import pytest

from pbit.formats import FormatError, read, write
from pbit.formats.contents import Contents
from pbit.problems.core.reading import problem_of

QPLIB = b"""made by hand
QBN # binary, no constraints
maximize
3 # number of variables
2 # number of quadratic terms in objective
1 1 4.0
3 1 -6.0
0.5 # default value for linear coefficients in objective
1 # number of non-default linear coefficients in objective
2 7.0
10.0 # objective constant
1.79769313486232E+308 # value for infinity
0.0 # default variable primal value in starting point
1 # number of non-default variable primal values in starting point
2 1.0
0.0 # default variable bound dual value in starting point
0 # number of non-default variable bound dual values in starting point
1 # number of non-default variable names
3 third one
0 # number of non-default constraint names
"""


def parse(text: bytes, **options: Any) -> Any:
    return read(io.BytesIO(text), **options)


def refuse(text: bytes, line: int | None, part: str, **options: Any) -> None:
    with pytest.raises(FormatError) as caught:
        parse(text, **options)
    message = str(caught.value)
    assert part in message, message
    assert caught.value.line == line, message


def test_qplib() -> None:
    contents = parse(QPLIB)
    assert (contents.format, contents.kind, contents.maximise) == ("qplib", "qubo", True)
    assert contents.labels == (1, 2, "third one")
    problem = problem_of(contents)
    for k in range(8):
        x = (k >> np.arange(3) & 1).tolist()
        worth = 2 * x[0] - 3 * x[0] * x[2] + 0.5 * x[0] + 7 * x[1] + 0.5 * x[2] + 10
        assert problem.objective(np.array(x)) == worth
        assert float(problem.model.energy(problem.encode(x))) == -worth


def test_qplib_is_written_as_it_was(tmp_path: Any) -> None:
    contents = parse(
        QPLIB.replace(b"3 third one\n", b"").replace(
            b"1 # number of non-default variable n", b"0 # n"
        )
    )
    write(contents, tmp_path / "a.qplib", "qplib")
    again = read(tmp_path / "a.qplib")
    assert again.maximise and again.offset == contents.offset
    for k in range(8):
        x = k >> np.arange(3) & 1
        assert problem_of(again).objective(x) == problem_of(contents).objective(x)


@pytest.mark.parametrize(
    "old, new, line, part",
    [
        (b"QBN", b"LCL", 2, "a problem of type LCL, expected QBN or QBB"),
        (b"QBN", b"QIN", 2, "it has variables or an objective of another kind"),
        (b"3 # number of v", b"0 # number of v", 4, "0 variables, expected 1.."),
        (b"3 # number of v", b"x # number of v", 4, "expected the number of variables"),
        (b"2 # number of q", b"9 # number of q", 11, "1 fields, expected 3 in quadratic terms"),
        (b"2 # number of q", b"99999 # number of q", 5, "cannot fit into the file"),
        (b"3 1 -6.0", b"4 1 -6.0", 7, "index '4', expected a whole number in 1..3"),
        (b"3 1 -6.0", b"0 1 -6.0", 7, "index '0'"),
        (b"3 1 -6.0", b"3 1 nan", 7, "'nan' is not a weight"),
        (b"10.0 # obj", b"# obj", 12, "expected"),
        (b"3 third one", b"3 ", 19, "expected 'i name'"),
        (
            b"1 # number of non-default variable names\n3 third one",
            b"2\n3 a\n2 a",
            20,
            "occurs twice",
        ),
    ],
)
def test_qplib_refuses(old: bytes, new: bytes, line: int, part: str) -> None:
    assert old in QPLIB
    with pytest.raises(FormatError) as caught:
        parse(QPLIB.replace(old, new, 1), format="qplib")
    assert part in str(caught.value)


def test_qplib_ends_early() -> None:
    lines = QPLIB.splitlines(keepends=True)
    for count in range(1, len(lines) - 1):
        with pytest.raises(FormatError):
            parse(b"".join(lines[:count]), format="qplib")
    refuse(b"".join(lines[:9]), 9, "the file ends here (truncated)", format="qplib")
    refuse(b"a\nQQQQ\n", 2, "expected the type of problem", format="qplib")
    refuse(b"a\nQBN\nmost\n", 3, "expected minimize or maximize", format="qplib")
    refuse(b"a\nQBN\nmaximize\n# 3\n", 3, "expected", format="qplib")


def test_matlab_text() -> None:
    contents = parse(b"  (2,1)   -1\n  (1,1)   0.5\n")
    assert (contents.format, contents.labels) == ("matlab", range(1, 3))
    assert contents.rows.tolist() == [1, 0] and contents.values.tolist() == [-1.0, 0.5]
    columns = b"   1.2000000e+01   1.0000000e+00  -4.0000000e+00\n"
    assert parse(columns).num_variables == 12
    refuse(b"(0,1) 1\n", 1, "index outside 1..")
    refuse(b"(1,2) 1\n(1;2) 1\n", 2, "2 fields")
    refuse(b"1.25e+01 1.0e+00 1\n", 1, "is not an index")
    refuse(b"1.0e+99 1.0e+00 1\n", 1, "is not an index")
    refuse(b"1 2 3\n", 1, "expected '(i,j) value'", format="matlab")


def test_market_split() -> None:
    contents = parse(b"2 3\n1 2 3 4\n4 5 6 9\n")
    assert contents.format == "market-split"
    assert contents.coefficients.tolist() == [[1, 2, 3], [4, 5, 6]]
    assert contents.totals.tolist() == [4, 9]
    refuse(b"2 3\n1 2 3 4\n4 5 6\n", 3, "the file ends here, expected a coefficient")
    refuse(b"2 3\n1 2 3 4\n4 5 6 7 8\n", 3, "'8' after the last number, expected the end")
    refuse(b"2 3\n1 2 3 4\n4 5 6 -7\n", 3, "'-7', expected a coefficient or total >= 0")
    refuse(b"2 3\n1 2 3 4\n4 5 6 99999999\n", 3, "a number above 16777216")
    refuse(b"9999 9999\n1 2\n", 1, "cannot fit into a file", format="market-split")
    assert parse(b"3 2\n1 2 1\n2 3 -1\n").format == "rudy"


def test_partition() -> None:
    table = b"id,n,numbers\n3,2,5 6\n7,3,1 2 3\n"
    with pytest.raises(FormatError, match="holds 2 instances"):
        parse(table)
    assert parse(b"id,n,numbers\n7,3,1 2 3\n").numbers.tolist() == [1, 2, 3]
    assert parse(b"4 5\n6\n", format="partition").numbers.tolist() == [4, 5, 6]
    refuse(b"id,n,numbers\n", 1, "no row follows")
    refuse(b"id,n,numbers\n7,4,1 2 3\n", 2, "3 numbers, expected n = '4'")
    refuse(b"id,n,numbers\n7,3\n", 2, "2 columns, expected 3")
    refuse(b"id,n,numbers\n7,1,x\n", 2, "'x', expected the numbers to split")
    refuse(b"4 -5\n", 1, "expected whole numbers >= 0", format="partition")
    refuse(b"9007199254740992 1\n", None, "add up to more than 2^53", format="partition")


def test_labs() -> None:
    contents = parse(b"# the shortest file\nlabs 13\n")
    assert (contents.format, contents.length, contents.num_variables) == ("labs", 13, 13)
    refuse(b"labs 1\n", 1, "expected a length in 2..1000")
    refuse(b"labs x\n", 1, "expected a length")
    refuse(b"labs 3\n4\n", 2, "expected one line, 'labs N'")
    refuse(b"13\n", 1, "expected one line, 'labs N'", format="labs")


def test_knapsack() -> None:
    contents = parse(b"2 5\n6 1\n10 2\n", format="knapsack")
    assert (contents.item_values.tolist(), contents.weights.tolist()) == ([6, 10], [1, 2])
    assert contents.capacity == 5 and problem_of(contents).name == "knapsack"
    refuse(b"2 5\n6 1\n10\n", 3, "the file ends here", format="knapsack")
    refuse(b"0 5\n", 1, "expected the number of items", format="knapsack")
    refuse(b"1 5\n6 4294967296\n", 2, "a number above 2^31", format="knapsack")


def test_set_cover() -> None:
    contents = parse(b"2 3\n4 5 6\n2\n1 2\n1\n3\n", format="set-cover")
    problem = problem_of(contents)
    assert problem.objective(np.array([1, 0, 1])) == 10.0
    assert problem.check([1, 0, 1]) and not problem.check([1, 1, 0])
    refuse(b"1 2\n4 5\n2\n1 1\n", 4, "expected 2 different sets in 1..2", format="set-cover")
    refuse(b"1 2\n4 5\n1\n3\n", 4, "different sets in 1..2", format="set-cover")
    refuse(b"1 2\n4 5\n0\n", 3, "expected how many sets hold element 1", format="set-cover")


def test_qaplib() -> None:
    contents = parse(b"2\n\n0 5\n1 0\n\n0 2\n3 0\n", format="qaplib")
    assert problem_of(contents).objective(np.array([0, 1])) == 13.0
    refuse(b"2\n1 2 3\n", 1, "cannot fit into a file of 8 bytes", format="qaplib")
    for told in (
        b" 2 \n\n 0 5 1\n0 0\n2 3 0",
        b"# nug2\n2\n0 5 1 0 0 2 3 -1\n",
        b"2\r\n0 5 1 0 0 2 3 0",
    ):
        assert parse(told).format == "qaplib"
    for other in (
        b"2\n0 5 1 0 0 2 3\n",
        b"2 0\n5 1 0 0 2 3 0\n",
        b"2\n0 5 1 0 0 2 3 x\n",
        b"1\n5 5\n",
    ):
        with pytest.raises(FormatError):
            parse(other)
    refuse(b"2\n1000000 2 3 4\n", 2, "the file ends here", format="qaplib")
    refuse(b"1\n99999999 1\n", 2, "an entry beyond 16777216", format="qaplib")


def test_lp_refuses() -> None:
    refuse(b"Minimize\n x +\n", 3, "expected a number, a variable or '[' after the sign")
    refuse("Minimize\n obj: é\nEnd\n".encode(), 2, "not ASCII")
    refuse(b"Minimize\nEnd\n", 1, "no variables")
    refuse(b"1 2 3\n", 1, "expected 'Minimize' or 'Maximize'", format="lp")
    refuse(b"DIMODCQM" + bytes(40), None, "damaged dimod CQM file")


def test_damaged_text_raises_nothing_else() -> None:
    lp = b"Minimize\n obj: 2 x + [ x * y ] / 2\nSubject To\n c: x + y <= 3\nBinaries\n x y\nEnd\n"
    seeds = [
        (QPLIB, "qplib"), (lp, "lp"), (b"2 3\n1 2 3 4\n4 5 6 9\n", "market-split"),
        (b"id,n,numbers\n7,3,1 2 3\n", "partition"), (b"(1,2) 1\n(2,3) -1\n", "matlab"),
        (b"2\n\n0 5\n1 0\n\n0 2\n3 0\n", "qaplib"), (b"2 5\n6 1\n10 2\n", "knapsack"),
        (b"2 3\n4 5 6\n2\n1 2\n1\n3\n", "set-cover"), (b"labs 27\n", "labs"),
    ]  # fmt: skip
    rng = np.random.default_rng(23)
    for seed, format in seeds:
        accepted = 0
        for count in range(400):
            data = bytearray(seed)
            for _ in range(int(rng.integers(1, 4))):
                at = int(rng.integers(len(data))) if data else 0
                if rng.random() < 0.4:
                    del data[at : at + int(rng.integers(1, 6))]
                else:
                    data[at : at + 1] = bytes([int(rng.choice(list(b"0123 -+.eE\n#(),xn\xff\0")))])
            try:
                contents = parse(bytes(data), format=(format, None)[count % 2])
            except FormatError:
                continue
            accepted += 1
            assert contents.num_variables > 0
            if isinstance(contents, Contents):
                assert np.isfinite(contents.values).all()
        assert 0 < accepted < 400


def test_qplib_names_must_differ() -> None:
    text = QPLIB.replace(b"1 # number of non-default variable n", b"2 # n")
    refuse(text.replace(b"3 third one", b"3 a\n2 a"), 20, "a variable name occurs twice")
