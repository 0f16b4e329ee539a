"""The clock that time limits go by; tests hand in one of their own."""

from __future__ import annotations

import threading
import time


class Clock:
    """Seconds that pass by themselves."""

    def now(self) -> float:
        """Seconds since some moment."""
        return time.perf_counter()

    def wait(self, event: threading.Event, seconds: float) -> bool:
        """Wait for an event, so many seconds at most; whether it came."""
        return event.wait(seconds)
