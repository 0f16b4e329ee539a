"""The lowest energy after T seconds: ours, chosen by itself and each solver alone, and others'.

Every solver gets the same instances, times and threads in the same run, one after the other on each
instance, and the time of its whole call but for compilation counts. Those that have no clock of
their own make reads that fill the time, by the rate of a short call: neal with 1, 8 and 64 reads,
openjij's annealing and quantum annealing with as many reads as threads, and our own read of
Metropolis ("one read"), which is the rival of the rounds. tabu (dwave-samplers) and the package
simulated-bifurcation are called again until the time is over.

The gap is that to the lowest energy known or found here, in parts of it; what is added up is the
area under the gap over the logarithm of the time. "lost" counts the instances on which another
solver ended lower than auto did.

PBIT_DATA is the folder of the sets (see instance_sets.py).
"""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click
import dimod
import numpy as np

from instance_sets import SETS, load
from pbit import Control, IsingModel, Schedule, anneal, default_beta_range, descend
from pbit.measure.tts.comparison import Instance
from pbit.solvers.effort import Effort
from pbit.solvers.registry import solver_names
from pbit.solvers.solve import solve
from peers import module
from record import headline, options, pyplot, write

Run = Callable[[Instance, float, int, int], float]
_FULL = 0.93  # of the time that reads made to fill it are to take
_TRIAL = 0.03
_SWEEPS = 20  # of a first trial
_LINEAR = 1e-5  # below that gaps are drawn to a linear scale
# Sets and how many of them: what they are made of differs more than their instances do.
DEFAULT = (
    "gset:0:12 torus:0:4 ea3d:8:2 ea3d:12:2 ea3d:16:2 3r3x:64:2 sk:100:2 wishart:30:2 "
    "be:0:2 beasley:0:2 gka:0:2 rudy:0:3 ising:0:4"
)


def ours(name: str, **effort: Any) -> Run:
    """A solver of ours by name."""

    def run(case: Instance, seconds: float, seed: int, threads: int) -> float:
        asked = Effort(seed=seed, num_threads=threads, **effort)
        reads = solve(name, case.model, asked, Control(time_limit_s=seconds))
        return float(reads.energies.min())

    return run


def one_read(case: Instance, seconds: float, seed: int, threads: int) -> float:
    """Reads, one a thread, as long as the time is."""
    ends = default_beta_range(case.model)

    def reads(sweeps: int) -> Any:
        schedule = Schedule.geometric(*ends, num_betas=sweeps)
        return anneal(
            case.model, schedule, num_reads=threads, seed=seed, rule="metropolis",
            num_threads=threads, best_seen=True,
        )  # fmt: skip

    reads(2)
    found = reads(_sweeps_for(reads, seconds))
    return float(descend(case.model, found.spins, num_threads=1).energies.min())


def neal(num_reads: int) -> Run:
    """neal with so many reads that fill the time."""

    def run(case: Instance, seconds: float, seed: int, threads: int) -> float:
        from neal import SimulatedAnnealingSampler

        bqm = _bqm_of(case)
        sampler = SimulatedAnnealingSampler()

        def reads(sweeps: int) -> Any:
            return sampler.sample(bqm, num_reads=num_reads, num_sweeps=sweeps, seed=seed)

        return float(reads(_sweeps_for(reads, seconds)).record.energy.min())

    return run


_LARGEST_TABU = 10_000  # spins


def tabu(case: Instance, seconds: float, seed: int, threads: int) -> float:
    """dwave-samplers' tabu search, with its defaults, for the time; not for the largest models."""
    from dwave.samplers import TabuSampler

    if case.model.num_spins > _LARGEST_TABU:
        raise ValueError("its matrix of all pairs takes hours to fill")
    timeout = max(1, int(1000 * seconds))
    return float(
        TabuSampler().sample(_bqm_of(case), num_reads=1, timeout=timeout, seed=seed).first.energy
    )


def openjij(kind: str) -> Run:
    """OpenJij's SASampler or SQASampler."""

    def run(case: Instance, seconds: float, seed: int, threads: int) -> float:
        oj = module("openjij")
        bqm = _bqm_of(case).change_vartype("SPIN", inplace=False)
        model = oj.BinaryQuadraticModel(
            dict(bqm.linear), dict(bqm.quadratic), bqm.offset, "SPIN", sparse=True
        )
        sampler = getattr(oj, kind)()

        def reads(sweeps: int) -> Any:
            return sampler.sample(model, num_reads=1, num_sweeps=sweeps)

        return float(reads(_sweeps_for(reads, seconds)).record.energy.min())

    return run


