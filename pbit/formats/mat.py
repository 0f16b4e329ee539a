"""MATLAB's `.mat` files of version 5 (`save -v7` and older): real arrays, dense and sparse.

Read here and not with `scipy.io.loadmat`, which damaged bytes bring to a segmentation fault.

References
----------
MathWorks, MAT-File Format, sections on version 5 (data elements, `miMATRIX`, `miCOMPRESSED`).
"""

import math
import zlib
from collections.abc import Iterator
from itertools import islice
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from pbit.formats.errors import FormatError
from pbit.formats.inflation import Budget, Stream

MAGIC = b"MATLAB 5.0"
_HEADER = 128
_TAG = 8
_MOST_PARTS = 6  # flags, dimensions, name, and three of a sparse matrix
_MATRIX, _COMPRESSED = 14, 15
_TYPES = {
    1: "i1", 2: "u1", 3: "i2", 4: "u2", 5: "i4", 6: "u4", 7: "f4", 9: "f8", 12: "i8", 13: "u8",
}  # fmt: skip
_SPARSE = 5
_NUMERIC = range(6, 16)  # double, single, int8 .. uint64
_KINDS = {1: "a cell array", 2: "a structure", 3: "an object", 4: "text"}
_COMPLEX = 0x08
_MAX_DIMENSIONS = 8


class _Element(NamedTuple):
    kind: int
    body: memoryview


def read_mat(data: bytes, name: str, *, max_bytes: int) -> dict[str, Any]:
    """Return the real numeric arrays by name, and a `Foreign` for whatever else has one.

    Sparse matrices come as `scipy.sparse.csc_array`.

    Raises
    ------
    FormatError
        Truncated or damaged data, elements that are no variables, a name that occurs twice, or
        more than `max_bytes` when inflated.
    """
    file = _File(name, "<" if data[126:128] == b"IM" else ">", max_bytes)
    arrays: dict[str, Any] = {}
    for element in file.elements(memoryview(data)[_HEADER:], packed=True):
        for inner in file.inside(element):
            key, value = file.variable(inner.body)
            if key in arrays:
                raise file.damaged(f"two variables {key!r:.60}")
            arrays[key] = value
    return arrays


class Foreign(NamedTuple):
    """A variable that is no array of real numbers: text, a cell, a structure."""

    what: str

    @property
    def text(self) -> bool:
        """Whether it is text."""
        return self.what == _KINDS[4]


