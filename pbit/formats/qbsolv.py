"""qbsolv QUBO files: `p qubo 0 maxNodes nNodes nCouplers`, then `i i v` and `i j v`, i < j."""

from collections.abc import Iterator
from itertools import chain

import numpy as np

from pbit.formats.contents import Contents
from pbit.formats.entries import Entries, parse_entries
from pbit.formats.errors import shown
from pbit.formats.format import Format, Holds, Sign, Stage
from pbit.formats.lines import MAX_INDEX, header_number
from pbit.formats.remarks import constants
from pbit.formats.tokens import Body, Line, clean, first_line, whole, wrong
from pbit.formats.writing import check_plain, weight_text

NAME = "qbsolv"
_HEADER = "'p qubo 0 maxNodes nNodes nCouplers'"


def read(data: bytes, name: str) -> Contents:
    """Return the QUBO of a qbsolv file: E = Σ v x_i x_j over its lines, a constant in a comment.

    Raises
    ------
    FormatError
        Wrong header, numbers of nodes or couplers that differ from it, an index outside
        0..maxNodes - 1, or a coupler with i > j.
    """
    everything = whole(clean(data, name), name)
    header = first_line(everything)
    num_variables, num_nodes, num_couplers = _read_header(everything, header)
    stated = constants(everything)
    body = everything.after(header)
    entries = parse_entries(body, columns=(3,))
    entries.refuse_outside(0, num_variables - 1, why=f"line {header.number}: {num_variables} nodes")
    entries.refuse(
        entries.rows > entries.cols, "a coupler with i > j, expected i < j; swap the indices"
    )
    _check_counts(body, header, entries, (num_nodes, num_couplers))
    return Contents(
        kind="qubo",
        num_variables=num_variables,
        rows=entries.rows,
        cols=entries.cols,
        values=entries.values,
        offset=stated.value,
        format=NAME,
        name=name,
        notes=(*_machine_note(header), *stated.notes),
    )


def _machine_note(header: Line) -> tuple[str, ...]:
    """Return a note on a machine in place of the 0: where the problem ran is no part of it."""
    machine = header.text.split()[2]
    if machine in (b"0", b"unconstrained"):
        return ()
    return (f"for the machine {shown(machine)}, which is no part of the energy",)


def _read_header(body: Body, line: Line) -> tuple[int, int, int]:
    fields = line.text.split()
    if len(fields) != 6 or fields[:2] != [b"p", b"qubo"]:
        raise wrong(body, line, f"expected the header {_HEADER}")
    names = ("maxNodes", "nNodes", "nCouplers")
    counts = [
        header_number(body, line, field, what=what)
        for field, what in zip(fields[3:], names, strict=True)
    ]
    if not 1 <= counts[0] <= MAX_INDEX:
        raise wrong(body, line, f"maxNodes is {counts[0]}, expected 1..{MAX_INDEX}")
    return counts[0], counts[1], counts[2]


def _check_counts(body: Body, header: Line, entries: Entries, promised: tuple[int, int]) -> None:
    num_nodes = int(np.count_nonzero(entries.rows == entries.cols))
    found = (num_nodes, len(entries) - num_nodes)
    if found != promised:
        raise wrong(
            body,
            header,
            f"promises {promised[0]} nodes and {promised[1]} couplers, the file has "
            f"{found[0]} and {found[1]}; it is truncated or its header wrong",
        )


def render(contents: Contents) -> Iterator[str]:
    """Yield the lines of a qbsolv file: nodes first, then couplers with i < j.

    Raises
    ------
    ValueError
        Another kind, an offset, or names as labels.
    """
    check_plain(contents, NAME, kinds=("qubo",), offset=False)
    node = contents.rows == contents.cols
    nodes = int(np.count_nonzero(node))
    yield f"p qubo 0 {contents.num_variables} {nodes} {node.size - nodes}\n"
    order = chain(np.flatnonzero(node).tolist(), np.flatnonzero(~node).tolist())
    rows, cols = contents.rows.tolist(), contents.cols.tolist()
    values = contents.values.tolist()
    for index in order:
        low, high = sorted((rows[index], cols[index]))
        yield f"{low} {high} {weight_text(values[index])}\n"


FORMAT = Format(
    name=NAME,
    what="QUBO: 'p qubo 0 maxNodes nNodes nCouplers', then 'i j value' from 0",
    read=read,
    reads_constants=True,
    write=render,
    holds=Holds(kinds=("qubo",)),
    signs=(Sign(Stage.LINE, 70, lambda sample: sample.fields[:2] == [b"p", b"qubo"]),),
    endings=(".qubo",),
    rank=30,
)
