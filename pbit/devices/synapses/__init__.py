"""Synapse devices: conductances that pulses change, one device a file."""

from pbit.devices.synapses.binary_junction import BinaryJunction, perpendicular
from pbit.devices.synapses.linear import LinearSynapse
from pbit.devices.synapses.synapse import Synapse, Synapses
from pbit.devices.synapses.variation import NO_VARIATION, SynapseVariation

__all__ = [
    "NO_VARIATION",
    "BinaryJunction",
    "LinearSynapse",
    "Synapse",
    "SynapseVariation",
    "Synapses",
    "perpendicular",
]
