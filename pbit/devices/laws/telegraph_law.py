r"""Closed forms of the random telegraph of a junction at a constant current.

With the rates r_P and r_AP of :class:`pbit.devices.mtj.Junction` and :math:`m = \tanh I` the mean,
all fluctuations decay with :math:`\tau_c = 1/(r_P + r_{AP})`.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from pbit.devices.mtj import FloatArray, Junction
from pbit.devices.quantities import number


def dwell_times_s(
    junction: Junction, current_A: npt.ArrayLike = 0.0
) -> tuple[FloatArray, FloatArray]:
    """Mean dwell times in P and in AP; infinite where they are no numbers any more.

    Examples
    --------
    >>> [f"{tau:.3g}" for tau in dwell_times_s(Junction(8.0), 2e-6)]
    ['1.48e-05', '6.02e-07']
    """
    with np.errstate(over="ignore"):
        P, AP = (np.exp(barrier) for barrier in junction.barriers(current_A))
    return P / junction.attempt_frequency_Hz, AP / junction.attempt_frequency_Hz


def correlation_time_s(junction: Junction, current_A: npt.ArrayLike = 0.0) -> FloatArray:
    """1 / (r_P + r_AP), half the mean dwell time without current; shape of ``current_A``.

    Examples
    --------
    >>> f"{float(correlation_time_s(Junction(8.0))):.4g} s"
    '1.49e-06 s'
    """
    from_P, from_AP = junction.rates_Hz(current_A)
    with np.errstate(divide="ignore"):
        return np.asarray(1 / (from_P + from_AP))


def cycle_rate_Hz(junction: Junction, current_A: npt.ArrayLike = 0.0) -> FloatArray:
    r"""Full cycles P, AP, P a second, :math:`1/(1/r_P + 1/r_{AP})`; shape of ``current_A``.

    For n = 1 this is :math:`\phi_0 e^{-\Delta} / (2 \cosh \Delta u)`, the tuning curve of a neuron
    (Mizrahi et al., Nat. Commun. 9, 1533 (2018)).

    Examples
    --------
    >>> f"{float(cycle_rate_Hz(Junction(8.0))):.4g} Hz"
    '1.677e+05 Hz'
    """
    P, AP = dwell_times_s(junction, current_A)
    return np.asarray(1 / (P + AP))


def autocovariance(
    junction: Junction, lag_s: npt.ArrayLike, *, current_A: float = 0.0
) -> FloatArray:
    r""":math:`(1 - m^2) e^{-|t| / \tau_c}`; shape of ``lag_s``.

    Examples
    --------
    >>> float(autocovariance(Junction(8.0), 0.0))
    1.0
    """
    ratio = np.abs(np.asarray(lag_s, dtype=np.float64)) / correlation_time_s(junction, current_A)
    return np.asarray((1 - junction.mean(current_A) ** 2) * np.exp(-ratio))


def spectrum_per_Hz(
    junction: Junction, frequency_Hz: npt.ArrayLike, *, current_A: float = 0.0
) -> FloatArray:
    r"""One-sided power spectral density of the state s, a Lorentzian; shape of ``frequency_Hz``.

    .. math:: S(f) = 4 (1 - m^2) \tau_c / (1 + (2 \pi f \tau_c)^2)

    Its integral over the positive frequencies is the variance :math:`1 - m^2`.

    References
    ----------
    S. Machlup, J. Appl. Phys. 25, 341 (1954).

    Examples
    --------
    >>> f"{float(spectrum_per_Hz(Junction(8.0), 0.0)):.4g}"
    '5.962e-06'
    """
    tau = correlation_time_s(junction, current_A)
    turns = 2 * np.pi * np.asarray(frequency_Hz, dtype=np.float64) * tau
    return np.asarray(4 * (1 - junction.mean(current_A) ** 2) * tau / (1 + turns**2))


def flip_probabilities(
    junction: Junction, step_s: float, current_A: npt.ArrayLike = 0.0
) -> tuple[FloatArray, FloatArray]:
    r"""Chances that P is AP, and AP is P, a time ``step_s`` later; shapes of ``current_A``.

    :math:`r_P \tau_c (1 - e^{-t / \tau_c})`, exact for any step, returns included; the
    often used :math:`1 - e^{-r_P t}` is the chance of at least one flip.

    Raises
    ------
    ValueError
        A step that is not a number >= 0.

    Examples
    --------
    >>> [round(float(p), 4) for p in flip_probabilities(Junction(8.0), 1e-6)]
    [0.2444, 0.2444]
    """
    number("step_s", step_s, (">=", 0.0), remedy="time goes forward")
    from_P, from_AP = junction.rates_Hz(current_A)
    total = from_P + from_AP
    chance = -np.expm1(-total * step_s)
    with np.errstate(invalid="ignore"):
        share = np.where(total > 0, from_P / total, 0.0)
    return np.asarray(share * chance), np.asarray((1 - share) * chance * (total > 0))
