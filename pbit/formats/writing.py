"""Write a file all or nothing, with weights that read back to the same float64."""

import gzip
import os
from collections.abc import Iterable, Iterator
from typing import BinaryIO

import numpy as np

from pbit.formats.contents import Contents, Floats, Ints
from pbit.formats.lines import MAX_INDEX
from pbit.system.whole_files import replacing, target_of

Sink = str | os.PathLike[str] | BinaryIO

_MAX_EXACT = 2.0**53
_LINES_PER_BLOCK = 2**14


def weight_text(value: float) -> str:
    """Return the shortest text that reads back as `value`, whole numbers without a point.

    Examples
    --------
    >>> weight_text(-1.0), weight_text(0.1)
    ('-1', '0.1')
    """
    if value.is_integer() and abs(value) < _MAX_EXACT and value != 0.0:
        return str(int(value))
    return "0" if str(value) == "0.0" else repr(value)


def check_plain(contents: Contents, format: str, *, kinds: tuple[str, ...], offset: bool) -> None:
    """Check that a format without labels can hold `contents`.

    Raises
    ------
    ValueError
        Another kind, an offset where none fits, names as labels, or entries that are no entries.
    """
    if contents.kind not in kinds:
        raise ValueError(
            f"kind must be {' or '.join(kinds)} for {format}, got {contents.kind}; convert it first"
        )
    if contents.offset and not offset:
        raise ValueError(f"offset must be 0 for {format}, got {contents.offset}; write coo instead")
    if not isinstance(contents.labels, range):
        raise ValueError(
            f"labels must be a range for {format}, which has no names for variables, got "
            f"{type(contents.labels).__name__}; use dataclasses.replace(contents, labels=range(n))"
        )
    _check_entries(contents)


def _check_entries(contents: Contents) -> None:
    check_num_variables(contents.num_variables)
    sizes = {contents.rows.size, contents.cols.size, contents.values.size}
    if len(sizes) != 1:
        raise ValueError(f"rows, cols and values must be as long as each other, got {sizes}")
    check_finite(contents.values, contents.offset)
    for indices in (contents.rows, contents.cols):
        check_indices("rows and cols", indices, contents.num_variables)


def check_num_variables(num_variables: int) -> None:
    """Check that there are variables, and not too many.

    Raises
    ------
    ValueError
        Not so.
    """
    if not 1 <= num_variables <= MAX_INDEX:
        raise ValueError(
            f"num_variables must be in 1..{MAX_INDEX}, got {num_variables}; "
            "give the problem a variable"
        )


def check_finite(values: Floats, offset: float) -> None:
    """Check that no weight is NaN or infinity.

    Raises
    ------
    ValueError
        One is.
    """
    if not (np.isfinite(values).all() and np.isfinite(offset)):
        raise ValueError("values and offset must be finite, got nan or inf; remove those entries")


def check_indices(what: str, indices: Ints, num_variables: int) -> None:
    """Check that indices are those of variables.

    Raises
    ------
    ValueError
        One is not.
    """
    if indices.size and not 0 <= indices.min() <= indices.max() < num_variables:
        raise ValueError(
            f"{what} must be in 0..num_variables - 1 = {num_variables - 1}, "
            f"got {indices.min()}..{indices.max()}; raise num_variables"
        )


def write_lines(lines: Iterable[str | bytes], sink: Sink) -> None:
    """Write `lines` (or pieces of bytes): to a path whole or not at all, gzipped if the name ends
    with `.gz`; to a stream as they come.

    Raises
    ------
    ValueError
        The path is there and is no ordinary file.
    OSError
        The folder is missing or cannot be written to.
    """
    if not isinstance(sink, str | os.PathLike):
        _write(lines, sink, packed=False)
        return
    target = target_of(sink)
    if target.is_dir():
        raise IsADirectoryError(21, "cannot write to a folder; give a file name", str(sink))
    if target.exists() and not target.is_file():
        raise ValueError(f"path must name an ordinary file, got {sink!s}; choose another path")
    with replacing(target) as temporary, temporary.open("wb") as stream:
        _write(lines, stream, packed=target.suffix == ".gz")


def _write(lines: Iterable[str | bytes], stream: BinaryIO, *, packed: bool) -> None:
    if not packed:
        stream.writelines(_blocks(lines))
        return
    # mtime and name fixed: the same contents give the same bytes.
    with gzip.GzipFile(filename="", mode="wb", fileobj=stream, mtime=0) as archive:
        archive.writelines(_blocks(lines))


def _blocks(lines: Iterable[str | bytes]) -> Iterator[bytes]:
    block: list[str] = []
    for line in lines:
        if isinstance(line, bytes):
            yield line
            continue
        block.append(line)
        if len(block) == _LINES_PER_BLOCK:
            yield "".join(block).encode("ascii")
            block.clear()
    yield "".join(block).encode("ascii")
