"""Arrays with a header in a file of safetensors: what files of machines and checkpoints share."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from pbit.by_value import ByValue
from pbit.checks import ArgumentError
from pbit.formats.errors import FormatError, shown
from pbit.machine import check_memory
from pbit.problems.learning.digest import digest_of
from pbit.system.extras import imported
from pbit.system.whole_files import replacing
from pbit.versions import versions

VERSION = 1
Arrays = dict[str, npt.NDArray[Any]]
_KINDS = "biuf"
_NEEDED_BY = "files of machines need"


@dataclass(frozen=True, eq=False)
class TensorFile(ByValue):
    """What a file holds: the header by key, and the arrays."""

    path: str
    header: dict[str, Any]
    arrays: Arrays

    def text(self, key: str) -> str:
        """An entry of the header that is a text.

        Raises
        ------
        FormatError
            It is none.
        """
        return str(self._entry(key, str, "a text"))

    def settings(self, key: str) -> dict[str, Any]:
        """An entry of the header that is a JSON object.

        Raises
        ------
        FormatError
            It is none.
        """
        return dict(self._entry(key, dict, "a JSON object"))

    def expect(self, key: str, value: str) -> None:
        """Check an entry of the header.

        Raises
        ------
        FormatError
            It says something else.
        """
        found = self.text(key)
        if found != value:
            raise FormatError(
                self.path,
                None,
                f"is of {key} {shown(found)}, expected {value!r}; name the right file",
            )

    def _entry(self, key: str, kind: type[Any], what: str) -> Any:
        found = self.header.get(key)
        if not isinstance(found, kind):
            raise FormatError(
                self.path,
                None,
                f"{key} {shown(repr(found))[1:-1]} in the header, expected {what}; it is damaged",
            )
        return found


def check_files_can_be() -> None:
    """Tell what is missing for files before the work that they are to hold.

    Raises
    ------
    ImportError
        Safetensors is missing.
    """
    imported("safetensors.numpy", what=_NEEDED_BY, package="safetensors")


def write_tensors(
    path: str | os.PathLike[str],
    header: Mapping[str, Any],
    arrays: Mapping[str, npt.ArrayLike],
    *,
    format: str,
) -> None:
    """Write arrays and a header, all or nothing: also where the process is killed.

    The header is one entry of the metadata, JSON under the name of the format: several would come
    in an order that changes from process to process. The version of the layout, that of pbit and a
    digest of all that the file holds are added to it.

    Raises
    ------
    TypeError, ValueError
        A name that is no text, something that is no array of numbers or truth values.
    OSError
        The folder is missing or cannot be written to.
    ImportError
        Safetensors is missing.
    """
    numpy_files = imported("safetensors.numpy", what=_NEEDED_BY, package="safetensors")
    plain = {name: _plain(name, array) for name, array in arrays.items()}
    whole = {**header, "version": VERSION, "pbit": versions()["pbit"]}
    text = _text({**whole, "digest": _seal(whole, plain)})
    # save_file makes another file of it, in the place of the one that is synced and has a mode.
    content = numpy_files.save(plain, metadata={format: text})
    with replacing(path) as temporary:
        temporary.write_bytes(content)


def read_tensors(path: str | os.PathLike[str], *, format: str) -> TensorFile:
    """The arrays and the header of a file of this format.

    Raises
    ------
    FormatError
        Truncated or damaged, its numbers too, not of this format, of another version.
    OSError
        The file cannot be opened.
    MemoryError
        It does not fit into memory.
    ImportError
        Safetensors is missing.
    """
    safetensors = imported("safetensors", what=_NEEDED_BY, package="safetensors")
    name = os.fspath(path)
    with open(name, "rb") as stream:  # what cannot be opened is told by the system
        size = os.fstat(stream.fileno()).st_size
    check_memory(size, what=f"the arrays in {name}", lower="the size of the machine")
    try:
        with safetensors.safe_open(name, framework="numpy") as file:
            header = _header(file.metadata() or {}, name, format)
            arrays = {key: file.get_tensor(key) for key in file.keys()}
    except (safetensors.SafetensorError, TypeError, KeyError, UnicodeError) as error:
        raise FormatError(
            name,
            None,
            f"no valid file of safetensors ({str(error)[:80]}), expected one of {format}; it is "
            "truncated or something else",
        ) from error
    if header.pop("digest", None) != _seal(header, arrays):
        raise FormatError(
            name, None, "what it holds is not what was written: it is damaged; write it again"
        )
    return TensorFile(name, header, arrays)


def checked_json(settings: Mapping[str, Any], argument: str) -> dict[str, Any]:
    """Settings, if JSON gives them back.

    Raises
    ------
    ValueError
        Something that JSON has no place for: NaN, tuples, arrays.

    Examples
    --------
    >>> checked_json({"rates": [0.1]}, "settings")
    {'rates': [0.1]}
    """
    for key, value in settings.items():
        try:
            same = json.loads(json.dumps({key: value}, allow_nan=False)) == {key: value}
        except (TypeError, ValueError, RecursionError):
            same = False
        if not same:
            raise ArgumentError(
                argument,
                "must hold what JSON gives back: texts, numbers, truth values, None, lists, dicts",
                got=f"{key!r}: {shown(repr(value))[1:-1]}",
                remedy="put arrays, NaN and infinity among the arrays, make tuples lists",
            )
    return dict(settings)


def _plain(name: str, array: npt.ArrayLike) -> npt.NDArray[Any]:
    """The array as a file has it: contiguous, in the order of bytes of this machine."""
    if not isinstance(name, str):
        raise TypeError(f"names of arrays must be str, got {name!r}")
    found = np.asarray(array)
    if found.dtype.kind not in _KINDS or found.dtype.itemsize > 8:
        raise ArgumentError(
            f"arrays[{name!r}]",
            "must be an array of numbers or truth values",
            got=f"dtype {found.dtype}",
            remedy="put words among the settings",
        )
    return np.array(found, dtype=found.dtype.newbyteorder("="), order="C")


def _text(header: Mapping[str, Any]) -> str:
    return json.dumps(header, sort_keys=True, allow_nan=False)


def _seal(header: Mapping[str, Any], arrays: Arrays) -> str:
    """A digest of all that a file holds."""
    text = _text(header) + digest_of(arrays, "arrays")
    return hashlib.sha256(text.encode()).hexdigest()


def _header(metadata: Mapping[str, str], name: str, format: str) -> dict[str, Any]:
    if format not in metadata:
        others = ", ".join(map(shown, metadata)) or "nothing"
        raise FormatError(
            name,
            None,
            f"a file of safetensors whose header has {others}, expected {format!r}; name a file "
            "that this program wrote",
        )
    try:
        header = json.loads(metadata[format])
        version = header["version"]
    except (ValueError, TypeError, KeyError, RecursionError) as error:
        raise FormatError(
            name,
            None,
            f"header {shown(metadata[format])}, expected a JSON object with a version; it is "
            "damaged",
        ) from error
    if version != VERSION:
        raise FormatError(
            name,
            None,
            f"is of version {shown(repr(version))[1:-1]}, expected {VERSION}; read it with the "
            f"pbit that wrote it ({header.get('pbit', 'unknown')}), or write it again",
        )
    return dict(header)
