"""DIMACS graphs, CNF and WCNF: what they hold, and what is wrong with bad ones, line by line."""

import io

import numpy as np
import pytest

from pbit.formats import FormatError, read

GRAPH = b"c made by hand\np edge 4 3\ne 1 2\ne 3 2\n\nc more\ne 1 4\n"
CNF = b"c a formula\np cnf 3 2\n1 -3 0\n2\n-1 3 0\n"
OLD = b"c\np wcnf 3 3 10\n10 1 -2 0\n3 2 3 0\n1 -3 0\n"
NEW = b"c 2022\nh 1 -2 0\n3 2 3 0\n1 -3 0\n"


def parse(text, format=None, name=None):
    stream = io.BytesIO(text)
    if name is not None:
        stream.name = name
    return read(stream, format=format)


@pytest.mark.parametrize("word", [b"edge", b"edges", b"col"])
def test_a_graph(word):
    graph = parse(GRAPH.replace(b"edge", word))
    assert (graph.kind, graph.format, graph.num_variables) == ("graph", "dimacs-graph", 4)
    pairs = zip(graph.rows.tolist(), graph.cols.tolist(), strict=True)
    assert set(pairs) == {(0, 1), (1, 2), (0, 3)}
    assert graph.values.tolist() == [1.0] * 3
    assert graph.labels == range(1, 5) and graph.notes == ()


def test_edges_listed_twice_count_once_and_loops_not_at_all():
    both = b"p col 3 4\ne 1 2\ne 2 1\ne 2 3\ne 3 3\n"
    graph = parse(both)
    assert graph.values.size == 2
    assert graph.notes == (
        "1 edge lines from a vertex to itself are left out",
        "3 edge lines are 2 different edges; each counts once",
    )
    assert parse(b"p col 3 4\ne 1 2\ne 2 3\n").values.size == 2  # a header of both directions


def test_lines_about_geometry_are_no_edges():
    assert parse(b"p edge 2 1\nd 2 1\nv 1 2\nx 1 2\ne 1 2\n").values.size == 1


def test_no_edges_at_all():
    assert parse(b"p edge 2 0\n").values.size == 0


@pytest.mark.parametrize(
    ("text", "line", "part"),
    [
        (b"p edge 2\ne 1 2\n", 1, "expected the header 'p edge vertices edges'"),
        (b"p edge x 1\ne 1 2\n", 1, "the number of vertices, a whole number"),
        (b"p edge 0 0\n", 1, "0 vertices, expected 1.."),
        (b"p edge 2 5\ne 1 2\n", 1, "promises 5 edges, the file has 1"),
        (b"p edge 2 1\ne 1 3\n", 2, "index outside 1..2"),
        (b"p edge 2 1\n\ne 1 2 3\n", 3, "3 fields"),
        (b"p edge 2 1\nc x\n1 2\n", 3, "'1 2': expected an edge 'e i j'"),
        (b"p edge 2 1\ne 1 2\nn 1 5\n", 3, "vertex weights are not supported"),
        (b"p edge 2 1\ne 1 x\n", 2, "not an index"),
    ],
)
def test_bad_graphs(text, line, part):
    refuse(text, line, part)


def test_a_formula():
    cnf = parse(CNF)
    assert (cnf.kind, cnf.format, cnf.num_variables) == ("cnf", "cnf", 3)
    assert cnf.pointers.tolist() == [0, 2, 5]  # a clause may go over lines
    assert cnf.literals.tolist() == [1, -3, 2, -1, 3]
    assert not cnf.hard.any() and cnf.values.tolist() == [1.0, 1.0]


def test_the_end_mark_of_satlib():
    assert parse(CNF + b"%\n0\n\n").pointers.tolist() == [0, 2, 5]


def test_empty_formulas_and_clauses():
    assert parse(b"p cnf 2 0\n").values.size == 0
    assert parse(b"p cnf 2 2\n0\n1 0\n").pointers.tolist() == [0, 0, 1]


@pytest.mark.parametrize("text", [OLD, NEW, NEW.replace(b"h", b"   h")])
def test_both_styles_of_weights(text):
    wcnf = parse(text)
    assert (wcnf.kind, wcnf.format, wcnf.num_variables) == ("wcnf", "wcnf", 3)
    assert wcnf.pointers.tolist() == [0, 2, 4, 5]
    assert wcnf.literals.tolist() == [1, -2, 2, 3, -3]
    assert wcnf.hard.tolist() == [True, False, False] and wcnf.values.tolist() == [0.0, 3.0, 1.0]


