"""Weights that are numbers of skyrmions, trained by pulses that move a few at a time."""

from __future__ import annotations

import math
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from pbit.devices.synapses import SynapseArray, SynapseVariation
from pbit.devices.synapses.skyrmion_counter import SkyrmionCounter
from pbit.published.baselines import logistic_regression
from pbit.published.data import images
from pbit.published.experiment import Bound, Experiment, Measured, Size
from pbit.published.levels import FloatArray
from pbit.tasks import Split, accuracy

_EPOCHS: dict[Size, int] = {"small": 2, "default": 30, "full": 10}
_MOST_ROWS = 20_000
_SIDES, _FEW = (4, 8, 14), 4  # pixels of a side
_SCALE, _BATCH = 3.0, 60
_RATE, _COOLING = 40.0, 90.0  # of pulses; halved after so many updates


def run(
    seed: int,
    size: Size,
    data: Path | None,
    *,
    skyrmions: int = 15,
    odds: float = 0.02,
    d2d: float = 0.05,
    c2c: float = 0.05,
) -> Measured:
    """Accuracy of one layer whose weights are pairs of skyrmion counters."""
    split, note = images(seed, size, data)
    split = split.first(_MOST_ROWS, len(split.test))
    device = SkyrmionCounter(num_skyrmions=skyrmions, odds_in=odds, odds_out=odds)
    spread = SynapseVariation(conductance_d2d=d2d, drive_d2d=d2d, drive_c2c=c2c)
    side = max(side for side in _SIDES if math.isqrt(split.train.shape[1]) % side == 0)

    def trained(side: int) -> tuple[_Network, list[float]]:
        train, test = _coarse(split, side)
        network = _Network(device, train.shape[1], split.num_classes, spread, seed)
        right = []
        for _ in range(_EPOCHS[size]):
            network.train(train, split.train_labels)
            right.append(accuracy(network.scores(test), split.test_labels))
        return network, right

    network, right = trained(side)
    synapses = network.synapses[0].lowest.size
    return Measured(
        value=float(np.mean(right[-3:])),
        baseline=_regression(split, side),
        details={
            "best of all epochs": float(max(right)),
            "inputs": float(side**2),
            "with 16 inputs": float(np.mean(trained(_FEW)[1][-3:])),
            "with 16 inputs, logistic regression": _regression(split, _FEW),
            "levels of a weight": 2.0 * skyrmions + 1,
            "pulses a weight": network.pulses / synapses,
        },
        note=f"{note}, averaged to {side}x{side} pixels; {_EPOCHS[size]} epochs, mean of the "
        f"last three; pairs of counters of {skyrmions} skyrmions, each crosses with odds {odds:g} "
        f"a pulse; spread {d2d:g} between devices and {c2c:g} between pulses; counts of the "
        "training; rate and batch chosen on rows learnt from",
        counts={"writes": float(network.pulses), "synapses": 2.0 * synapses},
        curves={"accuracy": np.array(right), "weights": network.weights()[:-1].T},
    )


