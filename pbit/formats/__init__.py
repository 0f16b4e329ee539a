"""Problem files for QUBO, Ising, max-cut and HUBO, told by their content, plain or gzip."""

import os
from collections.abc import Callable, Iterator
from typing import Any, TypeAlias

from pbit.formats import (
    biqmac,
    bqm,
    compiled,
    coo,
    cqm,
    dimacs_cnf,
    dimacs_graph,
    edge_list,
    glasses,
    hubo_json,
    knapsack,
    labs,
    market_split,
    matlab,
    matrix,
    partition,
    qaplib,
    qbsolv,
    qh,
    qplib,
    rudy,
    set_cover,
    tsplib,
    writing,
)
from pbit.formats import hubo_text as hubo
from pbit.formats.archive import unpack
from pbit.formats.contents import AnyContents as ModelContents
from pbit.formats.contents import (
    ClauseContents,
    CompiledContents,
    Contents,
    DistanceContents,
    TermContents,
)
from pbit.formats.cqm import CqmContents
from pbit.formats.detection import detect
from pbit.formats.errors import FormatError
from pbit.formats.selection import refuse_instance, split_source
from pbit.formats.source import Source, load
from pbit.formats.specifications import SpecificContents

__all__ = [
    "FORMATS",
    "WRITABLE",
    "AnyContents",
    "ClauseContents",
    "CompiledContents",
    "Contents",
    "DistanceContents",
    "FormatError",
    "TermContents",
    "detect",
    "read",
    "write",
]

AnyContents: TypeAlias = ModelContents | CqmContents | SpecificContents

FORMATS = {
    "rudy": "G-set, rudy, .mc, MQLib: header 'n m', then m lines 'i j weight' from 1",
    "edge-list": "lines 'i j weight' or 'i j' without a header, from 0 or from 1",
    "qbsolv": "QUBO: 'p qubo 0 maxNodes nNodes nCouplers', then 'i j value' from 0",
    "qh": "Ising (QUBOLib .qh): lines 'i j value' from 1, E = +sum h s + sum J s s",
    "biqmac": "QUBO (Biq Mac .sparse): as rudy, minimise x'Qx; only when named",
    "coo": "dimod COO: '# vartype=SPIN' or BINARY, then lines 'i j bias' from 0",
    "bqm": "dimod: bqm.to_file() or json.dumps(bqm.to_serializable())",
    "hubo": "any degree: header 'hubo n m spin' or 'binary', then m lines 'bias i j k ...' from 0",
    "hubo-json": 'any degree and labels: {"format": "pbit-hubo", ..., "terms": [[[i, j], bias]]}',
    "qplib": "QPLIB .qplib: binary variables, quadratic objective (QBN, QBB), both senses",
    "matrix": "couplings as .npy, .npz or MATLAB .mat: symmetric or a triangle, each pair once",
    "qubo-matrix": "such a file as x'Qx over bits; only when named",
    "glasses": ".npz of glasses on one lattice: edges, J_sign, instance_id; E = -sum J s s",
    "matlab": "MATLAB text: '(i,j) value' or columns with exponents, from 1",
    "lp": "LP file, read by dimod: linear constraints, integers with bounds",
    "cqm": "dimod: cqm.to_file()",
    "partition": "numbers to split: a table 'id,...,numbers', or numbers in a row when named",
    "market-split": "'m n', then m rows of n coefficients and the total",
    "labs": "low autocorrelation sequences: 'labs N'",
    "knapsack": "'n capacity', then n lines 'value weight'; only when named",
    "set-cover": "OR-Library scp: 'elements sets', costs, sets of each element; only when named",
    "qaplib": "quadratic assignment: n and two n x n matrices; only when named",
    "cnf": "SAT (DIMACS): 'p cnf n m', then m clauses '1 -2 3 0'",
    "wcnf": "MAX-SAT: 'p wcnf n m top' and clauses 'weight 1 -2 0', or clauses with 'h' for hard",
    "tsplib": "travelling salesman (TSPLIB .tsp, .atsp): coordinates or weights",
    "dimacs-graph": "graph (.col, .clq): 'p edge n m' or 'p col n m', then m lines 'e i j' from 1",
    "compiled": "what pbit compile writes: a network, how to read it, and the problem",
}

