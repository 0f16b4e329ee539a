"""Pictures of single devices."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from pbit.cli.units import prefix_of, quantity

if TYPE_CHECKING:
    from pbit.devices.fitting.characterise import Characterisation, Transfer

_CLOSED, _SIMULATED = "#cc3311", "#4477aa"
_CYCLES_SHOWN = 20
_POINTS_A_DECADE = 12


def mtj_figure(result: Characterisation, transfer: Transfer) -> Any:
    """Telegraph trace, transfer curve and spectrum of a junction."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    figure = Figure(figsize=(9, 6), layout="constrained")
    FigureCanvasAgg(figure)
    axes: Any = figure.subplot_mosaic(
        [["trace", "trace"], ["transfer", "spectrum"]], height_ratios=[1, 1.7]
    )
    _trace(axes["trace"], result)
    _transfer(axes["transfer"], result, transfer)
    _spectrum(axes["spectrum"], result)
    junction = result.junction
    figure.suptitle(
        f"MTJ, barrier {junction.barrier:.4g} kT at {junction.temperature_K:g} K, "
        f"attempt frequency {quantity(junction.attempt_frequency_Hz, 'Hz')}, "
        f"current {_micro(quantity(result.current_A, 'A'))}",
        fontsize=10,
    )
    return figure


def _trace(axis: Any, result: Characterisation) -> None:
    import numpy as np

    from pbit.devices.laws.conduction import resistance_ohm

    trace = result.trace
    switches = trace.switches_of(0)
    end = min(trace.duration_s, _CYCLES_SHOWN / result.closed_forms()["cycle_rate_Hz"])
    shown = switches[switches < end]
    times = np.concatenate([[0.0], shown, [end]])
    states = trace.initial_states[0] * (-1.0) ** np.minimum(np.arange(times.size), shown.size)
    factor, prefix = prefix_of(end)
    ohms = resistance_ohm(result.junction, states)
    axis.step(times / factor, ohms / 1e3, where="post", color=_SIMULATED, linewidth=1)
    axis.set_xlim(0, end / factor)
    low, high = (float(resistance_ohm(result.junction, c)) / 1e3 for c in (1, -1))
    axis.set_ylim(low - 0.15 * (high - low), high + 0.15 * (high - low))
    for level, name in ((low, "P"), (high, "AP")):
        axis.annotate(name, (1.005, level), xycoords=("axes fraction", "data"), va="center")
    axis.set_xlabel(f"time ({_micro(prefix)}s)")
    axis.set_ylabel("resistance (kΩ)")


def _transfer(axis: Any, result: Characterisation, transfer: Transfer) -> None:
    import numpy as np

    junction = result.junction
    factor, prefix = prefix_of(float(abs(transfer.currents_A).max()))
    fine = np.linspace(transfer.currents_A[0], transfer.currents_A[-1], 401)
    axis.plot(fine / factor, junction.mean(fine), color=_CLOSED, label="closed form")
    axis.errorbar(
        transfer.currents_A / factor,
        transfer.means,
        transfer.errors,
        fmt="o",
        markersize=3,
        capsize=2,
        color=_SIMULATED,
        label="simulated, ± 1 s.e.",
    )
    if result.current_A and fine[0] < result.current_A < fine[-1]:
        here = result.current_A / factor
        axis.axvline(here, color="#999999", linewidth=0.8, zorder=0, label="current of the trace")
    axis.set_xlabel(f"current ({_micro(prefix)}A)")
    axis.set_ylabel("mean state (P = +1)")
    axis.legend(fontsize=8, loc="upper left")


def _spectrum(axis: Any, result: Characterisation) -> None:
    import numpy as np

    from pbit.devices.fitting.estimates import periodogram
    from pbit.devices.laws.telegraph_law import spectrum_per_Hz

    closed = result.closed_forms()
    raw = periodogram(result.states, step_s=result.step_s, mean=closed["mean"])
    below = raw[0] <= 1 / (8 * result.step_s)  # above, sampling folds too much back
    f, S, error = _in_decades(*(values[below] for values in raw))
    style = {"fmt": "o", "markersize": 3, "capsize": 2, "color": _SIMULATED}
    if math.isfinite(result.correlation_time_s.value):
        axis.errorbar(f, S, error, label="simulated, ± 1 s.e.", **style)
    else:
        axis.set_title("too few switches to show a simulated one", fontsize=8)
    fine = np.geomspace(f[0], f[-1], 300)
    lorentzian = spectrum_per_Hz(result.junction, fine, current_A=result.current_A)
    axis.plot(fine, lorentzian, color=_CLOSED, label="closed form")
    axis.set_xscale("log")
    axis.set_yscale("log")
    # Whole decades: else matplotlib labels every tick between two of them.
    shown = np.concatenate([lorentzian, *(points.get_ydata() for points in axis.lines[:1])])
    low, high = np.log10(shown[shown > 0].min()), np.log10(shown.max())
    axis.set_ylim(10 ** np.floor(low), 10 ** np.ceil(high))
    axis.set_xlabel("frequency (Hz)")
    axis.set_ylabel("spectral density of the state (1/Hz)")
    axis.legend(fontsize=8, loc="lower left")


def _in_decades(frequencies: Any, density: Any, error: Any) -> tuple[Any, Any, Any]:
    """Means and their errors over bins of equal width in the logarithm."""
    import numpy as np

    bins = np.floor(np.log10(frequencies) * _POINTS_A_DECADE).astype(np.int64)
    bins -= bins[0]
    counts = np.bincount(bins)
    full = counts > 0

    def mean(values: Any) -> Any:
        return np.bincount(bins, weights=values)[full] / counts[full]

    # Frequencies of a periodogram are independent of each other, nearly.
    return mean(frequencies), mean(density), np.sqrt(mean(error**2) / counts[full])


def _micro(text: str) -> str:
    return text.replace("u", "µ")
