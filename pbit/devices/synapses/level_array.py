"""Devices whose state is their conductance: any share of the range, moved by each pulse."""

from __future__ import annotations

from pbit.devices.mtj import FloatArray
from pbit.devices.synapses.synapse import D, SynapseArray


class LevelArray(SynapseArray[D]):
    """Share of its range at which each device is, float64 (devices,)."""

    def _put(self, levels: FloatArray) -> None:
        self._at = levels.copy()

    def _levels(self) -> FloatArray:
        return self._at
