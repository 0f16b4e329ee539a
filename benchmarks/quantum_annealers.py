"""How low quantum annealers on a computer come in the same time, on 3D glasses.

Each sampler's own parameters are chosen on three instances at one length, from a small grid, by the
residual energy times the root of the time; then anneals of several lengths on other instances give
the mean residual energy per spin of a read against its seconds of the processor. Read off at equal
times by interpolation between the lengths, in logarithms.

- slices: ``pbit.quantum_anneal`` with R replicas, reads side by side in one thread.
- worldlines: the same in continuous time.
- dwave: ``PathIntegralAnnealingSampler`` of dwave-samplers, continuous time.
- openjij: ``SQASampler``, as many slices.

A read of slices, worldlines and openjij is the lowest of its replicas; dwave gives the state at
one time of its worldlines. PBIT_DATA is the folder of the instances.
"""

from __future__ import annotations

import itertools
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import click
import numpy as np

from instance_sets import load
from pbit import quantum_anneal
from pbit.schedules.quantum import quantum_schedule
from peers import module
from record import headline, options, write

Run = Callable[..., tuple[float, Any]]
_TUNING, _LENGTH = 3, 300


@dataclass(frozen=True)
class Sampler:
    """How it is called, with how many reads, the parameters to choose from, and how many times
    longer than others it runs, to be as slow."""

    run: Run
    reads: int
    grid: dict[str, tuple[Any, ...]]
    stretch: int = 1

    def choices(self) -> Iterator[dict[str, Any]]:
        """All combinations of parameters."""
        for values in itertools.product(*self.grid.values()):
            yield dict(zip(self.grid, values, strict=True))


@dataclass(frozen=True)
class Point:
    """Anneals of one length by one sampler."""

    sampler: str
    side: int
    parameters: dict[str, Any]
    sweeps: int
    seconds: float
    rho: float
    error: float


def ours(
    model: Any, sweeps: int, reads: int, seed: int, *, replicas: Any, slice_beta: float, high: float
) -> tuple[float, Any]:
    """Slices, or worldlines where ``replicas`` is None."""
    schedule = quantum_schedule(slice_beta * (replicas or 16), (high, 0.05), num_sweeps=sweeps)
    method: Any = "worldlines" if replicas is None else "slices"
    start = time.process_time()
    found = quantum_anneal(
        model, schedule, replicas=replicas, method=method, num_reads=reads, seed=seed,
        num_threads=1,
    )  # fmt: skip
    return time.process_time() - start, found.energies


def dwave(
    model: Any, sweeps: int, reads: int, seed: int, *, beta: float, high: float
) -> tuple[float, Any]:
    """D-Wave's, through the same fields."""
    sampler = module("dwave.samplers").PathIntegralAnnealingSampler()
    bqm, gammas = model.to_bqm(), np.linspace(high, 0.01, sweeps)
    start = time.process_time()
    found = sampler.sample(
        bqm, Hp_field=np.full(sweeps, beta), Hd_field=beta * gammas, num_reads=reads,
        beta_schedule_type="custom", seed=seed,
    )  # fmt: skip
    return time.process_time() - start, found.record.energy


def openjij(
    model: Any,
    sweeps: int,
    reads: int,
    seed: int,
    *,
    replicas: int,
    slice_beta: float,
    gamma: float,
) -> tuple[float, Any]:
    """OpenJij's: (s, beta, sweeps) of s E - (1 - s) gamma X."""
    peer = module("openjij")
    bqm = model.to_bqm()
    made = peer.BinaryQuadraticModel(dict(bqm.linear), dict(bqm.quadratic), bqm.offset, "SPIN")
    steps = [(float(s), slice_beta * replicas, 1) for s in np.linspace(0.02, 0.98, sweeps)]
    found = peer.SQASampler().sample(
        made, gamma=gamma, schedule=steps, trotter=replicas, num_reads=reads
    )
    return sum(found.info["list_exec_times"]) / 1e6, found.record.energy


SAMPLERS = {
    "slices": Sampler(
        ours, 64, {"replicas": (16, 64), "slice_beta": (0.6, 0.8, 1.0), "high": (1.5, 2.5)}, 10
    ),
    "worldlines": Sampler(
        ours, 4, {"replicas": (None,), "slice_beta": (0.3, 0.6), "high": (2.0, 3.0)}
    ),
    "dwave": Sampler(dwave, 4, {"beta": (2.0, 3.0, 5.0, 10.0), "high": (1.0, 2.0, 3.0)}),
    "openjij": Sampler(
        openjij, 4, {"replicas": (8, 32), "slice_beta": (0.5, 0.8, 1.2), "gamma": (1.0, 2.0)}
    ),
}
_PACKAGES = {"dwave": "dwave.samplers", "openjij": "openjij"}


