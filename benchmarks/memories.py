"""What associative memories hold, at which temperatures they recall, and how fast.

Capacity: overlap of settled states with the pattern that was probed, from the pattern itself and
from one with a tenth of its pixels turned. Temperature: overlap of Hebb's memory after 200 sweeps
of p-bits, beside the theory for many pixels (``benchmarks/mean_field.py``). Speed: 1000 probes of
1000 pixels, beside the loop that people write with numpy, which ends in the same states up to ties.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click
import numpy as np

from mean_field import overlap
from memory_curves import (
    DENSE_LOADS,
    FLIPPED,
    PAIR_LOADS,
    REFERENCE,
    Point,
    Warm,
    by_hand,
    capacity,
    noisy,
    times_of,
    warm,
)
from pbit.problems.hopfield import Recall, store
from record import headline, options, pyplot, write

N, PROBES = 1000, 1000


@dataclass(frozen=True)
class Speed:
    """Seconds to recall all probes: median and range over the repeats, and of processors."""

    rule: str
    patterns: int
    how: str
    seconds: float
    least: float
    most: float
    processors: float
    overlap: float


def speeds(repeats: int, seed: int) -> list[Speed]:
    """One row a way to recall, compiled before."""
    settle, sweeps = Recall(num_threads=2), Recall(beta=4.0, num_sweeps=20, seed=1, num_threads=2)
    cooled = Recall("annealed", hot_beta=2.0, num_sweeps=20, seed=1, num_threads=2)
    rows = []
    for rule, count, cases in (
        ("storkey", 100, {"settle": settle, "20 sweeps": sweeps, "cooled, settle": cooled}),
        ("hebb", 50, {"settle": settle, "numpy, settle": None}),
        ("polynomial", 100, {"settle": settle, "20 sweeps": sweeps}),
        ("polynomial", 1000, {"settle": settle, "20 sweeps": sweeps}),
        ("exponential", 1000, {"settle": settle, "20 sweeps": sweeps}),
    ):
        rng = np.random.default_rng([seed, count])
        memory: Any = store(rng.choice(np.array([-1, 1], np.int8), (count, N)), rule)
        wanted = memory.patterns[rng.integers(count, size=PROBES)]
        probes = noisy(wanted, FLIPPED, rng)
        for name, how in cases.items():
            rows.append(_speed(memory, (rule, count, name), how, probes, wanted, repeats))
    return rows


def _speed(memory: Any, key: Any, how: Any, probes: Any, wanted: Any, repeats: int) -> Speed:
    ends = []

    def call() -> None:
        if how is None:
            ends.append(by_hand(couplings, probes))
        else:
            ends.append(memory.recall(probes, how))

    couplings = memory.model.J.toarray() if how is None else None
    times = times_of(call, repeats, time.perf_counter)
    busy = float(np.median(times_of(call, repeats, time.process_time)))
    found = float((ends[-1] * wanted).mean())
    rule, count, name = key
    return Speed(rule, count, name, float(np.median(times)), min(times), max(times), busy, found)


def print_capacity(points: Sequence[Point]) -> None:
    """A line a rule, size and load."""
    print(
        "rule             pixels    load  patterns  from stored     from noisy      6 sweeps  known"
    )
    for point in points:
        if point.start != "stored":
            continue
        others = {p.start: p for p in points if p[:4] == point[:4]}
        six = others.get("6 sweeps")
        known = REFERENCE.get(point.load) if six is not None and point.pixels == 400 else None
        print(
            f"{point.rule:15} {point.pixels:7} {point.load:7.3f} {point.patterns:9}  "
            f"{_told(point)}  {_told(others['noisy'])}"
            + (f"  {six.overlap:8.3f}" if six is not None else "")
            + (f"  {known:5.3f}" if known is not None else "")
        )


def _told(point: Point) -> str:
    return f"{point.overlap:6.3f} ± {point.error:5.3f}"


def print_warm(rows: Sequence[Warm]) -> None:
    """A line a temperature."""
    print("\n  load  pixels     T   overlap            theory")
    for row in rows:
        print(
            f"{row.load:6.2f} {row.pixels:7} {row.temperature:5.1f}    "
            f"{row.overlap:6.3f} ± {row.error:5.3f}   {row.theory:6.3f}"
        )


def print_speeds(rows: Sequence[Speed]) -> None:
    """A line a way."""
    print(f"\n{PROBES} probes of {N} pixels, a tenth of them turned")
    print("rule         patterns  how               seconds (range)         processor  overlap")
    for row in rows:
        print(
            f"{row.rule:12} {row.patterns:8}  {row.how:15}  {row.seconds:7.3f} "
            f"({row.least:.3f} to {row.most:.3f})  {row.processors:10.3f}   {row.overlap:6.3f}"
        )


def draw(points: Sequence[Point], rows: Sequence[Warm], path: Path) -> None:
    """Left overlap against load, right against temperature."""
    plt = pyplot()
    figure, (left, right) = plt.subplots(1, 2, figsize=(9, 3.6), layout="constrained")
    for k, rule in enumerate(PAIR_LOADS):
        for pixels, style in ((400, "--"), (1000, "-")):
            chosen = [p for p in points if (p.rule, p.pixels, p.start) == (rule, pixels, "noisy")]
            x, y = [p.load for p in chosen], [p.overlap for p in chosen]
            left.plot(x, y, f"C{k}o{style}", ms=3, label=f"{rule}, {pixels} pixels")
    loads = np.linspace(0.001, 0.2, 200)
    limit = np.array([overlap(load, 0.0) for load in loads])
    limit[limit == 0] = np.nan
    left.plot(loads, limit, "k-", lw=0.8, label="hebb, theory")
    left.set(xlabel="load P / n", ylabel="overlap, from 10 % turned", ylim=(0, 1.05))
    left.legend(fontsize=7, handlelength=3.5)
    for k, load in enumerate(sorted({row.load for row in rows})):
        chosen_rows = [row for row in rows if row.load == load]
        temperatures = [row.temperature for row in chosen_rows]
        overlaps = [row.overlap for row in chosen_rows]
        right.plot(temperatures, overlaps, f"C{k}o", ms=4, label=f"p-bits, load {load:g}")
        fine = np.linspace(0.02, 1.2, 119)
        right.plot(fine, [overlap(load, t) for t in fine], f"C{k}-", lw=1)
    right.set(xlabel="temperature 1 / beta", ylabel="overlap", ylim=(0, 1.05))
    right.legend(fontsize=7)
    figure.savefig(path, dpi=110)


@click.command()
@options
@click.option("--sizes", default="400,1000", show_default=True, help="Pixels.")
@click.option("--tables", default="capacity,temperature,speed", show_default=True)
def main(seed: int, repeats: int, json_file: Any, plot_file: Any, sizes: str, tables: str) -> None:
    """Print capacities, temperatures and speeds; --plot draws the first two."""
    print(headline(f"associative memories, {repeats} instances, seed {seed}"))
    wanted, pixels = tables.split(","), [int(size) for size in sizes.split(",")]
    points: list[Point] = []
    rows: list[Warm] = []
    fast: list[Speed] = []
    if "capacity" in wanted:
        for rule in (*PAIR_LOADS, *DENSE_LOADS):
            points += [p for n in pixels for p in capacity(rule, n, repeats, seed)]
        print_capacity(points)
    if "temperature" in wanted:
        rows = [row for load in (0.0, 0.05) for row in warm(load, max(pixels), repeats, seed)]
        print_warm(rows)
    if "speed" in wanted:
        fast = speeds(repeats, seed)
        print_speeds(fast)
    if json_file is not None:
        found = [{"table": "capacity", **p._asdict()} for p in points]
        found += [{"table": "temperature", **row._asdict()} for row in rows]
        found += [{"table": "speed", **vars(row)} for row in fast]
        write(json_file, "memories", found, seed=seed, repeats=repeats)
    if plot_file is not None and points and rows:
        draw(points, rows, plot_file)


if __name__ == "__main__":
    main()
