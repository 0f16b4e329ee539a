"""What do networks of radio-frequency signals compute, and what do errors of resonances cost?

    python benchmarks/radio_networks.py [--seed 1] [--repeats 5] [--json FILE]
        [--plot docs/figures/radio_networks.png]

Six pictures and the numbers behind them: the line of a spin-torque diode; weights of chains with
the cross-talk of all carriers; digits with resonances that are off; two tones that no line
separates; an array read by absorption; convolutions with oscillators for synapses. The published
systems are run at their default size with ``--repeats`` seeds, beside what needs no device.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click
import numpy as np

from pbit.devices.oscillator import SpinTorqueDiode
from pbit.networks.radio import Chains, carriers
from pbit.published import Measured
from record import headline, options, pyplot, write
from systems import draw_systems, measured

SYSTEMS = (
    "locatelli-2014-detector",
    "leroux-2021",
    "ross-2023",
    "marrows-2024-absorption",
    "ji-2024",
)
DIODE = SpinTorqueDiode(linewidth_Hz=5e6, sensitivity_V_W=500.0)
SPACINGS = np.array([1.0, 2.0, 3.0, 5.0, 10.0, 20.0, 50.0, 100.0])
NUMBERS = (8, 65)
COLORS = ("#4477aa", "#cc3311")


def cross_talk(seed: int) -> list[dict[str, Any]]:
    """How far weights are from those of each resonator alone: root mean square of 20 chains."""
    generator, rows = np.random.default_rng(seed), []
    for number in NUMBERS:
        away = generator.uniform(-1, 1, (20, number))
        alone = 2 * DIODE.response(away)
        for spacing in SPACINGS:
            line = carriers(number, spacing=float(spacing), diode=DIODE)
            weights = Chains(line, line - DIODE.linewidth_Hz * away, DIODE).weights()
            off = float(np.sqrt(np.mean((weights - alone) ** 2)))
            rows.append({"carriers": number, "spacing": float(spacing), "off": off})
    return rows


def draw(found: dict[str, list[Measured]], rows: list[dict[str, Any]], path: Path) -> None:
    """Six panels, those of the systems by their own plots."""
    plt = pyplot()
    figure, axes = plt.subplots(2, 3, figsize=(15, 8), layout="constrained")
    draw_systems(found, list(axes.flat[[0, 2, 3, 4, 5]]))
    _draw_cross_talk(axes[0, 1], rows)
    figure.savefig(path, dpi=110)


def _draw_cross_talk(axis: Any, rows: list[dict[str, Any]]) -> None:
    for number, color in zip(NUMBERS, COLORS, strict=True):
        off = [row["off"] for row in rows if row["carriers"] == number]
        axis.loglog(SPACINGS, off, "o-", color=color, ms=4, label=f"{number} carriers")
    axis.loglog(SPACINGS, 1.5 / SPACINGS, "k--", lw=0.8, label="1 / spacing")
    axis.set(xlabel="spacing of carriers / half width", ylabel="cross-talk, of a weight of 1")
    axis.set_title("weights of chains", fontsize=10)
    axis.legend(fontsize=8)


@click.command()
@options
def main(seed: int, repeats: int, json_file: Path | None, plot_file: Path | None) -> None:
    print(headline(f"published systems at default size, seeds {seed} to {seed + repeats - 1}"))
    talk = cross_talk(seed)
    for row in talk:
        print(
            f"{row['carriers']:3d} carriers, {row['spacing']:5.0f} apart: off by {row['off']:.3f}"
        )
    found, rows = measured(SYSTEMS, seed=seed, repeats=repeats)
    if json_file is not None:
        write(json_file, "radio_networks", talk + rows, seed=seed, repeats=repeats)
    if plot_file is not None:
        draw(found, talk, plot_file)


if __name__ == "__main__":
    main()
