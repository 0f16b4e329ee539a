"""The picture of ``pbit tfim``: four averages against the field, a curve a temperature."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from pbit.cli.output import write_whole

_WORDS = {"gamma": "transverse field $\\Gamma$", "beta": "inverse temperature $\\beta$"}
_SIGNS = {"gamma": "$\\Gamma$", "beta": "$\\beta$"}
_PANELS = (
    ("energy_per_spin", "energy per spin"),
    ("sigma_x", "$\\langle \\sigma^x \\rangle$"),
    ("m2", "$\\langle m^2 \\rangle$"),
    ("binder", "Binder cumulant of $m$"),
)


def draw_tfim(path: Path, record: dict[str, Any], *, is_log: tuple[bool, bool]) -> None:
    """Four panels; against beta where there is one field alone. ``is_log``: gamma, beta."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    along, of = _axes(record["rows"])
    figure = Figure(figsize=(8.4, 6.4), layout="constrained")
    FigureCanvasAgg(figure)
    panels: Any = figure.subplots(2, 2, sharex=True).ravel()
    for panel, (name, label) in zip(panels, _PANELS, strict=True):
        _curves(panel, record["rows"], name, along=along, of=of)
        panel.set_ylabel(f"{label}{_unit(record, -1) if name == 'energy_per_spin' else ''}")
        if is_log[0 if along == "gamma" else 1]:
            panel.set_xscale("log")
    for panel in panels[2:]:
        panel.set_xlabel(f"{_WORDS[along]}{_unit(record, -1 if along == 'gamma' else 1)}")
    panels[0].legend(fontsize=8)
    figure.suptitle(_title(record), fontsize=9, parse_math=False)
    write_whole(path, lambda temporary: figure.savefig(temporary, dpi=150))


def _axes(rows: list[dict[str, Any]]) -> tuple[str, str]:
    """What the curves run along, and what they differ in."""
    is_one = len({row["gamma"] for row in rows}) == 1 < len({row["beta"] for row in rows})
    return ("beta", "gamma") if is_one else ("gamma", "beta")


def _unit(record: dict[str, Any], power: int) -> str:
    """J where that is one; else energies are in the units of the couplings as they were given."""
    if record["coupling"] == 1.0:
        return " (J)" if power < 0 else " (1/J)"
    return " (units of the couplings)" if power < 0 else " (1/units of the couplings)"


def _curves(panel: Any, rows: list[dict[str, Any]], name: str, *, along: str, of: str) -> None:
    from matplotlib import colormaps

    curves = sorted({row[of] for row in rows})
    for k, curve in enumerate(curves):
        mine = sorted((row for row in rows if row[of] == curve), key=lambda row: row[along])
        color = colormaps["viridis"](0.85 * k / max(1, len(curves) - 1))
        if name == "energy_per_spin":
            _exact(panel, mine, along, color, is_first=k == 0)
        panel.errorbar(
            [row[along] for row in mine],
            [row[name] for row in mine],
            [row[f"{name}_error"] or 0.0 for row in mine],
            fmt="o" if name == "energy_per_spin" and _is_known(mine) else "o-",
            ms=3.5,
            lw=1,
            capsize=2,
            color=color,
            label=f"{_SIGNS[of]} = {curve:g}",
        )


def _is_known(rows: list[dict[str, Any]]) -> bool:
    return all(row["exact_energy_per_spin"] is not None for row in rows)


def _exact(
    panel: Any, rows: list[dict[str, Any]], along: str, color: Any, *, is_first: bool
) -> None:
    known = [row for row in rows if row["exact_energy_per_spin"] is not None]
    if known:
        x, y = ([row[key] for row in known] for key in (along, "exact_energy_per_spin"))
        label = "exact" if is_first else None
        panel.plot(x, y, "-", lw=1, color=color, alpha=0.7, label=label)


def _title(record: dict[str, Any]) -> str:
    chip = f", chip {record['chip']}" if record["chip"] else ""
    text = f"{record['model']}: {record['num_spins']} spins, {record['method']}{chip}, "
    text += f"{record['num_reads']} reads of {record['num_sweeps']} sweeps, seed {record['seed']}"
    return text.encode(errors="replace").decode()  # names of files need not be text
