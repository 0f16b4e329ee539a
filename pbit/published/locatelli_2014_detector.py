"""A spin-torque diode as a detector of microwaves: its sensitivity, read off a noisy sweep."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from scipy.optimize import curve_fit

from pbit.devices.oscillator import AutoOscillator, Rectifier, SpinTorqueDiode
from pbit.published.experiment import Bound, Experiment, Measured, Size

_JUNCTION = Rectifier(
    oscillator=AutoOscillator(
        frequency_Hz=5e9, damping_Hz=1e8, shift_Hz=-2e9, nonlinear_damping=1.0, threshold_A=1e-3
    ),
    phase_rad=0.4,
)
_BIASES = (0.0, 0.25, 0.5, 0.75, 0.9)  # direct currents over the threshold
_POWERS_W = np.logspace(-8, -3, 26)
_SMALL_W, _LARGE_W = 2e-8, 2e-6
_NOISE = 0.02  # of the largest voltage of a sweep
_POINTS: dict[Size, int] = {"small": 101, "default": 401, "full": 2001}
_SPAN = 8.0  # of a sweep, half widths to either side
_LOST = 0.1


def run(seed: int, size: Size, data: Path | None, *, bias: float = 0.75) -> Measured:
    """Sensitivity with a direct current and without, and where small powers end."""
    generator = np.random.default_rng(seed)
    sweeps = [_Sweep(each, _POINTS[size], generator) for each in _BIASES]
    shown, cold = _Sweep(bias, _POINTS[size], generator), sweeps[0]
    diode, fitted = _diode(bias), shown.fitted()
    resonance = _resonance_V(bias) / _POWERS_W
    kept = resonance / resonance[0]
    return Measured(
        value=fitted.sensitivity_V_W,
        baseline=cold.fitted().sensitivity_V_W,
        details={
            "closed form": diode.sensitivity_V_W,
            "half width, MHz": fitted.linewidth_Hz / 1e6,
            "half width, closed form": diode.linewidth_Hz / 1e6,
            "phase, rad": fitted.phase_rad,
            "off the closed form, of the most": _off(bias, _SMALL_W),
            "the same at 2 uW": _off(bias, _LARGE_W),
            "sensitivity over closed form": fitted.sensitivity_V_W / diode.sensitivity_V_W,
            "power at which a tenth is lost, uW": 1e6
            * float(np.interp(_LOST, 1 - kept, _POWERS_W)),
            "the same by saturation, uW": 1e6 * diode.saturation_W * _LOST / (1 - _LOST),
            "largest voltage at 2 uW, uV": 1e6 * float(_line_V(bias, _LARGE_W)[1].max()),
        },
        note=f"a round junction of 1 mA of threshold and 100 MHz, under {bias:g} of that current; "
        f"sweeps of {_POINTS[size]} frequencies at {_SMALL_W * 1e6:g} uW by the oscillator's "
        f"equation, with noise of {_NOISE:g} of the most, fitted; all power gets in: the number is "
        "what the junction is assumed to be, its dependence on the current is what is measured",
        curves={
            "sensitivities": np.array([each.fitted().sensitivity_V_W for each in sweeps]),
            "frequencies": shown.frequencies_Hz,
            "voltages": shown.voltages_V,
            "small": diode.voltage_V(_SMALL_W, shown.frequencies_Hz - 5e9),
            "large": _line_V(bias, _LARGE_W, _POINTS[size])[1],
        },
    )


class _Sweep:
    """Voltages at one small power over frequencies, with noise."""

    def __init__(self, bias: float, points: int, generator: np.random.Generator) -> None:
        self.frequencies_Hz, voltages = _line_V(bias, _SMALL_W, points)
        noise = _NOISE * np.abs(voltages).max() * generator.standard_normal(points)
        self.voltages_V = voltages + noise

    def fitted(self) -> SpinTorqueDiode:
        """The diode whose line is nearest; the resonance is fitted, too."""
        span = float(np.ptp(self.frequencies_Hz))

        def line(x: Any, even: float, odd: float, middle: float, width: float) -> Any:
            away = (x - middle) / width
            return (even + odd * away) / (1 + away**2)

        units = (self.frequencies_Hz - 5e9) / span, self.voltages_V / self.voltages_V.max()
        (even, odd, _, width), _ = curve_fit(line, *units, p0=(1.0, 0.0, 0.0, 0.05))
        return SpinTorqueDiode(
            linewidth_Hz=abs(width) * span,
            sensitivity_V_W=float(np.hypot(even, odd)) * self.voltages_V.max() / _SMALL_W,
            phase_rad=float(np.arctan2(odd * np.sign(width), even)),
        )


def _diode(bias: float) -> SpinTorqueDiode:
    return _JUNCTION.diode(bias * _JUNCTION.oscillator.threshold_A)


def _line_V(bias: float, power_W: float, points: int = 401) -> tuple[Any, Any]:
    """Frequencies and the voltages at them, by the oscillator's equation."""
    width = _diode(bias).linewidth_Hz
    frequencies = 5e9 + width * np.linspace(-_SPAN, _SPAN, points)
    current = bias * _JUNCTION.oscillator.threshold_A
    return frequencies, _JUNCTION.voltage_V(power_W, frequencies, current_A=current)


