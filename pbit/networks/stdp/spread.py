"""How much drives differ where what a pulse does differs by a given share."""

from __future__ import annotations

import math

from pbit.devices.quantities import number
from pbit.devices.synapses import BinaryJunction, Synapse

_STEP = 1e-4


def spread_of_drive(device: Synapse, share: float) -> float:
    """``drive_d2d`` at which the effect of the device's own pulse differs by a share, first order.

    Of binary junctions, alone or several in one device, the effect is the probability to switch,
    which changes many times faster than the current; of others it is taken to be proportional to
    the drive.

    Parameters
    ----------
    device : Synapse
    share : float
        Standard deviation over the mean, 0.3 for 30 %.

    Raises
    ------
    TypeError, ValueError
        A share that is not >= 0.

    Examples
    --------
    >>> round(spread_of_drive(BinaryJunction().with_probability(0.1), 0.3), 3)
    0.035
    """
    number("share", share, (">=", 0.0), remedy="30 % is 0.3")
    junction = getattr(device, "element", device)
    if not isinstance(junction, BinaryJunction):
        return share
    drives = [junction.write_pulse * (1 + sign * _STEP) for sign in (-1, 1)]
    low, high = (float(junction.odds(drive, False)) for drive in drives)
    return share * 2 * _STEP / math.log(high / low)
