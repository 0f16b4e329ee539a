"""QPLIB text of unconstrained binary problems (QBN, QBB): ``½ Σ q x_i x_j + Σ b_i x_i + c``.

The ½ goes over the listed entries, none of which is doubled. A maximisation is kept as the
minimisation of its negative, and the objective is told as the file has it.

References
----------
F. Furini, E. Traversi, P. Belotti et al., Mathematical Programming Computation 11, 237 (2019).
"""

import re
from collections.abc import Iterator
from itertools import islice
from typing import Any

import numpy as np

from pbit.formats.contents import Contents
from pbit.formats.errors import FormatError, shown
from pbit.formats.format import Format, Holds, Sign, Stage
from pbit.formats.lines import MAX_INDEX, header_number, is_decimal, weight, whole_number
from pbit.formats.tokens import Body, Line, clean, whole, wrong
from pbit.formats.variables import MAX_VARIABLES, check_variables
from pbit.formats.writing import check_plain, weight_text

NAME = "qplib"
_SENSES = {b"minimize": False, b"minimise": False, b"maximize": True, b"maximise": True}
_PROBLEMS = (b"QBN", b"QBB")
_CODES = (b"LDCQ", b"CBMIG", b"NBLDCQ")
_COMMENT = re.compile(rb"[#!%]")
_INFINITY = "1.79769313486232E+308"


def has_header(body: Body) -> bool:
    """Return whether the second and third lines are a QPLIB type and a sense."""
    lines = [word for _, word in islice(_words(body), 3)]
    return len(lines) == 3 and _is_code(lines[1]) and lines[2].lower() in _SENSES


def _is_code(word: bytes) -> bool:
    return len(word) == 3 and all(a in b for a, b in zip(word, _CODES, strict=True))


def _words(body: Body) -> Iterator[tuple[Line, bytes]]:
    """Lines with what is left of them without comments, which begin with ``#``, ``!`` or ``%``."""
    for line in body.all_lines():
        word = _COMMENT.split(line.text, maxsplit=1)[0].strip()
        if word:
            yield line, word


def read(data: bytes, name: str, *, max_variables: int = MAX_VARIABLES) -> Contents:
    """Return the QUBO of a QPLIB file.

    Raises
    ------
    FormatError
        Constraints, variables that are not binary, a line that is not what the format asks for, a
        coefficient that is listed twice, or lines after the last section.
    """
    reader = _Reader(whole(clean(data, name), name))
    reader.next("the name of the instance")
    _check_type(reader)
    maximise = _read_sense(reader)
    n = reader.count("variables")
    if not 1 <= n <= MAX_INDEX:
        raise reader.wrong(f"{n} variables, expected 1..{MAX_INDEX}")
    check_variables(n, max_variables, name=name, num_bytes=len(data))
    quadratic = reader.entries("quadratic terms", 2, n)
    default = reader.number("default linear coefficient")
    linear = np.full(n if default else 0, default)
    listed = reader.entries("linear coefficients", 1, n)
    if default:
        for (index,), value in listed:
            linear[index] = value
        listed = [((index,), value) for index, value in enumerate(linear.tolist())]
    constant = reader.number("objective constant")
    labels = reader.rest(n)
    reader.end()
    return _contents(
        [((i, j), value / 2) for (i, j), value in quadratic] + listed,
        num_variables=n, offset=constant, maximise=maximise, labels=labels, name=name,
        notes=tuple(reader.notes),
    )  # fmt: skip


def _contents(entries: list[tuple[tuple[int, ...], float]], **fields: Any) -> Contents:
    sign = -1.0 if fields["maximise"] else 1.0
    if sign < 0:
        fields["notes"] += ("a maximisation: the energy is minus the objective",)
    fields["offset"] = sign * fields["offset"] or 0.0
    return Contents(
        kind="qubo",
        rows=np.array([members[0] for members, _ in entries], dtype=np.int64),
        cols=np.array([members[-1] for members, _ in entries], dtype=np.int64),
        values=sign * np.array([value for _, value in entries], dtype=np.float64),
        format=NAME,
        **fields,
    )


def _check_type(reader: "_Reader") -> None:
    code = reader.next("the type of problem")
    if code in _PROBLEMS:
        return
    if _is_code(code):
        what = "constraints" if code[2:] not in (b"N", b"B") else "variables or an objective"
        raise reader.wrong(
            f"a problem of type {code.decode()}, expected QBN or QBB (binary variables, quadratic "
            f"objective, no constraints): it has {what} of another kind; for constraints write it "
            "as an LP file"
        )
    raise reader.wrong("expected the type of problem, three letters such as QBN")


def _read_sense(reader: "_Reader") -> bool:
    word = reader.next("minimize or maximize").lower()
    if word not in _SENSES:
        raise reader.wrong("expected minimize or maximize")
    return _SENSES[word]


