"""The arrays in `.npy`, `.npz` and MATLAB files: nothing is unpickled, every size is checked."""

import io
import math
import warnings
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from pbit.formats import mat
from pbit.formats.errors import FormatError, shown
from pbit.formats.inflation import PIECE, Budget
from pbit.formats.zip import Zip, is_npz

Array = npt.NDArray[Any]
NPY = b"\x93NUMPY"
_LONGEST_HEADER = 2**14  # NumPy writes and reads 10000 bytes at most
_MOST_DIMENSIONS = 32
_LARGEST = 2**62  # bytes, were no dimension 0: NumPy takes the product whatever the others are


class _Header(NamedTuple):
    """What a `.npy` file says of its array; `length` bytes of the file say it."""

    shape: tuple[int, ...]
    fortran: bool
    dtype: np.dtype[Any]
    length: int

    @property
    def needed(self) -> int:
        """Bytes of the array."""
        return math.prod(self.shape) * self.dtype.itemsize

    def shaped(self, flat: npt.NDArray[np.uint8]) -> Array:
        """The array of these bytes."""
        if not self.needed:
            return np.empty(self.shape, self.dtype)
        return flat.view(self.dtype).reshape(self.shape, order="F" if self.fortran else "C")


def holds_arrays(data: bytes) -> bool:
    """Return whether these bytes are a file of arrays.

    Examples
    --------
    >>> holds_arrays(b"3 2")
    False
    """
    return data.startswith((NPY, mat.MAGIC)) or is_npz(data)


def read_arrays(data: bytes, name: str, *, max_bytes: int) -> dict[str, Array]:
    """Return the numeric arrays of a file by name ("" for the only one of a `.npy`).

    Sparse MATLAB matrices stay sparse.

    Raises
    ------
    FormatError
        Damaged data, pickled objects, or more than `max_bytes` of arrays.
    """
    if data.startswith(NPY):
        return {"": read_npy(data, name)}
    if data.startswith(mat.MAGIC):
        return mat.read_mat(data, name, max_bytes=max_bytes)
    archive, budget = Zip(data, name), Budget(name, max_bytes, "zip")
    for index in range(len(archive.names)):
        archive.spend(index, budget)
    return {
        member.removesuffix(".npy"): _member(archive, index, f"{name}#{member}")
        for index, member in enumerate(archive.names)
    }


def read_npy(data: bytes, name: str) -> Array:
    """Return the array in the bytes of a `.npy` file, a view of them.

    Raises
    ------
    FormatError
        A damaged header, pickled objects, or another number of bytes than the shape needs.
    """
    header = _header(data[:_LONGEST_HEADER], name, len(data))
    return header.shaped(np.frombuffer(data, np.uint8)[header.length :])


def _member(archive: Zip, index: int, name: str) -> Array:
    """The array of a member of an archive, inflated to where it stays."""
    with archive.opened(index) as stream:
        piece = stream.read(_LONGEST_HEADER)
        header = _header(piece, name, archive.announced(index))
        piece = piece[header.length :]
        flat, end = np.empty(header.needed, np.uint8), 0
        while piece:
            flat[end : end + len(piece)] = np.frombuffer(piece, np.uint8)
            end += len(piece)
            piece = stream.read(PIECE)
    if end < flat.size:
        raise _wrong_size(header, name, end)
    return header.shaped(flat)


def _header(start: bytes, name: str, size: int) -> _Header:
    """The header of an array, which fills a file of so many bytes, from how the file starts."""
    stream = io.BytesIO(start)
    try:
        version = np.lib.format.read_magic(stream)
        reader = (
            np.lib.format.read_array_header_1_0
            if version == (1, 0)
            else np.lib.format.read_array_header_2_0
        )
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # Python's, of escapes in what is no header
            header = _Header(*reader(stream), stream.tell())
    except Exception as error:  # of Python's own tokeniser, too
        raise FormatError(
            name, None, f"no valid header of a NumPy array ({str(error)[:80]}); write it again"
        ) from error
    if header.dtype.hasobject:
        raise FormatError(
            name,
            None,
            "holds pickled Python objects, expected numbers; pickles can run code, so that none "
            "are read: save a plain array",
        )
    shape, each = header.shape, header.dtype.itemsize
    possible = (
        all(length >= 0 for length in shape)
        and each > 0
        and len(shape) <= _MOST_DIMENSIONS
        and math.prod(max(1, length) for length in shape) * each < _LARGEST
    )
    if not possible or header.needed != size - header.length:
        raise _wrong_size(header, name, size - header.length)
    return header


def _wrong_size(header: _Header, name: str, found: int) -> FormatError:
    return FormatError(
        name,
        None,
        f"shape {shown(str(header.shape))} needs {header.needed} bytes, the file has {found}; "
        "it is truncated or its header wrong",
    )