def _resonance_V(bias: float) -> Any:
    """The largest voltage over frequencies, at each power."""
    return np.array([_line_V(bias, each)[1].max() for each in _POWERS_W])


def _off(bias: float, power_W: float) -> float:
    """Largest difference from the closed form of small powers, over the largest voltage."""
    frequencies, voltages = _line_V(bias, power_W)
    wanted = _diode(bias).voltage_V(power_W, frequencies - 5e9)
    return float(np.abs(voltages - wanted).max() / np.abs(wanted).max())


def plot(results: Sequence[Measured], axes: Any) -> None:
    """A sweep with its closed form, and sensitivities against the direct current."""
    curves = results[0].curves
    away = (curves["frequencies"] - 5e9) / 1e6
    axes.plot(away, curves["voltages"] / _SMALL_W, ".", ms=3, label="0.02 uW, with noise")
    axes.plot(away, curves["small"] / _SMALL_W, "k-", lw=0.8, label="closed form")
    axes.plot(away, curves["large"] / _LARGE_W, "C3-", lw=1.2, label="2 uW")
    axes.set(xlabel="frequency - 5 GHz / MHz", ylabel="voltage over power / mV/mW")
    axes.legend(fontsize=8, loc="upper right")
    inset = axes.inset_axes((0.1, 0.55, 0.28, 0.38))
    inset.semilogy(_BIASES, curves["sensitivities"], "o", ms=3)
    shares = np.linspace(0, 0.92, 100)
    inset.semilogy(shares, [_diode(float(each)).sensitivity_V_W for each in shares], "k-", lw=0.8)
    inset.axhline(500.0, color="C3", lw=0.8, ls="--")
    inset.set_xlabel("current / threshold", fontsize=7)
    inset.set_title("mV/mW", fontsize=7)
    inset.set_yticks([200, 500, 1000, 2000], ["200", "500", "1000", "2000"])
    inset.set_yticks([], minor=True)
    inset.tick_params(labelsize=6)


EXPERIMENT = Experiment(
    id="locatelli-2014-detector",
    rows=(80,),
    device="spin-torque diode",
    task="detecting microwaves",
    source="N. Locatelli, V. Cros, J. Grollier, Nat. Mater. 13, 11 (2014)",
    claim="conversion of microwave power into direct voltage over 500 mV/mW, several hundred uV",
    claim_value=500.0,
    claim_tag="S4",
    measures="sensitivity under a direct current below threshold",
    unit="mV/mW",
    baseline="the same junction without the direct current",
    bounds=(
        Bound("sensitivity over closed form", low=0.99, high=1.01),
        Bound("off the closed form, of the most", high=0.02),
    ),
    run=run,
    plot=plot,
)
