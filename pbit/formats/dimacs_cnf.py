"""DIMACS CNF and WCNF: clauses of literals, each ended by 0, in a WCNF file after a weight.

`p cnf n m` and m clauses `1 -2 3 0`; `p wcnf n m [top]` and m clauses `weight 1 -2 3 0`, hard from
weight `top` on; or, since the MaxSAT Evaluation 2022, clauses alone, `weight 1 -2 0` and `h 1 2 0`.
SATLIB's files end with a line `%`, and whatever follows it is no part of the problem: a note tells
of more than the 0 that is usual there. Comments that name variables to count or to sample over are
noted, too.
"""

import re
from collections.abc import Callable
from typing import Literal

import numpy as np

from pbit.formats.contents import Bools, ClauseContents, Ints
from pbit.formats.dimacs import dimacs_body, first_of
from pbit.formats.errors import FormatError, shown
from pbit.formats.format import Format, Holds, Sign, Stage
from pbit.formats.lines import MAX_INDEX, header_number, whole_number
from pbit.formats.sample import Sample
from pbit.formats.tokens import Body, Line, first_line, wrong

_BEYOND = 10**18  # what `whole_number` gives for numbers that long
_LARGEST_WEIGHT = 2**53  # beyond, whole numbers are not exact as float64
_END = re.compile(rb"^[ \t]*%", re.MULTILINE)
_COUNTING = re.compile(rb"^c (?:ind|p (?:show|weight)) ", re.MULTILINE)
_HARD = re.compile(rb"^[ \t]*h(?=[ \t])", re.MULTILINE)
_SIGN_APART = re.compile(rb"[0-9]-|-(?![0-9])")


def read(data: bytes, name: str) -> ClauseContents:
    """Return the clauses of a CNF file.

    Raises
    ------
    FormatError
        Wrong header, a literal that is no variable's, a last clause without 0, or a number of
        clauses that differs from the header.
    """
    everything = dimacs_body(data, name)
    header = first_line(everything)
    fields = header.text.split()
    if len(fields) != 4 or fields[:2] != [b"p", b"cnf"]:
        raise wrong(everything, header, "expected the header 'p cnf variables clauses'")
    body = everything.after(header)
    numbers = _numbers(body)
    ends = _ends(body, numbers)
    num_variables = _header(everything, header, found=ends.size)
    literals = np.delete(numbers, ends)
    _check_literals(body, numbers, num_variables)
    starts = np.concatenate([[-1], ends])
    return ClauseContents(
        kind="cnf",
        num_variables=num_variables,
        pointers=np.concatenate([[0], np.cumsum(np.diff(starts) - 1)]).astype(np.int64),
        literals=literals,
        values=np.ones(ends.size),
        hard=np.zeros(ends.size, dtype=bool),
        labels=range(1, num_variables + 1),
        format="cnf",
        name=name,
        notes=_notes(data, everything),
    )


def read_weighted(data: bytes, name: str) -> ClauseContents:
    """Return the clauses of a WCNF file of either style.

    Raises
    ------
    FormatError
        As for `read`; or a weight below 1, or beyond 2^53 and not hard.
    """
    everything = dimacs_body(data, name)
    header = first_line(everything)
    old = header.text.split()[:1] == [b"p"]
    body = everything.after(header) if old else everything
    numbers = _numbers(body, hard=not old)
    ends = _ends(body, numbers)
    first = np.concatenate([[0], ends[:-1] + 1]).astype(np.int64)[: ends.size]
    num_variables, top = _weighted_header(everything, header, ends.size) if old else (None, _BEYOND)
    weights = numbers[first]
    hard = weights >= top
    _check_weights(body, numbers, first, hard)
    rest = numbers.copy()
    rest[first] = 0
    if num_variables is None:
        num_variables = int(np.abs(rest).max(initial=1))
    _check_literals(body, rest, num_variables)
    return ClauseContents(
        kind="wcnf",
        num_variables=num_variables,
        pointers=np.concatenate([[0], np.cumsum(ends - first - 1)]).astype(np.int64),
        literals=np.delete(rest, np.concatenate([first, ends])),
        values=np.where(hard, 0.0, weights),
        hard=hard,
        labels=range(1, num_variables + 1),
        format="wcnf",
        name=name,
        notes=_notes(data, everything),
    )


def _header(body: Body, line: Line, *, found: int) -> int:
    fields = line.text.split()
    num_variables = header_number(body, line, fields[2], what="variables")
    num_clauses = header_number(body, line, fields[3], what="clauses")
    if not 1 <= num_variables <= MAX_INDEX:
        raise wrong(body, line, f"{num_variables} variables, expected 1..{MAX_INDEX}")
    if num_clauses != found:
        raise wrong(
            body,
            line,
            f"promises {num_clauses} clauses, the file has {found}; "
            "it is truncated or its header wrong",
        )
    return num_variables


