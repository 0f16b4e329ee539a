"""Domain walls as threshold gates: which way the sum of the currents pulls a wall."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from pbit.devices.synapses import SynapseVariation
from pbit.devices.synapses.creeping_wall import CreepingWall
from pbit.devices.synapses.notched_wall import NotchedWall
from pbit.published.data import images
from pbit.published.experiment import Bound, Experiment, Measured, Size
from pbit.published.levels import FloatArray
from pbit.tasks import Split, accuracy

BoolArray = npt.NDArray[np.bool_]
_GATE = NotchedWall(num_notches=2)  # in the middle before each sum
_SLIDER = CreepingWall(length_m=3e-7)
_HIDDEN: dict[Size, int] = {"small": 30, "default": 200, "full": 1000}
_DRIVES: dict[Size, tuple[float, ...]] = {
    "small": (3.0,),
    "default": (0.5, 1.0, 3.0, 10.0),
    "full": (3.0,),
}
_DRIVE, _RIDGE, _PULSES = 3.0, 1.0, 1000


def run(
    seed: int, size: Size, data: Path | None, *, d2d: float = 0.1, c2c: float = 0.05
) -> Measured:
    """Accuracy of a network with hidden threshold gates of domain walls."""
    split, note = images(seed, size, data)
    sums = _sums(split, _HIDDEN[size], seed)
    ideal = tuple(each > 0 for each in sums)
    spread = SynapseVariation(drive_d2d=d2d, drive_c2c=c2c)
    gates = {
        drive: _gates(sums, drive=drive, seed=seed, variation=spread) for drive in _DRIVES[size]
    }
    reached = np.array([_classified(split, *each) for each in gates.values()])
    here, rates = gates[_DRIVE], _rates()
    return Measured(
        value=_classified(split, *here),
        baseline=_classified(split, *ideal),
        details={
            "pixels alone, a linear readout": _classified(split, split.train, split.test),
            "gates unlike ideal ones": float((here[1] != ideal[1]).mean()),
            "with a readout of ideal gates": _classified(split, ideal[0], here[1], other=ideal[0]),
            "rate of firing, share linear in current": _linear(rates),
        },
        note=f"{note}; {_HIDDEN[size]} hidden gates of random weights, readout by ridge regression "
        f"on what the walls do; sums of currents have a standard deviation of {_DRIVE:g} times "
        f"depinning; drives spread by {d2d:g} between walls and {c2c:g} between pulses; counts of "
        "one row",
        counts={"writes": 2.0 * _HIDDEN[size]},
        curves={"drives": np.array(_DRIVES[size]), "accuracy": reached, "rates": rates},
    )


def _sums(split: Split, hidden: int, seed: int) -> tuple[FloatArray, FloatArray]:
    """Sums of currents in each gate, of rows to learn from and held out; deviation 1, mean 0."""
    weights = np.random.default_rng(seed).choice((-1.0, 1.0), (split.train.shape[1], hidden))
    train, test = split.train @ weights, split.test @ weights
    mean, deviation = train.mean(axis=0), train.std(axis=0)
    return (train - mean) / deviation, (test - mean) / deviation


def _gates(
    sums: tuple[FloatArray, ...], *, drive: float, seed: int, variation: SynapseVariation
) -> tuple[BoolArray, ...]:
    """Whether each wall is beyond the middle, row after row; all rows have the same walls."""
    array = _GATE.made(sums[0].shape[1], seed=seed, variation=variation)
    middle = np.full(array.shape, 0.5)
    found = []
    for rows in sums:
        fired = np.empty(rows.shape, np.bool_)
        for k, currents in enumerate(rows):
            array.reset(middle)
            array.pulse(drive * _GATE.depinning_A_m2 * currents)
            fired[k] = array.conductance() > (array.lowest * 0.45 + array.highest * 0.55)
        found.append(fired)
    return tuple(found)


def _classified(split: Split, train: Any, test: Any, *, other: Any = None) -> float:
    """Accuracy on rows held out of a linear readout of these features."""
    learnt = np.column_stack([train if other is None else other, np.ones(len(train))]) * 1.0
    aims = np.eye(split.num_classes)[split.train_labels]
    square = learnt.T @ learnt + _RIDGE * np.eye(learnt.shape[1])
    readout = np.linalg.solve(square, learnt.T @ aims)
    return accuracy(np.column_stack([test, np.ones(len(test))]) @ readout, split.test_labels)


def _rates() -> FloatArray:
    """Currents over depinning, and firings a pulse of walls that start again at the end."""
    currents = np.linspace(0.5, 10, 20)
    array = _SLIDER.made(currents.size, seed=0)
    fired = np.zeros(currents.size)
    for _ in range(_PULSES):
        array.pulse(currents * _SLIDER.depinning_A_m2)
        places = (array.conductance() - array.lowest) / (array.highest - array.lowest)
        ends = places >= 1 - 1e-9
        fired += ends
        array.reset(np.where(ends, 0.0, places))
    return np.stack([currents, fired / _PULSES])


def _linear(rates: FloatArray) -> float:
    """Share of the variance of the rate above depinning that is linear in the current."""
    currents, fired = rates[:, rates[0] > 1]
    return float(np.corrcoef(currents, fired)[0, 1] ** 2)


def plot(results: Sequence[Measured], axes: Any) -> None:
    """Accuracy against the currents; inset: rate of an integrating wall."""
    found = results[0].curves
    reached = np.array([each.curves["accuracy"] for each in results])
    axes.plot(found["drives"], reached.mean(axis=0), "o-", label="gates of domain walls")
    axes.fill_between(found["drives"], reached.min(axis=0), reached.max(axis=0), alpha=0.2)
    ideal = np.mean([each.baseline for each in results])
    alone = np.mean([each.details["pixels alone, a linear readout"] for each in results])
    for name, style, value in (("ideal gates", "k--", ideal), ("pixels alone", "k:", alone)):
        axes.plot(found["drives"][[0, -1]], [value, value], style, lw=1, label=name)
    axes.set(xlabel="deviation of the sums of currents / depinning", ylabel="accuracy")
    axes.set_xscale("log")
    axes.set_xticks(found["drives"], [f"{each:g}" for each in found["drives"]])
    axes.legend(fontsize=8, loc="center right")
    inset = axes.inset_axes((0.56, 0.08, 0.4, 0.26))
    inset.plot(*found["rates"], "o-", ms=3)
    inset.set_title("firings a pulse against current / depinning", fontsize=7, pad=2)
    inset.tick_params(labelsize=6)


EXPERIMENT = Experiment(
    id="sharad-2012",
    rows=(47,),
    device="domain wall in notches",
    task="digits, threshold gates",
    source="M. Sharad, C. Augustine, G. Panagopoulos, K. Roy, arXiv:1205.6022 (2012)",
    claim="domain walls sum currents and fire: threshold gates of networks (no number)",
    claim_tag="S1",
    measures="accuracy with hidden gates of domain walls",
    unit="1",
    baseline="ideal threshold gates of the same weights",
    needs=("mnist", "digits"),
    bounds=(Bound(low=0.9), Bound("rate of firing, share linear in current", low=0.95)),
    run=run,
    plot=plot,
)
