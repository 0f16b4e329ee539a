"""How good are oscillators at maximum cut, beside simulated bifurcation, p-bits and annealing?

    python benchmarks/oscillator_solvers.py [--seed 1] [--repeats 5] [--json FILE] [--plot FILE]

Instances of the G-set (G1-G3, G22, G43) and glasses on a torus in three dimensions, with their best
known cuts; one thread, in seconds of the processor, since other work on the machine is not theirs.

1. The best and the mean cut of 100 reads of so many sweeps (or steps), in per cent of the best
   known, and what they take. Nothing is chosen for an instance.
2. The time to come within so much of the best known cut with 99 % probability: the number of sweeps
   is chosen for each family on one half of the reads and reported from the other; tempering, which
   stops at a target, is run --repeats times until then. The median over the family.

Peers, where installed: neal (dwave-neal) with its own range of temperatures; simulated-bifurcation,
discrete, its own step, its pressure growing to 1 by the last step.
"""

from __future__ import annotations

import contextlib
import io
import time
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import click
import dimod
import numpy as np

from instance_sets import cuts
from pbit import Control, IsingModel
from pbit.measure.tts.comparison import Instance, compare_solvers
from pbit.measure.tts.durations import interval_text, seconds_text
from pbit.measure.tts.time_to_solution import TimeToSolution
from pbit.solvers.effort import Effort
from pbit.solvers.solve import solve
from peers import module
from record import headline, options, pyplot, write

GSET = ("G1", "G2", "G3", "G22", "G43")
TORUS = ("sg3dl101000", "sg3dl103000", "sg3dl104000", "toruspm3-8-50", "torusg3-8")
FAMILIES = {"gset": ("gset", GSET), "torus": ("spinglass_3d_torus_optsicom", TORUS)}
SOLVERS = ("oscillator", "bifurcation", "ballistic", "anneal", "neal", "tempering")
PACKAGE = "simulated-bifurcation"


class Package:
    """The package simulated-bifurcation, as a dimod sampler."""

    def __init__(self) -> None:
        self._package, self._torch = module("simulated_bifurcation"), module("torch")
        self.parameters: dict[str, Any] = {"num_reads": [], "num_sweeps": [], "seed": []}

    def sample(self, bqm: Any, num_reads: int, num_sweeps: int, seed: int) -> Any:
        """A dimod SampleSet."""
        package, torch = self._package, self._torch
        spins = bqm.change_vartype("SPIN", inplace=False)
        labels = list(spins.variables)
        linear, (rows, cols, values), _ = spins.to_numpy_vectors(labels)
        quadratic = np.zeros((len(labels),) * 2, np.float32)
        quadratic[rows, cols] = values
        torch.manual_seed(seed)
        torch.set_num_threads(1)
        package.set_env(pressure_slope=1 / (package.get_env()["time_step"] * num_sweeps))
        with contextlib.redirect_stderr(io.StringIO()):
            found, _ = package.minimize(
                torch.tensor(quadratic), torch.tensor(linear.astype(np.float32)), domain="spin",
                agents=num_reads, max_steps=num_sweeps, mode="discrete", best_only=False,
                early_stopping=False, verbose=False,
            )  # fmt: skip
        states = found.numpy().astype(np.int8).reshape(num_reads, -1)
        return dimod.SampleSet.from_samples_bqm((states, labels), spins)


@dataclass(frozen=True)
class Quality:
    """Reads of one solver on one instance: cuts as parts of the best known."""

    instance: str
    solver: str
    reads: int
    sweeps: int
    best: float
    mean: float
    cpu_s: float


def qualities(
    solvers: dict[str, Any], cases: list[Instance], *, reads: int, sweeps: int, seed: int
) -> list[Quality]:
    """Reads of all solvers that make independent ones; the target of a case is its best cut."""
    rows = []
    for case in cases:
        for name, solver in solvers.items():
            if name == "tempering":
                continue
            spins, cpu_s = _sampled(solver, case.model, reads=reads, sweeps=sweeps, seed=seed)
            parts = cut_of(case.model, spins) / cut_at(case.model, case.target)
            best, mean = float(parts.max()), float(parts.mean())
            rows.append(Quality(case.name, name, reads, sweeps, best, mean, cpu_s))
    return rows


def _sampled(
    solver: Any, model: IsingModel, *, reads: int, sweeps: int, seed: int
) -> tuple[Any, float]:
    """Spins, and seconds of the processor of the second of two calls: the first compiles."""
    bqm = None if isinstance(solver, str) else model.to_bqm()
    for number, length in ((16, 10), (reads, sweeps)):
        start = time.process_time()
        if bqm is None:
            effort = Effort(num_reads=number, num_sweeps=length, seed=seed, num_threads=1)
            spins = solve(solver, model, effort, Control()).spins
        else:
            found = solver.sample(bqm, num_reads=number, num_sweeps=length, seed=seed)
            order = np.argsort(np.array(list(found.variables)))
            spins = found.record.sample[:, order]
        spent = time.process_time() - start
    return spins, spent


def cut_at(model: IsingModel, energy: float) -> float:
    """The cut of this energy: that of all spins alike cuts nothing."""
    return (float(model.energy(np.ones(model.num_spins, np.int8))) - energy) / 2


def cut_of(model: IsingModel, spins: Any) -> Any:
    """Cuts of states."""
    none = float(model.energy(np.ones(model.num_spins, np.int8)))
    return (none - np.asarray(model.energy(spins))) / 2


