"""Chips whose p-bits are magnetic tunnel junctions: barrier and attempt frequency say how fast."""

from __future__ import annotations

from numbers import Real
from typing import TYPE_CHECKING, Any

from pbit.checks import ArgumentError
from pbit.devices.mtj import Junction
from pbit.hardware.parameters import Hardware

if TYPE_CHECKING:
    from pbit.devices.fitting.fit import JunctionFit

_LONGEST_S = 1e9
SET_BY_JUNCTION = ("dynamics", "tau_s", "barrier", "barrier_exponent")


def hardware_of_junction(junction: Junction | JunctionFit, **parameters: Any) -> Hardware:
    r"""A chip of p-bits that are all this junction, driven by a current that is their input.

    Left alone a junction changes its state at rate ``1/tau_s = phi_0 exp(-Delta)``, under a current
    ``i = I / I_c`` at ``phi_0 exp(-Delta (1 + m i)^n)``: Arrhenius dynamics with the input
    ``x = n Delta i``. A stray field ``a``, in units of the anisotropy field, is an offset
    ``n Delta a`` of the input.

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
    if not isinstance(junction, Junction):
        junction = junction.for_chip()
    twice = next((key for key in SET_BY_JUNCTION if key in parameters), None)
    if twice is not None:
        raise TypeError(f"{twice} comes from the junction; leave it out, or change the junction")
    if not junction.tau_s <= _LONGEST_S:
        raise ArgumentError(
            "junction",
            f"must change its state within {_LONGEST_S:g} s on average",
            got=f"{junction.tau_s:.3g} s",
            remedy=f"a barrier of {junction.barrier:.3g} kT does not fluctuate",
        )
    offset = parameters.get("offset", 0.0)
    if not isinstance(offset, Real):
        raise TypeError(f"offset must be a number, got {offset!r}")
    stray = junction.barrier_exponent * junction.barrier * junction.asymmetry
    return Hardware(
        dynamics="arrhenius",
        tau_s=junction.tau_s,
        barrier=junction.barrier,
        barrier_exponent=junction.barrier_exponent,
        **{**parameters, "offset": offset + stray},
    )
