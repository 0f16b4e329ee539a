r"""Skyrmions under a reader, counted: every one adds the same conductance.

A pulse drives skyrmions from a reservoir under the reader, and one the other way back; of m that
could cross, Binomial(m, p) do. A pulse of the write amplitude has the odds p given; another has
those of a crossing rate in proportion to the current, :math:`1 - (1 - p)^{|J| / J_w}`, an
assumption.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from pbit.checks import integer
from pbit.devices.mtj import FloatArray
from pbit.devices.quantities import number
from pbit.devices.synapses.draws import Draw, IntArray
from pbit.devices.synapses.kind import SynapseKind
from pbit.devices.synapses.ranged import TrackSynapse
from pbit.devices.synapses.synapse import SynapseArray


class SkyrmionCounters(SynapseArray["SkyrmionCounter"]):
    """How many skyrmions are under each reader, int64 (devices,)."""

    def _put(self, levels: FloatArray) -> None:
        self._count = np.rint(levels * self.device.num_skyrmions).astype(np.int64)

    def _levels(self) -> FloatArray:
        return self._count / self.device.num_skyrmions

    def _respond(self, chosen: IntArray, drive: FloatArray) -> None:
        device, count = self.device, self._count[chosen]
        inwards = drive > 0
        odds = np.where(inwards, device.odds_in, device.odds_out)
        odds = -np.expm1(np.log1p(-odds) * np.abs(drive) / device.write_A_m2)
        could = np.where(inwards, device.num_skyrmions - count, count)
        crosses = self._uniforms(Draw.RESPONSE, chosen, device.num_skyrmions) < odds[:, None]
        crossed = (crosses & (np.arange(device.num_skyrmions) < could[:, None])).sum(axis=1)
        self._count[chosen] = count + np.where(inwards, crossed, -crossed)


@dataclass(frozen=True)
class SkyrmionCounter(TrackSynapse):
    """A reader, its skyrmions and its write pulse.

    Parameters
    ----------
    num_skyrmions : int
        In reservoir and under the reader together.
    odds_in, odds_out : float
        That one skyrmion crosses in a pulse of the write amplitude, in [0, 1).
    write_A_m2 : float
    low_S, range_S : float
        Conductance without a skyrmion, and what it is more with all.

    Raises
    ------
    TypeError, ValueError
        Numbers out of the range that the message names.

    References
    ----------
    Y. Huang et al., Nanotechnology 28, 08LT02 (2017); K. M. Song et al., Nat. Electron. 3, 148
    (2020). Parameters are round numbers.

    Examples
    --------
    >>> array = SkyrmionCounter().made(2000, seed=1)
    >>> array.pulse()
    >>> share = (array.conductance() - array.lowest) / (array.highest - array.lowest)
    >>> 0.09 < float(share.mean()) < 0.11
    True
    """

    array = SkyrmionCounters

    num_skyrmions: int = 15
    odds_in: float = 0.1
    odds_out: float = 0.1
    write_A_m2: float = 1e11
    low_S: float = 1e-4
    range_S: float = 1e-4

    def __post_init__(self) -> None:
        integer("num_skyrmions", self.num_skyrmions, 1, 4096)
        for name in ("odds_in", "odds_out"):
            remedy = "10 % is 0.1"
            number(name, getattr(self, name), (">=", 0.0), ("<", 1.0), remedy=remedy)
        for name in ("write_A_m2", "low_S", "range_S"):
            number(name, getattr(self, name), (">", 0.0), remedy="units are SI")

    @property
    def num_parts(self) -> int:
        """Skyrmions."""
        return self.num_skyrmions

    @property
    def num_levels(self) -> int:
        """One more than skyrmions."""
        return self.num_skyrmions + 1


KIND = SynapseKind(
    name="skyrmions",
    what="Fifteen skyrmions, counted under a reader.",
    device=SkyrmionCounter(),
    source="Y. Huang et al., Nanotechnology 28, 08LT02 (2017)",
    rank=30,
)
