"""MPS files: every refusal with its line and column."""

import pytest

from milp_files import best_of, contents_of, marked
from pbit.formats import FormatError, detect

START = "NAME t\n"
ROWS = "ROWS\n N obj\n L c\n"
COLUMNS = "COLUMNS\n x obj -1 c 1\n y obj -1 c 1\n"
RHS = "RHS\n RHS c 1\n"
BOUNDS = "BOUNDS\n BV B x\n BV B y\n"
END = "ENDATA\n"


def file(*, start=START, rows=ROWS, columns=COLUMNS, rhs=RHS, ranges="", bounds=BOUNDS, more=""):
    return start + rows + columns + rhs + ranges + bounds + more + END


# The sign § stands where the refusal points to.
REFUSED = {
    "an unknown section": (file(more="§FOO\n a b 1\n"), "no section of MPS files, expected NAME"),
    "conditions": (file(more="§INDICATORS\n IF c x 1\n"), "write them as linear constraints"),
    "lazy": (file(more="§LAZYCONS\n L d\n"), "list them under ROWS"),
    "a card without a title": (" §x 1\n" + file(), "expected the title of a section"),
    "a card under NAME": (file(start="NAME t\n §x 1\n"), "expected the title of a section"),
    "a section twice": (file(more="§RHS\n RHS c 1\n"), "a second section of this title"),
    "columns before rows": (START + "§" + COLUMNS + ROWS, "expected ROWS before it"),
    "bounds before columns": (START + ROWS + "§" + BOUNDS + COLUMNS, "expected COLUMNS before it"),
    "OBJNAME late": (START + ROWS + "§OBJNAME\n obj\n" + COLUMNS, "expected it before ROWS"),
    "something beside": (file(rhs="RHS §all\n RHS c 1\n"), "expected nothing beside RHS"),
    "no end": (START + ROWS + COLUMNS + "§", "the file ends here (truncated), expected ENDATA"),
    "no columns": (START + ROWS + END + "§", "the file ends here (truncated), expected COLUMNS"),
    "after the end": (file() + "§more\n", "expected nothing after ENDATA"),
    "a sense": (file(start="NAME\nOBJSENSE\n §BIGGER\n"), "expected MIN or MAX"),
    "a sense beside": (file(start="NAME\nOBJSENSE §BIGGER\n"), "expected MIN or MAX"),
    "two senses": (file(start="NAME\nOBJSENSE MAX\n §MIN\n"), "expected MIN or MAX, once"),
    "no such objective": (file(start="NAME\nOBJNAME\n §o\n"), "no row N under ROWS has this name"),
    "a kind of row": (file(rows="ROWS\n N obj\n §X c\n"), "expected one of N, L, G and E"),
    "a row twice": (file(rows=ROWS + " L §c\n"), "a second row of this name"),
    "a row alone": (file(rows=ROWS + " §L\n"), "1 fields in this line, expected a kind of row"),
    "no such row": (file(columns=COLUMNS + " z §d 1\n"), "no row of this name under ROWS"),
    "four fields": (file(columns=COLUMNS + " z obj 1 §c\n"), "4 fields in this line"),
    "no number": (file(columns=COLUMNS + " z obj §one\n"), "expected a number such as -1.5"),
    "overflow": (file(columns=COLUMNS + " z obj §1e999\n"), "float64 does not hold this number"),
    "underflow": (file(columns=COLUMNS + " z obj §1e-999\n"), "float64 does not hold this"),
    "a long number": (file(columns=COLUMNS + f" z obj §{'9' * 401}\n"), "expected a number"),
    "a long name": (file(columns=COLUMNS + f" §{'z' * 256} obj 1\n"), "at most 255 characters"),
    "an entry twice": (file(columns=COLUMNS + " y §c 2\n"), "a second number of the column"),
    "a column apart": (file(columns=COLUMNS + " §x c 2\n"), "this column began further up"),
    "a marker": (file(columns="COLUMNS\n M 'MARKER' §'INTEND'\n"), "the marker 'INTORG'"),
    "another marker": (file(columns="COLUMNS\n M 'MARKER' §'SOSORG'\n"), "the marker 'INTORG'"),
    "a marker twice": (file(columns="COLUMNS\n M 'MARKER' 'INTORG'\n M 'MARKER' §'INTORG'\n"),
                       "expected the marker 'INTEND'"),
    "a marker without end": (file(columns="COLUMNS\n M 'MARKER' §'INTORG'\n" + COLUMNS[8:]),
                             "a marker without 'INTEND'"),
    "a right side of no row": (file(rhs="RHS\n RHS §d 1\n"), "no row of this name"),
    "a right side twice": (file(rhs=RHS + " RHS §c 2\n"), "a second right-hand side"),
    "a second set": (file(rhs=RHS + " §R2 obj 2\n"), "a second set of RHS, after 'RHS'"),
    "a lone field": (file(rhs="RHS\n §RHS\n"), "1 fields in this line, expected the set's name"),
    "a range of N": (file(ranges="RANGES\n R §obj 1\n"), "a range of a row without a limit"),
    "a range twice": (file(ranges="RANGES\n R c 1\n R §c 2\n"), "a second range of this row"),
    "a range beyond float64": (file(rows="ROWS\n N obj\n §L c\n".replace("§L c", "L §c"),
                                    rhs="RHS\n RHS c -1e308\n", ranges="RANGES\n R c 1e308\n"),
                               "the range exceeds float64"),
    "a bound of no column": (file(bounds=BOUNDS + " UP B §q 2\n"), "no column of this name"),
    "no kind of bound": (file(bounds=BOUNDS + " §XX B x 2\n"), "no kind of bound"),
    "semi-continuous": (file(bounds=BOUNDS + " §SC B x 2\n"), "write a bit that switches"),
    "semi-integer": (file(bounds=BOUNDS + " §SI B x 2\n"), "semi-integer variables are not"),
    "a bound without value": (file(bounds=BOUNDS + " UP §x\n"), "2 fields in this line"),
    "two bounds": (file(bounds=BOUNDS + " UP B §x 2\n"), "has the upper bound 1 already, got 2"),
    "sets of bounds": (file(bounds=BOUNDS + " UP §C x 1\n"), "a second set of BOUNDS, after 'B'"),
    "below 0": (file(bounds=" BOUNDS\n UI B §x -2\n BV B y\n"[1:]), "no lower one, which is 0"),
    "a column or a set": (file(columns=COLUMNS + " B obj 1\n", bounds="BOUNDS\n FR §x B\n"),
                          "give the set another name"),
    "a real column": (file(columns="COLUMNS\n §r obj 1\n x c 1\n", bounds="BOUNDS\n BV B x\n"),
                      "'r' is real with bounds 0..inf"),
    "a member before a set": (file(more="SOS\n SOS x §1\n"), "expected 'S1 SOS name' for a set"),
    "SOS2": (file(more="SOS\n §S2 SOS s\n SOS x 1\n"), "SOS2 is not read"),
    "an empty set": (file(more="SOS\n S1 SOS §s\n"), "a set without members"),
    "a member twice": (file(more="SOS\n S1 SOS s\n SOS x 1\n SOS §x 2\n"), "a second time"),
    "a set called as a row": (file(more="SOS\n S1 SOS §c\n SOS x 1\n"), "a second row or set"),
    "a weight": (file(more="SOS\n S1 SOS s\n SOS x §z\n"), "expected a number"),
    "a priority": (file(more="SOS\n S1 SOS s §z\n SOS x 1\n"), "expected a number"),
    "no name of a set": (file(more="SOS\n §S1\n"), "1 fields in this line, expected 'S1 SOS"),
    "a set of integers": (file(bounds="BOUNDS\n UI B x 3\n BV B y\n",
                               more="SOS\n S1 SOS §s\n SOS x 1\n"), "variables that are 0 or 1"),
    "a triangle twice": (file(more="QUADOBJ\n x y 1\n §y x 1\n"), "is listed already"),
    "half a matrix": (file(more="QMATRIX\n §x y 1\n"), "lists both halves"),
    "halves that differ": (file(more="QMATRIX\n §x y 1\n y x 2\n"), "lists both halves"),
    "two matrices": (file(more="QUADOBJ\n x x 1\n§QMATRIX\n x x 1\n"), "a second matrix"),
    "a matrix of no row": (file(more="QCMATRIX §d\n x x 1\n"), "expected 'QCMATRIX row'"),
    "a matrix without a row": (file(more="§QCMATRIX\n x x 1\n"), "expected 'QCMATRIX row'"),
    "a matrix of the objective": (file(more="QCMATRIX §obj\n x x 1\n"), "expected QCMATRIX for"),
    "QSECTION of a row": (file(more="QSECTION §c\n x x 1\n"), "the others for the objective"),
    "no objective": (file(rows="ROWS\n L c\n", columns="COLUMNS\n x c 1\n y c 1\n",
                          more="§QUADOBJ\n x x 1\n"), "no objective, expected a row N"),
    "a product of three": (file(more="QUADOBJ\n x y y §1\n"), "4 fields in this line, expected"),
    "a product of no column": (file(more="QUADOBJ\n x §q 1\n"), "no column of this name"),
    "half of the smallest": (file(more="QUADOBJ\n §x x 5e-324\n"), "does not hold half of this"),
    "products beyond float64": (file(more="QCMATRIX c\n x y 1e308\n §y x 1e308\n"),
                                "products add up beyond float64"),
    "accents": (file(columns=COLUMNS + " §é obj 1\n"), "not ASCII, as MPS files are"),
    "no card": ("NAME          t\nROWS\n N  the cost\n L  c\nCOLUMNS\n"
                "    x         the cost            -1§x  c                    1\nRHS\nENDATA\n",
                "expected a blank in this column"),
    "all fixed": ("§" + file(bounds="BOUNDS\n FX B x 1\n FX B y 0\n"), "no variables that are"),
}  # fmt: skip


