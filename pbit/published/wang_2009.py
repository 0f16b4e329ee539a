"""A domain wall whose place is the charge that went through: a memristor, and its pinched loop."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from pbit.devices.synapses import SynapseVariation
from pbit.devices.synapses.creeping_wall import CreepingWall
from pbit.published.experiment import Bound, Experiment, Measured, Size
from pbit.published.levels import FloatArray

_WALL = CreepingWall()
_AREA_M2 = 3e-16  # 100 nm by 3 nm
_DEVICES: dict[Size, int] = {"small": 5, "default": 100, "full": 1000}
_OVER = np.array([0.5, 1.0, 1.5, 2.0, 3.0, 5.0, 10.0, 20.0])  # largest current, over depinning
_PERIODS = (40, 120, 400)  # pulses
_PULSES: dict[Size, int] = {"small": 50, "default": 200, "full": 200}


def run(
    seed: int,
    size: Size,
    data: Path | None,
    *,
    over: float = 10.0,
    d2d: float = 0.05,
    c2c: float = 0.02,
) -> Measured:
    """How far the resistance goes with the charge, and areas of loops against frequency."""
    spread = SynapseVariation(drive_d2d=d2d, drive_c2c=c2c)
    count = _DEVICES[size]

    def explained(over: float, count: int, variation: SynapseVariation) -> float:
        currents = over * np.random.default_rng(seed).uniform(-1, 1, _PULSES[size])
        return _explained(currents * _WALL.depinning_A_m2, count, seed, variation)

    shares = np.array([explained(each, count, spread) for each in _OVER])
    loops = [_loop(period) for period in _PERIODS]
    areas = np.array([_area(each) for each in loops])
    return Measured(
        value=explained(over, count, spread),
        baseline=1.0,
        details={
            "at twice depinning": float(shares[3]),
            "at half of depinning": float(shares[0]),
            "all alike": explained(over, 1, SynapseVariation()),
            "most current without voltage over the largest": _unpinched(loops),
            "area of the fastest loop over the slowest": float(areas[0] / areas[-1]),
        },
        note=f"{count} walls, {_PULSES[size]} pulses of random sign and size up to {over:g} times "
        f"depinning, {_WALL.pulse_s * 1e9:g} ns each; drives spread by {d2d:g} between "
        f"devices and {c2c:g} between pulses; loops of {', '.join(map(str, _PERIODS))} pulses a "
        "period; round parameters",
        curves={
            "explained": shares,
            **{f"loop {k}": each for k, each in enumerate(loops)},
        },
    )


def _explained(currents: FloatArray, count: int, seed: int, variation: SynapseVariation) -> float:
    """Share of the variance of the resistance that is linear in the charge, mean over devices."""
    fastest = float(_WALL.velocity_m_s(np.abs(currents).max()))
    array = _WALL.made(count, seed=seed, variation=variation)
    array.reset(np.full(count, 0.5))
    resistances = []
    for current in currents:
        array.pulse(current)
        resistances.append(1 / array.conductance())
        if (
            np.abs(array.conductance() / array.lowest - 1.5).max()
            > 0.5 - fastest * _WALL.pulse_s / _WALL.length_m
        ):
            break  # the end of the track is near
    charge = np.cumsum(currents[: len(resistances)])
    linear = [np.corrcoef(charge, each)[0, 1] ** 2 for each in np.array(resistances).T]
    return float(np.mean(linear))


def _loop(period: int) -> FloatArray:
    """Voltages in V and currents in uA of two periods of a sine, (2, points)."""
    array = _WALL.made(1, seed=0)
    array.reset(np.full(1, 0.2))
    most = 4 * _WALL.depinning_A_m2
    found = []
    for turn in np.arange(2 * period) / period:
        density = most * np.sin(2 * np.pi * turn)
        found.append((density * _AREA_M2 / array.conductance()[0], density * _AREA_M2 * 1e6))
        array.pulse(density)
    return np.array(found).T


def _area(loop: FloatArray) -> float:
    """Area of both lobes in the last period, without sign."""
    volts, amps = loop[:, loop.shape[1] // 2 :]
    half = volts.size // 2
    lobes = [
        abs(np.trapezoid(amps[part], volts[part])) for part in (slice(half), slice(half, None))
    ]
    return float(sum(lobes))


def _unpinched(loops: Sequence[FloatArray]) -> float:
    """Current where the voltage is 0, over the largest."""
    at_zero = [np.abs(amps[np.abs(volts) < 1e-12]).max(initial=0.0) for volts, amps in loops]
    return float(max(at_zero) / max(np.abs(amps).max() for _, amps in loops))


def plot(results: Sequence[Measured], axes: Any) -> None:
    """Loops of three frequencies; inset: how far the resistance goes with the charge."""
    found = results[0].curves
    for k, period in enumerate(_PERIODS):
        axes.plot(
            *found[f"loop {k}"], lw=1.2, label=f"{period * _WALL.pulse_s * 1e9:g} ns a period"
        )
    axes.set(xlabel="voltage (V)", ylabel="current (µA)")
    axes.axhline(0, color="k", lw=0.4)
    axes.axvline(0, color="k", lw=0.4)
    axes.legend(fontsize=8, loc="upper left")
    inset = axes.inset_axes((0.62, 0.12, 0.36, 0.32))
    inset.plot(_OVER, np.mean([each.curves["explained"] for each in results], axis=0), "o-", ms=3)
    inset.set(xscale="log", ylim=(0, 1.05))
    inset.set_title("linear in charge, against current / depinning", fontsize=6.5, pad=2)
    inset.tick_params(labelsize=6)


EXPERIMENT = Experiment(
    id="wang-2009",
    rows=(46,),
    device="domain wall in a smooth track",
    task="memristor",
    source="X. Wang et al., IEEE Electron Device Lett. 30, 294 (2009)",
    claim="the resistance goes with the charge that went through",
    claim_value=1.0,
    claim_tag="S0",
    measures="share of the variance of the resistance that is linear in the charge",
    unit="1",
    baseline="a resistance that is the charge",
    bounds=(
        Bound(low=0.9),
        Bound("most current without voltage over the largest", high=1e-9),
        Bound("area of the fastest loop over the slowest", high=0.5),
    ),
    run=run,
    plot=plot,
)
