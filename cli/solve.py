"""``pbit solve``: minimise the problem in a file."""

from __future__ import annotations

import secrets
import time
from math import isfinite
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from pbit.cli.hardware import check_fits, read_hardware, run_rows
from pbit.cli.output import check_distinct, check_writable, write_text
from pbit.cli.plot import check_plot, draw_run
from pbit.cli.reading import colors_option, file_options, meaning_of, pairwise, read_contents
from pbit.cli.record import Run, record_of, to_json
from pbit.cli.refusals import TooLarge
from pbit.cli.running import INTERRUPTED, Bar, Interrupt, run_in_thread
from pbit.machine import memory_bytes
from pbit.solvers.names import SOLVERS, WHAT
from pbit.versions import versions

if TYPE_CHECKING:
    from pbit.formats import AnyContents
    from pbit.models.polynomial import AnyModel
    from pbit.problems.core.evaluation import Evaluation
    from pbit.problems.core.problem import Problem
    from pbit.run.control import Control, Progress
    from pbit.run.reads import Reads
    from pbit.solvers.effort import Effort

MISSED = 3
_BYTES_A_SWEEP = 40


@click.command()
@file_options
@colors_option
@click.option(
    "--solver", type=click.Choice(SOLVERS), default="pbit", show_default=True,
    help="; ".join(f"{name}: {what}" for name, what in WHAT.items()) + ".",
)  # fmt: skip
@click.option(
    "--reads", type=click.IntRange(min=1), help="Independent runs.  [default: 64; tempering: 2]"
)
@click.option("--sweeps", type=click.IntRange(min=0), help="Sweeps of each.  [default: 1000]")
@click.option("--seed", type=click.IntRange(0, 2**64 - 1), help="Drawn if not given.")
@click.option("--beta-range", type=(float, float), metavar="HOT COLD", help="Inverse temperatures.")
@click.option(
    "--schedule", type=click.Choice(["geometric", "linear"]), default="geometric", show_default=True
)
@click.option("--rule", type=click.Choice(["heat-bath", "metropolis"]), help="Update rule.")
@click.option(
    "--kernel",
    type=click.Choice(["auto", "bits", "cached", "colors", "dense", "lanes", "reads"]),
    default="auto",
    show_default=True,
    help="How reads are computed; see pbit.anneal.",
)
@click.option(
    "--order",
    type=click.Choice(
        ["auto", "sequential", "chromatic", "random", "permutation", "random-subset", "synchronous"]
    ),
    default="auto",
    show_default=True,
    help="Of the updates in a sweep; see pbit.anneal.",
)
@click.option("--update-fraction", type=float, help="Of the spins, with --order random-subset.")
@click.option(
    "--hardware", type=click.Path(path_type=Path), metavar="CHIP",
    help="Reads run on the chip in this file (TOML, see pbit chip).",
)  # fmt: skip
@click.option("--threads", type=click.IntRange(1, 1024), help="All processors by default.")
@click.option(
    "--time-limit", type=float, metavar="SECONDS",
    help="Without --reads: rounds of reads, sweeps doubling, until then.",
)  # fmt: skip
@click.option("--target", type=float, help="Stop at this objective (max-cut: the cut).")
@click.option("--best-known", type=float, help="Objective to compare the result with.")
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
@click.option("--output", type=click.Path(path_type=Path), help="Write the JSON to a file.")
@click.option("--plot", type=click.Path(path_type=Path), help="Draw energies to .png, .pdf, .svg.")
@click.option("--quiet", is_flag=True, help="Nothing on stderr.")
def solve(**options: Any) -> None:
    """Minimise an Ising or QUBO problem, or maximise a cut, from FILE (- for standard input).

    The format is told by the content; plain or gzip. Time limit and target are normal ends.

    Exit status: 0 done, 2 usage, 3 --target not reached or no feasible answer found, 4 file
    refused, 5 too large for this machine, 130 interrupted (the best so far is printed and written).
    """
    _check(options)
    options["chip"] = read_hardware(options["hardware"]) if options["hardware"] else None
    began = time.perf_counter()
    contents = read_contents(options["file"], options["format_"])
    problem = meaning_of(
        contents, options["problem"], options["ising_sign"], colors=options["colors"]
    )
    if options["solver"] == "neal":
        pairwise(problem, "--solver neal")
    if options["chip"] is not None:
        check_fits(options["chip"], problem, options["hardware"])
    loaded_s = time.perf_counter() - began
    if options["seed"] is None:
        options["seed"] = secrets.randbelow(2**63)
    run = _describe(options)
    if not options["quiet"]:
        click.echo(_header(contents, problem, run, options["seed"], loaded_s), err=True)
    reads = _run(problem, options)
    from pbit.problems.core.compiled_problem import read_out

    problem, reads = read_out(problem, reads)
    _report(contents, problem, reads, run, options)


