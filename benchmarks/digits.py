"""How soon do permutations find the optima of quadratic assignments and of tours?

    python benchmarks/digits.py [--seed 1] [--repeats 10] [--json FILE] [--plot FILE]
        [--data FOLDER] [--limit 10] [--section qap] [--section tsp] [--only NAME] [--one-hot]

Instances of QAPLIB and TSPLIB in FOLDER (``PBIT_DATA``), with ``best_known.csv`` and
``optima.csv``. ``pbit.solve`` on one thread, repeats with other seeds, until the published optimum
or the limit; seconds are those of sampling, what pbit compiles done before. "found": runs that
met the optimum; "median", "worst": seconds, those of runs that did not being the limit; "gap":
mean excess over the optimum in %, "most": the largest. ``--one-hot``: the same by p-bits, one for
each pair of a digit and a value, for the first repeat.
"""

from __future__ import annotations

import csv
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import click
import numpy as np

import pbit
from pbit.problems.core.digits import digits_of
from pbit.problems.core.problem import Problem
from record import headline, options, pyplot, write

ONE_HOT = "tempering"


class Instance(NamedTuple):
    """A problem with its published optimum; ``size``: digits."""

    section: str
    name: str
    size: int
    problem: Problem
    optimum: float


def assignments(folder: Path) -> Iterator[Instance]:
    """Those of QAPLIB."""
    for row in _rows(folder / "qaplib" / "best_known.csv"):
        name = row["instance"]
        problem = pbit.read(folder / "qaplib" / f"{name}.dat", format="qaplib")
        yield Instance("qap", name, _size(problem), problem, float(row["optimum"]))


def tours(folder: Path) -> Iterator[Instance]:
    """Those of TSPLIB, symmetric or not, that are there."""
    for row in _rows(folder / "tsplib" / "optima.csv"):
        name, *kind = row["instance"].split()
        path = folder / "tsplib" / f"{name}.{'atsp' if kind else 'tsp'}"
        if not path.exists():
            continue
        optimum = next(float(value) for value in list(row.values())[2:] if value)
        problem = pbit.read(path)
        yield Instance("tsp", name, _size(problem), problem, optimum)


SECTIONS = {"qap": assignments, "tsp": tours}


def _size(problem: Problem) -> int:
    digits = digits_of(problem)
    assert digits is not None
    return int(digits.model.num_digits)


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open() as file:
        return list(csv.DictReader(file))


def run(instance: Instance, solver: str, seed: int, limit: float) -> tuple[float, float]:
    """Seconds of sampling, and the objective."""
    found = pbit.solve(
        instance.problem,
        solver=solver,
        target=instance.optimum,
        time_limit=limit,
        num_threads=1,
        seed=seed,
    )
    seconds = found.reads.info["timing"]["sampling_ns"] / 1e9
    return seconds, np.inf if found.objective is None else float(found.objective)


def measure(instance: Instance, solver: str, seeds: range, limit: float) -> dict[str, Any]:
    """One row: runs of an instance."""
    run(instance, solver, seeds[0], 0.01)  # compiles
    runs = np.array([run(instance, solver, seed, limit) for seed in seeds])
    hit = runs[:, 1] <= instance.optimum
    seconds = np.where(hit, runs[:, 0], limit)
    excess = 100.0 * (runs[:, 1] / instance.optimum - 1.0)
    return {
        "section": instance.section,
        "instance": instance.name,
        "n": instance.size,
        "optimum": instance.optimum,
        "solver": solver,
        "runs": len(runs),
        "found": int(hit.sum()),
        "median_s": float(np.median(seconds)),
        "worst_s": float(seconds.max()),
        "gap_percent": float(excess.mean()),
        "most_percent": float(excess.max()),
    }


def line(row: dict[str, Any]) -> str:
    """A row of the table."""
    return (
        f"{row['section']:4} {row['instance']:10} {row['n']:4} {row['optimum']:10.0f} "
        f"{row['solver']:9} {row['found']:3}/{row['runs']:<3} {row['median_s']:8.4f} "
        f"{row['worst_s']:8.4f} {row['gap_percent']:8.3f} {row['most_percent']:8.3f}"
    )


@click.command()
@options
@click.option("--data", default=os.environ.get("PBIT_DATA"), required=True, type=Path)
@click.option("--limit", default=10.0, show_default=True, help="Seconds of a run.")
@click.option("--section", "sections", multiple=True, type=click.Choice(list(SECTIONS)))
@click.option("--only", multiple=True, help="Instances by name.")
@click.option("--one-hot", is_flag=True, help="One-hot p-bits, too.")
def main(
    seed: int,
    repeats: int,
    json_file: Path | None,
    plot_file: Path | None,
    data: Path,
    limit: float,
    sections: tuple[str, ...],
    only: tuple[str, ...],
    one_hot: bool,
) -> None:
    """Optima of QAPLIB and TSPLIB by permutations."""
    print(headline(f"one thread, {repeats} runs of each, {limit:g} s at most"))
    print("     instance      n    optimum solver      found   median    worst   gap %   most %")
    rows = []
    for section in sections or tuple(SECTIONS):
        for instance in SECTIONS[section](data):
            if only and instance.name not in only:
                continue
            for solver in ("dits", ONE_HOT) if one_hot else ("dits",):
                many = repeats if solver == "dits" else 1
                rows.append(measure(instance, solver, range(seed, seed + many), limit))
                print(line(rows[-1]), flush=True)
    if json_file is not None:
        write(json_file, "digits", rows, seed=seed, repeats=repeats)
    if plot_file is not None:
        draw(rows, plot_file)


def draw(rows: list[dict[str, Any]], path: Path) -> None:
    """Median times against sizes, a mark for each instance."""
    plt = pyplot()
    figure, axes = plt.subplots(figsize=(6, 4))
    for section, mark in zip(SECTIONS, "os", strict=True):
        some = [row for row in rows if row["section"] == section and row["solver"] == "dits"]
        axes.loglog([row["n"] for row in some], [row["median_s"] for row in some], mark,
                    label=section)  # fmt: skip
    axes.set(xlabel="digits n", ylabel="median time to the optimum (s)")
    axes.legend()
    figure.savefig(path, dpi=150, bbox_inches="tight")


if __name__ == "__main__":
    main()
