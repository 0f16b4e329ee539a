"""What ``pbit reservoir`` tells: errors on what is held out, free runs, the forecast."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from pbit.versions import versions

if TYPE_CHECKING:
    from pbit.networks.reservoir.comparison import Compared


def record_of(told: dict[str, Any], options: dict[str, Any]) -> dict[str, Any]:
    """Everything as plain data."""
    series, learnt = told["series"], told["learnt"]
    ahead = told["ahead"]
    columns = list(series.names) if options["target"] is None else [options["target"]]
    return {
        "source": series.source,
        "columns": list(series.names),
        "steps": len(series.values),
        "task": options["task"],
        "told": columns,
        "ahead": options["ahead"],
        "learnt_from": learnt,
        "held_out": len(told["targets"]) - learnt,
        "num_nodes": options["nodes"],
        "tries": options["tries"],
        "free_steps": options["horizon"],
        "results": [_row(each) for each in told["rows"]],
        "error_of_no_change": _no_change(told, options),
        "outputs": told["rows"][0].outputs.tolist(),
        "forecast": None if ahead is None else ahead.tolist(),
        "notes": told["notes"],
        "seed": options["seed"],
        "versions": versions(),
    }


def _row(row: Compared) -> dict[str, Any]:
    import numpy as np

    setting = row.setting
    return {
        "name": row.name,
        "error": row.error,
        "error_in_choosing": setting.error,
        "free_steps": None if np.isnan(row.horizon) else row.horizon,
        "free_run": row.free.tolist(),
        "alpha": setting.alpha,
        "setting": _setting(setting.reservoir),
        "reservoir_seed": setting.seed,
    }


def _setting(reservoir: Any) -> dict[str, Any]:
    return {key: _plain(value) for key, value in asdict(reservoir).items()}


def _plain(value: Any) -> Any:
    return value.item() if hasattr(value, "item") else value


def _no_change(told: dict[str, Any], options: dict[str, Any]) -> float | None:
    """Of the forecast that all stays as it is."""
    from pbit.networks.reservoir.tuning import nrmse

    if options["task"] != "forecast":
        return None
    held = slice(told["learnt"], None)
    return nrmse(told["inputs"][held], told["targets"][held])


def text_of(record: dict[str, Any]) -> str:
    """A table for people."""
    what = f"{record['steps']} steps of {_listed(record['columns'])}"
    lines = [
        f"{'series':<12} {record['source']}, {what}",
        f"{'task':<12} {_task(record)}",
        f"{'learnt from':<12} {record['learnt_from']} steps; {record['tries']} settings of each, "
        "chosen on their last quarter",
        f"{'held out':<12} the last {record['held_out']} steps",
        f"{'nodes':<12} {record['num_nodes']}",
        f"{'seed':<12} {record['seed']}",
        "",
    ]
    runs = record["results"][0]["free_steps"] is not None
    lines.append(f"{'':<12} {'error':>10}{'  follows freely' if runs else ''}")
    for row in record["results"]:
        steps = f"{row['free_steps']:>16.1f}" if runs else ""
        lines.append(f"{row['name']:<12} {row['error']:>10.4g}{steps}")
    if record["error_of_no_change"] is not None:
        lines.append(f"{'no change':<12} {record['error_of_no_change']:>10.4g}")
    lines += ["", "error: root mean square over standard deviation, on what is held out"]
    if runs:
        lines.append(
            "follows freely: steps until wrong by 0.4 of it, "
            f"{record['free_steps']} at most, mean over starts"
        )
    return "\n".join(lines)


def _listed(names: list[str]) -> str:
    return ", ".join(names[:6]) + (f" and {len(names) - 6} more" if len(names) > 6 else "")


def _task(record: dict[str, Any]) -> str:
    if record["task"] == "follow":
        return f"follow {record['told'][0]} by the others{_ahead(record)}"
    return f"forecast{_ahead(record)}"


def _ahead(record: dict[str, Any]) -> str:
    steps = record["ahead"]
    return f" {steps} step{'s' * (steps > 1)} ahead" if steps else ""


def csv_of(record: dict[str, Any]) -> str:
    """The forecast beyond the end where there is one, else what was told of the part held out."""
    rows = record["outputs"] if record["forecast"] is None else record["forecast"]
    lines = [",".join(record["told"])]
    lines += [",".join(f"{value:.10g}" for value in row) for row in rows]
    return "\n".join(lines) + "\n"