@pytest.mark.parametrize("name", REFUSED)
def test_refusals_point_at_their_place(name):
    text, part = REFUSED[name]
    text, line, column = marked(text)
    with pytest.raises(FormatError) as caught:
        contents_of(text, format="mps")
    assert part in str(caught.value), caught.value
    assert (caught.value.line, caught.value.column) == (line, column), caught.value


def test_a_plain_file():
    assert best_of(file()) == -1.0
    assert best_of(file(start="* a comment: é\n\nNAME all kinds of x\n")) == -1.0


NONE = 2**53 - 1  # dimod's largest integer stands for no bound


@pytest.mark.parametrize(
    ("bounds", "low", "high"),
    [
        (" LI B x 1\n UI B x 4\n", 1, 4),
        (" LI x 1\n UI x 4\n", 1, 4),
        (" MI B x\n UI B x 4\n", -NONE, 4),
        (" LI B x -2\n PL B x\n", -2, NONE),
        (" LI B x -2\n UI B x 1e30\n", -2, NONE),
        (" LI B x -Inf\n UI B x inf\n", -NONE, NONE),
        (" LI B x 2\n", 2, NONE),
        (" UI B x 0\n", 0, 0),
        (" UI B x 2.5\n LI B x 0.5\n", 1, 2),
    ],
)
def test_bounds(bounds, low, high):
    set_name = " BV y\n" if bounds.startswith(" LI x") else " BV B y\n"
    cqm = contents_of(file(bounds=f"BOUNDS\n{bounds}{set_name}")).cqm
    assert (cqm.lower_bound("x"), cqm.upper_bound("x")) == (low, high)


def test_sets_may_be_named_in_several_ways():
    for head in (" S1 s", " S1 SOS s", " S1 SOS s 5"):
        contents = contents_of(file(rhs="RHS\n RHS c 2\n", more=f"SOS\n{head}\n x 1\n SOS y 2\n"))
        assert list(contents.cqm.constraints) == ["c", "s"]


def test_matrices_of_rows_are_not_halved():
    contents = contents_of(file(more="QCMATRIX c\n x x 2\n x y 3\n y x 3\nQSECTION\n x y 4\n"))
    left = contents.cqm.constraints["c"].lhs
    assert left.get_linear("x") == 3.0  # x x = x
    assert left.get_quadratic("x", "y") == 6.0
    assert contents.cqm.objective.get_quadratic("x", "y") == 4.0


def test_content_tells_the_format():
    assert detect(b"\n* made by hand\nNAME a\nROWS\n N obj\n", "a") == "mps"
    assert detect(b"OBJSENSE MAX\nROWS\n N obj\n", "a") == "mps"