def quality_lines(rows: list[Quality]) -> list[str]:
    """A row an instance, a column a solver: best and mean in per cent, seconds."""
    solvers = list(dict.fromkeys(row.solver for row in rows))
    found = [f"{'best/mean of best known, s':<27}" + "".join(f"{name:>22}" for name in solvers)]
    for instance in dict.fromkeys(row.instance for row in rows):
        those = {row.solver: row for row in rows if row.instance == instance}
        cells = (
            f"{100 * r.best:.2f}/{100 * r.mean:.2f} {seconds_text(r.cpu_s):>7}"
            for r in (those[name] for name in solvers)
        )
        found.append(f"{instance:<27}" + "".join(f"{cell:>22}" for cell in cells))
    return found


def time_lines(family: str, results: dict[str, TimeToSolution]) -> list[str]:
    """A row a solver: solved, median time, its interval, ratio to the quickest, sweeps."""
    quickest = min(result.tts.value for result in results.values())
    found = [f"{family:<22} {'solved':>7} {'median':>8} {'95 % interval':<19} {'ratio':>6}  by"]
    for name, result in sorted(results.items(), key=lambda item: item[1].tts.value):
        value = result.tts.value
        ratio = f"{value / quickest:.3g}" if np.isfinite(value) else "-"
        by = "/".join(map(str, dict.fromkeys(result.num_sweeps))) or result.measured_by
        solved = f"{result.solved}/{len(result.instances)}"
        found.append(
            f"{name:<22} {solved:>7} {seconds_text(value):>8} {interval_text(result.tts):<19} "
            f"{ratio:>6}  {by}{'+' if result.at_edge and result.num_sweeps else ''}"
        )
    return found


def draw(times: dict[str, dict[str, TimeToSolution]], path: Path) -> None:
    """Times of all solvers, a panel a family, a point an instance."""
    plt = pyplot()
    figure, axes = plt.subplots(1, len(times), figsize=(9, 3.5), layout="constrained", sharey=True)
    for panel, (family, results) in zip(np.atleast_1d(axes), times.items(), strict=True):
        for k, result in enumerate(results.values()):
            seconds = np.array([each.tts.value for each in result.instances])
            panel.plot(np.full(seconds.size, k), seconds, "o", mfc="none", color=f"C{k}")
            panel.plot([k - 0.25, k + 0.25], [result.tts.value] * 2, color=f"C{k}")
        names = [f"{name} {r.solved}/{len(r.instances)}" for name, r in results.items()]
        panel.set_xticks(range(len(names)), names, rotation=30, ha="right")
        panel.set_yscale("log")
        panel.set_title(family)
        panel.grid(alpha=0.3)
    np.atleast_1d(axes)[0].set_ylabel("time to the quality, 99 % (s)")
    figure.savefig(path, dpi=150)


@click.command()
@options
@click.option("--reads", default=100, show_default=True, type=click.IntRange(1))
@click.option("--sweeps", default="1000,10000", show_default=True, help="Of those reads.")
@click.option("--lengths", default="100,300,1000,3000,10000,30000", show_default=True,
              help="Numbers of sweeps to choose from for the times.")  # fmt: skip
@click.option("--within", default=0.5, show_default=True, type=click.FloatRange(0, 100),
              help="Per cent of the best known cut.")  # fmt: skip
@click.option("--families", default=",".join(FAMILIES), show_default=True)
@click.option("--solvers", default=f"{','.join(SOLVERS)},{PACKAGE}", show_default=True)
@click.option("--instances", default=0, help="Of each family; 0: all.")
@click.option("--time-limit", default=10.0, show_default=True, help="Seconds of a run to a target.")
@click.option("--budget", default=10.0, show_default=True, help="Seconds a solver an instance.")
def main(
    seed: int, repeats: int, json_file: Path | None, plot_file: Path | None, reads: int,
    sweeps: str, lengths: str, within: float, families: str, solvers: str, instances: int,
    time_limit: float, budget: float,
) -> None:  # fmt: skip
    """Print how good solvers are at maximum cut, and how long they take to be as good."""
    found = _solvers([name.strip() for name in solvers.split(",")])
    choice = [int(part) for part in lengths.split(",")]
    click.echo(headline(f"maximum cut, one thread, processor seconds, seed {seed}"))
    rows: list[Quality] = []
    times: dict[str, dict[str, TimeToSolution]] = {}
    for family in families.split(","):
        folder, names = FAMILIES[family]
        chosen = list(names[: instances or None])
        best = cuts(folder, chosen)
        for number in map(int, sweeps.split(",")):
            more = qualities(found, best, reads=reads, sweeps=number, seed=seed)
            click.echo("\n".join([f"{reads} reads of {number} sweeps", *quality_lines(more), ""]))
            rows += more
        times[family] = compare_solvers(
            found, cuts(folder, chosen, share=1 - within / 100), num_reads=10**6,
            num_runs=max(2, repeats), time_limit=time_limit, clock="cpu", seed=seed,
            budget=budget * len(found) * len(chosen),
            keywords={name: {"num_sweeps": choice} for name in found if name != "tempering"},
        )  # fmt: skip
        click.echo(f"to within {within:g} % of the best known cut")
        click.echo("\n".join([*time_lines(family, times[family]), ""]))
    if json_file is not None:
        told = [{"family": family, **result.to_dict()} for family, results in times.items()
                for result in results.values()]  # fmt: skip
        write(json_file, "oscillator_solvers", [*map(asdict, rows), *told], seed=seed,
              within=within, time_limit_s=time_limit, budget_s=budget)  # fmt: skip
    if plot_file is not None:
        draw(times, plot_file)


def _solvers(names: list[str]) -> dict[str, Any]:
    """Solvers by name; peers that are not installed are told and left out."""
    found: dict[str, Any] = {name: name for name in names if name != PACKAGE}
    if PACKAGE in names:
        if module("simulated_bifurcation") is None:
            click.echo(f"not installed: {PACKAGE}")
        else:
            found[PACKAGE] = Package()
    return found


if __name__ == "__main__":
    main()
