"""The loop of every run: pieces of work taken in turn, by threads or whatever takes work."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from typing import Any, Generic, TypeVar

from pbit.run.control import Control, Progress
from pbit.run.team import share

Piece = TypeVar("Piece")
Result = TypeVar("Result")

_WAITING = 2  # pieces a worker, handed to an executor ahead of what it has done
_POLL_S = 0.001


def run_pieces(
    pieces: Iterator[Piece],
    call: Callable[[Piece], Result],
    take: Callable[[Result], None],
    *,
    stop: Any,
    control: Control,
    report: Callable[[float], Progress],
    threads: int = 1,
    executor: Any = None,
    small: bool = False,
) -> str | None:
    """Call on each piece, take in what comes back; why it ended before, if it did.

    However early it ends, one piece has been taken in: a run returns something.

    Parameters
    ----------
    pieces : iterator
        Drawn one after the other, under a lock, until there are none or ``stop`` is set.
    call : callable
        Runs where the worker is; with an executor of processes, it and the pieces are pickled.
    take : callable
        Runs in this process, one at a time. Its exceptions and those of ``call`` end all.
    stop : uint8 array, shape (1,)
        Set to 1 when work has to end; kernels of this process look at it.
    control : Control
    report : callable
        Progress after so many seconds.
    threads : int
    executor : object, optional
        With ``submit`` (concurrent.futures, dask) or ``map``; threads of our own by default.
    small : bool
        So little work that a thread would cost more: it is done here.
    """
    source = _Source(pieces, take, stop)
    if executor is not None:
        if not (hasattr(executor, "submit") or hasattr(executor, "map")):
            raise TypeError(
                f"executor must have submit or map, got {executor!r:.60}; give one of "
                "concurrent.futures or of dask, or leave it out for threads"
            )
        reason = _handed_out(source, call, executor, control, report, threads)
    elif small:
        reason = _here(source, call, control, report)
    else:
        reason = _shared(source, lambda: source.work(call), control, report, threads)
    if reason is not None:
        stop[0] = 1  # Ctrl-C before the first thread has left it as it was
        source.take_one(call)
    return reason


def _shared(
    source: _Source[Piece, Result],
    work: Callable[[], None],
    control: Control,
    report: Callable[[float], Progress],
    threads: int,
) -> str | None:
    """Threads that work while this one watches; Ctrl-C counts while they are started, too."""
    with control.listening() as ctrl_c:
        return share(
            work,
            num_threads=threads,
            stop=source.stop,
            watch=lambda finished: control.watch(finished, report),
        )
    return "interrupted" if ctrl_c.pressed else None


class _Source(Generic[Piece, Result]):
    """Pieces and results, each one at a time."""

    def __init__(self, pieces: Iterator[Piece], take: Callable[[Result], None], stop: Any) -> None:
        self.pieces, self.taken, self.stop = pieces, 0, stop
        self._first: Piece | None = None
        self._take, self._lock = take, threading.Lock()

    def next(self) -> Piece | None:
        """The next piece, if there is one and work goes on."""
        with self._lock:
            piece = None if self.stop[0] else next(self.pieces, None)
            self._first = piece if self._first is None else self._first
            return piece

    def take(self, result: Result) -> None:
        """Take in a result."""
        with self._lock:
            self._take(result)
            self.taken += 1

    def take_one(self, call: Callable[[Piece], Result]) -> None:
        """At the end of all work: the first piece, if none has come back."""
        first = next(self.pieces, None) if self._first is None else self._first
        if not self.taken and first is not None:
            self.take(call(first))

    def work(self, call: Callable[[Piece], Result]) -> None:
        """Work until there is none."""
        while (piece := self.next()) is not None:
            self.take(call(piece))


def _here(
    source: _Source[Piece, Result],
    call: Callable[[Piece], Result],
    control: Control,
    report: Callable[[float], Progress],
) -> str | None:
    """All in this thread, with a look at the control between pieces."""
    start = control.clock.now()
    reason = None
    with control.listening() as ctrl_c:
        while reason is None and (piece := source.next()) is not None:
            source.take(call(piece))
            reason = control.reason_to_stop(control.clock.now() - start)
        if reason is None and control.tell is not None:
            control.tell(report(control.clock.now() - start))
    return "interrupted" if ctrl_c.pressed else reason


def _handed_out(
    source: _Source[Piece, Result],
    call: Callable[[Piece], Result],
    executor: Any,
    control: Control,
    report: Callable[[float], Progress],
    workers: int,
) -> str | None:
    """Work of an executor, while this thread watches."""
    start = control.clock.now()
    if not hasattr(executor, "submit"):
        with control.listening() as ctrl_c:
            for result in executor.map(call, list(iter(source.next, None))):
                source.take(result)
                reason = control.reason_to_stop(control.clock.now() - start)
                if reason is not None:
                    return reason
        if ctrl_c.pressed:
            source.stop[0] = 1
        return "interrupted" if ctrl_c.pressed else None
    futures: list[Any] = []

    def work() -> None:
        while True:
            while len(futures) < _WAITING * workers and (piece := source.next()) is not None:
                futures.append(executor.submit(call, piece))
            if not futures:
                return
            for future in _done(futures, source):
                source.take(future.result())

    return _shared(source, work, control, report, 1)


def _done(futures: list[Any], source: _Source[Any, Any]) -> list[Any]:
    """Futures that are done, waiting for one; at the end those that have not begun are called off.

    The very first is not: a run returns something.
    """
    while futures:
        if source.stop[0]:
            kept = futures[: not source.taken]
            futures[:] = kept + [f for f in futures[len(kept) :] if not f.cancel()]
        done = [future for future in futures if future.done()]
        if done:
            futures[:] = [future for future in futures if future not in done]
            return [future for future in done if not future.cancelled()]
        time.sleep(_POLL_S)
    return []
