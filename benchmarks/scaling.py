"""How do time per update, model building and memory grow with the number of spins?

    python benchmarks/scaling.py [--largest 1e6] [--graph lattice] [--couplings gauss]
        [--seed 1] [--repeats 5] [--json FILE] [--plot FILE]

Degree 6: a periodic cubic lattice, or three random rings ("random"), which defeats caches. Real
couplings, or +1 and -1 ("signs"), which the kernel "bits" takes at 64 reads; float32 with int32
ends from beginning to end. One read and 64 reads; neal, up to 10^6 spins, with one read only, since
it runs reads one after another. One thread; pbit also with all threads on one read.

Every line is a process of its own, so that its peak of memory is its own: "base" is what it held
with everything imported and the arrays of edges made, before the model was built; "peak" its
highest. "build" is from arrays of edges to an IsingModel, or a BQM for neal; "prepare" what the
sampler does before its first sweep (colouring, choice of precision, its own copies), without
compilation; "base" lacks numba's compiler, about 100 MiB. Sweeps: at least 20, and 3 10^7 updates a
repeat; geometric from beta = 0.1 to 3, heat bath. 10^8 spins of degree 6 need several times the 8
GB that their couplings take.
"""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import click
import dimod
import numpy as np

from instances import cubic_edges, gaussian, random_edges, signs
from pbit import IsingModel, Schedule, anneal
from pbit.machine import available_threads
from record import headline, options, pyplot, write

BETAS = (0.1, 3.0)
_NEAL_LARGEST = 1_100_000
_UPDATES, _LEAST_SWEEPS = 30_000_000, 20


