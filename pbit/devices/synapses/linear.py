"""The ideal analogue synapse: every pulse moves the conductance by one step, until an end."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from pbit.checks import ArgumentError, integer
from pbit.devices.mtj import FloatArray
from pbit.devices.quantities import number
from pbit.devices.synapses.draws import IntArray
from pbit.devices.synapses.kind import SynapseKind
from pbit.devices.synapses.level_array import LevelArray
from pbit.devices.synapses.synapse import Synapse


class LinearSynapses(LevelArray["LinearSynapse"]):
    """Devices of constant steps, each at a level between 0 and 1."""

    def _respond(self, chosen: IntArray, drive: FloatArray) -> None:
        steps = drive / (self.device.write_V * self.device.num_steps)
        self._at[chosen] = np.clip(self._at[chosen] + steps, 0.0, 1.0)


@dataclass(frozen=True)
class LinearSynapse(Synapse):
    """A conductance that goes up and down in equal steps, proportional to the pulse's amplitude.

    ``drive_d2d`` spreads the step from device to device, ``drive_c2c`` from pulse to pulse.

    Parameters
    ----------
    min_S, max_S : float
        Range of conductances, siemens.
    num_steps : int
        Own pulses from one end to the other.
    write_V : float
        Amplitude of the device's own pulse.

    Raises
    ------
    TypeError, ValueError
        Numbers out of the range that the message names.

    References
    ----------
    The constant-step device of T. Gokmen, Y. Vlasov, Front. Neurosci. 10, 333 (2016).

    Examples
    --------
    >>> array = LinearSynapse(1e-6, 11e-6, num_steps=10).made(2, seed=1)
    >>> array.pulse(count=[3, 20])
    >>> (array.conductance() * 1e6).round(6).tolist()
    [4.0, 11.0]
    """

    drive_unit = "V"
    array = LinearSynapses

    min_S: float = 1e-6
    max_S: float = 1e-4
    num_steps: int = 100
    write_V: float = 1.0

    def __post_init__(self) -> None:
        number("min_S", self.min_S, (">=", 0.0), remedy="units are SI")
        number("max_S", self.max_S, (">", 0.0), remedy="units are SI")
        number("write_V", self.write_V, (">", 0.0), remedy="units are SI")
        integer("num_steps", self.num_steps, 1)
        if not self.max_S > self.min_S:
            raise ArgumentError("max_S", f"must be > min_S = {self.min_S:g}", self.max_S)

    @property
    def write_pulse(self) -> float:
        """Amplitude of its own pulse, in V."""
        return self.write_V

    @property
    def lowest_S(self) -> float:
        """That of all pulses down."""
        return self.min_S

    @property
    def highest_S(self) -> float:
        """That of all pulses up."""
        return self.max_S


KIND = SynapseKind(
    name="linear",
    what="Fifty equal steps up and down: the yardstick, no device.",
    device=LinearSynapse(num_steps=50),
    source="T. Gokmen, Y. Vlasov, Front. Neurosci. 10, 333 (2016)",
    rank=90,
)
