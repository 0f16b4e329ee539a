"""How many nanoseconds does one update of a slice take, next to other quantum annealers?

    python benchmarks/slices_per_second.py [--seed 1] [--repeats 5] [--json FILE] [--plot FILE]
        [--only TEXT]

All anneal the same +-J lattices along the same path, one sweep a step: beta s on the problem and
beta gamma (1 - s) on the transverse field, s from 0.02 to 0.98, beta = 10, gamma = 3.

- slices: ``anneal_slices`` with R slices.
- bits: the classical kernel, 512 reads: what the engine makes of p-bits without imaginary time.
- openjij: ``SQASampler``, as many slices (``pip install '.[bench]'``). Metropolis, which gets lower
  than the heat bath in as many sweeps.
- dwave: ``PathIntegralAnnealingSampler`` of dwave-samplers, in continuous time: one update is one
  of a whole worldline. The last column, a sweep of a spin with all its slices, is what compares.

Times are those of sampling alone, by each sampler's own clock, on one thread; samplers take turns,
and the first turn warms up. The median and the fastest of the repeats: the latter holds on a busy
machine, too.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import click
import numpy as np
import numpy.typing as npt

from instances import lattice, signs
from pbit import IsingModel, Reads, Schedule, anneal
from pbit.samplers.imaginary_time.slice_anneal import anneal_slices
from peers import module
from record import headline, options, pyplot, write

BETA, GAMMA = 10.0, 3.0
BITS_READS = 512
# Instance, slices, sweeps, reads.
CASES = [
    ("+-J 64^2", 64, 20, 1),
    ("+-J 64^2", 64, 20, 16),
    ("+-J 8^3", 64, 200, 1),
    ("+-J 8^3", 64, 200, 16),
    ("+-J 8^3", 16, 200, 64),
]

FloatArray = npt.NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Task:
    """A model, its path, and how often it is taken."""

    model: IsingModel
    replicas: int
    steps: FloatArray
    reads: int
    seed: int


@dataclass(frozen=True)
class Row:
    """One sampler on one case: median and extremes over the repeats, mean energy of all."""

    problem: str
    sampler: str
    replicas: int
    reads: int
    sweeps: int
    ns_per_update: float
    fastest: float
    slowest: float
    ns_per_spin_sweep: float
    energy_per_spin: float


@dataclass(frozen=True, eq=False)
class Outcome:
    """Seconds of sampling, and energies."""

    seconds: float
    energies: Any

    @classmethod
    def of(cls, reads: Reads) -> Outcome:
        """Of a run of ours."""
        return cls(reads.info["timing"]["sampling_ns"] / 1e9, reads.energies)


def slices(task: Task) -> Outcome:
    """Ours."""
    schedule = Schedule(BETA * task.steps)
    gammas = GAMMA * (1 - task.steps) / task.steps
    reads = anneal_slices(
        task.model,
        schedule.with_columns(gamma=gammas),
        replicas=task.replicas,
        num_reads=task.reads,
        seed=task.seed,
        num_threads=1,
    )
    return Outcome.of(reads)


def bits(task: Task) -> Outcome:
    """The classical kernel, as hot as a slice."""
    reads = anneal(
        task.model,
        Schedule(BETA / task.replicas * task.steps),
        num_reads=BITS_READS,
        seed=task.seed,
        kernel="bits",
        num_threads=1,
    )
    return Outcome.of(reads)


def openjij(task: Task) -> Outcome | None:
    """OpenJij's annealing in discrete time."""
    peer = module("openjij")
    if peer is None:
        return None
    bqm = task.model.to_bqm()
    terms = dict(bqm.linear), dict(bqm.quadratic), bqm.offset
    model = peer.BinaryQuadraticModel(*terms, "SPIN", sparse=True)
    result = peer.SQASampler().sample(
        model,
        gamma=GAMMA,
        schedule=[(float(s), BETA, 1) for s in task.steps],
        trotter=task.replicas,
        num_reads=task.reads,
    )
    return Outcome(sum(result.info["list_exec_times"]) / 1e6, result.record.energy)


def dwave(task: Task) -> Outcome | None:
    """D-Wave's annealing in continuous time."""
    peer = module("dwave.samplers")
    if peer is None:
        return None
    result = peer.PathIntegralAnnealingSampler().sample(
        task.model.to_bqm(),
        beta_schedule_type="custom",
        Hp_field=BETA * task.steps,
        Hd_field=BETA * GAMMA * (1 - task.steps),
        num_sweeps_per_beta=1,
        num_reads=task.reads,
        seed=task.seed,
    )
    return Outcome(result.info["timing"]["sampling_ns"] / 1e9, result.record.energy)


