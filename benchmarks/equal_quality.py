"""How long does each need for the mean energy that neal reaches at its default settings?

    python benchmarks/equal_quality.py [--reads 1,64] [--only TEXT] [--seed 1] [--repeats 5]
        [--json FILE] [--plot FILE]

The mark is the mean energy of neal's reads with nothing chosen: 1000 sweeps, its own range of
beta, Metropolis. Then the number of sweeps is sought, by bisection, with which pbit (default
schedule, both rules) and, for the same effort of tuning, neal (on pbit's range, the quicker of its
rules) reach it: the mean of 128 reads must lie below the mark by one standard error of the
difference. All of this on other seeds than those reported. What is reported is measured anew,
samplers taking turns: wall time of a whole call, one thread, and the mean energy of all reads of
all repeats with its standard error.

"z" is the difference to the mark in standard errors: above about 2, the sampler missed the mark.
Instances are random; with PBIT_DATA set, also the G-set's G1 and G22 where they are there.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import click
import numpy as np
import numpy.typing as npt
from neal import SimulatedAnnealingSampler

from instances import complete, gaussian, lattice, signs
from pbit import IsingModel, PBitSampler, default_beta_range
from record import headline, options, pyplot, write

DEFAULT_SWEEPS = 1000
_TUNING_READS, _TUNING_SEED, _MOST_SWEEPS = 128, 10**6, 16000
_LEAST_READS = 128  # reads that a reported mean is made of, at least

Energies = npt.NDArray[np.float64]
Call = Callable[[int, int, int], Any]  # reads, sweeps, seed


@dataclass(frozen=True)
class Row:
    """One sampler on one instance with so many reads."""

    problem: str
    reads: int
    sampler: str
    sweeps: int
    median_s: float
    fastest_s: float
    slowest_s: float
    energy_per_spin: float
    standard_error: float
    z: float
    reached: bool


def instances(seed: int) -> dict[str, IsingModel]:
    """Models by name."""
    rng = np.random.default_rng(seed)
    found = {
        "+-J 10^3": lattice(10, signs, rng),
        "Gauss 10^3": lattice(10, gaussian, rng),
        "SK 1000": complete(1000, gaussian, rng),
    }
    folder = os.environ.get("PBIT_DATA")
    for name in ("G1", "G22") if folder else ():
        files = sorted(Path(str(folder)).rglob(f"{name}.txt*"))
        if files:
            from pbit.formats import read
            from pbit.problems.core.reading import problem_of

            model = problem_of(read(files[0]), "maxcut").model
            if isinstance(model, IsingModel):
                found[name] = model
    return found


def callers(bqm: Any, betas: tuple[float, float]) -> dict[str, Call]:
    """The samplers, as functions of (reads, sweeps, seed)."""

    def neal(rule: str) -> Call:
        return lambda reads, sweeps, seed: SimulatedAnnealingSampler().sample(
            bqm,
            num_reads=reads,
            num_sweeps=sweeps,
            seed=seed,
            beta_range=betas,
            proposal_acceptance_criteria=rule,
        )

    def pbit(rule: str) -> Call:
        return lambda reads, sweeps, seed: PBitSampler().sample(
            bqm,
            num_reads=reads,
            num_sweeps=sweeps,
            seed=seed,
            num_threads=1,
            proposal_acceptance_criteria=rule,
        )

    return {
        "neal": lambda reads, sweeps, seed: SimulatedAnnealingSampler().sample(
            bqm, num_reads=reads, num_sweeps=sweeps, seed=seed
        ),
        "pbit heat": pbit("Gibbs"),
        "pbit Metr": pbit("Metropolis"),
        "neal heat": neal("Gibbs"),
        "neal Metr": neal("Metropolis"),
    }


def fewest_sweeps(call: Call, mark: Energies, first_seed: int) -> int | None:
    """Fewest sweeps that reach the mark's mean less one standard error; None beyond 16000."""

    def good(sweeps: int) -> bool:
        found = np.asarray(call(_TUNING_READS, sweeps, first_seed + sweeps).record.energy)
        error = np.hypot(standard_error(found), standard_error(mark))
        return bool(found.mean() <= mark.mean() - error)

    low, high = 1, 32
    while not good(high):
        low, high = high, 2 * high
        if high > _MOST_SWEEPS:
            return None
    while high > low * 1.03 + 1:
        middle = (low + high) // 2
        low, high = (low, middle) if good(middle) else (middle, high)
    return high


def standard_error(energies: Energies) -> float:
    """Of the mean of independent reads."""
    return float(energies.std(ddof=1) / np.sqrt(energies.size))


def tuned(call: dict[str, Call], mark: Energies) -> dict[str, int]:
    """Sweeps of each sampler; of neal's two rules only the quicker."""
    found = {"neal": DEFAULT_SWEEPS}
    times = {}
    for name in ("pbit heat", "pbit Metr", "neal heat", "neal Metr"):
        sweeps = fewest_sweeps(call[name], mark, _TUNING_SEED)
        if sweeps is not None:
            found[name] = sweeps
            start = time.perf_counter()
            call[name](8, sweeps, _TUNING_SEED)
            times[name] = time.perf_counter() - start
    rules = [name for name in ("neal heat", "neal Metr") if name in times]
    for slower in sorted(rules, key=times.__getitem__)[1:]:
        del found[slower]
    return found


