"""An antiferromagnet beneath a ferromagnet: how far a current goes is how much it turns."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from scipy.special import ndtr

from pbit.devices.synapses import SynapseVariation
from pbit.devices.synapses.linear import LinearSynapse
from pbit.devices.synapses.spin_orbit import SpinOrbitMemristor
from pbit.published.experiment import Bound, Experiment, Measured, Size
from pbit.published.levels import APART, DEVICES, READING, FloatArray, resolved

_DEVICE = SpinOrbitMemristor()
_STEPS = 60
_SWEPT = np.concatenate([np.linspace(a, b, 40) for a, b in ((0, 1), (1, -1), (-1, 1))])


def run(
    seed: int, size: Size, data: Path | None, *, drive_d2d: float = 0.05, drive_c2c: float = 0.02
) -> Measured:
    """Levels set by one pulse after a reset, its law, and loops that close."""
    spread = SynapseVariation(drive_d2d=drive_d2d, drive_c2c=drive_c2c)
    first, last = _DEVICE.ramp
    currents = _DEVICE.threshold_A * np.linspace(first, last, _STEPS)
    written = _written(DEVICES[size], currents, variation=spread, seed=seed)
    alike = _written(DEVICES[size], currents, variation=SynapseVariation(), seed=seed)
    law = ndtr((currents / _DEVICE.threshold_A - 1) / _DEVICE.spread)
    ideal = resolved(np.linspace(0, 1, LinearSynapse().num_steps + 1)[None])
    return Measured(
        value=float(resolved(written).mean()),
        baseline=float(ideal[0]),
        details={
            "fewest in a device": float(resolved(written).min()),
            "departure from its law, all alike": float(np.abs(alike.mean(axis=0) - law).max()),
            "spread between devices there": float(alike.std(axis=0).max()),
            "spread with that of drives": float(written.std(axis=0).max()),
            "minor loops closed to": _closed(seed, SynapseVariation()),
            "minor loops closed to, with spread": _closed(seed, spread),
        },
        note=f"{len(written)} devices of {_DEVICE.num_domains} domains, drives spread by "
        f"{drive_d2d:g} between devices and {drive_c2c:g} between pulses, readings {READING:g} of "
        f"the range, told apart at {APART:g} of these; round parameters",
        curves={
            "currents": currents * 1e3,
            "written": written[:20],
            "law": law,
            "loops": np.array([_loop(seed, most) for most in (0.85, 1.0, 1.15, 1.3, 1.7)]),
        },
    )


def _written(
    devices: int, currents: FloatArray, *, variation: SynapseVariation, seed: int
) -> FloatArray:
    """Share of domains up after a reset and one pulse of each current, (devices, currents)."""
    array = _DEVICE.made(devices, seed=seed, variation=variation)
    found = []
    for current in currents:
        array.reset("low")
        array.pulse(current)
        found.append((array.conductance() - array.lowest) / (array.highest - array.lowest))
    return np.stack(found, axis=1)


def _loop(seed: int, most: float) -> FloatArray:
    """Currents in mA and shares of one device that is swept up to ``most`` thresholds."""
    array = _DEVICE.made(1, seed=seed)
    shares = []
    for current in most * _SWEPT * _DEVICE.threshold_A:
        array.pulse(current)
        shares.append((array.conductance()[0] - array.lowest[0]) / _DEVICE.range_S)
    return np.stack([most * _SWEPT * _DEVICE.threshold_A * 1e3, shares])


def _closed(seed: int, variation: SynapseVariation) -> float:
    """Root mean square of what a second turn through a minor loop ends away from the first."""
    array = _DEVICE.made(200, seed=seed, variation=variation)
    ends = []
    for _ in range(2):
        for turns in (1.1, -0.9, 1.1):
            array.pulse(turns * _DEVICE.threshold_A)
        ends.append(array.conductance() / _DEVICE.range_S)
    return float(np.sqrt(np.mean((ends[1] - ends[0]) ** 2)))


def plot(results: Sequence[Measured], axes: Any) -> None:
    """Loops of one device of five amplitudes; inset: what one pulse writes, against its law."""
    found = results[0].curves
    for k, (currents, shares) in enumerate(found["loops"]):
        axes.plot(currents, shares, color=f"C{k}", lw=1.3, label=f"to {currents.max():.1f} mA")
    axes.set(
        xlabel="current (mA)", ylabel="share of domains up (Hall resistance)", ylim=(-0.03, 1.5)
    )
    axes.set_yticks(np.linspace(0, 1, 6))
    axes.legend(fontsize=7, loc="upper left")
    inset = axes.inset_axes((0.55, 0.74, 0.43, 0.2))
    for line in found["written"]:
        inset.plot(found["currents"], line, color="C0", lw=0.5, alpha=0.5)
    inset.plot(found["currents"], found["law"], "k--", lw=1)
    inset.set_title("one pulse after a reset; dashed: its law", fontsize=7, pad=2)
    inset.tick_params(labelsize=6)


EXPERIMENT = Experiment(
    id="fukami-2016",
    rows=(86,),
    device="antiferromagnet and ferromagnet, spin-orbit memristor",
    task="levels of a synapse",
    source="S. Fukami et al., Nat. Mater. 15, 535 (2016)",
    claim="the share of reversed magnetisation is controlled in an analogue manner (no number)",
    claim_tag="ABS",
    measures="levels that one pulse after a reset sets, told apart by readings, mean over devices",
    unit="levels",
    baseline="a linear device of a hundred steps",
    bounds=(
        Bound("departure from its law, all alike", high=0.02),
        Bound("minor loops closed to", high=0.0),
    ),
    run=run,
    plot=plot,
)