def chosen(sampler: Sampler, cases: Any, seed: int) -> dict[str, Any]:
    """The parameters with the smallest residual energy times the root of the time."""

    def merit(parameters: dict[str, Any]) -> float:
        seconds, rho = _runs(sampler, parameters, _LENGTH, cases, seed)
        return float(rho.mean() * np.sqrt(seconds))

    return min(sampler.choices(), key=merit)


def _runs(
    sampler: Sampler, parameters: dict[str, Any], sweeps: int, cases: Any, seed: int
) -> tuple[float, Any]:
    """Seconds a read, and mean residual energy of each instance."""
    seconds, rho = 0.0, []
    for k, case in enumerate(cases):
        spent, energies = sampler.run(case.model, sweeps, sampler.reads, seed + k, **parameters)
        seconds += spent / len(cases) / sampler.reads
        rho.append((np.mean(energies) - case.target) / case.model.num_spins)
    return seconds, np.array(rho)


def at_times(points: list[Point], times: Any) -> Any:
    """Residual energy at these times, NaN outside of what was measured."""
    x, y = (np.log([getattr(p, name) for p in points]) for name in ("seconds", "rho"))
    return np.exp(np.interp(np.log(times), x, y, left=np.nan, right=np.nan))


@click.command()
@options
@click.option("--sides", default="8,12", show_default=True)
@click.option("--instances", default=6, show_default=True, type=click.IntRange(2))
@click.option("--longest", default=3000, show_default=True, type=click.IntRange(100))
def main(
    seed: int, repeats: int, json_file: Path | None, plot_file: Path | None, sides: str,
    instances: int, longest: int,
) -> None:  # fmt: skip
    """Print curves and what they are at equal times. --repeats and --plot do nothing here."""
    print(headline(f"3D glasses, {instances} instances, one thread each, seed {seed}"))
    there = {
        name: sampler
        for name, sampler in SAMPLERS.items()
        if name not in _PACKAGES or module(_PACKAGES[name]) is not None
    }
    every = (30, 100, 300, 1000, 3000, 10_000, 30_000, 100_000)
    points = []
    for side in (int(word) for word in sides.split(",")):
        tuning = load("ea3d", side, first=100, count=_TUNING)
        cases = load("ea3d", side, first=0, count=instances)
        curves: dict[str, list[Point]] = {}
        for name, sampler in there.items():
            _runs(sampler, next(sampler.choices()), 10, tuning[:1], seed)  # compiles
            parameters = chosen(sampler, tuning, seed)
            told = ", ".join(f"{key} {value}" for key, value in parameters.items())
            print(f"L {side}, {name}: {told}", flush=True)
            for sweeps in (s for s in every if s <= sampler.stretch * longest):
                seconds, rho = _runs(sampler, parameters, sweeps, cases, seed)
                error = float(rho.std(ddof=1) / np.sqrt(len(cases)))
                point = Point(name, side, parameters, sweeps, seconds, float(rho.mean()), error)
                curves.setdefault(name, []).append(point)
                print(
                    f"    {sweeps:>6} sweeps {1e3 * seconds:>10.3f} ms a read  rho "
                    f"{point.rho:.5f} +- {error:.5f}",
                    flush=True,
                )
        _compare(curves)
        points += [point for curve in curves.values() for point in curve]
    if json_file is not None:
        write(json_file, "quantum_annealers", [asdict(point) for point in points], seed=seed)


def _compare(curves: dict[str, list[Point]]) -> None:
    """Residual energies at equal times."""
    first = max(curve[0].seconds for curve in curves.values())
    last = min(curve[-1].seconds for curve in curves.values())
    if not first < last:
        print("no time is covered by all: raise --longest")
        return
    times = np.geomspace(first, last, 4)
    print("ms a read  " + "".join(f"{name:>12}" for name in curves))
    rows = [at_times(curve, times) for curve in curves.values()]
    for k, t in enumerate(times):
        print(f"{1e3 * t:>9.3f}  " + "".join(f"{row[k]:>12.5f}" for row in rows))


if __name__ == "__main__":
    main()
