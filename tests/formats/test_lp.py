"""LP files: every refusal with its line and column; detection, writing, costs of names."""

import pytest

from milp_files import best_of, contents_of, marked
from pbit.formats import FormatError, detect
from pbit.formats.lp_tokens import is_name
from pbit.problems.core.reading import problem_of

HEAD = "Minimize\n obj: x + y\nSubject To\n c1: x + y >= 1\n"
TAIL = "Binary\n x y\nEnd\n"


def row(text):
    return f"Minimize\n obj: x + y\nSubject To\n {text}\n{TAIL}"


def objective(text):
    return f"Minimize\n obj: {text}\nSubject To\n c1: x + y >= 1\n{TAIL}"


def bound(text):
    return f"{HEAD}Bounds\n {text}\nGeneral\n i\n{TAIL}"


# The sign § stands where the refusal points to.
REFUSED = {
    "two numbers": (objective("2 §3 x + y"), "expected '+' or '-' before the next one"),
    "two names": (objective("x §y"), "expected '+' or '-' before the next one"),
    "a sign at the end": ("Minimize\n obj: x +\n§Subject To\n c: x >= 1\nEnd\n", "after the sign"),
    "times": (objective("2 §* x"), "expected the next section at the beginning of a line"),
    "a label twice": (objective("§other: x"), "expected '+' or '-' before the next one"),
    "a title in a line": ("Minimize x + §End\n", "a title begins a line; rename it"),
    "products not halved": ("Minimize\n [ x * y ] §+ x\nst\n c: x >= 1\nEnd\n", "expected '/ 2'"),
    "halved by 3": (objective("[ x * y ] / §3"), "expected 2 after '/'"),
    "a cube": (objective("[ x ^ §3 ] / 2"), "expected the power 2"),
    "linear in brackets": (objective("[ 2 x §] / 2"), "expected '* variable' or '^ 2'"),
    "a number in brackets": (objective("[ 2 §] / 2"), "expected a variable, as in 2 x * y"),
    "nothing in brackets": (objective("[ §] / 2"), "expected products such as 2 x * y"),
    "two in brackets": (objective("[ x * y §x * y ] / 2"), "before the next one, or ']'"),
    "a factor of brackets": (objective("3 §[ x * y ] / 2"), "before the next one"),
    "halved in a row": (row("c1: x + [ x * y ] §/ 2 <= 1"), "expected no '/' in a constraint"),
    "an open bracket": ("Minimize\n obj: [ x * y\n§", "the file ends here: expected ']'"),
    "no sense": (f"Minimize\n x\nst\n c1: x + y\n§{TAIL}", "expected <=, >= or ="),
    "a number missing": (row("c1: x + y <= §z"), "expected a number; bring variables"),
    "a variable right": (row("c1: x <= 1 §- y"), "the next one begins a new line"),
    "a condition": (row("c1: x = 1 §-> y <= 0"), "a condition on a constraint"),
    "a row in a line": (row("c1: x <= 1 §c2: y <= 1"), "the next one begins a new line"),
    "no variable": (row("c1: 0 <= §<= 1"), "a variable in the constraint"),
    "senses that differ": (row("§c1: 0 <= x >= 1"), "two signs of one kind"),
    "an equality and a range": (row("§c1: 1 = x + y = 1"), "two signs of one kind"),
    "an empty range": (row("§c1: 2 <= x + y <= 1"), "no value lies in 2..1"),
    "no limit": (row("§c1: x + y <= inf"), "no limit but infinity"),
    "no value": (row("§c1: x + y >= inf"), "no value lies in inf..inf"),
    "a name twice": (row("c1: x <= 1\n §c1: y <= 1"), "a second constraint or set of this name"),
    "an unknown section": (f"{HEAD}Foo\n §c2: x <= 1\n{TAIL}", "before the next one"),
    "lazy": (f"{HEAD}§Lazy Constraints\n l: x <= 1\n{TAIL}", "list them under Subject To"),
    "cuts": (f"{HEAD}§User Cuts\n l: x <= 1\n{TAIL}", "user cuts are not read"),
    "semi": (f"{HEAD}§Semi-Continuous\n x\nEnd\n", "write a bit that switches"),
    "general constraints": (f"{HEAD}§General Constraints\n g: x = MIN(y)\nEnd\n", "are not read"),
    "piecewise": (f"{HEAD}§PWLObj\n x: (0,0)\nEnd\n", "piecewise-linear objectives are not read"),
    "scenarios": (f"{HEAD}§Scenario\n a\nEnd\n", "one file for each"),
    "SOS2 as a title": (f"{HEAD}§SOS2\n s: x:1 y:2\nEnd\n", "list sets under SOS"),
    "a second Subject To": (f"{HEAD}{TAIL}§Subject To\n c2: x <= 1\nEnd\n", "nothing after End"),
    "no End": (f"{HEAD}Binary\n x y\n§", "or End in the last line"),
    "a bound in a line": (bound("i <= 3 §x <= 1"), "the next one begins a new line"),
    "a sum as a bound": (bound("i §+ x <= 3"), "expected <=, >=, = or free"),
    "a bound of a number": (bound("3 <= §4"), "expected a variable, as in 0 <= x <= 4"),
    "a bound that says nothing": (f"{HEAD}Bounds\n i\n§General\n i\n{TAIL}", ">=, = or free"),
    "a bound without a number": (bound("i <= §x"), "expected a number"),
    "two bounds": (bound("i <= 3\n §i <= 5"), "has the upper bound 3 already, got 5"),
    "below 0": (bound("§i <= -2"), "no lower one, which is 0 for some readers"),
    "no way down": (bound("§i >= 1e30"), "a lower bound of inf leaves no value"),
    "a binary from -1": (f"Minimize\n §x + y\nst\n c: x >= 1\nBounds\n -1 <= x <= 1\n{TAIL}",
                         "is binary and has bounds -1..1"),
    "no whole number": (f"Minimize\n §i + x + y\nst\n c: x >= 1\nBounds\n .2 <= i <= .8\n"
                        f"General\n i\n{TAIL}", "has no whole number in its bounds 1..0"),
    "beyond 2^53": (f"Minimize\n §i + x + y\nst\n c: x >= 1\nBounds\n i <= 1e17\n"
                    f"General\n i\n{TAIL}", "expected them below 2^53"),
    "two kinds": (f"{HEAD}General\n x\nBinary\n §x y\nEnd\n", "listed as integer in line 6"),
    "a number in a list": (f"{HEAD}Binary\n x §3 y\nEnd\n", "expected names of variables"),
    "real": (objective("x + §r"), "'r' is real with bounds 0..inf"),
    "real in a bound": (bound("i <= 3\n 0 <= §r <= 2"), "'r' is real with bounds 0..2"),
    "real with room": ("Minimize\n obj: §r\nst\n c: r >= 1\nBounds\n r <= 2\nEnd\n", "0..2"),
    "SOS2": (f"{HEAD}{TAIL[:-4]}SOS\n s1: §S2 :: x:1 y:2\nEnd\n", "SOS2 is not read"),
    "no set": (f"{HEAD}{TAIL[:-4]}SOS\n s1: §S3 :: x:1 y:2\nEnd\n", "expected a set such as"),
    "an empty set": (f"{HEAD}{TAIL[:-4]}SOS\n s1: §S1 ::\nEnd\n", "a set without members"),
    "a member twice": (f"{HEAD}{TAIL[:-4]}SOS\n s1: S1 :: x:1 §x:2\nEnd\n", "a second time"),
    "a set in a line": (f"{HEAD}{TAIL[:-4]}SOS\n s: S1 :: x:1 y:2 §t: S1 :: x:1\nEnd\n",
                        "the next one begins a new line"),
    "a set named as a row": (f"{HEAD}{TAIL[:-4]}SOS\n §c1: S1 :: x:1 y:2\nEnd\n",
                             "a second constraint or set"),
    "a set of integers": (f"{HEAD}General\n x y\nSOS\n §s1: S1 :: x:1 y:2\nEnd\n",
                          "expected variables that are 0 or 1"),
    "overflow": (objective("§1e999 x"), "float64 does not hold this number"),
    "underflow": (objective("§1e-999 x"), "float64 does not hold this number"),
    "sums beyond float64": (objective("1e308 x + §1e308 x"), "terms add up beyond float64"),
    "constants beyond float64": (objective("x + 1e308 + §1e308"), "terms add up beyond float64"),
    "half of the smallest": (objective("[ §5e-324 x * y ] / 2"), "does not hold half of this"),
    "a long number": (objective("§" + "9" * 401 + " x"), "expected at most 400"),
    "a long name": (objective("§" + "x" * 256), "256 characters, expected at most 255"),
    "another sign": (objective("x §\\".replace("\\", "\x01") + " y"), "expected a name, a number"),
    "accents": (objective("x + §é"), "not ASCII, as LP files are"),
    "no variables": ("§Minimize\nEnd\n", "no variables that are free to choose"),
    "all fixed": ("§Minimize\n r\nst\nBounds\n r = 2\nEnd\n", "no variables that are free"),
}  # fmt: skip


