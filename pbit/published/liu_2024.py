"""A network of domain walls, synapses and neurons, trained in place."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from pbit.devices.synapses import NotchedWall, SynapseVariation
from pbit.networks import perceptrons  # the estimator needs scikit-learn: not before it is used
from pbit.networks.perceptrons import (
    Arrays,
    Aware,
    Ideal,
    InPlace,
    Offline,
    Ramp,
    Training,
    WholePulses,
)
from pbit.published.baselines import logistic_regression
from pbit.published.data import images
from pbit.published.experiment import Experiment, Measured, Size
from pbit.tasks import Split

_HIDDEN: dict[Size, int] = {"small": 8, "default": 32, "full": 100}
_EPOCHS: dict[Size, int] = {"small": 2, "default": 20, "full": 10}
# Of those tried the best for ideal weights, on images to learn from that were kept apart.
_RATE: dict[Size, float] = {"small": 0.5, "default": 0.5, "full": 0.02}
_NOTCHES = 15
_SPREAD = SynapseVariation(conductance_d2d=0.05, drive_d2d=0.1, drive_c2c=0.1)


def run(seed: int, size: Size, data: Path | None) -> Measured:
    """Accuracy of walls that learn in place, epoch by epoch, and of weights written into them."""
    split, note = images(seed, size, data, name="fashion_mnist")

    def curve(training: Training, *, layout: str = "balanced", levels: bool = True) -> Any:
        arrays = Arrays(NotchedWall(num_notches=_NOTCHES), layout=layout, variation=_SPREAD)
        network = perceptrons.ArrayPerceptron(
            (_HIDDEN[size],),
            arrays=arrays,
            training=training,
            activation=Ramp(levels=_NOTCHES + 1 if levels else None),
            rate=_RATE[size],
            random_state=seed,
        )
        return _accuracies(network, split, _EPOCHS[size])

    placed, ideal = curve(InPlace(WholePulses())), curve(Ideal(), levels=False)
    written = {
        name: curve(training, layout="differential")
        for name, training in (("offline", Offline()), ("with the levels", Aware(noise=0.05)))
    }
    return Measured(
        value=float(placed[-1]),
        baseline=float(ideal[-1]),
        details={
            **{f"accuracy, learnt {name}": float(each[-1]) for name, each in written.items()},
            "logistic regression": logistic_regression(split),
        },
        note=f"{note}; {split.train.shape[1]}-{_HIDDEN[size]}-{split.num_classes}, the chip "
        f"has 256 synapses and 16 neurons; walls of {_NOTCHES + 1} notches; spreads of 5 and 10 %, "
        "by assumption; counts of one image",
        counts={"synapses": float(2 * _HIDDEN[size] * (split.train.shape[1] + 1))},
        curves={"in place": placed, "ideal": ideal, **written},
    )


def _accuracies(network: perceptrons.ArrayPerceptron, split: Split, epochs: int) -> Any:
    """On what is held out, after each epoch."""
    found = np.empty(epochs)
    for k in range(epochs):
        network.partial_fit(split.train, split.train_labels)
        found[k] = network.score(split.test, split.test_labels)
    return found


def plot(results: Sequence[Measured], axes: Any) -> None:
    """Accuracy against epochs, for all kinds of training."""
    for name in results[0].curves:
        values = np.array([each.curves[name] for each in results])
        epochs = np.arange(1, values.shape[1] + 1)
        if name == "ideal":
            axes.plot(epochs, values.mean(axis=0), "k--", lw=1.2, label="ideal weights")
        else:
            axes.plot(epochs, values.mean(axis=0), lw=1.2, label=f"learnt {name}")
            axes.fill_between(epochs, values.min(axis=0), values.max(axis=0), alpha=0.2)
    axes.set(xlabel="epochs", ylabel="accuracy, held out")
    axes.legend(fontsize=8)


EXPERIMENT = Experiment(
    id="liu-2024",
    rows=(43,),
    device="domain wall in a notched track, synapse and neuron",
    task="images of clothes, learnt in place",
    source="L. Liu et al. (2024), as told by the review of Yang et al. (2026)",
    claim="89 % of Fashion-MNIST",
    claim_value=0.89,
    claim_tag="S2",
    measures="accuracy, held out",
    unit="1",
    baseline="the same network with ideal weights and neurons",
    needs=("fashion_mnist", "digits"),
    run=run,
    plot=plot,
)
