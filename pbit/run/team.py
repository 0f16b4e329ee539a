"""Threads that share work while the caller's thread watches for a reason to stop."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any


def share(
    work: Callable[[], None],
    *,
    num_threads: int,
    stop: Any,
    watch: Callable[[threading.Event], str | None],
) -> str | None:
    """Run ``work`` in each thread until all have returned; why they had to stop, if they had to.

    Parameters
    ----------
    work : callable
        Takes pieces of work until there are none or ``stop`` is set. Its exceptions end the
        others' work too, and are raised here.
    num_threads : int
    stop : uint8 array, shape (1,)
        Set to 1 when work has to end; kernels look at it.
    watch : callable
        Waits for the event that all threads have returned, or gives the reason to stop before.

    Examples
    --------
    >>> import numpy as np
    >>> pieces = [1, 2, 3]
    >>> done = []
    >>> def work():
    ...     while pieces:
    ...         done.append(pieces.pop())
    >>> stop = np.zeros(1, dtype=np.uint8)
    >>> share(work, num_threads=1, stop=stop, watch=lambda finished: finished.wait() and None)
    >>> done
    [3, 2, 1]
    """
    finished, lock = threading.Event(), threading.Lock()
    left, failures = [num_threads], []

    def body() -> None:
        try:
            work()
        except BaseException as error:
            failures.append(error)
            stop[0] = 1
        with lock:
            left[0] -= 1
            if not left[0]:
                finished.set()

    workers = [threading.Thread(target=body, daemon=True) for _ in range(num_threads)]
    reason: str | None = "error"
    started = []
    try:
        for thread in workers:
            thread.start()
            started.append(thread)
        reason = watch(finished)
    finally:
        if reason is not None:
            stop[0] = 1
        _join(started, stop)
    if failures:
        raise failures[0]
    return reason


def _join(threads: list[threading.Thread], stop: Any) -> None:
    """Wait until all threads have returned, and only then let Ctrl-C go on."""
    pressed = None
    for thread in threads:
        while thread.is_alive():
            try:
                thread.join()
            except KeyboardInterrupt as press:
                stop[0], pressed = 1, press
    if pressed is not None:
        raise pressed