def bifurcation_package(case: Instance, seconds: float, seed: int, threads: int) -> float:
    """The package simulated-bifurcation, call after call until the time is over."""
    torch, package = module("torch"), module("simulated_bifurcation")
    torch.set_num_threads(threads)
    torch.manual_seed(seed)
    model = case.model
    assert isinstance(model, IsingModel)
    matrix = torch.tensor(-0.5 * model.J.toarray(), dtype=torch.float32)
    vector = torch.tensor(-model.h, dtype=torch.float32)
    end, lowest = time.perf_counter() + seconds, np.inf
    while time.perf_counter() < end:
        spins, _ = package.minimize(
            matrix, vector, domain="spin", agents=16, best_only=True, verbose=False,
            timeout=max(0.1, end - time.perf_counter()),
        )  # fmt: skip
        lowest = min(lowest, float(model.energy(spins.numpy().astype(np.int8)[None])[0]))
    return lowest


def _bqm_of(case: Instance) -> dimod.BinaryQuadraticModel:
    assert isinstance(case.model, IsingModel)
    return case.model.to_bqm()


def _sweeps_for(reads: Callable[[int], Any], seconds: float) -> int:
    """Sweeps of a call that fills the time, by calls that take a small part of it."""
    sweeps = _SWEEPS
    while True:
        start = time.perf_counter()
        reads(sweeps)
        took = time.perf_counter() - start
        if took > _TRIAL * seconds:
            return max(1, int(_FULL * seconds * sweeps / took))
        sweeps *= 3


RUNS: dict[str, Run] = {
    **{name: ours(name) for name in solver_names() if name not in ("neal", "portfolio")},
    "pbit metropolis": ours("pbit", rule="metropolis"),
    "one read": one_read,
    "neal 1": neal(1),
    "neal 8": neal(8),
    "neal 64": neal(64),
    "tabu": tabu,
    "openjij SA": openjij("SASampler"),
    "openjij SQA": openjij("SQASampler"),
    "sb package": bifurcation_package,
}
_NEEDS = {"openjij": "openjij", "sb package": "simulated_bifurcation"}


def present(name: str) -> bool:
    """Whether what it needs is installed."""
    return all(module(what) for start, what in _NEEDS.items() if name.startswith(start))


def gaps(rows: list[dict[str, Any]]) -> None:
    """Set "gap" of each row: what its energy is above the lowest, in parts of it."""
    lowest: dict[str, float] = defaultdict(lambda: np.inf)
    for row in rows:
        lowest[row["instance"]] = min(lowest[row["instance"]], row["energy"], row["known"])
    for row in rows:
        least = lowest[row["instance"]]
        row["gap"] = (row["energy"] - least) / max(1e-12, abs(least))


def table(rows: list[dict[str, Any]]) -> list[str]:
    """Mean gap by solver and time, the area under it, and the instances where auto was higher."""
    times = sorted({row["seconds"] for row in rows})
    names = list(dict.fromkeys(row["solver"] for row in rows))
    by = {(row["solver"], row["seconds"], row["instance"]): row["energy"] for row in rows}
    gap = {(row["solver"], row["seconds"], row["instance"]): row["gap"] for row in rows}
    cases = list(dict.fromkeys(row["instance"] for row in rows))
    lines = [
        f"{'mean gap, 1e-4':<16}" + "".join(f"{f'{t:g} s':>9}" for t in times) + "    area"
        + "".join(f"{f'lost {t:g}':>9}" for t in times)
    ]  # fmt: skip
    for name in names:
        means = [np.mean([gap[name, t, case] for case in cases]) * 1e4 for t in times]
        area = np.trapezoid(means, np.log10(times)) if len(times) > 1 else np.nan
        lost = [
            sum(lower(by[name, t, case], by.get(("auto", t, case), -np.inf)) for case in cases)
            for t in times
        ]
        lines.append(
            f"{name:<16}" + "".join(f"{mean:>9.3f}" for mean in means) + f"{area:>8.2f}"
            + "".join(f"{count:>9}" for count in lost)
        )  # fmt: skip
    for t in times:
        rivals = [
            (case, min((by[name, t, case], name) for name in names if name != "auto"))
            for case in cases
        ]
        lost_to = [
            (case, energy, name)
            for case, (energy, name) in rivals
            if lower(energy, by.get(("auto", t, case), -np.inf))
        ]
        share = 1 - len(lost_to) / len(cases)
        lines += ["", f"{t:g} s: auto is no worse than every other on {share:.1%} of {len(cases)}"]
        lines += [
            f"  {case:<22} auto {by['auto', t, case]:.8g}, {name} {energy:.8g}"
            for case, energy, name in lost_to
        ]
    return lines


