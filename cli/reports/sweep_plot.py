"""The picture of ``pbit sweep``: its metric against the parameter, the ideal chip dashed."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from pbit.cli.output import write_whole

_CHIP, _IDEAL, _FLOOR = "#4477aa", "#cc3311", "#999999"


def draw_sweep(path: Path, record: dict[str, Any], *, is_log: bool) -> None:
    """One panel for a distance, two for successes (their fraction and the mean objective)."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    is_distance = record["metric"] == "distance"
    count = 1 if is_distance else 2
    figure = Figure(figsize=(5.2 * count, 3.8), layout="constrained")
    FigureCanvasAgg(figure)
    panels: Any = figure.subplots(1, count, squeeze=False)[0]
    ideal, *rows = record["rows"]
    if is_distance:
        _distances(panels[0], ideal, rows)
    else:
        _fractions(panels[0], ideal, rows, record)
        _means(panels[1], ideal, rows, record)
    unit = f" ({record['unit']})" if record["unit"] else ""
    for panel in panels:
        _ticks(panel, rows, is_log=is_log)
        panel.set_xlabel(f"{record['parameter']}{unit}")
        panel.legend(fontsize=8)
    title = f"{record['file']}: {record['num_variables']} spins, {record['num_reads']} reads of "
    title += f"{record['num_sweeps']} sweeps, seed {record['seed']}"
    printable = title.encode(errors="replace").decode()  # names of files need not be text
    figure.suptitle(printable, fontsize=9, parse_math=False)
    write_whole(path, lambda temporary: figure.savefig(temporary, dpi=150))


def _places(rows: list[dict[str, Any]]) -> list[float]:
    """Where rows stand: at their numbers, or side by side where one of them is none."""
    values = [row["value"] for row in rows]
    numeric = all(isinstance(value, int | float) for value in values)
    return values if numeric else [float(k) for k in range(len(values))]


def _line(rows: list[dict[str, Any]]) -> str:
    """Marks, joined by a line only where there is something in between."""
    numeric = all(isinstance(row["value"], int | float) for row in rows)
    return "o-" if numeric else "o"


def _ticks(panel: Any, rows: list[dict[str, Any]], *, is_log: bool) -> None:
    places, values = _places(rows), [row["value"] for row in rows]
    if places != values:
        panel.set_xticks(places, ["none" if value is None else str(value) for value in values])
        panel.set_xlim(-0.5, len(rows) - 0.5)
    elif is_log and rows:
        panel.set_xscale("log")


def _distances(panel: Any, ideal: dict[str, Any], rows: list[dict[str, Any]]) -> None:
    values, errors = ([row[key] for row in rows] for key in ("distance", "error"))
    panel.errorbar(
        _places(rows), values, errors, fmt=_line(rows), ms=4, capsize=2, color=_CHIP, label="chip"
    )
    panel.plot(
        _places(rows),
        [row["floor"] for row in rows],
        ":",
        color=_FLOOR,
        label="noise floor: a perfect sampler",
    )
    panel.axhline(ideal["distance"], ls="--", color=_IDEAL, label="ideal chip")
    panel.set_ylim(bottom=0)
    panel.set_ylabel("total variation distance to the exact law")


def _fractions(
    panel: Any, ideal: dict[str, Any], rows: list[dict[str, Any]], record: dict[str, Any]
) -> None:
    values = [row["success"] for row in rows]
    below = [row["success"] - row["low"] for row in rows]
    above = [row["high"] - row["success"] for row in rows]
    panel.errorbar(
        _places(rows),
        values,
        [below, above],
        fmt=_line(rows),
        ms=4,
        capsize=2,
        color=_CHIP,
        label="chip, Wilson 95 %",
    )
    panel.axhline(ideal["success"], ls="--", color=_IDEAL, label="ideal chip")
    panel.axhspan(ideal["low"], ideal["high"], color=_IDEAL, alpha=0.1, lw=0)
    panel.set_ylim(-0.03, 1.03)
    panel.set_ylabel(f"reads with {record['objective_name']} {record['target']:.10g} or better")


def _means(
    panel: Any, ideal: dict[str, Any], rows: list[dict[str, Any]], record: dict[str, Any]
) -> None:
    values = [row["mean_objective"] for row in rows]
    errors = [row["objective_error"] or 0.0 for row in rows]
    panel.errorbar(
        _places(rows),
        values,
        errors,
        fmt=_line(rows),
        ms=4,
        capsize=2,
        color=_CHIP,
        label="chip, standard error",
    )
    panel.axhline(ideal["mean_objective"], ls="--", color=_IDEAL, label="ideal chip")
    panel.set_ylabel(f"mean {record['objective_name']} of the reads")
