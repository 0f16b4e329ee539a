"""The complete command: rows whose missing values are drawn."""

import json

import numpy as np
import pytest
from click.testing import CliRunner

from pbit.cli import learning
from pbit.cli.main import cli
from pbit.problems.learning import read_data
from pbit.problems.machines import load_machine
from trained import bars, machine_of_bars, memory_of, pbit, train


@pytest.fixture(scope="module")
def machine(tmp_path_factory):
    return machine_of_bars(tmp_path_factory.mktemp("bars"))


@pytest.fixture
def partial(tmp_path):
    """The left half of a lying and of a standing bar."""
    path = tmp_path / "partial.npz"
    lying = np.repeat([1.0, 1, 0, 0], 4).reshape(4, 4)
    rows = np.array([lying, lying.T])
    rows[:, :, 2:] = np.nan
    np.savez(path, data=rows)
    return path


def test_what_is_there_stays(machine, partial, tmp_path):
    path, plot = tmp_path / "c.npz", tmp_path / "c.png"
    result = pbit("complete", machine, partial, "--seed", 1, "--output", path, "--plot", plot,
                  "--steps", 50)  # fmt: skip
    assert (result.exit_code, result.stderr) == (0, "")
    assert "completed   2 rows, 50.0% of their values\nseed        1\n" in result.stdout
    found = read_data(path).images > 0
    assert (
        found[0, :, :2].tolist() == [[True] * 2] * 2 + [[False] * 2] * 2 and found[1, :, :2].all()
    )
    assert plot.stat().st_size > 1000


def test_the_machine_completes(machine, partial):
    record = json.loads(pbit("complete", machine, partial, "--seed", 1, "--json").stdout)
    lying = np.repeat([1, 1, 0, 0], 4).reshape(4, 4)
    assert (np.array(record["data"]) == [lying, lying.T]).mean() > 0.9
    assert record["missing"] == 0.5 and record["model"] == "rbm"


def test_labels_are_held(machine, tmp_path):
    path = tmp_path / "unknown.npz"
    rows = np.full((40, 4, 4), np.nan)
    rows[:, 0, 0] = 1  # of both
    np.savez(path, data=rows, labels=np.repeat([0, 1], 20))
    record = json.loads(pbit("complete", machine, path, "--seed", 1, "--json").stdout)
    found = np.array(record["data"]).reshape(40, 16)
    flat, given = rows.reshape(40, 16), load_machine(machine)
    wanted = given.complete(flat, labels=np.repeat([0, 1], 20), random_state=1)
    assert np.array_equal(found, wanted)
    free = pbit("complete", machine, path, "--seed", 1, "--json", "--labels", "none")
    assert np.array_equal(
        np.array(json.loads(free.stdout)["data"]).reshape(40, 16),
        given.complete(flat, random_state=1),
    )
    assert found[20:, 12].mean() > 0.8 > 0.2 > found[20:, 3].mean()


def test_a_table_with_gaps(tmp_path):
    table, gaps = tmp_path / "t.csv", tmp_path / "gaps.csv"
    table.write_text("tail,fur,fins\n" + "1,1,1\n0,0,0\n" * 60)
    gaps.write_text("tail,fur,fins\n" + "1,?,1\n0,,0\n" * 20)
    assert train(table, tmp_path / "m", "--epochs", 200).exit_code == 0
    result = pbit("complete", tmp_path / "m", gaps, "--seed", 1)
    assert "(20 more: --output FILE or --json)\ncompleted   40 rows, 33.3%" in result.stdout
    found = [line.split(",") for line in result.stdout.splitlines()[:20]]
    assert all(first == last == "10"[k % 2] for k, (first, _, last) in enumerate(found))
    assert sum(first == middle for first, middle, _ in found) >= 16


