"""``pbit solve``: minimise the problem in a file."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

import click

from pbit.cli import options as shared
from pbit.cli import values
from pbit.cli.command import carry_out, command, told_options
from pbit.cli.hardware import check_fits, read_hardware
from pbit.cli.output import deliver
from pbit.cli.reading import colors_option, file_options, meaning_of, pairwise, read_contents
from pbit.cli.record import Run, record_of, to_json, write_json
from pbit.cli.refusals import TooLarge
from pbit.cli.registered import SOLVER, SolverOption
from pbit.cli.reports.solve_report import best_so_far, header, summary
from pbit.cli.running import Bar, Interrupt
from pbit.cli.status import INTERRUPTED
from pbit.machine import memory_bytes
from pbit.versions import versions

if TYPE_CHECKING:
    from pbit.formats import AnyContents
    from pbit.problems.core.digits import Digits
    from pbit.problems.core.problem import Problem
    from pbit.run.control import Control, Progress
    from pbit.run.reads import Reads
    from pbit.solvers.effort import Effort

MISSED = 3
_BYTES_A_SWEEP = 40
_EFFORT = (
    "num_reads",
    "num_sweeps",
    "seed",
    "schedule_type",
    "rule",
    "num_threads",
    "kernel",
    "order",
    "update_fraction",
)
_NOT_TOLD = ("format_", "solver", "seed", "as_json", "output", "plot", "quiet", "chip")


@command()
@file_options
@colors_option
@click.option(
    "--solver",
    cls=SolverOption,
    type=SOLVER,
    show_default="pbit; dits where a problem has whole values",
)
@shared.reads("Independent runs.  [default: 64; tempering: 2]", click.IntRange(min=1))
@shared.sweeps("Sweeps of each.  [default: 1000]", click.IntRange(min=0))
@shared.beta_range()
@click.option(
    "--schedule",
    "schedule_type",
    type=click.Choice(["geometric", "linear"]),
    default="geometric",
    show_default=True,
)
@shared.rule()
@shared.kernel
@shared.order("random-subset", "synchronous")
@click.option("--update-fraction", type=float, help="Of the spins, with --order random-subset.")
@shared.hardware("Reads run on the chip in this file (TOML, see pbit chip).")
@shared.time_limit("Without --reads: rounds of reads, sweeps doubling, until then.", default=None)
@shared.target("Stop at this objective (max-cut: the cut).")
@click.option("--best-known", type=values.FINITE, help="Objective to compare the result with.")
@shared.run_options
@shared.output_options
@shared.plot("Draw energies to .png, .pdf, .svg.")
def solve(**options: Any) -> int:
    """Minimise an Ising or QUBO problem, or maximise a cut, from FILE (- for standard input).

    The format is told by the content; plain or gzip. Time limit and target are normal ends.

    Exit status: 0 done, 2 usage, 3 --target not reached or no feasible answer found, 4 file
    refused, 5 too large for this machine, 130 interrupted (the best so far is printed and written).
    """
    _check(options)
    options["chip"] = read_hardware(options["hardware"]) if options["hardware"] else None
    began = time.perf_counter()
    contents = read_contents(options["file"], options["format_"], tell=False)
    problem = _problem(contents, options)
    if options["solver"] is None:
        options["solver"] = "pbit" if _digits(problem, options) is None else "dits"
    loaded_s = time.perf_counter() - began
    run = _described(options)
    if not options["quiet"]:
        digits = _digits(problem, options)
        text = header(
            contents, problem, run, seed=options["seed"], loaded_s=loaded_s, digits=digits
        )
        click.echo(text, err=True)
    reads = _run(problem, options)
    from pbit.problems.core.compiled_problem import read_out

    problem, reads = read_out(problem, reads)
    return _report(contents, problem, reads, run=run, options=options)


def _check(options: dict[str, Any]) -> None:
    """Whatever can be refused is refused before the file is read."""
    betas = options["beta_range"]
    least = 0.0 if options["schedule_type"] == "linear" else 1e-300
    if betas and not all(least <= beta < float("inf") for beta in betas):
        raise click.UsageError(
            f"--beta-range must be two numbers > 0, or >= 0 with --schedule linear, got {betas}"
        )
    if options["hardware"] is not None:
        _check_hardware(options)
    check_sweeps(options["num_sweeps"])


def _check_hardware(options: dict[str, Any]) -> None:
    """Refuse what says how spins are updated where the chip says it."""
    usual = {
        "solver": (None, "pbit"),
        "rule": (None, "heat-bath"),
        "kernel": ("auto",),
        "order": ("auto",),
        "update_fraction": (None,),
    }
    for name, allowed in usual.items():
        if options[name] not in allowed:
            raise click.UsageError(
                f"--{name.replace('_', '-')} {options[name]} and --hardware exclude each other: "
                "the chip's file says how p-bits are updated (keys dynamics and clock); leave one "
                "of them out"
            )


def check_sweeps(sweeps: int | None) -> None:
    """Refuse more temperatures than memory holds, for every solver (exit status 5)."""
    needed, memory = (sweeps or 0) * _BYTES_A_SWEEP, memory_bytes()
    if needed > 0.8 * memory:
        raise TooLarge(
            f"--sweeps {sweeps} need about {needed / 2**30:.1f} GiB for their temperatures, this "
            f"machine has {memory / 2**30:.1f}; lower --sweeps, or raise --reads instead"
        )


def _problem(contents: AnyContents, options: dict[str, Any]) -> Problem:
    problem = meaning_of(
        contents,
        options["problem"],
        options["ising_sign"],
        colors=options["colors"],
        needs_model=lambda meaning: _digits(meaning, options) is None,
    )
    if options["solver"] == "neal":
        pairwise(problem, "--solver neal")
    if options["chip"] is not None:
        check_fits(options["chip"], problem, options["hardware"])
    return problem


def _digits(problem: Problem, options: dict[str, Any]) -> Digits | None:
    """The digits that are run, if any are."""
    from pbit.problems.core.digits import digits_of
    from pbit.problems.core.running import takes_digits

    effort = _effort(problem, options)
    solver = options["solver"] or "auto"
    return digits_of(problem) if takes_digits(problem, solver, effort) else None


def _described(options: dict[str, Any]) -> Run:
    told = {name: value for name, value in options.items() if name not in _NOT_TOLD}
    found = versions(neal=options["solver"] == "neal")
    return Run(options["solver"], options["ising_sign"], found, told_options(told, changed=True))


def _run(problem: Problem, options: dict[str, Any]) -> Reads:
    def work(interrupt: Interrupt, bar: Bar) -> Reads:
        from pbit.problems.core.running import reads_of

        def show(report: Progress) -> None:
            bar.show(report.fraction, best_so_far(problem, report.best_energy))

        effort, control = _effort(problem, options), _control(problem, options, interrupt, show)
        return reads_of(problem, options["solver"], effort, control)

    return carry_out(work, quiet=options["quiet"])


def _effort(problem: Problem, options: dict[str, Any]) -> Effort:
    from pbit.problems.core.evaluation import worth_of
    from pbit.solvers.effort import Effort

    return Effort(
        **{name: options[name] for name in _EFFORT},
        beta_range=options["beta_range"],
        traced=options["plot"] is not None,
        hardware=options["chip"],
        worth=worth_of(problem),
    )


def _control(problem: Problem, options: dict[str, Any], interrupt: Interrupt, show: Any) -> Control:
    from pbit.run.control import Control

    target = problem.bound if options["target"] is None else options["target"]
    return Control(
        time_limit_s=options["time_limit_s"],
        target=None if target is None else problem.energy_of(target),
        interrupt=interrupt,
        progress=show,
    )


def _report(
    contents: AnyContents, problem: Problem, reads: Reads, *, run: Run, options: dict[str, Any]
) -> int:
    """Print and write the result; the exit status."""
    from pbit.cli.reports.solve_plot import draw_run
    from pbit.problems.core.evaluation import evaluate

    found = evaluate(problem, reads)
    record = record_of(contents, problem, reads, found, run)
    title = f"{contents.name}: {problem.name}, {run.solver}, seed {record['seed']}"
    deliver(
        to_json(record) if options["as_json"] else summary(problem, record, found, options),
        (options["output"], lambda path: write_json(path, record)),
        (options["plot"], lambda path: draw_run(path, problem, reads, title)),
    )
    if record["stop_reason"] == "interrupted":
        return INTERRUPTED
    good = record["feasible"] and _reached(options["target"], problem, record)
    return 0 if good else MISSED


def _reached(target: float | None, problem: Problem, record: dict[str, Any]) -> bool:
    if target is None:
        return True
    if record["broken_chains"] is None and not problem.constrained:
        return bool(record["stop_reason"] == "target")
    # A state may reach what the answer read from it does not, and the other way round.
    off = record["objective"] - target
    return bool((off if problem.maximise else -off) >= -1e-9 * max(1.0, abs(target)))
