"""A bit of magnetic memory: which states a current and a field leave, from the macrospin."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from pbit.devices.macrospin import simulate
from pbit.devices.magnet import Array, Macrospin
from pbit.published.experiment import Bound, Experiment, Measured, Size

_GRID: dict[Size, tuple[int, int, float]] = {  # fields, currents, damping times
    "small": (3, 5, 10.0),
    "default": (17, 33, 30.0),
    "full": (33, 65, 100.0),
}
_LINE: dict[Size, tuple[int, float]] = {
    "small": (9, 40.0),
    "default": (33, 200.0),
    "full": (65, 400.0),
}
_MAGNET = Macrospin(
    saturation_A_m=8e5,
    volume_m3=1.6e-24,
    damping=0.05,
    anisotropy_field_A_m=2e5,
    temperature_K=0.0,
)
_TILT = 0.1


def run(seed: int, size: Size, data: Path | None) -> Measured:
    """Critical current without field, and the states that are left on a grid."""
    generator = np.random.default_rng(seed)
    count, times = _LINE[size]
    drives = np.linspace(0.8, 1.2, count)
    thresholds = []
    for start in (-1, 1):
        switched = _finals(-start * drives, 0.0, start, times, generator) * start < 0
        low = np.flatnonzero(~switched)
        thresholds.append(float(drives[min(low[-1] + 1, count - 1)] if len(low) else drives[0]))
    fields, drives, times = _axes(size)
    states = np.array(
        [[_finals(drives, h, start, times, generator) for h in fields] for start in (-1, 1)]
    )
    kept = np.stack([states[0] < 0, states[1] > 0])  # (from AP, from P), fields, drives
    expected = np.stack([drives[None] <= 1 - fields[:, None], drives[None] >= -1 - fields[:, None]])
    return Measured(
        value=float(np.mean(thresholds)),
        baseline=1.0,
        details={
            "leaving AP": thresholds[0],
            "leaving P": thresholds[1],
            "of the grid as the lines say": float((kept == expected).mean()),
        },
        note=f"perpendicular macrospin at 0 K, {times:g} damping times from {_TILT:g} rad off the "
        f"axis, the seed draws where around it; thresholds in steps of {0.4 / (count - 1):.3g}",
        curves={"fields": fields, "drives": drives, "kept": kept},
    )


def _axes(size: Size) -> tuple[Array, Array, float]:
    fields, drives, times = _GRID[size]
    return np.linspace(-1.6, 1.6, fields), np.linspace(-2.6, 2.6, drives), times


def _finals(
    drives: Array, field: float, start: int, times: float, generator: np.random.Generator
) -> Array:
    """m_z at the end for each drive, from near one pole; fields in units of H_K."""
    magnet = replace(_MAGNET, applied_field_A_m=(0.0, 0.0, field * _MAGNET.anisotropy_field_A_m))
    around = generator.uniform(0, 2 * np.pi, len(drives))
    sine, cosine = np.sin(_TILT), np.full(len(drives), start * np.cos(_TILT))
    begin = np.stack([sine * np.cos(around), sine * np.sin(around), cosine], axis=1)
    run = simulate(
        magnet,
        times * _MAGNET.damping_time_s,
        current_A=drives * _MAGNET.critical_current_A(),
        num_reads=len(drives),
        initial=begin,
        seed=0,
    )
    return run.m[:, -1, 2]


def plot(results: Sequence[Measured], axes: Any) -> None:
    """States that are left, with the lines of linear stability."""
    first = results[0].curves
    fields, drives, kept = (first[name] for name in ("fields", "drives", "kept"))
    code = np.where(kept[0] & kept[1], 1, np.where(kept[1], 2, 0))  # AP, both, P
    axes.pcolormesh(fields, drives, code.T, cmap="coolwarm", shading="nearest", alpha=0.7)
    for line, style in ((1 - fields, "k-"), (-1 - fields, "k--")):
        axes.plot(fields, line, style, lw=1)
    for text, place in (("P", (0.9, 1.6)), ("both", (0, 0)), ("AP", (-0.9, -1.6))):
        axes.text(*place, text, ha="center", va="center", fontsize=12)
    axes.set(xlabel="field / anisotropy field", ylabel="current / critical current")
    axes.set_ylim(drives[0], drives[-1])


EXPERIMENT = Experiment(
    id="locatelli-2014-switching",
    rows=(4,),
    device="binary tunnel junction, macrospin",
    task="switching by current and field",
    source="N. Locatelli, V. Cros, J. Grollier, Nat. Mater. 13, 11 (2014), figure 2a",
    claim="hysteretic switching of a memory bit by current and field (a figure)",
    claim_tag="S4",
    measures="critical current without field, over Sun's formula",
    unit="1",
    baseline="J. Z. Sun, Phys. Rev. B 62, 570 (2000)",
    bounds=(Bound(low=0.95, high=1.05), Bound("of the grid as the lines say", low=0.95)),
    run=run,
    plot=plot,
)
