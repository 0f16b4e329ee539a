"""A kernel that several threads run together, this one among them."""

from __future__ import annotations

import threading
from collections.abc import Callable


def run_together(work: Callable[[int, int], None], threads: int) -> None:
    """Call ``work(part, parts)`` once for each part, in a thread of its own but for part 0.

    Where fewer threads are to be had, those that started share the work: ``parts`` is their number.

    Examples
    --------
    >>> run_together(lambda part, parts: print(part, parts), 1)
    0 1
    """
    helpers: list[threading.Thread] = []
    ready = threading.Event()

    def help_out(part: int) -> None:
        ready.wait()
        work(part, 1 + len(helpers))

    try:
        for part in range(1, threads):
            helper = threading.Thread(target=help_out, args=(part,), daemon=True)
            helper.start()
            helpers.append(helper)
    except RuntimeError:  # no more threads to be had
        pass
    ready.set()
    work(0, 1 + len(helpers))
    for helper in helpers:
        helper.join()
