r"""Junctions in parallel as one synapse: as many levels as junctions, and one more.

Every junction gets the same pulse and switches with its own odds p, so that on the average

.. math:: E[G_{n+1}] = G_n + (G_{max} - G_n) p

for potentiation and the mirror image for depression, with a variance of the share of the range of
:math:`p (1 - p) / M` times the share that can still switch.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from pbit.checks import integer
from pbit.devices.laws.telegraph_law import flip_probabilities
from pbit.devices.mtj import FloatArray
from pbit.devices.quantities import number
from pbit.devices.synapses.binary_junction import BinaryJunction
from pbit.devices.synapses.draws import Draw, IntArray
from pbit.devices.synapses.kind import SynapseKind
from pbit.devices.synapses.parts import part_factors
from pbit.devices.synapses.synapse import Synapse, SynapseArray


class CompoundJunctions(SynapseArray["CompoundJunction"]):
    """The state P (True) or AP of every junction, bool (devices, junctions)."""

    def _prepare(self) -> None:
        self._thresholds = part_factors(self, self.device.num_junctions, self.device.spread)
        super()._prepare()

    def _put(self, levels: FloatArray) -> None:
        ranks = np.arange(self.device.num_junctions) + 0.5
        self._is_P = ranks < levels[:, None] * self.device.num_junctions

    def _levels(self) -> FloatArray:
        return np.asarray(self._is_P.mean(axis=1))

    def _respond(self, chosen: IntArray, drive: FloatArray) -> None:
        is_P = self._is_P[chosen]
        each = drive[:, None]
        if self.device.spread:
            each = each / self._thresholds[chosen]
        odds = self.device.element.odds(each, is_P)
        self._is_P[chosen] = is_P ^ (self._uniforms(Draw.RESPONSE, chosen, is_P.shape[1]) < odds)

    def _relax(self, seconds: float) -> None:
        from_P, from_AP = flip_probabilities(self.device.element.junction, seconds)
        luck = self._uniforms(Draw.RESPONSE, self._everyone, self._is_P.shape[1])
        self._is_P ^= luck < np.where(self._is_P, from_P, from_AP)


@dataclass(frozen=True)
class CompoundJunction(Synapse):
    """Equal junctions in parallel, written together.

    Parameters
    ----------
    element : BinaryJunction
        One of them. Amplitudes are currents through one junction.
    num_junctions : int
        M.
    spread : float
        Standard deviation of the logarithm of the critical currents inside a device.

    Raises
    ------
    TypeError, ValueError
        No junction, a spread outside 0 to 1.

    References
    ----------
    D. Zhang et al., IEEE/ACM NANOARCH 2016: nine junctions; IEEE Trans. Biomed. Circuits Syst. 10,
    828 (2016).

    Examples
    --------
    >>> device = CompoundJunction(num_junctions=9)
    >>> array = device.made(1000, seed=1)
    >>> array.pulse(count=5)
    >>> G = array.conductance()
    >>> int(np.unique(G).size) <= device.num_levels
    True
    """

    drive_unit = "A"
    array = CompoundJunctions

    element: BinaryJunction = field(default_factory=lambda: BinaryJunction().with_probability(0.1))
    num_junctions: int = 9
    spread: float = 0.0

    def __post_init__(self) -> None:
        integer("num_junctions", self.num_junctions, 1, 4096)
        number("spread", self.spread, (">=", 0.0), ("<=", 1.0), remedy="20 % is 0.2")

    @property
    def write_pulse(self) -> float:
        """Amplitude of the junction's own pulse, in A."""
        return self.element.write_pulse

    @property
    def lowest_S(self) -> float:
        """All in AP."""
        return self.num_junctions * self.element.lowest_S

    @property
    def highest_S(self) -> float:
        """All in P."""
        return self.num_junctions * self.element.highest_S

    @property
    def num_parts(self) -> int:
        """M."""
        return self.num_junctions

    @property
    def num_levels(self) -> int:
        """M + 1."""
        return self.num_junctions + 1


KIND = SynapseKind(
    name="compound",
    what="Nine junctions in parallel, written together.",
    device=CompoundJunction(),
    source="D. Zhang et al., IEEE/ACM NANOARCH 2016",
    rank=2,
)
