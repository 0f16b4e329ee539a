"""What ``pbit device fit`` tells about a junction, and the chip that it writes."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from textwrap import wrap
from typing import TYPE_CHECKING, Any

from pbit.cli.units import quantity, with_error
from pbit.devices.fitting.agreement import ALPHA
from pbit.versions import versions

if TYPE_CHECKING:
    from pbit.devices.fitting.agreement import Agreement, Finding
    from pbit.devices.fitting.fit import JunctionFit
    from pbit.devices.mtj import Junction

_COLUMNS, _LABEL = 80, 20
_CHANCES = ("chi_square", "p_value", "significance")


def record_of(found: JunctionFit, *, assumed: bool = True) -> dict[str, Any]:
    """The junction as plain data; ``assumed``: nobody told its resistance."""
    return {
        "junction": vars(found.junction)
        | {"tmr_half_voltage_V": finite(found.junction.tmr_half_voltage_V)},
        "tau_s": found.junction.tau_s,
        "pbit_gain_per_A": found.junction.pbit_gain_per_A,
        "offset": float(found.junction.pbit_input(0.0)),
        "power_W": _watts(found.junction),
        "resistance_assumed": assumed,
        "standard_error": {key: finite(value) for key, value in found.errors.items()},
        **agreement_record(found),
        "versions": versions(),
    }


def agreement_record(found: Agreement) -> dict[str, Any]:
    """Whether a fit holds, as plain data."""
    return {
        "chi_square": finite(found.chi_square),
        "degrees_of_freedom": found.degrees_of_freedom,
        "p_value": finite(found.p_value),
        "error_scale": found.scale,
        "holds": found.holds,
        "findings": [_finding_record(each) for each in found.findings],
    }


def _finding_record(found: Finding) -> dict[str, Any]:
    told = {key: finite(value) for key, value in found.values.items()}
    chances = {key: finite(getattr(found, key)) for key in _CHANCES}
    return {"cause": found.cause, "shape": found.shape, "words": found.words, **told, **chances}


def finite(value: float) -> float | None:
    return value if math.isfinite(value) else None


def text_of(found: JunctionFit, *, assumed: bool = True) -> str:
    """The junction for people; ``assumed``: nobody told its resistance."""
    junction, errors = found.junction, found.errors
    gain = junction.pbit_gain_per_A * 1e-6
    barrier = (junction.barrier, errors.get("barrier", math.nan))
    known = "" if "barrier" in errors else " (the attempt frequency is assumed)"
    rows = [
        ("dwell time at rest", with_error((junction.tau_s, junction.tau_s * errors["tau_s"]), "s")),
        ("p-bit gain", f"{with_error((gain, gain * errors['pbit_gain_per_A']))} per uA"),
        ("input at no current", with_error((float(junction.pbit_input(0.0)), errors["offset"]))),
        ("barrier", f"{with_error(barrier)} kT{known}"),
        ("critical current", quantity(junction.critical_current_A, "A")),
        ("stray field", f"{junction.asymmetry:.3g} of the anisotropy field"),
        ("power of a p-bit", _power(junction, assumed=assumed)),
        *agreement_rows(found, "a junction of this kind", "no numbers of dwells"),
    ]
    return table_of(rows)


def _watts(junction: Junction) -> float:
    from pbit.hardware.from_junction import power_of_junction

    return power_of_junction(junction).power_W


def _power(junction: Junction, *, assumed: bool) -> str:
    watts = quantity(_watts(junction), "W")
    ohms = quantity(junction.resistance_P_ohm, "ohm")
    if not assumed:
        return f"{watts} at an input of 1, {ohms} in P"
    return f"{watts} at an input of 1, if it has {ohms} in P: give --resistance"


def table_of(rows: Iterable[tuple[str, str]]) -> str:
    """Rows of a name and a text, which is wrapped below itself."""
    return "\n".join(_folded(*row) for row in rows)


def _folded(name: str, text: str) -> str:
    first, *others = wrap(text, _COLUMNS - _LABEL, break_on_hyphens=False) or [""]
    return "\n".join([f"{name:<{_LABEL - 1}} {first}", *(" " * _LABEL + line for line in others)])


def agreement_rows(found: Agreement, kind: str, unknown: str) -> Iterator[tuple[str, str]]:
    """Whether a fit holds, in words; ``unknown`` says why chi-square is not known."""
    tested = not math.isnan(found.p_value)
    yield "agreement", found.verdict if tested else f"not tested, {unknown}"
    if found.scale > 1:
        yield "errors", f"{found.scale:.3g} x those of the data: chi-square says so"
    for each in found.findings:
        yield "residuals", each.shape
        yield "", f"{each.words}{_how_well(each)}"
        then = ", ".join(told_by(each))
        if then:
            yield "", f"then {then}"
    if not found.holds:
        yield "verdict", f"not {kind}: the numbers above are not to be used"


def _how_well(found: Finding) -> str:
    if math.isnan(found.p_value):
        return ", which explains most of them"
    fits = "fits" if found.p_value >= ALPHA else "is better, but does not fit either"
    return f" {fits} (chi-square {found.chi_square:.3g})"


def told_by(found: Finding) -> Iterator[str]:
    """What the numbers asked for are under an extended model."""
    if "tau_s" in found.values:
        tau = found.values["tau_s"]
        yield f"dwell time at rest {with_error((tau, tau * found.values['tau_error']), 's')}"
    if "pbit_gain_per_A" in found.values:
        yield f"gain {found.values['pbit_gain_per_A'] * 1e-6:.4g} per uA"


def chip_of(found: JunctionFit, source: str, *, assumed: bool = True) -> str:
    """A chip file of this junction, what is not measured left as it is on the ideal chip."""
    junction = found.junction
    name = "".join(c for c in source if c.isprintable() and c not in '"\\')
    return "\n".join(
        [
            f'name = "junctions of {name}"',
            *([] if found.holds else [f"# NOT such junctions: agreement {found.verdict}"]),
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
            f"resistance_P_ohm = {junction.resistance_P_ohm!r}{'  # assumed' * assumed}",
            f"tmr = {junction.tmr!r}",
            f"temperature_K = {junction.temperature_K!r}",
            "",
        ]
    )
