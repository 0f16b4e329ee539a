"""What does population annealing cost next to the same sweeps without it?

    python benchmarks/population_cost.py [--members 2048] [--sweeps 10] [--seed 1] [--repeats 5]
        [--json FILE] [--plot FILE]

Flips per second of `population_anneal` with steps of its own choice, and of `anneal` with the same
kernel through the same betas, as many reads as members, one thread; the two take turns. What is
between them is choosing the steps, counting energies, copying members and the books. A ratio over
one: `anneal` goes over to another loop where it is cold (kernel "dense").
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click
import numpy as np

from instances import complete, gaussian, lattice, signs, xorsat
from pbit import Schedule, anneal, population_anneal
from pbit.models.polynomial import AnyModel
from record import headline, options, pyplot, write


def instances(seed: int) -> dict[str, tuple[AnyModel, float]]:
    """Models by name, and the last beta."""
    rng = np.random.default_rng(seed)
    return {
        "+-J 8^3": (lattice(8, signs, rng), 3.0),
        "Gauss 8^3": (lattice(8, gaussian, rng), 3.0),
        "SK 256": (complete(256, gaussian, rng), 2.0),
        "3R3X 256": (xorsat(256, rng), 2.0),
    }


def rate(info: dict[str, Any]) -> float:
    """Flips per second."""
    return float(1e9 * info["updates"] / info["timing"]["sampling_ns"])


def measure(
    name: str, model: AnyModel, beta: float, *, members: int, sweeps: int, seed: int, repeats: int
) -> dict[str, Any]:
    """One line."""
    ours, plain, info = [], [], {}
    for k in range(repeats + 1):  # the first warms up
        population = population_anneal(
            model,
            population_size=members,
            beta=beta,
            sweeps_per_beta=sweeps,
            seed=seed + k,
            num_threads=1,
        )
        info = population.info
        schedule = Schedule(population.steps.betas[1:], sweeps)
        reads = anneal(
            model, schedule, num_reads=members, seed=seed, num_threads=1, kernel=info["kernel"]
        )
        ours.append(rate(info))
        plain.append(rate(reads.info))
    ratios = np.array(ours[1:]) / np.array(plain[1:])
    return {
        "problem": name,
        "kernel": info["kernel"],
        "members": members,
        "betas": info["num_betas"],
        "population_flips_per_s": float(np.median(ours[1:])),
        "anneal_flips_per_s": float(np.median(plain[1:])),
        "ratio": float(np.median(ratios)),
        "lowest": float(ratios.min()),
        "highest": float(ratios.max()),
    }


def draw(rows: list[dict[str, Any]], path: Path) -> None:
    """Ratios, with their range."""
    plt = pyplot()
    figure, panel = plt.subplots(figsize=(6, 3.2), layout="constrained")
    ratio = np.array([[r[key] for r in rows] for key in ("lowest", "ratio", "highest")])
    spread = np.abs(np.diff(ratio, axis=0))
    panel.errorbar(range(len(rows)), ratio[1], yerr=spread, fmt="o", capsize=3)
    panel.set_xticks(range(len(rows)), [r["problem"] for r in rows])
    panel.set_ylabel("flips per second, of plain annealing's")
    panel.set_ylim(0)
    panel.grid(alpha=0.3)
    figure.savefig(path, dpi=150)


@click.command()
@options
@click.option("--members", default=2048, show_default=True, type=click.IntRange(1))
@click.option("--sweeps", default=10, show_default=True, type=click.IntRange(1))
def main(
    seed: int,
    repeats: int,
    json_file: Path | None,
    plot_file: Path | None,
    members: int,
    sweeps: int,
) -> None:
    """Print flips per second with and without a population."""
    click.echo(
        headline(
            f"one thread, median of {repeats}, seed {seed}, {members} members, {sweeps} sweeps a "
            "beta"
        )
    )
    click.echo("problem     kernel  betas   Gflips/s    plain   ratio  (range)")
    rows = []
    for name, (model, beta) in instances(seed).items():
        r = measure(name, model, beta, members=members, sweeps=sweeps, seed=seed, repeats=repeats)
        rows.append(r)
        click.echo(
            f"{name:<12}{r['kernel']:<7}{r['betas']:>6}{r['population_flips_per_s'] / 1e9:>11.2f}"
            f"{r['anneal_flips_per_s'] / 1e9:>9.2f}{r['ratio']:>8.2f}"
            f"  ({r['lowest']:.2f} to {r['highest']:.2f})"
        )
    if json_file is not None:
        write(json_file, "population_cost", rows, seed=seed, repeats=repeats, sweeps=sweeps)
    if plot_file is not None:
        draw(rows, plot_file)


if __name__ == "__main__":
    main()
