"""What ``pbit device oscillator`` tells about an oscillator."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from pbit.cli.reports.fit_report import agreement_record, agreement_rows, finite, table_of
from pbit.cli.units import quantity, with_error
from pbit.versions import versions

if TYPE_CHECKING:
    from pbit.devices.oscillator import AutoOscillator, Characterised, TuningFit

_ROWS = (
    ("threshold", "threshold_A", "A"),
    ("power", "power", ""),
    ("frequency", "frequency_Hz", "Hz"),
    ("power relaxes in", "relaxation_s", "s"),
    ("linewidth", "linewidth_Hz", "Hz"),
)
_FIELDS = (
    ("frequency at 0", "frequency_Hz", "Hz"),
    ("damping / 2 pi", "damping_Hz", "Hz"),
    ("shift N / 2 pi", "shift_Hz", "Hz"),
    ("damping's growth Q", "nonlinear_damping", ""),
    ("threshold", "threshold_A", "A"),
    ("noise D_n / 2 pi", "noise_Hz", "Hz"),
    ("signal at p = 1", "signal_V", "V"),
)
_NARROW = 0.15  # of 2 Gamma_p


def presets_text() -> str:
    """Presets, and what is known and assumed of them."""
    from click import wrap_text

    from pbit.devices.oscillator import PRESETS

    lines = []
    for name, each in PRESETS.items():
        lines.append(f"{name}  (at {each.supercriticality:g} times the threshold)")
        lines += [wrap_text(line, 78, "    ", "      ") for line in
                  (each.source, each.known, each.note)]  # fmt: skip
    return "\n".join(lines)


def record_of(
    found: Characterised, *, fit: TuningFit | None = None, load_ohm: float = 50.0
) -> dict[str, Any]:
    """The oscillator, its laws and what was simulated, as plain data."""
    laws = found.laws()
    estimates = {name: getattr(found, name) for _, name, _ in _ROWS}
    record: dict[str, Any] = {
        "oscillator": vars(found.oscillator),
        "current_A": found.current_A,
        "supercriticality": float(found.oscillator.supercriticality(found.current_A)),
        "nonlinearity": float(found.oscillator.nonlinearity(found.current_A)),
        "emitted_power_W": _emitted(found, load_ohm),
        "law": {name: finite(value) for name, value in laws.items()},
        "simulated": {name: finite(each.value) for name, each in estimates.items()}
        | {"half_bandwidth_Hz": found.locking.measured_Hz},
        "standard_error": {name: finite(each.error) for name, each in estimates.items()},
        "strength_Hz": found.strength_Hz,
        "harmonic": found.harmonic,
        "detunings_Hz": found.locking.detunings_Hz.tolist(),
        "locked": found.locking.locked.tolist(),
        "seed": found.seed,
        "versions": versions(),
    }
    if fit is not None:
        errors = {name: finite(value) for name, value in fit.errors.items()}
        record["fit"] = {"standard_error": errors, **agreement_record(fit)}
    return record


def _emitted(found: Characterised, load_ohm: float) -> float:
    from pbit.devices.oscillator import emitted_power_W

    return float(emitted_power_W(found.oscillator, found.current_A, load_ohm=load_ohm))


def text_of(found: Characterised, *, fit: TuningFit | None = None, load_ohm: float = 50.0) -> str:
    """The same for people."""
    oscillator, current = found.oscillator, found.current_A
    errors = {} if fit is None else fit.errors
    zeta = float(oscillator.supercriticality(current))
    rows = [(title, _field(oscillator, name, unit, errors)) for title, name, unit in _FIELDS]
    if fit is not None:
        rows += agreement_rows(fit, "an oscillator of this kind", "some columns have no errors")
    rows += [
        ("current", f"{quantity(current, 'A')}, {zeta:.4g} times the threshold"),
        ("nonlinearity nu", f"{float(oscillator.nonlinearity(current)):.4g}"),
        ("emitted power", f"{quantity(_emitted(found, load_ohm), 'W')} into {load_ohm:g} ohm"),
        ("signal", f"{quantity(found.strength_Hz, 'Hz')} x 2 pi on c, harmonic {found.harmonic}"),
        ("seed", str(found.seed)),
    ]
    laws = found.laws()
    lines = [table_of(rows), "", f"{'':<19} {'law':<16} simulated"]
    for title, name, unit in _ROWS:
        law = quantity(laws[name], unit) if unit else f"{laws[name]:.4g}"
        lines.append(f"{title:<19} {law:<16} {with_error(getattr(found, name), unit)}")
    law = quantity(laws["half_bandwidth_Hz"], "Hz")
    lines.append(f"{'locks within +-':<19} {law:<16} {quantity(found.locking.measured_Hz, 'Hz')}")
    if laws["linewidth_Hz"] > _NARROW / (2 * math.pi * laws["relaxation_s"]):
        lines.append(
            "\nthe laws of linewidth and locking are of powers that relax faster than this"
        )
    return "\n".join(lines)


def _field(oscillator: AutoOscillator, name: str, unit: str, errors: dict[str, float]) -> str:
    value = float(getattr(oscillator, name))
    if name in errors:
        return with_error((value, errors[name]), unit)
    return quantity(value, unit) if unit else f"{value:.4g}"
