"""The container that `bqm.to_file()` writes, versions 1 and 2, read with NumPy alone.

dimod's own loader trusts the sizes and indices it finds; here every one is checked first, and
only the dtypes below are accepted, so that a damaged file cannot crash the process.
"""

import json
import re
import struct
from typing import Any, NamedTuple

import numpy as np

from pbit.formats.contents import Floats, Ints
from pbit.formats.errors import FormatError, shown
from pbit.formats.parts import Parts, first_repeated

MAGIC = b"DIMODBQM"
_TYPE = "BinaryQuadraticModel"
_PYTHON = re.compile(rb"\s*\{\s*[('0-9]")
_PREAMBLE = struct.Struct("<8sBBI")
_BIAS_TYPES = ("float32", "float64")
_INDEX_TYPES = tuple(f"{sign}int{bits}" for sign in ("", "u") for bits in (8, 16, 32, 64))


class Vectors(NamedTuple):
    """A binary quadratic model as arrays; `labels` is None for 0..n-1."""

    vartype: object
    linear: Floats
    heads: Ints
    tails: Ints
    quadratic: Floats
    offset: float
    labels: object
    notes: tuple[str, ...] = ()


def damaged(name: str, problem: str) -> FormatError:
    """Return the error for a damaged BQM file."""
    return FormatError(name, None, f"{problem}; write the file again with bqm.to_file()")


