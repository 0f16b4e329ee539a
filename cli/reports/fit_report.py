"""What ``pbit device fit`` tells about a junction, and the chip that it writes."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from pbit.cli.units import quantity, with_error
from pbit.versions import versions

if TYPE_CHECKING:
    from pbit.devices.fitting.fit import JunctionFit


def record_of(found: JunctionFit) -> dict[str, Any]:
    """The junction as plain data."""
    known = math.isfinite(found.chi_square)
    return {
        "junction": vars(found.junction)
        | {"tmr_half_voltage_V": _finite(found.junction.tmr_half_voltage_V)},
        "tau_s": found.junction.tau_s,
        "pbit_gain_per_A": found.junction.pbit_gain_per_A,
        "offset": float(found.junction.pbit_input(0.0)),
        "standard_error": {key: _finite(value) for key, value in found.errors.items()},
        "chi_square": found.chi_square if known else None,
        "degrees_of_freedom": found.degrees_of_freedom,
        "versions": versions(),
    }


def _finite(value: float) -> float | None:
    return value if math.isfinite(value) else None


def text_of(found: JunctionFit) -> str:
    """The junction for people."""
    junction, errors = found.junction, found.errors
    gain = junction.pbit_gain_per_A * 1e-6
    barrier = (junction.barrier, errors.get("barrier", math.nan))
    known = "" if "barrier" in errors else " (the attempt frequency is assumed)"
    goodness = f"chi-square {found.chi_square:.3g} on {found.degrees_of_freedom}"
    rows = [
        ("dwell time at rest", with_error((junction.tau_s, junction.tau_s * errors["tau_s"]), "s")),
        ("p-bit gain", f"{with_error((gain, gain * errors['pbit_gain_per_A']))} per uA"),
        ("input at no current", with_error((float(junction.pbit_input(0.0)), errors["offset"]))),
        ("barrier", f"{with_error(barrier)} kT{known}"),
        ("critical current", quantity(junction.critical_current_A, "A")),
        ("stray field", f"{junction.asymmetry:.3g} of the anisotropy field"),
        ("agreement", goodness if math.isfinite(found.chi_square) else "no numbers of dwells"),
    ]
    return "\n".join(f"{name:<19} {value}" for name, value in rows)


def chip_of(found: JunctionFit, source: str) -> str:
    """A chip file of this junction, what is not measured left as it is on the ideal chip."""
    junction = found.junction
    name = "".join(c for c in source if c.isprintable() and c not in '"\\')
    return "\n".join(
        [
            f'name = "junctions of {name}"',
            "# Stray fields differ from junction to junction; this is what one of them shows.",
            "# offset_spread = 0.1",
            "# gain_spread = 0.1",
            "",
            "[junction]",
            f"barrier = {junction.barrier!r}",
            f"attempt_frequency_Hz = {junction.attempt_frequency_Hz!r}",
            f"critical_current_A = {junction.critical_current_A!r}",
            f"barrier_exponent = {junction.barrier_exponent!r}",
            f"asymmetry = {junction.asymmetry!r}",
            f"resistance_P_ohm = {junction.resistance_P_ohm!r}",
            f"tmr = {junction.tmr!r}",
            f"temperature_K = {junction.temperature_K!r}",
            "",
        ]
    )
