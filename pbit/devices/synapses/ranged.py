"""What devices have in common that are described by a range and by the pulse that writes them."""

from __future__ import annotations

from pbit.devices.synapses.synapse import Synapse


class RangedSynapse(Synapse):
    """Conductances from ``low_S`` to ``low_S + range_S``."""

    low_S: float
    range_S: float

    @property
    def lowest_S(self) -> float:
        """Conductance at the lower end."""
        return self.low_S

    @property
    def highest_S(self) -> float:
        """Conductance at the upper end."""
        return self.low_S + self.range_S


class TrackSynapse(RangedSynapse):
    """A magnetic track: pulses are current densities, ``write_A_m2`` its own."""

    drive_unit = "A/m^2"
    write_A_m2: float

    @property
    def write_pulse(self) -> float:
        """Amplitude of its own pulse, in A/m^2."""
        return self.write_A_m2
