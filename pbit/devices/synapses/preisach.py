r"""Preisach's hysteresis: a device of many domains, each with two thresholds of its own.

Domain k goes up in a pulse above :math:`I_k^+` and down in one below :math:`-I_k^-`; the device's
level is the share of those that are up. From all down, a pulse I leaves :math:`\Phi((I - I_0) /
\sigma)` of them up on the average. Equal pulses after the first do nothing: trains have to rise.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from pbit.checks import integer
from pbit.devices.mtj import FloatArray
from pbit.devices.quantities import number
from pbit.devices.synapses.draws import IntArray
from pbit.devices.synapses.parts import part_normals
from pbit.devices.synapses.ranged import RangedSynapse
from pbit.devices.synapses.synapse import SynapseArray

_MOST_DOMAINS = 4096


class PreisachArray(SynapseArray[Any]):
    """The state up (True) or down of every domain, bool (devices, domains)."""

    def _prepare(self) -> None:
        device = self.device
        luck = part_normals(self, 2 * device.num_domains).reshape(self._turns.size, 2, -1)
        spread = 1 + device.spread * luck
        self._up = device.threshold_A * spread[:, 0]
        self._down = device.threshold_down_A * spread[:, 1]
        super()._prepare()

    def _put(self, levels: FloatArray) -> None:
        count = np.rint(levels * self.device.num_domains)
        order = np.argsort(np.argsort(self._up, axis=1, kind="stable"), axis=1, kind="stable")
        self._is_up = order < count[:, None]

    def _levels(self) -> FloatArray:
        return np.asarray(self._is_up.mean(axis=1))

    def _respond(self, chosen: IntArray, drive: FloatArray) -> None:
        each = drive[:, None]
        rise, fall = each > self._up[chosen], -each > self._down[chosen]
        self._is_up[chosen] = (self._is_up[chosen] | rise) & ~fall


@dataclass(frozen=True)
class Preisach(RangedSynapse):
    """What devices of many domains have in common.

    Parameters
    ----------
    num_domains : int
    threshold_A : float
        Mean current that turns a domain up.
    threshold_down_A : float
        Mean current, > 0, that turns one down when it flows the other way.
    spread : float
        Standard deviation of both over their means, normal; at most 0.2, which is where one
        threshold in 3.5 million has the wrong sign.
    low_S, range_S : float
        Conductance with all domains down, and what it is more with all up. Where a Hall voltage is
        read these are what the circuit around makes of it.

    Raises
    ------
    TypeError, ValueError
        Numbers out of the range that the message names.
    """

    drive_unit = "A"
    array = PreisachArray

    num_domains: int = 100
    threshold_A: float = 1e-2
    threshold_down_A: float = 1e-2
    spread: float = 0.2
    low_S: float = 1e-4
    range_S: float = 1e-4

    def __post_init__(self) -> None:
        integer("num_domains", self.num_domains, 1, _MOST_DOMAINS)
        for name in ("threshold_A", "threshold_down_A", "low_S", "range_S"):
            number(name, getattr(self, name), (">", 0.0), remedy="units are SI")
        remedy = "more would turn the sign of thresholds"
        number("spread", self.spread, (">=", 0.0), ("<=", 0.2), remedy=remedy)

    @property
    def write_pulse(self) -> float:
        """The larger of the mean thresholds, in A."""
        return max(self.threshold_A, self.threshold_down_A)

    @property
    def num_parts(self) -> int:
        """Domains."""
        return self.num_domains

    @property
    def num_levels(self) -> int:
        """One more than domains."""
        return self.num_domains + 1

    @property
    def ramp(self) -> tuple[float, float]:
        """Three spreads and a half around the mean thresholds."""
        least = min(self.threshold_A, self.threshold_down_A) / self.write_pulse
        return least * (1 - 3.5 * self.spread), 1 + 3.5 * self.spread
