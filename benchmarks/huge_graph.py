"""How long does one read of a huge lattice take in all, from edges or a BQM to a sample?

    python benchmarks/huge_graph.py [--side 100] [--sweeps 50] [--seed 1] [--repeats 5]
        [--json FILE] [--plot FILE]

A periodic cubic lattice with couplings +1 and -1, one read: 10^6 spins, 3 million couplings. neal
takes BQMs only, so that its model from arrays is ``BQM.from_numpy_vectors``, the fastest way there
is. Both get the same geometric schedule over pbit's default range and the heat bath; they take
turns, the first of which warms up. Openjij, ferrotherm and thrml make a Python object or call of
every coupling and are left out.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path
from typing import Any

import click
import dimod
import numpy as np
from neal import SimulatedAnnealingSampler

from instances import cubic_edges, signs
from pbit import IsingModel, PBitSampler, Schedule, anneal, default_beta_range
from pbit.machine import available_threads
from record import headline, options, pyplot, write


@dataclass(frozen=True)
class Row:
    """One sampler from one starting point: medians over the repeats, in seconds."""

    sampler: str
    start: str
    threads: int
    total_s: float
    fastest_s: float
    slowest_s: float
    sampling_s: float
    ns_per_update: float
    energy_per_spin: float


def bqm_of(rows: Any, cols: Any, weights: Any) -> dimod.BinaryQuadraticModel:
    """The BQM of these couplings, in dimod's sign."""
    linear = np.zeros(int(max(rows.max(), cols.max())) + 1)
    return dimod.BQM.from_numpy_vectors(linear, (rows, cols, -weights), 0.0, "SPIN")


def contenders(edges: Any, bqm: Any, keywords: dict[str, Any]) -> dict[tuple[str, str, int], Any]:
    """What is timed: (sampler, start, threads) and a function from seed to SampleSet."""
    found: dict[tuple[str, str, int], Callable[[int], Any]] = {
        ("neal", "edges", 1): lambda seed: SimulatedAnnealingSampler().sample(
            bqm_of(*edges), seed=seed, **keywords
        ),
        ("neal", "BQM", 1): lambda seed: SimulatedAnnealingSampler().sample(
            bqm, seed=seed, **keywords
        ),
    }
    for threads in sorted({1, available_threads()}):
        ours = keywords | {"num_threads": threads}
        found["pbit", "edges", threads] = partial(_from_edges, edges, ours)
        found["pbit", "BQM", threads] = partial(_from_bqm, bqm, ours)
    return found


def _from_bqm(bqm: Any, keywords: dict[str, Any], seed: int) -> Any:
    return PBitSampler().sample(bqm, seed=seed, **keywords)


def _from_edges(edges: Any, keywords: dict[str, Any], seed: int) -> Any:
    hot, cold = keywords["beta_range"]
    schedule = Schedule.geometric(hot, cold, num_betas=keywords["num_sweeps"])
    model = IsingModel.from_edges(*edges)
    return anneal(model, schedule, num_reads=1, seed=seed, num_threads=keywords["num_threads"])


def measure(side: int, sweeps: int, seed: int, repeats: int) -> list[Row]:
    """Rows of all contenders, taking turns."""
    ends = cubic_edges(side)
    edges = (*ends, signs(ends[0].size, np.random.default_rng(seed)).astype(np.float64))
    betas = default_beta_range(IsingModel.from_edges(*edges))
    keywords = {
        "num_reads": 1,
        "num_sweeps": sweeps,
        "beta_range": betas,
        "proposal_acceptance_criteria": "Gibbs",
    }
    runs = contenders(edges, bqm_of(*edges), keywords)
    times: dict[Any, list[tuple[float, float, float]]] = {who: [] for who in runs}
    for repeat in range(-1, repeats):
        for who, run in runs.items():
            start = time.perf_counter()
            result = run(seed + repeat + 1)
            total = time.perf_counter() - start
            sampling = result.info["timing"]["sampling_ns"] / 1e9
            energies = result.record.energy if hasattr(result, "record") else result.energies
            if repeat >= 0:
                times[who].append((total, sampling, float(np.mean(energies)) / side**3))
    updates = sweeps * side**3
    rows = []
    for who, values in times.items():
        total, sampling, energies = np.array(values).T
        rows.append(
            Row(
                who[0],
                who[1],
                who[2],
                float(np.median(total)),
                float(total.min()),
                float(total.max()),
                float(np.median(sampling)),
                1e9 * float(np.median(sampling)) / updates,
                float(energies.mean()),
            )
        )
    return rows


def draw(rows: list[Row], path: Path) -> None:
    """Total time of each contender, its sampling in a darker shade."""
    plt = pyplot()
    names = [f"{r.sampler} from {r.start}, {r.threads} thread{'s' * (r.threads > 1)}" for r in rows]
    figure, axes = plt.subplots(figsize=(8, 0.5 * len(rows) + 1), layout="constrained")
    axes.barh(names, [r.total_s for r in rows], color="tab:orange", label="all else")
    axes.barh(names, [r.sampling_s for r in rows], color="tab:blue", label="sampling")
    axes.invert_yaxis()
    axes.set_xlabel("seconds from the model's data to a sample")
    figure.legend(loc="outside upper center", ncols=2)
    figure.savefig(path, dpi=150)


@click.command()
@options
@click.option("--side", default=100, show_default=True, type=click.IntRange(3))
@click.option("--sweeps", default=50, show_default=True, type=click.IntRange(2))
def main(
    seed: int, repeats: int, json_file: Path | None, plot_file: Path | None, side: int, sweeps: int
) -> None:
    """Print seconds from a model's data to one sample, for pbit and neal."""
    what = f"{side}^3 lattice, {sweeps} sweeps, one read, median of {repeats}, seed {seed}"
    click.echo(headline(what))
    rows = measure(side, sweeps, seed, repeats)
    click.echo("sampler  start  threads  total s    min    max sampling s ns/update E per spin")
    for r in rows:
        click.echo(
            f"{r.sampler:<8} {r.start:<6} {r.threads:>7} {r.total_s:>8.2f} {r.fastest_s:>6.2f} "
            f"{r.slowest_s:>6.2f} {r.sampling_s:>10.2f} {r.ns_per_update:>9.3g} "
            f"{r.energy_per_spin:>10.4f}"
        )
    if json_file is not None:
        details = {"seed": seed, "repeats": repeats, "side": side, "sweeps": sweeps}
        write(json_file, "huge_graph", [asdict(row) for row in rows], **details)
    if plot_file is not None:
        draw(rows, plot_file)


if __name__ == "__main__":
    main()
