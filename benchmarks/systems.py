"""Published systems run over several seeds, told and drawn: what scripts on them share."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from pbit.published import Measured, experiments, summary_of


def measured(
    names: Sequence[str], *, seed: int, repeats: int
) -> tuple[dict[str, list[Measured]], list[dict[str, Any]]]:
    """Results at the default size, printed, and the same as rows; data are those of PBIT_DATA."""
    data = Path(os.environ["PBIT_DATA"]) if os.environ.get("PBIT_DATA") else None
    found, rows = {}, []
    for name in names:
        system = experiments()[name]
        found[name] = [system.measure(seed + k, data=data) for k in range(repeats)]
        told = summary_of(system, found[name])
        print(f"\n{name}: {told.measured:.4f}, {system.baseline}: {told.baseline:.4f}")
        for key in found[name][0].details:
            values = [each.details[key] for each in found[name]]
            print(f"    {key:45s} {np.mean(values):9.4f} +- {np.std(values):.4f}")
            rows.append({"system": name, "what": key, "values": values})
    return found, rows


def draw_systems(found: Mapping[str, list[Measured]], axes: Sequence[Any]) -> None:
    """Each on axes of its own, by its own plot."""
    for axis, (name, results) in zip(axes, found.items(), strict=True):
        plot = experiments()[name].plot
        assert plot is not None
        plot(results, axis)
        axis.set_title(name, fontsize=10)
