"""A junction that forgets rare pulses and keeps frequent ones."""

from __future__ import annotations

import math
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from pbit.devices.synapses import SynapseVariation
from pbit.devices.synapses.volatile_junction import VolatileJunction
from pbit.published.experiment import Bound, Experiment, Measured, Size
from pbit.published.levels import FloatArray

_DEVICE = VolatileJunction()
_JUNCTIONS: dict[Size, int] = {"small": 100, "default": 5_000, "full": 100_000}
_PULSES = 10
_INTERVALS_S = np.array([1, 2, 3, 4, 5, 6, 8, 10, 15, 20, 30]) * 1e-9
_FREQUENT, _RARE = 1, 10  # of these
_REST_S = 1e-6


def run(
    seed: int, size: Size, data: Path | None, *, d2d: float = 0.05, c2c: float = 0.02
) -> Measured:
    """Share switched for good by a train of pulses against the time between them."""
    count = _JUNCTIONS[size]
    spread = SynapseVariation(drive_d2d=d2d, drive_c2c=c2c)
    kept = np.array([_kept(t, count, seed, spread) for t in _INTERVALS_S])
    alike = np.array([_kept(t, count, seed, SynapseVariation()) for t in _INTERVALS_S])
    law = np.array([switched(_DEVICE, _PULSES, t) for t in _INTERVALS_S])
    error = np.sqrt(np.maximum(law * (1 - law), 1 / count) / count)
    once = float(_DEVICE.odds(np.array(_DEVICE.kick)))
    return Measured(
        value=float(kept[_FREQUENT] - kept[_RARE]),
        baseline=0.0,
        details={
            "switched by frequent pulses": float(kept[_FREQUENT]),
            "switched by rare pulses": float(kept[_RARE]),
            "switched by as many pulses of a junction without tilt left": 1 - (1 - once) ** _PULSES,
            "half are switched at intervals of (ns)": _half(kept) * 1e9,
            "the same by the law, all alike (ns)": _half(law) * 1e9,
            "largest departure from the law, in standard errors": float(
                (np.abs(alike - law) / error).max()
            ),
            "tilt left after 5 ns, over exp(-1)": _left(seed) / math.exp(-1),
        },
        note=f"{_PULSES} pulses of {_DEVICE.pulse_s * 1e9:g} ns on {count} junctions of "
        f"{_DEVICE.barrier:g} kT, tilt gone in {_DEVICE.relaxation_s * 1e9:g} ns, then "
        f"{_REST_S * 1e6:g} us of rest; frequent: every {_INTERVALS_S[_FREQUENT] * 1e9:g} ns, "
        f"rare: every {_INTERVALS_S[_RARE] * 1e9:g} ns; drives spread by {d2d:g} between devices "
        f"and {c2c:g} between pulses; round parameters",
        curves={
            "kept": kept,
            "law": law,
            "traces": np.array([_trace(t, seed) for t in (2e-9, 3e-8)]),
        },
    )


def switched(device: VolatileJunction, pulses: int, interval_s: float) -> float:
    r"""Probability that a train switches a junction: :math:`1 - \prod_k (1 - p(x_k))`.

    The tilt x grows by a kick with each pulse and decays in between, and p are the odds at that
    tilt; a junction that has switched is not switched back.

    Examples
    --------
    >>> train = [switched(VolatileJunction(), 10, seconds) for seconds in (2e-9, 3e-8)]
    >>> train[0] > 0.95, train[1] < 0.01
    (True, True)
    """
    left = math.exp(-(device.pulse_s + interval_s) / device.relaxation_s)
    tilts = np.zeros(pulses)
    for k in range(pulses):
        tilts[k] = min(1.0, device.kick + (left * tilts[k - 1] if k else 0.0))
    return float(1 - np.prod(1 - device.odds(tilts)))


