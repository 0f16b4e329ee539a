"""What ``pbit solve`` tells people: before the run, during it and at the end."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pbit.cli.hardware import run_rows

if TYPE_CHECKING:
    from pbit.cli.record import Run
    from pbit.formats import AnyContents
    from pbit.models.polynomial import AnyModel
    from pbit.problems.core.digits import Digits
    from pbit.problems.core.evaluation import Evaluation
    from pbit.problems.core.problem import Problem


def header(
    contents: AnyContents,
    problem: Problem,
    run: Run,
    *,
    seed: int,
    loaded_s: float,
    digits: Digits | None = None,
) -> str:
    """What is run, told before it: digits, if they are, or p-bits."""
    software = ", ".join(f"{name} {version}" for name, version in run.versions.items())
    changed = " ".join(f"{name}={value}" for name, value in run.options.items())
    size = f"{_spins(problem)}, {_couplings(problem.model)}" if digits is None else _dits(digits)
    lines = [
        f"{contents.name}: {problem.name} ({contents.format}), {size}, read in {loaded_s:.2f} s",
        f"solver {run.solver}, seed {seed}; {software}",
        f"options: {changed}" if changed else "options: defaults",
        *(f"note: {note}" for note in contents.notes),
    ]
    return "\n".join(lines)


def _dits(digits: Digits) -> str:
    model = digits.model
    counts = getattr(model, "num_values", None)
    if counts is None or not counts.size:
        return f"{model.num_digits} p-dits"
    least, most = int(counts.min()), int(counts.max())
    values = str(most) if least == most else f"{least} to {most}"
    return f"{model.num_digits} p-dits of {values} values, {model.num_edges} pairs"


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


def best_so_far(problem: Problem, energy: float) -> str:
    """For the progress bar."""
    if energy == float("inf"):
        return "no result yet"
    if problem.constrained:  # the state may be infeasible
        return f"lowest energy {energy:.10g}"
    from pbit.problems.core.problem import objective_at

    return f"best {problem.objective_name} {objective_at(problem, energy):.10g}"


def summary(
    problem: Problem, record: dict[str, Any], found: Evaluation, options: dict[str, Any]
) -> str:
    """The record for people."""
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
        ("work", f"{record['num_reads']} reads, {record['updates']:.3g} updates{_of(record)}"),
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


def _of(record: dict[str, Any]) -> str:
    return " of p-dits" if record["kernel"] == "digits" else ""


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
