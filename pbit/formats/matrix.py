"""Matrices: `.npy`, `.npz`, MATLAB `.mat` and text, one or a stack of them in a file.

"matrix" is a weighted graph: entry ij is the weight of the pair, given once (a triangle) or twice
(symmetric). "qubo-matrix", only when named, is x'Qx. Vectors beside the matrix that are called as
fields are, and a constant, belong to it (`pbit.formats.beside_matrix`); other arrays are refused.
"""

import io
from collections.abc import Iterator
from typing import Any, NamedTuple

import numpy as np

from pbit.formats.arrays import Array, holds_arrays, read_arrays
from pbit.formats.beside_matrix import Beside, Stack, beside_matrix
from pbit.formats.contents import Contents, Floats, Ints, Kind
from pbit.formats.errors import FormatError, shown
from pbit.formats.format import Format, Holds, Sign, Stage
from pbit.formats.mat import Foreign
from pbit.formats.parts import Parts
from pbit.formats.selection import choose, refuse_instance
from pbit.formats.table import edges_note, looks_like, read_table
from pbit.formats.tokens import clean, whole
from pbit.formats.writing import check_plain

NAME = "matrix"
QUBO_NAME = "qubo-matrix"
_MAX_DENSE = 20_000


class _Entries(NamedTuple):
    size: int
    rows: Ints
    cols: Ints
    values: Floats


def read(data: bytes, name: str, wanted: str | None = None, *, max_bytes: int) -> Contents:
    """Return the weighted graph of a matrix, each pair once, with its fields and constant.

    Raises
    ------
    FormatError
        No square matrix of finite numbers, several and none chosen, a diagonal, a matrix that is
        neither symmetric nor a triangle, or another array whose meaning is not known.
    """
    chosen = _chosen(data, name, wanted, max_bytes=max_bytes)
    found = chosen.entries
    on_diagonal = found.rows == found.cols
    if on_diagonal.any():
        where = found.rows[np.argmax(on_diagonal)]
        raise FormatError(
            chosen.name,
            None,
            f"entry ({where}, {where}) is not 0, expected an empty diagonal, which for spins is "
            f"a constant; for x'Qx over bits read it with format='{QUBO_NAME}', fields go into h",
        )
    rows, cols, values = _pairs(found, chosen.name)
    return chosen.contents("graph", rows, cols, values, first_note="variables count from 0")


def read_qubo(data: bytes, name: str, wanted: str | None = None, *, max_bytes: int) -> Contents:
    """Return the QUBO x'Qx of a square matrix of any symmetry, with its linear part and constant.

    Raises
    ------
    FormatError
        No square matrix of finite numbers, several and none chosen, or another array whose
        meaning is not known.
    """
    chosen = _chosen(data, name, wanted, max_bytes=max_bytes)
    found = chosen.entries
    return chosen.contents("qubo", found.rows, found.cols, found.values)


class _Chosen(NamedTuple):
    """A matrix of a file, and what stands beside it."""

    name: str
    entries: _Entries
    beside: Beside
    notes: list[str]

    def contents(
        self, kind: Kind, rows: Ints, cols: Ints, values: Floats, *, first_note: str = ""
    ) -> Contents:
        biased = np.flatnonzero(self.beside.fields)
        return Contents(
            kind=kind,
            num_variables=self.entries.size,
            rows=np.concatenate([biased, rows]),
            cols=np.concatenate([biased, cols]),
            values=np.concatenate([self.beside.fields[biased], values]),
            offset=self.beside.offset,
            format=NAME if kind == "graph" else QUBO_NAME,
            name=self.name,
            notes=(*filter(None, [first_note]), *self.beside.notes, *self.notes),
        )


def _chosen(data: bytes, name: str, wanted: str | None, *, max_bytes: int) -> _Chosen:
    """Return the matrix `wanted`, the name of the file with it, and all that belongs to it."""
    if not holds_arrays(data):
        return _of_text(data, name, wanted)
    arrays = read_arrays(data, name, max_bytes=max_bytes)
    places = _places(arrays)
    if not places:
        shapes = ", ".join(
            f"{key or 'array'} {value.what if isinstance(value, Foreign) else value.shape}"
            for key, value in arrays.items()
        )
        raise FormatError(
            name, None, f"no square matrix among {shown(shapes)}, expected (n, n) or (k, n, n)"
        )
    names = list(places)
    label = names[choose(names, wanted, name)]
    place = places[label]
    matrix = arrays[place.key] if place.position is None else arrays[place.key][place.position]
    full = name if len(names) == 1 and wanted is None else f"{name}#{label}"
    parts = Parts(arrays, kind="array", name=name)
    parts.take(place.key)
    parts.skip({place.key for place in places.values()}, "another matrix was asked for")
    beside = beside_matrix(parts, Stack(place.position, matrix.shape[0]))
    if place.position is None and wanted is not None:
        parts.skip(lambda key: True, f"{place.key} was asked for")
    way_out = f"; read the matrix alone with FILE#{place.key}" if place.position is None else ""
    notes = parts.close(f"remove it if it does not matter{way_out}")
    return _Chosen(full, _entries(matrix, full), beside, list(notes))


def _of_text(data: bytes, name: str, wanted: str | None) -> _Chosen:
    refuse_instance(wanted, name)
    table = read_table(whole(clean(data, name), name))
    if table.shape[0] != table.shape[1]:
        raise FormatError(
            name, None, f"{table.shape[0]} lines of {table.shape[1]} numbers, expected n of n"
        )
    beside = Beside(np.zeros(len(table)), 0.0, ())
    return _Chosen(name, _entries(table, name), beside, edges_note(table))


class _Place(NamedTuple):
    """In which array a matrix is and, in a stack, at which position."""

    key: str
    position: int | None