SAMPLERS: dict[str, Callable[[Task], Outcome | None]] = {
    "slices": slices,
    "bits": bits,
    "openjij": openjij,
    "dwave": dwave,
}


def square(side: int, rng: np.random.Generator) -> IsingModel:
    """Periodic square lattice of couplings +1 and -1."""
    sites = np.arange(side**2).reshape(side, side)
    ends = np.concatenate([np.roll(sites, -1, axis).ravel() for axis in range(2)])
    weights = signs(ends.size, rng).astype(np.float64)
    return IsingModel.from_edges(np.tile(sites.ravel(), 2), ends, weights)


def instance(name: str, seed: int) -> IsingModel:
    """The instance of that name."""
    rng = np.random.default_rng(seed)
    side, dimension = name.split()[1].split("^")
    return square(int(side), rng) if dimension == "2" else lattice(int(side), signs, rng)


def measure(case: tuple[str, int, int, int], seed: int, repeats: int) -> list[Row]:
    """Rows of the samplers that are there, taking turns."""
    name, replicas, sweeps, reads = case
    model, steps = instance(name, seed), np.linspace(0.02, 0.98, sweeps)
    seconds: dict[str, list[float]] = {}
    energies: dict[str, list[float]] = {}
    for repeat in range(-1, repeats):
        task = Task(model, replicas, steps, reads, seed + repeat + 1)
        for sampler, run in SAMPLERS.items():
            found = run(task)
            if found is not None and repeat >= 0:
                seconds.setdefault(sampler, []).append(found.seconds)
                energies.setdefault(sampler, []).append(float(np.mean(found.energies)))
    return [_row(case, model.num_spins, each, seconds[each], energies[each]) for each in seconds]


def _row(
    case: tuple[str, int, int, int],
    n: int,
    sampler: str,
    seconds: list[float],
    energies: list[float],
) -> Row:
    name, replicas, sweeps, reads = case
    reads = BITS_READS if sampler == "bits" else reads
    slices_ = {"slices": replicas, "openjij": replicas}.get(sampler, 1)
    times = 1e9 * np.array(seconds) / (n * sweeps * reads * slices_)
    return Row(
        name, sampler, slices_, reads, sweeps, float(np.median(times)), float(times.min()),
        float(times.max()), float(np.median(times)) * slices_, float(np.mean(energies)) / n,
    )  # fmt: skip


def line(row: Row) -> str:
    """A row of the table, 80 columns."""
    times = f"{row.ns_per_update:>11.4g}{row.fastest:>10.4g}{row.ns_per_spin_sweep:>14.4g}"
    start = f"{row.problem:<10}{row.sampler:<9}{row.replicas:>5}{row.reads:>6}"
    return f"{start}{times}{row.energy_per_spin:>11.4f}"


def draw(rows: list[Row], path: Path) -> None:
    """Nanoseconds of a spin's sweep of every sampler, a line a case."""
    plt = pyplot()
    cases = list(dict.fromkeys(row.problem for row in rows))
    figure, axes = plt.subplots(figsize=(8, 0.8 * len(cases) + 1.6), layout="constrained")
    for marker, sampler in zip("osDv", SAMPLERS, strict=True):
        ours = [row for row in rows if row.sampler == sampler]
        places = [cases.index(row.problem) for row in ours]
        axes.plot([row.ns_per_spin_sweep for row in ours], places, marker, ls="", label=sampler)
    axes.set_yticks(range(len(cases)), cases)
    axes.set_xscale("log")
    axes.set_xlabel("nanoseconds a sweep of a spin with all its slices (left is faster)")
    axes.grid(alpha=0.3)
    figure.legend(loc="outside upper center", ncols=len(SAMPLERS))
    figure.savefig(path, dpi=150)


@click.command()
@options
@click.option("--only", default="", help="Only problems whose name contains this.")
def main(
    seed: int, repeats: int, json_file: Path | None, plot_file: Path | None, only: str
) -> None:
    """Print nanoseconds of an update and of a spin's sweep, ours and the peers'."""
    click.echo(headline(f"median of {repeats}, seed {seed}; sampling alone"))
    columns = f"{'ns/update':>11}{'fastest':>10}{'ns/spin sweep':>14}{'E per spin':>11}"
    click.echo(f"{'problem':<10}{'sampler':<9}{'R':>5}{'reads':>6}{columns}")
    rows: list[Row] = []
    for case in CASES:
        if only in case[0]:
            rows += (new := measure(case, seed, repeats))
            for row in new:
                click.echo(line(row))
    if json_file is not None:
        details = {"seed": seed, "repeats": repeats, "beta": BETA, "gamma": GAMMA}
        write(json_file, "slices_per_second", [asdict(row) for row in rows], **details)
    if plot_file is not None:
        draw(rows, plot_file)


if __name__ == "__main__":
    main()
