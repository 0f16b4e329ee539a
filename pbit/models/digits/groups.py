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
    rows, cols = (model.num_values[end] for end in model.ends())
    kinds, kind = np.unique(np.stack([rows, cols], axis=1), axis=0, return_inverse=True)
    for k, shape in enumerate(kinds.tolist()):
        yield from _of_shape(model, np.flatnonzero(kind.reshape(-1) == k), shape)


def _of_shape(model: DitModel, entries: IntArray, shape: list[int]) -> Iterator[Group]:
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


def _written_out(model: DitModel, names: npt.NDArray[Any], shape: list[int]) -> FloatArray:
    if model.tables is None:
        potts: FloatArray = names[:, None, None] * np.eye(shape[0], shape[1])
        return potts
    content: FloatArray = model.tables[names[:, None] + np.arange(shape[0] * shape[1])]
    return content.reshape(-1, *shape)
