r"""A junction that pulses tilt and that forgets: rare ones leave nothing, frequent ones switch.

Each pulse tilts the magnetisation away from where it is by a kick in proportion to its amplitude,
and the tilt x decays with a relaxation time: short-term plasticity. The magnet switches, for good,
at the rate of a perpendicular macrospin whose barrier the tilt has lowered,
:math:`\phi_0 e^{-\Delta (1 - x)^2}`, during each pulse: long-term potentiation.

Between P and AP the conductance follows the tilt, half the way at x = 1. That the tilt adds up and
decays by one exponential is an abstraction of the macrospin, which also precesses.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from pbit.devices.mtj import FloatArray
from pbit.devices.quantities import number
from pbit.devices.synapses.draws import Draw, IntArray
from pbit.devices.synapses.kind import SynapseKind
from pbit.devices.synapses.ranged import RangedSynapse
from pbit.devices.synapses.synapse import SynapseArray


class VolatileJunctions(SynapseArray["VolatileJunction"]):
    """State P (True) or AP of each junction, and its tilt away from it, 0 to 1."""

    def _put(self, levels: FloatArray) -> None:
        self._is_P = levels > 0.5
        self._tilt = np.zeros(levels.size)

    def _levels(self) -> FloatArray:
        return np.where(self._is_P, 1 - self._tilt / 2, self._tilt / 2)

    def _respond(self, chosen: IntArray, drive: FloatArray) -> None:
        device, is_P = self.device, self._is_P[chosen]
        away = np.where(is_P, -drive, drive) / device.write_current_A
        kept = self._tilt[chosen] * math.exp(-device.pulse_s / device.relaxation_s)
        tilt = np.clip(kept + device.kick * away, 0.0, 1.0)
        flips = self._uniforms(Draw.RESPONSE, chosen)[:, 0] < device.odds(tilt)
        self._is_P[chosen] = is_P ^ flips
        self._tilt[chosen] = np.where(flips, 0.0, tilt)

    def _relax(self, seconds: float) -> None:
        self._tilt *= math.exp(-seconds / self.device.relaxation_s)


@dataclass(frozen=True)
class VolatileJunction(RangedSynapse):
    """A junction and its write pulse.

    Parameters
    ----------
    barrier : float
        In kT.
    attempt_Hz : float
    kick : float
        Tilt that a pulse of the write amplitude adds.
    relaxation_s : float
    write_current_A, pulse_s : float
        The device's own pulse; all pulses are as long.
    low_S, range_S : float
        Conductance in AP, and what it is more in P.

    Raises
    ------
    TypeError, ValueError
        Numbers out of the range that the message names.

    References
    ----------
    A. Sengupta, K. Roy, Phys. Rev. Appl. 5, 024012 (2016). Parameters are round numbers.

    Examples
    --------
    >>> def switched(interval_s):
    ...     array = VolatileJunction().made(1000, seed=1)
    ...     for _ in range(10):
    ...         array.pulse()
    ...         array.wait(interval_s)
    ...     array.wait(1e-6)
    ...     return float((array.conductance() > 1.5e-4).mean())
    >>> switched(2e-9) > 0.95, switched(30e-9) < 0.01
    (True, True)
    """

    drive_unit = "A"
    array = VolatileJunctions

    barrier: float = 40.0
    attempt_Hz: float = 3.5e9
    kick: float = 0.4
    relaxation_s: float = 5e-9
    write_current_A: float = 1e-5
    pulse_s: float = 1e-9
    low_S: float = 1e-4
    range_S: float = 1e-4

    def __post_init__(self) -> None:
        for name in ("barrier", "attempt_Hz", "relaxation_s", "write_current_A", "pulse_s",
                     "low_S", "range_S"):  # fmt: skip
            number(name, getattr(self, name), (">", 0.0), remedy="units are SI")
        number("kick", self.kick, (">", 0.0), ("<=", 1.0), remedy="1 reaches the barrier's top")

    @property
    def write_pulse(self) -> float:
        """Amplitude of its own pulse, in A."""
        return self.write_current_A

    def odds(self, tilt: FloatArray) -> FloatArray:
        """Probability of switching during a pulse that leaves this tilt."""
        rate = self.attempt_Hz * np.exp(-self.barrier * (1 - np.asarray(tilt)) ** 2)
        return np.asarray(-np.expm1(-rate * self.pulse_s))


KIND = SynapseKind(
    name="volatile",
    what="A junction that pulses tilt: forgets rare ones, keeps frequent ones.",
    device=VolatileJunction(),
    source="A. Sengupta, K. Roy, Phys. Rev. Appl. 5, 024012 (2016)",
    rank=40,
)
