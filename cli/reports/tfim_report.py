"""What ``pbit tfim`` found: as plain data, as a table and as CSV."""

from __future__ import annotations

import csv
import io
from math import isfinite
from typing import TYPE_CHECKING, Any, NamedTuple

from pbit.cli.hardware import folded
from pbit.cli.units import in_parentheses
from pbit.versions import versions

if TYPE_CHECKING:
    from pbit.cli.tfim_order import Order
    from pbit.problems.transverse_ising import QuantumAverages
    from pbit.problems.transverse_ising.known import Known

SCHEMA = 1
_MEASURED = {
    "energy_per_spin": "energy_per_spin",
    "sigma_x": "transverse_magnetization",
    "m": "m",
    "abs_m": "abs_m",
    "m2": "m2",
    "m4": "m4",
    "binder": "binder",
    "susceptibility": "susceptibility",
}
_WIDTHS = (1, 6, 6, 4, 11, 9, 10, 10, 10)
_ENOUGH = 20  # autocorrelation times that reads should last


class Row(NamedTuple):
    """What was measured at one field, and what is known there."""

    gamma: float
    averages: QuantumAverages
    known: Known | None


def record_of(order: Order, rows: list[Row], *, interrupted: bool) -> dict[str, Any]:
    """The rows and how they came about, as plain data."""
    options, source = order.options, order.source
    return {
        "schema": SCHEMA,
        "model": source.name,
        "format": source.format,
        "notes": list(source.notes),
        "coupling": _coupling(order),
        "num_spins": source.model.num_spins,
        "num_couplings": source.num_terms,
        "method": order.method,
        "chip": None if order.chip is None else order.chip.name,
        "num_reads": options["num_reads"],
        "num_sweeps": options["num_sweeps"],
        "burn_in": rows[0].averages.info["burn_in"],
        "seed": options["seed"],
        "interrupted": interrupted,
        "rows": [_plain(row, order.measured(k)["first_read"]) for k, row in enumerate(rows)],
        "versions": versions(neal=False),
    }


def _coupling(order: Order) -> float | None:
    """J of a lattice."""
    given = order.options["coupling"]
    if order.source.format != "lattice":
        return None
    return 1.0 if given is None else float(given)


def _plain(row: Row, first_read: int) -> dict[str, Any]:
    info, known = row.averages.info, row.known
    plain: dict[str, Any] = {
        "gamma": row.gamma,
        "beta": row.averages.beta,
        "replicas": info["replicas"],
        "trotter_error": info["trotter_error"],
    }
    for name, of in _MEASURED.items():
        value, error = getattr(row.averages, of)
        plain |= {name: _number(value), f"{name}_error": _number(error)}
        if name == "energy_per_spin":
            plain["exact_energy_per_spin"] = None if known is None else known.energy_per_spin
            plain["exact_from"] = None if known is None else known.how
    times = {f"autocorrelation_{of}": _number(t) for of, t in info["autocorrelation"].items()}
    return plain | times | {"first_read": first_read}


def _number(value: Any) -> float | None:
    """None for what a single look cannot tell."""
    return float(value) if isfinite(value) else None


def table(record: dict[str, Any]) -> str:
    """What people read, 80 columns wide; a star before a row whose reads are short."""
    rows = record["rows"]
    lines: list[tuple[str, ...]] = [
        ("", "gamma", "beta", "R", "energy/n", "exact", "sigma_x", "m^2", "Binder")
    ]
    lines += [("*" if _is_short(row, record) else "", *_cells(row)) for row in rows]
    wide = [max(least, *(len(line[k]) for line in lines)) for k, least in enumerate(_WIDTHS)]
    wide[1:] = [width + 1 for width in wide[1:]]
    text = ["".join(map(str.rjust, line, wide)) for line in lines]
    return "\n".join([*text, *_notes(record)]) + "\n"


def _cells(row: dict[str, Any]) -> tuple[str, ...]:
    exact = row["exact_energy_per_spin"]
    names = ("energy_per_spin", "sigma_x", "m2", "binder")
    energy, *others = (in_parentheses(row[name], row[f"{name}_error"]) for name in names)
    return (
        f"{row['gamma']:.3g}",
        f"{row['beta']:.3g}",
        f"{row['replicas'] or 'inf'}",
        energy,
        "-" if exact is None else f"{exact:.6f}",
        *others,
    )


def _is_short(row: dict[str, Any], record: dict[str, Any]) -> bool:
    """Whether reads last too few autocorrelation times for their errors to be believed."""
    looked = record["num_sweeps"] - record["burn_in"]
    times = [row[f"autocorrelation_{of}"] or 0.0 for of in ("energy", "m2")]
    return bool(looked < _ENOUGH * max(times))


def _notes(record: dict[str, Any]) -> list[str]:
    """What the columns mean."""
    rows = record["rows"]
    sweeps = f"{record['num_sweeps']} sweeps, {record['burn_in']} of them burn-in"
    notes = [folded("runs", f"{record['num_reads']} reads of {sweeps}, seed {record['seed']}")]
    found = sorted({row["exact_from"] for row in rows if row["exact_from"]})
    if found:
        notes.append(folded("exact", f"{' and '.join(found)}, of infinitely many slices"))
    slices = [row["trotter_error"] for row in rows if row["replicas"]]
    if slices:
        text = f"Trotter error of the energy per spin, estimated: up to {max(slices):.2g}"
        notes.append(folded("slices", text))
    marked = [row for row in rows if _is_short(row, record)]
    if marked:
        longest = max(
            row[f"autocorrelation_{of}"] or 0 for row in marked for of in ("energy", "m2")
        )
        text = (
            f"autocorrelation times of {longest:.3g} sweeps: reads may remember their start and "
            "errors be too small; take more --sweeps"
        )
        notes.append(folded("*", text))
    if record["interrupted"]:
        notes.append("interrupted: rows that were not done are missing")
    return notes


def to_csv(record: dict[str, Any]) -> str:
    """The rows of a record; continuous time is R = inf, what is not known is empty."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    rows = record["rows"]
    writer.writerow(rows[0])
    for row in rows:
        plain = row | {"replicas": row["replicas"] or "inf"}
        writer.writerow(["" if value is None else value for value in plain.values()])
    return text.getvalue()
