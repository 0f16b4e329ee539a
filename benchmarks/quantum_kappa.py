r"""How fast simulated quantum annealing comes down on 3D glasses, for many numbers of replicas.

The residual energy per spin, :math:`\rho = (E - E_0) / n`, E that of the lowest of R replicas at
the end of an anneal of t sweeps, E_0 the putative ground energy that comes with the instances,
falls about as :math:`t^{-\kappa}`. A sweep of R replicas is R n updates. Published: Chowdhury et
al., Nat. Commun. 16, 9193 (2025), from its data; every slice at beta / R = 0.5, the field from 3
to 1e-5 linearly, and :math:`K = -\ln \tanh(\beta \Gamma / R)`, without the half that the Trotter
product has. Both are run: without the half a field G acts as one of
:math:`\operatorname{artanh}(\tanh^2(\beta G / R)) R / \beta`.

PBIT_DATA is the folder of the instances.
"""

from __future__ import annotations

import itertools
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import click
import numpy as np

from instance_sets import load
from pbit import Schedule, quantum_anneal
from record import headline, options, pyplot, write

SLICE_BETA, HIGH, LOW = 0.5, 3.0, 1e-5
SWEEPS = (50, 100, 200, 500, 1000, 2000)
PUBLISHED = {  # replicas: kappa, rho after 1000 sweeps
    50: (0.587, 0.01666), 132: (0.647, 0.01307), 250: (0.682, 0.01132), 500: (0.720, 0.00975),
    1000: (0.755, 0.00843), 2850: (0.805, 0.00692),
}  # fmt: skip
_COLORS = ("#4477aa", "#cc3311", "#228833", "#aa3377", "#ee7733", "#66ccee")


@dataclass(frozen=True)
class Curve:
    """Residual energies of one number of replicas, with errors from the instances."""

    replicas: int
    half: bool
    sweeps: tuple[int, ...]
    rho: tuple[float, ...]
    errors: tuple[float, ...]
    kappa: float
    kappa_error: float
    seconds: float


def schedule(replicas: int, sweeps: int, *, half: bool) -> Schedule:
    """The published schedule; where the half is to be missing, the field that makes up for it."""
    gammas = np.linspace(HIGH, LOW, sweeps)
    if not half:
        gammas = np.arctanh(np.tanh(SLICE_BETA * gammas) ** 2) / SLICE_BETA
    betas = np.full(sweeps, SLICE_BETA * replicas)
    return Schedule(betas).with_columns(gamma=np.maximum(gammas, 1e-300))


def curve(cases: Sequence[Any], replicas: int, *, half: bool, seed: int) -> Curve:
    """One anneal of each length on each instance."""
    start = time.perf_counter()
    rho = np.empty((len(cases), len(SWEEPS)))
    for (k, case), (s, sweeps) in itertools.product(enumerate(cases), enumerate(SWEEPS)):
        found = quantum_anneal(
            case.model, schedule(replicas, sweeps, half=half), replicas=replicas,
            method="slices", seed=seed + k,
        )  # fmt: skip
        rho[k, s] = (found.energies[0] - case.target) / case.model.num_spins
    draws = np.random.default_rng(seed).integers(len(cases), size=(1000, len(cases)))
    slopes = [_slope(rho[draw].mean(axis=0)) for draw in draws]
    error = rho.std(axis=0, ddof=1) / np.sqrt(len(cases))
    mean = rho.mean(axis=0)
    return Curve(
        replicas, half, SWEEPS, tuple(mean.tolist()), tuple(error.tolist()), _slope(mean),
        float(np.std(slopes)), time.perf_counter() - start,
    )  # fmt: skip


def _slope(rho: Any) -> float:
    return -float(np.polyfit(np.log(SWEEPS), np.log(rho), 1)[0])


def draw(path: Path, curves: Sequence[Curve]) -> None:
    """Residual energy against sweeps; solid: the Trotter product's K, dashed: without the half."""
    plt = pyplot()
    figure, axis = plt.subplots(figsize=(5.6, 4.2), layout="constrained")
    colors = {r: _COLORS[k % 6] for k, r in enumerate(sorted({c.replicas for c in curves}))}
    for each in curves:
        label = (
            rf"R = {each.replicas}{'' if each.half else ', no half'}: $\kappa$ = {each.kappa:.3f}"
        )
        axis.errorbar(
            each.sweeps, each.rho, each.errors, fmt="o-" if each.half else "s--", ms=4, capsize=2,
            color=colors[each.replicas], label=label,
        )  # fmt: skip
    axis.set(xscale="log", yscale="log", xlabel="sweeps of all replicas",
             ylabel="residual energy per spin (J), lowest of R replicas")  # fmt: skip
    axis.grid(alpha=0.3, which="both")
    axis.legend(fontsize=7)
    figure.savefig(path, dpi=150)


@click.command()
@options
@click.option("--side", default=15, show_default=True)
@click.option("--instances", default=20, show_default=True, type=click.IntRange(2))
@click.option("--replicas", default="50,250,1000,2850", show_default=True)
def main(
    seed: int, repeats: int, json_file: Path | None, plot_file: Path | None, side: int,
    instances: int, replicas: str,
) -> None:  # fmt: skip
    """Print kappa for each number of replicas, with the half and without. --repeats is not used."""
    print(headline(f"3D glasses, side {side}, {instances} instances, seed {seed}"))
    cases = load("ea3d", side, first=0, count=instances)
    print("     R  half   kappa  error  published  rho(1000)   error  published      s")
    curves = []
    for count in (int(word) for word in replicas.split(",")):
        for half in (True, False):
            found = curve(cases, count, half=half, seed=seed)
            curves.append(found)
            kappa, rho = PUBLISHED.get(count, (float("nan"),) * 2)
            at = SWEEPS.index(1000)
            told = f"{count:>6}  {'yes' if half else 'no':<4}{found.kappa:>8.3f}"
            told += f"{found.kappa_error:>7.3f}{kappa:>11.3f}{found.rho[at]:>11.5f}"
            told += f"{found.errors[at]:>8.5f}{rho:>11.5f}{found.seconds:>7.0f}"
            print(told, flush=True)
    if json_file is not None:
        write(json_file, "quantum_kappa", [asdict(each) for each in curves], seed=seed)
    if plot_file is not None:
        draw(plot_file, curves)


if __name__ == "__main__":
    main()
