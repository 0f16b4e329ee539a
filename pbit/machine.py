"""What this machine offers to this process: as much as its control groups and limits allow."""

from __future__ import annotations

import math
import os
import time
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path, PurePosixPath
from typing import NamedTuple

from pbit.checks import TooLargeError, integer

_PROC = Path("/proc/self")
_GROUPS = Path("/sys/fs/cgroup")
_NO_LIMIT = 2**60  # version 1 says so with the largest number of pages


def available_threads() -> int:
    """Processors that this process may use: its own, no more than its groups have time for."""
    get = getattr(os, "sched_getaffinity", None)
    count = len(get(0)) if get else os.cpu_count() or 1
    return max(1, math.ceil(min(count, _limits().processors)))


def threads_of(num_threads: int | None) -> int:
    """Threads asked for, or all processors that this process may use.

    Raises
    ------
    TypeError, ValueError
        No integer, or less than 1.
    """
    return available_threads() if num_threads is None else integer("num_threads", num_threads, 1)


def memory_bytes() -> float:
    """Memory for this process; infinite where it cannot be told.

    The least of what the machine has, what its control groups may use, and what the limit of its
    address space leaves.
    """
    return min(_physical(), _limits().memory, _address_space())


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


def _physical() -> float:
    if not hasattr(os, "sysconf"):
        return math.inf
    return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")


def _address_space() -> float:
    """What RLIMIT_AS leaves of what is used already."""
    try:
        import resource
    except ImportError:  # not on Windows
        return math.inf
    limit = resource.getrlimit(resource.RLIMIT_AS)[0]
    if limit == resource.RLIM_INFINITY:
        return math.inf
    pages = _read(_PROC / "statm").split()[:1]
    used = int(pages[0]) * os.sysconf("SC_PAGE_SIZE") if pages else 0
    return max(0.0, float(limit - used))


class _Limits(NamedTuple):
    """Of the control groups: bytes, processors."""

    memory: float
    processors: float


def _limits() -> _Limits:
    """What is read of the files within a second is kept: reading costs as much as a small run."""
    return _limits_in(_PROC, _GROUPS, int(time.monotonic()))


@lru_cache(maxsize=1)
def _limits_in(proc: Path, groups: Path, second: int) -> _Limits:
    return _Limits(_group_memory(), _quota())


def _group_memory() -> float:
    """The least limit of memory among the control groups of this process, of either version."""
    files = (("", "memory.max"), ("memory", "memory.limit_in_bytes"))
    values = (_read(folder / file) for kind, file in files for folder in _groups(kind))
    limits = (int(value) for value in values if value.isdecimal())
    return min((float(limit) for limit in limits if limit < _NO_LIMIT), default=math.inf)


def _quota() -> float:
    """Processors that the control groups of this process give it time for, of either version."""
    found = [math.inf]
    for folder in _groups(""):
        found.append(_share(_read(folder / "cpu.max").split()))
    for folder in _groups("cpu"):
        found.append(_share([_read(folder / f"cpu.cfs_{name}_us") for name in ("quota", "period")]))
    return min(found)


def _share(words: list[str]) -> float:
    """Time of a period; -1, "max" or nothing mean all."""
    good = len(words) == 2 and all(word.isdecimal() for word in words)
    return int(words[0]) / int(words[1]) if good and int(words[1]) else math.inf


def _groups(kind: str) -> Iterator[Path]:
    """Folders of the group that controls this kind and of those around it; "" for version 2.

    Inside a container the group may be there under another name than the kernel gives: the folders
    around it count as well, the root of the mount among them.
    """
    for line in _read(_PROC / "cgroup").splitlines():
        number, _, rest = line.partition(":")
        kinds, _, path = rest.partition(":")
        if kind not in kinds.split(",") or (number == "0") != (kind == ""):
            continue
        roots = [_GROUPS / kind] if kind else [_GROUPS, _GROUPS / "unified"]
        inside = PurePosixPath("/", path).relative_to("/")
        for root in roots:
            yield from (root / part for part in (inside, *inside.parents))


def _read(path: Path) -> str:
    """Text of a small file, nothing where it cannot be read."""
    try:
        return path.read_text(encoding="ascii").strip()
    except (OSError, UnicodeDecodeError):
        return ""
