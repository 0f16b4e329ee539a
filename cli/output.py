"""Files that appear whole or not at all."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable
from pathlib import Path

import click


def check_writable(option: str, path: Path | None) -> None:
    """Refuse a path that cannot be written before any work is done (usage error)."""
    if path is None:
        return
    try:
        good = not path.is_dir() and os.access(path.absolute().parent, os.W_OK)
    except OSError:  # a name too long, say
        good = False
    if not good:
        raise click.UsageError(
            f"{option} {path}: cannot be written; name a file in a folder that you can write to"
        )


def write_whole(path: Path, write: Callable[[Path], None]) -> None:
    """Let ``write`` fill a temporary file next to ``path``, then rename it."""
    handle, name = tempfile.mkstemp(
        dir=path.absolute().parent, prefix=".pbit-", suffix=path.suffix
    )
    os.close(handle)
    temporary = Path(name)
    try:
        write(temporary)
        umask = os.umask(0)
        os.umask(umask)
        temporary.chmod(0o666 & ~umask)
        os.replace(temporary, path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise


def write_text(path: Path, text: str) -> None:
    """Write a text file, whole or not at all; exit status 1 says why it could not be."""
    try:
        write_whole(path, lambda temporary: _write_synced(temporary, text))
    except OSError as error:
        raise click.ClickException(f"{path}: {error.strerror or error}") from error


def _write_synced(path: Path, text: str) -> None:
    with path.open("w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
