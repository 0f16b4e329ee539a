"""Pictures of single oscillators."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from pbit.cli.units import prefix_of, quantity

if TYPE_CHECKING:
    from pbit.devices.oscillator import Characterised, Spectrum
    from pbit.devices.oscillator.tuning_curves import TuningCurve, TuningPicture

_LAW, _SIMULATED, _MEASURED = "#cc3311", "#4477aa", "#228833"
_SHOWN = 6.0  # linewidths on either side


def oscillator_figure(
    found: Characterised, picture: TuningPicture, *, measured: Mapping[str, Any], load_ohm: float
) -> Any:
    """Power and frequency against current, the line, and which signals are followed."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    figure = Figure(figsize=(9, 6.5), layout="constrained")
    FigureCanvasAgg(figure)
    axes: Any = figure.subplots(2, 2)
    tuning, spectrum = picture
    _power(axes[0, 0], found, tuning, measured, load_ohm)
    _tuning(axes[0, 1], found, tuning, measured)
    _line(axes[1, 0], found, spectrum)
    _locking(axes[1, 1], found)
    nu = float(found.oscillator.nonlinearity(found.current_A))
    figure.suptitle(
        f"oscillator at {_micro(quantity(found.current_A, 'A'))}, threshold "
        f"{_micro(quantity(found.oscillator.threshold_A, 'A'))}, nonlinearity {nu:.3g}",
        fontsize=10,
    )
    return figure


def _fine(tuning: TuningCurve) -> Any:
    import numpy as np

    return np.linspace(tuning.currents_A[0], tuning.currents_A[-1], 400)


def _power(
    axis: Any, found: Characterised, tuning: TuningCurve, measured: Mapping[str, Any], load: float
) -> None:
    factor, prefix = prefix_of(float(tuning.currents_A[-1]))
    fine, device = _fine(tuning), found.oscillator
    axis.plot(fine / factor, device.power(fine), color=_LAW, label="law without noise")
    axis.plot(tuning.currents_A / factor, tuning.powers, "o", ms=3, color=_SIMULATED,
              label="simulated")  # fmt: skip
    if "power_W" in measured:
        share = 2 * load * measured["power_W"] / device.signal_V**2
        axis.plot(measured["current_A"] / factor, share, "s", ms=4, mfc="none", color=_MEASURED,
                  label="measured")  # fmt: skip
    axis.axvline(device.threshold_A / factor, color="#999999", lw=0.8, zorder=0, label="threshold")
    axis.set(xlabel=f"current ({_micro(prefix)}A)", ylabel="power p")
    axis.legend(fontsize=8, loc="upper left")


def _tuning(
    axis: Any, found: Characterised, tuning: TuningCurve, measured: Mapping[str, Any]
) -> None:
    factor, prefix = prefix_of(float(tuning.currents_A[-1]))
    fine, device = _fine(tuning), found.oscillator
    hertz, unit = prefix_of(device.frequency_Hz)
    axis.plot(fine / factor, device.frequency_at_Hz(fine) / hertz, color=_LAW, label="law")
    axis.plot(tuning.currents_A / factor, tuning.frequencies_Hz / hertz, "o", ms=3,
              color=_SIMULATED, label="simulated")  # fmt: skip
    if measured:
        axis.plot(measured["current_A"] / factor, measured["frequency_Hz"] / hertz, "s", ms=4,
                  mfc="none", color=_MEASURED, label="measured")  # fmt: skip
    axis.ticklabel_format(useOffset=False)
    axis.set(xlabel=f"current ({_micro(prefix)}A)", ylabel=f"frequency ({unit}Hz)")
    axis.legend(fontsize=8)


def _line(axis: Any, found: Characterised, spectrum: Spectrum | None) -> None:
    import numpy as np

    from pbit.devices.oscillator import fit_line

    laws = found.laws()
    centre, width = laws["frequency_Hz"], laws["linewidth_Hz"]
    if spectrum is None:
        width = width or 1e-3 * found.oscillator.damping_Hz
        axis.set_title("no noise, or a line too narrow to be simulated here", fontsize=8)
    hertz, unit = prefix_of(width)
    x = np.linspace(-_SHOWN, _SHOWN, 400) * width
    # One-sided density of a Lorentzian whose mean square is V0^2 p0 / 2.
    square = found.oscillator.signal_V**2 * laws["power"] / 2
    law = square * 2 / (np.pi * width) / (1 + (2 * x / width) ** 2)
    axis.plot(x / hertz, law, color=_LAW, label=f"law, {quantity(width, 'Hz')} wide")
    if spectrum is not None:
        shown = np.abs(spectrum.frequencies_Hz - centre) < _SHOWN * width
        seen = quantity(fit_line(spectrum).linewidth_Hz.value, "Hz", digits=3)
        axis.plot(
            (spectrum.frequencies_Hz[shown] - centre) / hertz, spectrum.mean_V2_Hz[shown], ".",
            ms=4, color=_SIMULATED, label=f"simulated, {seen} wide",
        )  # fmt: skip
    axis.set_yscale("log")
    axis.set(xlabel=f"frequency − {quantity(centre, 'Hz')} ({unit}Hz)",
             ylabel="spectral density (V²/Hz)")  # fmt: skip
    axis.legend(fontsize=8, loc="lower center")


def _locking(axis: Any, found: Characterised) -> None:
    locking = found.locking
    hertz, unit = prefix_of(float(locking.detunings_Hz[-1]))
    for end in (-1, 1):
        axis.axvline(end * locking.half_bandwidth_Hz / hertz, color=_LAW, lw=1,
                     label="band by the law" if end > 0 else None)  # fmt: skip
    axis.axline((0, 0), slope=1, color="#999999", lw=0.8, zorder=0, label="follows the signal")
    for locked, style in ((True, "o"), (False, "x")):
        chosen = locking.locked == locked
        axis.plot(locking.detunings_Hz[chosen] / hertz, locking.shifts_Hz[chosen] / hertz, style,
                  ms=4, color=_SIMULATED, label="locked" if locked else "not locked")  # fmt: skip
    signal = "signal" if found.harmonic == 1 else "half of the signal"
    axis.set(xlabel=f"{signal} − free frequency ({unit}Hz)", ylabel=f"shift ({unit}Hz)")
    axis.legend(fontsize=8, loc="upper left", framealpha=1)


def _micro(text: str) -> str:
    return text.replace("u", "µ")
