"""Long work on the command line: Ctrl-C and the progress bar."""

from __future__ import annotations

import os
import signal
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from types import FrameType
from typing import Any, TypeVar

from pbit.cli.status import INTERRUPTED
from pbit.kernels.notice import NOTICE
from pbit.system import bar

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
        """Take the signals while the block runs, and tell no thread of them.

        One that came to read of a signal after the block would end the process for it.
        """
        if threading.current_thread() is not threading.main_thread():
            yield self
            return
        previous = {number: signal.signal(number, self._handle) for number in _SIGNALS}
        told = signal.set_wakeup_fd(-1)
        try:
            yield self
        finally:
            signal.set_wakeup_fd(told, warn_on_full_buffer=False)
            for number, handler in previous.items():
                signal.signal(number, handler)


def run_in_thread(
    work: Callable[[], T], interrupt: Interrupt, shown: Bar, *, patient: bool = True
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
        if interrupt() and not (patient and shown.has_shown):
            asked = asked or time.monotonic()
            if thread.is_alive() and time.monotonic() - asked > _PATIENCE_S:
                raise KeyboardInterrupt
    if failures:
        raise failures[0]
    return results[0]


class Bar(bar.Bar):
    """Progress on a terminal; if quiet, nothing is said about compiling kernels either."""

    def __init__(self, *, quiet: bool) -> None:
        super().__init__(on=not quiet)
        self._hush: Any = NOTICE.hushed() if quiet else nullcontext()

    def __enter__(self) -> Bar:
        self._hush.__enter__()
        return self

    def __exit__(self, *error: object) -> None:
        self._hush.__exit__(None, None, None)
        self.close()
