"""The README's picture: what p-bits sample, and how low they come in a given time.

Left, an AND gate of three p-bits: how often each state is visited, beside the exact Boltzmann law.
Right, +-J glasses on a cubic lattice: energy above the lowest that tempering knows, per spin,
against processor seconds of a whole call on one thread. The p-bits and neal return the lowest of
64 annealing reads of so many sweeps, tempering the lowest state of one run. Each call is made once
before the one that counts, so that nothing is compiled in it; neal has its own range of beta.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import click
import neal
import numpy as np

import pbit
from pbit.problems.logic.gates.library import AND
from record import headline, options, pyplot, write

_READS = 64
_BETA = 0.5
_COUNTED = 100_000
_LENGTHS = {
    "neal": (10, 30, 100, 300, 1000, 3000),
    "p-bits": (10, 30, 100, 300, 1000, 3000, 10000),
    "tempering": (10, 30, 100, 300, 1000, 3000),
}
_MARKS = {"neal": ("C7", "s"), "p-bits": ("C0", "o"), "tempering": ("C3", "D")}


class Point(NamedTuple):
    """One solver at one number of sweeps, over all glasses."""

    solver: str
    sweeps: int
    seconds: float
    residual: float


def glass(size: int, seed: int) -> pbit.IsingModel:
    """Couplings +1 or -1 on a periodic cubic lattice of size^3 spins."""
    sites = np.arange(size**3).reshape(size, size, size)
    ends = np.concatenate([np.roll(sites, -1, axis).ravel() for axis in range(3)])
    signs = np.random.default_rng(seed).choice([-1.0, 1.0], ends.size)
    return pbit.IsingModel.from_edges(np.tile(sites.ravel(), 3), ends, signs)


def visits(seed: int, num_reads: int) -> tuple[list[str], np.ndarray, np.ndarray]:
    """States of the gate as a b y, how often each is seen, and its exact probability.

    The rows of the truth table come first.
    """
    reads = pbit.anneal(
        AND.model, pbit.Schedule(np.full(50, _BETA)), num_reads=num_reads, seed=seed
    )
    exact = pbit.exact.exact_boltzmann(AND.model, _BETA)  # spin i is bit i of a state's number
    codes = (reads.spins > 0) @ (1 << np.arange(AND.model.num_spins))
    counted = np.bincount(codes, minlength=exact.size) / num_reads
    order = np.argsort(-exact, kind="stable")
    names = [format(code, "03b")[::-1] for code in order]
    return names, counted[order], exact[order]


def calls(model: pbit.IsingModel, seed: int) -> dict[str, Callable[[int], float]]:
    """The lowest energy of a call of each solver, as a function of the number of sweeps."""
    bqm, sampler = model.to_bqm(), neal.SimulatedAnnealingSampler()
    hot, cold = pbit.default_beta_range(model)

    def anneal(sweeps: int) -> float:
        schedule = pbit.Schedule.geometric(hot, cold, num_betas=sweeps)
        reads = pbit.anneal(model, schedule, num_reads=_READS, num_threads=1, seed=seed)
        return float(reads.energies.min())

    def temper(sweeps: int) -> float:
        found = pbit.temper(model, num_sweeps=sweeps, num_reads=1, num_threads=1, seed=seed)
        return float(found.energies.min())

    def peer(sweeps: int) -> float:
        found = sampler.sample(bqm, num_reads=_READS, num_sweeps=sweeps, seed=seed)
        return float(found.first.energy)

    return {"neal": peer, "p-bits": anneal, "tempering": temper}


def race(size: int, instances: int, seed: int) -> list[Point]:
    """Every solver at every length: median seconds and mean residual energy."""
    glasses = [glass(size, seed + k) for k in range(instances)]
    lowest = [
        float(pbit.temper(each, num_sweeps=10_000, seed=seed, num_reads=2).energies.min())
        for each in glasses
    ]
    points = []
    for name, lengths in _LENGTHS.items():
        for sweeps in lengths:
            runs = [timed(calls(each, seed + 1)[name], sweeps) for each in glasses]
            over = [(run[1] - low) / size**3 for run, low in zip(runs, lowest, strict=True)]
            seconds = float(np.median([run[0] for run in runs]))
            points.append(Point(name, sweeps, seconds, float(np.mean(over))))
    return points


def timed(call: Callable[[int], float], sweeps: int) -> tuple[float, float]:
    """Processor seconds of a call that has been made before, and what it returned."""
    call(10)
    start = time.process_time()
    energy = call(sweeps)
    return time.process_time() - start, energy


def draw(states: tuple[Any, Any, Any], points: list[Point], path: Path) -> None:
    """Both panels."""
    plt = pyplot()
    figure, (left, right) = plt.subplots(1, 2, figsize=(9, 3.6), layout="constrained")
    _draw_states(left, *states)
    _draw_race(right, points)
    figure.savefig(path, dpi=110)


def _draw_states(axes: Any, names: list[str], counted: np.ndarray, exact: np.ndarray) -> None:
    axes.bar(names, exact, color="0.8", label="exact Boltzmann law")
    axes.plot(names, counted, "o", color="C0", label=f"{_COUNTED:,} reads")
    axes.set_xlabel(f"state of the p-bits a, b, y (beta = {_BETA})")
    axes.set_ylabel("probability")
    axes.set_title("AND gate, y = a and b: three p-bits", fontsize=10)
    axes.legend(fontsize=8)


def _draw_race(axes: Any, points: list[Point]) -> None:
    for name, (color, mark) in _MARKS.items():
        own = [point for point in points if point.solver == name]
        label = f"{name}, one run" if name == "tempering" else f"{name}, {_READS} reads"
        axes.plot([1e3 * p.seconds for p in own], [p.residual for p in own], color=color,
                  marker=mark, label=label)  # fmt: skip
    axes.set_xscale("log")
    axes.set_yscale("symlog", linthresh=1e-3)
    axes.set_ylim(0, 0.2)
    axes.set_xlabel("processor time of a call, one thread (ms)")
    axes.set_ylabel("lowest energy above the best known\n(units of J per spin)")
    axes.set_title("3D spin glass, 1000 p-bits", fontsize=10)
    axes.grid(alpha=0.3)
    axes.legend(fontsize=8)


@click.command()
@options
@click.option("--size", default=10, show_default=True, help="Of the lattice's side.")
def main(
    seed: int, repeats: int, json_file: Path | None, plot_file: Path | None, size: int
) -> None:
    """Print the rows behind the README's picture; --repeats is the number of glasses."""
    states = visits(seed, _COUNTED)
    points = race(size, repeats, seed)
    click.echo(headline(f"{repeats} glasses of {size}^3 spins, one thread, seed {seed}"))
    click.echo(f"{'solver':<10} {'sweeps':>7} {'ms':>9} {'above lowest / n':>17}")
    for point in points:
        click.echo(f"{point.solver:<10} {point.sweeps:>7} {1e3 * point.seconds:>9.3g} "
                   f"{point.residual:>17.4f}")  # fmt: skip
    if json_file is not None:
        rows = [point._asdict() for point in points]
        write(json_file, "readme_figure", rows, size=size, seed=seed, instances=repeats)
    if plot_file is not None:
        draw(states, points, plot_file)


if __name__ == "__main__":
    main()
