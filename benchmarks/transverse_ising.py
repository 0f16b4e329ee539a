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
from record import headline, options, write

CASES = [
    ("ring", 0.5, 1), ("ring", 1, 1), ("ring", 1, 2), ("ring", 1, 4), ("ring", 2, 2),
    ("chain", 1, 2), ("chain", 0.5, 1),
]  # fmt: skip
METHODS = {"slices": 16, "clusters": 16, "continuous": None}
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
            averages = _until(TransverseIsing.of(model, gamma), beta, method, replicas, sigma, seed)
            found = _exact(model, gamma, beta, replicas)
            for observable, (measured, true) in _pairs_of(averages, found).items():
                value, error = (float(x) for x in measured)
                rows.append(Row(name, gamma, beta, method, observable, value, error, float(true)))
            _print(rows[-8:])
    z = np.array([row.z for row in rows])
    p = stats.chi2.sf((z**2).sum(), z.size)
    print(f"{z.size} values, largest |z| {np.abs(z).max():.2f}, chi-square {(z**2).sum():.1f}, "
          f"p {p:.3f} (observables of a run are correlated)")  # fmt: skip
    return rows


def _until(quantum: Any, beta: float, method: str, replicas: Any, sigma: float, seed: int) -> Any:
    """Averages whose errors are all below ``sigma``: a short run tells how long it takes."""
    ends = np.array([[0, 0, 0, 0], [1, 2, 3, 4]])
    how = "slices" if method == "slices" else "worldlines"
    reads = 4096 if method == "slices" else 256  # side by side in words
    common = {"replicas": replicas, "method": how, "pairs": ends, "num_reads": reads}
    short = quantum.measure(beta, num_sweeps=1000, every=4, seed=seed, **common)
    largest = max(float(np.max(error)) for _, error in _measured(short).values())
    sweeps = int(1000 * max(1.0, 1.15 * (largest / sigma) ** 2)) + 200
    every = max(2, sweeps // 5000)
    return quantum.measure(
        beta, num_sweeps=sweeps, burn_in=200, every=every, seed=seed + 1, **common
    )


def _measured(averages: Any) -> dict[str, Any]:
    correlations = averages.correlations
    return {
        "E / n": averages.energy_per_spin,
        "sigma_x": averages.transverse_magnetization,
        "m^2": averages.m2,
        "m^4": averages.m4,
        **{
            f"zz {k + 1}": (correlations.value[k], correlations.error[k])
            for k in range(correlations.value.size)
        },
    }


def _pairs_of(averages: Any, found: Any) -> dict[str, Any]:
    true = {
        "E / n": found.energy_per_spin,
        "sigma_x": found.sigma_x.mean(),
        "m^2": found.m2,
        "m^4": found.m4,
        **{f"zz {k}": found.correlations[0, k] for k in (1, 2, 3, 4)},
    }
    return {name: (each, true[name]) for name, each in _measured(averages).items()}


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