@pytest.mark.parametrize("name", REFUSED)
def test_refusals_point_at_their_place(name):
    text, part = REFUSED[name]
    text, line, column = marked(text)
    with pytest.raises(FormatError) as caught:
        contents_of(text, format="lp")
    assert part in str(caught.value), caught.value
    assert (caught.value.line, caught.value.column) == (line, column), caught.value
    assert str(caught.value).startswith(f"<stream>:{line}:{column}: ")


PROBLEMS = {
    "a product in a row": (row("§c1: x + y + [ x * y ] <= 2"), "must be linear, got products"),
    "no upper bound": ("Minimize\n §i\nst\nBounds\n i >= 3\nGeneral\n i\nEnd\n", "give it bounds"),
    "nothing left": ("Minimize\n §x + y\nst\n c: x + y >= 3\nBinary\n x y\nEnd\n",
                     "leave no value for 'x'"),
    "odd": ("Minimize\n x\nst\n §odd: 2 x + 2 y + 2 z = 3\nBinary\n x y z\nEnd\n",
            "constraint 'odd' is met by no values"),
    "long decimals": (f"{HEAD} §c2: 0.123456789 x + y <= 1\n{TAIL}",
                      "without a small common denominator"),
    "large sums": ("Minimize\n i\nst\n §c: 100000 i + 99999 j <= 50000000\nBounds\n i <= 1000\n"
                   " j <= 1000\nGeneral\n i j\nEnd\n", "expected at most 2^26"),
}  # fmt: skip


