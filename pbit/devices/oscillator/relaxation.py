r"""A relaxation oscillator: slow charging, fast discharging; an integrate-and-fire neuron.

An auto-oscillator whose damping falls and then rises with its power switches on at a larger current
than off. Behind a charging circuit that it loads, it fires again and again:

.. math:: \dot p = 2 \Gamma_G p [\zeta (1 - p) - 1 - Q p - S p^2] + 2 D_n, \qquad
          \tau \dot\zeta = \zeta_{in} - \zeta - \kappa p

all currents over the threshold, Q < -1. It switches on at :math:`\zeta = 1`, off where
:math:`(Q + \zeta)^2 = 4 S (1 - \zeta)`. For :math:`\tau \Gamma_G \to \infty` the charge follows the
law of the leaky integrate-and-fire neuron, with its logarithms. Noise is here by its mean alone: it
keeps the power from vanishing while the circuit charges.

The equations are ours: a minimal circuit with the slow charging and the fast discharging that
Locatelli, Cros, Grollier, Nat. Mater. 13, 11 (2014) name; parameters are round numbers.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, fields

import numpy as np
import numpy.typing as npt

from pbit.by_value import ByValue
from pbit.checks import ArgumentError
from pbit.devices.quantities import number

FloatArray = npt.NDArray[np.float64]

_BOUNDS = {
    "damping_Hz": ((">", 0.0),),
    "nonlinear_damping": (("<", -1.0),),
    "saturation": ((">", 0.0),),
    "charging_s": ((">", 0.0),),
    "load": ((">", 0.0),),
    "noise_Hz": ((">", 0.0),),
}
_TOLERANCE = 1e-8
_FINE = 200  # times that are recorded in a charging time


@dataclass(frozen=True, eq=False)
class RelaxationRun(ByValue):
    """What a relaxation oscillator did.

    Attributes
    ----------
    times_s, charges, powers : float64, shape (times,)
        :math:`\\zeta` and p.
    spikes_s : float64, shape (spikes,)
        When the power rose through half of what it is where the oscillator switches off.
    """

    times_s: FloatArray
    charges: FloatArray
    powers: FloatArray
    spikes_s: FloatArray

    @property
    def rate_Hz(self) -> float:
        """Spikes a second, from the second spike to the last; 0 of fewer than three."""
        late = self.spikes_s[1:]
        return (late.size - 1) / float(late[-1] - late[0]) if late.size > 1 else 0.0


@dataclass(frozen=True, kw_only=True)
class RelaxationOscillator:
    """An oscillator with a hysteretic threshold that discharges what drives it.

    Parameters
    ----------
    damping_Hz : float
        Gamma_G over 2 pi.
    nonlinear_damping : float
        Q < -1.
    saturation : float
        S, large enough that p stays below 1: S > -Q - 1.
    charging_s : float
        tau.
    load : float
        kappa.
    noise_Hz : float
        D_n over 2 pi, > 0.

    Raises
    ------
    ValueError, TypeError
        A number out of range; powers beyond 1; a load too small to discharge at any input.

    Examples
    --------
    >>> neuron = RelaxationOscillator()
    >>> low, high = neuron.inputs
    >>> neuron.run(0.9 * low, 5e-6).spikes_s.size, neuron.run(1.5, 5e-6).spikes_s.size
    (0, 3)
    """

    damping_Hz: float = 1e9
    nonlinear_damping: float = -3.0
    saturation: float = 2.5
    charging_s: float = 1e-6
    load: float = 4.0
    noise_Hz: float = 1e3

    def __post_init__(self) -> None:
        for item in fields(self):
            number(
                item.name, getattr(self, item.name), *_BOUNDS[item.name], remedy="see the equations"
            )
        if self._on_power(1.0) >= 1:
            raise ArgumentError(
                "saturation",
                f"must be > {-self.nonlinear_damping - 1:g} with this nonlinear_damping",
                self.saturation,
                remedy="powers stay below 1",
            )
        if self.inputs[1] <= 1:
            raise ArgumentError(
                "load", "must discharge at an input of 1", self.load, remedy="take a larger one"
            )

    @property
    def off(self) -> float:
        """Charge at which the oscillation ends; it begins at 1."""
        q, s = self.nonlinear_damping, self.saturation
        # The root of (Q + x)^2 = 4 S (1 - x) below 1.
        return -q - 2 * s + 2 * math.sqrt(s * (s + q + 1))

    @property
    def inputs(self) -> tuple[float, float]:
        """Inputs between which it fires again and again: 1, and that at which it stays on."""
        return 1.0, self.off + self.load * self._on_power(self.off)

    def charging_time_s(self, current: float) -> float:
        """From the end of a spike to the next, an input in units of the threshold; infinite at 1
        and below. The law of a leaky integrate-and-fire neuron."""
        if current <= 1:
            return math.inf
        return self.charging_s * math.log((current - self.off) / (current - 1))

    def firing_time_s(self, current: float) -> float:
        """How long a spike takes; infinite where it stays on."""
        from scipy.integrate import quad

        if current >= self.inputs[1]:
            return math.inf

        def slowness(root: float) -> float:  # steep at the end, where p has a vertical tangent
            x = self.off + root * root
            return 2 * root / (x - current + self.load * self._on_power(x))

        return self.charging_s * float(quad(slowness, 0.0, math.sqrt(1 - self.off))[0])

    def rate_Hz(self, current: float) -> float:
        """Spikes a second at a constant input, for charging that is slow; 0 beyond ``inputs``."""
        if not self.inputs[0] < current < self.inputs[1]:
            return 0.0
        return 1 / (self.charging_time_s(current) + self.firing_time_s(current))

    def run(
        self, current: npt.ArrayLike, duration_s: float, *, segment_s: float | None = None
    ) -> RelaxationRun:
        """From rest under an input, or under several of ``segment_s`` each, over again.

        Parameters
        ----------
        current : float, or shape (segments,)
            In units of the threshold.
        duration_s : float
        segment_s : float, optional
            Of each of several inputs.

        Returns
        -------
        RelaxationRun

        Raises
        ------
        ValueError, TypeError
            Inputs that are not finite, several without ``segment_s``, a duration not > 0.
        """
        number("duration_s", duration_s, (">", 0.0), remedy="take some charging times")
        inputs = np.atleast_1d(np.asarray(current, dtype=np.float64))
        if inputs.ndim != 1 or not inputs.size or not np.isfinite(inputs).all():
            raise ArgumentError("current", "must be finite, one or one a segment", current)
        if segment_s is None:
            if inputs.size > 1:
                raise ArgumentError("segment_s", "must be given for several inputs", got="None")
            segment_s = duration_s
        number("segment_s", segment_s, (">", 0.0), remedy="it is how long each input lasts")
        return self._solved(inputs, duration_s, segment_s)

    def _solved(self, inputs: FloatArray, duration_s: float, segment_s: float) -> RelaxationRun:
        from scipy.integrate import solve_ivp

        floor = self.noise_Hz / self.damping_Hz
        state = np.array([0.0, math.log(floor)])
        parts, spikes = [], []
        for k in range(math.ceil(duration_s / segment_s - 1e-9)):
            start, end = k * segment_s, min((k + 1) * segment_s, duration_s)
            points = max(2, round((end - start) / self.charging_s * _FINE))
            found = solve_ivp(
                self._change, (start, end), state, "LSODA", args=(inputs[k % inputs.size],),
                events=self._rising(), max_step=self.charging_s / 20,
                rtol=_TOLERANCE, atol=_TOLERANCE,
                t_eval=np.linspace(start, end, points),
            )  # fmt: skip
            state = found.y[:, -1]
            parts.append(np.vstack([found.t, found.y]))
            spikes.append(found.t_events[0])
        times, charges, logarithms = np.concatenate(parts, axis=1)
        return RelaxationRun(times, charges, np.exp(logarithms), np.concatenate(spikes))

    def _change(self, t: float, state: FloatArray, current: float) -> list[float]:
        """Of the charge and of ln p."""
        x, p = float(state[0]), math.exp(state[1])
        q, s = self.nonlinear_damping, self.saturation
        growth = self.damping_Hz * (x * (1 - p) - 1 - q * p - s * p * p) + self.noise_Hz / p
        return [(current - x - self.load * p) / self.charging_s, 4 * math.pi * growth]

    def _rising(self) -> object:
        half = math.log(self._on_power(self.off) / 2)

        def crossing(t: float, state: FloatArray, current: float) -> float:
            return float(state[1]) - half

        crossing.direction = 1  # type: ignore[attr-defined]
        return crossing

    def _on_power(self, charge: float) -> float:
        """Power while it oscillates."""
        b, s = self.nonlinear_damping + charge, self.saturation
        return (-b + math.sqrt(max(b * b - 4 * s * (1 - charge), 0.0))) / (2 * s)
