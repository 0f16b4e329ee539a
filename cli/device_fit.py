"""``pbit device fit``: a junction from its measured dwell times."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from pbit.cli import options as shared
from pbit.cli import values
from pbit.cli.command import command
from pbit.cli.output import write_text
from pbit.cli.record import to_json
from pbit.cli.refusals import InputRefused, refused
from pbit.cli.reports.fit_report import chip_of, record_of, text_of

if TYPE_CHECKING:
    from pbit.devices.fitting.fit import JunctionFit

_EXPECTED = "a current in A, mean dwell times in P and in AP in s, perhaps the number of dwells"
_FIELDS = ("attempt_frequency_Hz", "barrier_exponent", "resistance_P_ohm", "tmr", "temperature_K")


@command()
@click.argument("file", type=click.Path(path_type=Path))
@shared.junction_options
@click.option("--fit-phi0", is_flag=True, help="Fit the attempt frequency, with --n above 1.")
@shared.temperature("Of the measurement.  [default: 300]")
@click.option(
    "--chip",
    type=values.OutputFile(),
    help="Write a chip of such junctions: pbit solve --hardware.",
)
@shared.as_json
def fit(file: Path, **options: Any) -> None:
    """Fit a junction to the dwell times in FILE, measured at several currents.

    A line for each current: current in A (positive favours P), mean dwell time in P, in AP, in s,
    and the number of dwells behind each mean if it is known. With --n 1 the attempt frequency
    cannot be told from one temperature, and a p-bit does not depend on it.

    Exit status: 0 done, 2 usage, 4 file refused.
    """
    given = _given(options)
    found = _fit(file, given, free=options["fit_phi0"])
    chip = options["chip"]
    if chip is not None:
        write_text(chip, chip_of(found, file.name))
    click.echo(to_json(record_of(found)) if options["as_json"] else text_of(found))
    if chip is not None and not options["as_json"]:
        click.echo(f"{'chip':<19} {chip}")


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


def _fit(file: Path, given: dict[str, Any], *, free: bool) -> JunctionFit:
    from pbit.devices.fitting.fit import fit_junction

    columns = _columns(file)
    if free:
        given = given | {"attempt_frequency_Hz": None}
    try:
        return fit_junction(
            *columns[:3], num_dwells=columns[3] if len(columns) > 3 else None, **given
        )
    except ValueError as error:
        raise InputRefused(f"{file}: {error}") from error


def _columns(file: Path) -> list[Any]:
    from pbit.hardware.files.columns import read_columns

    with refused(file):
        rows = read_columns(file, (3, 4), _EXPECTED)
    if len({len(row) for _, row in rows}) > 1:
        raise InputRefused(f"{file}: some lines have a number of dwells and some have not")
    return list(zip(*(row for _, row in rows), strict=True)) if rows else [()] * 3
