"""Pictures of single devices."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pbit.cli.units import prefix_of, quantity

if TYPE_CHECKING:
    from pbit.devices.characterise import Characterisation, Transfer

_CLOSED, _SIMULATED = "#cc3311", "#4477aa"
_CYCLES_SHOWN = 20
_POINTS_A_DECADE = 12


def mtj_figure(result: Characterisation, transfer: Transfer) -> Any:
    """Telegraph trace, transfer curve and spectrum of a junction."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    figure = Figure(figsize=(9, 6), layout="constrained")
    FigureCanvasAgg(figure)
    axes: Any = figure.subplot_mosaic([["trace", "trace"], ["transfer", "spectrum"]],
                                      height_ratios=[1, 1.7])  # fmt: skip
    _trace(axes["trace"], result)
    _transfer(axes["transfer"], result, transfer)
    _spectrum(axes["spectrum"], result)
    junction = result.junction
    figure.suptitle(
        f"MTJ, barrier {junction.barrier:.4g} kT at {junction.temperature_K:g} K, "
        f"attempt frequency {quantity(junction.attempt_frequency_Hz, 'Hz')}, "
        f"current {quantity(result.current_A, 'A')}",
        fontsize=10,
    )
    return figure


def _trace(axis: Any, result: Characterisation) -> None:
    import numpy as np

    from pbit.devices.conduction import resistance_ohm

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
    axis.axvline(result.current_A / factor, color="#bbbbbb", linewidth=0.8, zorder=0)
    axis.set_xlabel(f"current ({_micro(prefix)}A)")
    axis.set_ylabel("mean state (P = +1)")
    axis.legend(fontsize=8, loc="upper left")


def _spectrum(axis: Any, result: Characterisation) -> None:
    import numpy as np

    from pbit.devices.estimates import periodogram
    from pbit.devices.telegraph_law import spectrum_per_Hz

    closed = result.closed_forms()
    frequencies, density, _ = periodogram(result.states, step_s=result.step_s, mean=closed["mean"])
    good = frequencies <= 1 / (8 * result.step_s)  # above, sampling folds too much back
    f, S = _in_decades(frequencies[good], density[good])
    axis.loglog(f, S, "o", markersize=3, color=_SIMULATED, label="simulated")
    fine = np.geomspace(frequencies[0], frequencies[good][-1], 300)
    lorentzian = spectrum_per_Hz(result.junction, fine, current_A=result.current_A)
    axis.loglog(fine, lorentzian, color=_CLOSED, label="closed form")
    axis.set_xlabel("frequency (Hz)")
    axis.set_ylabel("spectral density of the state (1/Hz)")
    axis.legend(fontsize=8, loc="lower left")


def _in_decades(frequencies: Any, density: Any) -> tuple[Any, Any]:
    """Means over bins of equal width in the logarithm."""
    import numpy as np

    bins = np.floor(np.log10(frequencies) * _POINTS_A_DECADE).astype(np.int64)
    bins -= bins[0]
    counts = np.bincount(bins)
    full = counts > 0
    sums = (np.bincount(bins, weights=values)[full] for values in (frequencies, density))
    f, S = (total / counts[full] for total in sums)
    return f, S


def _micro(prefix: str) -> str:
    return prefix.replace("u", "µ")
