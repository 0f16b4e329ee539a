"""True random bits from a superparamagnetic junction: tests, drift, and what processing mends."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from pbit.devices.laws.telegraph_law import correlation_time_s
from pbit.devices.mtj import Junction
from pbit.devices.telegraph import sampled
from pbit.networks.bitstreams import exclusive_or, von_neumann
from pbit.published.experiment import Bound, Experiment, Measured, Size
from pbit.seeds import seed_of
from pbit.statistics.randomness import (
    BitArray,
    autocorrelation,
    monobit_p_value,
    runs_p_value,
)

_BITS: dict[Size, int] = {"small": 10_000, "default": 1_000_000, "full": 10_000_000}
_STRAY = (0.0, 0.005, 0.01, 0.02, 0.05)  # drift of the field, in anisotropy fields
_INTERVALS = (0.5, 1.0, 2.0, 4.0, 8.0)  # in correlation times
_SLOW = 20.0
_SHOWN = 0.02


def run(seed: int, size: Size, data: Path | None, *, barrier: float = 8.0) -> Measured:
    """Share of ones of slow reads without drift, and what goes wrong otherwise."""
    junction, count = Junction(barrier), _BITS[size]
    fair = _bits(junction, _SLOW, count, seed_of(seed, 0))
    coins = np.random.default_rng(seed).integers(0, 2, count, dtype=np.uint8)
    drifted = [
        _bits(replace(junction, asymmetry=stray), _SLOW, count, seed_of(seed, 1, k))
        for k, stray in enumerate(_STRAY)
    ]
    fast = [_bits(junction, each, count, seed_of(seed, 2, k)) for k, each in enumerate(_INTERVALS)]
    shown = drifted[_STRAY.index(_SHOWN)]
    half = fast[_INTERVALS.index(1.0)]
    return Measured(
        value=float(fair.mean()),
        baseline=float(coins.mean()),
        details={
            "monobit p-value": monobit_p_value(fair),
            "runs p-value": runs_p_value(fair),
            "autocorrelation": autocorrelation(fair),
            f"ones at drift {_SHOWN:g}": float(shown.mean()),
            f"ones at drift {_SHOWN:g}, expected": float((1 + np.tanh(barrier * _SHOWN)) / 2),
            "then by exclusive or": float(exclusive_or(shown).mean()),
            "then by von Neumann": float(von_neumann(shown).mean()),
            "bits left by von Neumann": len(von_neumann(shown)) / count,
            "autocorrelation, read each tau": autocorrelation(half),
            "the same, expected": math.exp(-1),
            "the same, runs p-value": runs_p_value(half),
        },
        note=f"{count} reads {_SLOW:g} correlation times apart, nothing processed; drift is a "
        "stray field over the anisotropy field; counts of one bit",
        counts={"updates": 1.0, "reads": 1.0},
        curves={
            "raw": _off(drifted),
            "exclusive or": _off([exclusive_or(each) for each in drifted]),
            "von Neumann": _off([von_neumann(each) for each in drifted]),
            "correlations": np.array([abs(autocorrelation(each)) for each in fast]),
        },
    )


def _bits(junction: Junction, interval: float, count: int, seed: int) -> BitArray:
    """Reads so many correlation times (without drift) apart."""
    tau = float(correlation_time_s(replace(junction, asymmetry=0.0)))
    states = sampled(junction, step_s=interval * tau, num_steps=count, seed=seed & (2**63 - 1))[0]
    return np.asarray(states > 0, dtype=np.uint8)


def _off(streams: Sequence[BitArray]) -> Any:
    return np.array([abs(float(each.mean()) - 0.5) for each in streams])


def plot(results: Sequence[Measured], axes: Any) -> None:
    """Bias against drift, raw and processed."""
    for name, style in (("raw", "o-"), ("exclusive or", "s-"), ("von Neumann", "^-")):
        mean = np.mean([each.curves[name] for each in results], axis=0)
        axes.plot(_STRAY, mean, style, ms=4, label=name)
    axes.set(xlabel="stray field / anisotropy field", ylabel="|P(1) - 1/2|", yscale="log")
    axes.set_ylim(3e-6, 0.5)
    axes.legend(fontsize=8, loc="lower left")
    inset = axes.inset_axes((0.56, 0.12, 0.4, 0.28))
    mean = np.mean([each.curves["correlations"] for each in results], axis=0)
    inset.semilogy(_INTERVALS, mean, "o", ms=3)
    inset.semilogy(_INTERVALS, np.exp(-np.array(_INTERVALS)), "k-", lw=0.8)
    inset.set_xlabel("interval / tau", fontsize=7)
    inset.set_ylabel("correlation", fontsize=7)
    inset.tick_params(labelsize=6)


EXPERIMENT = Experiment(
    id="vodenicarevic-2017",
    rows=(6,),
    device="superparamagnetic tunnel junction",
    task="true random numbers",
    source="D. Vodenicarevic et al., Phys. Rev. Applied 8, 054045 (2017), arXiv:1706.05262",
    claim="random bits from a junction that switches with probability 50 %",
    claim_value=0.5,
    claim_tag="S3",
    measures="share of ones",
    unit="1",
    baseline="a generator of pseudo-random bits",
    bounds=(Bound(low=0.498, high=0.502), Bound("autocorrelation", low=-0.004, high=0.004)),
    run=run,
    plot=plot,
)
