"""What ``pbit tts`` prints: the table and the JSON record."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pbit.cli.command import told_options
from pbit.versions import versions

if TYPE_CHECKING:
    from pbit.cli.tts import File
    from pbit.measure.tts.time_to_solution import InstanceTts, TimeToSolution

SCHEMA = 1
_MOST_FILES = 30
_BUSY = 0.85
_STOPS = {
    "budget": "the budget ended it before all reads or runs were made",
    "interrupted": "interrupted: what was measured until then",
}
_NOT_TOLD = (
    "format_",
    "target",
    "targets",
    "target_column",
    "solvers",
    "seed",
    "as_json",
    "output",
    "plot",
    "quiet",
)


def record_of(
    files: list[File], results: dict[str, TimeToSolution], options: dict[str, Any]
) -> dict[str, Any]:
    """Everything as plain data; energies are the model's, objectives those of the files."""
    problems = {file.name: file for file in files}
    solvers = {}
    for name, result in results.items():
        solvers[name] = result.to_dict()
        for row, each in zip(solvers[name]["instances"], result.instances, strict=True):
            file = problems[each.name]
            row |= {"target_objective": file.target, "best_objective": _objective(file, each)}
    stops = [result.stop_reason for result in results.values()]
    return {
        "schema": SCHEMA,
        "files": [
            {
                "file": file.name,
                "problem": file.problem.name,
                "target": file.target,
                "objective_name": file.problem.objective_name,
                "notes": list(file.notes),
            }
            for file in files
        ],
        "stop_reason": max(stops, key=("completed", "budget", "interrupted").index),
        "seed": options["seed"],
        "options": told_options({k: v for k, v in options.items() if k not in _NOT_TOLD}),
        "versions": versions(neal="neal" in results),
        "solvers": solvers,
    }


def _objective(file: File, each: InstanceTts) -> float | None:
    from pbit.problems.core.problem import objective_at

    if each.best_energy == float("inf"):
        return None
    return float(objective_at(file.problem, each.best_energy))


def table(files: list[File], results: dict[str, TimeToSolution]) -> str:
    """Medians of the solvers, each number of sweeps, and the files; 80 columns."""
    lines = _medians(results)
    for name, result in results.items():
        if len(result.lengths) > 1:
            lines += ["", f"{name} at each number of sweeps", *_lengths(result)]
    return "\n".join([*lines, "", *_by_file(files, results), *_notes(results)])


def _medians(results: dict[str, TimeToSolution]) -> list[str]:
    from pbit.measure.tts.durations import interval_text, seconds_text

    first = next(iter(results.values()))
    what = "median time" if len(first.instances) > 1 else "time"
    percent = f"{100 * first.tts.confidence:g} % interval"
    lines = [f"{'solver':<10} {'solved':>7} {what:>11}  {percent:<19} {'ratio':>6}  measured by"]
    best = min(result.tts.value for result in results.values())
    for name, result in results.items():
        value = result.tts.value
        ratio = f"{value / best:.3g}" if value < float("inf") else "-"
        by = result.measured_by
        if result.num_sweeps:
            by = "/".join(map(str, dict.fromkeys(result.num_sweeps))) + " sweeps"
        lines.append(
            f"{name:<10} {f'{result.solved}/{len(result.instances)}':>7} "
            f"{seconds_text(value):>11}  {interval_text(result.tts):<19} {ratio:>6}  {by}"
        )
    return lines


def _lengths(result: TimeToSolution) -> list[str]:
    from pbit.measure.tts.durations import interval_text, seconds_text

    lines = ["    sweeps      a read   success  solved         time   interval"]
    for each in result.lengths:
        mark = "*" if each.num_sweeps in result.num_sweeps else " "
        lines.append(
            f"{each.num_sweeps:>9} {mark} {seconds_text(each.read_s):>9} {each.success:>9.2%} "
            f"{each.solved:>7} {seconds_text(each.tts.value):>12}   {interval_text(each.tts)}"
        )
    return lines


def _by_file(files: list[File], results: dict[str, TimeToSolution]) -> list[str]:
    from pbit.measure.tts.durations import interval_text, seconds_text

    lines = [
        f"{'file':<12} {'target':>8} {'solver':<10} {'best':>8} {'hits':>10} {'time':>8} interval"
    ]
    rows = {
        name: {each.name: each for each in result.instances} for name, result in results.items()
    }
    for file in files[:_MOST_FILES]:
        for k, (name, by_name) in enumerate(rows.items()):
            if file.name not in by_name:
                continue
            each = by_name[file.name]
            left = f"{_short(file.name):<12} {file.target:>8.7g}" if k == 0 else " " * 21
            best = _objective(file, each)
            lines.append(
                f"{left} {name[:10]:<10} {'-' if best is None else f'{best:.7g}':>8} "
                f"{f'{each.hits}/{each.reads}':>10} {seconds_text(each.tts.value):>8} "
                f"{interval_text(each.tts)}"
            )
    if len(files) > _MOST_FILES:
        lines.append(f"and {len(files) - _MOST_FILES} more (--json or --output have all)")
    return lines


def _short(name: str) -> str:
    name = name.rpartition("#")[2]  # of an archive's members, what tells them apart
    return name if len(name) <= 12 else name[:10] + ".."


def _notes(results: dict[str, TimeToSolution]) -> list[str]:
    notes = []
    percent = f"{100 * next(iter(results.values())).probability:g} %"
    notes.append(f"time: until the target is reached with {percent} probability")
    if any(result.num_sweeps for result in results.values()):
        notes.append("*: chosen on one half of the reads, reported from the other")
    torn = [name for name, result in results.items() if len(set(result.num_sweeps)) > 1]
    if torn:
        notes.append(f"{', '.join(torn)}: the halves chose differently, more --reads would tell")
    edge = [name for name, result in results.items() if result.at_edge and result.num_sweeps]
    if edge:
        notes.append(f"{', '.join(edge)}: best at an end of --sweeps, others may be better")
    below = {each.name for result in results.values() for each in result.instances if each.beaten}
    if below:
        notes.append(f"better than the target: {', '.join(sorted(below))[:60]}")
    cores = [f"{name} {result.cores:.2f}" for name, result in results.items()]
    notes.append(f"cores in use: {', '.join(cores)}")
    if any(result.cores < _BUSY and result.clock == "wall" for result in results.values()):
        notes.append("other work took a part of the time: --clock cpu leaves it out")
    reasons = {result.stop_reason for result in results.values()} - {"completed"}
    return ["", *notes, *(_STOPS[reason] for reason in sorted(reasons))]
