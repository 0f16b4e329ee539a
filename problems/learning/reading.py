"""Reading a data set: its format told by the content, its values made spins."""

from __future__ import annotations

import os
import re
from pathlib import Path

import numpy as np

from pbit.checks import ArgumentError
from pbit.formats.detection import told
from pbit.formats.errors import FormatError
from pbit.formats.format import Stage
from pbit.formats.sample import Sample
from pbit.formats.selection import refuse_instance, split_source
from pbit.formats.source import Source, load
from pbit.problems.learning.binarising import Spins, checked_threshold, spins_of
from pbit.problems.learning.data_formats.registry import KNOWN, Asked, DataFormat, Found
from pbit.problems.learning.data_set import DataSet
from pbit.problems.learning.labelling import Labels, labels_of
from pbit.problems.learning.raw_data import RawData

_IMAGES = re.compile(r"images([-.]idx)3(?=[-.])")


def read_data(
    source: Source,
    *,
    threshold: float | None = None,
    labels: str | os.PathLike[str] | None = None,
    missing: bool = False,
    num_columns: int | None = None,
    format: str | None = None,
    max_bytes: int = 4 * 2**30,
) -> DataSet:
    """A data set of spins: npz, npy, csv, idx, a PNG image or a folder of them.

    Taken as they are: 0 and 1, -1 and +1, truth values, and bytes that are all 0 or 255. All else
    needs a threshold.

    Parameters
    ----------
    source : path, "-" or binary stream
        "-" is standard input; gzip is inflated on the way. Sub-folders of images are classes.
        ``FILE.npz#NAME`` takes one array of several.
    threshold : float, optional
        Values above it are +1, the others -1.
    labels : str or path, optional
        Where the labels are: a column of a table or an array of a npz (str), else a file of them
        (of a table or npz: a Path). By default those that go by a usual name: array "labels" or
        "y", and ``train-labels-idx1-ubyte`` beside ``train-images-idx3-ubyte``.
    missing : bool
        Whether values may be: NaN, in tables empty fields and "?", and in a npz those where the
        array "known" is False. ``known`` of the data set says which are there.
    num_columns : int, optional
        How many columns the rows must have, those of a machine for instance.
    format : str, optional
        A key of :func:`data_formats`; told by the content if left out.
    max_bytes : int
        Most bytes to accept, after inflating.

    Returns
    -------
    DataSet

    Raises
    ------
    FormatError
        The file is damaged, empty or ragged, its values are neither two-valued nor given a
        threshold, NaN without `missing`, another width than `num_columns`, wrong labels.
    OSError
        The path cannot be opened.
    ValueError, TypeError
        ``format`` is unknown, ``threshold`` no finite number.
    ImportError
        Images without pillow.

    Examples
    --------
    >>> import io
    >>> read_data(io.BytesIO(b"0.1 0.9\\n0.7 0.2\\n"), threshold=0.5).spins.tolist()
    [[-1, 1], [1, -1]]
    """
    if threshold is not None:
        checked_threshold(threshold)
    chosen = None if format is None else _named(format)
    path, part = split_source(source)
    found = _found(path, max_bytes)
    chosen = chosen or _told(found)
    if not chosen.takes_folders and not found.data:
        raise FormatError(
            found.name, None, f"is a folder, expected a file of {chosen.name}; name a file in it"
        )
    if not chosen.has_parts:
        refuse_instance(part, found.name)
    wanted, beside = _labels_file(chosen, found.name, labels)
    raw = chosen.read(found, Asked(wanted, part, max_bytes, missing))
    _check_width(raw, num_columns)
    spins = spins_of(raw, threshold, missing=missing)
    return _data_set(raw, spins, _labels(raw, beside, max_bytes))


def data_formats() -> dict[str, str]:
    """All formats by name, with a line on each.

    Examples
    --------
    >>> list(data_formats())
    ['npz', 'npy', 'idx', 'png', 'csv']
    """
    return {found.name: found.what for found in KNOWN.all().values()}


def _named(format: str) -> DataFormat:
    found = KNOWN.find(format)
    if found is None:
        raise ArgumentError("format", f"must be one of {', '.join(KNOWN.all())}", format)
    return found


def _found(path: Source, max_bytes: int) -> Found:
    if isinstance(path, (str, os.PathLike)) and os.path.isdir(path):
        return Found(b"", os.fspath(path))
    found = Found(*load(path, max_bytes=max_bytes))
    if not found.data:
        raise FormatError(found.name, None, "the file is empty, expected data; check the path")
    return found


def _told(found: Found) -> DataFormat:
    known = KNOWN.all()
    if not found.data:
        return next(one for one in known.values() if one.takes_folders)
    name = told(Sample(found.data, found.name), known.values(), Stage)
    if name is None:
        raise FormatError(
            found.name, None, f"no known data set, expected one of {', '.join(known)}; convert it"
        )
    return known[name]


def _labels_file(
    chosen: DataFormat, name: str, labels: str | os.PathLike[str] | None
) -> tuple[str | None, tuple[str, bool] | None]:
    """The name of labels inside the file, or the file of them and whether it was found here."""
    if isinstance(labels, str) and chosen.names_labels:
        return labels, None
    if labels is not None:
        return None, (os.fspath(labels), False)
    path = Path(name)
    beside = path.with_name(_IMAGES.sub(r"labels\g<1>1", path.name)) if path.name else path
    is_there = beside.name != path.name and beside.is_file()
    return None, (str(beside), True) if is_there else None


def _labels(
    raw: RawData, beside: tuple[str, bool] | None, max_bytes: int
) -> tuple[Labels | None, tuple[str, ...]]:
    """The labels, and what there is to say of them."""
    if beside is None:
        if raw.labels is None:
            return None, ()
        own = labels_of(raw.labels, num_rows=len(raw.values), name=raw.name)
        return own._replace(classes=raw.classes or own.classes), ()
    file, was_found = beside
    found = _found(file, max_bytes)
    values = _told(found).read(found, Asked(None, None, max_bytes)).values
    if values.ndim == 2 and values.shape[1] == 1:
        values = values[:, 0]
    notes = (f"labels are those of {file}",) if was_found else ()
    return labels_of(values, num_rows=len(raw.values), name=file), notes


def _check_width(raw: RawData, num_columns: int | None) -> None:
    width = int(np.prod(raw.values.shape[1:]))
    if num_columns is not None and width != num_columns and len(raw.values):
        raise FormatError(
            raw.name,
            None,
            f"rows of {width} columns, expected {num_columns}; give data like those that the "
            "machine was trained on",
        )


def _data_set(raw: RawData, spins: Spins, labels: tuple[Labels | None, tuple[str, ...]]) -> DataSet:
    found, more = labels
    return DataSet(
        spins=spins.spins,
        known=spins.known,
        labels=None if found is None else found.labels,
        classes=None if found is None else found.classes,
        image_shape=raw.values.shape[1:] if raw.values.ndim == 3 else None,  # type: ignore[arg-type]
        names=raw.names,
        source=raw.name,
        notes=(*raw.notes, *more, *spins.notes),
    )
