r"""Conductance of a junction: tunnel magnetoresistance, its angle and its bias dependence.

:math:`G(\theta) = G_0 (1 + P_1 P_2 \cos\theta)`, with :math:`\cos\theta = +1` in P and -1 in AP.
"""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
import numpy.typing as npt

from pbit.devices.mtj import FloatArray, Junction
from pbit.devices.quantities import number

_HALVINGS = 54  # to the last bit of a float


def tmr_of_polarizations(first: float, second: float) -> float:
    r"""TMR of two spin polarizations, :math:`2 P_1 P_2 / (1 - P_1 P_2)`.

    Raises
    ------
    ValueError
        A polarization outside (0, 1).

    References
    ----------
    M. Julliere, Phys. Lett. A 54, 225 (1975).

    Examples
    --------
    >>> round(tmr_of_polarizations(0.5, 0.5), 4)
    0.6667
    """
    for name, value in (("first", first), ("second", second)):
        number(name, value, (">", 0.0), ("<", 1.0), remedy="50 % is 0.5")
    return 2 * first * second / (1 - first * second)


def polarization_of_tmr(tmr: float) -> float:
    r"""Polarization of two equal electrodes, :math:`\sqrt{TMR / (2 + TMR)}`.

    Raises
    ------
    ValueError
        A TMR that is not a finite number > 0.

    Examples
    --------
    >>> round(polarization_of_tmr(2 / 3), 12)
    0.5
    """
    number("tmr", tmr, (">", 0.0), remedy="100 % is 1.0")
    return math.sqrt(tmr / (2 + tmr))


def tmr_at_voltage(junction: Junction, voltage_V: npt.ArrayLike = 0.0) -> FloatArray:
    r"""TMR at a voltage, :math:`TMR_0 / (1 + (V / V_h)^2)`; shape of ``voltage_V``.

    An empirical shape, symmetric in V; real junctions differ in sign and detail.

    Examples
    --------
    >>> float(tmr_at_voltage(Junction(8.0, tmr=1.2, tmr_half_voltage_V=0.5), 0.5))
    0.6
    """
    ratio = np.asarray(voltage_V, dtype=np.float64) / junction.tmr_half_voltage_V
    return np.asarray(junction.tmr / (1 + ratio**2))


def resistance_ohm(
    junction: Junction, cosine: npt.ArrayLike, *, voltage_V: npt.ArrayLike = 0.0
) -> FloatArray:
    r"""Resistance at the angle :math:`c = \cos\theta` between the layers, arrays broadcast.

    .. math:: R = 2 R_P (1 + TMR) / (2 + TMR (1 + c))

    That is :math:`R_P` at +1 and :math:`R_P (1 + TMR)` at -1: a state s may stand for c.

    Examples
    --------
    >>> resistance_ohm(Junction(8.0, resistance_P_ohm=5e3, tmr=1.0), [1, 0, -1]).round(3).tolist()
    [5000.0, 6666.667, 10000.0]
    """
    tmr = tmr_at_voltage(junction, voltage_V)
    c = np.asarray(cosine, dtype=np.float64)
    return np.asarray(2 * junction.resistance_P_ohm * (1 + tmr) / (2 + tmr * (1 + c)))


def resistance_under_ohm(
    junction: Junction, cosine: npt.ArrayLike, voltage_of: Callable[[FloatArray], FloatArray]
) -> FloatArray:
    r"""Resistance where the voltage across the junction follows from it, as in a divider.

    The R with :math:`R = R(c, V(R))`: one, since a voltage that rises with R lowers it.

    Parameters
    ----------
    junction : Junction
    cosine : array
    voltage_of : callable
        Volts across the junction at these resistances; must not fall as they rise, and may be of
        a wider shape than ``cosine``.

    Returns
    -------
    float64, of the shape of what ``voltage_of`` returns

    Examples
    --------
    >>> biased = Junction(8.0, tmr=1.0, tmr_half_voltage_V=0.5)
    >>> float(resistance_under_ohm(biased, -1, lambda R: 1e-4 * R).round(3))  # a current source
    6766.05
    """
    high = resistance_ohm(junction, cosine)
    high = high + np.zeros_like(voltage_of(high))
    if math.isinf(junction.tmr_half_voltage_V):
        return high
    low = np.full_like(high, junction.resistance_P_ohm)
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        more = resistance_ohm(junction, cosine, voltage_V=voltage_of(middle)) > middle
        low, high = np.where(more, middle, low), np.where(more, high, middle)
    return np.asarray((low + high) / 2)


def conductance_S(
    junction: Junction, cosine: npt.ArrayLike, *, voltage_V: npt.ArrayLike = 0.0
) -> FloatArray:
    """One over :func:`resistance_ohm`.

    Examples
    --------
    >>> float(conductance_S(Junction(8.0), -1))
    0.0001
    """
    return np.asarray(1 / resistance_ohm(junction, cosine, voltage_V=voltage_V))