def test_a_memory_completes(tmp_path):
    path, images = memory_of(tmp_path)
    gaps = tmp_path / "gaps.npz"
    known = np.ones((3, 4, 4), bool)
    known[:, 3] = False
    np.savez(gaps, data=images, known=known)
    record = json.loads(pbit("complete", path, gaps, "--json", "--seed", 1).stdout)
    assert record["model"] == "hopfield" and record["data"] == images.tolist()
    result = pbit("complete", path, gaps, "--steps", 3)
    assert result.exit_code == 2 and "--steps is for machines that sample" in result.stderr


def test_the_threshold_is_that_of_the_training(tmp_path):
    """What is binary is taken as it is, whatever the threshold was."""
    images, stands = bars()
    np.savez(tmp_path / "grey.npz", data=200 * images + 20, labels=stands)
    path = tmp_path / "m"
    assert train(tmp_path / "grey.npz", path, "--threshold", 127).exit_code == 0
    gaps = {"bits": images[:4].astype(float), "grey": 200.0 * images[:4] + 20}
    found = {}
    for name, rows in gaps.items():
        rows[:, 3] = np.nan
        np.savez(tmp_path / f"{name}.npz", data=rows)
        result = pbit("complete", path, tmp_path / f"{name}.npz", "--seed", 1, "--json")
        found[name] = json.loads(result.stdout)["data"]
        note = "note: --threshold 127, as in the training\n"
        assert result.stderr == (note if name == "grey" else "")
    assert found["bits"] == found["grey"]
    assert np.array_equal(np.array(found["bits"])[:, :3], images[:4, :3])
    for name, rows in found.items():
        piped = CliRunner().invoke(
            cli,
            ["complete", str(path), "-", "--seed", "1", "--json", "--quiet"],
            input=(tmp_path / f"{name}.npz").read_bytes(),
        )
        assert json.loads(piped.stdout)["data"] == rows
    quiet = pbit("complete", path, tmp_path / "grey.npz", "--quiet")
    assert (quiet.exit_code, quiet.stderr) == (0, "")
    other = pbit("complete", path, tmp_path / "grey.npz", "--seed", 1, "--threshold", 300, "--json")
    assert not np.array(json.loads(other.stdout)["data"])[:, :3].any()


def test_what_is_refused(machine, tmp_path):
    whole, narrow = tmp_path / "whole.npz", tmp_path / "narrow.csv"
    np.savez(whole, data=bars()[0])
    result = pbit("complete", machine, whole)
    assert result.exit_code == 4 and "all values are there, expected some to complete" in (
        result.stderr
    )
    narrow.write_text("1,?\n")
    result = pbit("complete", machine, narrow)
    assert result.exit_code == 4 and "rows of 2 columns, expected 16" in result.stderr
    assert pbit("complete", machine, tmp_path / "nothing").exit_code == 4
    assert "MODEL and --output name the same file" in (
        pbit("complete", whole, tmp_path / "x", "--output", whole).stderr
    )
    strange = tmp_path / "labels.npz"
    np.savez(strange, data=np.where(np.eye(4) == 1, 1, np.nan)[None], labels=np.array([5]))
    result = pbit("complete", machine, strange)
    assert result.exit_code == 4 and "labels must be among the classes" in result.stderr
    assert pbit("complete", machine, strange, "--labels", "none").exit_code == 0


def test_a_closed_standard_input(machine, monkeypatch):
    monkeypatch.setattr(learning.sys, "stdin", None)
    with pytest.raises(learning.InputRefused, match="<stdin>: is closed"):
        learning.read_rows("-")
    with pytest.raises(learning.InputRefused, match="<stdin>: is closed"):
        learning.read_rows(learning._readable_twice("-"))


def test_labels_that_cannot_be_opened_are_named(tmp_path, monkeypatch):
    (tmp_path / "t.csv").write_text("1,0\n")
    result = pbit("train", tmp_path / "t.csv", "--output", tmp_path / "m", "--labels", "nope")
    assert result.exit_code == 4 and "nope" in result.stderr
