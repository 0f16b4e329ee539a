"""dimod's discrete quadratic models: `dqm.to_file()`, arrays in a zip behind a header.

Read without dimod and without pickle; sizes, indices and biases are checked before use.
"""

import struct
from typing import Any, NamedTuple

import numpy as np

from pbit.formats.arrays import read_arrays
from pbit.formats.bqm import labels_of
from pbit.formats.contents import Floats, Ints
from pbit.formats.dimod_binary import parse_json
from pbit.formats.errors import FormatError, shown
from pbit.formats.format import Format, Holds, Sign, Stage
from pbit.formats.parts import Parts, first_repeated
from pbit.formats.selection import refuse_instance
from pbit.formats.specifications import DiscreteContents
from pbit.formats.zip import Zip, is_npz

NAME = "dqm"
_MAGIC, _DATA, _LABELS = b"DIMODDQM", b"BIAS", b"VARS"
_PREAMBLE = struct.Struct("<8sBBI")
_SECTION = struct.Struct("<4sI")


class _Arrays(NamedTuple):
    """The arrays of the file, in the types of ours."""

    starts: Ints
    linear: Floats
    rows: Ints
    cols: Ints
    values: Floats
    offset: float


def read(
    data: bytes, name: str, wanted: str | None = None, *, max_bytes: int = 2**32
) -> DiscreteContents:
    """Return the model of a file of `dqm.to_file()`.

    Raises
    ------
    FormatError
        Damaged data, more than `max_bytes` when inflated, no variables, indices that contradict
        each other, biases that are not finite, or an instance wanted.
    """
    refuse_instance(wanted, name)
    header, position = _header(data, name)
    packed, position = _section(data, position, mark=_DATA, name=name)
    arrays = _arrays(packed, name, max_bytes)
    stored = None
    if header.take("variables"):
        text, position = _section(data, position, mark=_LABELS, name=name)
        stored = parse_json(text, name)
    if data[position:].strip(b" \n\0"):
        raise _damaged(name, f"{len(data) - position} bytes after the last section, expected none")
    counts = np.diff(np.append(arrays.starts, arrays.linear.size))
    _check(arrays, counts, name)
    _check_counts(header, arrays, counts)
    return DiscreteContents(
        num_values=counts,
        linear=arrays.linear,
        rows=arrays.rows,
        cols=arrays.cols,
        values=arrays.values,
        offset=arrays.offset,
        labels=labels_of(stored, counts.size, name),
        name=name,
        notes=header.close(),
    )


def _damaged(name: str, problem: str) -> FormatError:
    return FormatError(name, None, f"{problem}; write the file again with dqm.to_file()")


def _header(data: bytes, name: str) -> tuple[Parts, int]:
    if len(data) < _PREAMBLE.size:
        raise _damaged(name, f"{len(data)} bytes, expected a header (truncated)")
    magic, major, minor, length = _PREAMBLE.unpack_from(data)
    if magic != _MAGIC or major != 1:
        raise FormatError(
            name,
            None,
            f"{shown(magic)} version {major}.{minor}, expected DIMODDQM version 1; write it with "
            "dqm.to_file() of dimod 0.10 to 0.12",
        )
    end = _PREAMBLE.size + length
    stored = parse_json(data[_PREAMBLE.size : end], name) if end <= len(data) else None
    if not isinstance(stored, dict):
        raise _damaged(name, "no header of the promised length, expected a JSON object")
    return Parts(stored, kind="key", name=name, where=" in the header"), end


def _section(data: bytes, position: int, *, mark: bytes, name: str) -> tuple[bytes, int]:
    """The bytes of a section and where it ends."""
    start = position + _SECTION.size
    found, length = _SECTION.unpack_from(data, position) if start <= len(data) else (b"", 0)
    if found != mark or start + length > len(data):
        raise _damaged(name, f"no section {mark.decode()} of the promised length (truncated)")
    return data[start : start + length], start + length


def _arrays(packed: bytes, name: str, max_bytes: int) -> _Arrays:
    if not is_npz(packed):
        raise _damaged(name, "section BIAS holds no zip of arrays")
    twice = first_repeated(Zip(packed, name).names)
    if twice is not None:
        raise _damaged(name, f"holds {shown(twice)} twice, expected each array once")
    parts = Parts(read_arrays(packed, name, max_bytes=max_bytes), kind="array", name=name)
    offset = _floats(parts.take("offset", np.zeros(())), "offset", name, ndim=0)
    arrays = _Arrays(
        _whole(parts.take("case_starts"), "case_starts", name),
        _floats(parts.take("linear_biases"), "linear_biases", name),
        _whole(parts.take("quadratic_row_indices"), "quadratic_row_indices", name),
        _whole(parts.take("quadratic_col_indices"), "quadratic_col_indices", name),
        _floats(parts.take("quadratic_biases"), "quadratic_biases", name),
        float(offset),
    )
    parts.close()
    return arrays


def _floats(array: Any, key: str, name: str, *, ndim: int = 1) -> Floats:
    if array is None or array.ndim != ndim or array.dtype.kind not in "iuf":
        raise _damaged(name, f"array {key!r} is no list of numbers")
    values: Floats = array.astype(np.float64)
    if not np.isfinite(values).all():
        raise FormatError(name, None, f"{key} has nan or inf, expected finite biases; correct it")
    return values


def _whole(array: Any, key: str, name: str) -> Ints:
    if array is None or array.ndim != 1 or array.dtype.kind not in "iu":
        raise _damaged(name, f"array {key!r} is no list of whole numbers")
    values: Ints = array.astype(np.int64)
    return values


def _check(arrays: _Arrays, counts: Ints, name: str) -> None:
    if not counts.size:
        raise FormatError(name, None, "the model has no variables, expected at least one")
    if arrays.starts[0] or counts.min() < 1:
        raise _damaged(name, "case_starts do not rise from 0, expected a case for each variable")
    sizes = {arrays.rows.size, arrays.cols.size, arrays.values.size}
    if len(sizes) > 1:
        raise _damaged(name, "lists of interactions differ in length")
    for ends in (arrays.rows, arrays.cols):
        if ends.size and not 0 <= ends.min() <= ends.max() < arrays.linear.size:
            raise _damaged(name, f"an interaction with a case outside 0..{arrays.linear.size - 1}")
    variable = np.repeat(np.arange(counts.size), counts)
    if (variable[arrays.rows] == variable[arrays.cols]).any():
        raise _damaged(name, "an interaction of two cases of one variable")


def _check_counts(header: Parts, arrays: _Arrays, counts: Ints) -> None:
    """What the header says about the arrays has to hold."""
    variable = np.repeat(np.arange(counts.size), counts)
    ends = np.sort([variable[arrays.rows], variable[arrays.cols]], axis=0)
    facts = {
        "num_variables": counts.size,
        "num_cases": arrays.linear.size,
        "num_case_interactions": arrays.values.size,
        "num_variable_interactions": np.unique(ends, axis=1).shape[1],
    }
    for key, size in facts.items():
        if header.take(key, size) != size:
            raise _damaged(
                header.name, f"{key} is {header.take(key)!r:.60}, the arrays have {size}"
            )


FORMAT = Format(
    name=NAME,
    what="dimod: dqm.to_file()",
    read=read,
    several=True,
    holds=Holds(kinds=("dqm",), labels=True, offset=True, repeats=False),
    signs=(Sign(Stage.BYTES, 15, lambda sample: sample.data.startswith(_MAGIC)),),
    rank=162,
)
