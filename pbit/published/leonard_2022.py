"""A wall in a straight track or in one that gets wider: chance and symmetry, or neither."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from pbit.devices.synapses import LearningCurves, Synapse, SynapseVariation, plasticity
from pbit.devices.synapses.notched_wall import NotchedWall
from pbit.devices.synapses.stepped_strip import SteppedStrip
from pbit.published.experiment import Bound, Experiment, Measured, Size
from pbit.published.levels import APART, DEVICES, READING, FloatArray, resolved

_WIDER = SteppedStrip(widths_m=(1e-7, 1.2e-7, 1.4e-7, 1.6e-7))
_STRAIGHT = NotchedWall(num_notches=4, write_A_m2=0.95e11, pulse_s=2e-8)
_PULSES = 30


def run(
    seed: int, size: Size, data: Path | None, *, d2d: float = 0.02, c2c: float = 0.02
) -> Measured:
    """Levels of both shapes, what chance does to them, and whether they go down as they came up."""
    variation = SynapseVariation(drive_d2d=d2d, drive_c2c=c2c)

    def curves_of(device: Synapse) -> LearningCurves:
        return plasticity(
            device, pulses=_PULSES, devices=DEVICES[size], variation=variation, seed=seed
        )

    wider, straight = curves_of(_WIDER), curves_of(_STRAIGHT)
    up = {name: _shares(each) for name, each in (("wider", wider), ("straight", straight))}
    levels = {name: resolved(each) for name, each in up.items()}
    return Measured(
        value=float(np.mean([each.mean() for each in levels.values()])),
        baseline=5.0,
        details={
            "levels, wider": float(levels["wider"].mean()),
            "levels, straight": float(levels["straight"].mean()),
            "asymmetry, wider": _asymmetry(wider),
            "asymmetry, straight": _asymmetry(straight),
            "spread while on the way, wider": _spread(up["wider"]),
            "spread while on the way, straight": _spread(up["straight"]),
            "straight over wider": _spread(up["straight"]) / _spread(up["wider"]),
            "hops a pulse, straight": float(_STRAIGHT.hops(_STRAIGHT.write_A_m2)),
        },
        note=f"{len(up['wider'])} devices of five states, {_PULSES} pulses each way: rising ones "
        "in the wider track, equal ones of 95 % of depinning in the straight one; drives spread by "
        f"{d2d:g} between devices and {c2c:g} between pulses, readings {READING:g} of the range, "
        f"told apart at {APART:g} of these; round parameters",
        curves={
            name: np.concatenate([each, _shares(of, up=False)[:, 1:]], axis=1)[:60]
            for (name, each), of in zip(up.items(), (wider, straight), strict=True)
        },
    )


def _shares(curves: LearningCurves, *, up: bool = True) -> FloatArray:
    of, device = curves.up if up else curves.down, curves.device
    return (of - device.lowest_S) / (device.highest_S - device.lowest_S)


def _asymmetry(curves: LearningCurves) -> float:
    """Mean departure of the way down from the mirror of the way up, over the range."""
    up, down = (_shares(curves, up=way).mean(axis=0) for way in (True, False))
    return float(np.abs(up + down - 1).mean())


def _spread(shares: FloatArray) -> float:
    """Standard deviation among devices, mean over pulses whose mean is between 0.1 and 0.9."""
    mean = shares.mean(axis=0)
    return float(shares.std(axis=0)[(mean > 0.1) & (mean < 0.9)].mean())


def plot(results: Sequence[Measured], axes: Any) -> None:
    """Devices and means of both shapes, up and down."""
    pulses = np.arange(2 * _PULSES + 1)
    for name, color in (("wider", "C0"), ("straight", "C1")):
        each = results[0].curves[name]
        for k, line in enumerate(each[:15]):
            nudge = 0.004 * (k - 7)
            axes.step(pulses, line + nudge, color=color, lw=0.6, alpha=0.4, where="post")
        axes.plot(pulses, each.mean(axis=0), color=color, lw=2.2, label=f"{name}, mean")
    axes.axvline(_PULSES, color="k", lw=0.5)
    axes.set(xlabel="pulses up, then down", ylabel="conductance over the range")
    axes.legend(fontsize=8, loc="lower center")


EXPERIMENT = Experiment(
    id="leonard-2022",
    rows=(45,),
    device="domain wall in shaped tracks",
    task="levels of a synapse",
    source="T. Leonard et al., Adv. Electron. Mater. 8, 2200563 (2022), arXiv:2111.11516",
    claim="3 to 5 stable states; trapezoids are asymmetric and well controlled, straight tracks "
    "more stochastic",
    claim_value=5.0,
    claim_tag="ABS",
    measures="levels of one device that readings tell apart, mean over devices and shapes",
    unit="levels",
    baseline="the five states that both have",
    bounds=(
        Bound(low=3.0, high=5.0),
        Bound("straight over wider", low=1.0),
        Bound("asymmetry, wider", low=0.2),
        Bound("asymmetry, straight", high=0.1),
    ),
    run=run,
    plot=plot,
)
