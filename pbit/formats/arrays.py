"""The arrays in `.npy`, `.npz` and MATLAB files: nothing is unpickled, every size is checked."""

import io
import math
import zlib
from typing import Any

import numpy as np
import numpy.typing as npt

from pbit.formats.archive import is_npz, zip_member, zip_names
from pbit.formats.errors import FormatError, shown

Array = npt.NDArray[Any]
NPY = b"\x93NUMPY"
MATLAB = b"MATLAB 5.0"
_MAT_HEADER = 128
_COMPRESSED = 15
_MAT_CLASSES = (
    "double", "single", "sparse", "logical", "int8", "int16", "int32", "int64", "uint8", "uint16",
    "uint32", "uint64",
)  # fmt: skip


def holds_arrays(data: bytes) -> bool:
    """Return whether these bytes are a file of arrays.

    Examples
    --------
    >>> holds_arrays(b"3 2")
    False
    """
    return data.startswith((NPY, MATLAB)) or is_npz(data)


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
    if data.startswith(MATLAB):
        return _read_mat(data, name, max_bytes)
    arrays: dict[str, Array] = {}
    for member in zip_names(data, name):
        inflated = zip_member(data, name, member, max_bytes=max_bytes)
        max_bytes -= len(inflated)
        arrays[member.removesuffix(".npy")] = read_npy(inflated, f"{name}#{member}")
    return arrays


def read_npy(data: bytes, name: str) -> Array:
    """Return the array in the bytes of a `.npy` file.

    Raises
    ------
    FormatError
        A damaged header, pickled objects, or another number of bytes than the shape needs.
    """
    stream = io.BytesIO(data)
    try:
        version = np.lib.format.read_magic(stream)
        reader = (
            np.lib.format.read_array_header_1_0
            if version == (1, 0)
            else np.lib.format.read_array_header_2_0
        )
        shape, fortran, dtype = reader(stream)
    except Exception as error:  # of Python's own tokeniser, too
        raise FormatError(
            name, None, f"no valid header of a NumPy array ({str(error)[:80]}); write it again"
        ) from error
    if dtype.hasobject:
        raise FormatError(
            name,
            None,
            "holds pickled Python objects, expected numbers; pickles can run code, so that none "
            "are read: save a plain array",
        )
    body = memoryview(data)[stream.tell() :]
    needed = math.prod(shape) * dtype.itemsize
    if any(length < 0 for length in shape) or needed != len(body):
        raise FormatError(
            name,
            None,
            f"shape {shown(str(shape))} needs {needed} bytes, the file has {len(body)}; "
            "it is truncated or its header wrong",
        )
    if not needed:
        return np.empty(shape, dtype)
    flat = np.frombuffer(body, dtype=dtype)
    return flat.reshape(shape, order="F" if fortran else "C")


def _read_mat(data: bytes, name: str, max_bytes: int) -> dict[str, Array]:
    from scipy import io as scipy_io

    _check_mat(data, name, max_bytes)
    try:
        kinds = {key: kind for key, _, kind in scipy_io.whosmat(io.BytesIO(data))}
        wanted = [key for key, kind in kinds.items() if kind in _MAT_CLASSES]
        found = scipy_io.loadmat(io.BytesIO(data), variable_names=wanted) if wanted else {}
    except Exception as error:  # scipy raises whatever damaged bytes lead it to
        raise FormatError(
            name, None, f"damaged MATLAB data ({str(error)[:80]}); save the file again with -v7"
        ) from error
    return {key: found[key] for key in wanted if key in found}


def _check_mat(data: bytes, name: str, max_bytes: int) -> None:
    """Inflate the elements once, in bounded memory, before scipy does it all at once."""
    order = "<" if data[126:128] == b"IM" else ">"
    position, total = _MAT_HEADER, 0
    while position + 8 <= len(data):
        kind, size = np.frombuffer(data, dtype=f"{order}u4", count=2, offset=position).tolist()
        body = memoryview(data)[position + 8 : position + 8 + size]
        if len(body) != size:
            raise FormatError(
                name,
                None,
                f"an element of {size} bytes, the file has {len(body)} (truncated); save it again",
            )
        total += _inflated_size(body, name, max_bytes - total) if kind == _COMPRESSED else size
        if total > max_bytes:
            raise FormatError(
                name,
                None,
                f"inflates to more than max_bytes = {max_bytes} bytes, the most accepted; raise it",
            )
        position += 8 + size


def _inflated_size(body: memoryview, name: str, most: int) -> int:
    stream, pending, size = zlib.decompressobj(), bytes(body), 0
    try:
        while pending and not stream.eof and size <= most:
            size += len(stream.decompress(pending, 2**22))
            pending = stream.unconsumed_tail
    except zlib.error as error:
        raise FormatError(name, None, f"damaged MATLAB data ({error}); save it again") from error
    return size
