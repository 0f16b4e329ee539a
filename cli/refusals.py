"""Errors that end a command with an exit status of their own."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click


class InputRefused(click.ClickException):
    """A file that cannot be used; exit status 4."""

    exit_code = 4


class TooLarge(click.ClickException):
    """More than this machine or the method can take; exit status 5."""

    exit_code = 5


@contextmanager
def extras() -> Iterator[None]:
    """Tell which extra has to be installed (usage error)."""
    try:
        yield
    except ImportError as error:
        raise click.UsageError(str(error)) from error


@contextmanager
def refused(path: Path | str | None) -> Iterator[None]:
    """Refuse a file that cannot be read, or whose reader finds a fault in it (exit status 4)."""
    from pbit.formats.errors import FormatError

    try:
        yield
    except FormatError as error:
        raise InputRefused(str(error)) from error
    except OSError as error:
        raise InputRefused(f"{path}: {error.strerror or error}") from error
