"""A model written as a problem file, for ``pbit solve`` and the other commands."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from pbit.cli.output import write_contents

if TYPE_CHECKING:
    from pbit.models.polynomial import AnyModel

_FORMATS = {".json": "hubo-json", ".coo": "coo"}


def check_model_suffix(option: str, path: Path) -> None:
    """Refuse a name that says no format (usage error)."""
    if path.suffix not in _FORMATS:
        raise click.UsageError(f"{option} {path}: the name must end in {' or '.join(_FORMATS)}")


def check_fits(option: str, path: Path | None, model: AnyModel) -> None:
    """Refuse a model without spins, and products of many spins in a file of pairs (usage error)."""
    from pbit.models.ising import IsingModel

    if path is not None and not model.num_spins:
        raise click.UsageError(
            f"{option} {path}: the model has no p-bit left, and files hold at least one; leave "
            f"{option} out, or free some variables"
        )
    if path is not None and path.suffix == ".coo" and not isinstance(model, IsingModel):
        raise click.UsageError(
            f"{option} {path}: .coo holds pairs of spins, and this model has longer products; "
            "name a .json file"
        )


def write_model(path: Path, model: AnyModel) -> None:
    """Write a model that fits, whole or not at all."""
    from pbit.formats.models import contents_of

    form = _FORMATS[path.suffix]
    contents = contents_of(model, plain=form == "coo")
    write_contents(path, contents, form)
