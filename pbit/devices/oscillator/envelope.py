r"""The power of an oscillator without noise or signal: exact for any step.

:math:`\dot p = 2 p (a - b p)` with :math:`a = \Gamma_G (\zeta - 1)` and
:math:`b = \Gamma_G (\zeta + Q)`, whatever the phase does; over a time t at constant current
:math:`p \to a p E / (a + b p (E - 1))` with :math:`E = e^{2 a t}`.

Source: Slavin, Tiberkevich, IEEE Trans. Magn. 45, 1875 (2009): the equation; a logistic one.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from pbit.checks import ArgumentError, floats
from pbit.devices.oscillator.auto_oscillator import AutoOscillator

FloatArray = npt.NDArray[np.float64]


def envelope_step(
    oscillator: AutoOscillator,
    power: npt.ArrayLike,
    current_A: npt.ArrayLike,
    duration_s: npt.ArrayLike,
) -> FloatArray:
    """Powers after a time at constant currents.

    Parameters
    ----------
    oscillator : AutoOscillator
    power : float or array
        At the start, >= 0.
    current_A, duration_s : float or arrays that go together with ``power``

    Returns
    -------
    float64 of their common shape

    Raises
    ------
    ValueError
        Powers or durations < 0, numbers that are not finite.

    Examples
    --------
    >>> oscillator = AutoOscillator(frequency_Hz=3e8, damping_Hz=4e5)
    >>> envelope_step(oscillator, 0.1, [2e-3, 2e-3, 0.0], [0.0, 1e-3, 1e-3]).round(6).tolist()
    [0.1, 0.4, 0.0]
    """
    p, t = (_not_negative(*item) for item in (("power", power), ("duration_s", duration_s)))
    zeta = oscillator.supercriticality(current_A)
    a = oscillator.damping_rad_s * (zeta - 1)
    b = oscillator.damping_rad_s * (zeta + oscillator.nonlinear_damping)
    # p E / (1 + b p (E - 1) / a), from the end where the exponential does not overflow.
    turn = 2 * np.abs(a) * t
    shrunk = np.exp(-turn)
    gone = np.where(turn > 0, -np.expm1(-turn) / np.where(turn > 0, turn, 1.0), 1.0) * 2 * t
    grown, decayed = p / (shrunk + b * p * gone), p * shrunk / (1 + b * p * gone)
    return np.asarray(np.where(a > 0, grown, decayed))[()]


def _not_negative(name: str, values: npt.ArrayLike) -> FloatArray:
    numbers = floats(name, values)
    if not (np.isfinite(numbers) & (numbers >= 0)).all():
        raise ArgumentError(name, "must be finite and >= 0", values)
    return numbers