@pytest.mark.parametrize("name", PROBLEMS)
def test_refusals_of_the_problem_point_at_their_place(name):
    text, part = PROBLEMS[name]
    text, line, column = marked(text)
    contents = contents_of(text)
    with pytest.raises(FormatError) as caught:
        problem_of(contents)
    assert part in str(caught.value), caught.value
    assert (caught.value.line, caught.value.column) == (line, column), caught.value


@pytest.mark.parametrize(
    ("text", "right"),
    [
        ("\\ Minimize\nMAXIMISE\n\n x\n + y\nsuch that\n x + y <= 1 \\ not 2\nbinaries\nx y\nend",
         1.0),
        ("Minimum\n obj:\n 2x + 3y\nS.T.\n x+y>=1\nBIN\n x\n y\nEND\n", 2.0),
        ("Subject To\n c: x + y >= 1\nBinary\n x y\nEnd\n", 0.0),
        ("min\n + - - 2 x - -1 y\nst c: x + y => 1\nBinary x y\nEnd", 1.0),
        (row("c1: x + y + 1 >= 2 "), 1.0),
        (row("c1: 1 <= x + y"), 1.0),
        (row("c1: 2 x\n + 2\n y >= 2"), 1.0),
        (bound("i >= 0\n i <= 3\n 0 <= i <= 3"), 1.0),
        (bound("x <= 1\n y = 1\n i = 2"), 1.0),
        (bound("- Infinity <= i <= +inf\n i <= 1e30"), 1.0),
        (f"{HEAD}General\nBounds\nSOS\n{TAIL}", 1.0),
    ],
)  # fmt: skip
def test_spellings(text, right):
    if "General\n i" in text:
        text = text.replace("c1:", "c0: i <= 2\n c9: i >= 0\n c1:")
    assert best_of(text) == right


def test_content_tells_the_format():
    assert detect(b"\\ a\n\n Maximize\n x\nEnd\n", "a") == "lp"
    assert detect(b"subject  to\n x\nEnd\n", "a") == "lp"


def test_fixed_reals_in_products_and_squares():
    text = (
        "Minimize\n obj: [ 2 r * x + 4 r ^ 2 - 2 x ^ 2 ] / 2\nst\n c: x + r >= 0.3\n"
        "Bounds\n r = 0.3\nBinary\n x\nEnd\n"
    )
    contents = contents_of(text)
    objective = contents.cqm.objective
    assert (objective.get_linear("x"), objective.offset) == (-0.7, 0.18)
    assert contents.cqm.constraints["c"].rhs == 0.0


@pytest.mark.parametrize(
    ("name", "holds"),
    [("x", True), ("x[0,1]", True), ("a.b", True), ("E", False), ("e12", False), ("2x", False),
     ("inf", False), ("Free", False), ("end", False), ("x y", False), ("x-y", False),
     ("x" * 256, False), ("é", False), ("", False)],
)  # fmt: skip
def test_names(name, holds):
    assert is_name(name) is holds
