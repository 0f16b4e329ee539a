"""``pbit device sigmoid``: a p-bit from its measured mean state against voltage."""

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
from pbit.cli.reports.sigmoid_report import chip_of, record_of, text_of

if TYPE_CHECKING:
    from pbit.devices.fitting.sigmoid import SigmoidFit
    from pbit.hardware.parameters import Hardware

NOT_HELD = 3


@command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--unit", "unit_V", type=values.FINITE, metavar="V",
              help="Volts of one unit of the input on the chip.  [default: V0]")  # fmt: skip
@click.option("--zero", "zero_V", type=values.FINITE, metavar="V",
              help="Volts at the input 0 on the chip.  [default: V50]")  # fmt: skip
@shared.chip_output("Write a chip of such p-bits: pbit solve --hardware.")
@shared.columns
@shared.force
@shared.as_json
def sigmoid(file: Path, **options: Any) -> int:
    """Fit V0 and V50 to the mean states in FILE, measured at several voltages.

    The mean is tanh((V - V50) / V0), rising or falling. Columns with a header that names them and
    their units: voltage_mV, then mean (-1 to 1) or P (0 to 1), perhaps num_samples, independent
    samples behind each, or mean_error or P_error. On the chip of --chip an input x is a voltage of
    zero + unit x.

    Exit status: 0 done, 2 usage, 3 not a sigmoid of this kind (0 with --force), 4 file refused.
    """
    found = _fit(file, options["columns"])
    chip, trusted = options["chip"], found.holds or options["force"]
    made = _made(found, options)
    if chip is not None and trusted:
        write_text(chip, chip_of(found, made, file.name))
    click.echo(to_json(record_of(found, made)) if options["as_json"] else text_of(found, made))
    if chip is not None and not options["as_json"]:
        click.echo(f"{'chip':<19} {chip if trusted else 'not written; --force writes it'}")
    return 0 if trusted else NOT_HELD


def _fit(file: Path, columns: str | None) -> SigmoidFit:
    from pbit.devices.fitting.sigmoid import fit_sigmoid
    from pbit.hardware.files.sigmoids import read_sigmoid

    with refused(file):
        measured = read_sigmoid(file, columns=columns, told_by="--columns")
    try:
        return fit_sigmoid(measured.pop("voltage_V"), measured.pop("mean"), **measured)
    except ValueError as error:
        raise InputRefused(f"{file}: {error}") from error


def _made(found: SigmoidFit, options: dict[str, Any]) -> Hardware:
    """The chip; that the fit does not hold is in the report."""
    import warnings

    from pbit.hardware.from_sigmoid import hardware_of_sigmoid

    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)
        return hardware_of_sigmoid(found, unit_V=options["unit_V"], zero_V=options["zero_V"])
