"""Commands that measure row after row: what was done by Ctrl-C is kept, printed and written."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from pbit.cli.command import carry_out
from pbit.cli.output import deliver, write_text
from pbit.cli.record import to_json
from pbit.cli.running import Bar, Interrupt

if TYPE_CHECKING:
    from pbit.run.control import Progress

Row = TypeVar("Row")


def rows_done(
    make: Callable[[Interrupt, Callable[..., None]], Iterator[Row]],
    total: int,
    what: str,
    *,
    quiet: bool,
) -> tuple[list[Row], bool]:
    """Rows that were done, and whether that was not all of them.

    ``make`` gives row after row, handed the interrupt and what shows the progress of a row. The
    bar says ``what``, such as "row", with its number.

    Raises
    ------
    KeyboardInterrupt
        Before the first row was done.
    """
    rows: list[Row] = []

    def work(interrupt: Interrupt, bar: Bar) -> None:
        def show(report: Progress | None = None) -> None:
            inside = report.fraction or 0.0 if report is not None else 0.0
            text = f"{what} {min(len(rows) + 1, total)} of {total}"
            bar.show((len(rows) + inside) / total, text)

        for row in make(interrupt, show):
            rows.append(row)
            show()

    with suppress(KeyboardInterrupt):  # the rows that were done are told
        carry_out(work, quiet=quiet, patient=False)
    done = list(rows)
    if not done:
        raise KeyboardInterrupt
    return done, len(done) < total


def deliver_rows(
    record: dict[str, Any],
    options: dict[str, Any],
    *,
    table: Callable[[dict[str, Any]], str],
    to_csv: Callable[[dict[str, Any]], str],
    draw: Callable[[Path], None],
) -> None:
    """Print a record as JSON, CSV or a table; write and draw it where files were named."""

    def write(path: Path) -> None:
        is_csv = path.suffix.lower() == ".csv"
        write_text(path, to_csv(record) if is_csv else to_json(record) + "\n")

    shown = to_json if options["as_json"] else to_csv if options["as_csv"] else table
    text = shown(record).removesuffix("\n")
    deliver(text, (options["output"], write), (options["plot"], draw))
