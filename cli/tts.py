"""``pbit tts``: the time that solvers take to reach a target."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from pbit.by_value import ByValue
from pbit.cli import options as shared
from pbit.cli import values
from pbit.cli.command import carry_out, command
from pbit.cli.output import deliver
from pbit.cli.reading import colors_option, meaning_of, meaning_options, pairwise, read_contents
from pbit.cli.record import to_json, write_json
from pbit.cli.refusals import InputRefused
from pbit.cli.reports.tts_report import record_of, table
from pbit.cli.running import Bar, Interrupt
from pbit.cli.solve import check_sweeps
from pbit.cli.status import INTERRUPTED
from pbit.cli.tts_targets import read_targets, target_of
from pbit.versions import versions

if TYPE_CHECKING:
    from pbit.measure.tts.comparison import Instance
    from pbit.measure.tts.time_to_solution import TimeToSolution
    from pbit.problems.core.problem import Problem

UNSOLVED = 3
_SAME = (
    "num_sweeps",
    "measure",
    "num_reads",
    "num_runs",
    "budget",
    "probability",
    "confidence",
    "per",
    "clock",
    "num_threads",
    "seed",
)


class Counts(click.ParamType):  # type: ignore[type-arg]
    """Whole numbers with commas."""

    name = "numbers"

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> list[int]:
        try:
            numbers = [int(part) for part in value.split(",")]
        except ValueError:
            numbers = []
        if not numbers or min(numbers) < 1:
            raise click.UsageError(
                f"--sweeps must be whole numbers >= 1 with commas, got {value:.40}"
            )
        return numbers


@command()
@click.argument("files", nargs=-1, required=True, metavar="FILE...")
@shared.target("Objective to reach (max-cut: the cut), of every FILE.", values.FINITE)
@click.option(
    "--targets",
    type=click.Path(path_type=Path),
    metavar="CSV",
    help="Objective of each FILE: columns instance and best_known, or the like.",
)
@click.option("--target-column", metavar="NAME", help="Column of CSV with the objectives.")
@click.option(
    "--solvers",
    default="pbit,neal",
    show_default=True,
    metavar="NAMES",
    help="Solvers to compare, with commas.",
)
@meaning_options
@colors_option
@shared.sweeps("Of reads, with commas; the best is chosen.  [default: 100 to 10000]", Counts())
@shared.reads("At each number of sweeps.", click.IntRange(1), default=128)
@click.option(
    "--runs",
    "num_runs",
    type=click.IntRange(2),
    default=20,
    show_default=True,
    help="Of solvers that are timed until they hit the target.",
)
@shared.time_limit("Of each such run.", 10.0, values.FINITE_SECONDS)
@click.option(
    "--budget",
    type=values.FINITE_SECONDS,
    metavar="SECONDS",
    help="Of all measuring, shared equally.",
)
@click.option(
    "--measure",
    type=click.Choice(["auto", "reads", "first-hit"]),
    default="auto",
    show_default=True,
    help="Reads of a fixed length, or runs until the target.",
)
@click.option(
    "--per",
    type=click.Choice(["set", "instance"]),
    default="set",
    show_default=True,
    help="One best number of sweeps for all files, or one for each.",
)
@click.option(
    "--probability",
    type=values.PROBABILITY,
    default=0.99,
    show_default=True,
    help="Of success.",
)
@click.option(
    "--confidence",
    type=values.PROBABILITY,
    default=0.95,
    show_default=True,
    help="Of intervals.",
)
@click.option(
    "--clock",
    type=click.Choice(["wall", "cpu", "sampling"]),
    default="wall",
    show_default=True,
    help="Of whole calls, or what solvers say.",
)
@shared.seed
@shared.threads(1)
@shared.quiet
@shared.output_options
@shared.plot()
def tts(**options: Any) -> int:
    """Time in which solvers reach a target with 99 % probability, with confidence intervals.

    Solvers of independent reads of a fixed length are measured at several numbers of sweeps; the
    best is chosen on one half of the reads and reported from the other. Others are run until they
    hit the target. Compilation is not timed. docs/time_to_solution.md says how to read the table.

    Exit status: 0 done, 2 usage, 3 no solver reached the target of some file, 4 file refused,
    5 too large for this machine, 130 interrupted (what was measured is printed and written).
    """
    _check(options)
    names = _solvers(options["solvers"])
    files = _files(options)
    if "neal" in names:
        for file in files:
            pairwise(file.problem, "--solvers neal")
    if not options["quiet"]:
        click.echo(_header(files, names, options), err=True)
    return _report(files, _run(files, names, options), options)


@dataclass(frozen=True, eq=False)
class File(ByValue):
    """A problem, what it is called, the objective to reach, and what its reader noted."""

    name: str
    problem: Problem
    target: float
    notes: tuple[str, ...]


def _check(options: dict[str, Any]) -> None:
    """Whatever can be refused is refused before a file is read."""
    if (options["target"] is None) == (options["targets"] is None):
        raise click.UsageError("give one of --target and --targets: what is to be reached")
    if options["target_column"] is not None and options["targets"] is None:
        raise click.UsageError("--target-column needs --targets")
    if options["files"].count("-") > 1:
        raise click.UsageError("standard input (-) can be one FILE only")
    check_sweeps(max(options["num_sweeps"] or [0]))


def _solvers(text: str) -> list[str]:
    from pbit.solvers.registry import solver_names

    names = list(dict.fromkeys(part.strip() for part in text.split(",") if part.strip()))
    bad = [name for name in names if name not in solver_names()]
    if bad or not names:
        what = bad[0] if bad else "none"
        raise click.UsageError(f"--solvers must be among {', '.join(solver_names())}, got {what}")
    return names


def _files(options: dict[str, Any]) -> list[File]:
    targets = None
    if options["targets"] is not None:
        targets = read_targets(options["targets"], options["target_column"])
    found = []
    for name, path in zip(_names(options["files"]), options["files"], strict=True):
        target = options["target"] if targets is None else target_of(targets, path)
        contents = read_contents(path, options["format_"])
        problem = meaning_of(
            contents, options["problem"], options["ising_sign"], colors=options["colors"]
        )
        found.append(File(name, problem, target, contents.notes))
    return found


def _names(files: tuple[str, ...]) -> list[str]:
    """Short names where they tell the files apart."""
    for names in (list(map(_short_name, files)), list(files)):
        if len(set(names)) == len(names):
            return names
    raise click.UsageError("every FILE must be given once")


def _short_name(path: str) -> str:
    name = Path(path).name.removesuffix(".gz")
    return name.removesuffix(".txt").removesuffix(".mc") or path


def _header(files: list[File], names: list[str], options: dict[str, Any]) -> str:
    software = versions(neal="neal" in names)
    sizes = sorted({file.problem.model.num_spins for file in files})
    size = f"{sizes[0]}" if len(sizes) == 1 else f"{sizes[0]} to {sizes[-1]}"
    many = f"{len(files)} files" if len(files) > 1 else files[0].name
    return (
        f"{many}, {size} variables; solvers {', '.join(names)}, threads {options['num_threads']}, "
        f"seed {options['seed']}\n" + ", ".join(f"{k} {v}" for k, v in software.items())
    )


def _run(files: list[File], names: list[str], options: dict[str, Any]) -> dict[str, TimeToSolution]:
    def work(interrupt: Interrupt, bar: Bar) -> dict[str, TimeToSolution]:
        from pbit.measure.tts.comparison import compare_solvers

        now = [""]

        def started(solver: str, name: str) -> None:
            now[0] = f"{solver} on {name}"

        return compare_solvers(
            {name: name for name in names},
            [_instance(file) for file in files],
            **{name: options[name] for name in _SAME},
            time_limit=options["time_limit_s"],
            progress=lambda report: bar.show(report.fraction, now[0]),
            interrupt=interrupt,
            started=started,
        )

    try:
        return carry_out(work, quiet=options["quiet"])
    except ValueError as error:
        raise InputRefused(str(error)) from error


def _instance(file: File) -> Instance:
    from pbit.measure.tts.comparison import Instance

    problem = file.problem

    def accept(spins: Any) -> bool:
        """The answer itself, from the file's entries, is good enough."""
        answer = problem.decode(spins)
        off = problem.objective(answer) - file.target
        worse = -off if problem.maximise else off
        return problem.check(answer) and worse <= 1e-9 * max(1.0, abs(file.target))

    return Instance(problem.model, problem.energy_of(file.target), file.name, accept)


def _report(files: list[File], results: dict[str, TimeToSolution], options: dict[str, Any]) -> int:
    """Print and write the result; the exit status."""
    from pbit.cli.reports.tts_plot import draw_tts

    record = record_of(files, results, options)
    deliver(
        to_json(record) if options["as_json"] else table(files, results),
        (options["output"], lambda path: write_json(path, record)),
        (options["plot"], lambda path: draw_tts(path, results)),
    )
    if any(each.stop_reason == "interrupted" for each in results.values()):
        return INTERRUPTED
    solved = {each.name for result in results.values() for each in result.instances if each.solved}
    return 0 if solved >= {file.name for file in files} else UNSOLVED
