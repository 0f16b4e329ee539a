r"""A domain wall that slides back: short-term memory inside a notch, long-term memory between them.

The wall is in notch k, bent out of it by d notch distances, |d| < 1/2. A pulse adds a kick to d;
between pulses, and during them, it slides back as :math:`e^{-t/\tau}`. Beyond half a distance the
wall is in the next notch, bent back. Deterministic but for variation: the reduced form of
:mod:`pbit.devices.domain_wall` without temperature.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from pbit.checks import integer
from pbit.devices.mtj import FloatArray
from pbit.devices.quantities import number
from pbit.devices.synapses.draws import IntArray
from pbit.devices.synapses.kind import SynapseKind
from pbit.devices.synapses.ranged import TrackSynapse
from pbit.devices.synapses.synapse import SynapseArray


class ElasticWalls(SynapseArray["ElasticWall"]):
    """Place of each wall in notch distances, float64 (devices,): notch and bend together."""

    def _put(self, levels: FloatArray) -> None:
        self._place = np.rint(levels * self.device.num_notches)

    def _levels(self) -> FloatArray:
        return np.clip(self._place / self.device.num_notches, 0.0, 1.0)

    def _respond(self, chosen: IntArray, drive: FloatArray) -> None:
        device = self.device
        bent = device.slid_back(self._place[chosen], device.pulse_s)
        moved = bent + device.kick * drive / device.write_A_m2
        self._place[chosen] = np.clip(moved, 0.0, device.num_notches)

    def _relax(self, seconds: float) -> None:
        self._place = self.device.slid_back(self._place, seconds)


@dataclass(frozen=True)
class ElasticWall(TrackSynapse):
    """A wall, its notches and its write pulse.

    Parameters
    ----------
    num_notches : int
        Besides that at the start.
    kick : float
        By how many notch distances a pulse of the write amplitude moves the wall.
    relaxation_s : float
        tau; :meth:`pbit.devices.domain_wall.WallTrack.notch_relaxation_s` of a track.
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
    Prasad et al. (2020): a junction over a pinned wall with short- and long-term memory. Parameters
    are round numbers.

    Examples
    --------
    >>> array = ElasticWall().made(1, seed=1)
    >>> array.pulse()
    >>> array.wait(1e-6)  # forgotten
    >>> float(array.conductance()[0] - array.lowest[0]) < 1e-9
    True
    >>> array.pulse(count=3)
    >>> array.wait(1e-6)  # kept
    >>> round(float(array.conductance()[0] / array.lowest[0]), 6)
    1.2
    """

    array = ElasticWalls

    num_notches: int = 5
    kick: float = 0.3
    relaxation_s: float = 2e-8
    write_A_m2: float = 1e11
    pulse_s: float = 2e-9
    low_S: float = 1e-4
    range_S: float = 1e-4

    def __post_init__(self) -> None:
        integer("num_notches", self.num_notches, 1, 4096)
        for name in ("kick", "relaxation_s", "write_A_m2", "pulse_s", "low_S", "range_S"):
            number(name, getattr(self, name), (">", 0.0), remedy="units are SI")

    @property
    def num_levels(self) -> int:
        """One more than notches: those that last."""
        return self.num_notches + 1

    def slid_back(self, place: FloatArray, seconds: float) -> FloatArray:
        """Places a time later."""
        notch = np.rint(place)
        return np.asarray(notch + (place - notch) * math.exp(-seconds / self.relaxation_s))


KIND = SynapseKind(
    name="elastic-wall",
    what="A pinned domain wall: slides back in its notch, stays in the next.",
    device=ElasticWall(),
    source="Prasad et al. (2020)",
    rank=41,
)
