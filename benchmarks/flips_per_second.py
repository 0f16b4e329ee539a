"""How many nanoseconds does one update take, next to neal, in one run and at what quality?

    python benchmarks/flips_per_second.py [--seed 1] [--repeats 5] [--json FILE]

Single thread, same instances, same geometric schedule over pbit's default range of beta (neal's
own goes to beta = 8e8 on the SK model, whose smallest coupling is tiny), same number of sweeps.
PBitSampler and neal take turns. An update is an attempt, whether the spin flips or not.
"""

from __future__ import annotations

import json
import platform
import subprocess
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import click
import dimod
import numpy as np
from neal import SimulatedAnnealingSampler

from pbit import IsingModel, PBitSampler, default_beta_range
from pbit.versions import versions


@dataclass(frozen=True)
class Row:
    """One sampler on one problem: medians and extremes over the repeats."""

    problem: str
    sampler: str
    kernel: str
    rule: str
    reads: int
    ns_per_update: float
    fastest: float
    slowest: float
    mean_energy_per_spin: float


def lattice(side: int, rng: np.random.Generator) -> dimod.BinaryQuadraticModel:
    """Periodic cubic lattice with couplings +1 and -1."""
    sites = np.arange(side**3).reshape(side, side, side)
    ends = np.concatenate([np.roll(sites, -1, axis).ravel() for axis in range(3)])
    signs = rng.choice([-1.0, 1.0], ends.size)
    return IsingModel.from_edges(np.tile(sites.ravel(), 3), ends, signs).to_bqm()


def sherrington_kirkpatrick(n: int, rng: np.random.Generator) -> dimod.BinaryQuadraticModel:
    """Every pair coupled, Gaussian of variance 1/n."""
    rows, cols = np.triu_indices(n, k=1)
    weights = rng.normal(size=rows.size) / np.sqrt(n)
    return IsingModel.from_edges(rows, cols, weights).to_bqm()


def glass_with_real_couplings(side: int, rng: np.random.Generator) -> dimod.BinaryQuadraticModel:
    """Periodic cubic lattice with Gaussian couplings."""
    model = IsingModel.from_bqm(lattice(side, rng))
    rows, cols, _ = model.edges()
    return IsingModel.from_edges(rows, cols, rng.normal(size=rows.size)).to_bqm()


Make = Callable[[np.random.Generator], dimod.BinaryQuadraticModel]
# What, how it is made, sweeps, reads, rules.
CASES: list[tuple[str, Make, int, int, tuple[str, ...]]] = [
    ("+-J 8^3", lambda rng: lattice(8, rng), 1000, 64, ("Gibbs", "Metropolis")),
    ("+-J 8^3", lambda rng: lattice(8, rng), 1000, 512, ("Gibbs",)),
    ("+-J 16^3", lambda rng: lattice(16, rng), 200, 64, ("Gibbs", "Metropolis")),
    ("+-J 16^3", lambda rng: lattice(16, rng), 200, 512, ("Gibbs",)),
    ("Gauss 16^3", lambda rng: glass_with_real_couplings(16, rng), 200, 64, ("Gibbs",)),
    ("+-J 16^3", lambda rng: lattice(16, rng), 200, 1, ("Gibbs",)),
    ("SK 1000", lambda rng: sherrington_kirkpatrick(1000, rng), 100, 64, ("Gibbs", "Metropolis")),
]


def measure(
    case: tuple[str, Make, int, int, tuple[str, ...]], options: dict[str, int]
) -> list[Row]:
    """Rows of both samplers on one case, the samplers taking turns."""
    name, make, sweeps, reads, rules = case
    bqm = make(np.random.default_rng(options["seed"]))
    betas = default_beta_range(IsingModel.from_bqm(bqm))
    rows = []
    for rule in rules:
        times: dict[str, list[float]] = {"pbit": [], "neal": []}
        energies: dict[str, list[float]] = {"pbit": [], "neal": []}
        kernels = {"neal": "-"}
        for repeat in range(-1, options["repeats"]):
            for sampler in times:
                single: dict[str, Any] = {"num_threads": 1} if sampler == "pbit" else {}
                sampling: Any = PBitSampler if sampler == "pbit" else SimulatedAnnealingSampler
                result = sampling().sample(
                    bqm,
                    num_reads=reads,
                    num_sweeps=sweeps,
                    beta_range=betas,
                    seed=options["seed"] + repeat + 1,
                    proposal_acceptance_criteria=rule,
                    **single,
                )
                kernels.setdefault(sampler, result.info.get("kernel"))
                if repeat >= 0:  # the first round compiles and warms the caches
                    updates = reads * sweeps * bqm.num_variables
                    times[sampler].append(result.info["timing"]["sampling_ns"] / updates)
                    energies[sampler].append(float(result.record.energy.mean()))
        for sampler, values in times.items():
            quality = float(np.mean(energies[sampler])) / bqm.num_variables
            rows.append(
                Row(name, sampler, kernels[sampler], rule, reads, float(np.median(values)),
                    min(values), max(values), quality)
            )  # fmt: skip
    return rows


def table(rows: list[Row]) -> str:
    """Rows of both samplers side by side, 80 columns."""
    lines = [
        f"{'problem':<11} {'rule':<10} {'kernel':<6} {'reads':>5} {'pbit ns':>8} {'neal ns':>8} "
        f"{'ratio':>6}  {'E/n pbit':>8} {'E/n neal':>8}"
    ]
    for ours, neal in zip(rows[::2], rows[1::2], strict=True):
        ratio = neal.ns_per_update / ours.ns_per_update
        lines.append(
            f"{ours.problem:<11} {ours.rule:<10} {ours.kernel:<6} {ours.reads:>5} "
            f"{ours.ns_per_update:>8.3f} {neal.ns_per_update:>8.2f} {ratio:>6.1f}"
            f"  {ours.mean_energy_per_spin:>8.4f} {neal.mean_energy_per_spin:>8.4f}"
        )
    return "\n".join(lines)


def commit() -> str:
    """Commit of the checkout."""
    run = subprocess.run(
        ["git", "rev-parse", "HEAD"], cwd=Path(__file__).parent, capture_output=True, text=True
    )
    return run.stdout.strip() or "unknown"


def processor() -> str:
    """Name of the processor, as the system gives it."""
    path = Path("/proc/cpuinfo")
    lines = path.read_text().splitlines() if path.exists() else []
    return next((x.split(":")[1].strip() for x in lines if "model name" in x), platform.machine())


@click.command()
@click.option("--seed", default=1, show_default=True)
@click.option("--repeats", default=5, show_default=True)
@click.option("--json", "json_file", type=click.Path(path_type=Path))
def main(seed: int, repeats: int, json_file: Path | None) -> None:
    """Print nanoseconds per update of PBitSampler and neal, and their ratio."""
    found = versions(neal=True)
    click.echo(", ".join(f"{name} {version}" for name, version in found.items()))
    click.echo(f"{processor()}, one thread, median of {repeats}, seed {seed}")
    options = {"seed": seed, "repeats": repeats}
    rows = [row for case in CASES for row in measure(case, options)]
    click.echo(table(rows))
    if json_file is not None:
        document = {
            "benchmark": "flips_per_second",
            "commit": commit(),
            "processor": processor(),
            "threads": 1,
            "versions": found,
            **options,
            "rows": [asdict(row) for row in rows],
        }
        json_file.write_text(json.dumps(document, indent=2) + "\n")


if __name__ == "__main__":
    main()
