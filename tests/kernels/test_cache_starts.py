"""Kernels from disk in a process that compiles nothing, and so has little of numba ready."""

import subprocess
import sys

import pytest

PROGRAM = """
import sys
import numpy as np
import pbit
from numba.core import event

class Listener(event.Listener):
    def on_start(self, e): compiled.append(e.data["dispatcher"].py_func.__qualname__)
    def on_end(self, e): pass

compiled = []
event.register("numba:compile", Listener())
i = np.arange(12)
model = pbit.IsingModel.from_edges(i, (i + 1) % 12, np.sqrt(i + 1.0))
reads = pbit.anneal(model, num_reads=2, seed=1, {options})
print(reads.spins.tolist(), reads.energies.tolist())
print(compiled, file=sys.stderr)
"""


@pytest.mark.parametrize("options", ["kernel='cached'", "hardware=pbit.Hardware()"])
def test_kernels_with_and_without_memory_of_their_own_run_from_disk(options):
    """Those of chips allocate."""
    command = [sys.executable, "-c", PROGRAM.format(options=options)]
    first, second = (
        subprocess.run(command, capture_output=True, text=True, check=True) for _ in range(2)
    )
    assert second.stdout == first.stdout
    assert second.stderr == "[]\n"