class _File:
    """How to read the elements of one file, and how many bytes it may still inflate to."""

    def __init__(self, name: str, order: str, max_bytes: int) -> None:
        self.name, self.order = name, order
        self.budget = Budget(name, max_bytes, "MATLAB")

    def damaged(self, what: str) -> FormatError:
        return FormatError(
            self.name, None, f"damaged MATLAB data ({what}); save the file again with -v7"
        )

    def elements(self, body: memoryview, *, packed: bool = False) -> Iterator[_Element]:
        """Elements in a row, each padded to 8 bytes (compressed ones of a file are `packed`)."""
        position = 0
        while position + 8 <= len(body):
            kind, size = np.frombuffer(body[position : position + 8], f"{self.order}u4").tolist()
            small = kind >> 16
            if small:
                kind, size, start, end = kind & 0xFFFF, small, position + 4, position + 8
                if size > 4:
                    raise self.damaged(f"a small element of {size} bytes")
            else:
                start = position + 8
                end = start + size + (0 if packed and kind == _COMPRESSED else -size % 8)
            if start + size > len(body):
                raise self.damaged(
                    f"an element of {size} bytes where {len(body) - start} are left (truncated)"
                )
            yield _Element(kind, body[start : start + size])
            position = end
        if any(body[position:]):
            raise self.damaged("bytes after the last element")

    def inflated(self, body: memoryview) -> memoryview:
        """What is in a compressed element: another one, whose tag tells its size first."""
        end = 0
        try:
            tag = zlib.decompressobj().decompress(body, _TAG).ljust(_TAG, b"\0")
            size = _TAG + int(np.frombuffer(tag, f"{self.order}u4")[1])
            size += -size % 8
            self.budget.spend(size, packed=len(body))
            found = np.empty(size, np.uint8)
            stream = Stream()
            for piece in stream.pieces(body):
                if len(piece) > size - end:
                    raise self.damaged(f"an element inflates to more than its {size} bytes")
                found[end : end + len(piece)] = np.frombuffer(piece, np.uint8)
                end += len(piece)
        except zlib.error as error:
            raise self.damaged(str(error)) from error
        if not stream.ended or stream.unread:
            raise self.damaged("compressed data that end early or late")
        return found[:end].data

    def inside(self, element: _Element) -> list[_Element]:
        """The variables of an element of a file: itself, or what is compressed in it."""
        found = [element]
        if element.kind == _COMPRESSED:
            found = list(self.elements(self.inflated(element.body)))
        for inner in found:
            if inner.kind != _MATRIX:
                raise self.damaged(f"an element of type {inner.kind}, expected variables")
        return found

    def variable(self, body: memoryview) -> tuple[str, Any]:
        """The name of a matrix element, and its array, or what it is instead."""
        parts = list(islice(self.elements(body), _MOST_PARTS))
        if len(parts) < 3:
            raise self.damaged("a variable without a name")
        flags = self.numbers(parts[0])
        shape = tuple(int(n) for n in self.numbers(parts[1]).tolist())
        if flags.size != 2 or not 2 <= len(shape) <= _MAX_DIMENSIONS or min(shape) < 0:
            raise self.damaged("an array without flags or with impossible dimensions")
        kind, is_complex = int(flags[0]) & 0xFF, bool(int(flags[0]) >> 8 & _COMPLEX)
        key = bytes(parts[2].body).decode("ascii", errors="replace")
        if is_complex:
            return key, Foreign("complex numbers")
        if kind == _SPARSE and len(parts) >= 6 and len(shape) == 2:
            return key, self.sparse(parts[3:6], (shape[0], shape[1]))
        if kind not in _NUMERIC or len(parts) < 4:
            return key, Foreign(_KINDS.get(kind, f"of class {kind}"))
        values = self.numbers(parts[3])
        if values.size != math.prod(shape):
            raise self.damaged(f"{values.size} numbers for an array of shape {shape}")
        return key, values.reshape(shape, order="F")

    def numbers(self, element: _Element) -> npt.NDArray[Any]:
        code = _TYPES.get(element.kind)
        if code is None:
            raise self.damaged(f"numbers of the unknown type {element.kind}")
        dtype = np.dtype(f"{self.order}{code}")
        if len(element.body) % dtype.itemsize:
            raise self.damaged("numbers that end in the middle of one")
        return np.frombuffer(element.body, dtype).astype(np.dtype(code), copy=False)

    def sparse(self, parts: list[_Element], shape: tuple[int, int]) -> Any:
        """The matrix of row indices, starts of columns, and values, all checked."""
        from scipy import sparse

        rows, starts, values = (self.numbers(part) for part in parts)
        if starts.size != shape[1] + 1 or "f" in rows.dtype.kind + starts.dtype.kind:
            raise self.damaged("a sparse matrix without a start for each column")
        count = int(starts[-1])
        if starts[0] != 0 or (np.diff(starts.astype(np.int64)) < 0).any():
            raise self.damaged("columns of a sparse matrix that do not follow each other")
        if not count <= min(rows.size, values.size):
            raise self.damaged("a sparse matrix with fewer entries than its columns say")
        rows = rows[:count].astype(np.int64)
        if count and not 0 <= rows.min() <= rows.max() < shape[0]:
            raise self.damaged("a row of a sparse matrix that is outside of it")
        return sparse.csc_array((values[:count], rows, starts.astype(np.int64)), shape=shape)