def _check(options: dict[str, Any]) -> None:
    """Whatever can be refused is refused before the file is read."""
    limit, betas = options["time_limit"], options["beta_range"]
    if limit is not None and not limit > 0:
        raise click.UsageError(f"--time-limit must be > 0 seconds, got {limit}")
    target, known = options["target"], options["best_known"]
    if target is not None and target != target:
        raise click.UsageError("--target must be a number, got nan")
    if known is not None and not isfinite(known):
        raise click.UsageError(f"--best-known must be a finite number, got {known}")
    least = 0.0 if options["schedule"] == "linear" else 1e-300
    if betas and not all(least <= beta < float("inf") for beta in betas):
        raise click.UsageError(
            f"--beta-range must be two numbers > 0, or >= 0 with --schedule linear, got {betas}"
        )
    check_writable("--output", options["output"])
    check_writable("--plot", options["plot"])
    check_plot(options["plot"])
    _check_hardware(options)
    named = {"FILE": options["file"], "--hardware": options["hardware"],
             "--output": options["output"], "--plot": options["plot"]}  # fmt: skip
    check_distinct({what: Path(path) for what, path in named.items() if path not in (None, "-")})
    check_sweeps(options["sweeps"])


def _check_hardware(options: dict[str, Any]) -> None:
    """Refuse what says how spins are updated where the chip says it."""
    if options["hardware"] is None:
        return
    others = {
        "--solver": options["solver"] != "pbit" and options["solver"],
        "--rule": options["rule"] == "metropolis" and options["rule"],
        "--kernel": options["kernel"] != "auto" and options["kernel"],
        "--order": options["order"] != "auto" and options["order"],
        "--update-fraction": options["update_fraction"] is not None and options["update_fraction"],
    }
    for option, value in others.items():
        if value is not False:
            raise click.UsageError(
                f"{option} {value} and --hardware exclude each other: the chip's file says how "
                "p-bits are updated (keys dynamics and clock); leave one of them out"
            )


def check_sweeps(sweeps: int | None) -> None:
    """Refuse more temperatures than memory holds, for every solver (exit status 5)."""
    needed, memory = (sweeps or 0) * _BYTES_A_SWEEP, memory_bytes()
    if needed > 0.8 * memory:
        raise TooLarge(
            f"--sweeps {sweeps} need about {needed / 2**30:.1f} GiB for their temperatures, this "
            f"machine has {memory / 2**30:.1f}; lower --sweeps, or raise --reads instead"
        )


def _describe(options: dict[str, Any]) -> Run:
    context = click.get_current_context()
    changed = {
        name: _plain(options[name])
        for name in ("problem", "colors", "reads", "sweeps", "beta_range", "schedule", "rule",
                     "kernel", "order", "update_fraction",
                     "hardware", "threads", "time_limit", "target", "best_known", "ising_sign")
        if context.get_parameter_source(name) is not click.core.ParameterSource.DEFAULT
    }  # fmt: skip
    found = versions(neal=options["solver"] == "neal")
    return Run(options["solver"], options["ising_sign"], found, changed)


