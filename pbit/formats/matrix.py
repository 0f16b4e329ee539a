"""Dense and sparse matrices: `.npy`, `.npz` and MATLAB `.mat`, one or a stack of them in a file.

"matrix" is a weighted graph: entry ij is the weight of the pair, given once (a triangle) or twice
(symmetric); `h`, next to one matrix, are fields. "qubo-matrix", only when named, is x'Qx.
"""

import io
from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from pbit.formats.arrays import Array, holds_arrays, read_arrays
from pbit.formats.contents import Contents, Floats, Ints
from pbit.formats.errors import FormatError, shown
from pbit.formats.format import Format, Holds, Sign, Stage
from pbit.formats.selection import choose
from pbit.formats.writing import check_plain

NAME = "matrix"
QUBO_NAME = "qubo-matrix"
_FIELDS = "h"
_MAX_DENSE = 20_000


class _Entries(NamedTuple):
    size: int
    rows: Ints
    cols: Ints
    values: Floats


def read(data: bytes, name: str, wanted: str | None = None, *, max_bytes: int) -> Contents:
    """Return the weighted graph of a matrix, each pair once.

    Raises
    ------
    FormatError
        No square matrix of finite numbers, several and none chosen, a diagonal, or a matrix that
        is neither symmetric nor a triangle.
    """
    arrays = read_arrays(data, name, max_bytes=max_bytes)
    matrix, name = _chosen(arrays, wanted, name)
    found = _entries(matrix, name)
    on_diagonal = found.rows == found.cols
    if on_diagonal.any():
        where = found.rows[np.argmax(on_diagonal)]
        raise FormatError(
            name,
            None,
            f"entry ({where}, {where}) is not 0, expected an empty diagonal, which for spins is "
            f"a constant; for x'Qx over bits read it with format='{QUBO_NAME}', fields go into h",
        )
    rows, cols, values = _pairs(found, name)
    fields = _fields(arrays, found.size, name)
    biased = np.flatnonzero(fields)
    return Contents(
        kind="graph",
        num_variables=found.size,
        rows=np.concatenate([biased, rows]),
        cols=np.concatenate([biased, cols]),
        values=np.concatenate([fields[biased], values]),
        format=NAME,
        name=name,
        notes=("variables count from 0", *(["fields from the array h"] if biased.size else [])),
    )


def read_qubo(data: bytes, name: str, wanted: str | None = None, *, max_bytes: int) -> Contents:
    """Return the QUBO x'Qx of a square matrix of any symmetry.

    Raises
    ------
    FormatError
        No square matrix of finite numbers, or several and none chosen.
    """
    arrays = read_arrays(data, name, max_bytes=max_bytes)
    matrix, name = _chosen(arrays, wanted, name)
    found = _entries(matrix, name)
    return Contents(
        kind="qubo",
        num_variables=found.size,
        rows=found.rows,
        cols=found.cols,
        values=found.values,
        format=QUBO_NAME,
        name=name,
    )


def _chosen(arrays: dict[str, Array], wanted: str | None, name: str) -> tuple[Array, str]:
    """Return the matrix `wanted` and the name of the file with it."""
    places = _places(arrays)
    if not places:
        shapes = ", ".join(f"{key or 'array'} {value.shape}" for key, value in arrays.items())
        raise FormatError(
            name, None, f"no square matrix among {shown(shapes)}, expected (n, n) or (k, n, n)"
        )
    names = list(places)
    label = names[choose(names, wanted, name)]
    key, index = places[label]
    matrix = arrays[key] if index is None else arrays[key][index]
    return matrix, name if len(names) == 1 and wanted is None else f"{name}#{label}"


def _places(arrays: dict[str, Array]) -> dict[str, tuple[str, int | None]]:
    """Return where each square matrix is: in which array and, in a stack, at which position."""
    stacks = [key for key, value in arrays.items() if _is_square(value)]
    places: dict[str, tuple[str, int | None]] = {}
    for key in stacks:
        if arrays[key].ndim == 2:
            places[key or "0"] = (key, None)
            continue
        prefix = f"{key}/" if len(stacks) > 1 else ""
        places |= {f"{prefix}{k}": (key, k) for k in range(len(arrays[key]))}
    return places


def _is_square(value: Array) -> bool:
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


def _fields(arrays: dict[str, Array], size: int, name: str) -> Floats:
    fields = arrays.get(_FIELDS)
    if fields is None:
        return np.zeros(size)
    if fields.dtype.kind not in "biuf" or fields.size != size or not isinstance(fields, np.ndarray):
        raise FormatError(
            name, None, f"h has shape {fields.shape}, expected {size} numbers, one a variable"
        )
    flat = np.asarray(fields, dtype=np.float64).ravel()
    if not np.isfinite(flat).all():
        raise FormatError(name, None, "h has nan or inf, expected finite numbers; correct it")
    return flat


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
    what="couplings as .npy, .npz or MATLAB .mat: symmetric or a triangle, each pair once",
    read=read,
    several=True,
    write=render,
    holds=Holds(kinds=("graph",), repeats=False),
    signs=(Sign(Stage.BYTES, 40, lambda sample: holds_arrays(sample.data)),),
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
