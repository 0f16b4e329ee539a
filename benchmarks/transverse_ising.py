"""Quantum Ising models by p-bits beside exact results.

Table "eight": eight spins on a ring and an open chain, every lattice, field and temperature of the
reference table, by p-bits in slices (bit-sliced, single updates), by clusters in slices, and in
continuous time; those with slices beside the exact law of as many slices. z is the distance from
the exact value in standard errors; below, chi-square of all of them. "trotter": the exponent of the
error in 1 / R. "critical": energy of the critical ring of 64 beside free fermions. "binder":
Binder's cumulant of square lattices around the critical field, and where two sizes cross.
"""

from __future__ import annotations

import itertools
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click
import numpy as np
from scipy import optimize, stats

from pbit.exact import quantum as exact
from pbit.problems.transverse_ising import TransverseIsing, chain, ring, square
from pbit.problems.transverse_ising.averages import Measured
from record import headline, options, write

CASES = [
    ("ring", 0.5, 1), ("ring", 1, 1), ("ring", 1, 2), ("ring", 1, 4), ("ring", 2, 2),
    ("chain", 1, 2), ("chain", 0.5, 1),
]  # fmt: skip
METHODS = {"slices": 8, "clusters": 16, "continuous": None}  # single flips freeze with many slices
CRITICAL = 3.04438  # gamma / J of the square lattice


@dataclass(frozen=True)
class Row:
    """One observable of one case by one method."""

    lattice: str
    gamma: float
    beta: float
    method: str
    observable: str
    value: float
    error: float
    exact: float

    @property
    def z(self) -> float:
        """Standard errors between value and exact."""
        return (self.value - self.exact) / self.error


def eight(sigma: float, seed: int) -> list[Row]:
    """Every case by every method, as many sweeps as errors of ``sigma`` take."""
    rows = []
    for name, gamma, beta in CASES:
        model = (ring if name == "ring" else chain)(8)
        for method, replicas in METHODS.items():
            quantum = TransverseIsing.of(model, gamma)
            found = _until(quantum, beta, name, method, replicas, sigma, seed)
            true = _true(_exact(model, gamma, beta, replicas))
            for observable, (value, error) in found.items():
                rows.append(
                    Row(
                        name, gamma, beta, method, observable, value, error, float(true[observable])
                    )
                )
            _print(rows[-8:])
    z = np.array([row.z for row in rows])
    p = stats.chi2.sf((z**2).sum(), z.size)
    print(f"{z.size} values, largest |z| {np.abs(z).max():.2f}, chi-square {(z**2).sum():.1f}, "
          f"p {p:.3f} (observables of a run are correlated)")  # fmt: skip
    return rows


def _until(
    quantum: Any, beta: float, name: str, method: str, replicas: Any, sigma: float, seed: int
) -> dict[str, Any]:
    """Averages whose errors are all below ``sigma``: the first runs tell how many it takes."""
    options: dict[str, Any] = {"replicas": replicas, "pairs": np.concatenate(_ends(name), axis=1)}
    if method == "slices":  # one spin at a time: up to 200 sweeps to forget the start
        options |= {"num_reads": 4096, "num_sweeps": 16_000, "burn_in": 3000, "every": 8}
    else:
        options |= {"num_reads": 256, "num_sweeps": 2000, "burn_in": 100, "every": 1}
    options["method"] = "slices" if method == "slices" else "worldlines"
    runs: list[dict[str, Measured]] = []
    wanted = 2.0
    while len(runs) < wanted:
        averages = quantum.measure(beta, seed=seed + len(runs), **options)
        runs.append(_measured(averages, name))
        largest = max(each.error for each in _mean_of(runs[:2]).values())
        wanted = max(2.0, 2.2 * (largest / sigma) ** 2)
    return _mean_of(runs)


