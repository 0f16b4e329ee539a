"""Tell the format of a file from what is in it."""

from pbit.formats import (
    compiled,
    coo,
    cqm,
    dimacs_cnf,
    dimacs_graph,
    glasses,
    hubo_json,
    labs,
    market_split,
    matlab,
    matrix,
    partition,
    qplib,
    tsplib,
)
from pbit.formats import hubo_text as hubo
from pbit.formats.archive import is_npz
from pbit.formats.arrays import holds_arrays
from pbit.formats.entries import parse_entries
from pbit.formats.errors import FormatError
from pbit.formats.lines import whole_number
from pbit.formats.tokens import Body, Line, clean, first_line, whole, wrong

_QH_SUFFIXES = (".qh", ".qh.gz")
_NETLISTS = (b".model", b".inputs", b"aag", b"aig")


def detect(data: bytes, name: str) -> str:
    """Return the name of the format of `data`, a key of `FORMATS`.

    Only `.qh` is told by the suffix: it looks like an edge list. Formats that look like others
    ("biqmac" like rudy, "qubo-matrix" like "matrix") are never returned; see `FORMATS`.

    Parameters
    ----------
    data : bytes
        The whole file, inflated.
    name : str
        Its name, for `.qh` and for error messages.

    Raises
    ------
    FormatError
        No known format.

    Examples
    --------
    >>> detect(b"3 2\\n1 2 1\\n2 3 -1\\n", "a.txt")
    'rudy'
    """
    if cqm.is_cqm(data):
        return cqm.CQM
    if data.startswith(b"DIMOD"):
        return "bqm"
    if holds_arrays(data):
        return glasses.NAME if is_npz(data) and glasses.has_keys(data, name) else matrix.NAME
    data = clean(data, name)
    if data.lstrip()[:1] == b"{":
        if compiled.has_mark(data):
            return "compiled"
        return "hubo-json" if hubo_json.has_mark(data) else "bqm"
    body = whole(data, name)
    if hubo.has_header(body):  # first: its comments may name a vartype, as those of coo do
        return "hubo"
    if name.lower().endswith(_QH_SUFFIXES):
        return "qh"
    if coo.has_vartype(body):
        return "coo"
    if qplib.has_header(body):
        return qplib.NAME
    if cqm.looks_like_lp(body):
        return cqm.LP
    return _detect_by_lines(body, first_line(body))


def _detect_by_lines(body: Body, first: Line) -> str:
    if tsplib.has_header(first):
        return "tsplib"
    fields = first.text.split()
    if matlab.looks_like(first.text):
        return matlab.NAME
    if labs.looks_like(first.text):
        return labs.NAME
    if partition.is_table(first.text):
        return partition.NAME
    clauses = dimacs_cnf.style(first, body.name)
    if clauses is not None:
        return clauses
    if fields[0] == b"p":
        if fields[1:2] == [b"qubo"]:
            return "qbsolv"
        if fields[1:2] and fields[1] in dimacs_graph.WORDS:
            return "dimacs-graph"
        raise wrong(
            body,
            first,
            "a DIMACS file, expected 'p qubo', 'p edge', 'p col', 'p cnf' or 'p wcnf'; convert it",
        )
    if fields[0] in _NETLISTS:
        raise wrong(body, first, "a netlist, expected a problem; pbit logic runs circuits")
    numbers = first.text.replace(b",", b" ").split()
    if len(numbers) == 3 or b"," in first.text:
        return "edge-list"
    if len(numbers) == 2 and all(whole_number(field) is not None for field in numbers):
        return _rudy_or_edges(body, first, numbers)
    raise wrong(
        body,
        first,
        "no known format, expected a header 'vertices edges', 'p qubo ...' or 'hubo ...', or "
        "entries 'i j weight'",
    )


def _rudy_or_edges(body: Body, first: Line, numbers: list[bytes]) -> str:
    """Tell `n m` and m edges from an edge list without weights."""
    rest = body.after(first)
    second = next(rest.lines(), None)
    if second is not None and b"," in second.text:
        return "edge-list"
    if second is not None and market_split.looks_like(first.text, second.text):
        return market_split.NAME
    if second is not None and len(second.text.split()) != 2:
        return "rudy"
    num_vertices, promised = (whole_number(field) or 0 for field in numbers)
    if promised > rest.stop - rest.start or rest.count_lines() != promised:
        return "edge-list"
    return "rudy" if _all_within(rest, num_vertices) else "edge-list"


def _all_within(body: Body, num_vertices: int) -> bool:
    """Return whether all indices are in 1..num_vertices (or a line is bad: rudy then names it)."""
    if num_vertices < 1:
        return False
    try:
        return parse_entries(body, columns=(2,)).within(1, num_vertices)
    except FormatError:
        return True