def _places(arrays: dict[str, Any]) -> dict[str, _Place]:
    """Return where each square matrix is."""
    stacks = [key for key, value in arrays.items() if _is_square(value)]
    places: dict[str, _Place] = {}
    for key in stacks:
        if arrays[key].ndim == 2:
            places[key or "0"] = _Place(key, None)
            continue
        prefix = f"{key}/" if len(stacks) > 1 else ""
        places |= {f"{prefix}{k}": _Place(key, k) for k in range(len(arrays[key]))}
    return places


def _is_square(value: Any) -> bool:
    if isinstance(value, Foreign):
        return False
    shape = value.shape
    # A column of one number is no matrix of one spin: files keep values like that.
    return len(shape) in (2, 3) and shape[-1] == shape[-2] and shape[-1] > 1


def _entries(matrix: Array, name: str) -> _Entries:
    if matrix.dtype.kind not in "biuf":
        raise FormatError(
            name, None, f"numbers of type {matrix.dtype}, expected real ones; convert them"
        )
    size = int(matrix.shape[0])
    if not isinstance(matrix, np.ndarray):  # of scipy, as it reads sparse ones from MATLAB
        table = matrix.tocoo()
        rows, cols = table.coords
        values = table.data
    else:
        rows, cols = np.nonzero(matrix)
        values = matrix[rows, cols]
    values = values.astype(np.float64)
    if not np.isfinite(values).all():
        bad = int(np.argmax(~np.isfinite(values)))
        raise FormatError(
            name,
            None,
            f"entry ({rows[bad]}, {cols[bad]}) is {values[bad]}, expected finite numbers",
        )
    return _Entries(size, rows.astype(np.int64), cols.astype(np.int64), values)


def _pairs(found: _Entries, name: str) -> tuple[Ints, Ints, Floats]:
    """Return each pair once, rows < cols in order."""
    above = found.rows < found.cols
    upper = _sorted(found.rows[above], found.cols[above], found.values[above])
    lower = _sorted(found.cols[~above], found.rows[~above], found.values[~above])
    if not lower[0].size:
        return upper
    if not upper[0].size:
        return lower
    if all(np.array_equal(a, b) for a, b in zip(upper, lower, strict=True)):
        return upper
    raise FormatError(
        name,
        None,
        "the matrix is neither symmetric nor a triangle, expected one weight a pair; "
        f"symmetrise it, or for x'Qx over bits read it with format='{QUBO_NAME}'",
    )


def _sorted(rows: Ints, cols: Ints, values: Floats) -> tuple[Ints, Ints, Floats]:
    order = np.lexsort((cols, rows))
    return rows[order], cols[order], values[order]


def render(contents: Contents) -> Iterator[bytes]:
    """Yield the bytes of a `.npy` with a symmetric matrix.

    Raises
    ------
    ValueError
        No plain graph, or more variables than a dense matrix is for.
    """
    check_plain(contents, NAME, kinds=("graph",), offset=False)
    if (contents.rows == contents.cols).any():
        raise ValueError("matrix has no vertex fields, got an entry with rows == cols; use coo")
    yield _npy(contents, NAME, symmetric=True)


def render_qubo(contents: Contents) -> Iterator[bytes]:
    """Yield the bytes of a `.npy` with an upper triangle Q of x'Qx.

    Raises
    ------
    ValueError
        No QUBO, an offset, or more variables than a dense matrix is for.
    """
    check_plain(contents, QUBO_NAME, kinds=("qubo",), offset=False)
    yield _npy(contents, QUBO_NAME, symmetric=False)


def _npy(contents: Contents, format: str, *, symmetric: bool) -> bytes:
    if contents.num_variables > _MAX_DENSE:
        raise ValueError(
            f"{format} is dense and holds at most {_MAX_DENSE} variables, got "
            f"{contents.num_variables}; write rudy, coo or qbsolv"
        )
    if contents.num_variables < 2:
        raise ValueError(f"{format} must have at least 2 variables, got 1; write coo")
    stream = io.BytesIO()
    np.lib.format.write_array(stream, dense(contents, symmetric=symmetric), allow_pickle=False)
    return stream.getvalue()


def dense(
    contents: Contents, *, symmetric: bool
) -> np.ndarray[tuple[int, ...], np.dtype[np.float64]]:
    """Return the matrix of the entries: each pair twice, or once above the diagonal.

    Examples
    --------
    >>> edge = Contents(kind="graph", num_variables=2, rows=np.array([1]), cols=np.array([0]),
    ...                 values=np.array([3.0]))
    >>> dense(edge, symmetric=False).tolist()
    [[0.0, 3.0], [0.0, 0.0]]
    """
    n = contents.num_variables
    low: Ints = np.minimum(contents.rows, contents.cols)
    high: Ints = np.maximum(contents.rows, contents.cols)
    matrix = np.zeros((n, n))
    np.add.at(matrix, (low, high), contents.values)
    if symmetric:
        matrix += np.triu(matrix, k=1).T
    return matrix


MATRIX = Format(
    name=NAME,
    what="couplings as .npy, .npz, MATLAB .mat or text: symmetric or a triangle, each pair once",
    read=read,
    several=True,
    write=render,
    holds=Holds(kinds=("graph",), repeats=False),
    signs=(
        Sign(Stage.BYTES, 40, lambda sample: holds_arrays(sample.data)),
        Sign(Stage.LINE, 15, lambda sample: looks_like(sample.body)),
    ),
    endings=(".npy",),
    rank=110,
)
QUBO_MATRIX = Format(
    name=QUBO_NAME,
    what="such a file as x'Qx over bits; only when named",
    read=read_qubo,
    several=True,
    write=render_qubo,
    holds=Holds(kinds=("qubo",), repeats=False),
    rank=120,
)
