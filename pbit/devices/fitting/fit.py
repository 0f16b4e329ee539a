r"""A junction from measured dwell times: what an experimenter has before anything else.

Mean dwell times at several currents, in each state, are :math:`\tau_P = \phi_0^{-1}
e^{\Delta (1 + u)^n}` and :math:`\tau_{AP} = \phi_0^{-1} e^{\Delta (1 - u)^n}` with
:math:`u = I / I_c + a`. With n = 1 they fix :math:`\tau = e^\Delta / \phi_0`, :math:`\Delta / I_c`
and :math:`\Delta a`, and nothing else: :math:`\phi_0` has to be assumed, and a network of such
p-bits does not depend on it. With n > 1 the curvature tells.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.optimize import least_squares

from pbit.checks import ArgumentError
from pbit.devices.mtj import FloatArray, Junction

_SET_HERE = ("barrier", "critical_current_A", "asymmetry")


@dataclass(frozen=True)
class JunctionFit:
    """A junction and how well it is known.

    Parameters
    ----------
    junction : Junction
    errors : dict of float
        Standard errors of ``tau_s`` (relative), ``pbit_gain_per_A`` (relative), ``offset`` (of the
        p-bit's input) and, where it was fitted, ``barrier``.
    chi_square : float
        Sum of squared residuals in standard deviations; NaN where no counts were given.
    degrees_of_freedom : int
    """

    junction: Junction
    errors: dict[str, float]
    chi_square: float
    degrees_of_freedom: int


def fit_junction(
    currents_A: npt.ArrayLike,
    dwell_P_s: npt.ArrayLike,
    dwell_AP_s: npt.ArrayLike,
    *,
    num_dwells: npt.ArrayLike | None = None,
    barrier_exponent: float = 1.0,
    attempt_frequency_Hz: float | None = 1e9,
    **others: Any,
) -> JunctionFit:
    r"""Junction whose mean dwell times come closest, in their logarithms.

    Parameters
    ----------
    currents_A : float64, shape (m,)
        At least two different ones (three if the attempt frequency is fitted); positive favours P.
    dwell_P_s, dwell_AP_s : float64, shape (m,)
        Mean dwell times, > 0.
    num_dwells : float64, shape (m,) or scalar, optional
        Dwells behind each mean: its logarithm has the standard error ``num_dwells**-0.5``. Without
        them errors come from the residuals.
    barrier_exponent : float
        n, from 1 to 2: not fitted.
    attempt_frequency_Hz : float or None
        Assumed; None: fitted, which needs n > 1.
    **others
        Other fields of :class:`Junction`, such as ``resistance_P_ohm`` or ``tmr``.

    Returns
    -------
    JunctionFit

    Raises
    ------
    TypeError, ValueError
        Arrays of different lengths, too few currents, a dwell time not > 0, an attempt frequency
        that the data cannot tell, a fitted field among ``others``.

    References
    ----------
    W. F. Brown, Phys. Rev. 130, 1677 (1963); the method: D. W. Marquardt, J. Soc. Ind. Appl. Math.
    11, 431 (1963).

    Examples
    --------
    >>> true = Junction(8.0, critical_current_A=2e-5, asymmetry=0.05)
    >>> currents = [-2e-6, 0.0, 2e-6]
    >>> rates_P, rates_AP = true.rates_Hz(currents)
    >>> fit = fit_junction(currents, 1 / rates_P, 1 / rates_AP, num_dwells=1000)
    >>> round(fit.junction.barrier, 6), round(fit.junction.asymmetry, 6)
    (8.0, 0.05)
    """
    taken = next((key for key in _SET_HERE if key in others), None)
    if taken is not None:
        raise TypeError(f"{taken} is what the fit finds; leave it out")
    currents, logs, weights = _checked(currents_A, (dwell_P_s, dwell_AP_s), num_dwells)
    free = attempt_frequency_Hz is None
    if free and barrier_exponent <= 1:
        raise ArgumentError(
            "attempt_frequency_Hz",
            "must be given for barrier_exponent 1",
            got=f"None with {barrier_exponent}: dwell times at one temperature cannot tell it",
        )
    needed = 3 if free else 2
    if np.unique(currents).size < needed:
        raise ArgumentError("currents_A", f"must have at least {needed} different values")
    unit = float(np.abs(currents).max())
    log_phi = 0.0 if attempt_frequency_Hz is None else math.log(attempt_frequency_Hz)

    def model(p: FloatArray) -> FloatArray:
        barrier = p[3] if free else p[0] + log_phi
        lift = (p[1] * currents / unit + p[2]) / barrier
        powers = np.stack([_power(1 + lift, barrier_exponent), _power(1 - lift, barrier_exponent)])
        return np.asarray(p[0] + barrier * (powers - 1))

    guess = _guess(currents / unit, logs, barrier_exponent)
    start = [*guess, 10.0] if free else [*guess]
    found = least_squares(lambda p: ((model(p) - logs) * weights).ravel(), start, x_scale="jac")
    freedom = logs.size - len(start)
    return _fit_of(found, freedom, unit, log_phi if not free else None, num_dwells is not None, {
        "barrier_exponent": barrier_exponent, **others
    })  # fmt: skip


def _checked(
    currents_A: npt.ArrayLike, dwells: Sequence[npt.ArrayLike], num_dwells: npt.ArrayLike | None
) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Currents (m,), logarithms (2, m) and weights (m,)."""
    currents = np.atleast_1d(np.asarray(currents_A, dtype=np.float64))
    times = [np.atleast_1d(np.asarray(dwell, dtype=np.float64)) for dwell in dwells]
    if currents.ndim != 1 or any(t.shape != currents.shape for t in times):
        raise ValueError(
            f"currents_A, dwell_P_s and dwell_AP_s must have one length, got {currents.shape}, "
            f"{times[0].shape}, {times[1].shape}"
        )
    both = np.stack(times)
    if not (np.isfinite(currents).all() and np.isfinite(both).all() and (both > 0).all()):
        raise ValueError("dwell times must be > 0 s and currents finite; leave out what is not")
    counts = np.ones(1) if num_dwells is None else np.asarray(num_dwells, dtype=np.float64)
    if not (counts >= 1).all():
        raise ArgumentError("num_dwells", "must be >= 1", counts.min(), got=f"{counts.min():g}")
    return currents, np.log(both), np.sqrt(np.broadcast_to(counts, currents.shape))


def _guess(x: FloatArray, logs: FloatArray, exponent: float) -> tuple[float, float, float]:
    """From half the sum and half the difference of the logarithms, as for small u."""
    slope, shift = np.polyfit(x, (logs[0] - logs[1]) / (2 * exponent), 1)
    return float(logs.mean()), float(slope), float(shift)


def _power(base: FloatArray, exponent: float) -> FloatArray:
    return np.asarray(np.maximum(base, 1e-6) ** exponent)


def _fit_of(
    found: Any, freedom: int, unit: float, log_phi: float | None, counted: bool, others: Any
) -> JunctionFit:
    log_tau, slope, shift, *rest = map(float, found.x)
    barrier = rest[0] if rest else log_tau + (log_phi or 0.0)
    if barrier <= 0 or slope <= 0:
        raise ValueError(
            f"no junction fits: barrier {barrier:.3g} kT and {slope:.3g} kT at {unit:g} A; dwell "
            "times in P must rise and those in AP must fall with the current, and the attempt "
            "frequency must be above 1 / dwell time"
        )
    chi_square = 2 * float(found.cost)
    scale = 1.0 if counted else chi_square / freedom if freedom > 0 else math.nan
    errors = np.sqrt(scale * np.diag(np.linalg.pinv(found.jac.T @ found.jac)))
    known = {
        "tau_s": float(errors[0]),
        "pbit_gain_per_A": float(errors[1] / slope),
        "offset": float(errors[2] * others["barrier_exponent"]),
    }
    if rest:
        known["barrier"] = float(errors[3])
    junction = Junction(
        barrier,
        attempt_frequency_Hz=math.exp(barrier - log_tau),
        critical_current_A=barrier * unit / slope,
        asymmetry=shift / barrier,
        **others,
    )
    return JunctionFit(junction, known, chi_square if counted else math.nan, freedom)
