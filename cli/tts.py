"""``pbit tts``: the time that solvers take to reach a target."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from pbit.cli.output import check_distinct, check_writable, write_text
from pbit.cli.plot import check_plot
from pbit.cli.reading import (
    colors_option,
    meaning_of,
    pairwise,
    read_contents,
)
from pbit.cli.record import to_json
from pbit.cli.refusals import InputRefused, TooLarge
from pbit.cli.registered import FORMAT, PROBLEM
from pbit.cli.running import INTERRUPTED, Bar, Interrupt, run_in_thread
from pbit.cli.solve import check_sweeps
from pbit.cli.tts_report import record_of, table
from pbit.cli.tts_targets import read_targets, target_of
from pbit.versions import versions

if TYPE_CHECKING:
    from pbit.measure.tts.comparison import Instance
    from pbit.measure.tts.time_to_solution import TimeToSolution
    from pbit.problems.core.problem import Problem
    from pbit.run.control import Progress

UNSOLVED = 3


@click.command()
@click.argument("files", nargs=-1, required=True, metavar="FILE...")
@click.option("--target", type=float, help="Objective to reach (max-cut: the cut), of every FILE.")
@click.option(
    "--targets",
    type=click.Path(path_type=Path),
    metavar="CSV",
    help="Objective of each FILE: columns instance and best_known, or the like.",
)
@click.option("--target-column", metavar="NAME", help="Column of CSV with the objectives.")
@click.option("--solvers", default="pbit,neal", show_default=True, metavar="NAMES",
              help="Solvers to compare, with commas.")  # fmt: skip
@click.option("--problem", type=PROBLEM,
              help="What a weighted graph is meant to be.")  # fmt: skip
@colors_option
@click.option("--format", "format_", type=FORMAT, help="Do not guess.")
@click.option(
    "--ising-sign",
    type=click.Choice(["minus", "plus"]),
    default="minus",
    show_default=True,
    help="A graph as Ising: E = -sum J s s - sum h s, or +.",
)
@click.option(
    "--sweeps",
    metavar="NUMBERS",
    help="Of reads, with commas; the best is chosen.  [default: 100 to 10000]",
)
@click.option("--reads", type=click.IntRange(1), default=128, show_default=True,
              help="At each number of sweeps.")  # fmt: skip
@click.option("--runs", type=click.IntRange(2), default=20, show_default=True,
              help="Of solvers that are timed until they hit the target.")  # fmt: skip
@click.option("--time-limit", type=float, default=10.0, show_default=True, metavar="SECONDS",
              help="Of each such run.")  # fmt: skip
@click.option("--budget", type=float, metavar="SECONDS", help="Of all measuring, shared equally.")
@click.option(
    "--measure",
    type=click.Choice(["auto", "reads", "first-hit"]),
    default="auto",
    show_default=True,
    help="Reads of a fixed length, or runs until the target.",
)
@click.option("--per", type=click.Choice(["set", "instance"]), default="set", show_default=True,
              help="One best number of sweeps for all files, or one for each.")  # fmt: skip
@click.option("--probability", type=float, default=0.99, show_default=True, help="Of success.")
@click.option("--confidence", type=float, default=0.95, show_default=True, help="Of intervals.")
@click.option("--clock", type=click.Choice(["wall", "cpu", "sampling"]), default="wall",
              show_default=True, help="Of whole calls, or what solvers say.")  # fmt: skip
@click.option("--threads", type=click.IntRange(1, 1024), default=1, show_default=True)
@click.option("--seed", type=click.IntRange(0, 2**64 - 1), help="Drawn if not given.")
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
@click.option("--output", type=click.Path(path_type=Path), help="Write the JSON to a file.")
@click.option("--plot", type=click.Path(path_type=Path), help="Draw to .png, .pdf, .svg.")
@click.option("--quiet", is_flag=True, help="Nothing on stderr.")
def tts(**options: Any) -> None:
    """Time in which solvers reach a target with 99 % probability, with confidence intervals.

    Solvers of independent reads of a fixed length are measured at several numbers of sweeps; the
    best is chosen on one half of the reads and reported from the other. Others are run until they
    hit the target. Compilation is not timed. docs/time_to_solution.md says how to read the table.

    Exit status: 0 done, 2 usage, 3 no solver reached the target of some file, 4 file refused,
    5 too large for this machine, 130 interrupted (what was measured is printed and written).
    """
    _check(options)
    names = _solvers(options["solvers"])
    options["sweeps"] = _sweeps(options["sweeps"])
    files = _files(options)
    if "neal" in names:
        for file in files:
            pairwise(file.problem, "--solvers neal")
    if options["seed"] is None:
        options["seed"] = secrets.randbelow(2**63)
    if not options["quiet"]:
        click.echo(_header(files, names, options), err=True)
    results = _run(files, names, options)
    _report(files, results, options)


@dataclass(frozen=True, eq=False)
class File:
    """A problem, what it is called and the objective to reach."""

    name: str
    problem: Problem
    target: float


def _check(options: dict[str, Any]) -> None:
    """Whatever can be refused is refused before a file is read."""
    for name in ("time_limit", "budget"):
        value = options[name]
        if value is not None and not 0 < value < float("inf"):
            option = "--" + name.replace("_", "-")
            raise click.UsageError(f"{option} must be finite and > 0 seconds, got {value}")
    for name in ("probability", "confidence"):
        if not 0 < options[name] < 1:
            raise click.UsageError(f"--{name} must be between 0 and 1, got {options[name]}")
    if (options["target"] is None) == (options["targets"] is None):
        raise click.UsageError("give one of --target and --targets: what is to be reached")
    if options["target_column"] is not None and options["targets"] is None:
        raise click.UsageError("--target-column needs --targets")
    if options["target"] is not None and not abs(options["target"]) < float("inf"):
        raise click.UsageError(f"--target must be a finite number, got {options['target']}")
    if options["files"].count("-") > 1:
        raise click.UsageError("standard input (-) can be one FILE only")
    check_writable("--output", options["output"])
    check_writable("--plot", options["plot"])
    check_plot(options["plot"])
    named = {f"FILE {file}": file for file in options["files"] if file != "-"}
    named |= {f"--{key}": options[key] for key in ("targets", "output", "plot")}
    outputs = {"--output": options["output"], "--plot": options["plot"]}
    for what, path in named.items():
        each = {key: Path(value) for key, value in outputs.items() if value is not None}
        if path is not None:
            check_distinct(each | {what: Path(path)})


def _solvers(text: str) -> list[str]:
    from pbit.solvers.names import SOLVERS

    names = list(dict.fromkeys(part.strip() for part in text.split(",") if part.strip()))
    bad = [name for name in names if name not in SOLVERS]
    if bad or not names:
        what = bad[0] if bad else "none"
        raise click.UsageError(f"--solvers must be among {', '.join(SOLVERS)}, got {what}")
    return names


def _sweeps(text: str | None) -> list[int] | None:
    if text is None:
        return None
    try:
        numbers = [int(part) for part in text.split(",")]
    except ValueError:
        numbers = []
    if not numbers or min(numbers) < 1:
        raise click.UsageError(f"--sweeps must be whole numbers >= 1 with commas, got {text:.40}")
    check_sweeps(max(numbers))
    return numbers


def _files(options: dict[str, Any]) -> list[File]:
    targets = None
    if options["targets"] is not None:
        targets = read_targets(options["targets"], options["target_column"])
    found = []
    names = [_short_name(path) for path in options["files"]]
    if len(set(names)) < len(names):
        names = list(options["files"])
    if len(set(names)) < len(names):
        raise click.UsageError("every FILE must be given once")
    for name, path in zip(names, options["files"], strict=True):
        target = options["target"] if targets is None else target_of(targets, path)
        contents = read_contents(path, options["format_"])
        problem = meaning_of(
            contents, options["problem"], options["ising_sign"], colors=options["colors"]
        )
        found.append(File(name, problem, target))
    return found


def _short_name(path: str) -> str:
    name = Path(path).name.removesuffix(".gz")
    return name.removesuffix(".txt").removesuffix(".mc") or path


def _header(files: list[File], names: list[str], options: dict[str, Any]) -> str:
    software = versions(neal="neal" in names)
    sizes = sorted({file.problem.model.num_spins for file in files})
    size = f"{sizes[0]}" if len(sizes) == 1 else f"{sizes[0]} to {sizes[-1]}"
    many = f"{len(files)} files" if len(files) > 1 else files[0].name
    return (
        f"{many}, {size} variables; solvers {', '.join(names)}, threads {options['threads']}, "
        f"seed {options['seed']}\n" + ", ".join(f"{k} {v}" for k, v in software.items())
    )


def _run(files: list[File], names: list[str], options: dict[str, Any]) -> dict[str, TimeToSolution]:
    interrupt = Interrupt()
    with interrupt.listening(), Bar(quiet=options["quiet"]) as bar:
        now = [""]

        def started(solver: str, name: str) -> None:
            now[0] = f"{solver} on {name}"

        def show(report: Progress) -> None:
            bar.show(report.fraction, now[0])

        def work() -> dict[str, TimeToSolution]:
            from pbit.measure.tts.comparison import compare_solvers

            return compare_solvers(
                {name: name for name in names},
                [_instance(file) for file in files],
                num_sweeps=options["sweeps"],
                measure=options["measure"],
                num_reads=options["reads"],
                num_runs=options["runs"],
                time_limit=options["time_limit"],
                budget=options["budget"],
                probability=options["probability"],
                confidence=options["confidence"],
                per=options["per"],
                clock=options["clock"],
                num_threads=options["threads"],
                seed=options["seed"],
                progress=show,
                interrupt=interrupt,
                started=started,
            )

        try:
            return run_in_thread(work, interrupt, bar)
        except MemoryError as error:
            raise TooLarge(str(error).replace("num_reads", "--reads")) from error
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


def _report(files: list[File], results: dict[str, TimeToSolution], options: dict[str, Any]) -> None:
    record = record_of(files, results, options)
    try:
        if options["output"] is not None:
            write_text(options["output"], to_json(record) + "\n")
        if options["plot"] is not None:
            from pbit.cli.tts_plot import draw_tts

            draw_tts(options["plot"], results)
    finally:  # whatever became of the files, the numbers are told
        click.echo(to_json(record) if options["as_json"] else table(files, results))
    interrupted = any(each.stop_reason == "interrupted" for each in results.values())
    solved = {each.name for result in results.values() for each in result.instances if each.solved}
    status = 0 if solved >= {file.name for file in files} else UNSOLVED
    click.get_current_context().exit(INTERRUPTED if interrupted else status)
