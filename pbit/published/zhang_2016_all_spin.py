"""Weights learnt elsewhere, on the few levels of compound junctions; neurons are compound, too."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from pbit.devices.synapses import CompoundJunction, SynapseVariation
from pbit.networks import perceptrons  # the estimator needs scikit-learn: not before it is used
from pbit.networks.crossbar import WriteVerify
from pbit.networks.perceptrons import (
    Arrays,
    Aware,
    Ideal,
    Offline,
    SwitchingNeuron,
    Training,
)
from pbit.published.baselines import logistic_regression
from pbit.published.data import images
from pbit.published.experiment import Experiment, Measured, Size
from pbit.tasks import Split

_HIDDEN: dict[Size, int] = {"small": 8, "default": 32, "full": 100}
_EPOCHS: dict[Size, int] = {"small": 2, "default": 20, "full": 10}
_JUNCTIONS: dict[Size, tuple[int, ...]] = {
    "small": (1, 9),
    "default": (1, 2, 3, 5, 9, 16),
    "full": (1, 2, 3, 5, 9, 16),
}
_PULSES = 200  # for a device, at most
_SPREAD = SynapseVariation(conductance_d2d=0.1)


def run(seed: int, size: Size, data: Path | None, *, junctions: int = 9) -> Measured:
    """Accuracy with synapses and neurons of so many junctions, and of fewer and more."""
    split, note = images(seed, size, data)

    def fitted(training: Training, junctions: int, *, neurons: bool = True, **others: Any) -> float:
        device = CompoundJunction(num_junctions=junctions)
        verified = WriteVerify(tolerance=0.4 / junctions, max_pulses=_PULSES)
        network = perceptrons.ArrayPerceptron(
            (_HIDDEN[size],),
            arrays=Arrays(device, layout="differential", programming=verified, **others),
            training=training,
            activation=SwitchingNeuron(junctions=junctions) if neurons else None,
            epochs=_EPOCHS[size],
            random_state=seed,
        )
        return _held_out(network, split)

    ideal = fitted(Ideal(), junctions, neurons=False)
    numbers = _JUNCTIONS[size]
    offline, aware = (
        np.array([fitted(training, each) for each in numbers]) for training in (Offline(), Aware())
    )
    place = numbers.index(junctions) if junctions in numbers else None
    value = float(offline[place]) if place is not None else fitted(Offline(), junctions)
    return Measured(
        value=value,
        baseline=ideal,
        details={
            "junctions of a device": float(junctions),
            "accuracy, ideal neurons": fitted(Offline(), junctions, neurons=False),
            "accuracy, devices spread by 10 %": fitted(Offline(), junctions, variation=_SPREAD),
            "accuracy, trained with the levels": fitted(Aware(), junctions),
            "logistic regression": logistic_regression(split),
        },
        note=f"{note}; {split.train.shape[1]}-{_HIDDEN[size]}-{split.num_classes}; weights learnt "
        "by numbers, written pulse by pulse and verified, 200 at most; neurons fire by "
        "chance, while learning too; counts of one image",
        counts={"synapses": float(2 * _HIDDEN[size] * (split.train.shape[1] + 1))},
        curves={"junctions": np.array(numbers), "offline": offline, "with the levels": aware},
    )


def _held_out(network: perceptrons.ArrayPerceptron, split: Split) -> float:
    network.fit(split.train, split.train_labels)
    return float(network.score(split.test, split.test_labels))


def plot(results: Sequence[Measured], axes: Any) -> None:
    """Accuracy against the junctions of a device."""
    numbers = results[0].curves["junctions"]
    for name, style in (("offline", "o-"), ("with the levels", "s-")):
        values = np.array([each.curves[name] for each in results])
        axes.plot(numbers, values.mean(axis=0), style, ms=4, label=f"weights learnt {name}")
        axes.fill_between(numbers, values.min(axis=0), values.max(axis=0), alpha=0.2)
    baseline = np.mean([each.baseline for each in results])
    axes.axhline(baseline, color="k", lw=0.8, ls="--", label="ideal weights and neurons")
    axes.set(xlabel="junctions of a synapse and of a neuron", ylabel="accuracy, held out")
    axes.set_xscale("log", base=2)
    axes.set_xticks(numbers, [str(each) for each in numbers])
    axes.legend(fontsize=8)


EXPERIMENT = Experiment(
    id="zhang-2016-all-spin",
    rows=(15,),
    device="compound tunnel junction, synapse and neuron",
    task="digits, weights learnt elsewhere",
    source="D. Zhang et al., IEEE Trans. Biomed. Circuits Syst. 10, 828 (2016)",
    claim="90.85 % of MNIST, three layers, weights learnt elsewhere",
    claim_value=0.9085,
    claim_tag="S2",
    measures="accuracy, held out",
    unit="1",
    baseline="the same network with ideal weights and neurons",
    needs=("mnist", "digits"),
    run=run,
    plot=plot,
)
