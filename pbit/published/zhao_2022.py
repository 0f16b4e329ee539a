"""Letters of nine pixels told apart by an array of junctions that learns in place."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from pbit.devices.synapses import (
    CompoundJunction,
    LinearSynapse,
    NotchedWall,
    Synapse,
    SynapseVariation,
)
from pbit.networks import perceptrons  # the estimator needs scikit-learn: not before it is used
from pbit.networks.crossbar import Reading
from pbit.networks.perceptrons import (
    Arrays,
    Ideal,
    InPlace,
    ProportionalPulses,
    Training,
    WholePulses,
)
from pbit.published.baselines import logistic_regression
from pbit.published.experiment import Bound, Experiment, Measured, Size
from pbit.tasks import Split, accuracy, letters

_EPOCHS: dict[Size, int] = {"small": 5, "default": 52, "full": 52}
_NAMES = "ZYHL"
_RANGE = 2.0
_ROUGH = SynapseVariation(conductance_d2d=0.05, drive_d2d=0.1, drive_c2c=0.1)
_RESISTANCE_P_OHM, _TMR = 1e4, 1.0


def run(seed: int, size: Size, data: Path | None) -> Measured:
    """Accuracy on held-out letters after the paper's epochs, and on the way."""
    split, epochs = one_pixel_off(seed), _EPOCHS[size]

    def learnt(training: Training, device: Synapse | None = None) -> Any:
        arrays = Arrays(
            sensor() if device is None else device,
            weight_range=_RANGE,
            variation=_ROUGH,
            reading=Reading(noise=0.01),
        )
        network = perceptrons.ArrayPerceptron(
            (), arrays=arrays, training=training, random_state=seed
        )
        return _curves(network, split, epochs)

    seen, held = learnt(InPlace(ProportionalPulses()))
    ideal_seen, ideal_held = learnt(Ideal())
    own = letters(_NAMES)
    nearest = 2 * split.test @ own.T - own.sum(axis=1)
    others = {
        f"accuracy, {name}": float(learnt(InPlace(WholePulses()), device)[1][-1])
        for name, device in (("domain walls", NotchedWall()), ("compound", CompoundJunction()))
    }
    return Measured(
        value=float(held[-1]),
        baseline=float(ideal_held[-1]),
        details={
            "accuracy on what was learnt": float(seen[-1]),
            "epochs until all of that is right": _first(seen),
            "the same, ideal weights": _first(ideal_seen),
            "logistic regression": logistic_regression(split),
            "nearest letter": accuracy(nearest, split.test_labels),
            **others,
        },
        note=f"generated: four letters with at most one pixel turned, 18 of 40 held out; one array "
        f"of 4 x 10, {epochs} epochs; spreads of 5 and 10 % and 1 % of noise, by assumption; "
        "the paper's autoencoder and convolutions are not here",
        counts={"synapses": 80.0},
        curves={"learnt": seen, "held out": held, "held out, ideal": ideal_held},
    )


def sensor() -> LinearSynapse:
    """A junction whose conductance a field turns linearly between AP and P."""
    lowest = 1 / (_RESISTANCE_P_OHM * (1 + _TMR))
    return LinearSynapse(lowest, 1 / _RESISTANCE_P_OHM)


def one_pixel_off(seed: int) -> Split:
    """To learn from: letters, and half of those with one pixel turned; held out: the others."""
    own = letters(_NAMES)
    turned = np.abs(own[:, None] - np.eye(9))  # letter, pixel turned
    order = np.random.default_rng(seed).permuted(np.tile(np.arange(9), (len(own), 1)), axis=1)
    numbers = np.arange(len(own))
    # Of two letters four go to the test, of two five: half of all.
    tests = np.array([pixel in order[k, : 4 + k % 2] for k in numbers for pixel in range(9)])
    rows, labels = turned.reshape(-1, 9), np.repeat(numbers, 9)
    return Split(
        np.concatenate([own, rows[~tests]]),
        np.concatenate([numbers, labels[~tests]]),
        rows[tests],
        labels[tests],
        (3, 3),
    )


def _curves(network: perceptrons.ArrayPerceptron, split: Split, epochs: int) -> Any:
    """Accuracies after each epoch: on what is learnt from, and on the rest."""
    found = np.empty((2, epochs))
    for k in range(epochs):
        network.partial_fit(split.train, split.train_labels)
        found[:, k] = (
            network.score(split.train, split.train_labels),
            network.score(split.test, split.test_labels),
        )
    return found


def _first(accuracies: Any) -> float:
    """The first epoch after which all was right; one more than there were if none was."""
    return float(np.argmax([*(accuracies == 1.0), True]) + 1)


def plot(results: Sequence[Measured], axes: Any) -> None:
    """Accuracy against epochs."""
    styles = {"learnt": "-", "held out": "-", "held out, ideal": "k--"}
    for name, style in styles.items():
        values = np.array([each.curves[name] for each in results])
        epochs = np.arange(1, values.shape[1] + 1)
        axes.plot(epochs, values.mean(axis=0), style, lw=1.2, label=name)
        if not style.startswith("k"):
            axes.fill_between(epochs, values.min(axis=0), values.max(axis=0), alpha=0.2)
    axes.axvline(52, color="gray", lw=0.8, ls=":")
    axes.set(xlabel="epochs", ylabel="accuracy", ylim=(0, 1.03))
    axes.legend(fontsize=8)


EXPERIMENT = Experiment(
    id="zhao-2022",
    rows=(14,),
    device="perpendicular tunnel junction as a sensor",
    task="letters of nine pixels, learnt in place",
    source="Zhao et al. (2022), as told by the review of Yang et al. (2026)",
    claim="100 % after 52 epochs",
    claim_value=1.0,
    claim_tag="S2",
    measures="accuracy after 52 epochs, letters held out",
    unit="1",
    baseline="the same layer with ideal weights",
    needs=("scikit-learn",),
    bounds=(Bound("accuracy on what was learnt", low=1.0),),
    run=run,
    plot=plot,
)