def lower(energy: float, other: float) -> bool:
    """Whether one energy is below another by more than rounding."""
    return bool(energy < other - 1e-9 * max(1.0, abs(other)))


def draw(rows: list[dict[str, Any]], path: Path) -> None:
    """Mean gap over time."""
    plt = pyplot()
    figure, axes = plt.subplots(figsize=(7, 4.5), layout="constrained")
    times = sorted({row["seconds"] for row in rows})
    for k, name in enumerate(dict.fromkeys(row["solver"] for row in rows)):
        means = [
            np.mean([r["gap"] for r in rows if r["solver"] == name and r["seconds"] == t])
            for t in times
        ]
        style: dict[str, Any] = {"linestyle": "-" if k < 10 else "--"}
        if name == "auto":
            style = {"linewidth": 3, "color": "black", "zorder": 5}
        axes.plot(times, means, marker="o", label=name, **style)
    axes.set_xscale("log")
    axes.set_yscale("symlog", linthresh=_LINEAR)  # many a mean is 0
    axes.set_ylim(-_LINEAR / 5, 2 * axes.dataLim.ymax)
    axes.set_xlabel("time limit (s)")
    axes.set_ylabel("mean gap to the lowest energy, in parts of it")
    axes.grid(alpha=0.3)
    axes.set_xticks(times, [f"{t:g}" for t in times])
    axes.set_xticks([], minor=True)
    figure.legend(fontsize=7, loc="outside right upper")
    figure.savefig(path, dpi=150)


def instances(sets: str, first: int) -> list[Instance]:
    """Instances of ``name:size:count`` with blanks between."""
    found = []
    for part in sets.split():
        name, size, count = part.split(":")
        if name not in SETS:
            raise click.UsageError(f"--sets: {name} is none of {', '.join(sorted(SETS))}")
        every = load(name, int(size), first=first, count=10**6)
        step = max(1, len(every) // int(count))
        found += every[::step][: int(count)]
    return found


@click.command()
@options
@click.option("--sets", default=DEFAULT, help="name:size:count, with blanks; size 0 for any.")
@click.option("--first", default=0, show_default=True, type=click.IntRange(0))
@click.option("--times", default="1,3", show_default=True, help="Seconds, with commas.")
@click.option("--threads", default=1, show_default=True, type=click.IntRange(1))
@click.option("--solvers", default=",".join(RUNS), help="With commas; auto is one of them.")
def main(
    seed: int, repeats: int, json_file: Path | None, plot_file: Path | None, sets: str, first: int,
    times: str, threads: int, solvers: str,
) -> None:  # fmt: skip
    """Print mean gaps after given times, and where auto lost; --repeats is not used."""
    names = [name.strip() for name in solvers.split(",")]
    unknown = [name for name in names if name not in RUNS]
    if unknown or "auto" not in names:
        raise click.UsageError(f"--solvers must have auto, and others of {', '.join(RUNS)}")
    limits = [float(part) for part in times.split(",")]
    cases = instances(sets, first)
    absent = [name for name in names if not present(name)]
    names = [name for name in names if name not in absent]
    click.echo(headline(f"{len(cases)} instances, {threads} threads, seed {seed}"))
    if absent:
        click.echo(f"not installed: {', '.join(absent)}")
    rows = []
    for case in cases:
        for limit in limits:
            for name in names:
                try:
                    start = time.perf_counter()
                    energy = RUNS[name](case, limit, seed, threads)
                    took = time.perf_counter() - start
                except (AssertionError, ValueError, TypeError):
                    energy, took = np.inf, 0.0  # it does not take such models
                rows.append(
                    {"instance": case.name, "known": case.target, "spins": case.model.num_spins,
                     "solver": name, "seconds": limit, "energy": energy, "took": took}
                )  # fmt: skip
        told = ", ".join(f"{r['solver']} {r['energy']:.8g}" for r in rows[-len(names) :])
        click.echo(f"{case.name}: {told}", err=True)
    gaps(rows)
    click.echo("\n".join(table(rows)))
    if json_file is not None:
        write(json_file, "anytime", rows, seed=seed, threads=threads, sets=sets)
    if plot_file is not None:
        draw(rows, plot_file)


if __name__ == "__main__":
    main()
