"""Networks of radio-frequency signals: resonators that multiply, oscillators that pass on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pbit.registry import names_at_home

if TYPE_CHECKING:
    from pbit.networks.radio.absorption import AbsorptionLine
    from pbit.networks.radio.chains import Chains, carriers
    from pbit.networks.radio.convolution import Convolution, OscillatorSynapse
    from pbit.networks.radio.estimator import RadioClassifier
    from pbit.networks.radio.network import RadioNetwork
    from pbit.networks.radio.neuron import OscillatorNeuron

__all__ = [
    "AbsorptionLine",
    "Chains",
    "Convolution",
    "OscillatorNeuron",
    "OscillatorSynapse",
    "RadioClassifier",
    "RadioNetwork",
    "carriers",
]

_HOME = {
    "AbsorptionLine": "absorption",
    "Chains": "chains",
    "Convolution": "convolution",
    "OscillatorNeuron": "neuron",
    "OscillatorSynapse": "convolution",
    "RadioClassifier": "estimator",
    "RadioNetwork": "network",
    "carriers": "chains",
}

__getattr__ = names_at_home("pbit.networks.radio", _HOME)


def __dir__() -> list[str]:
    return list(__all__)
