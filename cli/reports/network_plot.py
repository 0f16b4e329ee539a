"""The picture of ``pbit network run``: what the experiment draws, or its seeds beside the claim."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pbit.cli.output import write_whole

if TYPE_CHECKING:
    from pbit.published import Experiment, Measured


def draw_network(path: Path, experiment: Experiment, results: Sequence[Measured]) -> None:
    """Draw the results of all seeds."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    figure = Figure(figsize=(6.4, 4.4), layout="constrained")
    FigureCanvasAgg(figure)
    axes: Any = figure.subplots()
    if experiment.plot is None:
        _draw_seeds(axes, experiment, results)
    else:
        experiment.plot(results, axes)
    axes.set_title(f"{experiment.id}: {experiment.task}", fontsize=10)
    write_whole(path, lambda temporary: figure.savefig(temporary, dpi=150))


def _draw_seeds(axes: Any, experiment: Experiment, results: Sequence[Measured]) -> None:
    axes.plot(range(1, len(results) + 1), [each.value for each in results], "o", label="measured")
    baseline = sum(each.baseline for each in results) / len(results)
    axes.axhline(baseline, color="k", lw=0.8, ls="--", label="no device")
    if experiment.claim_value is not None:
        axes.axhline(experiment.claim_value, color="C3", lw=0.8, label="claim")
    axes.set(xlabel="run", ylabel=f"{experiment.measures} ({experiment.unit})")
    axes.legend(fontsize=8)
