"""What does each departure of a chip from the ideal network cost? Six tables, six figures.

    python benchmarks/hardware_gallery.py [--seed 1] [--quick] [--only NAME] [--json FILE]
        [--output FOLDER]

delay      heat bath without clock: distance to Boltzmann against the delay of the synapses
ppsl       Arrhenius p-bits in parallel with a finite step, p-kit's among them
subset     heat bath that redraws a random part of the p-bits in parallel
spread     gains and offsets that differ, before and after calibration
annealing  reads that end at the ground energy of a 3D +-J glass, on chips that are not ideal
telegraph  thresholds that persist, the embedded junction's; three dynamics with equal lags

Distances are total variation distances to the Boltzmann law at beta = I0, of the AND gate or of the
full adder of 5 p-bits ("FA5"), +- one standard error of 32 independent reads (16 where no exact law
says which states to look at); 1 means nothing in common. "exact" is from the matrix of all
transitions, "reference" from calculations made before, which against delay were simulations with a
noise of 0.006. Times are in units of tau: of a p-bit's redraw, but for Arrhenius p-bits of the mean
dwell time of an unbiased one, whose memory lasts tau/2. With PBIT_DATA set the glasses are
published ones, else they are drawn.

One thread. --quick takes less than a minute, all of it less than ten, compilation apart.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import click
import numpy as np

import gallery_runs as runs
from gallery_figures import FIGURES
from gallery_laws import DELAY_FLOOR, P_KIT_DT
from record import headline, pyplot, write

Row = dict[str, Any]
_FAILS = 0.05  # distance to Boltzmann


def _number(x: float | None, digits: int = 4) -> str:
    return "-" if x is None else f"{x:.{digits}f}"


def delay_table(rows: list[Row]) -> list[str]:
    """Ours and the reference distances; z with both errors."""
    lines = ["gate   I0  delay/tau  emulated   error  reference  difference     z"]
    for r in rows:
        known = r["reference"]
        end = ""
        if known is not None:
            off = r["emulated"] - known
            end = f"{off:>+12.4f}{off / np.hypot(r['error'], DELAY_FLOOR):>+6.1f}"
        lines.append(
            f"{r['gate']:<5}{r['I0']:>4}{r['x']:>11}{r['emulated']:>10.4f}{r['error']:>8.4f}"
            f"{_number(known, 3):>11}{end}"
        )
    return lines


def tick_table(rows: list[Row], what: str) -> list[str]:
    """Exact, emulated and reference distances; z of emulated to exact."""
    lines = [f"gate   I0{what:>8}     exact  emulated   error     z  reference"]
    for r in rows:
        lines.append(
            f"{r['gate']:<5}{r['I0']:>4}{r['x']:>8.3g}{r['exact']:>10.4f}{r['emulated']:>10.4f}"
            f"{r['error']:>8.4f}{'-' if r['z'] is None else format(r['z'], '+.1f'):>6}"
            f"{r['reference']:>11}"
            f"{_verdict(r) if what == 'dt/tau' and r['x'] == P_KIT_DT else ''}"
        )
    return lines


def _verdict(r: Row) -> str:
    return f"  p-kit's default: {'fails' if r['exact'] > _FAILS else 'good'}"


def spread_table(rows: list[Row]) -> list[str]:
    """Median and quartiles over chips."""
    lines = [
        f"FA5, I0 = 1, {len({r['number'] for r in rows})} chips; quartiles of exact laws",
        "spread  chip         lower  median   upper  emulated median  largest |z|",
    ]
    for x, chip in dict.fromkeys((r["x"], r["chip"]) for r in rows):
        ours = [r for r in rows if (r["x"], r["chip"]) == (x, chip)]
        low, middle, high = np.percentile([r["exact"] for r in ours], [25, 50, 75])
        emulated = np.median([r["emulated"] for r in ours])
        lines.append(
            f"{x:>6}  {chip:<10}{low:>8.4f}{middle:>8.4f}{high:>8.4f}{emulated:>17.4f}"
            f"{max(abs(r['z']) for r in ours):>13.1f}"
        )
    return lines


def annealing_table(rows: list[Row]) -> list[str]:
    """Success with Wilson's intervals."""
    first = rows[0]
    lines = [
        f"{first['source']};",
        f"{first['sweeps']} sweeps, {first['reads']} reads a line; Wilson's 68 % intervals",
        "what              value  chip        success     interval     residual E/n",
    ]
    return lines + [
        f"{r['what']:<15}{r['x']:>8}  {r['chip']:<10}{r['success']:>9.3f}"
        f"{r['low']:>9.3f} - {r['high']:.3f}{r['residual']:>13.4f}"
        for r in rows
    ]


def telegraph_table(rows: list[Row]) -> list[str]:
    """Distances of the three dynamics side by side."""
    found = {(r["gate"], r["I0"], r["lag"], r["x"], r["dynamics"]): r for r in rows}
    lines = [
        f"delays of telegraphs come with rc = {runs.TELEGRAPH_RC} tau",
        f"gate   I0  lag       /tau{''.join(f'{d:>18}' for d in runs.DYNAMICS)}",
    ]
    for gate, beta, lag, x in dict.fromkeys(key[:4] for key in found):
        cells = ""
        for dynamics in runs.DYNAMICS:
            r = found[gate, beta, lag, x, dynamics]
            cells += f"{r['emulated']:>9.4f} +- {r['error']:.4f}"[-18:].rjust(18)
        lines.append(f"{gate:<5}{beta:>4}  {lag:<6}{x:>8}{cells}")
    return lines


GALLERY: dict[str, tuple[Callable[[runs.Effort], Iterable[Row]], Callable[..., list[str]]]] = {
    "delay": (runs.delay, delay_table),
    "ppsl": (runs.ppsl, lambda rows: tick_table(rows, "dt/tau")),
    "subset": (runs.subset, lambda rows: tick_table(rows, "q")),
    "spread": (runs.spread, spread_table),
    "annealing": (runs.annealing, annealing_table),
    "telegraph": (runs.telegraph, telegraph_table),
}


@click.command()
@click.option("--seed", default=1, show_default=True, type=click.IntRange(0))
@click.option("--quick", is_flag=True, help="Fewer samples.")
@click.option("--only", multiple=True, type=click.Choice(list(GALLERY)), help="Only these.")
@click.option("--json", "json_file", type=click.Path(path_type=Path, dir_okay=False))
@click.option(
    "--output", type=click.Path(path_type=Path, file_okay=False), help="Draw into this folder."
)
def main(
    seed: int, quick: bool, only: tuple[str, ...], json_file: Path | None, output: Path | None
) -> None:
    """Print the tables, and draw them."""
    plt = pyplot() if output is not None else None
    effort = runs.Effort.of(seed, quick=quick)
    click.echo(headline(f"one thread, seed {seed}{', quick' if quick else ''}"))
    kept: list[Row] = []
    for name, (run, table) in GALLERY.items():
        if only and name not in only:
            continue
        start = time.perf_counter()
        rows = list(run(effort))
        click.echo(f"{name} ({time.perf_counter() - start:.0f} s)")
        click.echo("\n".join(table(rows)) + "\n")
        kept += [{"figure": name} | r for r in rows]
        if output is not None:
            output.mkdir(parents=True, exist_ok=True)
            FIGURES[name](plt, rows, output / f"hardware_{name}.png")
    if json_file is not None:
        details = {"seed": seed, "quick": quick, "delay_floor": DELAY_FLOOR}
        write(json_file, "hardware_gallery", kept, **details)


if __name__ == "__main__":
    main()
