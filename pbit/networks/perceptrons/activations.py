"""What neurons make of the sums of their inputs: ideal ones, and devices."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass, field
from functools import cached_property
from typing import NamedTuple

import numpy as np
from scipy.optimize import brentq
from scipy.special import expit

from pbit.checks import ArgumentError, integer
from pbit.devices.mtj import FloatArray
from pbit.devices.quantities import number
from pbit.devices.synapses import BinaryJunction

_SPAN, _POINTS = 16.0, 3201  # of the table of a curve that takes long to work out
_DROP = 1e-3  # of odds that should rise


class Activation(ABC):
    """Outputs of neurons by their sums; float64 of any shape."""

    @abstractmethod
    def __call__(self, sums: FloatArray) -> FloatArray:
        """Mean outputs."""

    @abstractmethod
    def slopes(self, sums: FloatArray) -> FloatArray:
        """Derivatives of the mean outputs."""

    def fired(self, sums: FloatArray, generator: np.random.Generator) -> FloatArray:
        """Outputs of one pass: the mean ones, where nothing is left to chance."""
        return self(sums)


@dataclass(frozen=True)
class Sigmoid(Activation):
    """``1 / (1 + exp(-s))``.

    Examples
    --------
    >>> Sigmoid()(np.array([-20.0, 0.0])).round(3).tolist()
    [0.0, 0.5]
    """

    def __call__(self, sums: FloatArray) -> FloatArray:
        return np.asarray(expit(sums))

    def slopes(self, sums: FloatArray) -> FloatArray:
        return np.asarray(expit(sums) * expit(-sums))


@dataclass(frozen=True)
class Ramp(Activation):
    """``s`` between 0 and ``top``, as far as the device goes: a rectifier that saturates.

    A magnet turned out of its hard axis, or a domain wall in its track: the conductance is linear
    in the drive until all is turned.

    Parameters
    ----------
    top : float
    levels : int, optional
        Of the output, evenly from 0 to top, both included; its slope is that without levels.

    Raises
    ------
    TypeError, ValueError
        Numbers out of the range that the message names.

    References
    ----------
    Rectifiers of junctions: V. Vadde et al. (2023), as told by the review of Yang et al. (2026).

    Examples
    --------
    >>> Ramp(levels=3)(np.array([-1.0, 0.2, 0.4, 3.0])).tolist()
    [0.0, 0.0, 0.5, 1.0]
    """

    top: float = 1.0
    levels: int | None = None

    def __post_init__(self) -> None:
        number("top", self.top, (">", 0.0), remedy="the largest output")
        if self.levels is not None:
            integer("levels", self.levels, 2)

    def __call__(self, sums: FloatArray) -> FloatArray:
        outputs = np.clip(sums, 0.0, self.top)
        if self.levels is None:
            return outputs
        step = self.top / (self.levels - 1)
        return np.asarray(np.rint(outputs / step) * step)

    def slopes(self, sums: FloatArray) -> FloatArray:
        return ((sums > 0) & (sums < self.top)).astype(np.float64)


class _Curve(NamedTuple):
    sums: FloatArray
    odds: FloatArray
    slopes: FloatArray


@dataclass(frozen=True)
class SwitchingNeuron(Activation):
    """Odds that a pulse switches a junction out of AP: a sigmoid of the pulse's current.

    The pulse is ``I_half + s u``: half switch at ``s = 0``, and u is such that the slope there is
    that of the logistic function, 1/4. Every pulse starts in AP. The curve of a thermal pulse is
    steeper above than below (Gumbel's law, nearly), off the logistic one by up to 0.06.

    Parameters
    ----------
    device : BinaryJunction
        By default of 40 kT and pulses of 100 ns.
    junctions : int, optional
        That get the pulse, their share in P is the output; None: their mean.

    Raises
    ------
    TypeError, ValueError
        No junction; one that no current switches half of the time, or that more current switches
        less often; fewer junctions than one.

    References
    ----------
    A. Sengupta et al., Sci. Rep. 6, 30039 (2016); of several junctions: D. Zhang et al., IEEE
    Trans. Biomed. Circuits Syst. 10, 828 (2016).

    Examples
    --------
    >>> neuron = SwitchingNeuron()
    >>> neuron(np.array([-3.0, 0.0, 3.0])).round(2).tolist()
    [0.06, 0.5, 0.99]
    """

    device: BinaryJunction = field(default_factory=lambda: BinaryJunction(pulse_s=1e-7))
    junctions: int | None = None

    def __post_init__(self) -> None:
        if self.junctions is not None:
            integer("junctions", self.junctions, 1)
        odds = self._curve.odds
        if float((np.maximum.accumulate(odds) - odds).max()) > _DROP:
            raise ArgumentError(
                "device",
                "must switch more often with more current",
                got=f"pulses of {self.device.pulse_s:g} s, whose laws below and above the "
                "critical current do not meet",
                remedy="longer pulses, of a hundred damping times",
            )

    def __call__(self, sums: FloatArray) -> FloatArray:
        return np.interp(sums, self._curve.sums, self._curve.odds)

    def slopes(self, sums: FloatArray) -> FloatArray:
        edges, slopes = self._curve.sums, self._curve.slopes
        inside = (sums >= edges[0]) & (sums < edges[-1])
        nth = np.clip(np.searchsorted(edges, sums, side="right") - 1, 0, len(slopes) - 1)
        return np.where(inside, slopes[nth], 0.0)

    def fired(self, sums: FloatArray, generator: np.random.Generator) -> FloatArray:
        """Share of the junctions that switch."""
        odds = self(sums)
        if self.junctions is None:
            return odds
        return generator.binomial(self.junctions, odds) / self.junctions

    @cached_property
    def half_current_A(self) -> float:
        """Current of ``s = 0``."""
        most = self.device.write_pulse
        while float(self.device.odds(most, False)) < 0.5:
            most *= 2
            if most > 1e3 * self.device.write_pulse:
                raise ArgumentError(
                    "device", "must switch half of the time at some current", self.device
                )
        return float(brentq(lambda A: float(self.device.odds(A, False)) - 0.5, 0.0, most))

    @cached_property
    def unit_A(self) -> float:
        """Current of ``s = 1``, beyond that of ``s = 0``."""
        step = 1e-4 * self.half_current_A
        ends = self.device.odds(self.half_current_A + np.array([-step, step]), False)
        return float(0.25 * 2 * step / (ends[1] - ends[0]))

    @cached_property
    def _curve(self) -> _Curve:
        sums = np.linspace(-_SPAN, _SPAN, _POINTS)
        odds = self.device.odds(np.maximum(self.half_current_A + sums * self.unit_A, 0.0), False)
        return _Curve(sums, odds, np.diff(odds) / np.diff(sums))
