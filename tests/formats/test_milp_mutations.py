"""Damaged LP and MPS files: no token is dropped in silence, and only FormatError escapes."""

import io
import re

import numpy as np
import pytest

from milp_files import contents_of, said
from pbit.formats import FormatError, read
from pbit.problems.core.reading import problem_of

LP = (
    "\\ all that is read\nMaximize\n cost: 3 x - 2 i + 7 + 2 r + [ 4 x * i - 6 i ^ 2 ] / 2\n"
    "Subject To\n c1: x + 2 y[1] >= 1\n c2: -1 <= x - 0.5 i < 4\n y[1] + i = 2\nBounds\n"
    " r = 1.5\n -3 <= i <= 5\n z <= 9\nBinaries\n x y[1]\nGenerals\n i z\nSOS\n"
    " s1: S1 :: x:1 y[1]:2\nEnd\n"
)
MPS = (
    "* all that is read\nNAME t\nOBJSENSE\n MAX\nROWS\n N cost\n G c1\n L c2\n E c3\nCOLUMNS\n"
    " r cost 2 c2 3\n M 'MARKER' 'INTORG'\n x cost 3 c1 1\n x c2 1\n y c1 2 c3 1\n"
    " i cost -2 c2 -0.5\n i c3 1\n z cost 4\n N 'MARKER' 'INTEND'\nRHS\n RHS cost -7 c1 1\n"
    " RHS c2 4 c3 2\nRANGES\n RNG c2 5\nBOUNDS\n FX B r 1.5\n BV B x\n BV B y\n LI B i -3\n"
    " UI B i 5\n MI B z\n UP B z 9\nQUADOBJ\n x i 2\n i i -6\nQCMATRIX c2\n i i 1\nSOS\n"
    " S1 SOS s1\n SOS x 1\n SOS y 2\nENDATA\n"
)
TOKENS = {
    "lp": re.compile(r"\\[^\n]*|[A-Za-z][\w.]*(?:\[\w*\])?|[0-9.]+|<=|>=|::|[^\s\w]"),
    "mps": re.compile(r"(?m)^\*[^\n]*|[^\s]+"),
}
FILES = {"lp": LP, "mps": MPS}
OTHERS = {
    "lp": ["x", "i", "other", "2", "0.25", "+", "-", "<=", ">=", "=", ":", "::", "[", "]", "*", "/",
           "End", "Bounds", "free", "inf", "->", "S1", "c1", "^", "1e999"],
    "mps": ["x", "i", "other", "2", "0.25", "c1", "cost", "UP", "LO", "FR", "SC", "S2", "ENDATA",
            "RHS", "'MARKER'", "'INTEND'", "MIN", "1e999", "N", "E"],
}  # fmt: skip
# Signs of plus, comments, and names of files and sets of which there is one.
NOTHING = {"lp": r"\+|\\.*", "mps": r"\*.*|NAME|t|M|N|RHS|RNG|B|SOS"}
# Kinds of bounds that say the same of whole columns, and senses that do.
ALIKE = ({"<", "<="}, {"LI", "LO"}, {"UI", "UP"})


def outcome(text, form):
    """What is read, None for a refusal."""
    try:
        contents = contents_of(text, format=form)
        return said(contents), contents.notes
    except FormatError as error:
        assert str(error).startswith("<stream>:")
        return None


def changed(form):
    """Every token left out, doubled, or replaced: the text, the token, and what came in."""
    text = FILES[form]
    for match in TOKENS[form].finditer(text):
        token, (start, end) = match[0], match.span()
        for other in ("", f"{token} {token}", *OTHERS[form]):
            if other != token:
                line = text[text.rfind("\n", 0, start) + 1 : text.find("\n", end)]
                yield text[:start] + other + text[end:], token, other, line


@pytest.mark.parametrize("form", ["lp", "mps"])
def test_every_token_counts(form):
    """What is still accepted says something else, apart from the words that say nothing."""
    right, counts = outcome(FILES[form], form), {"refused": 0, "other": 0}
    assert right is not None
    for text, token, other, line in changed(form):
        found = outcome(text, form)
        if found is None:
            counts["refused"] += 1
        elif found != right:
            counts["other"] += 1
        else:
            assert _says_the_same(form, token, other, line), (token, other, text)
    assert counts["refused"] > 500 and counts["other"] > 100


def _says_the_same(form, token, other, line):
    weight = ("S1 ::" in line or line.startswith(" SOS")) and token.isdigit()
    # A second mention in a list of names says no more than the first.
    listed = form == "lp" and other == f"{token} {token}" and token in ("x", "y[1]", "i", "z")
    nothing = re.fullmatch(NOTHING[form], token)
    return bool(weight or listed or nothing or {token, other} in ALIKE)


@pytest.mark.parametrize("form", ["lp", "mps"])
@pytest.mark.parametrize(
    "count", [2_000, pytest.param(100_000, marks=[pytest.mark.slow, pytest.mark.timeout(3600)])]
)
def test_damaged_bytes_raise_nothing_else(form, count):
    rng = np.random.default_rng(31)
    seed, accepted = FILES[form].encode(), 0
    signs = list(b"0123456789 -+.eExi[]*^/:<>=\n\t\\'#\xff\0SRUL")
    for _ in range(count):
        text = damaged(seed, rng, signs)
        try:
            contents = read(io.BytesIO(text), format=form)
            accepted += 1
            problem_of(contents)
        except FormatError:
            continue
    assert 0 < accepted < count


def damaged(seed, rng, signs):
    """The bytes with some of them left out, changed, doubled or cut off."""
    data = bytearray(seed)
    for _ in range(int(rng.integers(1, 4))):
        at, kind = int(rng.integers(len(data) + 1)), int(rng.integers(5))
        if kind == 0:
            del data[at : at + int(rng.integers(1, 8))]
        elif kind == 1:
            data[at : at + 1] = bytes([int(rng.choice(signs))])
        elif kind == 2:
            data[at:at] = data[at : at + int(rng.integers(1, 20))]
        elif kind == 3:
            lines = bytes(data).split(b"\n")
            first, second = rng.integers(len(lines), size=2)
            lines[first], lines[second] = lines[second], lines[first]
            data = bytearray(b"\n".join(lines))
        else:
            data[at:at] = bytes([int(rng.choice(signs))])
    return bytes(data)
