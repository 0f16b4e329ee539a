"""``pbit device synapse``: learning curves of a synapse device."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from pbit.cli import options as shared
from pbit.cli.command import command
from pbit.cli.output import write_whole
from pbit.cli.record import to_json
from pbit.cli.registered import SYNAPSE
from pbit.cli.reports.synapse_report import record_of, text_of

if TYPE_CHECKING:
    from pbit.devices.synapses import LearningCurves

_SPREADS = (
    ("--conductance-d2d", "Of the conductance range, from device to device."),
    ("--window-d2d", "Of its width, from device to device."),
    ("--drive-d2d", "Of the part of a pulse that arrives, from device to device."),
    ("--drive-c2c", "The same, from pulse to pulse."),
)


def _list_kinds(ctx: click.Context, _: click.Parameter, value: bool) -> None:
    if not value or ctx.resilient_parsing:
        return
    from pbit.devices.synapses.registry import KNOWN

    for name, kind in KNOWN.all().items():
        click.echo(f"{name:<15} {kind.what}")
        click.echo(f"{'':<15} {kind.source}")
    ctx.exit()


def _set(_: click.Context, __: click.Parameter, given: tuple[str, ...]) -> dict[str, Any]:
    return dict(_parsed(text) for text in given)


def _parsed(text: str) -> tuple[str, Any]:
    name, equals, listing = text.partition("=")
    try:
        numbers = [_number(word) for word in listing.split(",")]
    except ValueError:
        equals = ""
    if not equals:
        raise click.BadParameter(f"must be PARAMETER=NUMBER or NUMBER,NUMBER,..., got {text!r:.60}")
    return name.strip(), numbers if len(numbers) > 1 else numbers[0]


def _number(word: str) -> int | float:
    return int(word) if word.strip().lstrip("+-").isdecimal() else float(word)


@command()
@click.argument("name", type=SYNAPSE, metavar="NAME")
@click.option("--set", "values", multiple=True, callback=_set, metavar="PARAMETER=NUMBER",
              help="Change a parameter; --json shows all.  May be repeated.")  # fmt: skip
@click.option("--pulses", type=int, default=64, show_default=True, help="Up, and as many down.")
@click.option("--devices", type=int, default=100, show_default=True, help="Devices.")
@click.option("--ramp", nargs=2, type=float, metavar="FIRST LAST",
              help="Amplitudes over the write pulse.  [default: the device's]")  # fmt: skip
@shared.together(*(click.option(name, type=float, default=0.0, metavar="FRACTION", help=text)
                   for name, text in _SPREADS))  # fmt: skip
@click.option("--list", is_flag=True, is_eager=True, expose_value=False, callback=_list_kinds,
              help="Print the kinds of devices and where they are from.")  # fmt: skip
@shared.seed
@shared.as_json
@shared.plot("Draw the curves.", unnamed="synapse.png")
def synapse(name: str, **options: Any) -> None:
    """Give synapse devices of kind NAME pulses up and down, and measure what they learn.

    --list prints the kinds. Curves of the conductance against pulses, with their spread over
    devices, and the figures that learning depends on: nonlinearity (nu of an exponential, 0 is
    straight), symmetry error, dynamic range, noise, and levels that one reading tells apart.
    Parameters are round numbers.

    Exit status: 0 done, 2 usage, 5 too large.
    """
    curves = _curves(name, options)
    if options["as_json"]:
        click.echo(to_json(record_of(name, curves)))
    else:
        click.echo(text_of(name, curves))
    if options["plot"] is not None:
        _draw(options["plot"], name, curves)
        if not options["as_json"]:
            click.echo(f"{'plot':<19} {options['plot']}")


def _curves(name: str, options: dict[str, Any]) -> LearningCurves:
    from pbit.devices.synapses import SynapseVariation, plasticity, synapse_of

    try:
        device = synapse_of(name, options["values"])
    except (TypeError, ValueError) as error:
        raise click.UsageError(f"--set: {error}") from error
    spreads = {flag[2:].replace("-", "_"): 0.0 for flag, _ in _SPREADS}
    return plasticity(
        device,
        pulses=options["pulses"],
        devices=options["devices"],
        ramp=options["ramp"],
        variation=SynapseVariation(**{key: options[key] for key in spreads}),
        seed=options["seed"],
    )


def _draw(path: Path, name: str, curves: LearningCurves) -> None:
    from pbit.cli.reports.synapse_plot import synapse_figure

    figure = synapse_figure(name, curves)
    write_whole(path, lambda temporary: figure.savefig(temporary, dpi=150))