def _plain(value: Any) -> Any:
    """For JSON, which has neither paths nor infinity."""
    infinite = isinstance(value, float) and not isfinite(value)
    return str(value) if infinite or isinstance(value, Path) else value


def _header(contents: AnyContents, problem: Problem, run: Run, seed: int, loaded_s: float) -> str:
    software = ", ".join(f"{name} {version}" for name, version in run.versions.items())
    changed = " ".join(f"{name}={value}" for name, value in run.options.items())
    model = problem.model
    lines = [
        f"{contents.name}: {problem.name} ({contents.format}), {_spins(problem)}, "
        f"{_couplings(model)}, read in {loaded_s:.2f} s",
        f"solver {run.solver}, seed {seed}; {software}",
        f"options: {changed}" if changed else "options: defaults",
        *(f"note: {note}" for note in contents.notes),
    ]
    return "\n".join(lines)


def _spins(problem: Problem) -> str:
    variables, spins = len(problem.labels), problem.model.num_spins
    if not problem.constrained or variables == spins:
        return f"{spins} variables"
    return f"{variables} variables, {spins} p-bits"


def _couplings(model: AnyModel) -> str:
    from pbit.models.ising import IsingModel

    if isinstance(model, IsingModel):
        return f"{model.num_couplings} couplings"
    return f"{model.num_terms} terms of up to {model.degree} spins"


def _run(problem: Problem, options: dict[str, Any]) -> Reads:
    interrupt = Interrupt()
    with interrupt.listening(), Bar(quiet=options["quiet"]) as bar:

        def show(report: Progress) -> None:
            bar.show(report.fraction, _best_so_far(problem, report.best_energy))

        def work() -> Reads:
            from pbit.solvers.solve import solve as run_solver

            effort, control = _orders(problem, options, interrupt, show)
            return run_solver(options["solver"], problem.model, effort, control)

        try:
            return run_in_thread(work, interrupt, bar)
        except MemoryError as error:
            raise TooLarge(str(error).replace("num_reads", "--reads")) from error
        except ValueError as error:
            name = str(error).split(" ", 1)[0]
            if name not in ("kernel", "order", "rule", "update_fraction", "beta_range"):
                raise
            raise click.UsageError(f"--{error}".replace("_", "-", 1)) from error


def _orders(
    problem: Problem, options: dict[str, Any], interrupt: Interrupt, show: Any
) -> tuple[Effort, Control]:
    from pbit.run.control import Control
    from pbit.solvers.effort import Effort

    effort = Effort(
        num_reads=options["reads"],
        num_sweeps=options["sweeps"],
        seed=options["seed"],
        beta_range=options["beta_range"] or problem.beta_range,
        schedule_type=options["schedule"],
        rule=options["rule"],
        num_threads=options["threads"],
        traced=options["plot"] is not None,
        kernel=options["kernel"],
        order=options["order"],
        update_fraction=options["update_fraction"],
        hardware=options["chip"],
    )
    target = problem.bound if options["target"] is None else options["target"]
    control = Control(
        time_limit_s=options["time_limit"],
        target=None if target is None else problem.energy_of(target),
        interrupt=interrupt,
        progress=show,
    )
    return effort, control


def _best_so_far(problem: Problem, energy: float) -> str:
    if energy == float("inf"):
        return "no result yet"
    if problem.constrained:  # the state may be infeasible
        return f"lowest energy {energy:.10g}"
    from pbit.problems.core.problem import objective_at

    return f"best {problem.objective_name} {objective_at(problem, energy):.10g}"


