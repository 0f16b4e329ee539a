r"""A junction from measured dwell times: what an experimenter has before anything else.

Mean dwell times at several currents, in each state, are :math:`\tau_P = \phi_0^{-1}
e^{\Delta (1 + u)^n}` and :math:`\tau_{AP} = \phi_0^{-1} e^{\Delta (1 - u)^n}` with
:math:`u = I / I_c + a`. With n = 1 they fix :math:`\tau = e^\Delta / \phi_0`, :math:`\Delta / I_c`
and :math:`\Delta a`, and nothing else: :math:`\phi_0` has to be assumed, and a network of such
p-bits does not depend on it. With n > 1 the curvature tells.

Real junctions heat up, feel the voltage, or have another n. A fit says whether its law holds, and
if not, what the residuals look like (:mod:`pbit.devices.fitting.dwell_model`).
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any

import numpy as np
import numpy.typing as npt

from pbit.by_value import ByValue
from pbit.checks import ArgumentError, floats
from pbit.devices.fitting.agreement import ALPHA, Agreement, Finding, agreement, chance, tail
from pbit.devices.fitting.dwell_model import Causes, DwellModel
from pbit.devices.fitting.standard_errors import standard_errors
from pbit.devices.mtj import FloatArray, Junction
from pbit.devices.quantities import number

_SET_HERE = ("barrier", "critical_current_A", "asymmetry")
_SHAPES = {
    "heating": "even in the current, alike in both states",
    "voltage": "odd in the current, alike in both states",
    "exponent": "curved as by another barrier exponent",
}
_SETS: tuple[Causes, ...] = tuple(
    causes for size in range(1, len(_SHAPES) + 1) for causes in combinations(_SHAPES, size)
)
_TOLD = 2.0  # standard errors that a slope must be away from none


@dataclass(frozen=True)
class JunctionFit(Agreement):
    """A junction, how well it is known, and whether its law holds.

    Parameters
    ----------
    junction : Junction
    errors : dict of float
        Standard errors of ``tau_s`` (relative), ``pbit_gain_per_A`` (relative), ``offset`` (of the
        p-bit's input) and, where it was fitted, ``barrier``: with ``scale`` in them.
    chi_square, degrees_of_freedom, p_value, scale, findings
        See :class:`pbit.devices.fitting.agreement.Agreement`; the causes are "heating",
        "voltage" and "exponent", or several of them, "heating and exponent", each set with
        ``tau_s``, its relative error and ``pbit_gain_per_A`` as it makes them.
    """

    junction: Junction
    errors: dict[str, float]

    def for_chip(self) -> Junction:
        """The junction, with a warning where the fit does not hold."""
        self.warn_if_not("a junction of this kind")
        return self.junction


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
    number("barrier_exponent", barrier_exponent, (">=", 1.0), ("<=", 2.0), remedy="1 is usual")
    free = attempt_frequency_Hz is None
    if attempt_frequency_Hz is not None:
        number("attempt_frequency_Hz", attempt_frequency_Hz, (">", 0.0), remedy="1e9 is usual")
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
    log_phi = None if attempt_frequency_Hz is None else math.log(attempt_frequency_Hz)
    model = DwellModel(currents / unit, logs, weights, barrier_exponent, log_phi)
    return _Fitted(model, unit, known=num_dwells is not None).result(others)


def _checked(
    currents_A: npt.ArrayLike, dwells: Sequence[npt.ArrayLike], num_dwells: npt.ArrayLike | None
) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Currents (m,), logarithms (2, m) and weights (m,)."""
    currents = np.atleast_1d(floats("currents_A", currents_A))
    names = ("dwell_P_s", "dwell_AP_s")
    times = [np.atleast_1d(floats(*each)) for each in zip(names, dwells, strict=True)]
    if currents.ndim != 1 or any(t.shape != currents.shape for t in times):
        raise ValueError(
            f"currents_A, dwell_P_s and dwell_AP_s must have one length, got {currents.shape}, "
            f"{times[0].shape}, {times[1].shape}"
        )
    both = np.stack(times)
    if not (np.isfinite(currents).all() and np.isfinite(both).all() and (both > 0).all()):
        raise ValueError("dwell times must be > 0 s and currents finite; leave out what is not")
    counts = np.ones(1) if num_dwells is None else floats("num_dwells", num_dwells)
    if not (counts >= 1).all():
        raise ArgumentError("num_dwells", "must be >= 1", counts.min(), got=f"{counts.min():g}")
    if counts.shape not in ((), (1,), currents.shape):
        raise ArgumentError(
            "num_dwells",
            f"must be one number, or one a current, {currents.size}",
            got=f"shape {counts.shape}",
        )
    return currents, np.log(both), np.sqrt(np.broadcast_to(counts, currents.shape))


@dataclass(frozen=True, eq=False)
class _Fitted(ByValue):
    """A model with the unit of its currents in A, and whether the errors of its data are known."""

    model: DwellModel
    unit: float
    known: bool

    def result(self, others: Any) -> JunctionFit:
        found = self.model.fitted()
        freedom = self.model.logs.size - self.model.size
        squares = 2 * float(found.cost)
        judged = agreement(squares, freedom, known=self.known)
        spread = judged.scale if self.known else math.sqrt(squares / freedom)
        errors = spread * standard_errors(found.jac)
        junction = self._junction(found.x, errors, others)
        known = {
            "tau_s": float(errors[0]),
            "pbit_gain_per_A": float(errors[1] / found.x[1]),
            "offset": float(errors[2] * self.model.exponent),
        }
        if self.model.size == 4:
            known["barrier"] = float(errors[3])
        judged = judged.with_findings(self._findings(found, freedom))
        return JunctionFit(**vars(judged), junction=junction, errors=known)

    def _junction(self, p: FloatArray, errors: FloatArray, others: Any) -> Junction:
        log_tau, slope, shift = map(float, p[:3])
        barrier = self.model.barrier(p)
        if barrier <= 0 or slope <= 0:
            raise ValueError(
                f"no junction fits: barrier {barrier:.3g} kT and {slope:.3g} kT at {self.unit:g} "
                "A; dwell times in P must rise and those in AP must fall with the current, and "
                "the attempt frequency must be above 1 / dwell time"
            )
        if slope < _TOLD * errors[1] or not math.isfinite(self._gain(slope)):
            raise ValueError(
                f"the data do not determine the gain, {slope:.3g} +- {errors[1]:.2g} kT at "
                f"{self.unit:g} A; measure at larger currents, or more dwells"
            )
        return Junction(
            barrier,
            attempt_frequency_Hz=math.exp(barrier - log_tau),
            critical_current_A=barrier * self.unit / slope,
            asymmetry=shift / barrier,
            barrier_exponent=self.model.exponent,
            **others,
        )

    def _gain(self, slope: float, exponent: float | None = None) -> float:
        """Of the p-bit per ampere."""
        return (self.model.exponent if exponent is None else exponent) * slope / self.unit

    def _findings(self, found: Any, freedom: int) -> Iterator[Finding]:
        """Sets of departures of which none can be left out, unless a larger one tells more."""
        fits = self._extended(found, freedom)
        told = [causes for causes in fits if causes and self._tells(fits, causes, freedom)]
        for causes in told:
            if not any(set(causes) < set(others) for others in told):
                significance = self._chance(fits, (), causes, freedom)
                yield self._finding(causes, fits[causes], freedom - len(causes), significance)

    def _extended(self, found: Any, freedom: int) -> dict[Causes, Any]:
        """The law and its extensions that leave a degree of freedom, from the fewest causes on."""
        fits: dict[Causes, Any] = {(): found}
        for causes in _SETS:
            if freedom <= len(causes):
                break
            # What three tell, two of them tell already, against the law.
            useful = len(causes) < 3 or any(
                self._chance(fits, (), two, freedom) < ALPHA for two in _one_less(causes)
            )
            if useful:
                near = min(_one_less(causes), key=lambda fewer: float(fits[fewer].cost))
                x = fits[near].x
                strengths = self.model.strengths(near, x)
                fits[causes] = self.model.extended(causes, x[: self.model.size], strengths)
        return fits

    def _tells(self, fits: dict[Causes, Any], causes: Causes, freedom: int) -> bool:
        """Whether the data are described much better than by the law, and than with one less."""
        without = ((), *_one_less(causes))
        chances = [self._chance(fits, fewer, causes, freedom) for fewer in without]
        return max(chances) < ALPHA / len(_SETS)

    def _chance(
        self, fits: dict[Causes, Any], fewer: Causes, causes: Causes, freedom: int
    ) -> float:
        squares, lower = (2 * float(fits[each].cost) for each in (fewer, causes))
        more, left = len(causes) - len(fewer), freedom - len(causes)
        return chance(squares, lower, more=more, freedom=left, known=self.known)

    def _finding(self, causes: Causes, found: Any, freedom: int, significance: float) -> Finding:
        squares = 2 * float(found.cost)
        spread = math.sqrt(squares / freedom)
        errors = standard_errors(found.jac)
        errors *= max(1.0, spread) if self.known else spread
        strengths = self.model.strengths(causes, found.x)
        by_cause = dict(zip(causes, map(float, errors[self.model.size :]), strict=True))
        values = {
            **strengths,
            **{_error_of(cause, causes): error for cause, error in by_cause.items()},
            "tau_s": math.exp(float(found.x[0])),
            "tau_error": float(errors[0]),
            "pbit_gain_per_A": self._gain(float(found.x[1]), strengths.get("exponent")),
        }
        told = (_words(cause, strengths[cause], by_cause[cause], self.unit) for cause in causes)
        return Finding(
            cause=" and ".join(causes),
            shape=" and ".join(_SHAPES[cause] for cause in causes),
            words=" and ".join(told),
            values=values,
            chi_square=squares if self.known else math.nan,
            p_value=tail(squares, freedom) if self.known else math.nan,
            significance=significance,
        )


def _one_less(causes: Causes) -> list[Causes]:
    return list(combinations(causes, len(causes) - 1))


def _error_of(cause: str, causes: Causes) -> str:
    """What the error of a strength is called."""
    return "error" if len(causes) == 1 else f"{cause}_error"


def _words(cause: str, strength: float, error: float, unit: float) -> str:
    if cause == "heating":
        return f"heating by {100 * strength:.3g} +- {100 * error:.2g} % at {unit:g} A"
    if cause == "voltage":
        what = f"a barrier changed by {-strength:+.3g} +- {error:.2g} kT at {unit:g} A"
        return f"{what}, as by its voltage (VCMA)"
    return f"a barrier exponent of {strength:.3g} +- {error:.2g}"
