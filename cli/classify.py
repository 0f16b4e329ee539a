"""``pbit classify``: classes of rows by a machine that has learnt labels."""

from __future__ import annotations

from typing import Any

from pbit.cli import options as shared
from pbit.cli.command import carry_out, command
from pbit.cli.learning import in_values, labels_of, load, rows_for
from pbit.cli.output import deliver, write_text
from pbit.cli.record import to_json
from pbit.cli.reports.classify_report import csv_of, record_of, text_of
from pbit.cli.running import Bar, Interrupt

_AT_A_TIME = 1000


@command()
@shared.machine()
@shared.data()
@shared.threshold
@shared.labels
@shared.output("Write class, probability and label of each row (csv).")
@shared.as_json
@shared.quiet
def classify(**options: Any) -> None:
    """Tell the classes of the rows of DATA by the machine in MODEL, which has learnt labels.

    Where DATA have labels, too, also the accuracy, and what is taken for what.

    Exit status: 0 done, 2 usage, 4 a file refused, 130 interrupted.
    """
    machine = load(options["machine"], "predict_proba", command="pbit classify")
    data = rows_for(machine, options)
    proba = _run(machine, in_values(machine, data.spins), quiet=options["quiet"])
    labels = labels_of(data, options["labels"])
    record = record_of(machine, proba, labels, options | {"source": data.source})
    deliver(
        to_json(record) if options["as_json"] else text_of(record, options["output"]),
        (options["output"], lambda path: write_text(path, csv_of(record))),
    )


def _run(machine: Any, rows: Any, *, quiet: bool) -> Any:
    """Probabilities (rows, classes)."""
    import numpy as np

    def work(interrupt: Interrupt, bar: Bar) -> Any:
        parts = []
        for first in range(0, len(rows), _AT_A_TIME):
            parts.append(machine.predict_proba(rows[first : first + _AT_A_TIME]))
            bar.show(min(1.0, (first + _AT_A_TIME) / len(rows)), f"{len(rows)} rows")
        return np.concatenate(parts)

    return carry_out(work, quiet=quiet, patient=False)
