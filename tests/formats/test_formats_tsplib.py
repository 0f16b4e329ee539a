"""TSPLIB: every layout and distance by hand, and what is wrong with bad files."""

import io

import numpy as np
import pytest

from pbit.formats import FormatError, read

ROWS = np.array([[0, 1, 2, 3], [1, 0, 4, 5], [2, 4, 0, 6], [3, 5, 6, 0]], dtype=float)
LAYOUTS = {
    "FULL_MATRIX": "0 1 2 3 1 0 4 5 2 4 0 6 3 5 6 0",
    "UPPER_ROW": "1 2 3\n4 5\n6",
    "LOWER_ROW": "1 2 4 3 5 6",
    "UPPER_DIAG_ROW": "0 1 2 3 0 4 5 0 6 0",
    "LOWER_DIAG_ROW": "0 1 0 2 4 0 3 5 6 0",
    "UPPER_COL": "1 2 4 3 5 6",
    "LOWER_COL": "1 2 3 4 5 6",
    "UPPER_DIAG_COL": "0 1 0 2 4 0 3 5 6 0",
    "LOWER_DIAG_COL": "0 1 2 3 0 4 5 0 6 0",
}


def explicit(layout="UPPER_ROW", numbers="1 2 3 4 5 6", count="4", kind="TSP", more=""):
    return (
        f"NAME: x\nTYPE: {kind}\nDIMENSION: {count}\nEDGE_WEIGHT_TYPE: EXPLICIT\n"
        f"EDGE_WEIGHT_FORMAT: {layout}\n{more}EDGE_WEIGHT_SECTION\n{numbers}\nEOF\n"
    )


def points(weights, lines, count=None):
    return (
        f"NAME : x\nTYPE : TSP\nDIMENSION : {count or len(lines)}\n"
        f"EDGE_WEIGHT_TYPE : {weights}\nNODE_COORD_SECTION\n" + "\n".join(lines) + "\nEOF\n"
    )


def parse(text):
    return read(io.BytesIO(text.encode()))


@pytest.mark.parametrize("layout", LAYOUTS)
def test_layouts(layout):
    contents = parse(explicit(layout, LAYOUTS[layout]))
    assert (contents.kind, contents.format, contents.num_variables) == ("tsp", "tsplib", 4)
    assert np.array_equal(contents.values, ROWS) and contents.labels == range(1, 5)


def test_directions_and_the_diagonal():
    contents = parse(explicit("FULL_MATRIX", "9999 2 3 9999", count="2", kind="ATSP"))
    assert contents.values.tolist() == [[0.0, 2.0], [3.0, 0.0]]


@pytest.mark.parametrize(
    ("weights", "first", "second", "distance"),
    [
        ("EUC_2D", "0 0", "1 2", 2),  # 2.236
        ("EUC_2D", "0 0", "1.5 2", 3),  # 2.5 goes up
        ("EUC_3D", "0 0 0", "2 3 6.4", 7),
        ("CEIL_2D", "0 0", "1 2", 3),
        ("CEIL_2D", "0 0", "3 4", 5),
        ("MAN_2D", "0 0", "1.2 2.2", 3),
        ("MAN_3D", "0 0 0", "-1 -2 3", 6),
        ("MAX_2D", "0 0", "1.2 -2.6", 3),
        ("MAX_3D", "0 0 0", "1 2 7.4", 7),
        ("ATT", "0 0", "10 0", 4),  # 3.16 goes up
        ("ATT", "0 0", "0 0", 0),
        # cities 1 and 2 of ulysses16
        ("GEO", "38.24 20.42", "39.57 26.15", 509),
        ("GEO", "49 -57", "-59 -21", 12461),  # 12462 with all digits of pi
    ],
)
def test_distances(weights, first, second, distance):
    contents = parse(points(weights, [f"2 {second}", f"1 {first}"]))
    assert contents.values[0, 1] == contents.values[1, 0] == distance
    assert contents.values[0, 0] == 0.0


def test_what_is_drawn_is_not_measured():
    text = explicit().replace("EOF", "DISPLAY_DATA_SECTION\n1 0 0\n2 any thing\nEOF\nrubbish")
    assert np.array_equal(parse(text).values, ROWS)


@pytest.mark.parametrize(
    ("text", "line", "part"),
    [
        (explicit(kind="CVRP"), None, "TYPE is CVRP, expected TSP or ATSP"),
        (explicit(kind=""), None, "no TYPE, expected that line"),
        (explicit(count="x"), None, "DIMENSION is no number of cities"),
        (explicit(count="5001"), None, "DIMENSION is no number of cities 1..5000"),
        (explicit(count="0"), None, "DIMENSION is no number of cities 1..5000"),
        (explicit(layout="SPIRAL"), None, "EDGE_WEIGHT_FORMAT SPIRAL, expected one of FULL"),
        (explicit(numbers="1 2 3"), 6, "3 weights follow, expected 6 for 4 cities"),
        (explicit(numbers="1 2 3 4 5 x"), 7, "'x' is no finite decimal number"),
        (explicit(numbers="1 2 3 4 5 1e999"), 7, "no finite decimal number"),
        (explicit(numbers="1 2 3 4 5 nan"), 7, "no finite decimal number"),
        (explicit().replace("EDGE_WEIGHT_SECTION", "X_SECTION"), None, "no EDGE_WEIGHT_SECTION"),
        (explicit(more="FIXED_EDGES_SECTION\n1 2\n-1\n"), 6, "fixed edges are not supported"),
        (explicit(more="what is this\n"), 6, "expected 'KEYWORD : value'"),
        (points("XRAY1", ["1 0 0", "2 0 1"]), None, "EDGE_WEIGHT_TYPE XRAY1, expected one of"),
        (points("EUC_2D", ["1 0 0", "2 0"]), 7, "expected a city and 2 coordinates"),
        (points("EUC_3D", ["1 0 0", "2 0 0"]), 6, "expected a city and 3 coordinates"),
        (points("EUC_2D", ["1 0 0", "2 0 1"], 3), 5, "2 cities follow, expected 3"),
        (points("EUC_2D", ["1 0 0", "3 0 1"]), 7, "expected each city 1..2 once"),
        (points("EUC_2D", ["1 0 0", "1 0 1"]), 7, "expected each city 1..2 once"),
        ("NAME: x\nTYPE: TSP\nDIMENSION: 2\n", None, "no EDGE_WEIGHT_TYPE"),
    ],
)
def test_bad_files(text, line, part):
    with pytest.raises(FormatError) as caught:
        parse(text)
    assert caught.value.line == line, str(caught.value)
    assert part in str(caught.value)
