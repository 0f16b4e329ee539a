"""G-set, rudy, `.mc` and MQLib graphs: `n m`, then m lines `i j weight`, counted from 1."""

from collections.abc import Iterator

from pbit.formats.contents import Contents
from pbit.formats.entries import Entries, parse_entries
from pbit.formats.errors import FormatError
from pbit.formats.format import Format, Holds, Sign, Stage
from pbit.formats.lines import MAX_INDEX, header_number
from pbit.formats.sample import Sample
from pbit.formats.tokens import Body, Line, clean, first_line, whole, wrong
from pbit.formats.writing import check_plain, weight_text

NAME = "rudy"
# An entry takes at least 4 bytes ("1 2" and a newline).
_MIN_ENTRY_BYTES = 4


def read(data: bytes, name: str) -> Contents:
    """Return the weighted graph of a rudy file.

    Raises
    ------
    FormatError
        Wrong header, wrong number of edges, an index outside 1..n, or a self-loop.
    """
    num_vertices, entries = read_table(data, name)
    entries.refuse(
        entries.rows == entries.cols,
        "an edge from a vertex to itself, expected two vertices; "
        "if this is a Biq Mac .sparse QUBO, read it with format='biqmac'",
    )
    return Contents(
        kind="graph",
        num_variables=num_vertices,
        rows=entries.rows - 1,
        cols=entries.cols - 1,
        values=entries.values,
        labels=range(1, num_vertices + 1),
        format=NAME,
        name=name,
    )


def read_table(data: bytes, name: str) -> tuple[int, Entries]:
    """Return n and the checked entries (indices from 1) of a file with the header `n m`."""
    everything = whole(clean(data, name), name)
    header = first_line(everything)
    num_vertices, num_edges = _read_header(everything, header)
    body = everything.after(header)
    if num_edges > (body.stop - body.start + 1) // _MIN_ENTRY_BYTES:
        size = body.stop - body.start
        raise wrong(
            body,
            header,
            f"{num_edges} lines cannot fit into the {size} bytes that follow; "
            "expected 'n m' with m edge lines; the file is truncated or its header wrong",
        )
    entries = parse_entries(body, columns=(2, 3))
    _check_count(body, header, entries, num_edges)
    entries.refuse_outside(
        1, num_vertices, why=f"line {header.number} says {num_vertices} vertices"
    )
    return num_vertices, entries


def _read_header(body: Body, line: Line) -> tuple[int, int]:
    fields = line.text.split()
    if len(fields) != 2:
        raise wrong(
            body,
            line,
            f"{len(fields)} fields, expected the header 'vertices edges'; "
            "if the file has no header, read it with format='edge-list'",
        )
    num_vertices = header_number(body, line, fields[0], what="vertices")
    num_edges = header_number(body, line, fields[1], what="edges")
    if not 1 <= num_vertices <= MAX_INDEX:
        raise wrong(body, line, f"{num_vertices} vertices, expected 1..{MAX_INDEX}")
    return num_vertices, num_edges


def _check_count(body: Body, header: Line, entries: Entries, num_edges: int) -> None:
    if len(entries) > num_edges:
        surplus = entries.rows >= 0
        surplus[:num_edges] = False
        entries.refuse(
            surplus, f"one line more than the {num_edges} edges that line {header.number} promises"
        )
    if len(entries) < num_edges:
        raise FormatError(
            body.name,
            header.number,
            f"header promises {num_edges} edges, the file has {len(entries)}; "
            "it is truncated or its header wrong",
        )


def render(contents: Contents) -> Iterator[str]:
    """Yield the lines of a rudy file.

    Raises
    ------
    ValueError
        The contents are no plain graph: another kind, an offset, or vertex fields.
    """
    check_plain(contents, NAME, kinds=("graph",), offset=False)
    if (contents.rows == contents.cols).any():
        raise ValueError("rudy has no vertex fields, got an entry with rows == cols; use coo")
    yield f"{contents.num_variables} {contents.values.size}\n"
    entries = zip(
        contents.rows.tolist(), contents.cols.tolist(), contents.values.tolist(), strict=True
    )
    for row, col, value in entries:
        yield f"{row + 1} {col + 1} {weight_text(value)}\n"


def tells(sample: Sample) -> bool:
    """Return whether `n m` and m edges follow, rather than an edge list without weights.

    Examples
    --------
    >>> tells(Sample(b"3 2\\n1 2\\n2 3\\n", "")), tells(Sample(b"3 2\\n1 2\\n", ""))
    (True, False)
    """
    if sample.counts is None or (sample.second is not None and b"," in sample.second):
        return False
    if sample.second is not None and len(sample.second.split()) != 2:
        return True
    num_vertices, promised = sample.counts
    rest = sample.rest
    if promised > rest.stop - rest.start or rest.count_lines() != promised:
        return False
    return _all_within(rest, num_vertices)


def _all_within(body: Body, num_vertices: int) -> bool:
    """Return whether all indices are in 1..num_vertices (or a line is bad: `read` names it)."""
    if num_vertices < 1:
        return False
    try:
        return parse_entries(body, columns=(2,)).within(1, num_vertices)
    except FormatError:
        return True


FORMAT = Format(
    name=NAME,
    what="G-set, rudy, .mc, MQLib: header 'n m', then m lines 'i j weight' from 1",
    read=read,
    write=render,
    holds=Holds(kinds=("graph",), first=1),
    signs=(Sign(Stage.NUMBERS, 20, tells),),
    endings=(".mc", ".rud", ".rudy"),
    rank=10,
)
