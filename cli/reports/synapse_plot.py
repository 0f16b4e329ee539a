"""Pictures of synapse devices."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pbit.cli.units import prefix_of

if TYPE_CHECKING:
    from pbit.devices.synapses import LearningCurves

_UP, _DOWN = "#4477aa", "#cc3311"
_SHOWN = 12  # devices drawn one by one


def synapse_figure(name: str, curves: LearningCurves) -> Any:
    """Learning curves up and down, of the mean and of single devices, and steps against state."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    figure = Figure(figsize=(9, 4), layout="constrained")
    FigureCanvasAgg(figure)
    axes: Any = figure.subplots(1, 2, width_ratios=[1.6, 1])
    draw_curves(axes[0], curves)
    _steps(axes[1], curves)
    (up, _), (down, _) = curves.fit(), curves.fit(up=False)
    figure.suptitle(
        f"{name}: nonlinearity {up:.2f} up, {down:.2f} down, symmetry error "
        f"{curves.symmetry_error:.2f}, {curves.levels} levels told apart",
        fontsize=10,
    )
    return figure


def draw_curves(axis: Any, curves: LearningCurves) -> None:
    """Conductance against pulses, up and then down."""
    import numpy as np

    pulses = curves.amplitudes.size
    factor, prefix = prefix_of(float(curves.up.max()))
    sides = ((0, curves.up, _UP, "potentiation"), (pulses, curves.down, _DOWN, "depression"))
    for start, side, color, label in sides:
        n = np.arange(start, start + pulses + 1)
        axis.plot(n, side[:_SHOWN].T / factor, color=color, alpha=0.25, linewidth=0.7)
        mean, spread = side.mean(axis=0) / factor, side.std(axis=0) / factor
        axis.fill_between(n, mean - spread, mean + spread, color=color, alpha=0.15, linewidth=0)
        axis.plot(n, mean, color=color, linewidth=2, label=label)
    axis.set_xlabel("pulse")
    axis.set_ylabel(f"conductance ({prefix.replace('u', 'µ')}S)")
    axis.legend(fontsize=8, loc="lower center")


def _steps(axis: Any, curves: LearningCurves) -> None:
    """Mean change of a pulse against the mean state before it, shares of the range."""
    import numpy as np

    scale = curves.range_S or 1.0
    lowest = curves.up.mean(axis=0).min()
    for side, color in ((curves.up, _UP), (curves.down, _DOWN)):
        share = (side.mean(axis=0) - lowest) / scale
        axis.plot(share[:-1], np.diff(share), "o", color=color, markersize=3)
    axis.axhline(0, color="#999999", linewidth=0.8)
    axis.set_xlabel("state, share of the range")
    axis.set_ylabel("mean step of a pulse")
