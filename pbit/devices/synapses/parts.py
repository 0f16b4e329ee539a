"""What the parts inside synapse devices are like: numbers that stay with the device."""

from __future__ import annotations

from typing import Any

import numpy as np

from pbit.devices.mtj import FloatArray
from pbit.devices.synapses.draws import Draw, normals
from pbit.devices.synapses.synapse import SynapseArray


def part_normals(array: SynapseArray[Any], width: int) -> FloatArray:
    """Standard normal numbers of the parts of every device, float64 (devices, width)."""
    devices = np.arange(array.lowest.size) + array.first_device
    return normals(Draw.PARTS, devices, seed=array.seed, width=width)


def part_factors(array: SynapseArray[Any], width: int, spread: float) -> FloatArray:
    """Log-normal factors around 1; a single row of ones without spread."""
    if not spread:
        return np.ones((1, width))
    return np.asarray(np.exp(spread * part_normals(array, width)))
