"""Files that appear whole or not at all."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import click

from pbit.system.whole_files import remove_left, replacing

if TYPE_CHECKING:
    from pbit.formats import AnyContents


def check_writable(option: str, path: Path | None) -> None:
    """Refuse a path that cannot be written before any work is done (usage error).

    What killed processes left in its folder is deleted.
    """
    if path is None:
        return
    if str(path) == "-":
        raise click.UsageError(f"{option} -: name a file; the option --json prints the result")
    try:
        target = _target(path)
        folder = target.parent
        good = not path.is_dir() and folder.is_dir() and not target.is_symlink()
        good = good and (_is_special(path) or os.access(folder, os.W_OK))
        good = good and (not path.exists() or os.access(path, os.W_OK))
    except OSError:  # a name too long, say
        good = False
    if not good:
        raise click.UsageError(
            f"{option} {path}: cannot be written; name a file in a folder that you can write to"
        )
    if not _is_special(path):
        remove_left(folder)


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
            with replacing(path) as temporary:
                write(temporary)
    except OSError as error:
        raise click.ClickException(f"{path}: {error.strerror or error}") from error


def write_contents(path: Path, contents: AnyContents, form: str) -> None:
    """Write a problem file, whole or not at all; exit status 1 says why it could not be."""
    from pbit import formats

    try:
        if _is_special(path):
            with path.open("wb") as stream:
                formats.write(contents, stream, form)
        else:
            formats.write(contents, path, form)
    except OSError as error:
        raise click.ClickException(f"{path}: {error.strerror or error}") from error


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
    write_whole(path, lambda temporary: _write_text(temporary, text))


def _write_text(path: Path, text: str) -> None:
    with path.open("w", encoding="utf-8") as file:
        file.write(text)
