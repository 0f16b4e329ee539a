"""A magnetic tunnel junction written by current pulses: two conductances, chosen by chance.

P, the state +1, has the higher conductance; a positive current favours it. The law of a pulse is
that of :mod:`pbit.devices.laws.switching`: thermal up to 0.9 of the critical current, precessional
from 1.1 on; in between, probabilities are interpolated, not derived. What happens between pulses is
the random telegraph of the junction without current.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import numpy.typing as npt

from pbit.checks import ArgumentError
from pbit.devices.laws.conduction import conductance_S
from pbit.devices.laws.switching import perpendicular_attempt_frequency_Hz, switching_probability
from pbit.devices.laws.telegraph_law import flip_probabilities
from pbit.devices.mtj import FloatArray, Junction
from pbit.devices.quantities import number
from pbit.devices.synapses.draws import Draw, IntArray
from pbit.devices.synapses.kind import SynapseKind
from pbit.devices.synapses.synapse import Synapse, SynapseArray

_LONGEST_S = 1e9  # thirty years are no pulse


def perpendicular(
    barrier: float = 40.0, *, damping_time_s: float = 1e-9, **others: float
) -> Junction:
    """A junction that goes as a perpendicular macrospin does: n = 2, with its attempt frequency.

    Examples
    --------
    >>> f"{perpendicular(40.0).attempt_frequency_Hz:.3g} Hz"
    '3.57e+09 Hz'
    """
    rate = perpendicular_attempt_frequency_Hz(barrier, damping_time_s=damping_time_s)
    return Junction(barrier, attempt_frequency_Hz=rate, barrier_exponent=2.0, **others)


class BinaryJunctions(SynapseArray["BinaryJunction"]):
    """Junctions, each in P (True) or AP."""

    def _put(self, levels: FloatArray) -> None:
        self._is_P = levels > 0.5

    def _levels(self) -> FloatArray:
        return self._is_P.astype(np.float64)

    def _respond(self, chosen: IntArray, drive: FloatArray) -> None:
        is_P = self._is_P[chosen]
        flips = self._uniforms(Draw.RESPONSE, chosen)[:, 0] < self.device.odds(drive, is_P)
        self._is_P[chosen] = is_P ^ flips

    def _relax(self, seconds: float) -> None:
        from_P, from_AP = flip_probabilities(self.device.junction, seconds)
        odds = np.where(self._is_P, from_P, from_AP)
        self._is_P ^= self._uniforms(Draw.RESPONSE, self._everyone)[:, 0] < odds


@dataclass(frozen=True)
class BinaryJunction(Synapse):
    """A junction and its write pulse.

    Parameters
    ----------
    junction : Junction
        By default a perpendicular macrospin of 40 kT with round resistances.
    write_current_A : float
        Of the device's own pulse.
    pulse_s : float
        Length of all pulses.
    damping_time_s : float
        :func:`pbit.devices.laws.switching.damping_time_s` of its magnet.

    Raises
    ------
    TypeError, ValueError
        Numbers out of the range that the message names.

    References
    ----------
    Pulses: W. H. Butler et al., IEEE Trans. Magn. 48, 4684 (2012), with the prefactor of
    :mod:`pbit.devices.laws.switching`. As a synapse: A. F. Vincent et al., IEEE Trans. Biomed.
    Circuits Syst. 9, 166 (2015).

    Examples
    --------
    >>> device = BinaryJunction().with_probability(0.1)
    >>> array = device.made(10_000, seed=1)
    >>> array.pulse()
    >>> switched = float((array.conductance() == array.highest).mean())
    >>> 0.085 < switched < 0.115
    True
    """

    drive_unit = "A"
    array = BinaryJunctions

    junction: Junction = field(default_factory=perpendicular)
    write_current_A: float = 2.5e-5
    pulse_s: float = 5e-9
    damping_time_s: float = 1e-9

    def __post_init__(self) -> None:
        for name in ("write_current_A", "pulse_s", "damping_time_s"):
            number(name, getattr(self, name), (">", 0.0), remedy="units are SI")

    @property
    def write_pulse(self) -> float:
        """Amplitude of its own pulse, in A."""
        return self.write_current_A

    @property
    def lowest_S(self) -> float:
        """Conductance of AP at no voltage."""
        return float(conductance_S(self.junction, -1.0))

    @property
    def highest_S(self) -> float:
        """Conductance of P."""
        return float(conductance_S(self.junction, 1.0))

    @property
    def num_levels(self) -> int:
        """Two."""
        return 2

    def odds(self, current_A: npt.ArrayLike, is_P: npt.ArrayLike) -> FloatArray:
        """Probability that a pulse of each current flips a junction in each state.

        Parameters
        ----------
        current_A : float
        is_P : bool
            Broadcast to each other.

        Returns
        -------
        float64
        """
        drive = np.asarray(current_A, dtype=np.float64)
        if drive.size and (drive == drive.flat[0]).all():
            drive = np.asarray(drive.flat[0])  # one number for all devices is worked out once
        from_P, from_AP = (self._odds(drive, state) for state in (1, -1))
        return np.where(is_P, from_P, from_AP)

    def with_probability(self, probability: float) -> BinaryJunction:
        """The same with the pulse length at which its own pulse switches AP with this probability.

        Raises
        ------
        ValueError
            A probability outside (0, 1), or one that no pulse of this current has.
        """
        from scipy.optimize import brentq

        number("probability", probability, (">", 0.0), ("<", 1.0), remedy="10 % is 0.1")

        def excess(log_s: float) -> float:
            longer = replace(self, pulse_s=float(np.exp(log_s)))
            return float(longer._odds(self.write_current_A, -1)) - probability

        ends = np.log([1e-6 * self.damping_time_s, _LONGEST_S])
        if excess(ends[0]) > 0 or excess(ends[1]) < 0:
            raise ArgumentError(
                "probability",
                f"must be in reach of {self.write_current_A:g} A",
                probability,
                remedy="change write_current_A",
            )
        return replace(self, pulse_s=float(np.exp(brentq(excess, *ends, xtol=1e-12))))

    def _odds(self, current_A: Any, state: int) -> FloatArray:
        return switching_probability(
            self.junction,
            current_A,
            pulse_s=self.pulse_s,
            damping_time_s=self.damping_time_s,
            from_state=state,
        )


KIND = SynapseKind(
    name="binary",
    what="One junction, switched by chance.",
    device=BinaryJunction().with_probability(0.1),
    source="A. F. Vincent et al., IEEE Trans. Biomed. Circuits Syst. 9, 166 (2015)",
    rank=1,
)
