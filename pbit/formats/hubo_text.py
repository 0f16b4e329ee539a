"""Higher-order problems as text: `hubo n m spin` or `binary`, then m lines `bias i j k ...`.

Indices count from 0, E = Σ bias Π_i over the lines in dimod's sign, and a line without indices is
a constant. Comments and blank lines are skipped.
"""

import warnings
from array import array
from collections.abc import Iterator
from itertools import pairwise
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from pbit.formats.contents import AnyContents, Bools, Floats, Ints, TermContents, TermKind
from pbit.formats.errors import shown
from pbit.formats.format import Format, Holds, Sign, Stage
from pbit.formats.lines import MAX_INDEX, header_number, weight, whole_number
from pbit.formats.tokens import Body, Line, clean, first_line, whole, wrong
from pbit.formats.writing import check_finite, check_indices, check_num_variables, weight_text

NAME = "hubo"
_KEYWORD = b"hubo"
KINDS: dict[str, TermKind] = {"spin": "hising", "binary": "hubo"}
VARTYPES = {kind: vartype for vartype, kind in KINDS.items()}
_HEADER = "'hubo variables terms spin' or 'hubo variables terms binary'"
# As for entries: with these bytes alone NumPy's reader accepts no more than `lines.py` does.
_PLAIN = b"0123456789+-.eE \t\n"
_NEWLINE, _POINT, _SMALL_E, _LARGE_E = b"\n.eE"


class _Header(NamedTuple):
    line: Line
    num_variables: int
    num_terms: int
    kind: TermKind


class _Parsed(NamedTuple):
    """Members in a row, how many each line has, and its weight."""

    sizes: Ints
    members: Ints
    values: Floats


def has_header(body: Body) -> bool:
    """Return whether the first line with data begins with the word `hubo`."""
    first = next(body.lines(), None)
    return first is not None and first.text.split()[0] == _KEYWORD


def read(data: bytes, name: str) -> TermContents:
    """Return the terms of a `hubo` text file.

    Raises
    ------
    FormatError
        A wrong header, a line that is not `bias i j k ...`, an index that is out of range, or
        another number of lines than the header promises.
    """
    everything = whole(clean(data, name), name)
    header = _read_header(everything, first_line(everything))
    pieces = [_parse(chunk, header) for chunk in everything.after(header.line).chunks()]
    sizes = np.concatenate([np.zeros(0, np.int64), *(piece.sizes for piece in pieces)])
    if sizes.size != header.num_terms:
        raise wrong(
            everything,
            header.line,
            f"promises {header.num_terms} terms, the file has {sizes.size}; it is truncated or "
            "its header wrong",
        )
    values = np.concatenate([np.zeros(0), *(piece.values for piece in pieces)])
    with np.errstate(over="ignore"):
        offset = float(values[sizes == 0].sum())
    if not np.isfinite(offset):
        raise wrong(everything, header.line, "the lines without indices add up to inf; correct one")
    return TermContents(
        kind=header.kind,
        num_variables=header.num_variables,
        pointers=np.cumsum(np.append(0, sizes[sizes > 0])),
        members=np.concatenate([np.zeros(0, np.int64), *(piece.members for piece in pieces)]),
        values=values[sizes > 0],
        offset=offset,
        format=NAME,
        name=name,
    )


def _read_header(body: Body, line: Line) -> _Header:
    fields = line.text.split()
    if len(fields) != 4 or fields[0] != _KEYWORD:
        raise wrong(body, line, f"expected the header {_HEADER}")
    num_variables = header_number(body, line, fields[1], what="variables")
    num_terms = header_number(body, line, fields[2], what="terms")
    if not 1 <= num_variables <= MAX_INDEX:
        raise wrong(body, line, f"{num_variables} variables, expected 1..{MAX_INDEX}")
    kind = KINDS.get(fields[3].decode("ascii", errors="replace").lower())
    if kind is None:
        raise wrong(body, line, f"{shown(fields[3])} variables, expected spin or binary")
    return _Header(line, num_variables, num_terms, kind)


def _parse(chunk: Body, header: _Header) -> _Parsed:
    quick = _parse_quickly(chunk, header.num_variables)
    return _parse_lines(chunk, header) if quick is None else quick


def _parse_lines(body: Body, header: _Header) -> _Parsed:
    """Read line by line: slow, but it names the line and the rule."""
    sizes, members, values = array("q"), array("q"), array("d")
    for line in body.lines():
        fields = line.text.split()
        values.append(weight(body, line, fields[0]))
        sizes.append(len(fields) - 1)
        members.extend(_index(body, line, field, header) for field in fields[1:])
    return _Parsed(
        np.array(sizes, dtype=np.int64),
        np.array(members, dtype=np.int64),
        np.array(values, dtype=np.float64),
    )


