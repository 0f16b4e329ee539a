"""Pictures of series that a reservoir forecasts or follows."""

from __future__ import annotations

from typing import Any

_SHOWN = 300  # steps
_COLUMNS = 3


def reservoir_figure(record: dict[str, Any], told: dict[str, Any]) -> Any:
    """What is held out and what is told of it, a free run beside it, and the errors."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    names = record["told"][:_COLUMNS]
    figure = Figure(figsize=(10, 2 + 1.7 * len(names)), layout="constrained")
    FigureCanvasAgg(figure)
    grid = figure.add_gridspec(len(names), 2, width_ratios=[2.2, 1])
    for k, name in enumerate(names):
        _draw_column(figure.add_subplot(grid[k, 0]), record, told, (k, name))
    _draw_errors(figure.add_subplot(grid[:, 1]), record)
    figure.suptitle(f"{record['results'][0]['name']}, {record['num_nodes']} nodes", fontsize=10)
    return figure


Told = dict[str, Any]


def _draw_column(axis: Any, record: Told, told: Told, of: tuple[int, str]) -> None:
    """The truth, the steps told one by one, and a free run from the first of them."""
    import numpy as np

    column, name = of
    learnt = told["learnt"]
    truth = told["targets"][learnt:, column][:_SHOWN]
    steps = np.arange(len(truth)) + learnt + record["ahead"]
    outputs = np.array(record["outputs"])[:_SHOWN, column]
    axis.plot(steps, truth, color="k", lw=1.6, label="held out")
    axis.plot(steps, outputs, color="C1", lw=1, ls="--", label="told at every step")
    free = told["rows"][0].free
    if len(free):
        run = free[:_SHOWN, column]
        axis.plot(np.arange(len(run)) + learnt, run, color="C0", lw=1, label="running freely")
    low, high = truth.min(), truth.max()
    axis.set_ylim(low - 0.3 * (high - low), high + 0.3 * (high - low))
    axis.set(ylabel=name)
    if column == 0:
        axis.legend(fontsize=7, ncols=3, loc="upper right")
    axis.set_xlabel("step")


def _draw_errors(axis: Any, record: dict[str, Any]) -> None:
    rows = [(each["name"], each["error"]) for each in record["results"]]
    if record["error_of_no_change"] is not None:
        rows.append(("no change", record["error_of_no_change"]))
    places = range(len(rows))
    axis.barh(places, [error for _, error in rows], color=["C1"] + ["0.6"] * (len(rows) - 1))
    axis.set_yticks(places, [name for name, _ in rows])
    axis.invert_yaxis()
    axis.set(xscale="log", xlabel="error, held out")
