"""``pbit check``: recompute a result from the problem file it belongs to."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any

import click

from pbit.cli.reading import file_options, read_problem
from pbit.cli.refusals import InputRefused

_MISMATCH = 3
_TOLERANCE = 1e-9


@click.command()
@file_options
@click.argument("result", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def check(
    file: str, result: Path, problem: str | None, format_: str | None, ising_sign: str
) -> None:
    """Recompute the objective and the energy in RESULT (JSON of a run) from FILE.

    The objective comes from the entries of the file, the energy from the model.

    Exit status: 0 both agree, 2 usage, 3 they do not, 4 file or result refused.
    """
    record = _read(result)
    contents, meaning = read_problem(
        file,
        problem or (record.get("problem") if _is_graph(file, format_) else None),
        format_=format_ or record.get("format"),
        ising_sign=_sign(record, ising_sign),
    )
    objective, energy = _recomputed(meaning, record, result)
    rows = [(meaning.objective_name, record.get("objective"), objective)]
    rows.append(("energy of the model", record.get("energy"), energy))
    good = [_agree(*row, result=result) for row in rows]
    click.echo("agrees with" if all(good) else "DOES NOT agree with", nl=False)
    click.echo(f" {contents.name}")
    click.get_current_context().exit(0 if all(good) else _MISMATCH)


def _read(path: Path) -> dict[str, Any]:
    try:
        record = json.loads(path.read_text(encoding="utf-8"))
    except (ValueError, RecursionError) as error:
        raise InputRefused(f"{path}: not the JSON of a run: {error}") from error
    except OSError as error:
        raise InputRefused(f"{path}: {error.strerror}") from error
    if not isinstance(record, dict):
        raise InputRefused(f"{path}: a result must be a JSON object")
    return record


def _is_graph(file: str, format_: str | None) -> bool:
    from pbit.cli.reading import read_contents

    return file == "-" or read_contents(file, format_).kind == "graph"


def _sign(record: dict[str, Any], given: str) -> str:
    recorded = record.get("ising_sign")
    return recorded if recorded in ("minus", "plus") else given


def _recomputed(problem: Any, record: dict[str, Any], path: Path) -> tuple[float, float]:
    from pbit.cli.record import answer_in
    from pbit.problems.problem import spins_of

    try:
        spins = spins_of(problem, answer_in(record, problem.labels))
    except ValueError as error:
        raise InputRefused(f"{path}: {error}") from error
    return problem.objective(problem.decode(spins)), float(problem.model.energy(spins))


def _agree(name: str, recorded: Any, recomputed: float, *, result: Path) -> bool:
    if not isinstance(recorded, int | float) or isinstance(recorded, bool):
        raise InputRefused(f"{result}: {name} must be a number, got {recorded!r}")
    same = math.isclose(recorded, recomputed, rel_tol=_TOLERANCE, abs_tol=_TOLERANCE)
    click.echo(f"{name:<20} recorded {recorded:.15g}, recomputed {recomputed:.15g}")
    return same
