"""What a search may still spend: seconds, or sweeps of a read."""

from __future__ import annotations

import math
from dataclasses import replace

from pbit.run.control import Changed, Control, Progress


class Budget:
    """Counts down a control's time limit, or a number of sweeps.

    Parameters
    ----------
    control : Control
    num_sweeps : int, optional
        What a read of the annealing may do in all, in the place of seconds: what is done then does
        not depend on how long it takes.
    """

    def __init__(self, control: Control, num_sweeps: int | None = None) -> None:
        self.control = control
        self.by_sweeps = num_sweeps is not None
        self.swept = 0
        self.lowest = math.inf  # what the progress is told
        limit = control.time_limit_s
        self.whole = float(num_sweeps or 0) if self.by_sweeps else limit or math.inf
        self.excused_s = 0.0
        self._start = control.clock.now()

    @property
    def elapsed_s(self) -> float:
        """Seconds since the start, without those that were excused."""
        return self.control.clock.now() - self._start

    def excuse(self, seconds: float) -> None:
        """Do not count so many seconds: something was compiled."""
        self._start += seconds
        self.excused_s += seconds

    def drop_target(self) -> None:
        """Let energies end no slice any more."""
        self.control = replace(self.control, target=None)

    @property
    def spent(self) -> float:
        """Seconds or sweeps."""
        return float(self.swept) if self.by_sweeps else self.elapsed_s

    @property
    def left(self) -> float:
        """Seconds or sweeps."""
        return self.whole - self.spent

    @property
    def reason(self) -> str | None:
        """Why the search has to end now, if it has to."""
        reason = self.control.reason_to_stop(self.elapsed_s)
        if reason is None and self.left <= 0:
            reason = "completed" if self.by_sweeps else "time_limit"
        return reason

    def slice(self, seconds: float = math.inf) -> Control:
        """The control for so many seconds of what is left."""
        elapsed, limit, tell = self.elapsed_s, self.control.time_limit_s, self.control.tell
        left = min(seconds, math.inf if limit is None else limit - elapsed)

        def whole(report: Progress) -> Progress:
            now = elapsed + report.elapsed_s
            part = self.spent if self.by_sweeps else now
            done = None if math.isinf(self.whole) else min(1.0, part / self.whole)
            return Progress(done, min(self.lowest, report.best_energy), now)

        return replace(
            self.control,
            time_limit_s=None if math.isinf(left) else max(left, 1e-3),
            progress=None if tell is None else Changed(tell, whole),
        )
