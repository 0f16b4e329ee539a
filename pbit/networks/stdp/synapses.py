"""The synapses of a layer: one line of devices a neuron."""

from __future__ import annotations

import numpy as np

from pbit.devices.mtj import FloatArray
from pbit.devices.synapses import Synapse, SynapseVariation


class SynapseLines:
    """Devices of all inputs for every neuron, and their conductances.

    Device k of a layer, k = neuron * num_inputs + input, is that of ``device.made`` with the number
    k, whatever the other neurons are.

    Parameters
    ----------
    device : Synapse
    shape : (int, int)
        Neurons and inputs.
    variation : SynapseVariation
    seed : int

    Attributes
    ----------
    weights : float64, shape (neurons, inputs)
        Conductances over the highest of a device without variation.
    """

    def __init__(
        self, device: Synapse, shape: tuple[int, int], *, variation: SynapseVariation, seed: int
    ) -> None:
        neurons, inputs = shape
        self.device = device
        self._lines = [
            device.made(inputs, seed=seed, first_device=k * inputs, variation=variation)
            for k in range(neurons)
        ]
        self.weights: FloatArray = np.empty(shape)
        self.reset("random")

    def reset(self, state: str) -> None:
        """Put all devices into one state, or random ones."""
        for neuron, line in enumerate(self._lines):
            line.reset(state)
            self._look(neuron)

    def pulse(self, neuron: int, amplitudes: FloatArray) -> None:
        """One pulse for each synapse of a neuron, float64 (inputs,)."""
        self._lines[neuron].pulse(amplitudes)
        self._look(neuron)

    def _look(self, neuron: int) -> None:
        self.weights[neuron] = self._lines[neuron].conductance() / self.device.highest_S
