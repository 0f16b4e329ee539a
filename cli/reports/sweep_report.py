"""What ``pbit sweep`` found: as plain data, as a table and as CSV."""

from __future__ import annotations

import csv
import io
import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pbit.by_value import ByValue
from pbit.cli.hardware import folded
from pbit.cli.units import quantity
from pbit.versions import versions

if TYPE_CHECKING:
    from pbit.cli.sweep import Order
    from pbit.formats import AnyContents
    from pbit.hardware.parameters import Hardware
    from pbit.measure.chip_sweep import ChipReads, Distance

SCHEMA = 1


@dataclass(frozen=True, eq=False)
class Row(ByValue):
    """One chip as it ran: of the two results, the one that was asked for."""

    value: Any
    chip: Hardware
    distance: Distance | None = None
    reads: ChipReads | None = None


def record_of(
    contents: AnyContents, order: Order, rows: list[Row], *, interrupted: bool
) -> dict[str, Any]:
    """The rows and how they came about, as plain data; the first row is the ideal chip's."""
    options, problem = order.options, order.problem
    target = _target(order, rows)
    return {
        "schema": SCHEMA,
        "file": contents.name,
        "format": contents.format,
        "notes": list(contents.notes),
        "problem": problem.name,
        "objective_name": problem.objective_name,
        "num_variables": problem.model.num_spins,
        "num_couplings": problem.model.num_couplings,  # type: ignore[union-attr]
        "metric": order.metric,
        "parameter": order.variation.key,
        "unit": order.variation.unit,
        "chip": _plain_chip(order.chip),
        "calibrated": options["calibrate"],
        "beta": options["beta"],
        "beta_range": options["beta_range"],
        "num_reads": order.num_reads,
        "num_sweeps": order.num_sweeps,
        "seed": order.seed,
        "target": target,
        "target_from": None if target is None else _origin(order, interrupted=interrupted),
        "interrupted": interrupted,
        "rows": [_plain(row, order, target) for row in rows],
        "versions": versions(neal=False),
    }


def _target(order: Order, rows: list[Row]) -> float | None:
    """The objective to reach: given, or the best one that any chip found."""
    if order.metric == "distance":
        return None
    if order.options["target"] is not None:
        return float(order.options["target"])
    from pbit.problems.core.problem import objective_at

    lowest = min(float(row.reads.energies.min()) for row in rows if row.reads is not None)
    return float(objective_at(order.problem, lowest))


def _origin(order: Order, *, interrupted: bool) -> str:
    if order.options["target"] is not None:
        return "given"
    return "best found before the interrupt" if interrupted else "best found in this sweep"


def _plain_chip(chip: Hardware) -> dict[str, Any]:
    from pbit.hardware.parameters import parameter_ranges

    return {"name": chip.name, **{key: getattr(chip, key) for key in parameter_ranges()}}


def _plain(row: Row, order: Order, target: float | None) -> dict[str, Any]:
    told: dict[str, Any] = {"value": row.value, "law": row.chip.law}
    if row.distance is not None:
        found = row.distance
        return {**told, "distance": found.value, "error": found.error, "floor": found.floor}
    from pbit.measure.chip_sweep import success_of
    from pbit.problems.core.problem import objective_at

    assert row.reads is not None and target is not None
    success = success_of(row.reads.energies, order.problem.energy_of(target))
    hardware = row.reads.info["hardware"]
    mean = float(objective_at(order.problem, success.mean_energy))
    per_energy = abs(float(objective_at(order.problem, 1.0) - objective_at(order.problem, 0.0)))
    error = success.energy_error * per_energy
    return {
        **told,
        "hits": success.hits,
        "success": success.fraction,
        "low": success.low,
        "high": success.high,
        "mean_objective": mean,
        "objective_error": error if math.isfinite(error) else None,
        "mean_energy": success.mean_energy,
        "seconds_per_read": hardware["seconds_per_read"],
        "flips": hardware["flips"],
        "energy_J": hardware["energy_J"]["total_J"],
    }


def table(record: dict[str, Any]) -> str:
    """The record for people, at most 80 columns."""
    rows = record["rows"]
    unit = f" ({record['unit']})" if record["unit"] else ""
    label = f"{record['parameter']}{unit}"
    width = max(12, len(label), *(len(_value(row["value"])) for row in rows)) + 2
    is_distance = record["metric"] == "distance"
    head, cells = _distances() if is_distance else _successes(record)
    lines = [f"{label:<{width}}{head}"]
    lines += [f"{_value(row['value']):<{width}}{cells(row)}" for row in rows]
    return "\n".join([*lines, *_notes(record)]) + "\n"


def _value(value: Any) -> str:
    if isinstance(value, float):
        return f"{value:.6g}"
    return "none" if value is None else str(value)


def _distances() -> Any:
    head = f"{'distance':>10} {'+-':>9} {'noise floor':>12}"
    return head, lambda row: f"{row['distance']:>10.4f} {row['error']:>9.4f} {row['floor']:>12.4f}"


def _successes(record: dict[str, Any]) -> Any:
    name = f"mean {record['objective_name']}"
    head = f"{'success':>8} {'95 %':>13} {name:>13} {'+-':>8} {'a read':>9}"

    def cells(row: dict[str, Any]) -> str:
        interval = f"{row['low']:.3f}-{row['high']:.3f}"
        error = "" if row["objective_error"] is None else f"{row['objective_error']:.2g}"
        duration = quantity(row["seconds_per_read"], "s")
        return (
            f"{row['success']:>8.3f} {interval:>13} {row['mean_objective']:>13.7g} {error:>8} "
            f"{duration:>9}"
        )

    return head, cells


def _notes(record: dict[str, Any]) -> list[str]:
    """What the columns mean."""
    ran = f"{record['num_reads']} reads of {record['num_sweeps']} sweeps, seed {record['seed']}"
    rows = [folded("runs", f"{ran}; ideal: the same run on an ideal chip")]
    if record["metric"] == "distance":
        text = (
            f"total variation, to the exact law at beta {record['beta']:g}; noise floor: what "
            "a perfect sampler would show with so many reads"
        )
        rows.append(folded("distance", text))
    else:
        text = f"{record['objective_name']} {record['target']:.10g}, {record['target_from']}"
        rows.append(folded("target", text))
    if record["calibrated"]:
        rows.append(folded("calibrated", "each chip but the ideal one"))
    if record["interrupted"]:
        rows.append("interrupted: rows that were not done are missing")
    return rows


def to_csv(record: dict[str, Any]) -> str:
    """The rows of a record; the parameter, with its unit, heads the first column."""
    unit = f" ({record['unit']})" if record["unit"] else ""
    rows = record["rows"]
    columns = [key for key in rows[0] if key != "value"]
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow([f"{record['parameter']}{unit}", *columns])
    for row in rows:
        value = "none" if row["value"] is None else row["value"]
        writer.writerow([value, *("" if row[key] is None else row[key] for key in columns)])
    return text.getvalue()
