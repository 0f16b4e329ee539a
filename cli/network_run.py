"""``pbit network run``: one published system measured, seed after seed."""

from __future__ import annotations

import json
from typing import Any

import click

from pbit.cli import options as shared
from pbit.cli.command import command
from pbit.cli.network_options import System, data, first_seed, seeds, size
from pbit.cli.network_runs import entries_of
from pbit.cli.output import deliver
from pbit.cli.status import INTERRUPTED


@command()
@click.argument("experiment", metavar="ID", type=System())
@seeds(5)
@first_seed
@size
@data
@click.option(
    "--prices",
    type=click.Choice(["none", "z1-spice", "fpga"]),
    default="none",
    show_default=True,
    help="Energies, assumed prices times counts.",
)
@shared.quiet
@shared.as_json
@shared.plot("Draw what was measured to .png, .pdf, .svg.")
def run(**options: Any) -> int:
    """Measure the published system ID, or that of a card, ID.toml.

    Beside the claim stands what was measured over some seeds, with the 95 % interval of its mean,
    and the same without devices. pbit network list shows the IDs.

    Exit status: 0 done, 2 usage, 4 a card or a data set refused, 130 interrupted (seeds that were
    done are told and drawn).
    """
    from pbit.cli.reports.network_plot import draw_network
    from pbit.cli.reports.network_report import record_of, text_of

    [(experiment, results, seeds_used)], interrupted = entries_of([options["experiment"]], options)
    text = (
        json.dumps([record_of(experiment, results, seeds_used)], indent=2, allow_nan=False)
        if options["as_json"]
        else text_of(experiment, results, seeds_used, options["prices"])
    )
    deliver(text, (options["plot"], lambda path: draw_network(path, experiment, results)))
    return INTERRUPTED if interrupted else 0
