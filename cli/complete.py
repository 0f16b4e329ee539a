"""``pbit complete``: what is missing in rows of data, drawn given what is there."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from pbit.checks import ArgumentError
from pbit.cli import options as shared
from pbit.cli import values
from pbit.cli.command import carry_out, command
from pbit.cli.learning import (
    bits_of,
    in_values,
    kind_of,
    labels_of,
    learnt_from,
    load,
    rows_for,
    sklearn_seed,
    up,
)
from pbit.cli.refusals import InputRefused
from pbit.cli.reports.rows_plot import grey
from pbit.cli.rows_file import ShownRows
from pbit.cli.running import Bar, Interrupt
from pbit.cli.showing import check_pictures, show_rows
from pbit.versions import versions

if TYPE_CHECKING:
    from pbit.problems.learning import DataSet


@command()
@shared.machine()
@shared.data("PARTIAL")
@shared.threshold
@shared.labels
@shared.steps("Gibbs steps of a machine that samples.  [default: 200]")
@shared.output("Write to .npz, .npy, .csv, or images side by side to .png.", values.RowsFile())
@shared.plot("Draw what was there and what came of it.", unnamed="completed.png")
@shared.seed
@shared.as_json
@shared.quiet
def complete(**options: Any) -> None:
    """Draw what is missing in the rows of PARTIAL, given what is there, by the machine in MODEL.

    Missing is NaN, in tables an empty field or ?, and in a npz what the array "known" has False.
    Where the machine has learnt labels and PARTIAL has some, they are held, too.

    Exit status: 0 done, 2 usage, 4 a file refused, 5 too large for this machine, 130 interrupted.
    """
    machine = load(options["machine"], "complete", command="pbit complete")
    about = learnt_from(machine)
    check_pictures(options, about.image_shape)
    data = rows_for(machine, options, missing=True)
    if data.known is None or data.known.all():
        raise InputRefused(
            f"{data.source}: all values are there, expected some to complete; leave fields empty, "
            'or write NaN or ?, or an array "known" in a npz'
        )
    bits = up(machine, _run(machine, data, options))
    rows = ShownRows(bits, about.image_shape, about.names, labels_of(data, options["labels"]))
    missing = float((~data.known).mean())
    record = {
        "model": kind_of(machine),
        "file": options["machine"],
        "partial": data.source,
        "missing": missing,
        "seed": options["seed"],
        "versions": versions(),
    }
    table = f"completed   {data.num_rows} rows, {missing:.1%} of their values"
    bands = {
        "given": _images(bits_of(data), rows, data.known),
        "completed": _images(bits, rows),
    }
    show_rows(rows, record, options, bands=bands, table=table)


def _images(bits: Any, rows: ShownRows, known: Any = None) -> Any:
    shown = grey(bits, known)
    return shown.reshape(rows.images.shape)


def _run(machine: Any, data: DataSet, options: dict[str, Any]) -> Any:
    import numpy as np

    partial = np.where(np.asarray(data.known), in_values(machine, data.spins), np.nan)
    if not hasattr(machine, "sample"):
        if options["n_steps"] is not None:
            raise click.UsageError("--steps is for machines that sample, not for memories")
        machine.set_params(random_state=sklearn_seed(options["seed"]))
        return carry_out(lambda *_: machine.complete(partial), quiet=options["quiet"])
    given = {} if options["n_steps"] is None else {"n_steps": options["n_steps"]}
    labels = labels_of(data, options["labels"]) if len(machine.classes_) else None

    def work(interrupt: Interrupt, bar: Bar) -> Any:
        bar.show(None, f"{data.num_rows} rows")
        seed = sklearn_seed(options["seed"])
        return machine.complete(partial, labels=labels, random_state=seed, **given)

    try:
        return carry_out(work, quiet=options["quiet"], patient=False)
    except ArgumentError as error:
        if error.argument != "y":
            raise
        raise InputRefused(f"{data.source}: {error.sentence('labels')}") from error