def test_a_header_without_top_has_no_hard_clauses():
    wcnf = parse(b"p wcnf 2 2\n1000000 1 0\n1 2 0\n")
    assert not wcnf.hard.any() and wcnf.values.tolist() == [1e6, 1.0]


def test_weights_beyond_int64_are_hard_where_top_says_so():
    top = b"18446744073709551615"
    wcnf = parse(b"p wcnf 2 2 " + top + b"\n" + top + b" 1 0\n7 2 0\n")
    assert wcnf.hard.tolist() == [True, False] and wcnf.values.tolist() == [0.0, 7.0]


def test_new_style_is_told_by_a_hard_clause_or_the_name(tmp_path):
    path = tmp_path / "soft.wcnf"
    path.write_bytes(b"3 2 3 0\nh 1 0\n")
    assert read(path).hard.tolist() == [False, True]


@pytest.mark.parametrize(
    ("text", "line", "part"),
    [
        (b"p cnf 3\n1 0\n", 1, "expected the header 'p cnf variables clauses'"),
        (b"p cnf 0 0\n", 1, "0 variables, expected 1.."),
        (b"p cnf 3 -1\n", 1, "the number of clauses, a whole number"),
        (b"p cnf 3 3\n1 0\n2 0\n", 1, "promises 3 clauses, the file has 2"),
        (b"p cnf 3 1\n1 0\n2 0\n", 1, "promises 1 clauses, the file has 2"),
        (b"p cnf 3 1\n1 2\n", 2, "the last clause does not end with 0"),
        (b"p cnf 3 1\n\n1 4 0\n", 3, "literal 4, but there are 3 variables"),
        (b"p cnf 3 2\n1 2 0\n-4 0\n", 3, "literal -4, but there are 3 variables"),
        (b"p cnf 3 1\n1 x 0\n", 2, "'x' is no literal"),
        (b"p cnf 3 1\n1 2.0 0\n", 2, "'2.0' is no literal"),
        (b"p cnf 3 1\n1 2-3 0\n", 2, "'2-3' is no literal"),
        (b"p cnf 3 1\n1 " + b"9" * 5000 + b" 0\n", 2, "but there are 3 variables"),
        (b"p cnf 3 1\n1 h 0\n", 2, "'h' is no literal"),
        (b"p wcnf 3 1 2 9\n1 2 0\n", 1, "expected the header 'p wcnf variables clauses [top]'"),
        (b"p wcnf 3 1 x\n1 2 0\n", 1, "the weight of hard clauses"),
        (b"p wcnf 3 1 9\n-1 2 0\n", 2, "weight -1 of a clause, expected a whole number 1..2^53"),
        (b"p wcnf 3 1\n9007199254740993 2 0\n", 2, "weight 9007199254740993 of a clause"),
        (b"p wcnf 3 2 9\n1 2 0\n0\n", 3, "weight 0 of a clause"),
        (b"p wcnf 3 1 9\n1 4 0\n", 2, "literal 4, but there are 3 variables"),
        (b"p wcnf 3 1 9\nh 1 0\n", 2, "'h' is no literal"),
        (b"h 1 0\n1 h 2 0\n", 2, "'h' is no literal"),
    ],
)
def test_bad_formulas(text, line, part):
    refuse(text, line, part)


@pytest.mark.parametrize(
    ("text", "format", "part"),
    [(CNF, "wcnf", "expected the header 'p wcnf"), (OLD, "cnf", "expected the header 'p cnf")],
)
def test_formats_that_are_named_wrongly(text, format, part):
    with pytest.raises(FormatError, match=part):
        parse(text, format)


def refuse(text, line, part):
    with pytest.raises(FormatError) as caught:
        parse(text)
    assert caught.value.line == line, str(caught.value)
    assert part in str(caught.value)


def test_long_formulas_are_read_quickly_and_exactly():
    rng = np.random.default_rng(1)
    literals = rng.integers(1, 1001, (50_000, 3)) * rng.choice([-1, 1], (50_000, 3))
    text = "p cnf 1000 50000\n" + "".join(f"{a} {b} {c} 0\n" for a, b, c in literals.tolist())
    assert np.array_equal(parse(text.encode()).literals, literals.ravel())