def _kept(interval_s: float, count: int, seed: int, variation: SynapseVariation) -> float:
    """Share of junctions in P long after a train."""
    array = _DEVICE.made(count, seed=seed, variation=variation)
    for _ in range(_PULSES):
        array.pulse()
        array.wait(interval_s)
    array.wait(_REST_S)
    return float((array.conductance() > (array.lowest + array.highest) / 2).mean())


def _left(seed: int) -> float:
    """Share of a small tilt that a relaxation time leaves, by the conductance."""
    array = _DEVICE.made(1, seed=seed)
    array.pulse(0.1 * _DEVICE.write_current_A)
    before = array.conductance()[0] - array.lowest[0]
    array.wait(_DEVICE.relaxation_s)
    return float((array.conductance()[0] - array.lowest[0]) / before)


def _half(kept: FloatArray) -> float:
    """Interval at which half are switched, between the intervals tried; 0 where none is."""
    below = np.flatnonzero(kept < 0.5)
    if not len(below) or not below[0]:
        return 0.0
    k = int(below[0])
    share = (kept[k - 1] - 0.5) / (kept[k - 1] - kept[k])
    return float(_INTERVALS_S[k - 1] + share * (_INTERVALS_S[k] - _INTERVALS_S[k - 1]))


def _trace(interval_s: float, seed: int) -> FloatArray:
    """Times in ns and mean conductances of a hundred junctions in uS, under a train."""
    array = _DEVICE.made(100, seed=seed)
    times, means, now = [0.0], [_DEVICE.low_S], 0.0
    for _ in range(_PULSES):
        array.pulse()
        now += _DEVICE.pulse_s
        for _ in range(4):
            times.append(now * 1e9)
            means.append(float(array.conductance().mean()))
            array.wait(interval_s / 4)
            now += interval_s / 4
    return np.stack([np.array(times), np.array(means) * 1e6])


def plot(results: Sequence[Measured], axes: Any) -> None:
    """Share that is kept against the time between pulses; inset: conductances under two trains."""
    kept = np.array([each.curves["kept"] for each in results])
    axes.plot(_INTERVALS_S * 1e9, kept.mean(axis=0), "o", ms=5, label="junctions that differ")
    fine = np.geomspace(_INTERVALS_S[0], _INTERVALS_S[-1], 200)
    for pulses, style in ((5, ":"), (_PULSES, "-"), (20, "--")):
        law = [switched(_DEVICE, pulses, t) for t in fine]
        axes.plot(fine * 1e9, law, "k" + style, lw=1, label=f"law, {pulses} pulses")
    axes.set(xlabel="time between pulses (ns)", ylabel="switched for good", xscale="log")
    axes.set_xticks([1, 2, 5, 10, 20, 30], ["1", "2", "5", "10", "20", "30"])
    axes.legend(fontsize=8, loc="lower left")
    inset = axes.inset_axes((0.56, 0.56, 0.42, 0.4))
    for (times, means), name in zip(results[0].curves["traces"], ("2 ns", "30 ns"), strict=True):
        inset.plot(times, means, lw=1, label=f"every {name}")
    inset.set_title("conductance (µS) against time (ns)", fontsize=7, pad=2)
    inset.set_xlim(0, 120)
    inset.tick_params(labelsize=6)
    inset.legend(fontsize=7)


EXPERIMENT = Experiment(
    id="sengupta-2016",
    rows=(20,),
    device="tunnel junction that forgets",
    task="short-term and long-term memory",
    source="A. Sengupta, K. Roy, Phys. Rev. Appl. 5, 024012 (2016), arXiv:1511.00051",
    claim="frequent stimuli lead to long-term potentiation, rare ones are forgotten (no number)",
    claim_tag="ABS",
    measures="share switched for good by frequent pulses less that by as many rare ones",
    unit="1",
    baseline="a device that every pulse changes by as much",
    bounds=(
        Bound("switched by frequent pulses", low=0.9),
        Bound("switched by rare pulses", high=0.05),
        Bound("largest departure from the law, in standard errors", high=5.0),
    ),
    run=run,
    plot=plot,
)
