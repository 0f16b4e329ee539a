"""Data sets as idx files, those of MNIST: a header of sizes, then one array of big-endian numbers.

Four bytes: 0, 0, the type of the numbers, how many axes; then the length of each axis, four bytes
each (LeCun, Cortes, Burges, "The MNIST database of handwritten digits", 1998).
"""

from __future__ import annotations

import math
import struct

import numpy as np

from pbit.formats.errors import FormatError
from pbit.formats.format import Sign, Stage
from pbit.formats.sample import Sample
from pbit.problems.learning.data_formats.registry import Asked, DataFormat, Found
from pbit.problems.learning.raw_data import RawData

_TYPES = {0x08: "u1", 0x09: "i1", 0x0B: ">i2", 0x0C: ">i4", 0x0D: ">f4", 0x0E: ">f8"}
_MAX_AXES = 4


def read_idx(found: Found, asked: Asked) -> RawData:
    """The array of an idx file.

    Raises
    ------
    FormatError
        An unknown type of numbers, another number of bytes than the sizes need.

    Examples
    --------
    >>> two_images = bytes([0, 0, 8, 3, 0, 0, 0, 2, 0, 0, 0, 1, 0, 0, 0, 2, 0, 255, 255, 0])
    >>> read_idx(Found(two_images, "a.idx"), Asked(None, None, 100)).values.tolist()
    [[[0, 255]], [[255, 0]]]
    """
    data, name = found
    code, axes = data[2], data[3]
    if code not in _TYPES or not 1 <= axes <= _MAX_AXES:
        raise FormatError(
            name,
            None,
            f"an idx file of type {code:#04x} and {axes} axes, expected a type of "
            f"{', '.join(f'{known:#04x}' for known in _TYPES)} and 1 to {_MAX_AXES} axes; it is "
            "damaged",
        )
    start = 4 + 4 * axes
    if len(data) < start:
        raise FormatError(name, None, f"ends in the header of an idx file of {axes} axes; {_AGAIN}")
    shape = struct.unpack(f">{axes}I", data[4:start])
    dtype = np.dtype(_TYPES[code])
    needed = math.prod(shape) * dtype.itemsize
    if len(data) - start != needed:
        raise FormatError(
            name,
            None,
            f"shape {shape} needs {needed} bytes, the file has {len(data) - start}; {_AGAIN}",
        )
    values = np.frombuffer(data, dtype, offset=start).reshape(shape)
    return RawData(values=values.astype(dtype.newbyteorder("="), copy=False), name=name)


_AGAIN = "it is truncated or its header wrong, download it again"


def _is_idx(sample: Sample) -> bool:
    data = sample.data
    return len(data) >= 4 and data[:2] == b"\0\0" and data[2] in _TYPES and 1 <= data[3] <= 9


FORMAT = DataFormat(
    name="idx",
    what="images and labels as MNIST has them, plain or gzip",
    read=read_idx,
    signs=(Sign(Stage.BYTES, 1, _is_idx),),
    rank=2,
)
