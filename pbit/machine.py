"""What this machine offers to this process."""

from __future__ import annotations

import os


def available_threads() -> int:
    """Processors that this process may use."""
    get = getattr(os, "sched_getaffinity", None)
    return len(get(0)) if get else os.cpu_count() or 1


def memory_bytes() -> float:
    """Memory of this machine; infinite where it cannot be told."""
    if not hasattr(os, "sysconf"):
        return float("inf")
    return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
