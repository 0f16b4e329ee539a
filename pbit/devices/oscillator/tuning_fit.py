r"""An oscillator from what was measured of it against current: frequency, power, linewidth.

The laws are those of :class:`~pbit.devices.oscillator.AutoOscillator`:
:math:`f = f_0 + N p_0`, :math:`P = V_0^2 p_0 / 2 R` and :math:`w = (D_n / p_0)(1 + \nu^2)`, with
:math:`p_0 = (I - I_{th}) / (I + Q I_{th})` and :math:`\nu = (N / \Gamma_G) / (I / I_{th} + Q)`.
Frequencies alone tell three numbers, of the four that they depend on: powers or a known threshold
tell the rest; and only linewidths tell the damping, by how the line narrows, and the noise.
Starting values come from a grid of :math:`I_{th}` and Q, where all others are linear.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from pbit.by_value import ByValue
from pbit.checks import ArgumentError, floats
from pbit.devices.fitting.agreement import Agreement, agreement
from pbit.devices.fitting.standard_errors import standard_errors
from pbit.devices.oscillator.auto_oscillator import AutoOscillator
from pbit.devices.oscillator.linewidth import linewidth_Hz as law_of_linewidth
from pbit.devices.oscillator.source import emitted_power_W
from pbit.devices.quantities import number

FloatArray = npt.NDArray[np.float64]

_ROUNDS = 50  # at most, of scatters that follow the fit
_SETTLED = 1e-6  # of a scatter that no more follows
_EXACT = {"jac": "3-point", "ftol": 1e-12, "xtol": 1e-12, "gtol": 1e-12, "x_scale": "jac"}
_LEAST_CURRENTS = 4
_TOLD = {"threshold_A": 2.0, "damping_Hz": 4.0}  # standard errors that they are away from 0;
# the damping goes by the root of what is fitted, so that 4 of its own are 2 of that
_Q = (-0.999, 50.0)


@dataclass(frozen=True)
class TuningFit(Agreement):
    """An oscillator, how well it is known, and whether its laws hold.

    Parameters
    ----------
    oscillator : AutoOscillator
    errors : dict of float
        Standard errors of its fields, with ``scale`` in them, but of those that were given and
        those that nothing tells: ``noise_Hz`` without linewidths, ``signal_V`` without powers.
    chi_square, degrees_of_freedom, p_value, scale, findings
        See :class:`pbit.devices.fitting.agreement.Agreement`; chi-square needs errors of all
        columns.
    """

    oscillator: AutoOscillator
    errors: dict[str, float]


def fit_oscillator(
    current_A: npt.ArrayLike,
    frequency_Hz: npt.ArrayLike,
    *,
    power_W: npt.ArrayLike | None = None,
    linewidth_Hz: npt.ArrayLike | None = None,
    errors: Mapping[str, npt.ArrayLike] | None = None,
    threshold_A: float | None = None,
    damping_Hz: float | None = None,
    load_ohm: float = 50.0,
) -> TuningFit:
    r"""Oscillator that comes closest to a measured tuning curve.

    Parameters
    ----------
    current_A : float64, shape (m,)
        At which it oscillates, at least four different ones, > 0.
    frequency_Hz : float64, shape (m,)
    power_W : float64, shape (m,), optional
        Emitted into the load; wanted unless ``threshold_A`` is given.
    linewidth_Hz : float64, shape (m,), optional
        Full widths at half maximum; wanted unless ``damping_Hz`` is given.
    errors : mapping of str to float64, shape (m,) or scalar, optional
        Standard errors of "frequency_Hz", "power_W", "linewidth_Hz". Of a column without, its
        scatter around the law is taken, in proportion to powers and linewidths.
    threshold_A, damping_Hz : float, optional
        What is known otherwise.
    load_ohm : float

    Returns
    -------
    TuningFit

    Raises
    ------
    ValueError, TypeError
        Columns of different lengths, too few currents, numbers that no oscillator has, nothing
        that tells the threshold or the damping, data that do not determine them.

    Examples
    --------
    >>> from pbit.devices.oscillator import emitted_power_W, linewidth_Hz
    >>> true = AutoOscillator(frequency_Hz=3e8, damping_Hz=4e5, shift_Hz=2e6, noise_Hz=4e3,
    ...                       threshold_A=3e-3, signal_V=0.02)
    >>> currents = np.linspace(3.3e-3, 9e-3, 12)
    >>> found = fit_oscillator(currents, true.frequency_at_Hz(currents),
    ...     power_W=emitted_power_W(true, currents), linewidth_Hz=linewidth_Hz(true, currents))
    >>> f"{found.oscillator.threshold_A:.6f} A, {found.oscillator.damping_Hz:.5g} Hz"
    '0.003000 A, 4e+05 Hz'
    """
    columns = {"frequency_Hz": frequency_Hz, "power_W": power_W, "linewidth_Hz": linewidth_Hz}
    known = {"threshold_A": threshold_A, "damping_Hz": damping_Hz}
    number("load_ohm", load_ohm, (">", 0.0), remedy="50 ohm is usual")
    data = _data(current_A, columns, errors or {}, known, load_ohm)
    return _fit(data)


@dataclass(frozen=True, eq=False)
class _Data(ByValue):
    """The columns that there are, and standard errors of those that have some."""

    current: FloatArray
    columns: dict[str, FloatArray]
    errors: dict[str, FloatArray]
    known: dict[str, float]
    load: float

    @property
    def names(self) -> list[str]:
        """What is fitted, in the order of the parameters."""
        fitted = ["frequency_Hz", "shift_Hz", "threshold_A", "nonlinear_damping"]
        fitted += ["damping_Hz", "noise_Hz"] if "linewidth_Hz" in self.columns else []
        fitted += ["signal_V"] if "power_W" in self.columns else []
        return [name for name in fitted if name not in self.known]

    def oscillator(self, x: FloatArray) -> AutoOscillator:
        values = {"damping_Hz": 1.0} | dict(zip(self.names, x.tolist(), strict=True)) | self.known
        return AutoOscillator(**values)


def _data(
    current_A: npt.ArrayLike,
    columns: Mapping[str, npt.ArrayLike | None],
    errors: Mapping[str, npt.ArrayLike],
    known: Mapping[str, float | None],
    load: float,
) -> _Data:
    current = _column("current_A", current_A, None)
    given = {k: _column(k, v, current.size) for k, v in columns.items() if v is not None}
    unknown = [name for name in errors if name not in given]
    if unknown:
        raise ArgumentError("errors", f"must be of {', '.join(given)}", unknown[0])
    told = {k: _column(f"errors[{k!r}]", v, current.size) for k, v in errors.items()}
    fixed = {k: number(k, v, (">", 0.0), remedy="or leave it out") for k, v in known.items()
             if v is not None}  # fmt: skip
    for column, name in (("power_W", "threshold_A"), ("linewidth_Hz", "damping_Hz")):
        if column not in given and name not in fixed:
            raise ArgumentError(
                name, f"must be given without {column}", got="None", remedy="nothing else tells it"
            )
    if np.unique(current).size < _LEAST_CURRENTS:
        raise ArgumentError("current_A", f"must have at least {_LEAST_CURRENTS} different values")
    if "threshold_A" in fixed and fixed["threshold_A"] >= current.min():
        raise ArgumentError(
            "threshold_A",
            f"must be below all currents, < {current.min():g}",
            fixed["threshold_A"],
            remedy="leave out what was measured below it",
        )
    return _Data(current, given, told, fixed, load)


def _column(name: str, values: Any, size: int | None) -> FloatArray:
    numbers = np.atleast_1d(floats(name, values))
    if name.startswith("errors") and size and numbers.shape == (1,):
        numbers = np.repeat(numbers, size)
    if numbers.ndim != 1 or (size is not None and numbers.size != size):
        rule = "must be one row of numbers" if size is None else f"must be {size}, one a current"
        raise ArgumentError(name, rule, got=f"shape {numbers.shape}")
    wrong = ~(np.isfinite(numbers) & (numbers > 0))
    if wrong.any():
        raise ArgumentError(
            name,
            "must be finite and > 0",
            got=f"{numbers[wrong][0]:g}",
            remedy="leave out rows where it does not oscillate",
        )
    return numbers


def _laws(oscillator: AutoOscillator, data: _Data) -> dict[str, FloatArray]:
    """What the laws say of every column."""
    laws = {"frequency_Hz": oscillator.frequency_at_Hz(data.current)}
    if "power_W" in data.columns:
        laws["power_W"] = emitted_power_W(oscillator, data.current, load_ohm=data.load)
    if "linewidth_Hz" in data.columns:
        laws["linewidth_Hz"] = law_of_linewidth(oscillator, data.current)
    return laws


def _residuals(oscillator: AutoOscillator, data: _Data) -> dict[str, FloatArray]:
    """In standard errors where there are some, else in hertz and, of the others, logarithms."""
    found = {}
    for name, law in _laws(oscillator, data).items():
        value = data.columns[name]
        if name in data.errors:
            found[name] = (value - law) / data.errors[name]
        else:
            found[name] = value - law if name == "frequency_Hz" else np.log(value / law)
    return found


def _start(data: _Data) -> FloatArray:
    """Parameters by the best point of a grid, all but two linear."""
    least = float(data.current.min())
    shares = 1 - np.geomspace(1e-3, 1.0, 24, endpoint=False)
    thresholds = [data.known["threshold_A"]] if "threshold_A" in data.known else least * shares
    best: tuple[float, dict[str, float]] = (math.inf, {})
    for threshold in thresholds:
        for q in np.concatenate([np.linspace(-0.9, 3, 16), np.geomspace(3.5, 40, 8)]):
            best = min(best, _linear(data, float(threshold), float(q)), key=_misfit)
    values = best[1]
    return np.array([values[name] for name in data.names])


def _misfit(found: tuple[float, dict[str, float]]) -> float:
    return found[0]


def _linear(data: _Data, threshold: float, q: float) -> tuple[float, dict[str, float]]:
    """Misfit and parameters with this threshold and Q."""
    f, zeta = data.columns["frequency_Hz"], data.current / threshold
    p = (zeta - 1) / (zeta + q)
    # Two columns, as numpy's own least squares are slow for so little.
    slope = float(np.cov(p, f)[0, 1] / max(p.var(ddof=1), 1e-300))
    base = float(f.mean() - slope * p.mean())
    misfit = float(((f - base - slope * p) ** 2).sum() / max(((f - f.mean()) ** 2).sum(), 1e-300))
    values = {"frequency_Hz": max(base, 1.0), "shift_Hz": slope}
    values |= {"threshold_A": threshold, "nonlinear_damping": q}
    if "power_W" in data.columns:
        gain = np.log(data.columns["power_W"] / p)
        misfit += float(gain.var() / max(np.log(data.columns["power_W"]).var(), 1e-300))
        values["signal_V"] = math.sqrt(2 * data.load * math.exp(gain.mean()))
    if "linewidth_Hz" in data.columns:
        narrow, steep = np.polyfit((zeta + q) ** -2.0, data.columns["linewidth_Hz"] * p, 1)[::-1]
        noise = max(float(narrow), 1e-3 * float((data.columns["linewidth_Hz"] * p).min()))
        ratio = math.sqrt(max(float(steep) / noise, 1e-6))
        law = noise * (1 + (ratio / (zeta + q)) ** 2) / p
        scatter = np.log(data.columns["linewidth_Hz"] / law)
        spread = max(np.log(data.columns["linewidth_Hz"]).var(), 1e-300)
        misfit += float((scatter**2).mean() / spread)
        values |= {"noise_Hz": noise, "damping_Hz": max(abs(slope) / ratio, 1e-3)}
    return misfit, values


def _fit(data: _Data) -> TuningFit:
    from scipy.optimize import least_squares

    start = _start(data)
    scale = np.maximum(np.abs(start), 1e-12)
    if "nonlinear_damping" in data.names:
        scale[data.names.index("nonlinear_damping")] = 1.0
    low, high = _bounds(data, scale)
    scatter = {
        name: float(np.sqrt((r**2).mean())) or 1e-12
        for name, r in _residuals(data.oscillator(start), data).items()
        if name not in data.errors
    }
    x = start / scale  # inside the bounds, as the grid is

    def residuals(x: FloatArray) -> FloatArray:
        found = _residuals(data.oscillator(x * scale), data)
        return np.concatenate([r / scatter.get(name, 1.0) for name, r in found.items()])

    size = sum(map(len, data.columns.values()))
    freedom = size - x.size
    for _ in range(_ROUNDS):  # one where no column scatters
        found = least_squares(residuals, x, bounds=(low, high), **_EXACT)
        x = found.x
        own = _residuals(data.oscillator(x * scale), data)
        share = math.sqrt(size / freedom) if freedom > 0 else math.inf
        before = dict(scatter)
        scatter |= {k: max(share * float(np.sqrt((own[k] ** 2).mean())), _tiny(data, k))
                    for k in scatter}  # fmt: skip
        if all(math.isclose(scatter[k], before[k], rel_tol=_SETTLED) for k in scatter):
            break
    found = least_squares(residuals, x, bounds=(low, high), **_EXACT)
    judged = agreement(float(2 * found.cost), freedom, known=not scatter)
    errors = dict(zip(data.names, (standard_errors(found.jac) * scale).tolist(), strict=True))
    oscillator = data.oscillator(found.x * scale)
    _check_told(oscillator, errors)
    told = {name: judged.scale * error for name, error in errors.items()}
    return TuningFit(**vars(judged), oscillator=oscillator, errors=told)


def _tiny(data: _Data, name: str) -> float:
    """Rounding of exact data."""
    return 1e-12 * (float(data.columns[name].mean()) if name == "frequency_Hz" else 1.0)


def _bounds(data: _Data, scale: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Of the parameters over their scales."""
    limits = {
        "shift_Hz": (-math.inf, math.inf),
        "threshold_A": (0.0, float(data.current.min())),
        "nonlinear_damping": _Q,
    }
    pairs = np.array([limits.get(name, (0.0, math.inf)) for name in data.names])
    low, high = (pairs / scale[:, None]).T
    return low, high


def _check_told(oscillator: AutoOscillator, errors: Mapping[str, float]) -> None:
    for name, least in _TOLD.items():
        value, error = getattr(oscillator, name), errors.get(name, 0.0)
        if not value > least * error:
            raise ValueError(
                f"the data do not determine {name}: {value:.3g} +- {error:.2g}; measure nearer to "
                f"the threshold and further above it, or give {name}"
            )
