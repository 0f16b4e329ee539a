"""``pbit network table``: all published systems, claim against measured."""

from __future__ import annotations

import json
from typing import Any

import click

from pbit.cli import options as shared
from pbit.cli.command import command
from pbit.cli.network_options import chosen, data, filters, first_seed, seeds, size
from pbit.cli.network_runs import entries_of
from pbit.cli.status import INTERRUPTED


@command()
@filters
@seeds(5)
@first_seed
@size
@data
@shared.quiet
@shared.as_json
def table(**options: Any) -> int:
    """Measure all published systems, or those that pass the filters: claim against measured.

    Means over seeds, with their 95 % intervals. What lacks data or a package is named and left
    out.

    Exit status: 0 done, 2 usage, 4 a data set refused, 130 interrupted (what was done is told).
    """
    from pbit.cli.reports.network_report import record_of, table_of
    from pbit.published import state_of

    wanted = chosen(options)
    ready = [each for each in wanted if not state_of(each, options["data"]).startswith("needs")]
    if not ready:
        names = ", ".join(each.id for each in wanted)
        raise click.UsageError(f"{names}: data or packages are missing; see pbit network list")
    entries, interrupted = entries_of(ready, options)
    left_out = [each for each in wanted if each not in ready]
    text = (
        json.dumps([record_of(*each) for each in entries], indent=2, allow_nan=False)
        if options["as_json"]
        else table_of(entries, left_out)
    )
    click.echo(text)
    return INTERRUPTED if interrupted else 0
