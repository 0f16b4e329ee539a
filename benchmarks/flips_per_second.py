"""How many nanoseconds does one update take, next to other samplers, and at what quality?

    python benchmarks/flips_per_second.py [--seed 1] [--repeats 5] [--json FILE] [--plot FILE]
        [--only TEXT]

neal always takes part; openjij, ferrotherm and thrml where they are installed
(``pip install '.[bench]'``). A column is "-" where a sampler is missing or cannot do the row:
openjij knows Metropolis only, ferrotherm and thrml the heat bath only; :mod:`peers` says how each
is called and where its API forbids an equal footing.

All get the same instances, reads and betas: geometric over pbit's default range (neal's own goes
to beta = 8e8 on the SK model, whose smallest coupling is tiny), one sweep at each beta. They take
turns; the first turn warms up. An update is an attempt, whether the spin flips or not; times are
those of sampling alone. One thread, but for the rows of pbit that say otherwise.

"ratio" is the time of the fastest peer over that of pbit: below 1 pbit loses. One huge graph, model
building included: ``huge_graph.py``.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import click
import numpy as np

from instances import complete, gaussian, lattice, signs, xorsat
from pbit import default_beta_range
from pbit.machine import available_threads
from pbit.models.polynomial import AnyModel
from peer_thrml import thrml
from peers import Outcome, Problem, Task, ferrotherm, neal, openjij, pbit
from record import headline, options, pyplot, write

SAMPLERS: dict[str, Any] = {
    "pbit": pbit,
    "neal": neal,
    "openjij": openjij,
    "ferrotherm": ferrotherm,
    "thrml": thrml,
}
BOTH = ("Gibbs", "Metropolis")
# Instance, sweeps, reads, rules.
CASES: list[tuple[str, int, int, tuple[str, ...]]] = [
    ("Gauss 16^3", 100, 64, BOTH),
    ("+-J 8^3", 1000, 64, BOTH),
    ("+-J 8^3", 500, 512, BOTH),
    ("+-J 16^3", 100, 64, BOTH),
    ("+-J 16^3", 50, 512, BOTH),
    ("SK 1000", 50, 64, BOTH),
    ("+-1 2000", 25, 64, BOTH),
    ("XORSAT 1024", 200, 64, BOTH),
    ("XORSAT 1024", 200, 512, BOTH),
    ("+-J 8^3", 5000, 1, BOTH),
    ("Gauss 16^3", 500, 1, ("Gibbs",)),
    ("+-J 16^3", 500, 1, ("Gibbs",)),
    ("SK 1000", 100, 1, ("Gibbs",)),
    ("XORSAT 1024", 2000, 1, ("Gibbs",)),
]
ON_ALL_THREADS = [("+-J 8^3", 512), ("+-J 16^3", 512), ("Gauss 16^3", 64), ("SK 1000", 64)]


@dataclass(frozen=True)
class Row:
    """One sampler on one case: median and extremes over the repeats, energies of all of them."""

    problem: str
    sampler: str
    kernel: str
    rule: str
    reads: int
    sweeps: int
    threads: int
    ns_per_update: float
    fastest: float
    slowest: float
    energy_per_spin: float
    standard_error: float


def instance(name: str, seed: int) -> AnyModel:
    """The instance of that name."""
    rng = np.random.default_rng(seed)
    kind, size = name.split()
    if kind == "XORSAT":
        return xorsat(int(size), rng)
    if kind == "SK":
        return complete(int(size), gaussian, rng)
    if kind == "+-1":
        return complete(int(size), signs, rng)
    return lattice(int(size.split("^")[0]), gaussian if kind == "Gauss" else signs, rng)


def measure(problem: Problem, sweeps: int, task: dict[str, Any], repeats: int) -> list[Row]:
    """Rows of the samplers that can do this case, taking turns."""
    betas = np.geomspace(*default_beta_range(problem.model), sweeps)
    outcomes: dict[str, list[Outcome]] = {}
    for repeat in range(-1, repeats):
        for name, run in SAMPLERS.items():
            if repeat > -1 and name not in outcomes:
                continue
            now = Task(**task | {"betas": betas, "seed": task["seed"] + repeat + 1})
            outcome = run(problem, now)
            if outcome is not None:
                outcomes.setdefault(name, []).append(outcome)
    n = problem.model.num_spins
    return [_row(problem.name, name, runs[1:], sweeps, n, task) for name, runs in outcomes.items()]


def _row(
    problem: str, sampler: str, runs: list[Outcome], sweeps: int, n: int, task: dict[str, Any]
) -> Row:
    updates = task["reads"] * sweeps * n
    times = [1e9 * run.seconds / updates for run in runs]
    energies = np.concatenate([run.energies for run in runs]) / n
    error = float(energies.std(ddof=1) / np.sqrt(energies.size)) if energies.size > 1 else np.nan
    return Row(
        problem, sampler, runs[0].kernel, task["rule"], task["reads"], sweeps, task["threads"],
        float(np.median(times)), min(times), max(times), float(energies.mean()), error,
    )  # fmt: skip


def line(rows: list[Row]) -> str:
    """Two lines, 80 columns: nanoseconds an update and energy per spin of each sampler."""
    found = {row.sampler: row for row in rows}
    ours = found["pbit"]
    times = [_number(found[s].ns_per_update, 3) if s in found else "-" for s in SAMPLERS]
    energies = [f"{found[s].energy_per_spin:.4f}"[:7] if s in found else "" for s in SAMPLERS]
    fastest = min((row.ns_per_update for row in rows if row is not ours), default=None)
    ratio = "-" if fastest is None else f"{fastest / ours.ns_per_update:.2g}"
    rule = {"Gibbs": "heat", "Metropolis": "Metr"}[ours.rule]
    start = f"{ours.problem:<12}{rule:<5}{ours.reads:>5}{ours.threads:>4} {ours.kernel:<6}"
    below = "".join(f"{x:>8}" for x in energies).rstrip()
    return f"{start}{''.join(f'{x:>8}' for x in times)}{ratio:>6}\n{'E per spin':>33}{below}"


def _number(x: float, digits: int) -> str:
    """So many significant digits, never with an exponent."""
    whole = len(str(int(abs(x)))) if abs(x) >= 1 else 0
    return f"{x:.{max(0, digits - whole)}f}"


def draw(rows: list[Row], path: Path) -> None:
    """Nanoseconds an update of every sampler, a group of bars a case."""
    plt = pyplot()
    cases = list(dict.fromkeys((r.problem, r.rule, r.reads, r.threads) for r in rows))
    figure, axes = plt.subplots(figsize=(11, 0.34 * len(cases) + 1.6), layout="constrained")
    for k, sampler in enumerate(SAMPLERS):
        ours = [r for r in rows if r.sampler == sampler]
        if not ours:
            continue
        places = [cases.index((r.problem, r.rule, r.reads, r.threads)) for r in ours]
        axes.plot([r.ns_per_update for r in ours], places, "osDv^"[k], label=sampler, alpha=0.8)
    axes.set_yticks(range(len(cases)))
    axes.set_yticklabels(
        f"{name}, {rule}, {reads} read{'s' * (reads > 1)}"
        + (f", {threads} threads" if threads > 1 else "")
        for name, rule, reads, threads in cases
    )
    axes.invert_yaxis()
    axes.set_xscale("log")
    axes.set_xlabel("nanoseconds an update (left is faster)")
    axes.grid(alpha=0.3)
    figure.legend(loc="outside upper center", ncols=len(SAMPLERS))
    figure.savefig(path, dpi=150)


@click.command()
@options
@click.option("--only", default="", help="Only problems whose name contains this.")
def main(
    seed: int, repeats: int, json_file: Path | None, plot_file: Path | None, only: str
) -> None:
    """Print nanoseconds per update of PBitSampler and its peers."""
    click.echo(headline(f"median of {repeats}, seed {seed}; ns an update, then energy per spin"))
    names = "".join(f"{name if len(name) < 8 else name[:5] + '.':>8}" for name in SAMPLERS)
    click.echo(f"{'problem':<12}{'rule':<5}{'reads':>5}{'thr':>4} {'kernel':<6}{names}{'ratio':>6}")
    rows: list[Row] = []
    problems: dict[str, Problem] = {}
    for name, sweeps, reads, rules in CASES:
        if only not in name:
            continue
        problem = problems.setdefault(name, Problem(name, instance(name, seed)))
        for rule in rules:
            many = (name, reads) in ON_ALL_THREADS and rule == "Gibbs"
            for threads in sorted({1, available_threads() if many else 1}):
                task = {"rule": rule, "reads": reads, "seed": seed, "threads": threads}
                rows += (new := measure(problem, sweeps, task, repeats))
                click.echo(line(new))
    if json_file is not None:
        details = {"seed": seed, "repeats": repeats}
        write(json_file, "flips_per_second", [asdict(row) for row in rows], **details)
    if plot_file is not None:
        draw(rows, plot_file)


if __name__ == "__main__":
    main()
