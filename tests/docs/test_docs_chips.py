"""The chips in docs/chips: they are read, say in what they are not ideal, and run."""

from pathlib import Path

import numpy as np
import pytest

import pbit
from pbit.exact import exact_boltzmann
from pbit.hardware.files.template import write_chip
from pbit.hardware.files.toml import read_chip
from pbit.problems.logic.gates.library import AND

FILES = sorted((Path(__file__).parents[2] / "docs" / "chips").glob("*.toml"))
# Total variation distance to Boltzmann of the AND gate at beta = 0.5. Every read is 2000 tau, 64 of
# them: errors are below 0.01, and uniform noise would be 0.41 away.
FARTHEST = {"digital": 0.03, "embedded": 0.2, "junctions": 0.3}


def test_there_are_three():
    assert [path.stem for path in FILES] == sorted(FARTHEST)


@pytest.mark.parametrize("path", FILES, ids=lambda p: p.stem)
def test_chip_is_read_and_written(path, tmp_path):
    chip = read_chip(path)
    assert chip.name == path.stem
    assert chip.departures()
    (tmp_path / "chip.toml").write_text(write_chip(chip))
    assert read_chip(tmp_path / "chip.toml").departures() == chip.departures()


@pytest.mark.parametrize("path", FILES, ids=lambda p: p.stem)
def test_chip_runs_a_gate(path):
    found = pbit.time_average(
        AND.model, 0.5, hardware=read_chip(path), num_sweeps=2000, burn_in=100, seed=1
    )
    distance = 0.5 * np.abs(found.states - exact_boltzmann(AND.model, 0.5)).sum()
    assert distance < FARTHEST[path.stem]
