"""The figures of the hardware gallery, one a function of its rows."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from gallery_laws import P_KIT_DT
from gallery_runs import DYNAMICS, TELEGRAPH_RC

_DISTANCE = "total variation distance to Boltzmann"
_MARKS = dict(zip(DYNAMICS, "osD", strict=True))
_LINES = {("AND", 0.5): "C0", ("AND", 1.0): "C1", ("FA5", 0.5): "C2", ("FA5", 1.0): "C3"}
_CHIPS = {"raw": ("C3", "o"), "calibrated": ("C0", "s")}
_X = {
    "spread": "spread of gains and of offsets",
    "weight_spread": "spread of the couplings",
    "dac_bits": "bits of the input",
    "delay": "delay / tau",
}

Row = dict[str, Any]


def _of(rows: list[Row], **values: Any) -> list[Row]:
    return [r for r in rows if all(r[key] == value for key, value in values.items())]


def _columns(rows: list[Row], *names: str) -> Any:
    return np.array([[r[name] for name in names] for r in rows], dtype=float).T


def _finish(panel: Any, x: str, y: str, title: str = "") -> None:
    panel.set_xlabel(x)
    panel.set_ylabel(y)
    panel.set_title(title, fontsize=10)
    panel.grid(alpha=0.3, which="both", linewidth=0.5)
    if panel.get_legend_handles_labels()[1]:
        panel.legend(fontsize=8)


def _save(figure: Any, plt: Any, path: Path) -> None:
    figure.savefig(path, dpi=150)
    plt.close(figure)


def delay(plt: Any, rows: list[Row], path: Path) -> None:
    """Lines: emulated; crosses: reference."""
    figure, panel = plt.subplots(figsize=(6.4, 4.4), layout="constrained")
    for (gate, beta), color in _LINES.items():
        ours = _of(rows, gate=gate, I0=beta)
        x, y, error = _columns(ours, "x", "emulated", "error")
        panel.errorbar(
            x, y, error, color=color, marker="o", ms=4, capsize=2, label=f"{gate}, I0 = {beta:g}"
        )
        known = [r for r in ours if r["reference"] is not None]
        if known:
            x, y = _columns(known, "x", "reference")
            panel.plot(x, y, "x", color=color, ms=8)
    panel.plot([], [], "kx", ms=8, label="reference")
    panel.set_xscale("symlog", linthresh=0.01, linscale=0.4)
    panel.set_xlim(-0.002, 2.6)
    panel.set_xticks([0, 0.01, 0.1, 1], ["0", "0.01", "0.1", "1"])
    _finish(panel, "synapse delay / tau", _DISTANCE, "heat bath, Poisson clocks")
    _save(figure, plt, path)


def _ticks(plt: Any, rows: list[Row], path: Path, x_label: str, title: str) -> None:
    figure, panel = plt.subplots(figsize=(6.4, 4.4), layout="constrained")
    for (gate, beta), color in _LINES.items():
        ours = _of(rows, gate=gate, I0=beta)
        if not ours:
            continue
        x, y, error, exact, known = _columns(ours, "x", "emulated", "error", "exact", "reference")
        panel.plot(x, exact, "-", color=color, lw=1, label=f"{gate}, I0 = {beta:g}")
        panel.errorbar(x, y, error, color=color, marker="o", ms=4, ls="", capsize=2)
        panel.plot(x, known, "x", color=color, ms=8)
    for mark, what in (("k-", "exact"), ("ko", "emulated"), ("kx", "reference")):
        panel.plot([], [], mark, ms=5, label=what)
    panel.set_xscale("log")
    panel.set_yscale("log")
    panel.set_ylim(4e-4, 1.6)
    if x_label.startswith("dt"):
        panel.axvline(P_KIT_DT, color="0.4", ls=":", lw=1)
        panel.text(P_KIT_DT * 1.03, 6e-4, "p-kit's default", fontsize=8, color="0.3")
    _finish(panel, x_label, _DISTANCE, title)
    panel.legend(fontsize=8, loc="upper left")
    _save(figure, plt, path)


def ppsl(plt: Any, rows: list[Row], path: Path) -> None:
    """Against dt."""
    _ticks(plt, rows, path, "dt / tau", "Arrhenius p-bits in parallel (PPSL)")


def subset(plt: Any, rows: list[Row], path: Path) -> None:
    """Against q."""
    _ticks(plt, rows, path, "update fraction q", "heat bath, random part in parallel")


def spread(plt: Any, rows: list[Row], path: Path) -> None:
    """Median and quartiles over chips; dots: each chip."""
    figure, panel = plt.subplots(figsize=(6.4, 4.4), layout="constrained")
    for shift, (chip, (color, mark)) in zip((-0.006, 0.006), _CHIPS.items(), strict=True):
        ours = _of(rows, chip=chip)
        points = np.unique([r["x"] for r in ours])
        cells = [[r["exact"] for r in _of(ours, x=x)] for x in points]
        low, middle, high = np.array([np.percentile(cell, [25, 50, 75]) for cell in cells]).T
        panel.errorbar(
            points, middle, (middle - low, high - middle), color=color, marker=mark, ms=5,
            capsize=3, label=f"{chip}: median and quartiles of exact laws",
        )  # fmt: skip
        x, y, error = _columns(ours, "x", "emulated", "error")
        panel.errorbar(
            x + shift, y, error, color=color, marker=".", ls="", alpha=0.3, ms=4, lw=0.7,
            label=f"{chip}: chips, emulated",
        )  # fmt: skip
    count = len({r["number"] for r in rows})
    title = f"full adder of 5 p-bits, I0 = 1, {count} chips"
    _finish(panel, "spread of gains (log) and offsets (input units)", _DISTANCE, title)
    _save(figure, plt, path)


def annealing(plt: Any, rows: list[Row], path: Path) -> None:
    """Success above, residual energy below."""
    figure, axes = plt.subplots(
        2, len(_X), figsize=(11, 5.6), sharex="col", sharey="row", layout="constrained"
    )
    ideal = _of(rows, what="spread", x=0.0)[0]
    for column, (what, label) in zip(axes.T, _X.items(), strict=True):
        for chip, (color, mark) in _CHIPS.items():
            ours = _of(rows, what=what, chip=chip)
            if not ours:
                continue
            x, y, low, high = _columns(ours, "x", "success", "low", "high")
            left, error = _columns(ours, "residual", "residual_error")
            style = {"color": color, "marker": mark, "ms": 4}
            column[0].errorbar(x, y, (y - low, high - y), capsize=2, label=chip, **style)
            column[1].errorbar(x, left, error, capsize=2, label=chip, **style)
        column[0].axhspan(ideal["low"], ideal["high"], color="0.85", zorder=0, label="ideal")
        column[1].axhline(ideal["residual"], color="0.6", zorder=0, label="ideal")
        if what == "delay":
            column[1].set_xscale("log")
        _finish(column[0], "", "")
        _finish(column[1], label, "")
        for panel in column[:1] if what == "spread" else column:
            panel.get_legend().remove()
    axes[0, 0].set_ylabel("reads at the ground energy")
    axes[1, 0].set_ylabel("mean (E - E0) / n")
    axes[0, 0].set_ylim(bottom=0)
    axes[1, 0].set_yscale("log")
    title = f"{ideal['source']}; {ideal['sweeps']} sweeps, {ideal['reads']} reads a point"
    figure.suptitle(title, fontsize=10)
    _save(figure, plt, path)


def telegraph(plt: Any, rows: list[Row], path: Path) -> None:
    """Against rc above, against delay below."""
    cases = list(dict.fromkeys((r["gate"], r["I0"]) for r in rows))
    figure, axes = plt.subplots(2, len(cases), figsize=(11, 6.8), sharey=True, layout="constrained")
    for column, (gate, beta) in zip(axes.T, cases, strict=True):
        for panel, lag in zip(column, ("rc", "delay"), strict=True):
            for k, (dynamics, mark) in enumerate(_MARKS.items()):
                ours = _of(rows, gate=gate, I0=beta, lag=lag, dynamics=dynamics)
                x, y, error = _columns(ours, "x", "emulated", "error")
                panel.errorbar(
                    x, y, error, color=f"C{k}", marker=mark, ms=4, capsize=2, label=dynamics
                )  # fmt: skip
            panel.axhline(ours[0]["uniform"], color="0.5", ls=":", lw=1, label="uniform law")
            far = ours[0]["synchronous"]
            panel.axhline(far, color="0.5", ls="--", lw=1, label="all at once (synchronous)")
            panel.set_xscale("symlog", linthresh=0.01, linscale=0.4)
            panel.set_xlim(-0.002, 4)
            panel.set_xticks([0, 0.01, 0.1, 1], ["0", "0.01", "0.1", "1"])
            also = f"; telegraph: rc = {TELEGRAPH_RC} tau too" if lag == "delay" else ""
            _finish(panel, f"{lag} / tau", "", f"{gate}, I0 = {beta:g}{also}")
            if (gate, beta, lag) != (*cases[0], "delay"):
                panel.get_legend().remove()
    for panel in axes[:, 0]:
        panel.set_ylabel("distance to Boltzmann")
    _save(figure, plt, path)


FIGURES = {
    "delay": delay,
    "ppsl": ppsl,
    "subset": subset,
    "spread": spread,
    "annealing": annealing,
    "telegraph": telegraph,
}
