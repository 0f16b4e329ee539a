"""A folder where no other user can put, swap or redirect anything: code in it is executed."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from pbit.system.whole_files import make_temporary, remove_left

_POSIX = os.name == "posix"
_FOLDER = getattr(os, "O_DIRECTORY", 0) | getattr(os, "O_NOFOLLOW", 0) | os.O_RDONLY
_FILE = getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0) | os.O_RDONLY
_NONBLOCK = getattr(os, "O_NONBLOCK", 0)  # a pipe by that name would be waited for
_OTHERS_WRITE = stat.S_IWGRP | stat.S_IWOTH
_OWN_PARTS = 2  # the last names of the path are ours alone


class UnsafeError(OSError):
    """What another user could have written, or could turn elsewhere."""


class SafeFolder:
    """An open folder; names in it are looked up in what was checked, wherever its path leads now.

    Made by :func:`opened`.
    """

    def __init__(self, path: Path, handle: int | None) -> None:
        self.path = path
        self._handle = handle

    def read(self, name: str) -> bytes:
        """Contents of a file of ours.

        Raises
        ------
        OSError
            No such file, or another user could have written it.
        """
        opened_file = os.open(self._at(name), _FILE | _NONBLOCK, dir_fd=self._handle)
        with open(opened_file, "rb") as file:
            _check_file(os.fstat(opened_file), name)
            return file.read()

    def write(self, name: str, data: bytes) -> None:
        """Put a file in place, whole or not at all; readable by us alone.

        Not synced: a file that a power cut has emptied is noticed by its digest.
        """
        folder = None if _POSIX else self.path
        temporary, handle = make_temporary(folder=folder, is_private=True, within=self._handle)
        try:
            with open(handle, "wb", closefd=not _POSIX) as file:
                file.write(data)
            self._rename(temporary, name)
        finally:
            with suppress(OSError):
                os.unlink(self._at(temporary), dir_fd=self._handle)
            if _POSIX:
                os.close(handle)

    def remove_left(self) -> None:
        """Delete what killed processes left of their writing."""
        remove_left(self.path)

    def _rename(self, old: str, new: str) -> None:
        if self._handle is None:
            os.replace(self._at(old), self._at(new))
        else:
            os.rename(old, new, src_dir_fd=self._handle, dst_dir_fd=self._handle)

    def _at(self, name: str) -> str:
        return name if self._handle is not None else str(self.path / name)


@contextmanager
def opened(path: Path) -> Iterator[SafeFolder]:
    """The folder, made where it is missing, with every folder above it checked on the way.

    Each is opened inside the one before and no link is followed, so that nothing can be turned
    elsewhere in between. Links above the last two names are resolved first: they are the user's.
    Whoever owns a folder above ours is root or us, and others can write there only if it is sticky
    and what follows is ours.

    Raises
    ------
    OSError
        It cannot be made, or another user has a hand in it (:class:`UnsafeError`).
    """
    if not _POSIX:
        path.mkdir(parents=True, exist_ok=True)
        yield SafeFolder(path, None)
        return
    handle = _walked(path)
    try:
        yield SafeFolder(path, handle)
    finally:
        os.close(handle)


def _walked(path: Path) -> int:
    path = Path(os.path.abspath(path))
    base, own = path.parents[_OWN_PARTS - 1], path.parts[-_OWN_PARTS:]
    _check_links(base)
    names = [*Path(os.path.realpath(base)).parts[1:], *own]
    here, handle = Path("/"), os.open("/", _FOLDER)
    try:
        shared = _check_folder(here, os.fstat(handle), is_own=False, shared=False)
        for number, name in enumerate(names):
            here /= name
            below = _step(handle, name)
            os.close(handle)
            handle = below
            is_own = number >= len(names) - _OWN_PARTS
            shared = _check_folder(here, os.fstat(handle), is_own=is_own, shared=shared)
    except BaseException:
        os.close(handle)
        raise
    return handle


def _check_links(base: Path) -> None:
    for path in (base, *base.parents):
        if path.is_symlink() and path.lstat().st_uid not in (0, os.geteuid()):
            raise UnsafeError(f"{path} is a link of user {path.lstat().st_uid}")


def _step(handle: int, name: str) -> int:
    """The folder of this name in an open one; made for us alone, whatever the umask."""
    with suppress(FileNotFoundError):
        return _entered(handle, name)
    with suppress(FileExistsError):  # another process of ours was faster
        os.mkdir(name, 0o700, dir_fd=handle)
        os.chmod(name, 0o700, dir_fd=handle)  # whatever the umask
    return _entered(handle, name)


def _entered(handle: int, name: str) -> int:
    try:
        return os.open(name, _FOLDER, dir_fd=handle)
    except OSError as error:
        if stat.S_ISLNK(os.stat(name, dir_fd=handle, follow_symlinks=False).st_mode):
            raise UnsafeError(f"{name} in it is a link") from error
        raise


def _check_folder(path: Path, status: os.stat_result, *, is_own: bool, shared: bool) -> bool:
    """Refuse a folder that others own or can write to; whether it is shared, but sticky."""
    us, mode = os.geteuid(), stat.S_IMODE(status.st_mode)
    if status.st_uid != us and (is_own or status.st_uid != 0):
        raise UnsafeError(f"{path} belongs to user {status.st_uid}")
    if is_own and shared and mode & 0o077:
        raise UnsafeError(f"{path} has mode {mode:04o} in a shared folder, must be 0700")
    if not mode & _OTHERS_WRITE:
        return False
    if is_own or not mode & stat.S_ISVTX:
        raise UnsafeError(f"{path} has mode {mode:04o}: others can write there")
    return True


def _check_file(status: os.stat_result, name: str) -> None:
    if not stat.S_ISREG(status.st_mode):
        raise UnsafeError(f"{name} is no ordinary file")
    if _POSIX and (status.st_uid != os.geteuid() or status.st_mode & _OTHERS_WRITE):
        raise UnsafeError(f"{name} could have been written by another user")
