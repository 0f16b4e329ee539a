"""A progress bar on stderr: in terminals and notebooks, nothing when piped."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pbit.run.control import Progress


class Bar:
    """How far, a text, the time. ``show`` may be called from any thread; rich draws."""

    def __init__(self, *, on: bool = True) -> None:
        self.has_shown = False
        self._on = on and is_watched()
        self._bar: Any = None
        self._task: Any = None

    def show(self, fraction: float | None, text: str) -> None:
        """Draw the bar at this fraction (None: no end known) with this text behind it."""
        self.has_shown = True
        if not self._on:
            return
        if self._bar is None:
            self._bar = _made(known=fraction is not None)
            self._task = self._bar.add_task(text, total=None if fraction is None else 1.0)
        self._bar.update(self._task, completed=fraction or 0.0, description=text)

    def close(self) -> None:
        """Take the bar away; the next ``show`` draws another."""
        if self._bar is not None:
            self._bar.stop()
            self._bar = None


class ProgressBar(Bar):
    """The bar of ``progress=True``: a run's :class:`Progress`, with the lowest energy so far."""

    def __call__(self, report: Progress) -> None:
        """Draw a report."""
        self.show(report.fraction, f"best energy {report.best_energy:.10g}")


def is_watched() -> bool:
    """Whether somebody sees a bar: a terminal that can move its cursor, or a notebook."""
    if sys.stderr is None:
        return False
    if sys.stderr.isatty():
        return os.environ.get("TERM") != "dumb"
    return "IPython" in sys.modules and _console().is_jupyter


def _console() -> Any:
    from rich.console import Console

    return Console(stderr=True)


def _made(*, known: bool) -> Any:
    from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

    extent = (
        [BarColumn(bar_width=30), TextColumn("{task.percentage:>3.0f}%")]
        if known
        else [SpinnerColumn()]
    )
    bar = Progress(
        *extent,
        TextColumn("{task.description}"),
        TimeElapsedColumn(),
        console=_console(),
        transient=True,
    )
    bar.start()
    return bar
