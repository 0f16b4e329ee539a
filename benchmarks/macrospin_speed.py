"""How many Heun steps a second does a macrospin simulation make, next to cmtj?

    python benchmarks/macrospin_speed.py [--steps 2e5] [--seed 1] [--repeats 5] [--json FILE]
        [--plot FILE]

A perpendicular free layer of 40 nm, barrier 3 k_B T, alpha 0.05, 300 K, steps of 1 ps, one thread,
with and without current. Thermal numbers are part of every step; only the end is recorded, by cmtj
(which has no such choice) the last 1000th. One magnet, and many side by side; cmtj has one layer a
junction. "<m_z^2>" is the average over magnets at the end next to Boltzmann's 0.626 (without
current; one magnet says nothing). cmtj evaluates the field and torque in its own way, also twice
a step; speed is steps of all magnets a second.
"""

from __future__ import annotations

import math
import time
from pathlib import Path
from typing import Any

import click
import numpy as np

from pbit.devices.constants import MU0_T_M_A
from pbit.devices.macrospin import Macrospin, simulate
from record import headline, installed, options, pyplot, write

STEP_S = 1e-12
MAGNET = Macrospin.disk(
    diameter_m=40e-9, thickness_m=1e-9, saturation_A_m=8e5, damping=0.05
).with_barrier(3)


def ours(magnets: int, steps: int, current: float, seed: int) -> tuple[float, float]:
    """Seconds, and <m_z^2> at the end."""
    start = time.perf_counter()
    run = simulate(
        MAGNET,
        steps * STEP_S,
        current_A=current * MAGNET.critical_current_A(),
        num_reads=magnets,
        time_step_s=STEP_S,
        seed=seed,
    )
    return time.perf_counter() - start, float((run.m[:, -1, 2] ** 2).mean())


def cmtj(magnets: int, steps: int, current: float, seed: int) -> tuple[float, float]:
    """The same with cmtj, magnets one after the other."""
    from cmtj import AxialDriver, CVector, Junction, Layer, ScalarDriver, SolverMode

    area = math.pi / 4 * 40e-9**2
    zero = [CVector(0, 0, 0)] * 3
    spent, squares = 0.0, []
    for k in range(magnets):
        layer = Layer.createSTTLayer(
            "free", CVector(0, 0, 1), CVector(0, 0, 1), MU0_T_M_A * 8e5, 1e-9, area, zero,
            damping=0.05, SlonczewskiSpacerLayerParameter=1.0, beta=0.0, spinPolarisation=0.6,
        )  # fmt: skip
        layer.setReferenceLayer(CVector(0, 0, 1))
        layer.setSeed(seed * magnets + k)
        junction: Any = Junction([layer])
        constant = ScalarDriver.getConstantDriver
        strength = MAGNET.anisotropy_field_A_m * MU0_T_M_A * 8e5 / 2
        junction.setLayerAnisotropyDriver("free", constant(strength))
        junction.setLayerExternalFieldDriver("free", AxialDriver(0, 0, 0))
        junction.setLayerTemperatureDriver("free", constant(300.0))
        if current:
            density = current * MAGNET.critical_current_A() / area
            junction.setLayerCurrentDriver("free", constant(density))
        start = time.perf_counter()
        junction.runSimulation(
            steps * STEP_S, STEP_S, steps / 1000 * STEP_S, solverMode=SolverMode.Heun
        )
        spent += time.perf_counter() - start
        squares.append(junction.getLog()["free_mz"][-1] ** 2)
    return spent, float(np.mean(squares))


def measure(
    sampler: str, magnets: int, steps: int, *, current: float, seed: int, repeats: int
) -> dict[str, Any]:
    """One line."""
    call = ours if sampler == "pbit" else cmtj
    call(magnets, 1000, current, seed)
    runs = [call(magnets, steps, current, seed + k) for k in range(repeats)]
    rates = [magnets * steps / seconds for seconds, _ in runs]
    return {
        "sampler": sampler,
        "magnets": magnets,
        "steps": steps,
        "current": current,
        "steps_per_s": float(np.median(rates)),
        "slowest": min(rates),
        "fastest": max(rates),
        "mean_square": float(np.mean([square for _, square in runs])),
    }


def draw(rows: list[dict[str, Any]], path: Path) -> None:
    """Speed over the number of magnets."""
    plt = pyplot()
    figure, panel = plt.subplots(figsize=(6, 4.2), layout="constrained")
    for sampler in dict.fromkeys(r["sampler"] for r in rows):
        for current in dict.fromkeys(r["current"] for r in rows):
            line = [r for r in rows if (r["sampler"], r["current"]) == (sampler, current)]
            label = f"{sampler}, current {current:g} I_c0"
            x, y = [r["magnets"] for r in line], [r["steps_per_s"] for r in line]
            panel.loglog(x, y, marker="o", label=label)
    panel.set_xlabel("magnets")
    panel.set_ylabel("Heun steps of all magnets a second")
    panel.grid(alpha=0.3, which="both")
    panel.legend(fontsize=8)
    figure.savefig(path, dpi=150)


@click.command()
@options
@click.option("--steps", default=2e5, show_default=True, type=click.FloatRange(1e4))
def main(
    seed: int, repeats: int, json_file: Path | None, plot_file: Path | None, steps: float
) -> None:
    """Print steps a second of one magnet and of many."""
    click.echo(headline(f"one thread, median of {repeats}, seed {seed}, {steps:g} steps of 1 ps"))
    if not installed("cmtj"):
        click.echo("cmtj is not installed: pip install cmtj", err=True)
    click.echo("sampler magnets  current   Msteps/s   slowest  fastest  <m_z^2>")
    lines = [("pbit", n) for n in (1, 16, 64, 1024)]
    lines += [("cmtj", n) for n in (1, 8)] if installed("cmtj") else []
    rows = []
    for sampler, magnets in lines:
        for current in (0.0, 0.2):
            r = measure(sampler, magnets, int(steps), current=current, seed=seed, repeats=repeats)
            rows.append(r)
            click.echo(
                f"{sampler:<7}{magnets:>8}{current:>9.1f}{r['steps_per_s'] / 1e6:>11.1f}"
                f"{r['slowest'] / 1e6:>10.1f}{r['fastest'] / 1e6:>9.1f}{r['mean_square']:>9.3f}"
            )
    if json_file is not None:
        details = {"seed": seed, "repeats": repeats, "cmtj": installed("cmtj")}
        write(json_file, "macrospin_speed", rows, **details)
    if plot_file is not None:
        draw(rows, plot_file)


if __name__ == "__main__":
    main()
