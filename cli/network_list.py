"""``pbit network list``: published systems, and which of them work here."""

from __future__ import annotations

from typing import Any

import click

from pbit.cli.command import command
from pbit.cli.network_options import chosen, data, filters


@command()
@filters
@data
def list(**options: Any) -> None:
    """List the published systems that can be measured.

    Exit status: 0 done, 2 usage.
    """
    from pbit.cli.reports.network_report import listing

    click.echo(listing(chosen(options), options["data"]))
