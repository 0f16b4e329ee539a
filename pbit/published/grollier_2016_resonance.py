"""Stochastic resonance: a junction follows a weak signal best at some noise, not at none."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from pbit.devices.laws.driven_telegraph import driven_means
from pbit.devices.mtj import FloatArray, Junction
from pbit.devices.telegraph import sampled
from pbit.published.experiment import Bound, Experiment, Measured, Size
from pbit.seeds import seed_of

_BARRIERS = np.array([3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 18], dtype=np.float64)
_DRIVE, _FREQUENCY_HZ, _SEGMENTS = 0.25, 1e3, 64
_RUNS: dict[Size, tuple[int, int]] = {  # reads, periods
    "small": (16, 10),
    "default": (128, 40),
    "full": (512, 100),
}


def run(seed: int, size: Size, data: Path | None) -> Measured:
    """Response to the signal against the barrier in k_B T."""
    wave = _DRIVE * np.sin(2 * np.pi * (np.arange(_SEGMENTS) + 0.5) / _SEGMENTS)
    found = np.array([_simulated(b, wave, seed, size) for b in _BARRIERS])
    exact = np.array([_exact(b, wave) for b in _BARRIERS])
    best = int(found.argmax())
    return Measured(
        value=float(found[best]),
        baseline=float(exact.max()),
        details={
            "barrier at the peak": float(_BARRIERS[best]),
            "over the noisy end": float(found[best] - found[0]),
            "over the quiet end": float(found[best] - found[-1]),
            "largest distance from the law": float(np.abs(found - exact).max()),
            **{
                f"at {b:g} kT": float(found[np.flatnonzero(_BARRIERS == b)[0]]) for b in (8, 14, 18)
            },
        },
        note=f"a sine of {_DRIVE:g} critical currents at {_FREQUENCY_HZ:g} Hz, attempt frequency "
        f"1 GHz, {_RUNS[size][0]} junctions of {_RUNS[size][1]} periods; the noise is the barrier "
        "over k_B T, from 3 (noisy) to 18 (quiet)",
        curves={"barriers": _BARRIERS, "found": found, "exact": exact},
    )


def _simulated(barrier: float, wave: FloatArray, seed: int, size: Size) -> float:
    reads, periods = _RUNS[size]
    junction = Junction(barrier)
    states = sampled(
        junction, wave * junction.critical_current_A, step_s=1 / (_FREQUENCY_HZ * _SEGMENTS),
        num_steps=(periods + 2) * _SEGMENTS, num_reads=reads, seed=seed_of(seed, int(barrier)),
    )[:, 2 * _SEGMENTS :]  # fmt: skip
    return float((states * np.tile(wave, periods)).mean() / _DRIVE)


def _exact(barrier: float, wave: FloatArray) -> float:
    junction = Junction(barrier)
    ends = driven_means(
        junction, wave * junction.critical_current_A, segment_s=1 / (_FREQUENCY_HZ * _SEGMENTS)
    ).ends
    return float((ends * wave).mean() / _DRIVE)


def plot(results: Sequence[Measured], axes: Any) -> None:
    """Response against the barrier, of all seeds and by the law."""
    for each in results:
        dots = axes.plot(each.curves["barriers"], each.curves["found"], "C0o", ms=4)
    dots[0].set_label("simulated")
    first = results[0].curves
    axes.plot(first["barriers"], first["exact"], "C3-", lw=1, label="exact law")
    axes.set(
        xlabel="barrier (kT): noise falls to the right", ylabel="mean of state × signal / amplitude"
    )
    axes.set_ylim(bottom=0)
    axes.legend(fontsize=8)


EXPERIMENT = Experiment(
    id="grollier-2016-resonance",
    rows=(9,),
    device="superparamagnetic tunnel junction",
    task="following a weak signal",
    source="J. Grollier, D. Querlioz, M. D. Stiles, review (2016), section II.B, figure 5",
    claim="tunnel junctions exhibit stochastic resonance: noise makes them follow a signal below "
    "their threshold",
    claim_tag="S3",
    measures="mean of the state times the signal of amplitude 1, at the best of 15 noises",
    unit="1",
    baseline="the exact law of the driven telegraph",
    bounds=(
        Bound(low=0.55, high=0.62),
        Bound("barrier at the peak", low=9, high=12),
        Bound("over the noisy end", low=0.1),
        Bound("over the quiet end", low=0.5),
        Bound("largest distance from the law", high=0.02),
    ),
    run=run,
    plot=plot,
)
