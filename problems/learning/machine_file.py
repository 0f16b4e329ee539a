"""Files of machines: arrays and settings of one kind, as safetensors, never pickled."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from pbit.by_value import ByValue
from pbit.checks import ArgumentError
from pbit.problems.learning.tensor_file import (
    Arrays,
    checked_json,
    read_tensors,
    write_tensors,
)

FORMAT = "pbit-machine"


@dataclass(frozen=True, eq=False)
class MachineFile(ByValue):
    """What a file says of a machine.

    Parameters
    ----------
    kind : str
        Which machine it is.
    version : int
        Of the layout of the file.
    arrays : dict of str to array
    settings : dict of str to anything that JSON has
    """

    kind: str
    version: int
    arrays: Arrays
    settings: dict[str, Any]


def write_machine(
    path: str | os.PathLike[str],
    kind: str,
    *,
    arrays: Mapping[str, npt.ArrayLike],
    settings: Mapping[str, Any],
) -> None:
    """Write a machine: all or nothing, every number exact.

    Parameters
    ----------
    path : path
        A file that is there is replaced when the new one has reached the disk.
    kind : str
        Which machine it is.
    arrays : mapping of str to array
        Numbers or truth values of at most 8 bytes.
    settings : mapping of str to anything that JSON gives back
        No tuples, no arrays, no NaN.

    Raises
    ------
    TypeError, ValueError
        An empty kind, something that the file has no place for.
    OSError
        The folder is missing or cannot be written to.
    ImportError
        Safetensors is missing.

    Examples
    --------
    >>> import os, tempfile
    >>> path = os.path.join(tempfile.mkdtemp(), "pair.safetensors")
    >>> write_machine(path, "pair", arrays={"J": np.eye(2)}, settings={"beta": 0.1})
    >>> found = read_machine(path)
    >>> found.kind, found.settings, found.arrays["J"].tolist()
    ('pair', {'beta': 0.1}, [[1.0, 0.0], [0.0, 1.0]])
    """
    if not isinstance(kind, str) or not kind:
        raise ArgumentError("kind", "must be the name of a kind of machines", repr(kind))
    header = {"kind": kind, "settings": checked_json(settings, "settings")}
    write_tensors(path, header, arrays, format=FORMAT)


def read_machine(path: str | os.PathLike[str], kind: str | None = None) -> MachineFile:
    """What a file says of a machine.

    Parameters
    ----------
    path : path
    kind : str, optional
        Which machine it must be.

    Raises
    ------
    FormatError
        Truncated or damaged, not ours, of another version or another kind.
    OSError
        The file cannot be opened.
    MemoryError
        It does not fit into memory.
    ImportError
        Safetensors is missing.
    """
    file = read_tensors(path, format=FORMAT)
    if kind is not None:
        file.expect("kind", kind)
    settings = file.settings("settings")
    return MachineFile(file.text("kind"), file.header["version"], file.arrays, settings)


def checked_array(
    arrays: Mapping[str, npt.NDArray[Any]],
    name: str,
    *,
    dtype: npt.DTypeLike,
    shape: tuple[int | None, ...],
) -> npt.NDArray[Any]:
    """An array of a machine, if it is what its kind needs.

    Parameters
    ----------
    arrays : mapping of str to array
    name : str
    dtype : dtype
    shape : tuple of int or None
        None: any length.

    Raises
    ------
    ValueError
        Missing, of another dtype or shape, NaN or infinity.

    Examples
    --------
    >>> checked_array({"h": np.zeros(3)}, "h", dtype=np.float64, shape=(None,)).size
    3
    """
    if name not in arrays:
        raise ArgumentError(
            "arrays", f"must have {name!r}", got=", ".join(map(repr, arrays)) or "none"
        )
    array = arrays[name]
    fits = array.ndim == len(shape) and all(
        wanted is None or length == wanted
        for length, wanted in zip(array.shape, shape, strict=True)
    )
    if array.dtype != np.dtype(dtype) or not fits:
        lengths = tuple("any" if length is None else length for length in shape)
        raise ArgumentError(
            f"arrays[{name!r}]",
            f"must be {np.dtype(dtype)} of shape ({', '.join(map(str, lengths))})",
            got=f"{array.dtype} of shape {array.shape}",
        )
    if array.dtype.kind == "f" and not np.isfinite(array).all():
        raise ArgumentError(f"arrays[{name!r}]", "must be finite", got="NaN or infinity")
    return array
