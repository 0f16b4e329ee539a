"""Networks of layers that sit in arrays of synapses, and learn there or ahead of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pbit.registry import names_at_home

if TYPE_CHECKING:
    from pbit.networks.perceptrons.activations import Activation, Ramp, Sigmoid, SwitchingNeuron
    from pbit.networks.perceptrons.arrays import Arrays
    from pbit.networks.perceptrons.columns import Columns, ColumnSums
    from pbit.networks.perceptrons.estimator import ArrayPerceptron
    from pbit.networks.perceptrons.network import Network
    from pbit.networks.perceptrons.rules import (
        ProportionalPulses,
        PulseTrains,
        Rule,
        WholePulses,
    )
    from pbit.networks.perceptrons.training import Aware, Ideal, InPlace, Offline, Training
    from pbit.networks.perceptrons.weights import (
        ArrayWeights,
        AwareWeights,
        IdealWeights,
        Weights,
    )
    from pbit.networks.perceptrons.xnor_estimator import XnorPerceptron

__all__ = [
    "Activation",
    "ArrayPerceptron",
    "ArrayWeights",
    "Arrays",
    "Aware",
    "AwareWeights",
    "ColumnSums",
    "Columns",
    "Ideal",
    "IdealWeights",
    "InPlace",
    "Network",
    "Offline",
    "ProportionalPulses",
    "PulseTrains",
    "Ramp",
    "Rule",
    "Sigmoid",
    "SwitchingNeuron",
    "Training",
    "Weights",
    "WholePulses",
    "XnorPerceptron",
]

_HOME = {
    "Activation": "activations",
    "ArrayPerceptron": "estimator",
    "ArrayWeights": "weights",
    "Arrays": "arrays",
    "Aware": "training",
    "AwareWeights": "weights",
    "ColumnSums": "columns",
    "Columns": "columns",
    "Ideal": "training",
    "IdealWeights": "weights",
    "InPlace": "training",
    "Network": "network",
    "Offline": "training",
    "ProportionalPulses": "rules",
    "PulseTrains": "rules",
    "Ramp": "activations",
    "Rule": "rules",
    "Sigmoid": "activations",
    "SwitchingNeuron": "activations",
    "Training": "training",
    "Weights": "weights",
    "WholePulses": "rules",
    "XnorPerceptron": "xnor_estimator",
}

__getattr__ = names_at_home("pbit.networks.perceptrons", _HOME)


def __dir__() -> list[str]:
    return list(__all__)
