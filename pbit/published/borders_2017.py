"""Three letters in 36 memristors: they fail, and learning around the bad ones repairs them."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations
from pathlib import Path
from typing import Any

import numpy as np

from pbit.devices.synapses import SynapseVariation
from pbit.networks.associative import DeviceMemory, HallSpread, Repair
from pbit.published.experiment import Bound, Experiment, Measured, Size
from pbit.seeds import seed_of
from pbit.tasks import letters

_SETS: dict[Size, int] = {"small": 3, "default": 20, "full": 200}
_EVERY: dict[Size, int] = {"small": 20, "default": 1, "full": 1}
_NAMES, _OTHERS = "CHT", "CHILTVXYZ"
_MOST = 20


def run(
    seed: int,
    size: Size,
    data: Path | None,
    *,
    gain: float = 0.3,
    offset: float = 0.25,
    drive_d2d: float = 0.0,
    drive_c2c: float = 0.0,
) -> Measured:
    """Iterations that sets of 36 devices need to recall as well as ideal weights do."""
    spread = HallSpread(gain, offset)
    variation = SynapseVariation(drive_d2d=drive_d2d, drive_c2c=drive_c2c)

    def repaired(k: int, names: str = _NAMES, rate: float = 1.0, **how: Any) -> Repair:
        patterns = 2 * letters(names) - 1
        how |= {"spread": spread, "variation": variation, "seed": seed_of(seed, k)}
        return DeviceMemory(patterns, **how).repair(iterations=_MOST, rate=rate)

    sets = range(_SETS[size])
    found = [repaired(k) for k in sets]
    triples = ["".join(names) for names in combinations(_OTHERS, 3)][:: _EVERY[size]]
    reached = {
        "pixels in turn": _done([repaired(k, order="in turn") for k in sets]),
        "weights up to 1": _done([repaired(k, most=1.0) for k in sets]),
        "wrong sign": _done([repaired(k, rate=-1.0) for k in sets]),
        "other letters": _done([repaired(k, names) for k, names in enumerate(triples)]),
    }
    history = np.array(
        [np.pad(each.shares, (0, _MOST - each.iterations), "edge") for each in found]
    )
    return Measured(
        value=float(np.mean([each.iterations for each in found])),
        baseline=0.0,
        details={
            "sets that reach ideal recall": _done(found),
            "recalled by ideal weights": found[0].target,
            "recalled before": float(history[:, 0].mean()),
            "recalled after": float(history[:, -1].mean()),
            "sets with all patterns before": _whole(found, 0),
            "sets with all patterns after": _whole(found, -1),
            "most iterations of those that reach it": float(
                max((each.iterations for each in found if each.done), default=_MOST)
            ),
            **{f"sets that reach it, {what}": share for what, share in reached.items()},
        },
        note=f"letters {', '.join(_NAMES)} of 3x3 pixels and all states one pixel away, "
        f"{len(sets)} sets of 36 devices; gains spread by {gain:g}, offsets by {offset:g}, by "
        f"assumption; other letters: {len(triples)} triples; counts of one set",
        counts={
            "synapses": 36.0,
            "writes": float(np.mean([36.0 * (each.iterations + 1) for each in found])),
        },
        curves={"recalled": history},
    )


def _done(found: Sequence[Repair]) -> float:
    return float(np.mean([each.done for each in found]))


def _whole(found: Sequence[Repair], when: int) -> float:
    return float(np.mean([each.patterns[when] == 1 for each in found]))


def plot(results: Sequence[Measured], axes: Any) -> None:
    """Inputs recalled against iterations, of every set of devices; the letters."""
    every = np.concatenate([each.curves["recalled"] for each in results])
    turns = np.arange(every.shape[1])
    for k, line in enumerate(every):
        nudge = 0.006 * (k % 5 - 2)
        axes.plot(turns, line + nudge, color="C0", lw=0.8, alpha=0.25, label="_" if k else "sets")
    axes.plot(turns, every.mean(axis=0), color="C3", lw=2, label="mean")
    ideal = results[0].details["recalled by ideal weights"]
    axes.axhline(ideal, color="k", ls="--", lw=0.9, label="ideal weights")
    axes.set(xlabel="iteration", ylabel="inputs recalled", ylim=(-0.02, 1.02), xlim=(0, turns[-1]))
    axes.legend(fontsize=8, loc="lower right")
    for k, pattern in enumerate(letters(_NAMES)):
        inset = axes.inset_axes((0.42 + 0.1 * k, 0.06, 0.085, 0.12))
        inset.imshow(pattern.reshape(3, 3), cmap="gray_r", vmin=0, vmax=1)
        inset.set(xticks=[], yticks=[])


EXPERIMENT = Experiment(
    id="borders-2017",
    rows=(85,),
    device="antiferromagnet and ferromagnet, spin-orbit memristor",
    task="recall of 3x3 letters",
    source="W. A. Borders et al., Appl. Phys. Express 10, 013007 (2017)",
    claim="three patterns in 36 devices: fails before learning, all recalled after at most 20 "
    "iterations",
    claim_value=20.0,
    claim_tag="S1",
    measures="iterations until as many inputs are recalled as by ideal weights, mean over sets of "
    "devices; those that fail count 20",
    unit="iterations",
    baseline="ideal weights, which need none",
    bounds=(
        Bound(high=20.0),
        Bound("sets that reach ideal recall", low=0.9),
        Bound("sets that reach it, wrong sign", high=0.0),
    ),
    run=run,
    plot=plot,
)
