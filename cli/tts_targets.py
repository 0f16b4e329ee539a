"""Targets of problem files from a CSV table, such as the best known objectives of a set."""

from __future__ import annotations

import csv
from pathlib import Path

import click

from pbit.cli.refusals import InputRefused, refused

_NAMES = ("instance", "name", "file")
_VALUES = (
    "target",
    "best_known",
    "best_known_cut",
    "best_known_or_optimal",
    "optimum",
    "optimal",
    "best",
    "objective",
    "energy",
)


def read_targets(path: Path, column: str | None) -> dict[str, str]:
    """Values by the name of the instance, as text; exit status 4 if the table cannot be read."""
    try:
        with refused(path), path.open(newline="", encoding="utf-8-sig") as file:
            rows = list(csv.DictReader(file, strict=True))
    except (csv.Error, UnicodeDecodeError) as error:
        raise InputRefused(f"{path}: not a CSV table: {error}") from error
    if not rows:
        raise InputRefused(f"{path}: no rows under a line of column names")
    columns = [name for name in rows[0] if name]
    name = next((each for each in _NAMES if each in columns), columns[0])
    value = column or next((each for each in _VALUES if each in columns), None)
    if value not in columns:
        shown = ", ".join(columns)
        raise click.UsageError(
            f"--target-column must name the column of {path} with the objectives, one of "
            f"{shown:.200}" + ("" if column is None else f", got {column}")
        )
    return {str(row[name]).strip(): str(row[value] or "").strip() for row in rows}


def target_of(targets: dict[str, str], file: str) -> float:
    """Objective of a file, found by its name with and without its endings."""
    name = Path(file).name
    tried = [name]
    while "." in name:
        name = name.rpartition(".")[0]
        tried.append(name)
    found = next((each for each in tried if each in targets), None)
    if found is None:
        raise InputRefused(f"{file}: the table of targets has no instance {' or '.join(tried)}")
    try:
        value = float(targets[found])
    except ValueError:
        value = float("nan")
    if not abs(value) < float("inf"):
        raise InputRefused(
            f"{file}: the target of {found} must be a finite number, got {targets[found]!r:.40}"
        )
    return value
