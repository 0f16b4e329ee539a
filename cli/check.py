"""``pbit check``: recompute a result from the problem file it belongs to."""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from pbit.cli.command import command
from pbit.cli.reading import colors_option, file_options, meaning_of, read_contents
from pbit.cli.refusals import InputRefused, refused

if TYPE_CHECKING:
    from pbit.formats import AnyContents

_MISMATCH = 3
_TOLERANCE = 1e-9


@command()
@file_options
@colors_option
@click.argument("result", type=click.Path(path_type=Path, allow_dash=True))
def check(
    file: str,
    result: Path,
    problem: str | None,
    format_: str | None,
    ising_sign: str,
    colors: int | None,
) -> int:
    """Recompute the objective and the energy in RESULT (JSON of a run) from FILE.

    The objective comes from the entries of the file, the energy from the model; the answer has to
    be feasible. One of the two may be standard input (-). What the problem is meant to be is in
    RESULT; options overrule it.

    Exit status: 0 both agree, 2 usage, 3 they do not, 4 file or result refused, 5 too large for
    this machine.
    """
    if file == str(result) == "-":
        raise click.UsageError("FILE and RESULT cannot both be standard input; name one of them")
    record = _read(result)
    contents = read_contents(file, format_ or _recorded(record, "format", _formats()))
    if problem is None and contents.kind != "compiled":
        problem = _recorded(record, "problem", _meanings(contents))
    source = click.get_current_context().get_parameter_source("ising_sign")
    if source is click.core.ParameterSource.DEFAULT:
        ising_sign = _recorded(record, "ising_sign", ("minus", "plus")) or ising_sign
    meaning = meaning_of(contents, problem, ising_sign, colors=colors or _colors(record))
    objective, energy, violations = _recomputed(meaning, record, result)
    for line in violations:
        click.echo(f"infeasible: {line}")
    rows = [(meaning.objective_name, record.get("objective"), objective)]
    rows.append(("energy of the model", record.get("energy"), energy))
    good = [_agree(*row, result=result) for row in rows] + [not violations]
    click.echo("agrees with" if all(good) else "DOES NOT agree with", nl=False)
    click.echo(f" {contents.name}")
    return 0 if all(good) else _MISMATCH


def _read(path: Path) -> dict[str, Any]:
    try:
        with refused(path), click.open_file(str(path), "rb") as file:
            record = json.loads(file.read().decode("utf-8"))
    except (ValueError, RecursionError) as error:
        raise InputRefused(f"{path}: not the JSON of a run: {error}") from error
    if not isinstance(record, dict):
        raise InputRefused(f"{path}: a result must be a JSON object")
    return record


def _recorded(record: dict[str, Any], key: str, allowed: Sequence[str]) -> str | None:
    """What the record says, if that is something this command knows."""
    value = record.get(key)
    return value if value in allowed else None


def _formats() -> Sequence[str]:
    """Formats that a record tells of its file."""
    from pbit.formats import FORMATS

    # An answer found on a compiled network is checked against the problem's own file as well.
    return [name for name in FORMATS if name != "compiled"]


def _meanings(contents: AnyContents) -> Sequence[str]:
    from pbit.problems.core.registry import meanings

    return tuple(meanings(contents.kind))


def _colors(record: dict[str, Any]) -> int | None:
    """The number of colours in the record of a colouring."""
    options = record.get("options")
    colors = options.get("colors") if isinstance(options, dict) else None
    return colors if type(colors) is int else None


def _recomputed(problem: Any, record: dict[str, Any], path: Path) -> tuple[float, float, list[str]]:
    from pbit.cli.record import answer_in
    from pbit.problems.core.compiled_problem import CompiledProblem

    if isinstance(problem, CompiledProblem):  # records are about the problem it stands for
        problem = problem.source
    try:
        answer = problem.answer(answer_in(record, problem.labels))
        spins = problem.encode(answer)
    except ValueError as error:
        raise InputRefused(f"{path}: {error}") from error
    energy = float(problem.model.energy(spins))
    return problem.objective(answer), energy, problem.violations(answer)


def _agree(name: str, recorded: Any, recomputed: float, *, result: Path) -> bool:
    if not isinstance(recorded, int | float) or isinstance(recorded, bool):
        raise InputRefused(f"{result}: {name} must be a number, got {recorded!r:.40}")
    recorded = _as_float(recorded)
    same = math.isclose(recorded, recomputed, rel_tol=_TOLERANCE, abs_tol=_TOLERANCE)
    click.echo(f"{name:<20} recorded {recorded:.15g}, recomputed {recomputed:.15g}")
    return same


def _as_float(number: float) -> float:
    try:
        return float(number)
    except OverflowError:
        return math.inf if number > 0 else -math.inf
