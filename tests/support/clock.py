"""Clocks of tests: seconds pass as the test wants, however busy the machine is."""

from __future__ import annotations

import threading
from collections.abc import Callable

from pbit.run.clock import Clock

_MOMENT_S = 0.001  # real seconds that others get to work in
_LONG_S = 0.5  # more than pieces of work take


class FakeClock(Clock):
    """Seconds fly by while somebody waits, but not before enough has been done."""

    def __init__(self, enough: Callable[[], bool] = lambda: True) -> None:
        self._seconds, self._enough = 0.0, enough

    def now(self) -> float:
        return self._seconds

    def wait(self, event: threading.Event, seconds: float) -> bool:
        came = event.wait(_MOMENT_S)
        if not came and self._enough():
            self._seconds += seconds
        return came


class SteppedClock(Clock):
    """A step at each look: work takes no time itself and is waited for.

    What has no end of its own is looked at again every half second.
    """

    def __init__(self, step_s: float = 0.01) -> None:
        self._steps, self._step_s = 0, step_s

    def now(self) -> float:
        self._steps += 1
        return self._steps * self._step_s

    def wait(self, event: threading.Event, seconds: float) -> bool:
        return event.wait(_LONG_S)