class _Reader:
    """The data lines of a file in turn, comments at their ends taken off."""

    def __init__(self, body: Body) -> None:
        self.body = body
        self.lines = _words(body)
        self.line = Line(1, b"", 0)
        self.notes: list[str] = []

    def wrong(self, problem: str) -> FormatError:
        return wrong(self.body, self.line, problem)

    def next(self, what: str) -> bytes:
        for line, word in self.lines:
            self.line = line
            return word
        raise FormatError(
            self.body.name, self.line.number, f"the file ends here (truncated), expected {what}"
        )

    def end(self) -> None:
        for line, _ in self.lines:
            raise wrong(self.body, line, "expected the end after the last section; remove it")

    def only(self, what: str) -> bytes:
        # No line is empty here: those with nothing but a comment are left out.
        first, *more = self.next(what).split()
        if more:
            raise self.wrong(f"expected {what} and nothing else; set a comment apart with #")
        return first

    def count(self, what: str) -> int:
        field = self.only(f"the number of {what}")
        return header_number(self.body, self.line, field, what=what)

    def number(self, what: str) -> float:
        field = self.only(f"the {what}")
        return weight(self.body, self.line, field)

    def entries(self, what: str, width: int, n: int) -> list[tuple[tuple[int, ...], float]]:
        """Lines `i value` or `i j value`, indices from 1, after the line with their number."""
        count = self.count(what)
        if count > len(self.body.data):
            raise self.wrong(f"{count} {what} cannot fit into the file; its header is wrong")
        found = []
        seen = set()
        for _ in range(count):
            fields = self.next(f"one of {count} {what}").split()
            if len(fields) != width + 1:
                raise self.wrong(f"{len(fields)} fields, expected {width + 1} in {what}")
            members = tuple(self._index(field, n) for field in fields[:-1])
            if frozenset(members) in seen:
                raise self.wrong(f"is listed twice among the {what}; remove one of them")
            seen.add(frozenset(members))
            found.append((members, weight(self.body, self.line, fields[-1])))
        return found

    def _index(self, field: bytes, n: int) -> int:
        index = whole_number(field)
        if index is None or not 1 <= index <= n:
            raise self.wrong(f"index {shown(field)}, expected a whole number in 1..{n}")
        return index - 1

    def rest(self, n: int) -> Any:
        """Leave out the starting point, which no answer depends on, and return the labels."""
        # Above the largest float64 in most files.
        if not is_decimal(self.only("value for infinity")):
            raise self.wrong("expected the value for infinity, a decimal number")
        for what in ("primal values", "dual values"):
            default = self.number(f"default {what} in the starting point")
            if self.entries(f"non-default {what}", 1, n) or default:
                self.notes.append(f"the starting point is not read: {what}")
        labels = self._labels(n)
        if self.count("non-default constraint names"):
            raise self.wrong("names of constraints, but the problem has none; set it to 0")
        return labels

    def _labels(self, n: int) -> Any:
        names: dict[int, str] = {}
        for _ in range(self.count("non-default variable names")):
            text = self.next("a variable name").split(None, 1)
            if len(text) != 2:
                raise self.wrong("expected 'i name'")
            index = self._index(text[0], n)
            if index in names:
                raise self.wrong("this variable has a name already; remove one of the two")
            names[index] = text[1].decode("utf-8", errors="backslashreplace")
        if not names:
            return range(1, n + 1)
        labels = [names.get(k, k + 1) for k in range(n)]
        if len(set(labels)) != n:
            raise self.wrong("a variable name occurs twice; rename it")
        return tuple(labels)


def render(contents: Contents) -> Iterator[str]:
    """Yield the lines of a QPLIB file, offset and sense included.

    Raises
    ------
    ValueError
        Another kind, names as labels, or weights that cannot be doubled.
    """
    check_plain(contents, NAME, kinds=("qubo",), offset=True)
    sign = -1.0 if contents.maximise else 1.0
    diagonal = contents.rows == contents.cols
    with np.errstate(over="ignore"):
        doubled = 2.0 * sign * contents.values[~diagonal]
    if not np.isfinite(doubled).all():
        raise ValueError("values must be below 8.9e307 for qplib, which stores them doubled")
    yield "pbit\nQBN\n"
    yield f"{'maximize' if contents.maximise else 'minimize'}\n"
    yield f"{contents.num_variables} # number of variables\n"
    yield f"{doubled.size} # number of quadratic terms in objective\n"
    rows, cols = contents.rows[~diagonal].tolist(), contents.cols[~diagonal].tolist()
    for row, col, value in zip(rows, cols, doubled.tolist(), strict=True):
        yield f"{max(row, col) + 1} {min(row, col) + 1} {weight_text(value)}\n"
    yield "0.0 # default value for linear coefficients in objective\n"
    linear = np.bincount(
        contents.rows[diagonal], sign * contents.values[diagonal], contents.num_variables
    )
    used = np.flatnonzero(linear)
    yield f"{used.size} # number of non-default linear coefficients in objective\n"
    for index in used.tolist():
        yield f"{index + 1} {weight_text(float(linear[index]))}\n"
    yield f"{weight_text(sign * contents.offset)} # objective constant\n"
    yield f"{_INFINITY} # value for infinity\n"
    yield "0.0 # default variable primal value in starting point\n"
    yield "0 # number of non-default variable primal values in starting point\n"
    yield "0.0 # default variable bound dual value in starting point\n"
    yield "0 # number of non-default variable bound dual values in starting point\n"
    yield "0 # number of non-default variable names\n"
    yield "0 # number of non-default constraint names\n"


FORMAT = Format(
    name=NAME,
    what="QPLIB .qplib: binary variables, quadratic objective (QBN, QBB), both senses",
    read=read,
    listed=True,
    write=render,
    holds=Holds(kinds=("qubo",), offset=True, sense=True, repeats=False, first=1),
    signs=(Sign(Stage.TEXT, 40, lambda sample: has_header(sample.body)),),
    endings=(".qplib",),
    rank=100,
)
