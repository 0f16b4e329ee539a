"""A digest of arrays: whether two runs learn from the same, whether a file is as it was written."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping

import numpy as np
import numpy.typing as npt

from pbit.checks import ArgumentError


def digest_of(data: Mapping[str, npt.ArrayLike | None], argument: str) -> str:
    """SHA-256 of arrays: of their names, types, shapes and numbers.

    Raises
    ------
    ValueError
        Something that is no array of numbers or truth values.

    Examples
    --------
    >>> digest_of({"x": np.zeros(2)}, "data") == digest_of({"x": np.zeros((2, 1))}, "data")
    False
    """
    digest = hashlib.sha256()
    for name in sorted(data):
        if data[name] is None:
            digest.update(f"{name}: none\n".encode())
            continue
        array = np.asarray(data[name])
        array = array.astype(array.dtype.newbyteorder("<"), copy=False)
        if array.dtype.kind not in "biuf":
            raise ArgumentError(
                f"{argument}[{name!r}]",
                "must be an array of numbers or truth values",
                got=f"dtype {array.dtype}",
                remedy="number the words",
            )
        digest.update(f"{name}: {array.dtype.str} {array.shape}\n".encode())
        digest.update(np.ascontiguousarray(array).reshape(-1).view(np.uint8).data)
    return digest.hexdigest()
