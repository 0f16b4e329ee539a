"""Series in tables: read, and refused with the line."""

import gzip
import io

import pytest

from pbit.formats.errors import FormatError
from pbit.problems.learning.series import read_series


def read(text, **options):
    return read_series(io.BytesIO(text.encode()), **options)


def test_tables_of_all_kinds(tmp_path):
    for text in ("x,y\n1,2\n3,4\n", "x;y\n1;2\n3;4\n", "x\ty\n1\t2\n3\t4\n", "x y\n1 2\n3 4\n"):
        found = read(text)
        assert found.names == ("x", "y") and found.values.tolist() == [[1, 2], [3, 4]]
    assert read("1\n2\n").names == ("x1",)
    path = tmp_path / "a.csv.gz"
    path.write_bytes(gzip.compress(b"a\n1\n2\n"))
    assert read_series(path).values.tolist() == [[1.0], [2.0]]


def test_a_column_of_time_is_left_out_or_noted():
    text = "Date,x\n2026-01-01,1\n2026-01-02,2\n"
    assert read(text, time="Date").values.tolist() == [[1.0], [2.0]]
    with pytest.raises(FormatError, match=r":2: column 'Date' is '2026-01-01'"):
        read(text)
    assert read("t,x\n0,1\n1,2\n").notes == (
        "column 't' is read as data; say time='t' if it is not",
    )


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "the file is empty"),
        ("x,y\n1,2\n3\n", ":3: "),
        ("x,y\n1,2\n3,nan\n", ":3: "),
        ("x\n1\ninf\n", ":3: "),
        ("x\n1\nabc\n", ":3: column 'x' is 'abc', expected a number"),
    ],
)
def test_refusals(text, message):
    with pytest.raises(FormatError) as caught:
        read(text)
    assert message in str(caught.value)


def test_columns_by_name():
    found = read("x,y\n1,2\n3,4\n")
    assert found.column("y") == 1
    with pytest.raises(FormatError, match=r"no column 'z', expected one of 'x', 'y'"):
        found.column("z")
