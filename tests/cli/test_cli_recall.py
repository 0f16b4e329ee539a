"""The recall command: patterns, overlaps and pictures of what is recalled."""

import json

import numpy as np
import pytest

from pbit.problems.learning import read_data
from trained import machine_of_bars, memory_of, pbit


@pytest.fixture
def memory(tmp_path):
    return memory_of(tmp_path)


def probes(folder, images):
    """The first pixel turned."""
    path = folder / "probes.npz"
    turned = images.copy()
    turned[:, 0, 0] = 1 - turned[:, 0, 0]
    np.savez(path, data=turned)
    return path


def test_overlaps_and_patterns(memory, tmp_path):
    path, images = memory
    recalled, plot = tmp_path / "r.npy", tmp_path / "r.pdf"
    result = pbit("recall", path, probes(tmp_path, images), "--seed", 1, "--output", recalled,
                  "--plot", plot)  # fmt: skip
    assert (result.exit_code, result.stderr) == (0, "")
    assert result.stdout.splitlines()[-8:] == [
        "probe  pattern  overlap  before",
        "    0        0    1.000   0.875",
        "    1        1    1.000   0.875",
        "    2        2    1.000   0.875",
        "3 of 3 probes recall one of 3 patterns exactly; mean overlap 1.0000",
        "seed        1",
        f"output      {recalled}",
        f"plot        {plot}",
    ]
    assert np.array_equal(read_data(recalled).images > 0, images == 1)
    assert plot.read_bytes().startswith(b"%PDF")


@pytest.mark.parametrize("dynamics", ["fixed", "annealed"])
def test_with_noise(memory, tmp_path, dynamics):
    path, images = memory
    options = ("--dynamics", dynamics, "--beta", 5, "--sweeps", 20, "--seed", 3, "--json")
    (first, second) = (
        pbit("recall", path, probes(tmp_path, images), *options, "--threads", threads).stdout
        for threads in (1, 2)
    )
    record = json.loads(first)
    assert first == second and record["beta"] == 5.0 and record["dynamics"] == dynamics
    assert record["num_sweeps"] == 20 and min(record["overlap"]) > 0.5


def test_missing_values_are_recalled_and_others_held(memory, tmp_path):
    path, images = memory
    gaps = tmp_path / "gaps.npz"
    rows = images.astype(float)
    rows[:, 3] = np.nan
    np.savez(gaps, data=rows)
    for dynamics in ("fixed", "tempered"):
        result = pbit("recall", path, gaps, "--json", "--dynamics", dynamics, "--beta", 10)
        record = json.loads(result.stdout)
        assert np.array_equal(np.array(record["data"])[:, :3], images[:, :3])
        assert record["overlap_before"] is None
    told = pbit("recall", path, gaps, "--plot", tmp_path / "p.png").stdout
    assert "  1.000       -\n" in told


def test_rows_that_are_no_images(tmp_path):
    table = tmp_path / "t.csv"
    table.write_text("1,1,1,1,0,0\n1,0,1,0,1,0\n")
    pbit("train", table, "--model", "hopfield", "--rule", "hebb", "--output", tmp_path / "m")
    many = tmp_path / "probes.csv"
    many.write_text("1,1,1,1,1,0\n" * 25)
    result = pbit("recall", tmp_path / "m", many, "--seed", 1)
    assert result.stdout.startswith("1,1,1,1,0,0\n") and "(5 more: --json)\n" in result.stdout


def test_what_is_refused(memory, tmp_path):
    path, images = memory
    given = probes(tmp_path, images)
    result = pbit("recall", path, given, "--dynamics", "tempered", "--beta", 4)
    assert result.exit_code == 2
    assert "--dynamics 'tempered' needs pixels that are held" in result.stderr
    assert "--beta must be > 0, got 0" in pbit("recall", path, given, "--beta", 0).stderr
    result = pbit("recall", path, given, "--dynamics", "annealed", "--beta", 1)
    assert result.exit_code == 2
    assert "--beta must be above 4, where --dynamics annealed begins, got 1" in result.stderr
    machine = machine_of_bars(tmp_path)
    result = pbit("recall", machine, given)
    assert result.exit_code == 4 and "ask it with pbit complete" in result.stderr
    assert "MEMORY and --output name the same file" in (
        pbit("recall", given, given, "--output", given).stderr
    )
