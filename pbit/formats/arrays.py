"""The arrays in `.npy`, `.npz` and MATLAB files: nothing is unpickled, every size is checked."""

import io
import math
from typing import Any

import numpy as np
import numpy.typing as npt

from pbit.formats import mat
from pbit.formats.archive import is_npz, zip_member, zip_names
from pbit.formats.errors import FormatError, shown

Array = npt.NDArray[Any]
NPY = b"\x93NUMPY"


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
