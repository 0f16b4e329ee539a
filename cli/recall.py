"""``pbit recall``: patterns that a memory recalls from noisy or incomplete ones."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from pbit.checks import ArgumentError
from pbit.cli import options as shared
from pbit.cli import values
from pbit.cli.command import carry_out, command
from pbit.cli.learning import (
    NO_LABELS,
    bits_of,
    in_values,
    learnt_from,
    load,
    rows_for,
    sklearn_seed,
    up,
)
from pbit.cli.reports.recall_report import record_of, table_of
from pbit.cli.reports.rows_plot import grey
from pbit.cli.rows_file import ShownRows
from pbit.cli.showing import check_pictures, show_rows

if TYPE_CHECKING:
    from pbit.problems.learning import DataSet

_BETA = values.Number("> 0", lambda beta: beta > 0)
_OF_MEMORIES = ("beta", "num_sweeps", "dynamics")


@command()
@shared.machine("MEMORY")
@shared.data("PROBES")
@shared.threshold
@click.option(
    "--dynamics",
    type=click.Choice(["fixed", "annealed", "tempered"]),
    help="Sweeps at --beta, cooled to it, or replicas down to it; tempered needs missing values.  "
    "[default: fixed]",
)
@shared.beta("Inverse temperature; inf ends in a fixed point.  [default: inf]", _BETA)
@shared.sweeps("With noise.  [default: 100]", click.IntRange(0))
@shared.output("Write to .npz, .npy, .csv, or images side by side to .png.", values.RowsFile())
@shared.plot("Draw probes and what they recall.", unnamed="recalled.png")
@shared.seed
@shared.threads()
@shared.as_json
@shared.quiet
def recall(**options: Any) -> None:
    """Recall the patterns in MEMORY (of pbit train --model hopfield) that PROBES resemble.

    Values that are missing in a probe (NaN, in tables an empty field or ?) begin as coins; those
    that are there are then held, else all may turn.

    Exit status: 0 done, 2 usage, 4 a file refused, 5 too large for this machine, 130 interrupted.
    """
    memory = load(options["machine"], "overlap", command="pbit recall")
    about = learnt_from(memory)
    check_pictures(options, about.image_shape)
    data = rows_for(memory, options | {"labels": NO_LABELS}, missing=True)
    recalled = _run(memory, data, options)
    record = record_of(memory, data, recalled, options)
    rows = ShownRows(up(memory, recalled), about.image_shape, about.names)
    show_rows(rows, record, options, bands=_bands(data, rows), table=table_of(record))


def _run(memory: Any, data: DataSet, options: dict[str, Any]) -> Any:
    import numpy as np

    given = {name: options[name] for name in _OF_MEMORIES if options[name] is not None}
    threads = -1 if options["num_threads"] is None else options["num_threads"]
    memory.set_params(random_state=sklearn_seed(options["seed"]), n_jobs=threads, **given)
    probes = in_values(memory, data.spins)
    ask, rows = memory.predict, probes
    if data.known is not None and not data.known.all():
        ask, rows = memory.complete, np.where(data.known, probes, np.nan)
    try:
        return carry_out(lambda *_: ask(rows), quiet=options["quiet"], patient=False)
    except ArgumentError as error:
        if error.argument != "hot_beta":
            raise
        raise click.UsageError(
            f"--beta must be above {error.value:g}, where --dynamics {memory.dynamics} begins, "
            f"got {memory.beta:g}"
        ) from error


def _bands(data: DataSet, rows: ShownRows) -> dict[str, Any] | None:
    if rows.shape is None:
        return None
    shape = rows.images.shape
    return {
        "probes": grey(bits_of(data), data.known).reshape(shape),
        "recalled": grey(rows.bits).reshape(shape),
    }