class _Network:
    """Outputs that compete, over weights that are differences of two counters."""

    def __init__(
        self,
        device: SkyrmionCounter,
        inputs: int,
        outputs: int,
        variation: SynapseVariation,
        seed: int,
    ) -> None:
        self._device, self._generator = device, np.random.default_rng(seed)
        size = (inputs + 1) * outputs
        self.synapses: list[SynapseArray[Any]] = [
            device.made(
                (inputs + 1, outputs), seed=seed, first_device=k * size, variation=variation
            )
            for k in (0, 1)
        ]
        for each in self.synapses:
            each.reset(np.full(each.shape, 0.5))
        self.pulses, self._updates = 0, 0

    def weights(self) -> FloatArray:
        """From -1 to 1, the last row biases."""
        plus, minus = (each.conductance() for each in self.synapses)
        return (plus - minus) / self._device.range_S

    def scores(self, rows: FloatArray) -> FloatArray:
        """Of each class."""
        return np.asarray(_SCALE * np.column_stack([rows, np.ones(len(rows))]) @ self.weights())

    def train(self, rows: FloatArray, labels: Any) -> None:
        """One epoch: each weight gets a pulse with a probability that is its part of the error."""
        order = self._generator.permutation(len(rows))
        for some in np.array_split(order, max(1, len(rows) // _BATCH)):
            scores = self.scores(rows[some])
            odds = np.exp(scores - scores.max(axis=1, keepdims=True))
            errors = np.eye(odds.shape[1])[labels[some]] - odds / odds.sum(axis=1, keepdims=True)
            inputs = np.column_stack([rows[some], np.ones(len(some))])
            rate = _RATE / (1 + self._updates / _COOLING)
            self._updates += 1
            wanted = rate * inputs.T @ errors / len(some)
            pulsed = self._generator.random(wanted.shape) < np.abs(wanted)
            if pulsed.any():
                self._pulse(np.sign(wanted), pulsed)

    def _pulse(self, signs: FloatArray, pulsed: Any) -> None:
        self.pulses += 2 * int(pulsed.sum())
        for each, way in zip(self.synapses, (1.0, -1.0), strict=True):
            each.pulse(way * self._device.write_A_m2 * signs, where=pulsed)


def _coarse(split: Split, side: int) -> tuple[FloatArray, FloatArray]:
    """Square images averaged to fewer pixels, to learn from and held out."""
    each = math.isqrt(split.train.shape[1]) // side

    def averaged(rows: FloatArray) -> FloatArray:
        blocks = rows.reshape(-1, side, each, side, each)
        return np.asarray(blocks.mean(axis=(2, 4)).reshape(len(rows), -1))

    return averaged(split.train), averaged(split.test)


def _regression(split: Split, side: int) -> float:
    """Accuracy of logistic regression on the same pixels."""
    train, test = _coarse(split, side)
    coarse = Split(train, split.train_labels, test, split.test_labels)
    return logistic_regression(coarse, most_steps=2000)


def plot(results: Sequence[Measured], axes: Any) -> None:
    """Accuracy against epochs; inset: weights of each class as images."""
    right = np.array([each.curves["accuracy"] for each in results])
    epochs = np.arange(1, right.shape[1] + 1)
    axes.plot(epochs, right.mean(axis=0), "o-", ms=4, label="skyrmions")
    axes.fill_between(epochs, right.min(axis=0), right.max(axis=0), alpha=0.2)
    baseline = np.mean([each.baseline for each in results])
    axes.axhline(baseline, color="k", ls="--", lw=0.9, label="logistic regression")
    axes.axhline(0.89, color="C3", lw=0.9, label="claim, MNIST")
    axes.set(xlabel="epoch", ylabel="accuracy, held out", ylim=(0, 1))
    axes.legend(fontsize=8, loc="lower right")
    weights = results[0].curves["weights"]
    side = round(weights.shape[1] ** 0.5)
    for k, each in enumerate(weights):
        inset = axes.inset_axes((0.04 + 0.125 * (k % 5), 0.27 - 0.2 * (k // 5), 0.11, 0.15))
        inset.imshow(each.reshape(side, side), cmap="RdBu_r", vmin=-1, vmax=1)
        inset.set(xticks=[], yticks=[])
        inset.set_title(str(k), fontsize=7, pad=1)


EXPERIMENT = Experiment(
    id="song-2020",
    rows=(51,),
    device="skyrmions, counted",
    task="digits, training in place",
    source="K. M. Song et al., Nat. Electron. 3, 148 (2020), arXiv:1907.00957",
    claim="about 89 % of handwritten digits, software 94 % (simulated from measured devices)",
    claim_value=0.89,
    claim_tag="ABS",
    measures="accuracy on digits held out",
    unit="1",
    baseline="logistic regression on the same pixels",
    needs=("mnist", "digits"),
    bounds=(Bound(low=0.85),),
    run=run,
    plot=plot,
)
