"""What ``pbit device mtj`` tells about a junction."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from pbit.cli.units import quantity, with_error
from pbit.versions import versions

if TYPE_CHECKING:
    from pbit.devices.fitting.characterise import Characterisation

_ROWS = (
    ("mean state", "mean", ""),
    ("dwell time in P", "dwell_P_s", "s"),
    ("dwell time in AP", "dwell_AP_s", "s"),
    ("correlation time", "correlation_time_s", "s"),
    ("cycles", "cycle_rate_Hz", "Hz"),
)


def record_of(result: Characterisation) -> dict[str, Any]:
    """The junction and what was simulated, as plain data."""
    junction, trace = result.junction, result.trace
    from_P, from_AP = junction.rates_Hz(result.current_A)
    closed = result.closed_forms()
    simulated = {name: getattr(result, name) for name in closed}
    return {
        "junction": {k: _plain(v) for k, v in vars(junction).items()},
        "tau_s": junction.tau_s,
        "pbit_gain_per_A": junction.pbit_gain_per_A,
        "current_A": result.current_A,
        "pbit_input": float(junction.pbit_input(result.current_A)),
        "rate_from_P_Hz": float(from_P),
        "rate_from_AP_Hz": float(from_AP),
        "closed_form": {name: _plain(value) for name, value in closed.items()},
        "simulated": {name: _plain(e.value) for name, e in simulated.items()},
        "standard_error": {name: _plain(e.error) for name, e in simulated.items()},
        "num_junctions": int(trace.initial_states.size),
        "duration_s": trace.duration_s,
        "switches": int(trace.switches_s.size),
        "seed": trace.seed,
        "versions": versions(),
    }


def _plain(value: float) -> float | None:
    """None for what JSON has no number for."""
    return value if math.isfinite(value) else None


def text_of(result: Characterisation) -> str:
    """The same for people."""
    junction, trace, current = result.junction, result.trace, result.current_A
    from_P, from_AP = (quantity(float(rate), "Hz") for rate in junction.rates_Hz(current))
    P = junction.resistance_P_ohm
    switches = f"{trace.switches_s.size} switches"
    rows = [
        ("barrier", f"{junction.barrier:.4g} kT at {junction.temperature_K:g} K, "
                    f"exponent {junction.barrier_exponent:g}"),
        ("attempt frequency", quantity(junction.attempt_frequency_Hz, "Hz")),
        ("dwell time at rest", f"{quantity(junction.tau_s, 's')} (no current, no stray field)"),
        ("critical current", quantity(junction.critical_current_A, "A")),
        ("stray field", f"{junction.asymmetry:g} of the anisotropy field"),
        ("p-bit gain", f"{junction.pbit_gain_per_A * 1e-6:.4g} per uA"),
        ("resistances", f"P {quantity(P, 'ohm')}, AP {quantity(P * (1 + junction.tmr), 'ohm')}"),
        ("current", f"{quantity(current, 'A')}, p-bit input "
                    f"{float(junction.pbit_input(current)):.4g}"),
        ("rates", f"{from_P} out of P, {from_AP} out of AP"),
        ("simulated", f"{trace.initial_states.size} junctions, {quantity(trace.duration_s, 's')} "
                      f"each, {switches}"),
        ("seed", str(trace.seed)),
    ]  # fmt: skip
    if junction.asymmetry == 0:
        rows = [row for row in rows if row[0] != "stray field"]
    lines = [f"{name:<19} {value}" for name, value in rows]
    lines += ["", f"{'':<19} {'closed form':<16} simulated"]
    closed = result.closed_forms()
    for title, name, unit in _ROWS:
        exact = quantity(closed[name], unit) if unit else f"{closed[name]:.4g}"
        lines.append(f"{title:<19} {exact:<16} {with_error(getattr(result, name), unit)}")
    return "\n".join(lines)
