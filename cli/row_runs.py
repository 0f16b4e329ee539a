"""Commands that measure row after row: what was done by Ctrl-C is kept."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import TYPE_CHECKING, TypeVar

from pbit.cli.command import carry_out
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
