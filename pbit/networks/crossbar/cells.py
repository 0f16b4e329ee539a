"""Devices of an array as they are: those that pulses change, and those that are stuck."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from pbit.checks import ArgumentError
from pbit.devices.mtj import FloatArray
from pbit.devices.quantities import number
from pbit.devices.synapses import SynapseArray
from pbit.devices.synapses.draws import uniforms
from pbit.networks.crossbar.draws import ArrayDraw

StuckArray = npt.NDArray[np.int8]


class Cells:
    """Synapses, some of which stay at an end of their range whatever they get.

    Parameters
    ----------
    synapses : SynapseArray
    stuck : float, or int8 of the shape of the synapses
        Share of devices that are stuck, at their lowest and highest with equal odds; or -1 where
        one is stuck at its lowest, 1 at its highest, 0 where it is not.

    Raises
    ------
    TypeError, ValueError
        A share outside 0 to 1, another shape or other numbers.
    """

    def __init__(self, synapses: SynapseArray[Any], stuck: float | npt.ArrayLike = 0.0) -> None:
        self.synapses = synapses
        self.stuck = _stuck(stuck, synapses)
        self._held = np.where(self.stuck > 0, synapses.highest, synapses.lowest)

    def conductance(self) -> FloatArray:
        """Conductances in siemens, float64."""
        return np.where(self.stuck == 0, self.synapses.conductance(), self._held)


def _stuck(stuck: Any, synapses: SynapseArray[Any]) -> StuckArray:
    if np.ndim(stuck) == 0:
        share = number("stuck", stuck, (">=", 0.0), ("<=", 1.0), remedy="1 % is 0.01")
        devices = np.arange(int(np.prod(synapses.shape))) + synapses.first_device
        u = uniforms(ArrayDraw.STUCK, devices, seed=synapses.seed)[:, 0].reshape(synapses.shape)
        return np.where(u < share / 2, -1, np.where(u < share, 1, 0)).astype(np.int8)
    found = np.asarray(stuck)
    if found.shape != synapses.shape:
        raise ArgumentError(
            "stuck", f"must have the shape of the devices, {synapses.shape}", got=f"{found.shape}"
        )
    if not np.isin(found, (-1, 0, 1)).all():
        raise ArgumentError("stuck", "must be -1 (lowest), 0 (not) or 1 (highest) everywhere")
    return found.astype(np.int8)
