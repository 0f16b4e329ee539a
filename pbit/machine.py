"""What this machine offers to this process."""

from __future__ import annotations

import os

from pbit.checks import TooLargeError


def available_threads() -> int:
    """Processors that this process may use."""
    get = getattr(os, "sched_getaffinity", None)
    return len(get(0)) if get else os.cpu_count() or 1


def memory_bytes() -> float:
    """Memory of this machine; infinite where it cannot be told."""
    if not hasattr(os, "sysconf"):
        return float("inf")
    return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")


def check_memory(
    needed: float, *, what: str, lower: str, others: str = "", share: float = 0.8
) -> None:
    """Refuse what cannot fit, before it is made.

    Raises
    ------
    TooLargeError
        ``needed`` bytes are more than this share of the memory.
    """
    memory = memory_bytes()
    if needed > share * memory:
        raise TooLargeError(what, needed=needed, memory=memory, lower=lower, others=others)
