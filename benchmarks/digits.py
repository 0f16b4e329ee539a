"""How soon do digits find the optima of assignments, tours, colourings and k-cuts?

    python benchmarks/digits.py [--seed 1] [--repeats 10] [--json FILE] [--plot FILE]
        [--data FOLDER] [--limit 10] [--section qap]... [--only NAME]... [--one-hot] [--peers]

Instances of QAPLIB, TSPLIB, DIMACS colourings and the G-set in FOLDER (``PBIT_DATA``), with
``best_known.csv``, ``optima.csv`` and ``chromatic_numbers.csv``. ``pbit.solve`` on one thread,
repeats with other seeds, until the published optimum or the limit; seconds are those of sampling,
what pbit compiles done before. "found": runs that met the optimum; "median", "worst": seconds,
those of runs that did not being the limit; "mean", "far": the objective, on the mean and of the
worst run. A colouring has as many colours as are known to do, the objective being conflicts;
k-cuts have the time there is. ``--one-hot``: the same by p-bits, one for each pair of a digit and
a value, for the first repeat. ``--peers``: colourings by networkx's DSATUR ("mean": vertices
beyond K colours) and OR-tools' CP-SAT, for the first repeat. Section "updates":
:mod:`digit_updates`.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import click
import numpy as np

import digit_updates
from digit_instances import SECTIONS, Instance
from digit_solvers import ONE_HOT, PEERS, peers_there, run
from record import headline, options, pyplot, write

_SIZE, _SWEEPS = 1000, 200  # of section "updates"


def measure(instance: Instance, solver: str, seeds: range, limit: float) -> dict[str, Any]:
    """One row: runs of an instance."""
    if solver not in PEERS:
        run(instance, solver, seeds[0], 0.01)  # compiles
    runs = np.array([run(instance, solver, seed, limit) for seed in seeds])
    ends = -runs[:, 1] if instance.problem.maximise else runs[:, 1]
    known = instance.optimum is not None
    hit = ends <= (instance.optimum if known else -np.inf)
    seconds = np.where(hit, runs[:, 0], limit)
    return {
        "section": instance.section,
        "instance": instance.name,
        "n": instance.size,
        "optimum": instance.optimum,
        "solver": solver,
        "runs": len(runs),
        "found": int(hit.sum()) if known else None,
        "median_s": float(np.median(seconds)),
        "worst_s": float(seconds.max()),
        "mean": float(np.abs(ends).mean()),
        "far": float(abs(ends.max())),
    }


def line(row: dict[str, Any]) -> str:
    """A row of the table."""
    optimum, found = (
        "-" if row[name] is None else f"{row[name]:.0f}" for name in ("optimum", "found")
    )
    return (
        f"{row['section']:9} {row['instance']:16} {row['n']:4} {optimum:>10} "
        f"{row['solver']:9} {found:>3}/{row['runs']:<3} {row['median_s']:8.4f} "
        f"{row['worst_s']:8.4f} {row['mean']:12.1f} {row['far']:12.1f}"
    )


def solvers(section: str, one_hot: bool, peers: bool) -> list[str]:
    """Who takes part in a section."""
    others = peers_there()[0] if peers and section == "colorings" else []
    return ["dits", *([ONE_HOT] if one_hot else []), *others]


@click.command()
@options
@click.option("--data", default=os.environ.get("PBIT_DATA"), required=True, type=Path)
@click.option("--limit", default=10.0, show_default=True, help="Seconds of a run.")
@click.option("--section", "sections", multiple=True, type=click.Choice([*SECTIONS, "updates"]))
@click.option("--only", multiple=True, help="Instances by name.")
@click.option("--one-hot", is_flag=True, help="One-hot p-bits, too.")
@click.option("--peers", is_flag=True, help="Other solvers of colourings, too.")
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
    peers: bool,
) -> None:
    """Optima of problems of digits, and times of updates."""
    print(headline(f"one thread, {repeats} runs of each, {limit:g} s at most"))
    print("\n".join(peers_there()[1]) if peers else "", end="\n" if peers else "")
    print(f"section   {'instance':16} {'n':>4} {'optimum':>10} solver    found     median    worst"
          f" {'mean':>12} {'far':>12}")  # fmt: skip
    rows: list[dict[str, Any]] = []
    for section in sections or (*SECTIONS, "updates"):
        if section == "updates":
            rows += digit_updates.updates(_SIZE, _SWEEPS, repeats, seed)
            print("\n".join(map(digit_updates.line, rows[-2 * len(digit_updates.VALUES) :])))
            continue
        for instance in SECTIONS[section](data):
            if only and instance.name not in only:
                continue
            for solver in solvers(section, one_hot, peers):
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
    for section, mark in zip(SECTIONS, "osx+", strict=True):
        some = [row for row in rows if row["section"] == section and row["solver"] == "dits"]
        axes.loglog([row["n"] for row in some], [row["median_s"] for row in some], mark,
                    label=section)  # fmt: skip
    axes.set(xlabel="digits n", ylabel="median time to the optimum (s)")
    axes.legend()
    figure.savefig(path, dpi=150, bbox_inches="tight")


if __name__ == "__main__":
    main()
