"""What stands before ``--gamma``: a lattice by its name, or a problem file."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import click

from pbit.by_value import ByValue
from pbit.checks import ArgumentError
from pbit.cli.command import told_options
from pbit.cli.reading import energy_of, read_contents

if TYPE_CHECKING:
    from pbit.models.polynomial import AnyModel

_LATTICE = re.compile(r"[A-Za-z]{2,}:")  # one letter is a drive
_OF_FILES = ("problem", "format", "ising_sign")


@dataclass(frozen=True, eq=False)
class Source(ByValue):
    """The diagonal part of a quantum model, and where it comes from.

    Parameters
    ----------
    name : str
        As it was written.
    format : str
        "lattice", or that of the file.
    notes : tuple of str
    model : IsingModel or PolynomialModel
    """

    name: str
    format: str
    notes: tuple[str, ...]
    model: AnyModel

    @property
    def num_terms(self) -> int:
        """Couplings, or terms of any number of spins."""
        from pbit.models.ising import IsingModel

        model = self.model
        return model.num_couplings if isinstance(model, IsingModel) else model.weights.size


def source_of(where: str, options: dict[str, Any]) -> Source:
    """The lattice (usage error if there is none of this name), or what is in the file."""
    if not _LATTICE.match(where):
        return _of_file(where, options)
    others = [name for name in told_options(options, changed=True) if name in _OF_FILES]
    if others:
        option = others[0].replace("_", "-")
        raise click.UsageError(f"--{option} is of files, and {where:.60} is a lattice")
    from pbit.problems.transverse_ising import lattice

    coupling = 1.0 if options["coupling"] is None else options["coupling"]
    try:
        return Source(where, "lattice", (), lattice(where, coupling))
    except ArgumentError as error:
        file = f"; a file of this name is ./{where:.60}" if error.argument == "lattice" else ""
        raise click.UsageError(f"{error}{file}") from error


def _of_file(file: str, options: dict[str, Any]) -> Source:
    if options["coupling"] is not None:
        raise click.UsageError("--coupling is of lattices; a file has couplings of its own")
    contents = read_contents(file, options["format_"])
    problem = energy_of(contents, options["problem"], options["ising_sign"])
    return Source(contents.name, contents.format, tuple(contents.notes), problem.model)
