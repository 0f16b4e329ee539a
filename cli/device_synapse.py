"""``pbit device synapse``: learning curves of a synapse device."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from pbit.checks import TooLargeError
from pbit.cli import options as shared
from pbit.cli.changes import parsed_changes
from pbit.cli.command import command
from pbit.cli.output import write_whole
from pbit.cli.record import to_json
from pbit.cli.refusals import TooLarge
from pbit.cli.registered import SYNAPSE
from pbit.cli.reports.synapse_report import kinds_text, record_of, text_of

if TYPE_CHECKING:
    from pbit.devices.synapses import LearningCurves

_TRAIN = ("pulses", "devices", "ramp")


@command()
@click.argument("name", type=SYNAPSE, metavar="[NAME]", required=False)
@click.argument("changes", nargs=-1, callback=parsed_changes, metavar="[PARAMETER=NUMBER]...")
@shared.seed
@shared.as_json
@shared.plot("Draw the curves.", unnamed="synapse.png")
def synapse(name: str | None, changes: dict[str, Any], **options: Any) -> None:
    """Give synapse devices of kind NAME pulses up and down, and measure what they learn.

    Curves of the conductance against pulses, with their spread over devices, and the figures that
    learning depends on: nonlinearity (nu of an exponential, 0 is straight), symmetry error, dynamic
    range, noise, and levels that one reading tells apart. Without NAME, the kinds are listed.

    PARAMETER=NUMBER changes the device, whose parameters are round numbers (--json shows all); the
    train: pulses=64 up and as many down, devices=100, ramp=FIRST,LAST amplitude over the write
    pulse; or adds variation, as fractions: conductance_d2d, window_d2d and drive_d2d from device to
    device, drive_c2c from pulse to pulse.

    Exit status: 0 done, 2 usage, 5 too large.
    """
    if name is None:
        click.echo(kinds_text())
        return
    curves = _curves(name, changes, options["seed"])
    click.echo(to_json(record_of(name, curves)) if options["as_json"] else text_of(name, curves))
    if options["plot"] is not None:
        _draw(options["plot"], name, curves)
        if not options["as_json"]:
            click.echo(f"{'plot':<19} {options['plot']}")


def _curves(name: str, changes: dict[str, Any], seed: int) -> LearningCurves:
    from dataclasses import fields

    from pbit.devices.synapses import SynapseVariation, plasticity, synapse_of

    spreads = {field.name for field in fields(SynapseVariation)}
    train = {key: changes[key] for key in _TRAIN if key in changes}
    others = {k: v for k, v in changes.items() if k not in spreads and k not in _TRAIN}
    try:
        device = synapse_of(name, others)
        variation = SynapseVariation(**{k: v for k, v in changes.items() if k in spreads})
        return plasticity(device, **train, variation=variation, seed=seed)
    except TooLargeError as error:
        raise TooLarge(str(error)) from error
    except (TypeError, ValueError) as error:
        raise click.UsageError(str(error)) from error


def _draw(path: Path, name: str, curves: LearningCurves) -> None:
    from pbit.cli.reports.synapse_plot import synapse_figure

    figure = synapse_figure(name, curves)
    write_whole(path, lambda temporary: figure.savefig(temporary, dpi=150))
