"""How many conductances a synapse device offers: what experiments on single devices share.

A reading has a standard deviation, by assumption a hundredth of the range. Two conductances are
told apart when they are four of these apart, so that a threshold in the middle errs once in 44
readings. The levels of a device are counted on its way up, from the lowest conductance on.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from pbit.devices.synapses import LearningCurves, SynapseVariation, plasticity, synapse_of
from pbit.devices.synapses.linear import LinearSynapse
from pbit.published.experiment import Measured, Size

FloatArray = npt.NDArray[np.float64]
DEVICES: dict[Size, int] = {"small": 10, "default": 200, "full": 2000}
READING, APART = 0.01, 4.0
_SHOWN, _BINS = 12, 120


def resolved(curves: FloatArray, *, reading: float = READING) -> npt.NDArray[np.int64]:
    """Conductances of each device that readings tell apart, one after the other.

    Parameters
    ----------
    curves : float64, shape (devices, pulses + 1)
        Shares of the range.
    reading : float
        Standard deviation of a reading, in the same unit.

    Returns
    -------
    int64, shape (devices,)

    Examples
    --------
    >>> resolved(np.array([[0.0, 0.5, 0.52, 1.0]])).tolist()
    [3]
    """
    last, count = curves[:, 0].copy(), np.ones(len(curves), np.int64)
    for here in curves.T[1:]:
        apart = here > last + APART * reading - 1e-9
        last = np.where(apart, here, last)
        count += apart
    return count


def run(
    seed: int,
    size: Size,
    data: Path | None,
    *,
    device: str = "chain",
    changes: Mapping[str, float] | None = None,
    pulses: int = 200,
    d2d: float = 0.05,
    c2c: float = 0.02,
    reading: float = READING,
) -> Measured:
    """Learning curves of a synapse device by name, with spread, beside those of a linear one."""
    described = synapse_of(device, changes or {})
    spread = SynapseVariation(conductance_d2d=d2d, window_d2d=d2d, drive_d2d=d2d, drive_c2c=c2c)
    curves = plasticity(
        described, pulses=pulses, devices=DEVICES[size], variation=spread, seed=seed
    )
    steps = min(pulses, (described.num_levels or pulses + 1) - 1)
    linear = plasticity(LinearSynapse(num_steps=steps), pulses=pulses, devices=1, seed=seed)
    levels = resolved(_shares(curves, curves.up), reading=reading)
    ideal = resolved(_shares(linear, linear.up), reading=reading)
    nu, misfit = curves.fit()
    return Measured(
        value=float(levels.mean()),
        baseline=float(ideal[0]),
        details={
            "fewest in a device": float(levels.min()),
            "told apart in all devices alike": float(curves.levels),
            "nonlinearity up": nu,
            "misfit of it": misfit,
            "nonlinearity down": curves.fit(up=False)[0],
            "symmetry error": curves.symmetry_error,
            "dynamic range": curves.dynamic_range,
            "noise of a pulse": curves.noise,
            "a reading over the conductance": reading
            * (described.highest_S / described.lowest_S - 1),
        },
        note=f"{len(levels)} devices, {pulses} pulses each way, spread {d2d:g} between devices "
        f"and {c2c:g} between pulses, readings {reading:g} of the range, by assumption; "
        f"told apart at {APART:g} of these; round parameters",
        curves=_shown(curves),
    )


def _shares(curves: LearningCurves, of: FloatArray) -> FloatArray:
    """Conductances over the nominal range."""
    device = curves.device
    return (of - device.lowest_S) / (device.highest_S - device.lowest_S)


def _shown(curves: LearningCurves) -> dict[str, FloatArray]:
    """Some devices, the mean, and a sample of what all were at, over the range of each."""
    there = np.concatenate([curves.up, curves.down[:, 1:]], axis=1)
    low, high = there.min(axis=1, keepdims=True), there.max(axis=1, keepdims=True)
    own = (there - low) / np.maximum(high - low, np.finfo(float).tiny)
    visited = own[:, 1:].ravel()
    return {
        "devices": own[:_SHOWN],
        "mean": own.mean(axis=0),
        "visited": visited[:: 1 + visited.size // 20_000],
    }


def plot(results: Sequence[Measured], axes: Any) -> None:
    """Curves of some devices, their mean, a straight one; how often conductances are visited."""
    found = results[0].curves
    pulses = np.arange(found["mean"].size)
    end = pulses[-1]
    for k, each in enumerate(found["devices"]):
        label = "_" if k else "devices"
        axes.step(pulses, each, color="C0", lw=0.8, alpha=0.4, label=label, where="post")
    axes.plot(pulses, found["mean"], color="C3", lw=2, label="mean of all")
    axes.plot([0, end / 2, end], [0, 1, 0], "k--", lw=0.9, label="linear device")
    count, edges = np.histogram(found["visited"], bins=_BINS, range=(0, 1))
    width = np.repeat(0.16 * end * np.sqrt(count / count.max()), 2)
    axes.fill_betweenx(np.repeat(edges, 2)[1:-1], 1.03 * end, 1.03 * end + width, color="C0")
    axes.axvline(end / 2, color="k", lw=0.5)
    axes.set(
        xlabel="pulses up, then down; right: how often visited (root)",
        ylabel="conductance over the device's range",
    )
    axes.legend(fontsize=8, loc="lower center")
