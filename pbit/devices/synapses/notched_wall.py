r"""A domain wall in a track with notches: the reduced model of :mod:`pbit.devices.domain_wall`.

The wall sits in notch 0 to N and the conductance is linear in its place. With f = J / J_dep a pulse
moves it by

- f < 1: a Poisson number of notches, at the rate :math:`\nu e^{-E (1 - f)^n}`;
- f >= 1: :math:`(\nu + \mu (J - J_{dep}) / d) t` notches, rounded: what is left when the current
  ends slides back.

In between pulses it hops both ways at :math:`\nu e^{-E}`.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np

from pbit.checks import integer
from pbit.devices.constants import thermal_energy_J
from pbit.devices.domain_wall import WallTrack
from pbit.devices.mtj import FloatArray
from pbit.devices.quantities import number
from pbit.devices.synapses.draws import Draw, IntArray
from pbit.devices.synapses.kind import SynapseKind
from pbit.devices.synapses.ranged import TrackSynapse
from pbit.devices.synapses.synapse import SynapseArray

_TILTED = 1.5  # exponent of a barrier that a field tilts until it is gone


class NotchedWalls(SynapseArray["NotchedWall"]):
    """The notch that each wall is in, int64 (devices,)."""

    def _put(self, levels: FloatArray) -> None:
        self._notch = np.rint(levels * self.device.num_notches).astype(np.int64)

    def _levels(self) -> FloatArray:
        return self._notch / self.device.num_notches

    def _respond(self, chosen: IntArray, drive: FloatArray) -> None:
        device = self.device
        expected = device.hops(np.abs(drive))
        luck = self._uniforms(Draw.RESPONSE, chosen)[:, 0]
        steps = np.where(
            np.abs(drive) < device.depinning_A_m2,
            poisson(luck, expected, most=device.num_notches),
            np.minimum(np.rint(expected), device.num_notches).astype(np.int64),
        )
        self._move(chosen, np.sign(drive).astype(np.int64) * steps)

    def _relax(self, seconds: float) -> None:
        device = self.device
        expected = np.full(self._notch.size, device.rate_Hz(0.0) * seconds)
        luck = self._uniforms(Draw.RESPONSE, self._everyone, 2)
        up, down = (poisson(luck[:, k], expected, most=device.num_notches) for k in (0, 1))
        self._move(self._everyone, up - down)

    def _move(self, chosen: IntArray, steps: IntArray) -> None:
        self._notch[chosen] = np.clip(self._notch[chosen] + steps, 0, self.device.num_notches)


def poisson(uniform: FloatArray, mean: FloatArray, *, most: int) -> IntArray:
    """Poisson numbers of uniform ones, those above ``most`` as ``most``.

    Examples
    --------
    >>> poisson(np.array([0.1, 0.9, 0.999]), np.full(3, 0.5), most=2).tolist()
    [0, 1, 2]
    """
    chance = np.exp(-mean)
    below = chance.copy()
    count = np.zeros(uniform.shape, np.int64)
    for k in range(1, most + 1):
        count += uniform > below
        chance = chance * mean / k
        below += chance
    return count


@dataclass(frozen=True)
class NotchedWall(TrackSynapse):
    """A wall, its notches and its write pulse.

    Parameters
    ----------
    num_notches : int
        N, besides that at the start: N + 1 levels.
    spacing_m : float
        d.
    depinning_A_m2 : float
        J_dep, current density at which a notch lets go at 0 K.
    mobility_m3_A_s : float
        mu, velocity over current density beyond.
    barrier : float
        E, in kT.
    barrier_exponent : float
        n, 1 to 2.
    attempt_Hz : float
        nu.
    write_A_m2, pulse_s : float
        The device's own pulse; all pulses are as long.
    low_S, range_S : float
        Conductance with the wall in notch 0, and what it is more in notch N.

    Raises
    ------
    TypeError, ValueError
        Numbers out of the range that the message names.

    References
    ----------
    A. Chanthbouala et al., Nat. Phys. 7, 626 (2011); S. Lequeux et al., Sci. Rep. 6, 31510 (2016),
    with more than 15 levels. Parameters are round numbers.

    Examples
    --------
    >>> array = NotchedWall().made(1, seed=1)
    >>> array.pulse(count=3)
    >>> round(float(array.conductance()[0] / array.lowest[0]), 6)
    1.2
    """

    array = NotchedWalls

    num_notches: int = 15
    spacing_m: float = 1e-7
    depinning_A_m2: float = 1e11
    mobility_m3_A_s: float = 1e-10
    barrier: float = 40.0
    barrier_exponent: float = 1.0
    attempt_Hz: float = 1e8
    write_A_m2: float = 2e11
    pulse_s: float = 5e-9
    low_S: float = 1e-4
    range_S: float = 1e-4

    def __post_init__(self) -> None:
        integer("num_notches", self.num_notches, 1, 4096)
        for name in ("spacing_m", "depinning_A_m2", "attempt_Hz", "write_A_m2", "pulse_s",
                     "low_S", "range_S"):  # fmt: skip
            number(name, getattr(self, name), (">", 0.0), remedy="units are SI")
        number("mobility_m3_A_s", self.mobility_m3_A_s, (">=", 0.0), remedy="units are SI")
        number("barrier", self.barrier, (">=", 0.0), remedy="in kT")
        bounds = (">=", 1.0), ("<=", 2.0)
        number("barrier_exponent", self.barrier_exponent, *bounds, remedy="1.5 is a tilted well")

    @classmethod
    def of_track(cls, track: WallTrack, *, pulse_s: float = 5e-9, **others: Any) -> NotchedWall:
        """The reduced form of a track with notches, driven by spin-transfer torque.

        Kramers's rate of the overdamped wall, :math:`e^{-E} / 2 \\pi \\tau` with tau the time of
        sliding back into the notch, and a barrier that the current tilts: n = 3/2.

        Raises
        ------
        ValueError
            A track without notches, temperature or end; a number out of range.

        Examples
        --------
        >>> track = WallTrack(temperature_K=300.0, notch_depth_J=1.6e-19)
        >>> round(NotchedWall.of_track(track).barrier, 1)
        38.6
        """
        number("temperature_K", track.temperature_K, (">", 0.0), remedy="300 is room")
        number("notch_depth_J", track.notch_depth_J, (">", 0.0), remedy="40 kT are 1.7e-19")
        number("length_m", track.length_m, (">", 0.0), remedy="1e-6 is 1 um")
        threshold = track.depinning_current_A_m2()
        reduced = {
            "num_notches": int(track.length_m / track.notch_spacing_m + 1e-9),
            "spacing_m": track.notch_spacing_m,
            "depinning_A_m2": threshold,
            "mobility_m3_A_s": track.current_mobility_m3_A_s(),
            "barrier": track.notch_depth_J / thermal_energy_J(track.temperature_K),
            "barrier_exponent": _TILTED,
            "attempt_Hz": 1 / (2 * math.pi * track.notch_relaxation_s()),
            "write_A_m2": 2 * threshold,
            "pulse_s": pulse_s,
        }
        return cls(**(reduced | others))

    @property
    def num_levels(self) -> int:
        """N + 1."""
        return self.num_notches + 1

    def rate_Hz(self, current_A_m2: Any) -> FloatArray:
        """Rate of leaving a notch along the current, at most the attempt frequency."""
        f = np.abs(np.asarray(current_A_m2, dtype=np.float64)) / self.depinning_A_m2
        left = np.maximum(1 - f, 0.0) ** self.barrier_exponent
        return np.asarray(self.attempt_Hz * np.exp(-self.barrier * left))

    def hops(self, current_A_m2: Any) -> FloatArray:
        """Notches that a pulse moves the wall by on the average, were the track endless."""
        J = np.abs(np.asarray(current_A_m2, dtype=np.float64))
        flow = self.mobility_m3_A_s * np.maximum(J - self.depinning_A_m2, 0.0) / self.spacing_m
        return np.asarray((self.rate_Hz(J) + flow) * self.pulse_s)


KIND = SynapseKind(
    name="notched-wall",
    what="A domain wall in a track of 16 notches.",
    device=NotchedWall(),
    source="A. Chanthbouala et al., Nat. Phys. 7, 626 (2011)",
    rank=20,
)
