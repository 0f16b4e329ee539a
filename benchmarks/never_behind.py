"""On how many of all public instances does auto end no worse than every other solver?

On each instance and with each time limit auto runs first, and is over at the best known energy.
Where it gets there nobody is asked: the answer is as good as any that is known. Where it ends
above, every solver of anytime.py fills the same time, and auto is behind if one ends lower.

The sets have "name:size:step": every so many-th instance is taken, and a share of all weighs each
by how many it stands for. ``--part 1/2`` and ``--part 2/2`` divide the work between processors;
``--from`` reads the JSON files of both and prints the table of all.

PBIT_DATA is the folder of the sets (see instance_sets.py).
"""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click

from anytime import RUNS, lower, present
from instance_sets import load
from pbit import Control
from pbit.measure.tts.comparison import Instance
from pbit.solvers.effort import Effort
from pbit.solvers.solve import solve
from record import headline, options, write

# Set, size (0: any), and of how many instances one is taken.
EVERY = (
    "gset:0:1 torus:0:1 ea3d:8:10 ea3d:10:10 ea3d:12:10 ea3d:15:10 ea3d:16:10 be:0:1 beasley:0:1 "
    "gka:0:1 rudy:0:1 ising:0:1 qplib:0:1 qpu:0:1 satlib:0:1 labs:0:1 partition:0:10 "
    "market-split:0:1 sk:10:1 sk:20:1 sk:60:1 sk:100:1 wishart:10:10 wishart:20:10 wishart:30:10 "
    "wishart:50:1 "
    + " ".join(f"3r3x:{n}:1" for n in (16, 32, 48, 64, 80, 96, *range(112, 433, 16), 512))
    + " 3r3x:1024:1 3r3x:2048:1 3r3x:4096:1 "
    + " ".join(f"5r5x:{n}:1" for n in (24, 48, 96, 192, 384, 768, 1536, 3072))
)  # fmt: skip


def auto(case: Instance, seconds: float, seed: int, threads: int) -> float:
    """What auto ends at; at the target at once."""
    control = Control(time_limit_s=seconds, target=case.target)
    asked = Effort(seed=seed, num_threads=threads)
    return float(solve("auto", case.model, asked, control).energies.min())


def cases_of(sets: str, part: tuple[int, int]) -> Iterator[tuple[str, float, Instance]]:
    """Name of the set, how many instances each stands for, and the instance."""
    at = 0
    for each in sets.split():
        name, size, step = each.split(":")
        every = load(name, int(size), first=0, count=10**6)
        taken = every[:: int(step)]
        for case in taken:
            at += 1
            if at % part[1] == part[0] - 1:
                yield f"{name} {size}".removesuffix(" 0"), len(every) / len(taken), case


def row_of(
    case: Instance, seconds: float, seed: int, threads: int, others: list[str]
) -> dict[str, Any]:
    """Auto's energy, and those of the others where it is not the best known one."""
    start = time.perf_counter()
    energy = auto(case, seconds, seed, threads)
    row = {
        "instance": case.name, "spins": case.model.num_spins, "known": case.target,
        "seconds": seconds, "auto": energy, "took": time.perf_counter() - start,
        "reached": not lower(case.target, energy), "others": {},
    }  # fmt: skip
    for name in () if row["reached"] else others:
        try:
            row["others"][name] = RUNS[name](case, seconds, seed, threads)
        except (AssertionError, ValueError, TypeError):
            continue  # it does not take such models
    row["behind"] = any(lower(other, energy) for other in row["others"].values())
    return row


def table(rows: list[dict[str, Any]]) -> list[str]:
    """By set and time limit: instances, best known, no worse than all others; and where not."""
    lines = []
    for seconds in sorted({row["seconds"] for row in rows}):
        mine = [row for row in rows if row["seconds"] == seconds]
        lines += [
            "",
            f"{seconds:g} s{'':<16}{'stands for':>11}{'ran':>6}{'best known':>12}{'no worse':>10}",
        ]
        for name in dict.fromkeys(row["set"] for row in mine):
            some = [row for row in mine if row["set"] == name]
            lines.append(
                f"{name:<20}{sum(row['weight'] for row in some):>10.0f}{len(some):>6}"
                f"{sum(row['reached'] for row in some):>12}"
                f"{sum(not row['behind'] for row in some):>10}"
            )
        weight = sum(row["weight"] for row in mine)
        share = sum(row["weight"] * (not row["behind"]) for row in mine) / weight
        plain = sum(not row["behind"] for row in mine) / len(mine)
        lines.append(
            f"auto is no worse than every other on {share:.1%} of {weight:.0f} instances; on "
            f"{plain:.1%} of the {len(mine)} that ran"
        )
        for row in mine:
            if row["behind"]:
                name, least = min(row["others"].items(), key=lambda item: item[1])
                lines.append(f"  {row['instance']:<24} auto {row['auto']:.8g}, {name} {least:.8g}")
    return lines


@click.command()
@options
@click.option("--sets", default=EVERY, help="name:size:step, with blanks; size 0 for any.")
@click.option("--times", default="1", show_default=True, help="Seconds, with commas.")
@click.option("--threads", default=1, show_default=True, type=click.IntRange(1))
@click.option("--solvers", default=",".join(RUNS), help="The others, with commas.")
@click.option("--part", default="1/1", show_default=True, help="Which part of how many.")
@click.option("--from", "files", multiple=True, type=click.Path(path_type=Path, exists=True))
def main(
    seed: int, repeats: int, json_file: Path | None, plot_file: Path | None, sets: str, times: str,
    threads: int, solvers: str, part: str, files: tuple[Path, ...],
) -> None:  # fmt: skip
    """Print where auto is no worse than all others; --repeats and --plot are not used."""
    about = {"seed": seed, "threads": threads, "sets": sets}
    rows = [row for file in files for row in json.loads(file.read_text())["rows"]]
    if not files:
        others = [name for name in solvers.split(",") if name in RUNS and name != "auto"]
        others = [name for name in others if present(name)]
        of = part.split("/")
        for name, weight, case in cases_of(sets, (int(of[0]), int(of[1]))):
            for seconds in map(float, times.split(",")):
                row = row_of(case, seconds, seed, threads, others)
                rows.append({"set": name, "weight": weight, **row})
                if json_file is not None:  # hours of work: what there is can be read at any time
                    write(json_file, "never_behind", rows, **about)
                if not row["reached"]:
                    least = min(row["others"].items(), key=lambda item: item[1], default=("-", 0.0))
                    click.echo(
                        f"{case.name}, {seconds:g} s: auto {row['auto']:.9g}, known "
                        f"{case.target:.9g}, {least[0]} {least[1]:.9g}", err=True,
                    )  # fmt: skip
    click.echo(headline(f"{threads} threads, seed {seed}"))
    click.echo("\n".join(table(rows)))
    if json_file is not None:
        write(json_file, "never_behind", rows, **about)


if __name__ == "__main__":
    main()
