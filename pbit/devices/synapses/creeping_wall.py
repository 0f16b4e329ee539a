r"""A domain wall in a smooth track: a conductance that goes with the charge that went through.

Above depinning the wall flows at :math:`v_d + \mu (J - J_{dep})`; below, in the disorder of a real
film, it creeps at :math:`v_d e^{-E ((J_{dep} / J)^{1/4} - 1)}`. Deterministic but for variation.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from pbit.devices.domain_wall import creep_velocity_m_s
from pbit.devices.mtj import FloatArray
from pbit.devices.quantities import number
from pbit.devices.synapses.draws import IntArray
from pbit.devices.synapses.kind import SynapseKind
from pbit.devices.synapses.level_array import LevelArray
from pbit.devices.synapses.ranged import TrackSynapse


class CreepingWalls(LevelArray["CreepingWall"]):
    """Place of each wall over the length, float64 (devices,)."""

    def _respond(self, chosen: IntArray, drive: FloatArray) -> None:
        way = self.device.velocity_m_s(drive) * (self.device.pulse_s / self.device.length_m)
        self._at[chosen] = np.clip(self._at[chosen] + way, 0.0, 1.0)


@dataclass(frozen=True)
class CreepingWall(TrackSynapse):
    """A wall and its write pulse.

    Parameters
    ----------
    length_m : float
    depinning_A_m2 : float
        J_dep.
    mobility_m3_A_s : float
        mu.
    depinning_m_s : float
        v_d, the velocity at J_dep.
    barrier : float
        E of creep, in kT.
    write_A_m2, pulse_s : float
        The device's own pulse; all pulses are as long.
    low_S, range_S : float
        Conductance with the wall at the start, and what it is more with the wall at the end.

    Raises
    ------
    TypeError, ValueError
        Numbers out of the range that the message names.

    References
    ----------
    X. Wang et al., IEEE Electron Device Lett. 30, 294 (2009); creep: V. Jeudy et al., Phys. Rev.
    Lett. 117, 057201 (2016). Parameters are round numbers.

    Examples
    --------
    >>> array = CreepingWall().made(1, seed=1)
    >>> array.pulse(count=10)
    >>> array.pulse(-1e12, count=10)
    >>> bool(np.isclose(array.conductance(), array.lowest)[0])  # there and back
    True
    """

    array = CreepingWalls

    length_m: float = 1e-6
    depinning_A_m2: float = 1e11
    mobility_m3_A_s: float = 1e-10
    depinning_m_s: float = 1.0
    barrier: float = 20.0
    write_A_m2: float = 1e12
    pulse_s: float = 2e-10
    low_S: float = 1e-4
    range_S: float = 1e-4

    def __post_init__(self) -> None:
        for name in ("length_m", "depinning_A_m2", "write_A_m2", "pulse_s", "low_S", "range_S"):
            number(name, getattr(self, name), (">", 0.0), remedy="units are SI")
        for name in ("mobility_m3_A_s", "depinning_m_s", "barrier"):
            number(name, getattr(self, name), (">=", 0.0), remedy="0 switches it off")

    def velocity_m_s(self, current_A_m2: Any) -> FloatArray:
        """Velocity, of the sign of the current."""
        J = np.asarray(current_A_m2, dtype=np.float64)
        f = np.abs(J) / self.depinning_A_m2
        creep = creep_velocity_m_s(f, velocity_m_s=self.depinning_m_s, barrier=self.barrier)
        flow = self.mobility_m3_A_s * np.maximum(np.abs(J) - self.depinning_A_m2, 0.0)
        return np.asarray(np.sign(J) * (creep + flow))


KIND = SynapseKind(
    name="creeping-wall",
    what="A domain wall in a smooth track: continuous, creep below depinning.",
    device=CreepingWall(),
    source="X. Wang et al., IEEE Electron Device Lett. 30, 294 (2009)",
    rank=21,
)
