"""A peer that lives in an environment of its own, and trains when it is asked to."""

from __future__ import annotations

import json
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np

from learning_data import HIDDEN, VISIBLE, Timing

SCRIPT = Path(__file__).with_name("learning_thrml.py")


class Peer:
    """Thrml in another process: called, it makes a training step and says what that took."""

    def __init__(self, process: Any) -> None:
        self._process = process
        self.versions: dict[str, str] = self._answer()

    def __call__(self) -> Timing:
        self._process.stdin.write("\n")
        self._process.stdin.flush()
        return Timing(*self._answer())

    def _answer(self) -> Any:
        line = self._process.stdout.readline()
        if not line:
            raise RuntimeError(self._process.stderr.read().strip().rpartition("\n")[2])
        return json.loads(line)


@contextmanager
def thrml_steps(interpreter: str | None, batch: Any) -> Iterator[Peer | None]:
    """Training steps of VISIBLE and HIDDEN p-bits on these spins (rows, VISIBLE), while it lasts.

    None, and a sentence printed, where the interpreter is not given or has no thrml.
    """
    if interpreter is None:
        print("thrml is left out: --thrml names an interpreter that has it")
        yield None
        return
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, "bits.npy")
        np.save(file, batch > 0)
        command = [interpreter, str(SCRIPT), str(VISIBLE), str(HIDDEN), str(file)]
        pipe = subprocess.PIPE
        with subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=pipe, text=True) as process:
            try:
                yield _started(process, interpreter)
            finally:
                process.terminate()


def _started(process: Any, interpreter: str) -> Peer | None:
    try:
        return Peer(process)
    except RuntimeError as error:
        print(f"thrml is left out: {interpreter} says {error}")
        return None
