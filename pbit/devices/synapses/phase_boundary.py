r"""A pillar of two phases, ferromagnetic and antiferromagnetic, with a boundary that current moves.

With x the ferromagnetic fraction, as in FeRh near its transition,

.. math:: \dot x = k (|J| - J_{dep})_+ \operatorname{sgn} J - (x - x_{eq}(T)) / \tau_r

and the conductance is :math:`x G_{FM} + (1 - x) G_{AF}`. The fraction at rest is a logistic
function of the temperature. Pulses and waits are solved exactly; deterministic but for variation.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np

from pbit.devices.mtj import FloatArray
from pbit.devices.quantities import number
from pbit.devices.synapses.draws import IntArray
from pbit.devices.synapses.kind import SynapseKind
from pbit.devices.synapses.level_array import LevelArray
from pbit.devices.synapses.synapse import Synapse


class PhaseBoundaries(LevelArray["PhaseBoundary"]):
    """Ferromagnetic fraction of each pillar, float64 (devices,)."""

    def _respond(self, chosen: IntArray, drive: FloatArray) -> None:
        x = self._at[chosen]
        self._at[chosen] = self.device.later(x, drive, seconds=self.device.pulse_s)

    def _relax(self, seconds: float) -> None:
        self._at = self.device.later(self._at, 0.0, seconds=seconds)


@dataclass(frozen=True)
class PhaseBoundary(Synapse):
    """A pillar and its write pulse.

    Parameters
    ----------
    antiferromagnetic_S : float
        G_AF, the lower one.
    ferromagnetic_S : float
        G_FM.
    speed_m2_A_s : float
        k, fraction a second over current density.
    depinning_A_m2 : float
        J_dep.
    relaxation_s : float
        tau_r; infinity for a device that forgets nothing.
    temperature_K, transition_K, transition_width_K : float
        x_eq = 1 / (1 + exp(-(T - T_t) / width)).
    write_A_m2, pulse_s : float
        The device's own pulse; all pulses are as long.

    Raises
    ------
    TypeError, ValueError
        Numbers out of the range that the message names.

    References
    ----------
    Temple et al., arXiv:1905.03573 (2020), pillars of FeRh, 300 nm wide. Parameters are round
    numbers.

    Examples
    --------
    >>> array = PhaseBoundary(relaxation_s=1e-6).made(1, seed=1)
    >>> array.pulse(count=10)
    >>> high = array.conductance()
    >>> array.wait(1e-5)
    >>> bool(array.conductance()[0] < high[0])
    True
    """

    drive_unit = "A/m^2"
    array = PhaseBoundaries

    antiferromagnetic_S: float = 1e-3
    ferromagnetic_S: float = 1.5e-3
    speed_m2_A_s: float = 1e-4
    depinning_A_m2: float = 1e10
    relaxation_s: float = math.inf
    temperature_K: float = 350.0
    transition_K: float = 370.0
    transition_width_K: float = 5.0
    write_A_m2: float = 2e10
    pulse_s: float = 5e-8

    def __post_init__(self) -> None:
        for name in ("antiferromagnetic_S", "speed_m2_A_s", "temperature_K", "transition_K",
                     "transition_width_K", "write_A_m2", "pulse_s"):  # fmt: skip
            number(name, getattr(self, name), (">", 0.0), remedy="units are SI")
        number("depinning_A_m2", self.depinning_A_m2, (">=", 0.0), remedy="0 is no threshold")
        number("relaxation_s", self.relaxation_s, (">", 0.0), remedy="inf is none", finite=False)
        above = (">", self.antiferromagnetic_S)
        number("ferromagnetic_S", self.ferromagnetic_S, above, remedy="the higher conductance")

    @property
    def write_pulse(self) -> float:
        """Amplitude of its own pulse, in A/m^2."""
        return self.write_A_m2

    @property
    def lowest_S(self) -> float:
        """All antiferromagnetic."""
        return self.antiferromagnetic_S

    @property
    def highest_S(self) -> float:
        """All ferromagnetic."""
        return self.ferromagnetic_S

    @property
    def fraction_at_rest(self) -> float:
        """x_eq at the temperature.

        Examples
        --------
        >>> PhaseBoundary(temperature_K=370.0).fraction_at_rest
        0.5
        """
        turns = (self.temperature_K - self.transition_K) / self.transition_width_K
        return (1 + math.tanh(turns / 2)) / 2

    def later(self, fraction: FloatArray, current_A_m2: Any, *, seconds: float) -> FloatArray:
        """Fraction after a time under a constant current."""
        J = np.asarray(current_A_m2, dtype=np.float64)
        push = self.speed_m2_A_s * np.maximum(np.abs(J) - self.depinning_A_m2, 0.0) * np.sign(J)
        turns = seconds / self.relaxation_s
        if turns == 0:
            moved = fraction + push * seconds
        else:
            end = self.fraction_at_rest + push * self.relaxation_s
            moved = end + (fraction - end) * math.exp(-turns)
        return np.clip(moved, 0.0, 1.0)


KIND = SynapseKind(
    name="phase-boundary",
    what="A pillar of FeRh with a moving boundary of phases.",
    device=PhaseBoundary(),
    source="Temple et al. (2021), arXiv:1905.03573",
    rank=12,
)
