"""dimod's COO text: comments `# vartype=SPIN` and `# offset=1.5`, lines `i j bias` from 0."""

import re
from collections.abc import Iterator

import numpy as np

from pbit.formats.contents import Contents, Kind
from pbit.formats.edge_list import unused_note
from pbit.formats.entries import parse_entries
from pbit.formats.errors import FormatError, shown
from pbit.formats.format import Format, Holds, Sign, Stage
from pbit.formats.lines import MAX_INDEX, header_number
from pbit.formats.remarks import Constants, constants
from pbit.formats.tokens import Body, Line, clean, whole, wrong
from pbit.formats.writing import check_plain

NAME = "coo"
_KINDS: dict[bytes, Kind] = {b"SPIN": "ising", b"BINARY": "qubo"}
_VARTYPES = {"ising": "SPIN", "qubo": "BINARY"}
# The first is dimod's own pattern; num_variables is ours, as is the offset, and dimod skips them.
_VARTYPE = re.compile(rb"#.*?vartype[:=][ \t]*([-_.a-zA-Z0-9]+)")
_NUM_VARIABLES = re.compile(rb"#[ \t]*num_variables[:=][ \t]*(\S*)")


def has_vartype(body: Body) -> bool:
    """Return whether a comment before the first entry names the vartype."""
    return any(_VARTYPE.match(line.text) for line in _head(body))


def read(data: bytes, name: str) -> Contents:
    """Return the Ising model or QUBO of a COO file.

    Raises
    ------
    FormatError
        No or an unknown vartype, two of them, or a line that is not `i j bias`.
    """
    body = whole(clean(data, name), name)
    kind = _read_kind(body)
    stated = constants(body)
    entries = parse_entries(body, columns=(3,))
    smallest = int(max(entries.rows.max(), entries.cols.max())) + 1 if len(entries) else 0
    num_variables = _read_num_variables(body, smallest)
    return Contents(
        kind=kind,
        num_variables=num_variables,
        rows=entries.rows,
        cols=entries.cols,
        values=entries.values,
        offset=stated.value,
        format=NAME,
        name=name,
        notes=(*unused_note(smallest, len(entries)), *_mentions(stated)),
    )


def _mentions(stated: Constants) -> tuple[str, ...]:
    """Return the notes but for that on the offset, which has its place in this format."""
    return stated.notes[:-1] if stated.value else stated.notes


def _head(body: Body) -> Iterator[Line]:
    """Yield the comments before the first entry."""
    for line in body.all_lines():
        if line.text and not line.is_comment:
            return
        yield line


def _header_field(body: Body, pattern: re.Pattern[bytes]) -> tuple[Line, bytes] | None:
    """Return the line of the only header that matches, and its value."""
    found = [(line, match[1]) for line in _head(body) if (match := pattern.match(line.text))]
    for line, value in found[1:]:
        if value != found[0][1]:
            raise wrong(body, line, f"contradicts line {found[0][0].number}; remove one of them")
    return found[0] if found else None


def _read_kind(body: Body) -> Kind:
    found = _header_field(body, _VARTYPE)
    if found is None:
        raise FormatError(
            body.name,
            body.line,
            "no vartype before the first entry, expected '# vartype=SPIN' or '# vartype=BINARY'; "
            "add that line at the top",
        )
    line, value = found
    if value not in _KINDS:
        raise wrong(body, line, f"unknown vartype {shown(value)}, expected SPIN or BINARY")
    _refuse_late_vartype(body)
    return _KINDS[value]


def _refuse_late_vartype(body: Body) -> None:
    """Raise for a vartype among the entries: dimod honours it, so that it may contradict ours."""
    head_end = max(line.end for line in _head(body))
    late = body.data.find(b"vartype", head_end)
    if late >= 0:
        number = body.data.count(b"\n", 0, late) + 1
        raise FormatError(body.name, number, "a vartype after the first entry; move it to the top")


def _read_num_variables(body: Body, smallest: int) -> int:
    found = _header_field(body, _NUM_VARIABLES)
    num_variables = header_number(body, *found, what="variables") if found else smallest
    if smallest <= num_variables and 1 <= num_variables <= MAX_INDEX:
        return num_variables
    if found is None:
        raise FormatError(body.name, body.line, "no entries, expected lines 'i j bias'")
    raise wrong(
        body,
        found[0],
        f"{num_variables} variables, expected {max(smallest, 1)} (largest index plus 1) or more",
    )


def render(contents: Contents) -> Iterator[str]:
    """Yield the lines of a COO file that dimod reads, too (it drops the offset).

    Raises
    ------
    ValueError
        A graph without a meaning, or names as labels.
    """
    check_plain(contents, NAME, kinds=("ising", "qubo"), offset=True)
    yield f"# vartype={_VARTYPES[contents.kind]}\n"
    if contents.offset:
        yield f"# offset={_plain_decimal(contents.offset)}\n"
    if contents.num_variables > _num_named(contents):
        yield f"# num_variables={contents.num_variables}\n"
    entries = zip(
        contents.rows.tolist(), contents.cols.tolist(), contents.values.tolist(), strict=True
    )
    for row, col, value in entries:
        yield f"{row} {col} {_plain_decimal(value)}\n"


def _num_named(contents: Contents) -> int:
    if not contents.rows.size:
        return 0
    return int(max(contents.rows.max(), contents.cols.max())) + 1


def _plain_decimal(value: float) -> str:
    """Return `value` without an exponent: dimod silently skips lines with one."""
    text = repr(value)
    return np.format_float_positional(value, trim="-") if "e" in text else text


FORMAT = Format(
    name=NAME,
    what="dimod COO: '# vartype=SPIN' or BINARY, then lines 'i j bias' from 0",
    read=read,
    reads_constants=True,
    write=render,
    holds=Holds(kinds=("ising", "qubo"), offset=True),
    signs=(Sign(Stage.TEXT, 30, lambda sample: has_vartype(sample.body)),),
    endings=(".coo",),
    rank=60,
)