def _mean_of(runs: list[dict[str, Any]]) -> dict[str, Measured]:
    """Of runs of equal length."""
    found = {}
    for name in runs[0]:
        values, errors = np.array([tuple(run[name]) for run in runs], dtype=float).T
        error = np.sqrt((errors**2).sum()) / len(runs)
        found[name] = Measured(float(values.mean()), float(error))
    return found


def _ends(name: str) -> list[Any]:
    """For 1 to 4 sites apart: the pairs that look alike, on a ring or from the ends of a chain."""
    sites = np.arange(8)
    if name == "ring":
        return [np.array([sites, (sites + apart) % 8])[:, :8 if apart < 4 else 4]
                for apart in (1, 2, 3, 4)]  # fmt: skip
    return [np.array([[0, 7], [apart, 7 - apart]]) for apart in (1, 2, 3, 4)]


def _measured(averages: Any, name: str) -> dict[str, Any]:
    products = averages.series.products.mean(axis=0)  # of each read
    ends = np.cumsum([each.shape[1] for each in _ends(name)])[:-1]
    alike = [each.mean(axis=1) for each in np.split(products, ends, axis=1)]
    return {
        "E / n": averages.energy_per_spin,
        "sigma_x": averages.transverse_magnetization,
        "m^2": averages.m2,
        "m^4": averages.m4,
        **{
            f"zz {k + 1}": Measured(each.mean(), each.std(ddof=1) / np.sqrt(each.size))
            for k, each in enumerate(alike)
        },
    }


def _true(found: Any) -> dict[str, float]:
    return {
        "E / n": found.energy_per_spin,
        "sigma_x": found.sigma_x.mean(),
        "m^2": found.m2,
        "m^4": found.m4,
        **{f"zz {k}": found.correlations[0, k] for k in (1, 2, 3, 4)},
    }


def _exact(model: Any, gamma: float, beta: float, replicas: int | None) -> Any:
    if replicas is None:
        return exact.thermal(model, gamma, beta)
    return exact.replicated(model, gamma, beta, replicas=replicas)


def _print(rows: list[Row]) -> None:
    for row in rows:
        print(
            f"{row.lattice:<6}{row.gamma:>5g}{row.beta:>4g}  {row.method:<11}{row.observable:<8}"
            f"{row.value:>11.6f} +- {row.error:.6f} {row.exact:>11.6f} {row.z:>6.2f}",
            flush=True,
        )


def trotter(seed: int) -> dict[str, float]:
    """Exponent of the error of m^2 in 1 / R, ring of 8 at gamma = 1, beta = 2."""
    model, slices = ring(8), np.array([4, 6, 8, 12, 16, 24, 32])
    true = exact.thermal(model, 1.0, 2.0).m2
    quantum = TransverseIsing.of(model, 1.0)
    common: Any = {"num_sweeps": 60_000, "num_reads": 64, "every": 2, "seed": seed}
    found = [quantum.measure(2.0, replicas=int(r), **common).m2 for r in slices]
    errors = np.array([each.value - true for each in found])
    sigma = np.array([each.error for each in found])
    exact_errors = [exact.replicated(model, 1.0, 2.0, replicas=int(r)).m2 - true for r in slices]

    def law(x: Any, a: float, exponent: float, c: float) -> Any:
        return a * x**exponent * (1 + c * x**2)

    (_, exponent, _), covariance = optimize.curve_fit(
        law, 1 / slices, errors, p0=(1.3, 2.0, 0.0), sigma=sigma, absolute_sigma=True
    )
    (_, of_exact, _), _ = optimize.curve_fit(law, 1 / slices, exact_errors, p0=(1.3, 2.0, 0.0))
    for r, e, s, t in zip(slices, errors, sigma, exact_errors, strict=True):
        print(f"R {r:>3}  error of m^2 {e:.6f} +- {s:.6f}, exact {t:.6f}")
    error = float(np.sqrt(covariance[1, 1]))
    print(f"exponent {exponent:.3f} +- {error:.3f}; of the exact errors {of_exact:.3f}")
    return {"exponent": float(exponent), "error": error, "exact": float(of_exact)}


