"""A network of spin-orbit memristors, its neurons junctions: sigmoids or rectifiers."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from pbit.devices.synapses import SpinOrbitMemristor, SynapseVariation, plasticity
from pbit.networks import perceptrons  # the estimator needs scikit-learn: not before it is used
from pbit.networks.crossbar import WriteVerify
from pbit.networks.perceptrons import (
    Activation,
    Arrays,
    ArrayWeights,
    Ideal,
    Offline,
    Ramp,
    SwitchingNeuron,
    Training,
)
from pbit.published.baselines import logistic_regression
from pbit.published.data import images
from pbit.published.experiment import Experiment, Measured, Size

_HIDDEN: dict[Size, int] = {"small": 8, "default": 32, "full": 100}
_EPOCHS: dict[Size, int] = {"small": 2, "default": 20, "full": 10}
# Of rectifiers; the best for ideal weights, on images to learn from that were kept apart.
_RATE: dict[Size, float] = {"small": 0.5, "default": 0.5, "full": 0.1}
_PULSES, _DEVICES = 30, 100
_SPREAD = SynapseVariation(conductance_d2d=0.05, drive_d2d=0.1)


def run(seed: int, size: Size, data: Path | None) -> Measured:
    """Accuracy with devices everywhere, for both kinds of neurons; curves of the synapse."""
    split, note = images(seed, size, data)
    device = SpinOrbitMemristor()
    arrays = Arrays(
        device,
        layout="differential",
        programming=WriteVerify(tolerance=0.02, max_pulses=200),
        variation=_SPREAD,
    )

    def fitted(
        training: Training, activation: Activation | None = None
    ) -> perceptrons.ArrayPerceptron:
        network = perceptrons.ArrayPerceptron(
            (_HIDDEN[size],),
            arrays=arrays,
            training=training,
            activation=activation,
            rate=_RATE[size] if isinstance(activation, Ramp) else 0.5,
            epochs=_EPOCHS[size],
            random_state=seed,
        )
        return network.fit(split.train, split.train_labels)

    def held_out(network: perceptrons.ArrayPerceptron) -> float:
        return float(network.score(split.test, split.test_labels))

    sigmoid, ramp = SwitchingNeuron(junctions=16), Ramp()
    networks = [fitted(Offline(), neuron) for neuron in (sigmoid, ramp)]
    curves = plasticity(device, pulses=_PULSES, devices=_DEVICES, seed=seed)
    (up, misfit), (down, _) = curves.fit(), curves.fit(up=False)
    held = [each for each in networks[0].network_.layers if isinstance(each, ArrayWeights)]
    failed = [layer.array.programmed.failed.mean() for layer in held]
    return Measured(
        value=held_out(networks[0]),
        baseline=held_out(fitted(Ideal())),
        details={
            "accuracy, rectifiers": held_out(networks[1]),
            "accuracy, ideal weights, rectifiers": held_out(fitted(Ideal(), ramp)),
            "accuracy, ideal weights, junctions fire": held_out(fitted(Ideal(), sigmoid)),
            "logistic regression": logistic_regression(split),
            "nonlinearity up": up,
            "nonlinearity down": down,
            "misfit of an exponential": misfit,
            "symmetry error": curves.symmetry_error,
            "devices 2 % or more off": float(np.mean(failed)),
        },
        note=f"{note}; {split.train.shape[1]}-{_HIDDEN[size]}-{split.num_classes}; neurons of 16 "
        "junctions; weights learnt by numbers, written by rising pulses and verified; "
        "spreads of 5 and 10 %, by assumption; the claim has no number; counts of one image",
        counts={"synapses": float(2 * _HIDDEN[size] * (split.train.shape[1] + 1))},
        curves={"up": curves.up.mean(axis=0), "down": curves.down.mean(axis=0)},
    )


def plot(results: Sequence[Measured], axes: Any) -> None:
    """Curves of the synapse, and of the neurons in an inset."""
    for name, style in (("up", "o-"), ("down", "s-")):
        values = np.mean([each.curves[name] for each in results], axis=0)
        axes.plot(1e6 * values, style, ms=3, label=f"pulses {name}")
    axes.set(xlabel="rising pulses", ylabel="conductance / uS")
    axes.legend(fontsize=8, loc="upper center")
    inset = axes.inset_axes((0.12, 0.36, 0.24, 0.34))
    sums = np.linspace(-6, 6, 241)
    inset.plot(sums, SwitchingNeuron()(sums), lw=1)
    inset.plot(sums, Ramp()(sums), lw=1)
    inset.set_xlabel("sum of a neuron", fontsize=7)
    inset.set_ylabel("output", fontsize=7)
    inset.tick_params(labelsize=6)


EXPERIMENT = Experiment(
    id="cao-2023",
    rows=(22,),
    device="spin-orbit memristor, tunnel junctions as neurons",
    task="digits, devices in all places",
    source="Cao et al. (2023), Vadde et al. (2023), as told by the review of Yang et al. (2026)",
    claim="conductances go up and down gradually; sigmoids and rectifiers of junctions",
    claim_tag="S2",
    measures="accuracy, held out",
    unit="1",
    baseline="the same network with ideal weights and neurons",
    needs=("mnist", "digits"),
    run=run,
    plot=plot,
)
