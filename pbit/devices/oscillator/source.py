"""An oscillator as a source of microwaves: what it sends into a load."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from pbit.devices.oscillator.auto_oscillator import AutoOscillator
from pbit.devices.quantities import number

FloatArray = npt.NDArray[np.float64]


def emitted_power_W(
    oscillator: AutoOscillator, current_A: npt.ArrayLike, *, load_ohm: float = 50.0
) -> FloatArray:
    """Power :math:`V_0^2 p_0 / 2 R` of the voltage over a load.

    Parameters
    ----------
    oscillator : AutoOscillator
        ``signal_V`` is the amplitude over the load.
    current_A : float or array
    load_ohm : float

    Returns
    -------
    float64 of the shape of ``current_A``
        W; 0 below threshold.

    Raises
    ------
    ValueError, TypeError
        A load not > 0.

    Examples
    --------
    >>> oscillator = AutoOscillator(frequency_Hz=3e8, damping_Hz=4e5, signal_V=20e-3)
    >>> f"{emitted_power_W(oscillator, 2e-3) * 1e6:.2f} uW"
    '1.60 uW'
    """
    number("load_ohm", load_ohm, (">", 0.0), remedy="50 ohm is usual")
    return np.asarray(oscillator.signal_V**2 * oscillator.power(current_A) / (2 * load_ohm))[()]
