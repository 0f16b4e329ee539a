r"""Writing a stable junction: how likely a current pulse switches it, and what it costs.

The drive i is the current away from the state the junction is in, stray field included, over the
critical current. Three regimes:

- thermal, i <= 0.9: :math:`1 - e^{-r t}` with the junction's own rate r of leaving the state;
- precessional, i >= 1.1: a perpendicular macrospin that starts in thermal equilibrium and is
  driven over without further noise,
  :math:`\exp\{-\Theta^2 \Delta (i - 1) / (i e^{2 (i - 1) t / \tau_D} - 1)\}` with
  :math:`\Theta^2 = 2^{1 + (i-1)/(i+1)} ((i - 1)/i)^{2/(i+1)}`;
- in between no closed form holds: the logarithm of the probability is interpolated in i.

The precessional form does not know the junction's exponent and attempt frequency; it goes with
those of the perpendicular macrospin, n = 2 and :func:`perpendicular_attempt_frequency_Hz`.

How far all this is from the exact answer for that macrospin
(:func:`pbit.devices.laws.fokker_planck.exact_switching_probability`), at 40 kT and for any pulse:
the precessional probability is off by at most 0.01 at i = 2.5 to 6, 0.02 at 2, 0.07 at 1.5 and 0.40
at 1.1, the interpolated one by up to 1. Thermal rates are too high, for a constant prefactor and
because the barrier is nearly gone: 1.6 times at i = 0.3, 3 times at 0.5, more than 4 times beyond.
Take the exact one between 0.5 and 1.5 unless rate and exponent were fitted there.
"""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt

from pbit.checks import ArgumentError
from pbit.devices.constants import ELECTRON_C, GAMMA0_M_A_S, HBAR_J_S, thermal_energy_J
from pbit.devices.mtj import FloatArray, Junction
from pbit.devices.quantities import number

THERMAL, PRECESSIONAL = 0.9, 1.1  # drives at which the regimes end and begin
_TINY = float(np.finfo(np.float64).tiny)


def damping_time_s(damping: float, *, anisotropy_A_m: float) -> float:
    r""":math:`\tau_D = (1 + \alpha^2) / (\alpha \gamma_0 H_K)` of a macrospin.

    Parameters
    ----------
    damping : float
        Gilbert's α.
    anisotropy_A_m : float
        Effective anisotropy field.

    Raises
    ------
    ValueError
        Anything not > 0.

    Examples
    --------
    >>> f"{damping_time_s(0.02, anisotropy_A_m=2e5):.3g} s"
    '1.13e-09 s'
    """
    number("damping", damping, (">", 0.0), remedy="0.01 to 0.05 is usual")
    number("anisotropy_A_m", anisotropy_A_m, (">", 0.0), remedy="a stable magnet has one")
    return (1 + damping**2) / (damping * GAMMA0_M_A_S * anisotropy_A_m)


def perpendicular_critical_current_A(
    barrier: float, *, damping: float, polarization: float, temperature_K: float = 300.0
) -> float:
    r""":math:`I_c = 4 e \alpha \Delta kT / (\hbar \eta)` of a perpendicular macrospin.

    References
    ----------
    J. Z. Sun, Phys. Rev. B 62, 570 (2000).

    Examples
    --------
    >>> current = perpendicular_critical_current_A(60.0, damping=0.01, polarization=0.6)
    >>> f"{current:.4g} A"
    '2.517e-05 A'
    """
    number("barrier", barrier, (">", 0.0), remedy="in kT")
    number("damping", damping, (">", 0.0), remedy="0.01 to 0.05 is usual")
    number("polarization", polarization, (">", 0.0), ("<=", 1.0), remedy="60 % is 0.6")
    number("temperature_K", temperature_K, (">", 0.0), remedy="temperatures are absolute")
    energy = barrier * thermal_energy_J(temperature_K)
    return 4 * ELECTRON_C * damping * energy / (HBAR_J_S * polarization)


def perpendicular_attempt_frequency_Hz(barrier: float, *, damping_time_s: float) -> float:
    r"""Prefactor of a perpendicular macrospin without current, :math:`\sqrt{\Delta/\pi}/\tau_D`.

    For high barriers; with a drive i away from the state, times :math:`(1 - i^2)(1 - i)`.

    References
    ----------
    W. F. Brown, Phys. Rev. 130, 1677 (1963).

    Examples
    --------
    >>> f"{perpendicular_attempt_frequency_Hz(40.0, damping_time_s=1e-9):.3g} Hz"
    '3.57e+09 Hz'
    """
    number("barrier", barrier, (">", 0.0), remedy="in kT")
    number("damping_time_s", damping_time_s, (">", 0.0), remedy="see damping_time_s")
    return math.sqrt(barrier / math.pi) / damping_time_s


def drive_away(junction: Junction, current_A: npt.ArrayLike, *, from_state: int) -> FloatArray:
    """Drive i away from a state, stray field included; shape of ``current_A``.

    Raises
    ------
    ValueError
        A state that is not +1 (P) or -1 (AP).

    Examples
    --------
    >>> float(drive_away(Junction(40.0, critical_current_A=1e-5), -2e-5, from_state=+1))
    2.0
    """
    if from_state not in (-1, 1):
        raise ArgumentError(
            "from_state", "must be +1 or -1", from_state, remedy="+1 is P and -1 is AP"
        )
    u = np.asarray(current_A, dtype=np.float64) / junction.critical_current_A + junction.asymmetry
    return np.asarray(-from_state * u)


