"""The entries of a model's rows by the shape of their tables, piece by piece."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import numpy.typing as npt

from pbit.models.digits.checks import IntArray
from pbit.models.labels import FloatArray

if TYPE_CHECKING:
    from pbit.models.digits.dit_model import DitModel

_PIECE = 2**20  # numbers of tables that are unfolded at a time


class Group(NamedTuple):
    """Entries of the rows whose tables have one shape.

    Parameters
    ----------
    entries : int64, shape (g,)
    tables : float64, shape (d, K, L)
        Distinct ones.
    which : int64, shape (g,)
        Of them, the table of each entry.
    """

    entries: IntArray
    tables: FloatArray
    which: IntArray


def groups(model: DitModel) -> Iterator[Group]:
    """All entries, with the tables of Potts pairs written out."""
    for entries, shape in by_shape(model):
        yield from _of_shape(model, entries, shape)


def by_shape(model: DitModel) -> Iterator[tuple[IntArray, tuple[int, int]]]:
    """The entries whose tables have one shape, and the shape."""
    if (model.num_values == model.num_values[:1]).all():
        if model.neighbours.size:
            count = int(model.num_values[0])
            yield np.arange(model.neighbours.size), (count, count)
        return
    rows, cols = (model.num_values[end].astype(np.int64) for end in model.ends())
    kinds, kind = np.unique(rows * 2**16 + cols, return_inverse=True)
    for k, shape in enumerate(kinds.tolist()):
        yield np.flatnonzero(kind == k), divmod(shape, 2**16)


def _of_shape(model: DitModel, entries: IntArray, shape: tuple[int, int]) -> Iterator[Group]:
    names = model.table_of if model.weights is None else model.weights
    assert names is not None
    kept, which = np.unique(names[entries], return_inverse=True)
    order = np.argsort(which, kind="stable")
    step = max(1, _PIECE // (shape[0] * shape[1]))
    for first in range(0, kept.size, step):
        ends = np.searchsorted(which[order], [first, first + step])
        chosen = order[ends[0] : ends[1]]
        tables = _written_out(model, kept[first : first + step], shape)
        yield Group(entries[chosen], tables, which[chosen] - first)


def _written_out(model: DitModel, names: npt.NDArray[Any], shape: tuple[int, int]) -> FloatArray:
    if model.tables is None:
        potts: FloatArray = names[:, None, None] * np.eye(shape[0], shape[1])
        return potts
    content: FloatArray = model.tables[names[:, None] + np.arange(shape[0] * shape[1])]
    return content.reshape(-1, *shape)
