"""When a run ends before its schedule does, and who is told how far it is."""

from __future__ import annotations

import math
import threading
import warnings
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Literal, NamedTuple

from pbit.by_value import ByValue
from pbit.checks import ArgumentError, instance, real
from pbit.run.clock import Clock
from pbit.system.bar import ProgressBar

_POLL_S = 0.05


class Progress(NamedTuple):
    """State of a run, given to the ``progress`` callback about twenty times a second."""

    fraction: float | None
    """Part of the work done, 0 to 1; None for a run without a fixed number of reads."""
    best_energy: float
    elapsed_s: float


class Changed:
    """Tells about progress after a change of the report."""

    def __init__(
        self, tell: Callable[[Progress], object], change: Callable[[Progress], Progress]
    ) -> None:
        self._tell, self._change = tell, change

    def __call__(self, report: Progress) -> None:
        """Change the report and tell it."""
        self._tell(self._change(report))

    def close(self) -> None:
        """A stretch of the run is over."""
        close(self._tell)


def close(tell: object) -> None:
    """Tell that a stretch of the run is over, if it wants to know."""
    if hasattr(tell, "close"):
        tell.close()


class CtrlC:
    """Whether it was pressed in the block; see :meth:`Control.listening`."""

    def __init__(self, control: Control) -> None:
        self.pressed, self._control = False, control

    def __enter__(self) -> CtrlC:
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> bool:
        returns = self._control.on_interrupt == "return"
        try:
            if returns and kind is not None and issubclass(kind, KeyboardInterrupt):
                warnings.warn(
                    "interrupted: the call returns the best so far", RuntimeWarning, stacklevel=2
                )
                self.pressed = True
        finally:
            close(self._control.tell)
        return self.pressed


@dataclass(frozen=True, eq=False)
class Control(ByValue):
    """Ways to end a run early; all are normal ends and return the best found so far.

    Parameters
    ----------
    time_limit_s : float, optional
        Wall-clock seconds of sampling, compilation apart.
    target : float, optional
        Stop once a read has this energy or less.
    interrupt : callable, optional
        Polled about twenty times a second; a true value or an exception stops the run.
    progress : bool or callable, optional
        True: a bar, in terminals and notebooks. A callable is called with a :class:`Progress`
        about twenty times a second.
    on_interrupt : {"raise", "return"}
        What Ctrl-C (in a notebook: stop) does during a call: raise KeyboardInterrupt, or return
        the best so far with a RuntimeWarning. That is one read at least, cut short after its first
        sweep if need be; before sampling begins there is none, and KeyboardInterrupt is raised.
    clock : Clock
        What seconds are counted by.

    Raises
    ------
    TypeError
        ``interrupt`` or ``progress`` that cannot be called.
    ValueError
        A time limit that is not positive, a target that is not a number, another word for
        ``on_interrupt``.
    """

    time_limit_s: float | None = None
    target: float | None = None
    interrupt: Callable[[], bool] | None = None
    progress: Callable[[Progress], object] | bool | None = None
    on_interrupt: Literal["raise", "return"] = "raise"
    clock: Clock = field(default_factory=Clock, repr=False, compare=False)

    def __post_init__(self) -> None:
        if self.time_limit_s is not None and not real("time_limit", self.time_limit_s) > 0:
            raise ArgumentError("time_limit", "must be > 0 seconds", self.time_limit_s)
        if self.target is not None and math.isnan(real("target", self.target)):
            raise ArgumentError("target", "must be an energy", got="NaN")
        if self.on_interrupt not in ("raise", "return"):
            raise ArgumentError("on_interrupt", "must be 'raise' or 'return'", self.on_interrupt)
        if self.interrupt is not None and not callable(self.interrupt):
            raise TypeError(f"interrupt must be callable, got {self.interrupt!r}")
        object.__setattr__(self, "progress", _teller(self.progress))

    @property
    def tell(self) -> Callable[[Progress], object] | None:
        """Who is told about progress."""
        return self.progress  # type: ignore[return-value]

    def watch(self, finished: threading.Event, report: Callable[[float], Progress]) -> str | None:
        """Wait until ``finished`` is set; the reason why the run has to stop now, if one comes up.

        Ctrl-C is seen here: numba code does not see signals, so that the loops run in other
        threads while the main thread waits. :meth:`listening` says what comes of it.
        """
        start = self.clock.now()
        tell = self.tell
        while not self.clock.wait(finished, self._pause(start)):
            elapsed = self.clock.now() - start
            reason = self.reason_to_stop(elapsed)
            if reason is not None:
                return reason
            if tell is not None:
                tell(report(elapsed))
        if tell is not None:
            tell(report(self.clock.now() - start))
        return None

    def listening(self) -> CtrlC:
        """Ctrl-C inside the block leaves it, if it is to return what there is; else it raises.

        A bar that was drawn in the block is gone afterwards.
        """
        return CtrlC(self)

    def reason_to_stop(self, elapsed_s: float) -> str | None:
        """Why a run has to end after so many seconds, if it has to."""
        if self.time_limit_s is not None and elapsed_s >= self.time_limit_s:
            return "time_limit"
        return "interrupted" if self.interrupted() else None

    def rest(self, elapsed_s: float) -> Control:
        """What is left of the control when so many seconds are over."""
        limit, tell = self.time_limit_s, self.tell

        def later(report: Progress) -> Progress:
            return report._replace(elapsed_s=elapsed_s + report.elapsed_s)

        return replace(
            self,
            time_limit_s=None if limit is None else max(limit - elapsed_s, 1e-9),
            progress=None if tell is None else Changed(tell, later),
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


def control_from(control: object) -> Control:
    """The control, or one that lets a run go on to its end where None is given.

    Raises
    ------
    TypeError
        Something else.
    """
    remedy = "give pbit.Control(time_limit_s=..., target=..., progress=True) or leave it out"
    given = Control() if control is None else control
    found: Control = instance("control", given, Control, remedy=remedy)
    return found


def _teller(progress: object) -> object:
    if progress is True:
        return ProgressBar()
    if progress is not None and progress is not False and not callable(progress):
        raise TypeError(f"progress must be True, False or a callable, got {progress!r}")
    return progress or None
