"""numba's njit with a disk cache of our own: right after any edit, and in read-only installs."""

from __future__ import annotations

import hashlib
import os
import stat
import tempfile
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

from numba import config, njit

_HERE = Path(__file__).parent
_INSIDE = {"no_cpython_wrapper": True, "no_cfunc_wrapper": True}


def kernel(function: Callable[..., Any]) -> Any:
    """Compile on first call, without the GIL, cached on disk where any folder allows it."""
    return _cached(function)


def bare_kernel(function: Callable[..., Any]) -> Any:
    """A kernel that is :func:`bare`, and so what it calls, unless that is :func:`counting`."""
    return _cached(function, _nrt=False)


def _cached(function: Callable[..., Any], **options: Any) -> Any:
    folder = cache_folder()
    if folder is None:
        return njit(nogil=True, **options)(function)
    previous = config.CACHE_DIR
    config.CACHE_DIR = str(folder)  # read by numba while it decorates, and only then
    try:
        return njit(cache=True, nogil=True, **options)(function)
    finally:
        config.CACHE_DIR = previous


@cache
def cache_folder() -> Path | None:
    """Folder of the compiled kernels; None where no folder can be written.

    Its name holds a digest of every kernel source: numba itself does not notice an edit of a
    function that is called from another file.
    """
    return next((folder / _sources_digest() for folder in _candidates() if _usable(folder)), None)


def _candidates() -> Iterator[Path]:
    if "NUMBA_CACHE_DIR" in os.environ:
        yield Path(os.environ["NUMBA_CACHE_DIR"]) / "pbit"
    yield _HERE / "__pycache__"
    home = os.path.expanduser("~")
    if os.path.isdir(home):
        yield Path(os.environ.get("XDG_CACHE_HOME") or Path(home) / ".cache") / "pbit"
    owner = os.getuid() if hasattr(os, "getuid") else "user"
    yield Path(tempfile.gettempdir()) / f"pbit-kernels-{owner}"


def _usable(folder: Path) -> bool:
    """Whether we can write there and no other user can: cached code is executed."""
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        status = folder.stat()
        with tempfile.TemporaryFile(dir=folder) as file:
            file.write(b"full disks refuse this")
    except OSError:
        return False
    if os.name != "posix":
        return True
    return status.st_uid == os.getuid() and not status.st_mode & (stat.S_IWGRP | stat.S_IWOTH)


def _sources_digest() -> str:
    digest = hashlib.sha256()
    for path in sorted(_HERE.rglob("*.py")):
        digest.update(path.read_bytes())
    return f"kernels-{digest.hexdigest()[:12]}"


def bare(function: Callable[..., Any]) -> Any:
    """Compile without reference counting: for inner loops that are handed many arrays in tuples.

    Counting them costs more than the work itself. Such code must not allocate; arrays belong to
    the caller.
    """
    return njit(_nrt=False)(function)


def inner(function: Callable[..., Any]) -> Any:
    """The same for compiled callers alone, without the code through which Python would come in."""
    return njit(_nrt=False, **_INSIDE)(function)


def merged(function: Callable[..., Any]) -> Any:
    """:func:`inner`, put into its callers in place of being called: a call with many arrays in
    tuples takes as long as what a short function does."""
    return njit(_nrt=False, forceinline=True, **_INSIDE)(function)


def counting(function: Callable[..., Any]) -> Any:
    """For compiled callers alone, counting references even if they do not: it may allocate."""
    return njit(_nrt=True, **_INSIDE)(function)
