"""What does the first call cost, in a fresh process with an empty kernel cache, and a warm one?

    python benchmarks/first_call.py [--only NAME]... [--repeats 5] [--json FILE]

Each line is a program of a few lines, as a newcomer would write it, run twice: with an empty cache,
where it compiles, and again with what that left behind. CPU seconds (user) and wall seconds are
those of the whole process, imports included; CPU seconds of compilation depend little on what else
the machine does. --seed and --plot do nothing here.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import click

from record import headline, options, write

_AS_INSTALLED = {"PYTHONDONTWRITEBYTECODE": ""}  # Python's own bytecode is there from the second on
README = Path(__file__).parents[1] / "README.md"

_MODEL = """
import numpy as np, pbit
i, j = np.triu_indices(40, 1) if {dense} else (np.arange(12), (np.arange(12) + 1) % 12)
weights = np.random.default_rng(1).normal(size=i.size) if {real} else (-1.0) ** np.arange(i.size)
model = pbit.IsingModel.from_edges(i, j, weights)
"""
_SAMPLER = """
import dimod, pbit
bqm = dimod.BQM.from_ising({{}}, {{(i, (i + 1) % 12): {weight} for i in range(12)}})
pbit.PBitSampler().sample(bqm, num_reads={reads}, seed=1)
"""
_SIGNS, _REAL = "(-1.0) ** i", "(i + 1.0) ** 0.5"
_ANNEAL = "pbit.anneal(model, num_reads={reads}, seed=1, kernel={kernel!r})"
_CHIP = "pbit.anneal(model, num_reads=10, seed=1, hardware=pbit.Hardware({options}))"
_README = f"import doctest; assert not doctest.testfile({str(README)!r}, module_relative=False)[0]"


def _program(call: str, *, real: bool = False, dense: bool = False) -> str:
    return _MODEL.format(real=real, dense=dense) + call


PROGRAMS = {
    "imports": "import dimod, pbit; pbit.PBitSampler, pbit.temper",
    "anneal, 64 reads": _program("pbit.anneal(model, num_reads=64, seed=1)"),
    "PBitSampler, 1 read, +-1": _SAMPLER.format(weight=_SIGNS, reads=1),
    "PBitSampler, 64 reads, +-1": _SAMPLER.format(weight=_SIGNS, reads=64),
    "PBitSampler, 1 read, real": _SAMPLER.format(weight=_REAL, reads=1),
    "PBitSampler, 64 reads, real": _SAMPLER.format(weight=_REAL, reads=64),
    "anneal bits": _program(_ANNEAL.format(kernel="bits", reads=64)),
    **{
        f"anneal {kernel}": _program(_ANNEAL.format(kernel=kernel, reads=reads), real=True)
        for kernel, reads in (
            ("lanes", 64), ("reads", 1), ("colors", 1), ("dense", 64), ("cached", 4),
        )
    },
    "temper bits": _program("pbit.temper(model, num_sweeps=100, seed=1)"),
    "temper lanes": _program("pbit.temper(model, num_sweeps=100, seed=1)", real=True),
    "temper dense": _program("pbit.temper(model, num_sweeps=100, seed=1)", real=True, dense=True),
    "population": _program("pbit.population_anneal(model, seed=1)"),
    "chip default": _program(_CHIP.format(options="")),
    "chip telegraph": _program(_CHIP.format(options="dynamics='telegraph'")),
    "chip arrhenius": _program(_CHIP.format(options="dynamics='arrhenius'")),
    "README": _README,
}  # fmt: skip


def run(program: str, cache: str) -> tuple[float, float]:
    """CPU seconds (user) and wall seconds of a process of its own."""
    environment = os.environ | {"NUMBA_CACHE_DIR": cache, "PBIT_QUIET": "1", **_AS_INSTALLED}
    cpu, wall = os.times().children_user, time.perf_counter()
    subprocess.run([sys.executable, "-c", program], env=environment, check=True)
    return os.times().children_user - cpu, time.perf_counter() - wall


def measure(name: str, repeats: int) -> dict[str, Any]:
    """One line: medians, and what the CPU seconds were each time."""
    cold, warm = [], []
    for _ in range(repeats):
        with tempfile.TemporaryDirectory() as cache:
            cold.append(run(PROGRAMS[name], cache))
            warm.append(run(PROGRAMS[name], cache))
    row: dict[str, Any] = {"program": name}
    for label, times in (("cold", cold), ("warm", warm)):
        cpu, wall = zip(*times, strict=True)
        row[f"{label}_cpu_s"] = statistics.median(cpu)
        row[f"{label}_wall_s"] = statistics.median(wall)
        row[f"{label}_cpu_spread_s"] = max(cpu) - min(cpu)
    return row


@click.command()
@click.option("--only", multiple=True, metavar="NAME", help="Lines whose names have this in them.")
@options
def main(
    only: tuple[str, ...], seed: int, repeats: int, json_file: Path | None, plot_file: Path | None
) -> None:
    """Print CPU and wall seconds of first calls. --seed and --plot do nothing here."""
    chosen = [name for name in PROGRAMS if not only or any(part in name for part in only)]
    if not chosen:
        raise click.UsageError(f"--only: must be part of one of {', '.join(PROGRAMS)}")
    click.echo(headline(f"median of {repeats}; seconds of the whole process, imports included"))
    click.echo(f"{'':<28} {'empty cache':>24} {'warm cache':>24}")
    click.echo(f"{'program':<28} {'CPU':>7} {'spread':>8} {'wall':>7} "
               f"{'CPU':>8} {'spread':>7} {'wall':>7}")  # fmt: skip
    rows = []
    for name in chosen:
        row = measure(name, repeats)
        rows.append(row)
        cells = [
            f"{row[f'{label}_{what}_s']:7.2f}"
            for label in ("cold", "warm")
            for what in ("cpu", "cpu_spread", "wall")
        ]
        click.echo(f"{name:<28} {' '.join(cells)}")
    if json_file:
        write(json_file, "first_call", rows, repeats=repeats)


if __name__ == "__main__":
    main()
