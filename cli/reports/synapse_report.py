"""What ``pbit device synapse`` tells about a device."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from pbit.cli.units import quantity
from pbit.versions import versions

if TYPE_CHECKING:
    from pbit.devices.synapses import LearningCurves


def kinds_text() -> str:
    """Kinds of devices and where they are from."""
    from pbit.devices.synapses.registry import KNOWN

    lines = []
    for name, kind in KNOWN.all().items():
        lines += [f"{name:<15} {kind.what}", f"{'':<15} {kind.source}"]
    return "\n".join(lines)


def record_of(name: str, curves: LearningCurves) -> dict[str, Any]:
    """The device, its curves and their figures, as plain data."""
    from pbit.devices.synapses import values_of

    device = curves.device
    return {
        "kind": name,
        "device": {key: _plain(value) for key, value in values_of(device).items()},
        "drive_unit": device.drive_unit,
        "amplitudes": curves.amplitudes.tolist(),
        "num_devices": len(curves.up),
        "figures": _figures(curves),
        **{
            f"{side}_{what}_S": getattr(getattr(curves, side), what)(axis=0).tolist()
            for side in ("up", "down")
            for what in ("mean", "std")
        },
        "seed": curves.seed,
        "versions": versions(),
    }


def _figures(curves: LearningCurves) -> dict[str, Any]:
    (nu_up, misfit_up), (nu_down, misfit_down) = (curves.fit(up=up) for up in (True, False))
    return {
        "nonlinearity_up": nu_up,
        "nonlinearity_down": nu_down,
        "misfit_up": misfit_up,
        "misfit_down": misfit_down,
        "symmetry_error": curves.symmetry_error,
        "dynamic_range": curves.dynamic_range,
        "noise": curves.noise,
        "levels": curves.levels,
        "levels_of_device": curves.device.num_levels,
    }


def _plain(value: Any) -> Any:
    """None for what JSON has no number for."""
    return None if isinstance(value, float) and not math.isfinite(value) else value


def text_of(name: str, curves: LearningCurves) -> str:
    """The same for people."""
    from pbit.devices.synapses import synapse_kind

    device, kind, found = curves.device, synapse_kind(name), _figures(curves)
    first, last = (_amplitude(curves, k) for k in (0, -1))
    train = first if first == last else f"{first} to {last}"
    low, high = (quantity(S, "S") for S in (device.lowest_S, device.highest_S))
    levels = "continuous" if device.num_levels is None else f"{device.num_levels} levels"
    rows = [
        ("device", f"{name}: {kind.what}"),
        ("conductance", f"{low} to {high}, {levels}"),
        ("pulses", f"{curves.amplitudes.size} up and down, {train}"),
        ("devices", str(len(curves.up))),
        ("nonlinearity", f"{found['nonlinearity_up']:.3g} up, {found['nonlinearity_down']:.3g} down"
                         f"  (misfit {found['misfit_up']:.2g}, {found['misfit_down']:.2g})"),
        ("symmetry error", f"{found['symmetry_error']:.3g} of the range"),
        ("dynamic range", f"{found['dynamic_range']:.4g}"),
        ("noise", f"{found['noise']:.3g} of the range a pulse"),
        ("levels told apart", str(found["levels"])),
        ("seed", str(curves.seed)),
    ]  # fmt: skip
    return "\n".join(f"{title:<19} {value}" for title, value in rows)


def _amplitude(curves: LearningCurves, k: int) -> str:
    """An amplitude with its unit; no prefix before a density."""
    value, unit = float(curves.amplitudes[k]), curves.device.drive_unit
    return f"{value:.4g} {unit}" if "/" in unit else quantity(value, unit)