def critical(seed: int) -> dict[str, float]:
    """Energy per spin of the critical ring of 64 at beta = 16."""
    start = time.perf_counter()
    quantum = TransverseIsing.of(ring(64), 1.0)
    averages = quantum.measure(
        16.0, num_sweeps=6000, burn_in=1000, num_reads=64, every=5, seed=seed
    )
    elapsed = time.perf_counter() - start
    true = exact.ring(64, 1.0, 16.0).energy_per_spin
    value, error = averages.energy_per_spin
    print(
        f"ring 64, gamma 1, beta 16: E / n {value:.6f} +- {error:.6f}, free fermions {true:.6f}, "
        f"off by {value - true:.6f}; {elapsed:.1f} s; autocorrelation of the energy "
        f"{averages.info['autocorrelation']['energy']:.1f} sweeps, of m^2 "
        f"{averages.info['autocorrelation']['m2']:.0f}"
    )
    return {"value": value, "error": error, "exact": true, "seconds": elapsed}


def binder(seed: int, sides: tuple[int, ...] = (8, 12, 16)) -> list[dict[str, float]]:
    """Cumulants at beta = side / 2 around the critical field, and where they cross."""
    fields = np.linspace(2.95, 3.15, 5)
    rows, lines = [], {}
    for side in sides:
        cumulants = []
        for gamma in fields:
            averages = TransverseIsing.of(square(side), float(gamma)).measure(
                side / 2, num_sweeps=1500, burn_in=200, every=2, num_reads=48, seed=seed
            )
            cumulants.append(averages.binder)
            row = {"side": side, "gamma": float(gamma), "beta": side / 2,
                   "binder": averages.binder.value, "error": averages.binder.error}  # fmt: skip
            rows.append(row)
            print("L {side:>2} gamma {gamma:.3f} U {binder:.4f} +- {error:.4f}".format(**row),
                  flush=True)  # fmt: skip
        lines[side] = np.polyfit(
            fields - CRITICAL, [u.value for u in cumulants], 1, cov="unscaled",
            w=[1 / u.error for u in cumulants],
        )  # fmt: skip
    for one, two in itertools.pairwise(sides):
        gamma, error = _crossing(lines[one], lines[two])
        print(f"L {one} and {two} cross at gamma = {gamma:.4f} +- {error:.4f}; {CRITICAL} known")
        rows.append({"side": one, "other": two, "crossing": gamma, "error": error})
    return rows


def _crossing(one: Any, two: Any) -> tuple[float, float]:
    """Where two straight lines meet, and its error by linear propagation."""
    (slope, level), (slope2, level2) = one[0], two[0]
    x = -(level - level2) / (slope - slope2)
    gradient = np.array([x, 1.0]) / (slope - slope2)
    variance = gradient @ (one[1] + two[1]) @ gradient
    return float(CRITICAL + x), float(np.sqrt(variance))


_BY_NAME: dict[str, Any] = {"trotter": trotter, "critical": critical, "binder": binder}
TABLES = ("eight", *_BY_NAME)


@click.command()
@click.option("--table", "tables", multiple=True, type=click.Choice(TABLES), default=TABLES)
@click.option("--sigma", default=2e-4, show_default=True, help="Largest error in table eight.")
@options
def main(
    tables: tuple[str, ...], sigma: float, seed: int, repeats: int, json_file: Path | None,
    plot_file: Path | None,
) -> None:  # fmt: skip
    """Print the tables."""
    print(headline(f"seed {seed}"))
    found: dict[str, Any] = {}
    for table in tables:
        print(f"--- {table}", flush=True)
        if table == "eight":
            found[table] = [vars(row) for row in eight(sigma, seed)]
        else:
            found[table] = _BY_NAME[table](seed)
    if json_file is not None:
        write(json_file, "transverse_ising", [found], seed=seed)


if __name__ == "__main__":
    main()
