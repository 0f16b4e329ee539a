"""The command ``pbit`` in a process of its own, and Ctrl-C at the right moment."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import pytest

import announcing

_POLL_S = 0.01
PATIENCE_S = 60.0  # after which a test gives up; nothing is told from the time
SLACK_S = 1.0  # for a loaded machine, on top of the 0.25 s that are promised


class Started(subprocess.Popen):
    """A command that tells what it is about."""

    def __init__(self, *arguments: object, environment: dict[str, str] | None = None, **options):
        handle, name = tempfile.mkstemp(prefix="pbit-signs-")
        os.close(handle)
        self._signs = Path(name)
        streams = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE} | options
        env = os.environ | {"PYTHONPATH": os.pathsep.join(sys.path), announcing.FILE: name}
        command = [sys.executable, "-P", announcing.__file__, *map(str, arguments)]
        super().__init__(command, text=True, env=env | (environment or {}), **streams)

    def wait_for(self, sign: str, *, enough: Callable[[float], bool] = lambda number: True) -> None:
        """Return once it has given this sign, with a number that is enough."""
        while not any(
            word == sign and enough(float(number or 0))
            for word, _, number in (line.partition(" ") for line in self._lines())
        ):
            assert self.poll() is None, self.communicate()
            time.sleep(_POLL_S)

    def press(self, number: int = signal.SIGINT) -> tuple[str, str]:
        """Ctrl-C, or another signal: what was printed by the end."""
        self.send_signal(number)
        printed = self.communicate(timeout=PATIENCE_S)
        self._signs.unlink()
        return printed

    def press_in_time(self, number: int = signal.SIGINT) -> tuple[str, str]:
        """The same for tests of how long it takes, which want the machine for themselves."""
        pressed = time.perf_counter()
        printed = self.press(number)
        assert time.perf_counter() - pressed < 0.25 + SLACK_S
        return printed

    def _lines(self) -> list[str]:
        return self._signs.read_text().splitlines()


PRESSES = [
    pytest.param(Started.press, id="ends"),
    pytest.param(Started.press_in_time, id="in time", marks=pytest.mark.slow),
]
