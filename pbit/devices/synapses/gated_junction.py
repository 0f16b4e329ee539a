"""A junction whose barrier a gate voltage lowers while it is written: voltage-controlled."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from pbit.devices.laws.switching import switching_probability
from pbit.devices.mtj import FloatArray, Junction
from pbit.devices.synapses.binary_junction import BinaryJunction, perpendicular
from pbit.devices.synapses.kind import SynapseKind


@dataclass(frozen=True)
class GatedJunction(BinaryJunction):
    """As the binary junction, but with a gate on during pulses, and off between them.

    The gate takes ``junction.vcma_kT_per_V`` times its voltage off the barrier, and the critical
    current goes with the barrier (:meth:`pbit.devices.mtj.Junction.at_voltage`): a current that
    writes the gated device leaves those without a gate voltage alone.

    Parameters
    ----------
    junction : Junction
        Without gate voltage.
    write_current_A, pulse_s, damping_time_s : float
        As of the binary junction; the damping time is the one without gate voltage.
    gate_V : float

    Raises
    ------
    TypeError, ValueError
        As the binary junction; a voltage that leaves no barrier.

    Examples
    --------
    >>> gated, idle = GatedJunction(), GatedJunction(gate_V=0.0)
    >>> [float(device.odds(6e-6, False).round(4)) for device in (gated, idle)]
    [0.9429, 0.003]
    """

    junction: Junction = field(default_factory=lambda: perpendicular(60.0, vcma_kT_per_V=40.0))
    write_current_A: float = 6e-6
    pulse_s: float = 1e-8
    gate_V: float = 1.0

    def __post_init__(self) -> None:
        super().__post_init__()
        self.junction.at_voltage(self.gate_V)

    def _odds(self, current_A: Any, state: int) -> FloatArray:
        gated = self.junction.at_voltage(self.gate_V)
        return switching_probability(
            gated,
            current_A,
            pulse_s=self.pulse_s,
            # The damping time goes against the anisotropy.
            damping_time_s=self.damping_time_s * self.junction.barrier / gated.barrier,
            from_state=state,
        )


KIND = SynapseKind(
    name="gated",
    what="One junction whose barrier a gate voltage lowers during pulses.",
    device=GatedJunction().with_probability(0.1),
    source="round numbers; effect: P. K. Amiri, K. L. Wang, SPIN 2, 1240002 (2012)",
    rank=5,
)