def measure(task: dict[str, Any]) -> dict[str, Any]:
    """One line: build the model, sample it, in this process."""
    rng = np.random.default_rng(task["seed"])
    if task["graph"] == "lattice":
        rows, cols = cubic_edges(round(task["spins"] ** (1 / 3)))
    else:
        rows, cols = random_edges(task["spins"], rng)
    weights = (gaussian if task["couplings"] == "gauss" else signs)(rows.size, rng)
    n, reads = task["spins"], task["reads"]
    sweeps = max(_LEAST_SWEEPS, _UPDATES // (n * reads))
    run = _neal if task["sampler"] == "neal" else _pbit
    base = _peak()
    found = run((rows, cols, weights), sweeps, task)
    nanoseconds = [1e9 * s / (n * reads * sweeps) for s in found.pop("seconds")]
    return (
        task
        | found
        | {
            "sweeps": sweeps,
            "ns_per_update": float(np.median(nanoseconds)),
            "fastest": min(nanoseconds),
            "slowest": max(nanoseconds),
            "base_bytes": base,
            "peak_bytes": _peak(),
        }
    )


def _peak() -> int:
    """Highest resident memory so far."""
    highest = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return int(highest) * (1 if sys.platform == "darwin" else 1024)


def _pbit(edges: Any, sweeps: int, task: dict[str, Any]) -> dict[str, Any]:
    start = time.perf_counter()
    model = IsingModel.from_edges(*edges)
    build = time.perf_counter() - start
    del edges
    schedule = Schedule.geometric(*BETAS, num_betas=sweeps)
    seconds, prepare = [], []
    for repeat in range(-1, task["repeats"]):
        run = anneal(
            model,
            schedule,
            num_reads=task["reads"],
            seed=task["seed"] + repeat + 1,
            num_threads=task["threads"],
        )
        if repeat >= 0:
            seconds.append(run.info["timing"]["sampling_ns"] / 1e9)
            prepare.append(run.info["timing"]["preprocessing_ns"] / 1e9)
    return {
        "build_s": build,
        "prepare_s": float(np.median(prepare)),
        "seconds": seconds,
        "kernel": run.info["kernel"],
        "energy_per_spin": float(run.energies.mean()) / model.num_spins,
    }


def _neal(edges: Any, sweeps: int, task: dict[str, Any]) -> dict[str, Any]:
    from neal import SimulatedAnnealingSampler

    rows, cols, weights = edges
    start = time.perf_counter()
    linear = np.zeros(task["spins"])
    bqm = dimod.BQM.from_numpy_vectors(linear, (rows, cols, -weights), 0.0, "SPIN")
    build = time.perf_counter() - start
    seconds, prepare = [], []
    for repeat in range(-1, task["repeats"]):
        run = SimulatedAnnealingSampler().sample(
            bqm,
            num_reads=task["reads"],
            num_sweeps=sweeps,
            beta_range=BETAS,
            seed=task["seed"] + repeat + 1,
            proposal_acceptance_criteria="Gibbs",
        )
        if repeat >= 0:
            seconds.append(run.info["timing"]["sampling_ns"] / 1e9)
            prepare.append(run.info["timing"]["preprocessing_ns"] / 1e9)
    return {
        "build_s": build,
        "prepare_s": float(np.median(prepare)),
        "seconds": seconds,
        "kernel": "-",
        "energy_per_spin": float(run.record.energy.mean()) / task["spins"],
    }


def in_a_process(task: dict[str, Any]) -> dict[str, Any]:
    """The same in a process of its own.

    Raises
    ------
    click.ClickException
        It was ended by the system, most likely for want of memory, or by an error.
    """
    command = [sys.executable, str(Path(__file__)), "--worker", json.dumps(task)]
    run = subprocess.run(command, capture_output=True, text=True)
    if run.returncode:
        last = (run.stderr.strip().splitlines() or ["no message: out of memory?"])[-1]
        raise click.ClickException(f"exit status {run.returncode}: {last}")
    found: dict[str, Any] = json.loads(run.stdout)
    return found


def sizes(largest: float) -> list[int]:
    """Cubes of even numbers next to the powers of ten."""
    powers = np.arange(3, np.log10(largest) + 1e-9)
    return [int(2 * round(10 ** (p / 3) / 2)) ** 3 for p in powers]


def tasks(largest: float, common: dict[str, Any]) -> list[dict[str, Any]]:
    """All lines."""
    found = []
    for n in sizes(largest):
        lines = [("pbit", 1, 1), ("pbit", 64, 1)]
        if available_threads() > 1:
            lines.append(("pbit", 1, available_threads()))
        if n <= _NEAL_LARGEST:
            lines.append(("neal", 1, 1))
        for sampler, reads, threads in lines:
            line = {"sampler": sampler, "spins": n, "reads": reads, "threads": threads}
            found.append(line | common)
    return found


def draw(rows: list[dict[str, Any]], path: Path) -> None:
    """Time per update, building and memory over the number of spins, log-log."""
    plt = pyplot()
    figure, axes = plt.subplots(1, 3, figsize=(13, 4.2), layout="constrained")
    lines = list(dict.fromkeys((r["sampler"], r["reads"], r["threads"]) for r in rows))
    for marker, (sampler, reads, threads) in zip("osDv^", lines, strict=False):
        ours = [
            r for r in rows if (r["sampler"], r["reads"], r["threads"]) == (sampler, reads, threads)
        ]
        label = f"{sampler}, {reads} read{'s' * (reads > 1)}, {threads} thread{'s' * (threads > 1)}"
        spins = [r["spins"] for r in ours]
        columns = (
            [r["ns_per_update"] for r in ours],
            [r["build_s"] + r["prepare_s"] for r in ours],
            [r["peak_bytes"] / 2**20 for r in ours],
        )
        for panel, values in zip(axes, columns, strict=True):
            panel.loglog(spins, values, marker=marker, label=label, alpha=0.8)
    for panel, title in zip(
        axes, ("ns an update", "s to build and prepare", "MiB at the peak"), strict=True
    ):
        panel.set_xlabel("spins")
        panel.set_ylabel(title)
        panel.grid(alpha=0.3, which="both")
    axes[1].legend(fontsize=8)
    figure.savefig(path, dpi=150)


@click.command()
@options
@click.option("--largest", default=1e6, show_default=True, type=click.FloatRange(1e3, 1e8))
@click.option("--graph", default="lattice", type=click.Choice(["lattice", "random"]))
@click.option("--couplings", default="gauss", type=click.Choice(["gauss", "signs"]))
@click.option("--reads", default=0, help="Only lines with so many reads.")
@click.option("--smallest", default=1e3, help="Leave out smaller ones.")
@click.option("--worker", hidden=True)
def main(
    seed: int, repeats: int, json_file: Path | None, plot_file: Path | None, largest: float,
    graph: str, couplings: str, reads: int, smallest: float, worker: str | None,
) -> None:  # fmt: skip
    """Print time, building and memory of growing models."""
    if worker is not None:
        click.echo(json.dumps(measure(json.loads(worker))))
        return
    common = {"graph": graph, "couplings": couplings, "seed": seed, "repeats": repeats}
    click.echo(headline(f"{graph}, {couplings}, median of {repeats}, seed {seed}"))
    click.echo("    spins     reads thr kernel ns/update build s prep s  base  peak MiB      E/n")
    rows = []
    if smallest <= 1e3:
        for task in tasks(1e3, common | {"repeats": 1}):
            in_a_process(task)  # compiles
    for task in tasks(largest, common):
        if task["spins"] < 0.9 * smallest or (reads and task["reads"] != reads):
            continue
        try:
            r = in_a_process(task)
        except click.ClickException as error:
            click.echo(
                f"{task['spins']:>9} {task['sampler']:<5}{task['reads']:>4}  {error.message}"
            )
            continue
        rows.append(r)
        click.echo(
            f"{r['spins']:>9} {r['sampler']:<5}{r['reads']:>4}{r['threads']:>4} {r['kernel']:<6}"
            f"{r['ns_per_update']:>10.3g}{r['build_s']:>8.2f}{r['prepare_s']:>7.2f}"
            f"{r['base_bytes'] / 2**20:>6.0f}{r['peak_bytes'] / 2**20:>10.0f}"
            f"{r['energy_per_spin']:>9.4f}"
        )
    if json_file is not None:
        write(json_file, "scaling", rows, **common)
    if plot_file is not None:
        draw(rows, plot_file)


if __name__ == "__main__":
    main()