def measure(name: str, model: IsingModel, sizes: list[int], seed: int, repeats: int) -> list[Row]:
    """Rows of one instance: tuning once, then each number of reads."""
    bqm = model.to_bqm()
    call = callers(bqm, default_beta_range(model))
    default = call["neal"](_TUNING_READS, DEFAULT_SWEEPS, _TUNING_SEED)
    sweeps = tuned(call, np.asarray(default.record.energy))
    rows = []
    for reads in sizes:
        times: dict[str, list[float]] = {who: [] for who in sweeps}
        energies: dict[str, list[Energies]] = {who: [] for who in sweeps}
        turns = max(repeats, -(-_LEAST_READS // reads))
        for turn in range(-1, turns):
            for who, number in sweeps.items():
                start = time.perf_counter()
                result = call[who](reads, number, seed + turn + 1)
                if turn >= 0:  # the first one warms up
                    times[who].append(time.perf_counter() - start)
                    energies[who].append(np.asarray(result.record.energy))
        mark = np.concatenate(energies["neal"])
        for who in sweeps:
            found = np.concatenate(energies[who])
            error = float(np.hypot(standard_error(found), standard_error(mark)))
            z = 0.0 if who == "neal" else float((found.mean() - mark.mean()) / max(error, 1e-300))
            rows.append(
                Row(
                    name, reads, who, sweeps[who], float(np.median(times[who])), min(times[who]),
                    max(times[who]), float(found.mean()) / model.num_spins,
                    standard_error(found) / model.num_spins, z, z < 2,
                )
            )  # fmt: skip
    return rows


def draw(rows: list[Row], path: Path) -> None:
    """Time over that of neal's defaults."""
    plt = pyplot()
    cases = list(dict.fromkeys((r.problem, r.reads) for r in rows))
    neal = {(r.problem, r.reads): r.median_s for r in rows if r.sampler == "neal"}
    figure, axes = plt.subplots(figsize=(9, 0.4 * len(cases) + 1.5), layout="constrained")
    labels = {
        "neal": ("neal", "tab:gray"),
        "neal heat": ("neal, tuned", "tab:orange"),
        "neal Metr": ("neal, tuned", "tab:orange"),
        "pbit heat": ("pbit, heat bath", "tab:blue"),
        "pbit Metr": ("pbit, Metropolis", "tab:green"),
    }
    for label, color in dict.fromkeys(labels.values()):
        ours = [r for r in rows if labels[r.sampler][0] == label]
        places = [cases.index((r.problem, r.reads)) for r in ours]
        ratios = [neal[r.problem, r.reads] / r.median_s for r in ours]
        axes.plot(ratios, places, "o", color=color, label=label)
    axes.set_yticks(
        range(len(cases)), [f"{name}, {reads} read{'s' * (reads > 1)}" for name, reads in cases]
    )
    axes.invert_yaxis()
    axes.set_xscale("log")
    axes.set_xlabel("times as fast as neal's defaults, at equal mean energy (right is faster)")
    axes.grid(alpha=0.3)
    figure.legend(loc="outside upper center", ncols=4)
    figure.savefig(path, dpi=150)


@click.command()
@options
@click.option("--reads", default="1,64", show_default=True, help="Numbers of reads, with commas.")
@click.option("--only", default="", help="Only instances whose name contains this.")
def main(
    seed: int, repeats: int, json_file: Path | None, plot_file: Path | None, reads: str, only: str
) -> None:
    """Print the time that pbit and neal need for the mean energy of neal's defaults."""
    try:
        sizes = [max(1, int(part)) for part in reads.split(",")]
    except ValueError:
        raise click.BadParameter(
            f"--reads must be whole numbers with commas, got {reads}"
        ) from None
    click.echo(headline(f"one thread, median of {repeats} or more, seed {seed}"))
    click.echo("problem     reads sampler    sweeps  seconds  speed-up  E per spin    +-       z")
    rows: list[Row] = []
    for name, model in instances(seed).items():
        if only not in name:
            continue
        rows += (new := measure(name, model, sizes, seed, repeats))
        slow = {r.reads: r.median_s for r in new if r.sampler == "neal"}
        for r in new:
            click.echo(
                f"{r.problem:<11} {r.reads:>5} {r.sampler:<10} {r.sweeps:>6} {r.median_s:>8.3g} "
                f"{slow[r.reads] / r.median_s:>9.2g} {r.energy_per_spin:>11.5f} "
                f"{r.standard_error:>8.5f} {r.z:>6.1f}"
            )
    if json_file is not None:
        write(json_file, "equal_quality", [asdict(r) for r in rows], seed=seed, repeats=repeats)
    if plot_file is not None:
        draw(rows, plot_file)


if __name__ == "__main__":
    main()
