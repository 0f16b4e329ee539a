"""``pbit device fit``: a junction from its measured dwell times."""

from __future__ import annotations

import math
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from pbit.cli.output import check_distinct, check_writable, write_text
from pbit.cli.record import to_json
from pbit.cli.refusals import InputRefused
from pbit.cli.units import quantity, with_error
from pbit.versions import versions

if TYPE_CHECKING:
    from pbit.devices.fitting.fit import JunctionFit

_EXPECTED = "a current in A, mean dwell times in P and in AP in s, perhaps the number of dwells"


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--n", "exponent", type=float, default=1.0, show_default=True,
              help="Exponent of the barrier, 1 to 2.")  # fmt: skip
@click.option("--phi0", type=float, help="Attempt frequency in Hz, assumed.  [default: 1e9]")
@click.option("--fit-phi0", is_flag=True, help="Fit the attempt frequency, with --n above 1.")
@click.option("--resistance", type=float, metavar="OHM", help="Of the P state.")
@click.option("--tmr", type=float, help="Magnetoresistance, 1 for 100 %.")
@click.option("--temperature", type=float, metavar="K", help="Of the measurement.  [default: 300]")
@click.option("--chip", type=click.Path(dir_okay=False, path_type=Path),
              help="Write a chip of such junctions: pbit solve --hardware.")  # fmt: skip
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
def fit(file: Path, **options: Any) -> None:
    """Fit a junction to the dwell times in FILE, measured at several currents.

    A line for each current: current in A (positive favours P), mean dwell time in P, in AP, in s,
    and the number of dwells behind each mean if it is known. With --n 1 the attempt frequency
    cannot be told from one temperature, and a p-bit does not depend on it.

    Exit status: 0 done, 2 usage, 4 file refused.
    """
    if options["fit_phi0"] and options["phi0"] is not None:
        raise click.UsageError("--phi0 and --fit-phi0 exclude each other; give one of them")
    if options["fit_phi0"] and options["exponent"] <= 1:
        raise click.UsageError("--fit-phi0 needs --n above 1: one temperature cannot tell it")
    _check_numbers(options)
    check_writable("--chip", options["chip"])
    if options["chip"] is not None:
        check_distinct({"FILE": file, "--chip": options["chip"]})
    found = _fit(file, options)
    text = to_json(_record(found)) if options["as_json"] else _text(found)
    if options["chip"] is not None:
        write_text(options["chip"], _chip_of(found, file.name))
    click.echo(text)
    if options["chip"] is not None and not options["as_json"]:
        click.echo(f"{'chip':<19} {options['chip']}")


def _check_numbers(options: dict[str, Any]) -> None:
    """What no junction has, before the file is read."""
    from pbit.devices.mtj import Junction

    names = {"barrier_exponent": "n", "resistance_P_ohm": "resistance", "tmr": "tmr",
             "temperature_K": "temperature", "attempt_frequency_Hz": "phi0"}  # fmt: skip
    given = {field: options["exponent" if name == "n" else name] for field, name in names.items()}
    try:
        Junction(8.0, **{field: value for field, value in given.items() if value is not None})
    except ValueError as error:
        field, _, rest = str(error).partition(" ")
        raise click.UsageError(f"--{names[field]} {rest}") from error


def _fit(file: Path, options: dict[str, Any]) -> JunctionFit:
    from pbit.devices.fitting.fit import fit_junction
    from pbit.formats.errors import FormatError
    from pbit.hardware.files.columns import read_columns

    try:
        rows = read_columns(file, (3, 4), _EXPECTED)
    except FormatError as error:
        raise InputRefused(str(error)) from error
    except OSError as error:
        raise InputRefused(f"{file}: {error.strerror or error}") from error
    if len({len(row) for _, row in rows}) > 1:
        raise InputRefused(f"{file}: some lines have a number of dwells and some have not")
    columns = list(zip(*(row for _, row in rows), strict=True)) if rows else [()] * 3
    others = {
        field: options[name]
        for name, field in (("resistance", "resistance_P_ohm"), ("tmr", "tmr"),
                            ("temperature", "temperature_K"))
        if options[name] is not None
    }  # fmt: skip
    assumed = 1e9 if options["phi0"] is None else options["phi0"]
    phi0 = None if options["fit_phi0"] else assumed
    try:
        return fit_junction(
            *columns[:3],
            num_dwells=columns[3] if len(columns) > 3 else None,
            barrier_exponent=options["exponent"],
            attempt_frequency_Hz=phi0,
            **others,
        )
    except ValueError as error:
        raise InputRefused(f"{file}: {error}") from error


def _record(found: JunctionFit) -> dict[str, Any]:
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


def _text(found: JunctionFit) -> str:
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


def _chip_of(found: JunctionFit, source: str) -> str:
    """A chip file of this junction, what is not measured left as it is on the ideal chip."""
    junction = found.junction
    name = "".join(c for c in source if c.isprintable() and c not in '"\\')
    return "\n".join([
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
    ])  # fmt: skip
