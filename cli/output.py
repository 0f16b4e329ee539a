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
    if str(path) == "-":
        raise click.UsageError(f"{option} -: name a file; the option --json prints the result")
    try:
        folder = _target(path).parent
        good = not path.is_dir() and folder.is_dir()
        good = good and (_is_special(path) or os.access(folder, os.W_OK))
        good = good and (not path.exists() or os.access(path, os.W_OK))
    except OSError:  # a name too long, say
        good = False
    if not good:
        raise click.UsageError(
            f"{option} {path}: cannot be written; name a file in a folder that you can write to"
        )


def check_distinct(paths: dict[str, Path]) -> None:
    """Refuse to write one file over another (usage error); the keys say what each one is."""
    owners: dict[Path, str] = {}
    for what, path in paths.items():
        owner = owners.setdefault(_target(path), what)
        if owner != what and not _is_special(path):
            raise click.UsageError(f"{owner} and {what} name the same file, {path}")


def _target(path: Path) -> Path:
    """The file that a link leads to; never raises, unlike Path.resolve."""
    return Path(os.path.realpath(path))


def _is_special(path: Path) -> bool:
    """Whether this is a pipe or a device, to be written to and never replaced."""
    return path.exists() and not path.is_file()


def write_whole(path: Path, write: Callable[[Path], None]) -> None:
    """Let ``write`` fill a file that then takes the place of ``path``; exit status 1 if it fails.

    A link stays and its target is replaced; what is no plain file (a pipe, ``/dev/null``) is
    written to as it is.
    """
    try:
        if _is_special(path):
            write(path)
        else:
            _replace(_target(path), write)
    except OSError as error:
        raise click.ClickException(f"{path}: {error.strerror or error}") from error


def _replace(path: Path, write: Callable[[Path], None]) -> None:
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=".pbit-", suffix=path.suffix)
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


def deliver(text: str, *files: tuple[Path | None, Callable[[Path], None]]) -> None:
    """Write those files that were asked for and print the text, whatever becomes of the files."""
    try:
        for path, write in files:
            if path is not None:
                write(path)
    finally:
        click.echo(text)


def write_text(path: Path, text: str) -> None:
    """Write a text file, whole or not at all; exit status 1 says why it could not be."""
    write_whole(path, lambda temporary: _write_synced(temporary, text))


def _write_synced(path: Path, text: str) -> None:
    with path.open("w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        if not _is_special(path):
            os.fsync(file.fileno())
