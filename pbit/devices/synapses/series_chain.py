"""A chain of equal junctions whose critical currents differ: with rising pulses, a staircase."""

from __future__ import annotations

from dataclasses import dataclass, field

from pbit.devices.synapses.binary_junction import BinaryJunction
from pbit.devices.synapses.kind import SynapseKind
from pbit.devices.synapses.series_junctions import JunctionsInSeries


@dataclass(frozen=True)
class SeriesChain(JunctionsInSeries):
    """Equal junctions in series; those with small critical currents switch first.

    Parameters
    ----------
    element : BinaryJunction
    areas : tuple of float
        Ten equal ones by default.
    spread : float
        Of the critical currents: the width of the staircase.

    References
    ----------
    E. Raymenants et al., J. Appl. Phys. 124, 152116 (2018): ten junctions.

    Examples
    --------
    >>> array = SeriesChain().made(1, seed=1)
    >>> G = []
    >>> for current_A in (0.5e-5, 0.7e-5, 0.9e-5, 1.2e-5):
    ...     array.pulse(current_A)
    ...     G.append(float(array.conductance()[0]))
    >>> G == sorted(G) and len(set(G)) > 2
    True
    """

    element: BinaryJunction = field(default_factory=lambda: BinaryJunction(pulse_s=20e-9))
    areas: tuple[float, ...] = (1.0,) * 10
    spread: float = 0.25

    @property
    def ramp(self) -> tuple[float, float]:
        """Pulses of a staircase, over the write pulse: through all thresholds."""
        return 0.2, 1.0

    @property
    def num_levels(self) -> int:
        """One more than junctions, of equal areas."""
        return len(self.areas) + 1


KIND = SynapseKind(
    name="chain",
    what="Ten junctions in series, switched one after the other by rising pulses.",
    device=SeriesChain(),
    source="E. Raymenants et al., J. Appl. Phys. 124, 152116 (2018)",
    rank=3,
)
