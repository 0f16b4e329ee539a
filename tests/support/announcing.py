"""``pbit``, writing into a file what it is about: tests wait for that instead of for a time.

A line "begun" where work begins, "compiling" for each kernel, "shown FRACTION" for progress.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

from pbit.cli import entry, running

FILE = "PBIT_TESTS_SIGNS"


def _sign(text: str) -> None:
    with Path(os.environ[FILE]).open("a") as file:
        file.write(f"{text}\n")


def _before(function: Callable[..., Any], text: Callable[..., str]) -> Callable[..., Any]:
    def told(*arguments: Any, **options: Any) -> Any:
        _sign(text(*arguments))
        return function(*arguments, **options)

    return told


def _tell_of_compiling() -> None:
    from numba.core import event

    class Listener(event.Listener):
        def on_start(self, event: Any) -> None:
            _sign("compiling")

        def on_end(self, event: Any) -> None:
            pass

    event.register("numba:compile", Listener())


if __name__ == "__main__":
    _tell_of_compiling()
    running.run_in_thread = _before(running.run_in_thread, lambda *_: "begun")
    running.Bar.show = _before(running.Bar.show, lambda _, fraction, *__: f"shown {fraction or 0}")
    entry.main()
