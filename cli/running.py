"""Long work on the command line: Ctrl-C, the progress bar and the note about compiling."""

from __future__ import annotations

import os
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Any, TypeVar

import click

INTERRUPTED = 130
_POLL_S = 0.02
_PATIENCE_S = 0.15
_COMPILING_S = 0.7

T = TypeVar("T")


class Interrupt:
    """Set by the first Ctrl-C; the second one ends the process at once."""

    def __init__(self) -> None:
        self._flag = threading.Event()

    def __call__(self) -> bool:
        """Whether the run has to end."""
        return self._flag.is_set()

    def _handle(self, signum: int, frame: FrameType | None) -> None:
        if self._flag.is_set():
            os._exit(INTERRUPTED)
        self._flag.set()

    @contextmanager
    def listening(self) -> Iterator[Interrupt]:
        """Take Ctrl-C while the block runs."""
        if threading.current_thread() is not threading.main_thread():
            yield self
            return
        previous = signal.signal(signal.SIGINT, self._handle)
        try:
            yield self
        finally:
            signal.signal(signal.SIGINT, previous)


def run_in_thread(work: Callable[[], T], interrupt: Interrupt, idle: Callable[[], None]) -> T:
    """Result of ``work``, run in a thread so that this one can take signals.

    ``idle`` is called while waiting. When work does not end soon after an interrupt, it has not
    begun to sample and there is nothing to wait for: KeyboardInterrupt.
    """
    results: list[T] = []
    failures: list[BaseException] = []

    def body() -> None:
        try:
            results.append(work())
        except BaseException as error:
            failures.append(error)

    thread = threading.Thread(target=body, daemon=True)
    thread.start()
    asked = 0.0
    while thread.is_alive():
        thread.join(_POLL_S)
        idle()
        if interrupt():
            asked = asked or time.monotonic()
            if thread.is_alive() and time.monotonic() - asked > _PATIENCE_S:
                raise KeyboardInterrupt
    if failures:
        raise failures[0]
    return results[0]


class Bar:
    """Progress on a terminal: how far, the best so far, the time; nothing when piped.

    ``show`` may be called from any thread; drawing is left to rich.
    """

    def __init__(self, *, quiet: bool) -> None:
        self._on = not quiet and sys.stderr.isatty()
        self._quiet = quiet
        self._bar: Any = None
        self._task: Any = None
        self._began = time.monotonic()
        self._sampling = False

    def __enter__(self) -> Bar:
        return self

    def __exit__(self, *error: object) -> None:
        if self._bar is not None:
            self._bar.stop()

    def show(self, fraction: float | None, text: str) -> None:
        """Draw the bar at this fraction (None: no end known) with this text behind it."""
        self._sampling = True
        if not self._on:
            return
        if self._bar is None:
            self._bar = self._make(known=fraction is not None)
            self._task = self._bar.add_task("", total=None if fraction is None else 1.0)
        self._bar.update(self._task, completed=fraction or 0.0, description=text)

    def say_if_compiling(self) -> None:
        """Say once that kernels are being compiled, if work began a while ago without a sign."""
        if self._sampling or self._quiet or time.monotonic() - self._began < _COMPILING_S:
            return
        self._sampling = True
        click.echo("compiling kernels (once)", err=True)

    @staticmethod
    def _make(*, known: bool) -> Any:
        from rich.console import Console
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
            console=Console(stderr=True),
            transient=True,
        )
        bar.start()
        return bar
