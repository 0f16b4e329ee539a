"""Chips whose p-bits were measured as a sigmoid in volts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pbit.checks import ArgumentError
from pbit.hardware.parameters import Hardware

if TYPE_CHECKING:
    from pbit.devices.fitting.sigmoid import SigmoidFit

SET_BY_SIGMOID = ("gain", "offset")


def hardware_of_sigmoid(
    sigmoid: SigmoidFit,
    *,
    unit_V: float | None = None,
    zero_V: float | None = None,
    **parameters: Any,
) -> Hardware:
    r"""A chip of p-bits that are all this one, driven by ``zero_V + unit_V x`` volts.

    Their mean is :math:`\tanh((V - V_{50}) / V_0)`: gain ``unit_V / V0``, offset
    ``(zero_V - V50) / V0``. A chip that is driven by what was measured, the defaults, is ideal.

    Parameters
    ----------
    sigmoid : pbit.devices.fitting.sigmoid.SigmoidFit
        Of a fit that does not hold a UserWarning tells.
    unit_V : float, optional
        Volts of one unit of the input; V0 if not given. Below 0 for a falling curve.
    zero_V : float, optional
        Volts at the input 0; V50 if not given.
    **parameters
        All others of :class:`Hardware`.

    Raises
    ------
    TypeError, ValueError
        A gain or an offset given, a ``unit_V`` of the other sign than V0, a chip that
        :class:`Hardware` refuses.

    Examples
    --------
    >>> from pbit.devices.fitting.sigmoid import fit_sigmoid
    >>> fit = fit_sigmoid([0.4, 0.45, 0.5], [-0.76159416, 0.0, 0.76159416], num_samples=1000)
    >>> chip = hardware_of_sigmoid(fit, unit_V=0.04, zero_V=0.46)
    >>> round(chip.gain, 6), round(chip.offset, 6)
    (0.8, 0.2)
    """
    twice = next((key for key in SET_BY_SIGMOID if key in parameters), None)
    if twice is not None:
        raise TypeError(f"{twice} comes from the sigmoid; leave it out, or give unit_V and zero_V")
    found = sigmoid.for_chip()
    unit = found.V0_V if unit_V is None else unit_V
    lift = 0.0 if zero_V is None else zero_V - found.V50_V
    if not unit / found.V0_V > 0:
        raise ArgumentError(
            "unit_V",
            f"must have the sign of V0 = {found.V0_V:g} V",
            unit,
            remedy="a p-bit whose mean falls with the voltage wants an inverted drive",
        )
    return Hardware(gain=unit / found.V0_V, offset=lift / found.V0_V + 0.0, **parameters)
