"""Long work on the command line: Ctrl-C and the progress bar."""

from __future__ import annotations

import os
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from types import FrameType
from typing import Any, TypeVar

from pbit.cli.entry import INTERRUPTED
from pbit.kernels.notice import NOTICE

_SIGNALS = (signal.SIGINT, signal.SIGTERM)
_POLL_S = 0.02
_PATIENCE_S = 0.15

T = TypeVar("T")


class Interrupt:
    """Set by the first Ctrl-C or SIGTERM; the second one ends the process at once."""

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
        """Take the signals while the block runs."""
        if threading.current_thread() is not threading.main_thread():
            yield self
            return
        previous = {number: signal.signal(number, self._handle) for number in _SIGNALS}
        try:
            yield self
        finally:
            for number, handler in previous.items():
                signal.signal(number, handler)


def run_in_thread(
    work: Callable[[], T], interrupt: Interrupt, bar: Bar, *, patient: bool = True
) -> T:
    """Result of ``work``, run in a thread so that this one can take signals.

    When work does not end soon after an interrupt and has shown nothing on the bar so far, it is
    still importing or compiling and there is nothing to wait for: KeyboardInterrupt. Work whose
    half is worth nothing is not waited for either (``patient=False``).
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
        if interrupt() and not (patient and bar.has_shown):
            asked = asked or time.monotonic()
            if thread.is_alive() and time.monotonic() - asked > _PATIENCE_S:
                raise KeyboardInterrupt
    if failures:
        raise failures[0]
    return results[0]


class Bar:
    """Progress on a terminal: how far, the best so far, the time; nothing when piped.

    If quiet, nothing is said about compiling kernels either.

    ``show`` may be called from any thread; drawing is left to rich.
    """

    def __init__(self, *, quiet: bool) -> None:
        self.has_shown = False
        self._on = not quiet and sys.stderr.isatty() and os.environ.get("TERM") != "dumb"
        self._hush: Any = NOTICE.hushed() if quiet else nullcontext()
        self._bar: Any = None
        self._task: Any = None

    def __enter__(self) -> Bar:
        self._hush.__enter__()
        return self

    def __exit__(self, *error: object) -> None:
        self._hush.__exit__(None, None, None)
        if self._bar is not None:
            self._bar.stop()

    def show(self, fraction: float | None, text: str) -> None:
        """Draw the bar at this fraction (None: no end known) with this text behind it."""
        self.has_shown = True
        if not self._on:
            return
        if self._bar is None:
            self._bar = self._make(known=fraction is not None)
            self._task = self._bar.add_task(text, total=None if fraction is None else 1.0)
        self._bar.update(self._task, completed=fraction or 0.0, description=text)

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
