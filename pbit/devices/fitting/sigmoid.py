r"""A p-bit from its measured sigmoid: mean state against voltage, with noise, rising or falling.

The law is :math:`m(V) = \tanh((V - V_{50}) / V_0)`, :math:`P(V) = \sigma(2 (V - V_{50}) / V_0)`:
V50 where both states are as frequent, V0 the voltage that one unit of a p-bit's input is worth,
below 0 where the mean falls. Numbers of samples make it logistic regression; errors of the means or
nothing at all, least squares. Departures that are looked for: plateaus inside of -1 and 1, a curve
that is steeper on one side of V50, tails steeper or flatter than those of a tanh.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.optimize import least_squares

from pbit.by_value import ByValue
from pbit.checks import ArgumentError, floats
from pbit.devices.fitting.agreement import ALPHA, Agreement, Finding, agreement, chance, tail
from pbit.devices.fitting.standard_errors import standard_errors
from pbit.devices.mtj import FloatArray

_ROUNDS = 20  # of weights that follow the fit
_LEAST_EXPECTED = (
    5.0  # samples of either state that a point has, or its neighbours are joined to it
)
_TOLD = 3.0  # standard errors that 1 / V0 must be away from 0
_SHAPES = {
    "plateaus": "the curve ends inside of -1 and 1",
    "lopsided": "even around V50: steeper on one side",
    "tails": "odd around V50: other tails than those of a tanh",
}
_PARAMETERS = {"plateaus": 2, "lopsided": 1, "tails": 1}


@dataclass(frozen=True)
class SigmoidFit(Agreement):
    """A sigmoid, how well it is known, and whether its law holds.

    Parameters
    ----------
    V0_V, V50_V : float
        Volts of one unit of the input, below 0 for a falling curve; volts at which the mean is 0.
    errors : dict of float
        Standard errors of ``V0_V`` and ``V50_V``, with ``scale`` in them.
    chi_square, degrees_of_freedom, p_value, scale, findings
        See :class:`pbit.devices.fitting.agreement.Agreement`; the causes are "plateaus",
        "lopsided" and "tails".
    """

    V0_V: float
    V50_V: float
    errors: dict[str, float]

    def for_chip(self) -> SigmoidFit:
        """The same, with a warning where the fit does not hold."""
        self.warn_if_not("a sigmoid of this kind")
        return self

    def mean(self, voltage_V: npt.ArrayLike) -> FloatArray:
        """Mean state at a voltage; shape of ``voltage_V``."""
        return np.tanh((np.asarray(voltage_V, dtype=np.float64) - self.V50_V) / self.V0_V)


def fit_sigmoid(
    voltage_V: npt.ArrayLike,
    mean: npt.ArrayLike,
    *,
    num_samples: npt.ArrayLike | None = None,
    mean_error: npt.ArrayLike | None = None,
) -> SigmoidFit:
    r"""Sigmoid that comes closest to measured means.

    Parameters
    ----------
    voltage_V : float64, shape (m,)
        At least three different ones.
    mean : float64, shape (m,)
        Mean states; of probabilities P, 2 P - 1. From -1 to 1 but for the noise of ``mean_error``.
    num_samples : float64, shape (m,) or scalar, optional
        Independent samples behind each mean: fewer where they follow one another too fast.
    mean_error : float64, shape (m,) or scalar, optional
        Standard errors, in place of ``num_samples``. With neither, errors come from the residuals.

    Returns
    -------
    SigmoidFit

    Raises
    ------
    ValueError
        Lengths that differ, too few voltages, no numbers, means that no samples have, errors not
        > 0, data that do not determine V0.

    References
    ----------
    Logistic regression: McCullagh, Nelder, Generalized linear models, 2nd ed. (1989), ch. 4.

    Examples
    --------
    >>> voltages = np.linspace(0.3, 0.6, 7)
    >>> fit = fit_sigmoid(voltages, np.tanh((voltages - 0.45) / 0.05), num_samples=1000)
    >>> round(fit.V0_V, 6), round(fit.V50_V, 6)
    (0.05, 0.45)
    """
    if num_samples is not None and mean_error is not None:
        raise ValueError("num_samples and mean_error exclude each other: give one of them")
    data = _data(voltage_V, mean, num_samples, mean_error)
    return _fit(data)


@dataclass(frozen=True, eq=False)
class _Data(ByValue):
    """Voltages as z = (V - middle) / width, means, and what is known of their errors."""

    z: FloatArray
    mean: FloatArray
    counts: FloatArray | None
    errors: FloatArray | None
    middle: float
    width: float

    @property
    def known(self) -> bool:
        return self.counts is not None or self.errors is not None

    def deviations(self, law: FloatArray) -> FloatArray:
        """Standard deviations of the means under a law; ones where nothing is known."""
        if self.counts is not None:
            return np.sqrt(np.maximum(1 - law**2, 1e-12) / self.counts)
        return np.ones_like(self.mean) if self.errors is None else self.errors


def _data(
    voltage: npt.ArrayLike,
    mean: npt.ArrayLike,
    num_samples: npt.ArrayLike | None,
    mean_error: npt.ArrayLike | None,
) -> _Data:
    V, m = np.atleast_1d(floats("voltage_V", voltage)), np.atleast_1d(floats("mean", mean))
    if V.ndim != 1 or V.shape != m.shape:
        raise ValueError(f"voltage_V and mean must have one length, got {V.shape} and {m.shape}")
    if not (np.isfinite(V).all() and np.isfinite(m).all()):
        raise ValueError("voltages and means must be finite; leave out what is not")
    if np.unique(V).size < 3:
        raise ArgumentError("voltage_V", "must have at least 3 different values")
    for name, x in (("num_samples", num_samples), ("mean_error", mean_error)):
        if x is not None and floats(name, x).shape not in ((), (1,), V.shape):
            rule = f"must be one number, or one a voltage, {V.size}"
            raise ArgumentError(name, rule, got=f"shape {np.shape(x)}")
    counts, errors = (
        None if x is None else np.broadcast_to(np.asarray(x, dtype=np.float64), V.shape)
        for x in (num_samples, mean_error)
    )
    for name, given, least in (("num_samples", counts, 1.0), ("mean_error", errors, 0.0)):
        if given is not None and not ((given >= least) & (given > 0) & np.isfinite(given)).all():
            rule = "must be >= 1" if least else "must be > 0"
            raise ArgumentError(name, rule, got=f"{given.min():g}")
    if errors is None and np.abs(m).max() > 1 and counts is not None:
        raise ArgumentError("mean", "must be from -1 to 1", got=f"{m[np.abs(m).argmax()]:g}")
    order = np.argsort(V, kind="stable")
    middle, width = (V.max() + V.min()) / 2, (V.max() - V.min()) / 2
    return _Data(
        (V[order] - middle) / width,
        m[order],
        None if counts is None else counts[order],
        None if errors is None else errors[order],
        float(middle),
        float(width),
    )


def _law(z: FloatArray, p: FloatArray, cause: str = "") -> FloatArray:
    """Means under slope p[0] and crossing p[1], and what a departure adds."""
    x = p[0] * (z - p[1])
    if cause == "lopsided":
        x = x + p[2] * x**2 / (1 + np.abs(x))
    if cause == "tails":
        x = x * np.exp(p[2] * (np.minimum(np.abs(x), 4.0) - 1))
    mean = np.tanh(x)
    if cause == "plateaus":
        mean = p[2] + p[3] * mean
    return np.asarray(mean)


def _found(data: _Data, start: list[float], cause: str = "") -> tuple[Any, FloatArray, FloatArray]:
    """What ``least_squares`` finds with weights that follow the law, the law, its deviations."""
    sigma = data.deviations(np.clip(data.mean, -0.9, 0.9))
    for _ in range(_ROUNDS):
        found = least_squares(
            lambda p, sigma=sigma: (_law(data.z, p, cause) - data.mean) / sigma,
            start,
            x_scale="jac",
        )
        law = _law(data.z, found.x, cause)
        if data.counts is None:
            break
        moved = np.abs(np.asarray(start) - found.x).max()
        start, sigma = list(found.x), data.deviations(law)
        if moved < 1e-6 * (1 + np.abs(found.x).max()):
            break
    return found, law, sigma


def _squares(data: _Data, law: FloatArray, sigma: FloatArray) -> tuple[float, int]:
    """Chi-square and its number of terms: points with few samples of a state joined to the next."""
    residuals = (data.mean - law) / sigma
    if data.counts is None:
        return float(residuals @ residuals), residuals.size
    excess = data.counts * (data.mean - law) / 2
    spread = data.counts * (1 - law**2) / 4
    terms: list[list[float]] = [[0.0, 0.0]]
    for more, width in zip(excess, spread, strict=True):
        if terms[-1][1] >= _LEAST_EXPECTED:
            terms.append([0.0, 0.0])
        terms[-1][0] += float(more)
        terms[-1][1] += float(width)
    if terms[-1][1] < _LEAST_EXPECTED and len(terms) > 1:
        last = terms.pop()
        terms[-1] = [terms[-1][0] + last[0], terms[-1][1] + last[1]]
    return sum(e * e / max(w, 1e-300) for e, w in terms), len(terms)


def _start(data: _Data) -> list[float]:
    """Slope and crossing of a line through atanh of the means, the flat ends left out."""
    x = np.arctanh(np.clip(data.mean, -0.95, 0.95))
    inner = np.abs(data.mean) < 0.95
    slope, shift = np.polyfit(data.z[inner], x[inner], 1) if inner.sum() > 1 else np.polyfit(
        data.z, x, 1
    )  # fmt: skip
    slope = slope if abs(slope) > 1e-3 else 1e-3
    return [float(slope), float(np.clip(-shift / slope, -1, 1))]


def _fit(data: _Data) -> SigmoidFit:
    found, law, sigma = _found(data, _start(data))
    squares, terms = _squares(data, law, sigma)
    freedom = terms - 2
    judged = agreement(squares, freedom, known=data.known)
    slope, crossing = map(float, found.x)
    own = float(((data.mean - law) ** 2).sum())
    spread = judged.scale if data.known else math.sqrt(own / freedom) if freedom > 0 else math.inf
    errors = spread * standard_errors(found.jac)
    steepest = 2 / float(np.diff(np.unique(data.z)).max())
    if not abs(slope) > _TOLD * errors[0] or abs(crossing) > 1.5 or abs(slope) > 20 * steepest:
        raise ValueError(
            f"the data do not determine V0 and V50: slope {slope / data.width:.3g} +- "
            f"{errors[0] / data.width:.2g} per V; measure on both sides of the crossing, some "
            "points in between, or more samples"
        )
    V0 = data.width / slope
    known = {
        "V0_V": float(abs(V0) * errors[0] / abs(slope)),
        "V50_V": float(data.width * errors[1]),
    }
    judged = judged.with_findings(_findings(data, found.x, squares))
    return SigmoidFit(
        **vars(judged), V0_V=V0, V50_V=data.middle + data.width * crossing, errors=known
    )


def _findings(data: _Data, p: FloatArray, squares: float) -> Iterator[Finding]:
    for cause, more in _PARAMETERS.items():
        start = [*p, 0.0, 1.0] if cause == "plateaus" else [*p, 0.0]
        found, law, sigma = _found(data, start, cause)
        lower, terms = _squares(data, law, sigma)
        freedom = terms - 2 - more
        significance = chance(squares, lower, more=more, freedom=freedom, known=data.known)
        if significance < ALPHA / len(_SHAPES):
            yield Finding(
                cause=cause,
                shape=_SHAPES[cause],
                words=_words(cause, found.x),
                values={cause: float(found.x[2])},
                chi_square=lower if data.known else math.nan,
                p_value=tail(lower, freedom) if data.known else math.nan,
                significance=significance,
            )


def _words(cause: str, p: FloatArray) -> str:
    if cause == "plateaus":
        low, high = sorted((p[2] - p[3], p[2] + p[3]))
        return f"means from {low:.3g} to {high:.3g}"
    if cause == "lopsided":
        return f"V0 different on both sides of V50, by {abs(2 * p[2]):.2g}"
    return f"tails {'steeper' if p[2] > 0 else 'flatter'} than those of a tanh"
