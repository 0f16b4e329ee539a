"""DIMACS graphs (`.col`, `.clq`): `p edge n m` or `p col n m`, then lines `e i j` from 1."""

import re

import numpy as np

from pbit.formats.contents import Contents
from pbit.formats.dimacs import dimacs_body, first_of
from pbit.formats.entries import parse_entries
from pbit.formats.errors import FormatError, shown
from pbit.formats.format import Format, Holds, Sign, Stage
from pbit.formats.lines import MAX_INDEX, header_number
from pbit.formats.sample import Sample
from pbit.formats.tokens import Body, Line, first_line, wrong

NAME = "dimacs-graph"
WORDS = (b"edge", b"edges", b"col")

_NO_EDGE = re.compile(rb"^[ \t]*(?!e[ \t])(?=[^ \t\n])[^\n]*", re.MULTILINE)
_EDGE_MARK = re.compile(rb"^([ \t]*)e(?=[ \t])", re.MULTILINE)
# Descriptions of how a graph was drawn, of no meaning for the graph itself.
_GEOMETRY = re.compile(rb"^[ \t]*[dvx][ \t][^\n]*", re.MULTILINE)


def read(data: bytes, name: str) -> Contents:
    """Return the graph of a DIMACS file: simple and undirected, every weight 1.

    An edge that is listed twice, or in both directions as many files do, counts once. Edges from
    a vertex to itself, which a published graph (homer) has, are left out. Both are noted.

    Raises
    ------
    FormatError
        Wrong header, a number of edges that differs from it, an index outside 1..n, vertex
        weights, or any other line.
    """
    everything = dimacs_body(data, name)
    header = first_line(everything)
    num_vertices, promised = _read_header(everything, header)
    after = everything.after(header)
    body = _edge_lines(after)
    entries = parse_entries(body, columns=(2,))
    entries.refuse_outside(
        1, num_vertices, why=f"line {header.number} says {num_vertices} vertices"
    )
    loops = entries.rows == entries.cols
    ends = np.sort(np.stack([entries.rows, entries.cols])[:, ~loops], axis=0) - 1
    keys = np.unique(ends[0] * num_vertices + ends[1])
    _check_count(everything, header, promised, found=(len(entries), keys.size))
    return Contents(
        kind="graph",
        num_variables=num_vertices,
        rows=keys // num_vertices,
        cols=keys % num_vertices,
        values=np.ones(keys.size),
        labels=range(1, num_vertices + 1),
        format=NAME,
        name=name,
        notes=(*_notes(int(loops.sum()), len(entries), keys.size), *_drawing(after)),
    )


def _read_header(body: Body, line: Line) -> tuple[int, int]:
    fields = line.text.split()
    if len(fields) != 4 or fields[0] != b"p" or fields[1] not in WORDS:
        raise wrong(body, line, "expected the header 'p edge vertices edges' (or 'p col')")
    num_vertices = header_number(body, line, fields[2], what="vertices")
    num_edges = header_number(body, line, fields[3], what="edges")
    if not 1 <= num_vertices <= MAX_INDEX:
        raise wrong(body, line, f"{num_vertices} vertices, expected 1..{MAX_INDEX}")
    return num_vertices, num_edges


def _edge_lines(body: Body) -> Body:
    """Return the same lines with the edges as `i j`, and nothing else left."""
    text = _GEOMETRY.sub(b"", body.without_comments())
    other = _NO_EDGE.search(text)
    if other is not None:
        number = body.line + text.count(b"\n", 0, other.start())
        what = other.group().strip()
        reason = (
            "vertex weights are not supported; remove these lines if they do not matter"
            if what.startswith(b"n")
            else "expected an edge 'e i j'"
        )
        raise FormatError(body.name, number, f"{shown(what)}: {reason}")
    text = _EDGE_MARK.sub(rb"\1 ", text)
    return Body(text, body.name, 0, len(text), body.line)


def _check_count(body: Body, header: Line, promised: int, *, found: tuple[int, int]) -> None:
    lines, distinct = found
    if promised not in (lines, distinct, 2 * distinct):
        raise FormatError(
            body.name,
            header.number,
            f"header promises {promised} edges, the file has {lines}; "
            "it is truncated or its header wrong",
        )


def _notes(loops: int, lines: int, distinct: int) -> tuple[str, ...]:
    notes = []
    if loops:
        notes.append(f"{loops} edge lines from a vertex to itself are left out")
    if lines - loops != distinct:
        notes.append(f"{lines - loops} edge lines are {distinct} different edges; each counts once")
    return tuple(notes)


def _drawing(body: Body) -> list[str]:
    count = len(_GEOMETRY.findall(body.data, body.start, body.stop))
    return [f"{count} lines d, v or x of how it was drawn are not read"] if count else []


def tells(sample: Sample) -> bool:
    """Return whether the first line is `p edge ...` or `p col ...`."""
    first = first_of(sample.body)
    fields = [] if first is None else first.text.split()
    return fields[:1] == [b"p"] and any(word in WORDS for word in fields[1:2])


FORMAT = Format(
    name=NAME,
    what="graph (.col, .clq): 'p edge n m' or 'p col n m', then m lines 'e i j' from 1",
    read=read,
    holds=Holds(kinds=("graph",)),
    signs=(Sign(Stage.LINE, 80, tells),),
    rank=260,
)
