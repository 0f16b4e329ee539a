"""Rows that a machine gave: written, drawn, printed."""

from __future__ import annotations

from typing import Any

from pbit.cli.output import deliver
from pbit.cli.record import to_json
from pbit.cli.reports.rows_plot import draw_rows
from pbit.cli.reports.rows_text import text_of
from pbit.cli.rows_file import ShownRows, check_images, write_rows


def check_pictures(options: dict[str, Any], shape: tuple[int, int] | None) -> None:
    """Refuse pictures of what is no image, before the machine runs (usage error)."""
    for name in ("output", "plot"):
        check_images(f"--{name}", options[name], shape)


def show_rows(
    rows: ShownRows,
    record: dict[str, Any],
    options: dict[str, Any],
    *,
    bands: dict[str, Any] | None = None,
    table: str = "",
) -> None:
    """Write and draw what was asked for; print the record as JSON, or the table and the rows.

    ``bands``: what the picture has below each other; the rows alone by default.
    """
    told = [
        f"{name:<11} {options[name]}"
        for name in ("seed", "output", "plot")
        if options[name] is not None
    ]
    shown = [part for part in (text_of(rows), table, *told) if part]
    record = record | {"data": rows.images.tolist()}
    title = f"{options['machine']}, seed {options['seed']}"
    deliver(
        to_json(record) if options["as_json"] else "\n".join(shown),
        (options["output"], lambda path: write_rows(path, rows)),
        (options["plot"], lambda path: draw_rows(path, bands or {"": 255 * rows.images}, title)),
    )