def _index(body: Body, line: Line, field: bytes, header: _Header) -> int:
    index = whole_number(field)
    if index is None:
        raise wrong(
            body,
            line,
            f"{shown(field)} is not an index, expected 'bias i j k ...'; correct the index",
        )
    if not 0 <= index < header.num_variables:
        raise wrong(
            body,
            line,
            f"index {shown(field)} is outside 0..{header.num_variables - 1} (line "
            f"{header.line.number} says {header.num_variables} variables); correct the index",
        )
    return index


def _parse_quickly(chunk: Body, num_variables: int) -> _Parsed | None:
    """Return the arrays, or None if the text is not beyond doubt (`_parse_lines` then decides)."""
    text = chunk.without_comments()
    if text.translate(None, _PLAIN):
        return None
    if not text or text.isspace():
        return _Parsed(np.zeros(0, np.int64), np.zeros(0, np.int64), np.zeros(0))
    leading, decimal = _fields(np.frombuffer(text, dtype=np.uint8))
    numbers = _numbers(text)
    if numbers is None or numbers.size != leading.size or np.any(decimal & ~leading):
        return None
    values, members = numbers[leading], numbers[~leading]
    good = members.size == 0 or (members.min() >= 0 and members.max() < num_variables)
    if not good or not np.isfinite(values).all():
        return None
    firsts = np.flatnonzero(leading)
    sizes = np.diff(np.append(firsts, leading.size)) - 1
    return _Parsed(sizes, members.astype(np.int64), values)


def _fields(text: npt.NDArray[np.uint8]) -> tuple[Bools, Bools]:
    """For each field, whether it is the first in its line, and whether it is no plain integer."""
    blank = text <= 32
    starts = np.flatnonzero(~blank & np.append(True, blank[:-1]))
    lines = np.cumsum(text == _NEWLINE)[starts]
    leading = np.append(True, lines[1:] != lines[:-1])
    marks = np.flatnonzero((text == _POINT) | (text == _SMALL_E) | (text == _LARGE_E))
    decimal = np.zeros(starts.size, dtype=bool)
    decimal[np.searchsorted(starts, marks, side="right") - 1] = True
    return leading, decimal


def _numbers(text: bytes) -> Floats | None:
    """Return all numbers in the text; None if something else is among them."""
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        try:
            return np.fromstring(text, dtype=np.float64, sep=" ")
        except (ValueError, Warning):
            return None


def render(contents: AnyContents) -> Iterator[str]:
    """Yield the lines of a `hubo` text file, a constant as a line without indices.

    Raises
    ------
    ValueError
        Entries instead of terms, names as labels, or arrays that do not fit each other.
    """
    terms = check_terms(contents, NAME)
    if not isinstance(terms.labels, range):
        raise ValueError(
            f"labels must be a range for {NAME}, which has no names for variables, got "
            f"{type(terms.labels).__name__}; write hubo-json"
        )
    constant = [f"{weight_text(terms.offset)}\n"] if terms.offset else []
    num_lines = terms.values.size + len(constant)
    yield f"hubo {terms.num_variables} {num_lines} {VARTYPES[terms.kind]}\n"
    yield from constant
    members, pointers = terms.members.tolist(), terms.pointers.tolist()
    for value, (first, last) in zip(terms.values.tolist(), pairwise(pointers), strict=True):
        yield f"{weight_text(value)} {' '.join(map(str, members[first:last]))}\n"


def check_terms(contents: AnyContents, format: str) -> TermContents:
    """Return `contents`, which must be sound terms.

    Raises
    ------
    ValueError
        They are not.
    """
    if not isinstance(contents, TermContents):
        raise ValueError(
            f"kind must be hubo or hising for {format}, got {contents.kind}; write coo instead"
        )
    check_num_variables(contents.num_variables)
    pointers, members = contents.pointers, contents.members
    rises = pointers.size == contents.values.size + 1 and np.all(np.diff(pointers) > 0)
    if not rises or pointers[0] != 0 or pointers[-1] != members.size:
        raise ValueError(
            f"pointers must rise from 0 to the number of members, {members.size}, in "
            f"{contents.values.size} steps; put terms without members into offset"
        )
    check_finite(contents.values, contents.offset)
    check_indices("members", members, contents.num_variables)
    return contents


FORMAT = Format(
    name=NAME,
    what="any degree: header 'hubo n m spin' or 'binary', then m lines 'bias i j k ...' from 0",
    read=read,
    write=render,
    holds=Holds(kinds=("hising", "hubo"), offset=True),
    # First: its comments may name a vartype, as those of coo do.
    signs=(Sign(Stage.TEXT, 10, lambda sample: has_header(sample.body)),),
    endings=(".hubo",),
    rank=80,
)
