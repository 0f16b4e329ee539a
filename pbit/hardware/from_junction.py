"""Chips whose p-bits are magnetic tunnel junctions: barrier and attempt frequency say how fast."""

from __future__ import annotations

import math
from numbers import Real
from typing import TYPE_CHECKING, Any

from pbit.checks import ArgumentError, instance
from pbit.devices.laws.conduction import resistance_ohm, resistance_under_ohm
from pbit.devices.mtj import Junction
from pbit.hardware.dynamics import TIMES
from pbit.hardware.parameters import Hardware
from pbit.hardware.prices import Prices, billed_by_power

if TYPE_CHECKING:
    from pbit.devices.fitting.fit import JunctionFit

_LONGEST_S = 1e9
SET_BY_JUNCTION = ("dynamics", *TIMES, "barrier", "barrier_exponent")


def hardware_of_junction(junction: Junction | JunctionFit, **parameters: Any) -> Hardware:
    r"""A chip of p-bits that are all this junction, driven by a current that is their input.

    Left alone a junction changes its state at rate ``1/tau_s = phi_0 exp(-Delta)``, under a current
    ``i = I / I_c`` at ``phi_0 exp(-Delta (1 + m i)^n)``: Arrhenius dynamics with the input
    ``x = n Delta i``. A stray field ``a``, in units of the anisotropy field, is an offset
    ``n Delta a`` of the input.

    Its p-bits are billed by power and time, :func:`power_of_junction`, unless ``prices`` are given.

    Parameters
    ----------
    junction : pbit.devices.mtj.Junction or pbit.devices.fitting.fit.JunctionFit
        Below about three kT of barrier its law is an extrapolation. Of a fit that does not hold a
        UserWarning tells.
    **parameters
        All others of :class:`Hardware`; an ``offset`` comes on top of the stray field's.

    Raises
    ------
    TypeError, ValueError
        A parameter that the junction sets, a chip that :class:`Hardware` refuses.

    References
    ----------
    W. F. Brown, Phys. Rev. 130, 1677 (1963); Camsari, Sutton, Datta, Appl. Phys. Rev. 6, 011305
    (2019), eqs. 1-4.

    Examples
    --------
    >>> from pbit.devices.mtj import Junction
    >>> chip = hardware_of_junction(Junction(8.0, barrier_exponent=2.0), delay_s=1e-9)
    >>> f"{chip.tau_s:.3g} s", chip.dynamics, chip.barrier, chip.barrier_exponent
    ('2.98e-06 s', 'arrhenius', 8.0, 2.0)
    """
    if hasattr(junction, "for_chip"):
        junction = junction.for_chip()
    remedy = "give pbit.devices.mtj.Junction(barrier), or what fit_junction finds"
    found: Junction = instance("junction", junction, Junction, remedy=remedy)
    twice = next((key for key in SET_BY_JUNCTION if key in parameters), None)
    if twice is not None:
        raise TypeError(f"{twice} comes from the junction; leave it out, or change the junction")
    if not found.tau_s <= _LONGEST_S:
        raise ArgumentError(
            "junction",
            f"must change its state within {_LONGEST_S:g} s on average",
            got=f"{found.tau_s:.3g} s",
            remedy=f"a barrier of {found.barrier:.3g} kT does not fluctuate",
        )
    offset = parameters.get("offset", 0.0)
    if not isinstance(offset, Real):
        raise TypeError(f"offset must be a number, got {offset!r}")
    stray = found.barrier_exponent * found.barrier * found.asymmetry
    return Hardware(
        dynamics="arrhenius",
        tau_s=found.tau_s,
        barrier=found.barrier,
        barrier_exponent=found.barrier_exponent,
        **{"prices": power_of_junction(found), **parameters, "offset": offset + stray},
    )


def power_of_junction(junction: Junction) -> Prices:
    """What a junction costs at a moderate input, ``x = 1``: ``I^2 R``, R averaged over its states.

    Reading out and programming stay at the prices of "z1-spice"; flips cost nothing more.

    Examples
    --------
    >>> from pbit.devices.mtj import Junction
    >>> prices = power_of_junction(Junction(9.2, critical_current_A=3e-5))
    >>> f"{prices.power_W:.3g} W, {prices.update_J} J an update"
    '5.95e-08 W, 0.0 J an update'
    """
    current = 1 / junction.pbit_gain_per_A
    up = (1 + math.tanh(1.0)) / 2
    down_ohm = float(resistance_under_ohm(junction, -1, lambda ohm: current * ohm))
    mean_ohm = up * float(resistance_ohm(junction, 1)) + (1 - up) * down_ohm
    how = f"{current * 1e6:.3g} uA through {mean_ohm / 1e3:.3g} kohm"
    return billed_by_power(current**2 * mean_ohm, f"I^2 R of a junction at input 1, {how}")
