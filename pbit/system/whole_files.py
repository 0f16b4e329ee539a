"""Files that appear whole or not at all, also where the process is killed or the power fails."""

from __future__ import annotations

import errno
import os
import re
import secrets
import stat
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

if sys.platform != "win32":
    import fcntl

_TEMPORARY = re.compile(r"\.pbit-[0-9a-f]{16}\.tmp(\.\w+)?")
_EXTRA = getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_BINARY", 0)
_LIVE: set[Path] = set()


@contextmanager
def replacing(path: str | os.PathLike[str]) -> Iterator[Path]:
    """Name of an empty file that takes the place of ``path`` when the block ends well.

    A link stays and what it leads to is replaced; a file that was there before hands on its mode
    and, where that is allowed, its owner. Data and folder have reached the disk at the end.

    Raises
    ------
    OSError
        A link that leads to itself; no such folder, or it cannot be written to.

    Examples
    --------
    >>> import tempfile
    >>> path = Path(tempfile.mkdtemp(), "answer.txt")
    >>> with replacing(path) as temporary:
    ...     _ = temporary.write_text("42")
    >>> path.read_text()
    '42'
    """
    target = target_of(path)
    remove_left(target.parent)
    before = target.stat() if target.exists() else None
    name, handle = make_temporary(
        target.suffix, folder=target.parent, is_private=before is not None
    )
    temporary = target.parent / name
    _LIVE.add(temporary)
    try:
        yield temporary
        if before is not None:
            _keep_access(handle, before)
        os.fsync(handle)
        if os.name == "nt":  # where open files cannot be renamed
            os.close(handle)
            handle = -1
        os.replace(temporary, target)
        sync_folder(target.parent)
    finally:
        temporary.unlink(missing_ok=True)
        _LIVE.discard(temporary)
        if handle >= 0:
            os.close(handle)


def target_of(path: str | os.PathLike[str]) -> Path:
    """The file that a link leads to, there or not.

    Raises
    ------
    OSError
        The link leads to itself.
    """
    target = Path(os.path.realpath(path))
    if target.is_symlink():
        raise OSError(errno.ELOOP, "a link that leads to itself; name a file", str(path))
    return target


def make_temporary(
    suffix: str = "", *, folder: Path | None = None, is_private: bool, within: int | None = None
) -> tuple[str, int]:
    """Name and handle of a new file, locked as long as the handle is open.

    It lies in ``folder``, or in the open folder ``within``.
    """
    while True:
        name = f".pbit-{secrets.token_hex(8)}.tmp{suffix if suffix[1:].isalnum() else ''}"
        path = name if folder is None else str(folder / name)
        flags = os.O_RDWR | os.O_CREAT | os.O_EXCL | _EXTRA
        handle = os.open(path, flags, 0o600 if is_private else 0o666, dir_fd=within)
        if sys.platform == "win32":
            return name, handle
        if is_private:
            os.fchmod(handle, 0o600)  # whatever the umask
        if _is_locked(handle) and _is_still_there(path, handle, within):
            return name, handle
        os.close(handle)


def _is_locked(handle: int) -> bool:
    """Lock the file, unless somebody who takes it for a remnant was quicker and deletes it."""
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    except OSError:  # a file system without locks: nobody else gets one either
        return True
    return True


def _is_still_there(path: str, handle: int, within: int | None) -> bool:
    """Whether nobody took the file for a remnant before it was locked."""
    with suppress(FileNotFoundError):
        return os.stat(path, dir_fd=within).st_ino == os.fstat(handle).st_ino
    return False


def _keep_access(handle: int, before: os.stat_result) -> None:
    if sys.platform != "win32":
        with suppress(OSError):  # of another user, or where there are no owners
            os.fchown(handle, before.st_uid, before.st_gid)
        os.fchmod(handle, stat.S_IMODE(before.st_mode) & 0o777)


def sync_folder(folder: Path) -> None:
    """Have the names in a folder reach the disk, where a system can do that."""
    if sys.platform == "win32":
        return
    with suppress(OSError):
        handle = os.open(folder, os.O_RDONLY | _EXTRA)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def remove_left(folder: Path) -> None:
    """Delete what killed processes left: ours by name and owner, and held by no living process."""
    if sys.platform == "win32":
        return
    with suppress(OSError), os.scandir(folder) as entries:
        for entry in entries:
            if _TEMPORARY.fullmatch(entry.name):
                with suppress(OSError):
                    _remove_unlocked(entry.path)


def _remove_unlocked(path: str) -> None:
    handle = os.open(path, os.O_RDWR | os.O_NONBLOCK | _EXTRA)
    try:
        status = os.fstat(handle)
        if stat.S_ISREG(status.st_mode) and status.st_uid == os.geteuid():
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            os.unlink(path)
    finally:
        os.close(handle)


def remove_own() -> None:
    """Delete the temporaries of this process, which is about to end."""
    for path in tuple(_LIVE):
        with suppress(OSError):
            path.unlink()
