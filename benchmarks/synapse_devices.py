"""What does each synapse device learn, and how fast does it take pulses?

    python benchmarks/synapse_devices.py [--devices 200] [--seed 1] [--repeats 5] [--json FILE]
        [--plot docs/figures/synapse_curves.png]

Every kind that ``pbit device synapse`` lists, with its own parameters: learning curves and
their figures of merit (see :mod:`pbit.devices.synapses.learning_curves`), with as many pulses as
take it through its range, and nanoseconds a device and pulse in an array of 100 000, median of the
repeats: all at one amplitude, or each at an amplitude of its own.
"""

from __future__ import annotations

import statistics
import time
from pathlib import Path
from typing import Any

import click
import numpy as np

from pbit.devices.synapses import LearningCurves, Synapse, SynapseKind, plasticity
from pbit.devices.synapses.registry import KNOWN
from record import headline, options, pyplot, write

MANY = 100_000
PULSES = {"phase-boundary": 20, "notched-wall": 15, "creeping-wall": 54, "elastic-wall": 20}
USUAL = 30
_UP, _DOWN = "#4477aa", "#cc3311"


def curves_of(kind: SynapseKind, devices: int, seed: int) -> LearningCurves:
    """Curves over the whole range and little more."""
    pulses = PULSES.get(kind.name, USUAL)
    return plasticity(kind.device, pulses=pulses, devices=devices, seed=seed)


def nanoseconds(device: Synapse, repeats: int, seed: int) -> tuple[float, float]:
    """A device and pulse, at one amplitude and at many."""
    array = device.made(MANY, seed=seed)
    spread = np.random.default_rng(seed).uniform(0.9, 1.1, MANY) * device.write_pulse
    medians = []
    for amplitude in (device.write_pulse, spread):
        times = []
        for _ in range(repeats + 1):  # the first one warms up
            array.reset("random")
            begin = time.perf_counter_ns()
            array.pulse(amplitude)
            times.append(time.perf_counter_ns() - begin)
        medians.append(statistics.median(times[1:]) / MANY)
    return medians[0], medians[1]


def row_of(kind: SynapseKind, curves: LearningCurves, speed: tuple[float, float]) -> dict[str, Any]:
    """One line of the table."""
    (up, misfit), (down, _) = curves.fit(), curves.fit(up=False)
    return {
        "device": kind.name,
        "pulses": curves.amplitudes.size,
        "nu_up": up,
        "nu_down": down,
        "misfit": misfit,
        "symmetry_error": curves.symmetry_error,
        "dynamic_range": curves.dynamic_range,
        "noise": curves.noise,
        "levels": curves.levels,
        "levels_of_device": kind.device.num_levels,
        "ns_one_amplitude": speed[0],
        "ns_many_amplitudes": speed[1],
    }


def line_of(row: dict[str, Any]) -> str:
    """The row for people."""
    levels = row["levels_of_device"] or "-"
    return (
        f"{row['device']:<15}{row['pulses']:>4}{row['nu_up']:>7.2f}{row['nu_down']:>7.2f}"
        f"{row['symmetry_error']:>7.3f}{row['dynamic_range']:>7.3f}{row['noise']:>7.3f}"
        f"{row['levels']:>5}{levels!s:>5}{row['ns_one_amplitude']:>7.0f}"
        f"{row['ns_many_amplitudes']:>7.0f}"
    )


def draw(found: dict[str, LearningCurves], path: Path) -> None:
    """A panel a device."""
    plt = pyplot()
    rows = -(-len(found) // 4)
    figure, axes = plt.subplots(rows, 4, figsize=(11, 2.1 * rows), layout="constrained")
    for axis in axes.ravel()[len(found) :]:
        axis.axis("off")
    for axis, (name, curves) in zip(axes.ravel(), found.items(), strict=False):
        _panel(axis, curves)
        (up, _), (down, _) = curves.fit(), curves.fit(up=False)
        axis.set_title(f"{name}:  ν {up:.1f}, {down:.1f}", fontsize=9)
    figure.supxlabel("pulse: up, then down", fontsize=9)
    figure.supylabel("conductance, share of the range", fontsize=9)
    figure.savefig(path, dpi=110)


def _panel(axis: Any, curves: LearningCurves) -> None:
    low, high = curves.device.lowest_S, curves.device.highest_S
    pulses = curves.amplitudes.size
    for start, side, color in ((0, curves.up, _UP), (pulses, curves.down, _DOWN)):
        n = np.arange(start, start + pulses + 1)
        share = (side - low) / (high - low)
        axis.plot(n, share[:8].T, color=color, alpha=0.3, linewidth=0.6)
        mean, spread = share.mean(axis=0), share.std(axis=0)
        axis.fill_between(n, mean - spread, mean + spread, color=color, alpha=0.15, linewidth=0)
        axis.plot(n, mean, color=color, linewidth=1.8)
    axis.set_ylim(-0.08, 1.08)
    axis.tick_params(labelsize=7)


@click.command()
@click.option("--devices", default=200, show_default=True, type=click.IntRange(2))
@options
def main(
    devices: int, seed: int, repeats: int, json_file: Path | None, plot_file: Path | None
) -> None:
    print(headline(f"{devices} devices for the curves, {MANY} for the speed, one thread"))
    print(
        f"{'device':<15}{'N':>4}{'nu up':>7}{'down':>7}{'symm.':>7}{'range':>7}{'noise':>7}"
        f"{'lev.':>5}{'of':>5}{'ns one':>7}{'many':>7}"
    )
    rows, found = [], {}
    for name, kind in KNOWN.all().items():
        found[name] = curves_of(kind, devices, seed)
        rows.append(row_of(kind, found[name], nanoseconds(kind.device, repeats, seed)))
        print(line_of(rows[-1]), flush=True)
    if json_file is not None:
        write(json_file, "synapse_devices", rows, seed=seed, repeats=repeats, devices=devices)
    if plot_file is not None:
        draw(found, plot_file)


if __name__ == "__main__":
    main()