def switching_regime(
    junction: Junction, current_A: npt.ArrayLike, *, from_state: int
) -> npt.NDArray[np.str_]:
    """Which law :func:`switching_probability` takes; shape of ``current_A``.

    Examples
    --------
    >>> switching_regime(Junction(40.0), [5e-6, 1e-5, 2e-5], from_state=-1).tolist()
    ['thermal', 'interpolated', 'precessional']
    """
    i = drive_away(junction, current_A, from_state=from_state)
    names = np.where(i >= PRECESSIONAL, "precessional", "interpolated")
    return np.where(i <= THERMAL, "thermal", names)


def switching_probability(
    junction: Junction,
    current_A: npt.ArrayLike,
    *,
    pulse_s: npt.ArrayLike,
    damping_time_s: float,
    from_state: int = -1,
) -> FloatArray:
    """Probability that a rectangular pulse switches the junction; arrays broadcast.

    Parameters
    ----------
    junction : Junction
    current_A : float
        Its sign counts: a positive one drives AP to P.
    pulse_s : float
        Length of the pulse.
    damping_time_s : float
        See :func:`damping_time_s`.
    from_state : {-1, 1}
        State before the pulse.

    Returns
    -------
    float64
        Of at least one switch; interpolated, not derived, for drives between 0.9 and 1.1.

    Raises
    ------
    ValueError
        A pulse below 0, a damping time that is not > 0, a state that is none.

    References
    ----------
    Shape of the precessional law: W. H. Butler et al., IEEE Trans. Magn. 48, 4684 (2012), who have
    Θ² = π²/4; the corrected one was derived for this project and is tested
    against the Fokker-Planck equation.

    Examples
    --------
    >>> junction = Junction(40.0, critical_current_A=3e-5)
    >>> p = switching_probability(junction, 7.5e-5, pulse_s=[1e-9, 3e-9], damping_time_s=1e-9)
    >>> p.round(4).tolist()
    [0.0862, 0.9941]
    """
    number("damping_time_s", damping_time_s, (">", 0.0), remedy="see damping_time_s")
    pulse = np.asarray(pulse_s, dtype=np.float64)
    if not (pulse >= 0).all():
        raise ArgumentError("pulse_s", "must be >= 0", pulse.min(), remedy="time goes forward")
    i = drive_away(junction, current_A, from_state=from_state)
    rate = junction.rates_Hz(current_A)[0 if from_state == 1 else 1]
    thermal = -np.expm1(-rate * pulse)
    turns = pulse / damping_time_s
    precessional = _precessional(junction.barrier, np.maximum(i, PRECESSIONAL), turns)
    between = _interpolated(junction, i, pulse, turns)
    result = np.where(i >= PRECESSIONAL, precessional, between)
    return np.where(i <= THERMAL, thermal, result)


def _precessional(barrier: float, i: FloatArray, turns: FloatArray) -> FloatArray:
    """The closed form for drives above one, ``turns`` = t / tau_D."""
    square = 2 ** (1 + (i - 1) / (i + 1)) * ((i - 1) / i) ** (2 / (i + 1))
    with np.errstate(over="ignore"):
        spread = i * np.exp(2 * (i - 1) * turns) - 1
    return np.asarray(np.exp(-square * barrier * (i - 1) / spread))


def _interpolated(
    junction: Junction, i: FloatArray, pulse: FloatArray, turns: FloatArray
) -> FloatArray:
    weight = np.clip((i - THERMAL) / (PRECESSIONAL - THERMAL), 0.0, 1.0)
    lift = junction.barrier * (1 - THERMAL) ** junction.barrier_exponent
    low = -np.expm1(-junction.attempt_frequency_Hz * math.exp(-lift) * pulse)
    high = _precessional(junction.barrier, np.asarray(PRECESSIONAL), turns)
    logs = [np.log(np.maximum(p, _TINY)) for p in (low, high)]
    return np.asarray(np.exp((1 - weight) * logs[0] + weight * logs[1]))


def precessional_pulse_s(
    barrier: float, *, drive: float, probability: float, damping_time_s: float
) -> float:
    """Pulse that switches with this probability, the inverse of the precessional law.

    Parameters
    ----------
    barrier : float
    drive : float
        i, at least 1.1.
    probability : float
        Between 0 and 1.
    damping_time_s : float

    Returns
    -------
    float
        0.0 where the law gives more than that for no pulse at all.

    Examples
    --------
    >>> pulse = precessional_pulse_s(40.0, drive=2.5, probability=0.9, damping_time_s=1e-9)
    >>> f"{pulse:.3g} s"
    '2.04e-09 s'
    """
    number("barrier", barrier, (">", 0.0), remedy="in kT")
    number("drive", drive, (">=", PRECESSIONAL), remedy="below, junctions switch by heat")
    number("probability", probability, (">", 0.0), ("<", 1.0), remedy="90 % is 0.9")
    number("damping_time_s", damping_time_s, (">", 0.0), remedy="see damping_time_s")
    square = 2 ** (1 + (drive - 1) / (drive + 1)) * ((drive - 1) / drive) ** (2 / (drive + 1))
    growth = (1 - square * barrier * (drive - 1) / math.log(probability)) / drive
    return max(0.0, damping_time_s * math.log(growth) / (2 * (drive - 1)))


def write_energy_J(
    current_A: npt.ArrayLike, *, resistance_ohm: npt.ArrayLike, pulse_s: npt.ArrayLike
) -> FloatArray:
    """Heat of a pulse in the junction alone, I² R t; arrays broadcast.

    Examples
    --------
    >>> f"{float(write_energy_J(5e-5, resistance_ohm=5e3, pulse_s=5e-9)):.3g} J"
    '6.25e-14 J'
    """
    current = np.asarray(current_A, dtype=np.float64)
    return np.asarray(current**2 * np.asarray(resistance_ohm) * np.asarray(pulse_s))
