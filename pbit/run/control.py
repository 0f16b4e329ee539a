"""When a run ends before its schedule does, and who is told how far it is."""

from __future__ import annotations

import threading
import warnings
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import NamedTuple

from pbit.checks import ArgumentError
from pbit.run.clock import Clock

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
    clock : Clock
        What seconds are counted by.

    Raises
    ------
    ValueError
        A time limit that is not positive, a target that is not a number.
    """

    time_limit_s: float | None = None
    target: float | None = None
    interrupt: Callable[[], bool] | None = None
    progress: Callable[[Progress], None] | None = None
    clock: Clock = field(default_factory=Clock, repr=False, compare=False)

    def __post_init__(self) -> None:
        if self.time_limit_s is not None and not self.time_limit_s > 0:
            raise ArgumentError("time_limit", "must be > 0 seconds", self.time_limit_s)
        if self.target is not None and self.target != self.target:
            raise ArgumentError("target", "must be an energy", got="NaN")

    def watch(self, finished: threading.Event, report: Callable[[float], Progress]) -> str | None:
        """Wait until ``finished`` is set; the reason why the run has to stop now, if one comes up.

        Ctrl-C counts as an interrupt: numba code does not see signals, so that the loops run in
        other threads while the main thread waits here.
        """
        start = self.clock.now()
        try:
            while not self.clock.wait(finished, self._pause(start)):
                elapsed = self.clock.now() - start
                reason = self.reason_to_stop(elapsed)
                if reason is not None:
                    return reason
                if self.progress is not None:
                    self.progress(report(elapsed))
        except KeyboardInterrupt:
            return "interrupted"
        if self.progress is not None:
            self.progress(report(self.clock.now() - start))
        return None

    def reason_to_stop(self, elapsed_s: float) -> str | None:
        """Why a run has to end after so many seconds, if it has to."""
        if self.time_limit_s is not None and elapsed_s >= self.time_limit_s:
            return "time_limit"
        return "interrupted" if self.interrupted() else None

    def rest(self, elapsed_s: float) -> Control:
        """What is left of the control when so many seconds are over."""
        limit, tell = self.time_limit_s, self.progress

        def later(report: Progress) -> None:
            assert tell is not None
            tell(report._replace(elapsed_s=elapsed_s + report.elapsed_s))

        return replace(
            self,
            time_limit_s=None if limit is None else max(limit - elapsed_s, 1e-9),
            progress=None if tell is None else later,
        )

    def _pause(self, start: float) -> float:
        if self.time_limit_s is None:
            return _POLL_S
        left = start + self.time_limit_s - self.clock.now()
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
