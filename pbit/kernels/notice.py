"""One line on stderr when compiling kernels takes long enough to be wondered at."""

from __future__ import annotations

import os
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Any

TEXT = "pbit: compiling kernels (once) ..."
QUIET = "PBIT_QUIET"  # environment variable
_PATIENCE_S = 1.0


class Notice:
    """Says so once a process, when compilations have taken a second in all.

    ``began`` and ``ended`` come in pairs, from whichever thread compiles, and may be nested.
    """

    def __init__(
        self,
        clock: Callable[[], float] = time.monotonic,
        timer: Callable[..., Any] = threading.Timer,
    ) -> None:
        self._clock, self._new_timer = clock, timer
        self._lock = threading.Lock()
        self._left_s, self._depth, self._since = _PATIENCE_S, 0, 0.0
        self._timer: Any = None
        self._hushed, self._said = 0, False

    def began(self) -> None:
        """A compilation begins."""
        with self._lock:
            self._depth += 1
            if self._depth > 1 or self._said:
                return
            self._since = self._clock()
            self._timer = self._new_timer(max(0.0, self._left_s), self.say)
            self._timer.daemon = True
            self._timer.start()

    def ended(self) -> None:
        """A compilation is over."""
        with self._lock:
            self._depth -= 1
            if self._depth or self._timer is None:
                return
            self._timer.cancel()
            self._timer = None
            self._left_s -= self._clock() - self._since

    def say(self) -> None:
        """Print the line, unless that has been done or nobody wants it."""
        with self._lock:
            if self._said or self._hushed or os.environ.get(QUIET) or sys.stderr is None:
                return
            self._said = True
        with suppress(OSError, ValueError):  # a closed stream
            print(TEXT, file=sys.stderr, flush=True)

    @contextmanager
    def hushed(self) -> Iterator[None]:
        """Say nothing inside the block."""
        with self._lock:
            self._hushed += 1
        try:
            yield
        finally:
            with self._lock:
                self._hushed -= 1


NOTICE = Notice()
