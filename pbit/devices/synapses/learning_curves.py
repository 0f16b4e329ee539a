r"""Potentiation and depression curves of a synapse device, and what they are worth for learning.

Definitions, of the mean curve unless said otherwise, with N pulses each way:

- nonlinearity: the nu of :math:`G(n) = G_0 + (G_N - G_0) (1 - e^{-\nu n / N}) / (1 - e^{-\nu})`,
  fitted by least squares; 0 is a straight line, a positive one is steep at first. It is N / A with
  the A of NeuroSim (Chen, Peng, Yu, IEEE Trans. Comput.-Aided Des. 37, 3067 (2018)), whose
  own label from -9 to 9 is another number, turned into A / N by a table.
- misfit: root mean square of what the fit leaves, over the range.
- symmetry error: mean of :math:`|G_{up}(n) - G_{down}(N - n)|` over the range reached; 0 where
  depression goes back the way that potentiation came.
- dynamic range: highest over lowest mean conductance.
- noise: root mean square, over pulses, of the standard deviation of one pulse's change among
  devices, over the range.
- levels: how many can be told apart by one reading: going up, the next one is where the mean less a
  standard deviation among devices exceeds the last one's mean plus its own.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from pbit.by_value import ByValue
from pbit.checks import ArgumentError, floats, integer
from pbit.devices.mtj import FloatArray
from pbit.devices.synapses.synapse import Synapse, SynapseArray
from pbit.devices.synapses.variation import NO_VARIATION, SynapseVariation
from pbit.machine import check_memory

_STEEPEST = 50.0  # beyond, the first pulse does it all


@dataclass(frozen=True, eq=False)
class LearningCurves(ByValue):
    """Conductances of devices under a train of pulses up and then one down.

    Attributes
    ----------
    device : Synapse
    amplitudes : float64, shape (pulses,)
        Of the pulses up; those down are their negatives, in the same order.
    up, down : float64, shape (devices, pulses + 1)
        Conductances in siemens before the first and after each pulse.
    seed : int
    """

    device: Synapse
    amplitudes: FloatArray
    up: FloatArray
    down: FloatArray
    seed: int

    @property
    def range_S(self) -> float:
        """Range of the mean curve up."""
        return float(np.ptp(self.up.mean(axis=0)))

    def fit(self, *, up: bool = True) -> tuple[float, float]:
        """Nonlinearity nu of the mean curve and the misfit; (0, 0) of a flat one."""
        mean = (self.up if up else self.down).mean(axis=0)
        return fit_nonlinearity(mean)

    @property
    def symmetry_error(self) -> float:
        """See the module."""
        apart = np.abs(self.up.mean(axis=0) - self.down.mean(axis=0)[::-1]).mean()
        return float(apart) / self.range_S if self.range_S else 0.0

    @property
    def dynamic_range(self) -> float:
        """See the module."""
        mean = self.up.mean(axis=0)
        return float(mean.max() / mean.min())

    @property
    def noise(self) -> float:
        """See the module."""
        changes = np.diff(self.up, axis=1)
        spread = float(np.sqrt(changes.var(axis=0).mean()))
        return spread / self.range_S if self.range_S else 0.0

    @property
    def levels(self) -> int:
        """See the module."""
        mean, spread = self.up.mean(axis=0), self.up.std(axis=0)
        count, top = 1, mean[0] + spread[0]
        for here, width in zip(mean, spread, strict=True):
            if here - width > top * (1 + 1e-9):
                count, top = count + 1, here + width
        return count


def fit_nonlinearity(curve: FloatArray) -> tuple[float, float]:
    """The nu that fits a curve best, and the root mean square of what is left over the range.

    Parameters
    ----------
    curve : float64, shape (pulses + 1,)

    Returns
    -------
    (float, float)
        nu from -50 to 50.

    Examples
    --------
    >>> n = np.linspace(0, 1, 33)
    >>> [round(x, 3) for x in fit_nonlinearity(3 - np.exp(-2.5 * n))]
    [2.5, 0.0]
    """
    from scipy.optimize import minimize_scalar

    rise = curve[-1] - curve[0]
    if rise == 0:
        return 0.0, 0.0
    shape = (curve - curve[0]) / rise
    x = np.linspace(0.0, 1.0, shape.size)

    def left(nu: float) -> float:
        ideal = x if abs(nu) < 1e-9 else np.expm1(-nu * x) / np.expm1(-nu)
        return float(((shape - ideal) ** 2).mean())

    # The flank that the minimum is on, by a coarse look; then to the bottom of it.
    coarse = np.linspace(-_STEEPEST, _STEEPEST, 101)
    best = coarse[np.argmin([left(nu) for nu in coarse])]
    bounds = max(best - 1, -_STEEPEST), min(best + 1, _STEEPEST)
    found = minimize_scalar(left, bounds=bounds, method="bounded", options={"xatol": 1e-7})
    return float(found.x), float(np.sqrt(found.fun))


def plasticity(
    device: Synapse,
    *,
    pulses: int = 64,
    devices: int = 100,
    ramp: tuple[float, float] | None = None,
    variation: SynapseVariation = NO_VARIATION,
    seed: int | None = None,
) -> LearningCurves:
    """Learning curves of a device: pulses up from the lowest conductance, then as many down.

    Parameters
    ----------
    device : Synapse
    pulses : int
        Each way.
    devices : int
        For means and spreads.
    ramp : (float, float), optional
        First and last amplitude over ``device.write_pulse``, in even steps; ``device.ramp`` by
        default.
    variation : SynapseVariation
    seed : int, optional

    Returns
    -------
    LearningCurves

    Raises
    ------
    TypeError, ValueError
        No pulses or devices; a ramp that is not two numbers.
    TooLargeError
        More of both than fit into the memory.

    Examples
    --------
    >>> from pbit.devices.synapses import CompoundJunction
    >>> curves = plasticity(CompoundJunction(), pulses=40, seed=1)
    >>> nu, _ = curves.fit()  # 40 pulses of 10 %: -40 ln 0.9 is 4.2
    >>> 4.0 < nu < 4.5
    True
    """
    integer("pulses", pulses, 1)
    ends = floats("ramp", device.ramp if ramp is None else ramp)
    if ends.shape != (2,):
        raise ArgumentError("ramp", "must be two numbers", ramp, remedy="first and last amplitude")
    amplitudes = device.write_pulse * np.linspace(ends[0], ends[1], pulses)
    needed = 32 * integer("devices", devices, 1) * pulses
    check_memory(needed, what="learning curves", lower="devices", others=" or pulses")
    array = device.made(devices, seed=seed, variation=variation)
    up = _curve(array, amplitudes)
    return LearningCurves(device, amplitudes, up, _curve(array, -amplitudes), array.seed)


def _curve(array: SynapseArray[Any], amplitudes: FloatArray) -> FloatArray:
    conductances = [array.conductance()]
    for amplitude in amplitudes:
        array.pulse(amplitude)
        conductances.append(array.conductance())
    return np.stack(conductances, axis=1)
