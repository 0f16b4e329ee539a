"""``pbit device fit``: a junction from its measured dwell times."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from pbit.cli import options as shared
from pbit.cli.command import command
from pbit.cli.output import write_text
from pbit.cli.record import to_json
from pbit.cli.refusals import InputRefused, refused
from pbit.cli.reports.fit_report import chip_of, record_of, text_of

if TYPE_CHECKING:
    from pbit.devices.fitting.fit import JunctionFit

NOT_HELD = 3
_FIELDS = ("attempt_frequency_Hz", "barrier_exponent", "resistance_P_ohm", "tmr", "temperature_K")


@command()
@click.argument("file", type=click.Path(path_type=Path))
@shared.junction_options
@click.option("--fit-phi0", is_flag=True, help="Fit the attempt frequency, with --n above 1.")
@shared.temperature("Of the measurement.  [default: 300]")
@shared.chip_output("Write a chip of such junctions: pbit solve --hardware.")
@shared.columns
@shared.force
@shared.as_json
def fit(file: Path, **options: Any) -> int:
    """Fit a junction to the dwell times in FILE, measured at several currents.

    Columns with a header that names them and their units, current_uA,dwell_P_us,dwell_AP_us, and
    perhaps num_dwells, the number of dwells behind each mean; positive currents favour P. With --n
    1 the attempt frequency cannot be told from one temperature, and a p-bit does not depend on it.

    The fit says whether the junction's law holds: 1 of 500 data sets that follow it fail. Where it
    does not, errors are scaled, the shape of the residuals is named, and no chip is written
    without --force.

    Exit status: 0 done, 2 usage, 3 not a junction of this kind (0 with --force), 4 file refused.
    """
    given = _given(options)
    found = _fit(file, given, options)
    assumed = "resistance_P_ohm" not in given
    chip, trusted = options["chip"], found.holds or options["force"]
    if chip is not None and trusted:
        write_text(chip, chip_of(found, file.name, assumed=assumed))
    as_json = options["as_json"]
    told = record_of(found, assumed=assumed) if as_json else text_of(found, assumed=assumed)
    click.echo(told if isinstance(told, str) else to_json(told))
    if chip is not None and not options["as_json"]:
        click.echo(f"{'chip':<19} {chip if trusted else 'not written; --force writes it'}")
    return 0 if trusted else NOT_HELD


def _given(options: dict[str, Any]) -> dict[str, Any]:
    """What is known of the junction; what no junction has is refused before the file is read."""
    from pbit.devices.mtj import Junction

    given = {name: options[name] for name in _FIELDS if options[name] is not None}
    if options["fit_phi0"]:
        if "attempt_frequency_Hz" in given:
            raise click.UsageError("--phi0 and --fit-phi0 exclude each other; give one of them")
        if given.get("barrier_exponent", 1.0) <= 1:
            raise click.UsageError("--fit-phi0 needs --n above 1: one temperature cannot tell it")
    Junction(8.0, **given)
    return given


def _fit(file: Path, given: dict[str, Any], options: dict[str, Any]) -> JunctionFit:
    from pbit.devices.fitting.fit import fit_junction
    from pbit.hardware.files.dwell_times import read_dwell_times

    with refused(file):
        table = read_dwell_times(file, columns=options["columns"], told_by="--columns")
    if options["fit_phi0"]:
        given = given | {"attempt_frequency_Hz": None}
    measured = (table.numbers[key] for key in ("current", "dwell_P", "dwell_AP"))
    try:
        return fit_junction(*measured, num_dwells=table.numbers.get("num_dwells"), **given)
    except ValueError as error:
        raise InputRefused(f"{file}: {error}") from error
