"""Where compiled kernels are kept: a folder for each version of their sources."""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import stat
import tempfile
import time
from collections.abc import Iterator
from contextlib import suppress
from functools import cache
from pathlib import Path

_HERE = Path(__file__).parent
_OURS = re.compile(r"kernels-[0-9a-f]{12}")
_STAMP = "used"  # its time says when the folder was used last, to the day
_DAY_S = 86400.0
_KEPT_DAYS = 30


@cache
def cache_folder() -> Path | None:
    """Folder of the compiled kernels; None where no folder can be written.

    Its name holds a digest of every kernel source: numba itself does not notice an edit of a
    function that is called from another file. Folders of other digests that nobody has used for
    30 days are deleted when a new one is made.
    """
    parent = next((folder for folder in _candidates() if _usable(folder)), None)
    if parent is None:
        return None
    folder = parent / _sources_digest()
    with suppress(OSError):
        is_new = not folder.exists()
        folder.mkdir(mode=0o700, exist_ok=True)
        mark_used(folder)
        if is_new:
            remove_unused(parent, keep=folder)
    return folder


def mark_used(folder: Path) -> None:
    """Set the time of the folder's stamp, if it is a day old."""
    stamp = folder / _STAMP
    if not stamp.exists() or time.time() - stamp.stat().st_mtime > _DAY_S:
        stamp.touch()


def remove_unused(parent: Path, *, keep: Path) -> None:
    """Delete old versions' folders: ours by name and owner, unused for 30 days."""
    for folder in parent.iterdir():
        if folder != keep and _OURS.fullmatch(folder.name):
            with suppress(OSError):
                if _is_own_folder(folder) and _days_unused(folder) > _KEPT_DAYS:
                    shutil.rmtree(folder, ignore_errors=True)


def _is_own_folder(folder: Path) -> bool:
    status = folder.lstat()
    is_own = os.name != "posix" or status.st_uid == os.getuid()
    return stat.S_ISDIR(status.st_mode) and is_own


def _days_unused(folder: Path) -> float:
    stamp = folder / _STAMP
    return (time.time() - (stamp if stamp.exists() else folder).stat().st_mtime) / _DAY_S


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
