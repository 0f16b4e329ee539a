"""Compiled kernels on disk: a file each, believed only where it is ours, whole and in its place."""

from __future__ import annotations

import hashlib
import os
import pickle
import platform
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import llvmlite
import numba
from numba.core.caching import _Cache
from numba.core.compiler import CompileResult
from numba.core.runtime import rtsys
from numba.core.serialize import dumps

from pbit.kernels.cache import cache_folder
from pbit.kernels.safe_folder import opened

_MAGIC = b"pbit kernel 1\n"
_DIGEST = hashlib.sha256().digest_size
_VERSIONS = (numba.__version__, llvmlite.__version__, platform.python_version())


class DiskCache(_Cache):  # type: ignore[misc]
    """What numba asks for the code of one function, in place of its own files.

    Those are trusted as they lie there: a damaged one ends the process, one that somebody else
    wrote is run. Here whatever goes wrong means that the function is compiled.
    """

    def __init__(self, function: Callable[..., Any]) -> None:
        self._function = function
        self._on = True

    @property
    def cache_path(self) -> str | None:
        """The folder, for numba's statistics."""
        folder = cache_folder()
        return None if folder is None else str(folder)

    def load_overload(self, sig: Any, target_context: Any) -> Any:
        """The compiled function for these types; None if it has to be compiled.

        Code that is loaded needs numba's memory, but none of what numba compiles with: that is left
        to whoever compiles, and takes longer than all kernels of a run.
        """
        folder = cache_folder()
        if folder is None or not self._on:
            return None
        rtsys.initialize(target_context)
        try:
            key = self._key(sig, target_context.codegen())
            name = self._name(key)
            with opened(folder) as place:
                payload = unsealed(place.read(name), folder.name, name)
            found, reduced = pickle.loads(payload)  # noqa: S301  ours, and whole
            return CompileResult._rebuild(target_context, *reduced) if found == key else None
        except Exception:  # damage comes in every kind, and each has the same remedy
            return None

    def save_overload(self, sig: Any, data: Any) -> None:
        """Keep the compiled function, if that can be done."""
        folder = cache_folder()
        if folder is None or not self._on or not _can_be_kept(data):
            return
        with suppress(Exception):  # a full disk, say: the function runs all the same
            key = self._key(sig, data.codegen)
            name = self._name(key)
            content = sealed(dumps((key, data._reduce())), folder.name, name)
            with opened(folder) as place:
                place.remove_left()
                place.write(name, content)

    def enable(self) -> None:
        """Load and save from now on."""
        self._on = True

    def disable(self) -> None:
        """Neither load nor save."""
        self._on = False

    def flush(self) -> None:
        """Nothing: what is saved next takes the place of what was."""

    def _key(self, sig: Any, codegen: Any) -> tuple[Any, ...]:
        """All that the machine code depends on but the sources, which the folder stands for."""
        function = self._function
        cells = tuple(cell.cell_contents for cell in function.__closure__ or ())
        parts = (function.__code__.co_code, dumps(cells) if cells else b"")
        digests = tuple(hashlib.sha256(part).hexdigest() for part in parts)
        home = (function.__module__, function.__qualname__, function.__code__.co_firstlineno)
        return home, sig, codegen.magic_tuple(), digests, _VERSIONS

    def _name(self, key: tuple[Any, ...]) -> str:
        module = self._function.__module__.rpartition(".")[2]
        plain = f"{module}.{self._function.__name__}"
        return f"{plain}-{hashlib.sha256(repr(key).encode()).hexdigest()[:24]}.nbc"


def _can_be_kept(compiled: Any) -> bool:
    """Not with addresses of this process in it, or parts that are compiled when they are called."""
    return not (compiled.lifted or compiled.library.has_dynamic_globals)


def sealed(payload: bytes, folder: str, name: str) -> bytes:
    """The payload behind a digest of itself and of its place."""
    return _MAGIC + _digest(payload, folder, name) + payload


def unsealed(content: bytes, folder: str, name: str) -> bytes:
    """The payload.

    Raises
    ------
    ValueError
        Cut, changed, of another file or of another version.
    """
    start = len(_MAGIC) + _DIGEST
    payload = content[start:]
    if content[:start] != _MAGIC + _digest(payload, folder, name):
        raise ValueError(f"{os.path.join(folder, name)} is damaged or not in its place")
    return payload


def _digest(payload: bytes, folder: str, name: str) -> bytes:
    digest = hashlib.sha256(f"{folder}/{name}\n".encode())
    digest.update(payload)
    return digest.digest()
