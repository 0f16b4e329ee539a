"""Vincent et al.: binary junctions between a camera of events and neurons that find lanes."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from pbit.devices.mtj import FloatArray
from pbit.devices.synapses import (
    NO_VARIATION,
    BinaryJunction,
    LinearSynapse,
    Synapse,
    SynapseVariation,
)
from pbit.networks.stdp import Neurons, SimplifiedSTDP, Spikes, WinnerTakeAll, spread_of_drive
from pbit.published.experiment import Bound, Experiment, Measured, Size
from pbit.tasks import MovingBars, moving_bars

_LANES: dict[Size, tuple[int, ...]] = {
    "small": (2,),
    "default": (2, 4, 6),
    "full": (2, 3, 4, 5, 6),
}
_PASSAGES: dict[Size, int] = {"small": 10, "default": 60, "full": 400}
_A_LANE = 2  # neurons
_PROBABILITY, _SHARE = 0.1, 0.3
_LATER_S = 0.02  # a spike so long after the end of a passage is of it
_BUSY_GAP_S = 1.0


class Found(NamedTuple):
    """Of a layer on bars that it did not learn from."""

    detected: FloatArray  # share of the passages of each lane with a spike of the lane
    right: float  # share of spikes that fall into a passage of their lane
    pulses: int


def run(seed: int, size: Size, data: Path | None, *, probability: float = _PROBABILITY) -> Measured:
    """Lanes found by devices that are alike, by such that are not, and by ideal ones."""
    device = BinaryJunction().with_probability(probability)
    ideal = LinearSynapse(device.lowest_S, device.highest_S, num_steps=round(1 / probability))
    lanes, passages = _LANES[size], _PASSAGES[size]
    most = lanes[-1]

    def found(lanes: int, device: Synapse = device, learn: bool = True, **how: Any) -> Found:
        gaps = {"gap_s": how.pop("gap_s")} if "gap_s" in how else {}
        first, second = (
            moving_bars(lanes, passages=count, seed=2 * seed + k, **gaps)
            for k, count in enumerate((passages, max(passages // 2, 10)))
        )
        layer = _layer(lanes, device, seed=seed, **how)
        if learn:
            layer.feed(first.times_s, first.addresses)
        return _measured(layer, first, second, lanes)

    alike = {each: found(each) for each in lanes}
    spreads = {
        "what a pulse does": SynapseVariation(drive_d2d=spread_of_drive(device, _SHARE)),
        "current": SynapseVariation(drive_d2d=_SHARE),
        "conductance": SynapseVariation(conductance_d2d=_SHARE),
    }
    differ = {name: found(most, variation=each) for name, each in spreads.items()}
    here = alike[most].detected.mean()
    return Measured(
        value=float(np.mean([each.detected.mean() for each in alike.values()])),
        baseline=float(np.mean([found(each, ideal).detected.mean() for each in lanes])),
        details={
            **{f"detected, {n} lanes": float(each.detected.mean()) for n, each in alike.items()},
            **{f"worst lane of {n}": float(each.detected.min()) for n, each in alike.items()},
            **{f"spikes of their lane, {n}": each.right for n, each in alike.items()},
            **{f"loss, 30% in {k}": float(here - v.detected.mean()) for k, v in differ.items()},
            "detected in dense traffic": float(found(most, gap_s=_BUSY_GAP_S).detected.mean()),
            "detected without learning": float(found(most, learn=False).detected.mean()),
        },
        note="generated: bars on 16x16 pixels for a recorded road; passages that were not learnt "
        f"from; {_A_LANE} neurons a lane; losses, dense traffic and no learning with {most} lanes",
        counts={"writes": float(alike[most].pulses)},
        curves={
            "lanes": np.array(lanes),
            "detected": np.array([each.detected.mean() for each in alike.values()]),
            "worst": np.array([each.detected.min() for each in alike.values()]),
            "right": np.array([each.right for each in alike.values()]),
        },
    )


def _layer(
    lanes: int, device: Synapse, *, seed: int, variation: SynapseVariation = NO_VARIATION
) -> WinnerTakeAll:
    """Thresholds in proportion to the pixels of a lane."""
    return WinnerTakeAll(
        (_A_LANE * lanes, 256),
        device,
        neurons=Neurons(
            threshold=0.25 / lanes,
            leak_s=0.2,
            inhibition_s=0.05,
            refractory_s=0.2,
            raised_by=0.005 / lanes,
            raised_s=50.0,
        ),
        rule=SimplifiedSTDP(0.1),
        variation=variation,
        seed=seed,
    )


def _measured(layer: WinnerTakeAll, first: MovingBars, second: MovingBars, lanes: int) -> Found:
    """Neurons named by the first bars, asked about the second."""
    votes = np.zeros((layer.shape[0], lanes))
    named = layer.feed(first.times_s, first.addresses, learn=False)
    np.add.at(votes, named.neurons, first.busy(named.times_s, later_s=_LATER_S))
    labels = votes.argmax(axis=1)
    asked = layer.feed(second.times_s, second.addresses, learn=False)
    busy = second.busy(asked.times_s, later_s=_LATER_S)
    right = busy[np.arange(len(busy)), labels[asked.neurons]]
    detected = np.array([_share(asked, second, labels, lane) for lane in range(lanes)])
    return Found(detected, float(right.mean()) if len(right) else 0.0, layer.num_pulses)


def _share(spikes: Spikes, bars: MovingBars, labels: Any, lane: int) -> float:
    """Of the passages of a lane, how many have a spike of a neuron named after it."""
    times = spikes.times_s[labels[spikes.neurons] == lane]
    starts, ends = bars.starts_s[bars.lanes == lane], bars.ends_s[bars.lanes == lane] + _LATER_S
    return float((np.searchsorted(times, ends, "right") > np.searchsorted(times, starts)).mean())


def plot(results: Sequence[Measured], axes: Any) -> None:
    """Passages that are detected, against the number of lanes."""
    lanes = results[0].curves["lanes"]
    for name, label in (
        ("detected", "passages detected"),
        ("worst", "on the worst lane"),
        ("right", "spikes that are right"),
    ):
        values = np.array([each.curves[name] for each in results])
        axes.plot(lanes, values.mean(axis=0), "o-", ms=4, label=label)
        axes.fill_between(lanes, values.min(axis=0), values.max(axis=0), alpha=0.2)
    unlearnt = np.mean([each.details["detected without learning"] for each in results])
    axes.axhline(unlearnt, color="k", lw=0.8, ls="--", label=f"without learning, {lanes[-1]} lanes")
    axes.set(xlabel="lanes", ylabel="share", ylim=(0, 1.02), xticks=lanes)
    axes.legend(fontsize=8)


EXPERIMENT = Experiment(
    id="vincent-2015",
    rows=(8,),
    device="binary tunnel junction, written by spin torque",
    task="lanes of a road, unsupervised",
    source="A. F. Vincent et al., IEEE Trans. Biomed. Circuits Syst. 9, 166 (2015), "
    "doi:10.1109/TBCAS.2015.2414423",
    claim="learns to count cars on lanes, robust to device variation; no number",
    claim_tag="S1",
    measures="share of passages in which a neuron of their lane spikes, mean over lanes",
    unit="1",
    baseline="synapses that take ideal steps",
    bounds=(Bound("loss, 30% in what a pulse does", high=0.05),),
    run=run,
    plot=plot,
)
