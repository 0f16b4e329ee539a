"""Small programmes, each as LP, free and fixed MPS, and as a function that is tried everywhere."""

import itertools

import pytest

from milp_files import best_of, contents_of, fixed, said
from pbit.formats.milp import Place

BITS = dict.fromkeys("xyz", (0, 1))


class Case:
    """Bounds of the variables, the objective, rows that have to hold, and the files."""

    def __init__(self, bounds, objective, rows, lp, mps, *, maximise=False):
        self.bounds, self.objective, self.rows = bounds, objective, rows
        self.lp, self.mps, self.maximise = lp, mps, maximise

    def best(self):
        """The best value over the box."""
        found = []
        for values in itertools.product(*(range(a, b + 1) for a, b in self.bounds.values())):
            x = dict(zip(self.bounds, values, strict=True))
            if self.rows(**x):
                found.append(self.objective(**x))
        return max(found) if self.maximise else min(found)


CASES = {
    "less than": Case(
        {"x": (0, 1), "y": (0, 1)}, lambda x, y: -x - y, lambda x, y: x + y <= 1,
        "Minimize\n obj: - x - y\nSubject To\n c1: x + y < 1\nBinary\n x y\nEnd\n",
        "NAME\nROWS\n N obj\n L c1\nCOLUMNS\n x obj -1 c1 1\n y obj -1 c1 1\nRHS\n RHS c1 1\n"
        "BOUNDS\n BV B x\n BV B y\nENDATA\n",
    ),
    "names of Gurobi": Case(
        {"x[0]": (0, 1), "x[1]": (0, 1)}, lambda **x: -x["x[0]"] - 2 * x["x[1]"],
        lambda **x: sum(x.values()) <= 1,
        "Minimize\n obj: - x[0] - 2 x[1]\nSubject To\n c1: x[0] + x[1] =< 1\n"
        "Binaries\n x[0]\n x[1]\nEnd\n",
        "NAME\nROWS\n N obj\n L c1\nCOLUMNS\n x[0] obj -1 c1 1\n x[1] obj -2\n x[1] c1 1\n"
        "RHS\n c1 1\nBOUNDS\n BV x[0]\n BV B1 x[1]\nENDATA\n".replace(" B1", ""),
    ),
    "a range": Case(
        BITS, lambda x, y, z: x + 2 * y + 4 * z, lambda x, y, z: 1 <= x + y + z <= 2,
        "Maximize\n obj: x + 2 y + 4 z\nSubject To\n c1: 1 <= x + y + z <= 2\nBin\n x y z\nEnd\n",
        "NAME\nOBJSENSE MAX\nROWS\n N obj\n L c1\nCOLUMNS\n x obj 1 c1 1\n y obj 2 c1 1\n"
        " z obj 4 c1 1\nRHS\n RHS c1 2\nRANGES\n R c1 1\nBOUNDS\n BV B x\n BV B y\n BV B z\n"
        "ENDATA\n",
        maximise=True,
    ),
    "a range of =, upwards": Case(
        {"i": (0, 9)}, lambda i: -i, lambda i: 3 <= i <= 5,
        "Minimize\n obj: - i\nst\n 5 >= i >= 3\nBounds\n i <= 9\nGeneral\n i\nEnd\n",
        "NAME\nROWS\n N obj\n E c1\nCOLUMNS\n M 'MARKER' 'INTORG'\n i obj -1 c1 1\n"
        " N 'MARKER' 'INTEND'\nRHS\n RHS c1 3\nRANGES\n R c1 2\nBOUNDS\n UP B i 9\nENDATA\n",
    ),
    "a range of =, downwards": Case(
        {"i": (0, 9)}, lambda i: i, lambda i: 1 <= i <= 3,
        "Minimize\n obj: i\nst\n c: 1 <= i <= 3\nBounds\n i <= 9\nInteger\n i\nEnd\n",
        "NAME\nROWS\n N obj\n E c\nCOLUMNS\n i obj 1 c 1\nRHS\n RHS c 3\nRANGES\n R c -2\n"
        "BOUNDS\n UI B i 9\nENDATA\n",
    ),
    "a range of >=": Case(
        {"i": (0, 9)}, lambda i: -i, lambda i: 2 <= i <= 6,
        "Minimize\n obj: - i\nst\n c: 6 >= i > 2\nBounds\n i <= 9\nInt\n i\nEnd\n",
        "NAME\nROWS\n N obj\n G c\nCOLUMNS\n i obj -1 c 1\nRHS\n RHS c 2\nRANGES\n R c -4\n"
        "BOUNDS\n UI B i 9\nENDATA\n",
    ),
    "constants": Case(
        {"x": (0, 1), "y": (0, 1)}, lambda x, y: 7, lambda x, y: x + y >= 1,
        "Minimize\n obj: 7\nSubject To\n c1: x + y + 2 >= 3\nBinary\n x y\nEnd\n",
        "NAME\nROWS\n N obj\n G c1\nCOLUMNS\n x c1 1\n y c1 1\nRHS\n RHS obj -7 c1 1\n"
        "BOUNDS\n BV B x\n BV B y\nENDATA\n",
    ),
    "a real that is fixed": Case(
        {"x": (0, 1), "y": (0, 1)}, lambda x, y: 0.5 - 2 * x - y, lambda x, y: x + y <= 0.1 + 1,
        "Minimize\n obj: 5 r - 2 x - y\nSubject To\n c1: x + y - r <= 1\n"
        "Bounds\n r = 0.1\nBinary\n x y\nEnd\n",
        "NAME\nROWS\n N obj\n L c1\nCOLUMNS\n r obj 5 c1 -1\n x obj -2 c1 1\n y obj -1 c1 1\n"
        "RHS\n RHS c1 1\nBOUNDS\n FX B r 0.1\n BV B x\n BV B y\nENDATA\n",
    ),
    "one of a set": Case(
        BITS, lambda x, y, z: x + y + z, lambda x, y, z: x + y + z <= 1,
        "Maximize\n obj: x + y + z\nSubject To\n c1: x + y + z <= 2\nBinary\n x y z\nSOS\n"
        " s1: S1 :: x:1 y:2 z:3\nEnd\n",
        "NAME\nOBJSENSE\n MAXIMIZE\nROWS\n N obj\n L c1\nCOLUMNS\n x obj 1 c1 1\n y obj 1 c1 1\n"
        " z obj 1 c1 1\nRHS\n RHS c1 2\nBOUNDS\n BV B x\n BV B y\n BV B z\nSOS\n S1 SOS s1\n"
        " SOS x 1\n SOS y 2\n SOS z 3\nENDATA\n",
        maximise=True,
    ),
    "squares and products": Case(
        {"i": (-2, 3), "x": (0, 1)}, lambda i, x: i * i - 3 * i * x + 0.5 * x, lambda i, x: i <= 2,
        "Minimize\n obj: 0.5 x + [ 2 i ^ 2 - 6 i * x ] / 2\nSubject To\n c: i <= 2\n"
        "Bounds\n -2 <= i <= 3\nGenerals\n i\nBinaries\n x\nEnd\n",
        "NAME\nROWS\n N obj\n L c\nCOLUMNS\n i c 1\n x obj 0.5\nRHS\n RHS c 2\nBOUNDS\n"
        " LI B i -2\n UI B i 3\n BV B x\nQUADOBJ\n i i 2\n x i -3\nENDATA\n",
    ),
    "both halves": Case(
        {"i": (-2, 3), "j": (0, 2)}, lambda i, j: i * i + 2 * i * j, lambda i, j: j - i <= 3,
        "Minimize\n obj: - [ - 2 i^2 - 4 i*j ]/2\nSubject To\n c: j - i <= 3\n"
        "Bounds\n i >= -2\n i <= 3\n j <= 2\nGenerals\n i j\nEnd\n",
        "NAME\nROWS\n N obj\n L c\nCOLUMNS\n i c -1\n j c 1\nRHS\n RHS c 3\nBOUNDS\n"
        " LI B i -2\n UI B i 3\n UI B j 2\nQMATRIX\n i i 2\n i j 2\n j i 2\nENDATA\n",
    ),
    "below zero": Case(
        {"i": (-9, -2)}, lambda i: i, lambda i: i >= -5.5,
        "Minimize\n obj: i\nst\n c: i >= -5.5\nBounds\n -inf <= i <= -2\nGenerals\n i\nEnd\n",
        "NAME\nROWS\n N obj\n G c\nCOLUMNS\n i obj 1 c 1\nRHS\n RHS c -5.5\nBOUNDS\n MI B i\n"
        " UI B i -2\nENDATA\n",
    ),
    "decimals": Case(
        {"i": (0, 9), "j": (0, 9)}, lambda i, j: -i - 3 * j,
        lambda i, j: i + 3 * j <= 7,
        "Minimize\n obj: - i - 3 j\nst\n c: 0.1 i + 0.1 j + 0.2 j <= .7e0\n"
        "Bounds\n i <= 9.5\n j <= 9\nGenerals\n i j\nEnd\n",
        "NAME\nROWS\n N obj\n L c\nCOLUMNS\n i obj -1 c 0.1\n j obj -3 c 3e-1\nRHS\n RHS c 0.7\n"
        "BOUNDS\n UI B i 9.5\n UI B j 9\nENDATA\n",
    ),
    "without a row": Case(
        {"i": (1, 4)}, lambda i: i, lambda i: True,
        "min\n i\nst\nBounds\n 4 >= i\n 1 <= i\nGen\n i\nEnd\n",
        "NAME\nROWS\n N obj\nCOLUMNS\n i obj 1\nBOUNDS\n LI B i 1\n UI B i 4\nENDATA\n",
    ),
    "free": Case(
        {"i": (-3, 3)}, lambda i: i, lambda i: i >= -3,
        "min\n i\nst\n i >= -3\n i <= 3\nBounds\n i free\nGen\n i\nEnd\n",
        "NAME\nROWS\n N obj\n G c1\n L c2\nCOLUMNS\n M 'MARKER' 'INTORG'\n i obj 1 c1 1\n i c2 1\n"
        " N 'MARKER' 'INTEND'\nRHS\n R c1 -3 c2 3\nBOUNDS\n FR B i\nENDATA\n",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", CASES)
def test_every_file_has_the_right_value(name):
    case = CASES[name]
    right = case.best()
    assert best_of(case.lp) == pytest.approx(right, abs=1e-12)
    assert best_of(case.mps) == pytest.approx(right, abs=1e-12)
    assert best_of(fixed(case.mps)) == pytest.approx(right, abs=1e-12)


@pytest.mark.parametrize("name", CASES)
def test_fixed_and_free_say_the_same(name):
    text = CASES[name].mps
    assert said(contents_of(fixed(text))) == said(contents_of(text))


def test_names_with_blanks_are_told_by_their_columns():
    text = (
        "NAME          blanks\nROWS\n N  the cost\n L  row 1\nCOLUMNS\n"
        "    x 1       the cost            -1   row 1                1\n"
        "    x 2       the cost            -2   row 1                1\n"
        "RHS\n    RHS       row 1                1\nBOUNDS\n BV BOUND     x 1\n BV BOUND     x 2\n"
        "ENDATA\n"
    )
    contents = contents_of(text)
    assert list(contents.cqm.variables) == ["x 1", "x 2"]
    assert list(contents.cqm.constraints) == ["row 1"]
    assert contents.objective_name == "the cost" and best_of(text) == -2.0


def test_notes_say_what_a_file_leaves_open():
    lp = contents_of(CASES["one of a set"].lp)
    assert any("SOS1 over bits as a constraint, one at most is 1: s1" in n for n in lp.notes)
    fixed_real = contents_of(CASES["a real that is fixed"].lp)
    assert any("their bounds fix are put in: r = 0.1" in note for note in fixed_real.notes)
    text = (
        "NAME\nROWS\n N obj\n N other\n L c\nCOLUMNS\n M 'MARKER' 'INTORG'\n i obj 1 other 5\n"
        " i c 1\n j obj 1 c 1\n N 'MARKER' 'INTEND'\nRHS\n RHS c 3\nBOUNDS\n BV B j 1\nENDATA\n"
    )
    notes = contents_of(text).notes
    assert any("whole columns without bounds are 0 or 1" in n and ": i;" in n for n in notes)
    assert any("rows N besides the objective are left out: other" in note for note in notes)
    assert any("numbers of the bounds FR, MI, PL and BV mean nothing" in note for note in notes)


def test_the_objective_may_be_named():
    text = CASES["less than"].mps.replace("ROWS\n", "OBJNAME\n c0\nROWS\n N c0\n")
    contents = contents_of(text.replace(" y obj -1", " y c0 3\n y obj -1"))
    assert contents.objective_name == "c0"
    assert contents.cqm.objective.get_linear("y") == 3.0
    assert any("left out: obj" in note for note in contents.notes)


def test_places_are_those_of_first_mentions():
    contents = contents_of(CASES["less than"].lp)
    assert contents.places["variable", "y"] == Place(2, 13)
    assert contents.places["constraint", "c1"] == Place(4, 2)


def test_rows_without_names_get_free_ones():
    text = "min\n x\nst\n x + y >= 1\n c1: x <= 1\n -1 <= x - y <= 1\nBinary\n x y\nEnd\n"
    assert list(contents_of(text).cqm.constraints) == ["c1_", "c1", "c3", "c3_low"]