def read_vectors(data: bytes, name: str) -> Vectors:
    """Return the arrays of a dimod binary file.

    Raises
    ------
    FormatError
        Truncated, an unknown version or dtype, or indices that contradict each other.
    """
    stored, major, position = _read_header(data, name)
    header = Parts(stored, kind="key", name=name, where=" in the header")
    if header.take("type", _TYPE) != _TYPE:
        raise damaged(name, f"type is {shown(str(header.take('type')))}, expected {_TYPE}")
    num_variables, num_interactions = _shape(header, name)
    bias = _dtype(header, "dtype", _BIAS_TYPES, name)
    linear_type = np.dtype([("start", _dtype(header, "ntype", _INDEX_TYPES, name)), ("bias", bias)])
    pair_type = np.dtype([("other", _dtype(header, "itype", _INDEX_TYPES, name)), ("bias", bias)])
    sizes = (
        bias.itemsize,
        num_variables * linear_type.itemsize,
        2 * num_interactions * pair_type.itemsize if num_variables else 0,
    )
    if position + sum(sizes) > len(data):
        raise damaged(
            name,
            f"{len(data)} bytes, expected {position + sum(sizes)} for {num_variables} "
            f"variables and {num_interactions} interactions (truncated)",
        )
    offset = float(np.frombuffer(data, bias, 1, position)[0])
    position += sizes[0]
    linear = np.frombuffer(data, linear_type, num_variables, position)
    position += sizes[1]
    pairs = np.frombuffer(data, pair_type, sizes[2] // pair_type.itemsize, position)
    position += sizes[2]
    heads, tails, quadratic = _lower_triangle(linear["start"], pairs, name)
    labels = _labels(header.take("variables"), data[position:], major=major, name=name)
    vartype = header.take("vartype")
    header.close()
    return Vectors(
        vartype,
        linear["bias"].astype(np.float64),
        heads,
        tails,
        quadratic,
        offset,
        labels,
    )


def _read_header(data: bytes, name: str) -> tuple[dict[str, Any], int, int]:
    if len(data) < _PREAMBLE.size:
        raise damaged(name, f"{len(data)} bytes, expected a header (truncated)")
    _, major, minor, length = _PREAMBLE.unpack_from(data)
    if major not in (1, 2):
        raise FormatError(
            name,
            None,
            f"BQM file version {major}.{minor}, expected 1 or 2; "
            "write it with bqm.to_file(version=2)",
        )
    end = _PREAMBLE.size + length
    header = parse_json(data[_PREAMBLE.size : end], name) if end <= len(data) else None
    if not isinstance(header, dict):
        raise damaged(name, "no header of the promised length, expected a JSON object")
    return header, major, end


def parse_json(text: bytes, name: str) -> Any:
    """Return the JSON value in `text`, which must not hold NaN or Infinity.

    Raises
    ------
    FormatError
        No valid JSON, with the line, or an object that has a key twice.
    """
    try:
        return json.loads(
            text.decode("utf-8"), parse_constant=_refuse_constant, object_pairs_hook=_once_each
        )
    except json.JSONDecodeError as error:
        hint = (
            "a Python dict? write dimod.BQM.from_qubo(Q).to_file(), or the lines 'i j weight'"
            if _PYTHON.match(text)
            else "truncated?"
        )
        raise FormatError(name, error.lineno, f"no valid JSON ({error.msg}), {hint}") from error
    except (ValueError, RecursionError) as error:
        raise FormatError(name, None, f"no valid JSON ({error}); write the file again") from error


def _once_each(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        twice = first_repeated(key for key, _ in pairs)
        raise ValueError(f"the key {twice!r:.60} is there twice")
    return found


def _refuse_constant(text: str) -> float:
    raise ValueError(f"{text} is not a finite number")


def _shape(header: Parts, name: str) -> tuple[int, int]:
    shape = header.take("shape")
    if not isinstance(shape, list) or len(shape) != 2:
        raise damaged(name, f"shape is {str(shape)[:60]}, expected [variables, interactions]")
    if not all(type(count) is int and 0 <= count < 2**48 for count in shape):
        raise damaged(name, f"shape is {str(shape)[:60]}, expected two whole numbers >= 0")
    return shape[0], shape[1]


def _dtype(header: Parts, key: str, allowed: tuple[str, ...], name: str) -> np.dtype[Any]:
    value = header.take(key)
    if not isinstance(value, str) or value not in allowed:
        raise damaged(name, f"{key} is {str(value)[:60]}, expected one of {', '.join(allowed)}")
    return np.dtype(value).newbyteorder("<")


def _lower_triangle(starts: np.ndarray, pairs: np.ndarray, name: str) -> tuple[Ints, Ints, Floats]:
    """Return every interaction once; the file lists it in the rows of both variables."""
    bounds = np.append(starts.astype(np.int64), pairs.size)
    degrees = np.diff(bounds)
    others = pairs["other"].astype(np.int64)
    rows = starts.size
    if rows and (bounds[0] != 0 or degrees.min() < 0 or degrees.max() > pairs.size):
        raise damaged(name, "the rows of the variables overlap, expected rising starts from 0")
    if others.size and not 0 <= others.min() <= others.max() < rows:
        raise damaged(name, f"an interaction with a variable outside 0..{rows - 1}")
    owners = np.repeat(np.arange(rows), degrees)
    biases = pairs["bias"].astype(np.float64)
    lower, upper = others < owners, others > owners
    order = np.lexsort((owners[upper], others[upper]))
    mirrored = (others[upper][order], owners[upper][order], biases[upper][order])
    kept = (owners[lower], others[lower], biases[lower])
    if not all(np.array_equal(a, b) for a, b in zip(kept, mirrored, strict=True)):
        raise damaged(name, "an interaction differs between the rows of its two variables")
    if 2 * kept[0].size != pairs.size:
        raise damaged(name, "an interaction of a variable with itself")
    return kept[1], kept[0], kept[2]


def _labels(stored: object, rest: bytes, *, major: int, name: str) -> object:
    if not stored or major == 1:
        _refuse_rest(rest, name)
        return stored or None
    length = int.from_bytes(rest[4:8], "little")
    if not rest.startswith(b"VARS") or len(rest) < 8 + length:
        raise damaged(name, "no section VARS with the labels that the header promises (truncated)")
    _refuse_rest(rest[8 + length :], name)
    return parse_json(rest[8 : 8 + length], name)


def _refuse_rest(rest: bytes, name: str) -> None:
    if rest.strip(b" \n\0"):
        raise damaged(name, f"{len(rest)} bytes after the last section, expected none")
