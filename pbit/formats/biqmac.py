"""Biq Mac `.sparse` QUBOs: minimise x'Qx, Q symmetric, each entry of a triangle listed once.

They look exactly like rudy graphs, so that this reader has to be asked for by name, but for
the `.qs` files of QOBLIB (`pbit.formats.qs`).

References
----------
A. Wiegele, Biq Mac Library - A collection of Max-Cut and quadratic 0-1 programming instances
of medium size, Alpen-Adria-Universität Klagenfurt, 2007.
"""

from collections.abc import Iterator

import numpy as np

from pbit.formats.contents import Bools, Contents
from pbit.formats.entries import Entries
from pbit.formats.format import Format, Holds
from pbit.formats.remarks import constants
from pbit.formats.rudy import read_table
from pbit.formats.tokens import clean, whole
from pbit.formats.writing import check_plain, weight_text

NAME = "biqmac"


def read(data: bytes, name: str) -> Contents:
    """Return the QUBO of a `.sparse` file: E = c + Σ q_ii x_i + 2 Σ q_ij x_i x_j over its lines.

    Raises
    ------
    FormatError
        As for rudy, an entry that is listed in both triangles, or a constant that is no number.
    """
    num_variables, entries = read_table(data, name)
    stated = constants(whole(clean(data, name), name))
    entries.refuse(
        _in_both_triangles(entries),
        "q_ij is listed as q_ji too, expected each pair once (it counts twice); remove one of them",
    )
    linear = entries.rows == entries.cols
    return Contents(
        kind="qubo",
        num_variables=num_variables,
        rows=entries.rows - 1,
        cols=entries.cols - 1,
        values=np.where(linear, entries.values, 2.0 * entries.values),
        labels=range(1, num_variables + 1),
        offset=stated.value,
        format=NAME,
        name=name,
        notes=stated.notes,
    )


def _in_both_triangles(entries: Entries) -> Bools:
    """Return a mask of the entries below the diagonal whose mirror image is listed as well."""
    below = entries.rows > entries.cols
    if not below.any():
        return below
    # Indices are below 2^31, so that the key of a pair fits into an int64.
    above = ~below & (entries.rows != entries.cols)
    key = entries.rows << 31 | entries.cols
    mirrored = entries.cols << 31 | entries.rows
    return below & np.isin(mirrored, key[above])


def render(contents: Contents) -> Iterator[str]:
    """Yield the lines of a `.sparse` file, pairs i <= j with half their weight.

    Raises
    ------
    ValueError
        Another kind, an offset, names as labels, or weights too small to be halved.
    """
    check_plain(contents, NAME, kinds=("qubo",), offset=False)
    linear = contents.rows == contents.cols
    halves = np.where(linear, contents.values, contents.values / 2)
    if (np.where(linear, halves, 2 * halves) != contents.values).any():
        raise ValueError("values must not be below 1e-307 for biqmac, which stores their halves")
    yield f"{contents.num_variables} {contents.values.size}\n"
    entries = zip(contents.rows.tolist(), contents.cols.tolist(), halves.tolist(), strict=True)
    for row, col, value in entries:
        yield f"{min(row, col) + 1} {max(row, col) + 1} {weight_text(value)}\n"


FORMAT = Format(
    name=NAME,
    what="QUBO (Biq Mac .sparse): as rudy, minimise x'Qx; only when named",
    read=read,
    reads_constants=True,
    write=render,
    holds=Holds(kinds=("qubo",), first=1),
    endings=(".sparse",),
    rank=50,
)
