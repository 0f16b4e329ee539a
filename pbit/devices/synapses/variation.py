"""How synapse devices of one kind differ, from device to device and from pulse to pulse."""

from __future__ import annotations

from dataclasses import dataclass, fields

from pbit.devices.quantities import number


@dataclass(frozen=True)
class SynapseVariation:
    """Spreads as fractions; ``d2d`` from device to device, ``c2c`` from cycle to cycle.

    All are log-normal: a value is its median times ``exp(fraction * normal)``, so that 0.1 is ten
    per cent and nothing changes its sign. d2d is drawn once, when the device is made, c2c anew with
    every pulse.

    Parameters
    ----------
    conductance_d2d : float
        Of both ends of the conductance range together, as an area spreads.
    window_d2d : float
        Of the difference between them, the lower end held.
    drive_d2d : float
        Of the part of a pulse that arrives: a device with more switches at a smaller amplitude.
    drive_c2c : float
        The same, anew with every pulse.

    Raises
    ------
    TypeError, ValueError
        A fraction that is not a number from 0 to 1.

    References
    ----------
    "d2d" and "c2c" as in M. J. Rasch et al., IEEE AICAS 2021 (arXiv:2104.02184), whose variations
    are normal ones.

    Examples
    --------
    >>> SynapseVariation(drive_d2d=0.2).drive_c2c
    0.0
    """

    conductance_d2d: float = 0.0
    window_d2d: float = 0.0
    drive_d2d: float = 0.0
    drive_c2c: float = 0.0

    def __post_init__(self) -> None:
        for field in fields(self):
            value = getattr(self, field.name)
            number(field.name, value, (">=", 0.0), ("<=", 1.0), remedy="20 % is 0.2")


NO_VARIATION = SynapseVariation()
