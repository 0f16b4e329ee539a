"""Where the ``pbit`` command starts: signals are taken before anything is imported that takes time.

Outside of runs, which end with the best so far, Ctrl-C and SIGTERM end the process at once. No
exception is raised for that: it would come up in the middle of an import or of a destructor, as a
traceback or unseen.
"""

from __future__ import annotations

import os
import sys

try:
    import signal
    import threading
    from contextlib import suppress
    from types import FrameType
    from typing import NoReturn

    from pbit.cli.status import INTERRUPTED
except KeyboardInterrupt:
    os._exit(130)

_STDERR = 2


def main() -> NoReturn:
    """Entry point of the ``pbit`` command."""
    try:
        _take_signals()
    except KeyboardInterrupt:
        os._exit(INTERRUPTED)
    from pbit.cli.main import main as run

    try:
        run()
    except SystemExit as end:
        _leave(end)


def _leave(end: SystemExit) -> NoReturn:
    """End now: Python gives signals back to the system before it tears down what it imported."""
    if not isinstance(end.code, int):
        raise end
    with suppress(OSError):
        sys.stdout.flush()
        sys.stderr.flush()
    os._exit(end.code)


def _take_signals() -> None:
    """Have a thread end the process, unless a signal is ignored, as nohup and shells ask for.

    A handler would wait until the main thread is back from what it reads or compiles.
    """
    handle = end_at_once
    if os.name == "posix":
        reading, writing = os.pipe()
        os.set_blocking(writing, False)
        signal.set_wakeup_fd(writing, warn_on_full_buffer=False)
        threading.Thread(target=_watch, args=(reading,), daemon=True).start()
        handle = _left_to_the_thread
    for number in (signal.SIGINT, signal.SIGTERM):
        if signal.getsignal(number) is not signal.SIG_IGN:
            signal.signal(number, handle)


def _left_to_the_thread(number: int, frame: FrameType | None) -> None:
    """What the main thread does about a signal."""


def _watch(reading: int) -> None:
    while numbers := os.read(reading, 64):
        for number in numbers:
            if signal.getsignal(number) is _left_to_the_thread:  # and not that of a run
                end_at_once(number, None)


def end_at_once(number: int, frame: FrameType | None) -> None:
    """End the process, its children and its unfinished files."""
    with suppress(Exception):  # half imported, or closed: there is nothing to lose
        if "pbit.system.whole_files" in sys.modules:
            sys.modules["pbit.system.whole_files"].remove_own()
    with suppress(Exception):
        if "multiprocessing" in sys.modules:
            for child in sys.modules["multiprocessing"].active_children():
                child.terminate()
    with suppress(OSError):
        os.write(_STDERR, b"interrupted\n")
    os._exit(INTERRUPTED)