_READERS: dict[str, Callable[[bytes, str], AnyContents]] = {
    "rudy": rudy.read,
    "edge-list": edge_list.read,
    "qbsolv": qbsolv.read,
    "qh": qh.read,
    "biqmac": biqmac.read,
    "coo": coo.read,
    "bqm": bqm.read,
    "hubo": hubo.read,
    "hubo-json": hubo_json.read,
    "qplib": qplib.read,
    "matlab": matlab.read,
    "lp": cqm.read_lp,
    "market-split": market_split.read,
    "knapsack": knapsack.read,
    "set-cover": set_cover.read,
    "qaplib": qaplib.read,
    "cnf": dimacs_cnf.read,
    "wcnf": dimacs_cnf.read_weighted,
    "tsplib": tsplib.read,
    "dimacs-graph": dimacs_graph.read,
    "compiled": compiled.read,
}
# These hold several problems: the reader is told which one is wanted.
_SET_READERS: dict[str, Callable[..., AnyContents]] = {
    "matrix": matrix.read,
    "qubo-matrix": matrix.read_qubo,
    "glasses": glasses.read,
    "partition": partition.read,
    "labs": labs.read,
}
# Every renderer refuses contents of another kind.
_RENDERERS: dict[str, Callable[[Any], Iterator[Any]]] = {
    "rudy": rudy.render,
    "edge-list": edge_list.render,
    "qh": qh.render,
    "biqmac": biqmac.render,
    "bqm": bqm.render,
    "matrix": matrix.render,
    "qubo-matrix": matrix.render_qubo,
    "lp": cqm.render_lp,
    "cqm": cqm.render_cqm,
    "qbsolv": qbsolv.render,
    "coo": coo.render,
    "hubo": hubo.render,
    "hubo-json": hubo_json.render,
    "qplib": qplib.render,
    "compiled": compiled.render,
}
WRITABLE = tuple(_RENDERERS)


def read(source: Source, *, format: str | None = None, max_bytes: int = 4 * 2**30) -> AnyContents:
    """Return the contents of a problem file.

    Parameters
    ----------
    source : path, "-" or binary stream
        "-" is standard input; gzip is inflated on the way. `FILE#NAME` takes one problem from a
        file of several: the member of a tar or zip archive, the number or name in a set.
    format : str, optional
        A key of `FORMATS`; told by the content if left out.
    max_bytes : int
        Most bytes to accept, after inflating.

    Returns
    -------
    Contents, TermContents for a format of any degree, CompiledContents, CqmContents, or one of
    `pbit.formats.specifications`

    Raises
    ------
    FormatError
        The file does not hold what its format asks for.
    OSError
        The path cannot be opened.
    ValueError
        `format` is unknown.

    Examples
    --------
    >>> import io
    >>> read(io.BytesIO(b"3 2\\n1 2 1\\n2 3 -1\\n")).num_variables
    3
    """
    if format is not None:
        _check_format(format, tuple(FORMATS))
    path, wanted = split_source(source)
    data, name = load(path, max_bytes=max_bytes)
    data, name, wanted = unpack(data, name, wanted, max_bytes=max_bytes)
    format = format or detect(data, name)
    if format in _SET_READERS:
        return _SET_READERS[format](data, name, wanted, max_bytes=max_bytes)
    refuse_instance(wanted, name)
    if format == cqm.CQM:
        return cqm.read_cqm(data, name, max_bytes=max_bytes)
    return _READERS[format](data, name)


def write(contents: AnyContents, path: str | os.PathLike[str], format: str) -> None:
    """Write `contents` so that `read` gives them back: all or nothing, every weight exact.

    Parameters
    ----------
    contents : Contents, TermContents or CompiledContents
        What to write; its kind must fit the format.
    path : path
        A name that ends with `.gz` gives a gzip file.
    format : str
        One of `WRITABLE`.

    Raises
    ------
    ValueError
        `format` is unknown or cannot hold `contents`.
    OSError
        The folder is missing or cannot be written to.
    """
    _check_format(format, WRITABLE)
    writing.write_lines(_RENDERERS[format](contents), path)


def _check_format(format: str, allowed: tuple[str, ...]) -> None:
    if format not in allowed:
        raise ValueError(f"format must be one of {', '.join(allowed)}, got {format!r}")