def _report(
    contents: AnyContents,
    problem: Problem,
    reads: Reads,
    run: Run,
    options: dict[str, Any],
) -> None:
    from pbit.problems.core.evaluation import evaluate

    found = evaluate(problem, reads)
    record = record_of(contents, problem, reads, found, run)
    text = to_json(record)
    try:
        if options["output"] is not None:
            write_text(options["output"], text + "\n")
        if options["plot"] is not None:
            title = f"{contents.name}: {problem.name}, {run.solver}, seed {record['seed']}"
            draw_run(options["plot"], problem, reads, title)
    finally:  # whatever became of the files, the answer is told
        click.echo(text if options["as_json"] else _summary(problem, record, found, options))
    status = 0
    if record["stop_reason"] == "interrupted":
        status = INTERRUPTED
    elif not record["feasible"] or not _reached(options["target"], problem, record):
        status = MISSED
    click.get_current_context().exit(status)


def _reached(target: float | None, problem: Problem, record: dict[str, Any]) -> bool:
    if target is None:
        return True
    if record["broken_chains"] is None and not problem.constrained:
        return bool(record["stop_reason"] == "target")
    # A state may reach what the answer read from it does not, and the other way round.
    off = record["objective"] - target
    return bool((off if problem.maximise else -off) >= -1e-9 * max(1.0, abs(target)))


def _summary(
    problem: Problem, record: dict[str, Any], found: Evaluation, options: dict[str, Any]
) -> str:
    name, objective = record["objective_name"], record["objective"]
    seconds = record["timing"]["sampling_ns"] / 1e9
    unit = "reads" if record["rounds"] == 1 else "rounds"
    total = found.reads
    best = f"{objective:.15g}" if found.feasible else "none: no read gives a feasible answer"
    rows = [
        (f"best {name}", best),
        _compared(problem, objective, options["best_known"]),
        *(("violated", line) for line in found.violations),
        ("energy", f"{record['energy']:.15g}") if name != "energy" else None,
        ("found by", f"{found.found_by} of {total} {unit}"),
        ("feasible", f"{found.feasible} of {total} {unit}, {found.repaired} of them repaired")
        if problem.constrained
        else None,
        ("chosen", f"{record['chosen']}: {record['chosen_because']}")
        if record["chosen"] is not None
        else None,
        ("stopped by", _stopped_by(record, options)),
        ("work", f"{record['num_reads']} reads, {record['updates']:.3g} updates"),
        ("time", f"{seconds:.2f} s ({_per_update(record)})"),
        ("broken", f"{record['broken_chains']:.2%} of the chains")
        if record["broken_chains"] is not None
        else None,
        *((option, str(options[option])) for option in ("output", "plot") if options[option]),
    ]
    table = "\n".join(f"{row[0]:<12} {row[1]}" for row in rows if row is not None)
    if record["hardware"]:
        table += "\n" + run_rows(record["hardware"])
    table = "\n".join([table, *problem.written(found.answer)])
    if options["output"] is None and found.feasible:
        table += "\n(the assignment: --output FILE or --json)"
    return table


def _compared(
    problem: Problem, objective: float | None, best_known: float | None
) -> tuple[str, str] | None:
    """How far the objective is from the best known one, and on which side."""
    if best_known is None or objective is None:
        return None
    worse = (best_known - objective) if problem.maximise else (objective - best_known)
    share = f" ({abs(worse) / abs(best_known):.3%})" if best_known else ""
    side = (
        "reached"
        if worse == 0
        else f"worse by {worse:.10g}"
        if worse > 0
        else (f"BEATEN by {-worse:.10g}")
    )
    return "best known", f"{best_known:.15g}: {side}{share if worse else ''}"


_STOPS = {
    "completed": "end of the schedule",
    "time_limit": "time limit",
    "target": "target reached",
    "interrupted": "interrupt",
}


def _stopped_by(record: dict[str, Any], options: dict[str, Any]) -> str:
    reason = record["stop_reason"]
    if reason == "target" and options["target"] is None:
        return "an answer that none can beat"
    return _STOPS[reason]


def _per_update(record: dict[str, Any]) -> str:
    if not record["updates"]:
        return "no updates"
    return f"{record['timing']['sampling_ns'] / record['updates']:.2f} ns an update"
