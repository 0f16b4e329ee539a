"""When a run ends before its schedule does, and who is told how far it is."""

from __future__ import annotations

import threading
import time
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

_POLL_S = 0.05


class Progress(NamedTuple):
    """State of a run, given to the ``progress`` callback about twenty times a second."""

    fraction: float | None
    """Part of the work done, 0 to 1; None for a run without a fixed number of reads."""
    best_energy: float
    elapsed_s: float


@dataclass(frozen=True)
class Control:
    """Ways to end a run early; all are normal ends and return the best found so far.

    Parameters
    ----------
    time_limit_s : float, optional
        Wall-clock seconds of sampling, compilation apart.
    target : float, optional
        Stop once a read has this energy or less.
    interrupt : callable, optional
        Polled about twenty times a second; a true value or an exception stops the run.
    progress : callable, optional
        Called with a :class:`Progress` about twenty times a second.

    Raises
    ------
    ValueError
        A time limit that is not positive, a target that is not a number.
    """

    time_limit_s: float | None = None
    target: float | None = None
    interrupt: Callable[[], bool] | None = None
    progress: Callable[[Progress], None] | None = None

    def __post_init__(self) -> None:
        if self.time_limit_s is not None and not self.time_limit_s > 0:
            raise ValueError(f"time_limit must be > 0 seconds, got {self.time_limit_s}")
        if self.target is not None and self.target != self.target:
            raise ValueError("target must be an energy, got NaN")

    def watch(self, finished: threading.Event, report: Callable[[float], Progress]) -> str | None:
        """Wait until ``finished`` is set; the reason why the run has to stop now, if one comes up.

        Ctrl-C counts as an interrupt: numba code does not see signals, so that the loops run in
        other threads while the main thread waits here.
        """
        start = time.perf_counter()
        try:
            while not finished.wait(self._pause(start)):
                elapsed = time.perf_counter() - start
                if self.time_limit_s is not None and elapsed >= self.time_limit_s:
                    return "time_limit"
                if self.interrupted():
                    return "interrupted"
                if self.progress is not None:
                    self.progress(report(elapsed))
        except KeyboardInterrupt:
            return "interrupted"
        if self.progress is not None:
            self.progress(report(time.perf_counter() - start))
        return None

    def _pause(self, start: float) -> float:
        if self.time_limit_s is None:
            return _POLL_S
        left = start + self.time_limit_s - time.perf_counter()
        return max(0.0, min(_POLL_S, left))

    def interrupted(self) -> bool:
        """Whether ``interrupt`` asks for the end; an exception in it does too."""
        if self.interrupt is None:
            return False
        try:
            return bool(self.interrupt())
        except Exception as error:
            warnings.warn(
                f"interrupt_function raised {error!r}; taken as an interrupt",
                RuntimeWarning,
                stacklevel=2,
            )
            return True