def _weighted_header(body: Body, line: Line, found: int) -> tuple[int, int]:
    fields = line.text.split()
    if len(fields) not in (4, 5) or fields[:2] != [b"p", b"wcnf"]:
        raise wrong(body, line, "expected the header 'p wcnf variables clauses [top]'")
    num_variables = _header(body, line, found=found)
    if len(fields) == 4:
        return num_variables, _BEYOND
    return num_variables, header_number(body, line, fields[4], what="the weight of hard clauses")


def _numbers(body: Body, *, hard: bool = False) -> Ints:
    """Return all numbers of the text, those beyond 18 digits as 10^18; so is 'h' where allowed."""
    text = _clause_text(body)
    if hard:
        text = _HARD.sub(str(_BEYOND).encode(), text)
    tokens = text.split()
    if not tokens:
        return np.empty(0, np.int64)
    plain = not text.translate(None, b"0123456789- \t\n") and not _SIGN_APART.search(text)
    if plain and max(map(len, tokens)) <= 18:
        return np.array(tokens).astype(np.int64)
    numbers = [whole_number(token) for token in tokens]
    if None in numbers:
        index = numbers.index(None)
        raise _at(body, index, f"{shown(tokens[index])} is no literal, expected whole numbers")
    return np.array(numbers, dtype=np.int64)


def _notes(data: bytes, body: Body) -> tuple[str, ...]:
    notes = []
    end = _END.search(body.data)
    if end is not None and body.data[end.end() :].strip() not in (b"", b"0"):
        line = body.data.count(b"\n", 0, end.start()) + 1
        notes.append(f"what follows the % in line {line} is left out: it ends the file")
    asked = _COUNTING.search(data)
    if asked is not None:
        line = data.count(b"\n", 0, asked.start()) + 1
        notes.append(f"line {line} is for counting or sampling, and no part of the problem")
    return tuple(notes)


def _clause_text(body: Body) -> bytes:
    text = body.data[body.start : body.stop]
    end = _END.search(text)
    stop = body.stop if end is None else body.start + end.start()
    return body._replace(stop=stop).without_comments()


def _ends(body: Body, numbers: Ints) -> Ints:
    ends = np.flatnonzero(numbers == 0)
    if numbers.size and numbers[-1]:
        raise _at(body, numbers.size - 1, "the last clause does not end with 0; add it")
    return ends


def _check_literals(body: Body, numbers: Ints, num_variables: int) -> None:
    bad = np.flatnonzero(np.abs(numbers) > num_variables)
    if bad.size:
        literal = numbers[bad[0]]
        raise _at(body, int(bad[0]), f"literal {literal}, but there are {num_variables} variables")


def _check_weights(body: Body, numbers: Ints, first: Ints, hard: Bools) -> None:
    weights = numbers[first]
    bad = np.flatnonzero((weights < 1) | ((weights > _LARGEST_WEIGHT) & ~hard))
    if bad.size:
        raise _at(
            body,
            int(first[bad[0]]),
            f"weight {weights[bad[0]]} of a clause, expected a whole number 1..2^53 before its "
            "literals",
        )


def _at(body: Body, index: int, problem: str) -> FormatError:
    """The error for the line with number `index` of all the numbers."""
    for line in body.lines():
        count = len(line.text.split())
        if index < count:
            return wrong(body, line, problem)
        index -= count
    return FormatError(body.name, body.line, problem)


Style = Literal["cnf", "wcnf"]


def style(first: Line, name: str) -> Style | None:
    """Return which of the two the text is, None if neither.

    A WCNF file of 2022 is told by a first clause that is hard, or by its name.
    """
    fields = first.text.split()
    if fields[:2] in ([b"p", b"cnf"], [b"p", b"wcnf"]):
        return "cnf" if fields[1] == b"cnf" else "wcnf"
    if fields[0] == b"h" or name.lower().endswith((".wcnf", ".wcnf.gz")):
        return "wcnf"
    return None


def _tells(wanted: Style) -> Callable[[Sample], bool]:
    def tells(sample: Sample) -> bool:
        first = first_of(sample.body)
        return first is not None and style(first, sample.name) == wanted

    return tells


CNF = Format(
    name="cnf",
    what="SAT (DIMACS): 'p cnf n m', then m clauses '1 -2 3 0'",
    read=read,
    holds=Holds(kinds=("cnf",)),
    signs=(Sign(Stage.LINE, 50, _tells("cnf")),),
    rank=230,
)
WCNF = Format(
    name="wcnf",
    what="MAX-SAT: 'p wcnf n m top' and clauses 'weight 1 -2 0', or clauses with 'h' for hard",
    read=read_weighted,
    holds=Holds(kinds=("wcnf",)),
    signs=(Sign(Stage.LINE, 60, _tells("wcnf")),),
    rank=240,
)
