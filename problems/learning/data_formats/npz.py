"""Data sets as NumPy arrays: npz, with labels beside the values, and npy."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from pbit.formats.arrays import NPY, Array, read_arrays, read_npy
from pbit.formats.errors import FormatError, shown
from pbit.formats.format import Sign, Stage
from pbit.formats.parts import Parts, listed
from pbit.formats.sample import Sample
from pbit.formats.zip import is_zip
from pbit.problems.learning.data_formats.registry import Asked, DataFormat, Found
from pbit.problems.learning.raw_data import RawData

_VALUES = ("spins", "data", "images", "X", "x")
_LABELS = ("labels", "y", "target")
_NAMES = ("names", "feature_names")


def read_npz(found: Found, asked: Asked) -> RawData:
    """Values, labels, names of columns and what is known, by usual names or those asked for.

    Raises
    ------
    FormatError
        Damaged data, pickled objects, no array of the name, several that may be the values.
    """
    arrays = read_arrays(found.data, found.name, max_bytes=asked.max_bytes)
    parts = Parts(arrays, kind="array", name=found.name)
    labels = _labels(parts, asked)
    names = next((key for key in _NAMES if key in arrays), None)
    columns = None if names is None else parts.take(names)
    chosen = _chosen(parts, arrays, asked.part)
    values = parts.take(chosen)
    known = _mask(parts.take("known"), values, found.name)
    if asked.part is not None:
        parts.skip(lambda _: True, f"{shown(asked.part)} is asked for")
    notes = parts.close("take one array with FILE#NAME")
    return RawData(
        values=_axes(values, f"{found.name}#{chosen}"),
        name=found.name,
        known=known,
        labels=labels,
        names=_column_names(columns, values, found.name),
        notes=notes,
    )


def read_npy_rows(found: Found, asked: Asked) -> RawData:
    """The array of a npy file."""
    return RawData(values=_axes(read_npy(found.data, found.name), found.name), name=found.name)


def _labels(parts: Parts, asked: Asked) -> Array | None:
    if asked.labels is not None:
        if asked.labels not in parts:
            raise _missing(parts, asked.labels)
        labels: Array = parts.take(asked.labels)
        return labels
    usual = [key for key in _LABELS if key in parts and key != asked.part]
    return parts.take(usual[0]) if usual else None


def _chosen(parts: Parts, arrays: Mapping[str, Array], part: str | None) -> str:
    """Name of the array of the values: asked for, usual, or the only one."""
    if part is not None:
        if part not in arrays:
            raise _missing(parts, part)
        return part
    usual = [key for key in _VALUES if key in arrays]
    candidates = usual or [key for key in parts.left if key != "known"]
    if len(candidates) != 1:
        raise FormatError(
            parts.name,
            None,
            f"holds the arrays {listed(list(arrays))}, expected one of data, {listed([*_VALUES])} "
            "for instance; write FILE#NAME",
        )
    return candidates[0]


def _missing(parts: Parts, key: str) -> FormatError:
    return FormatError(
        parts.name,
        None,
        f"no array {shown(key)}, expected one of {listed(list(parts.found))}; correct the name",
    )


def _axes(values: Array, name: str) -> Array:
    """The array, if it is one."""
    if not hasattr(values, "dtype") or not values.ndim:
        raise FormatError(name, None, "holds a single value, expected rows of data; save an array")
    return values


def _mask(known: Array | None, values: Array, name: str) -> Array | None:
    if known is not None and (known.dtype != np.bool_ or known.shape != values.shape):
        raise FormatError(
            name,
            None,
            f"array 'known' of type {known.dtype} and shape {known.shape}, expected truth values "
            f"of shape {values.shape}; correct or remove it",
        )
    return known


def _column_names(columns: Array | None, values: Array, name: str) -> tuple[str, ...] | None:
    if columns is None:
        return None
    if columns.dtype.kind != "U" or columns.shape != values.shape[1:2] or values.ndim != 2:
        raise FormatError(
            name,
            None,
            f"names of columns of type {columns.dtype} and shape {columns.shape}, expected words "
            f"of shape {values.shape[1:]}; correct or remove them",
        )
    return tuple(columns.tolist())


def _is_npz(sample: Sample) -> bool:
    return is_zip(sample.data)


def _is_npy(sample: Sample) -> bool:
    return sample.data.startswith(NPY)


NPZ = DataFormat(
    name="npz",
    what="NumPy arrays: values, labels and names of columns",
    read=read_npz,
    signs=(Sign(Stage.BYTES, 0, _is_npz),),
    has_parts=True,
    names_labels=True,
    rank=0,
)
NPY_FORMAT = DataFormat(
    name="npy",
    what="one NumPy array",
    read=read_npy_rows,
    signs=(Sign(Stage.BYTES, 0, _is_npy),),
    rank=1,
)
