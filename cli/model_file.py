"""A model written as a problem file, for ``pbit solve`` and the other commands."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from pbit.cli.output import check_writable, write_whole

if TYPE_CHECKING:
    from pbit.polynomial import AnyModel

_FORMATS = {".json": "hubo-json", ".coo": "coo"}


def check_model_file(option: str, path: Path | None) -> None:
    """Refuse a path that cannot be written or says no format (usage error)."""
    if path is not None and path.suffix not in _FORMATS:
        raise click.UsageError(f"{option} {path}: the name must end in {' or '.join(_FORMATS)}")
    check_writable(option, path)


def write_model(option: str, path: Path, model: AnyModel) -> None:
    """Write the model, whole or not at all; products of many spins in a .coo are a usage error."""
    from pbit import formats
    from pbit.formats.models import contents_of

    form = _FORMATS[path.suffix]
    try:
        contents = contents_of(model, plain=form == "coo")
    except ValueError as error:
        raise click.UsageError(f"{option} {path}: {error}") from error
    write_whole(path, lambda temporary: formats.write(contents, temporary, form))
