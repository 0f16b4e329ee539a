"""The search for garbage, held back while much is made that stays: imports, compiled kernels."""

from __future__ import annotations

import gc
import threading
from collections.abc import Iterator
from contextlib import contextmanager


class Pause:
    """Python's collector off between the first ``began`` and the last ``ended``.

    They come in pairs, from any thread, and may be nested. Who had it off before finds it off.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._depth, self._was_on = 0, False

    def began(self) -> None:
        """Nothing is collected from here on."""
        with self._lock:
            self._depth += 1
            if self._depth == 1:
                self._was_on = gc.isenabled()
                gc.disable()

    def ended(self) -> None:
        """As it was, once everybody is through."""
        with self._lock:
            self._depth -= 1
            if self._depth == 0 and self._was_on:
                gc.enable()

    @contextmanager
    def held(self) -> Iterator[None]:
        """Nothing is collected inside the block."""
        self.began()
        try:
            yield
        finally:
            self.ended()


PAUSE = Pause()
