r"""Junctions in series: :math:`R = \sum_k R_k`, one current through all of them.

Junctions of a device share the resistance-area product, the barrier and the critical current
density: that of area a has a-fold critical current and 1/a-fold resistance.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from pbit.devices.laws.telegraph_law import flip_probabilities
from pbit.devices.mtj import FloatArray
from pbit.devices.quantities import number
from pbit.devices.synapses.binary_junction import BinaryJunction
from pbit.devices.synapses.draws import Draw, IntArray
from pbit.devices.synapses.parts import part_factors
from pbit.devices.synapses.synapse import Synapse, SynapseArray


class SeriesJunctions(SynapseArray[Any]):
    """The state P (True) or AP of every junction, bool (devices, junctions)."""

    def _prepare(self) -> None:
        self._areas = np.array(self.device.areas)
        self._thresholds = self._areas * part_factors(self, self._areas.size, self.device.spread)
        super()._prepare()

    def _put(self, levels: FloatArray) -> None:
        G = self.device.lowest_S + levels * (self.device.highest_S - self.device.lowest_S)
        per_area = 1 / self._areas
        R_P, R_AP = 1 / self.device.element.highest_S, 1 / self.device.element.lowest_S
        excess = (1 / G - R_P * per_area.sum()) / (R_AP - R_P)  # sum of 1/a of those in AP
        self._is_P = np.ones((levels.size, per_area.size), bool)
        for k in np.argsort(-per_area, kind="stable"):
            self._is_P[:, k] = excess < per_area[k] - per_area.min() / 2
            excess -= np.where(self._is_P[:, k], 0.0, per_area[k])

    def _levels(self) -> FloatArray:
        low, high, element = self.device.lowest_S, self.device.highest_S, self.device.element
        each = np.where(self._is_P, 1 / element.highest_S, 1 / element.lowest_S)
        G = 1 / (each / self._areas).sum(axis=1)
        return np.asarray((G - low) / (high - low))

    def _respond(self, chosen: IntArray, drive: FloatArray) -> None:
        is_P = self._is_P[chosen]
        thresholds = self._thresholds if len(self._thresholds) == 1 else self._thresholds[chosen]
        odds = self.device.element.odds(drive[:, None] / thresholds, is_P)
        self._is_P[chosen] = is_P ^ (self._uniforms(Draw.RESPONSE, chosen, is_P.shape[1]) < odds)

    def _relax(self, seconds: float) -> None:
        from_P, from_AP = flip_probabilities(self.device.element.junction, seconds)
        luck = self._uniforms(Draw.RESPONSE, self._everyone, self._areas.size)
        self._is_P ^= luck < np.where(self._is_P, from_P, from_AP)


@dataclass(frozen=True)
class JunctionsInSeries(Synapse):
    """What chains and stacks have in common.

    Parameters
    ----------
    element : BinaryJunction
        Junction of area 1; its write pulse is that of the device.
    areas : tuple of float
        Of the junctions, over the element's.
    spread : float
        Standard deviation of the logarithm of the critical current densities inside a device.

    Raises
    ------
    TypeError, ValueError
        No junction, an area that is not > 0, a spread outside 0 to 1.
    """

    drive_unit = "A"
    array = SeriesJunctions

    element: BinaryJunction
    areas: tuple[float, ...]
    spread: float = 0.0

    def __post_init__(self) -> None:
        if not self.areas:
            raise ValueError("areas must have one entry or more, got none; one is one junction")
        for area in self.areas:
            number("areas", area, (">", 0.0), remedy="in areas of the element")
        number("spread", self.spread, (">=", 0.0), ("<=", 1.0), remedy="20 % is 0.2")

    @property
    def write_pulse(self) -> float:
        """Amplitude of the element's own pulse, in A."""
        return self.element.write_pulse

    @property
    def num_parts(self) -> int:
        """Junctions."""
        return len(self.areas)

    @property
    def lowest_S(self) -> float:
        """All in AP."""
        return self.element.lowest_S / sum(1 / area for area in self.areas)

    @property
    def highest_S(self) -> float:
        """All in P."""
        return self.element.highest_S / sum(1 / area for area in self.areas)
