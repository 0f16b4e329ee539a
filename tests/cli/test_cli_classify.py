"""The classify command: classes of rows, and how often they are right."""

import json

import numpy as np
import pytest

from pbit.problems.machines import load_machine
from trained import bars, machine_of_bars, memory_of, pbit, train, written


@pytest.fixture(scope="module")
def machine(tmp_path_factory):
    return machine_of_bars(tmp_path_factory.mktemp("bars"))


def test_accuracy_and_confusions(machine, tmp_path):
    images, stands = bars(40, seed=2)
    wrong = stands.copy()
    wrong[:3] = 1 - wrong[:3]
    np.savez(tmp_path / "t.npz", data=images, labels=wrong)
    result = pbit("classify", machine, tmp_path / "t.npz")
    lines = result.stdout.splitlines()
    found = load_machine(machine).predict(images.reshape(-1, 16))
    right = (found == wrong).sum()
    assert 30 < right <= 38
    assert lines[:2] == ["rows         40", f"accuracy     {right / 40:.4f}, {right} of 40 rows"]
    counts = [((found == a) & (wrong == 1 - a)).sum() for a in (0, 1)]
    for a, count in enumerate(counts):
        assert not count or f"{1 - a} for {a} ({count})" in lines[2]
    assert lines[3] == f"found        0: {(found == 0).sum()}, 1: {(found == 1).sum()}"
    assert lines[4] == "(row by row: --output FILE or --json)"


def test_every_row(machine, tmp_path):
    data, path = written(tmp_path / "t.npz"), tmp_path / "c.csv"
    result = pbit("classify", machine, data, "--json", "--output", path)
    record = json.loads(result.stdout)
    images, stands = bars()
    proba = load_machine(machine).predict_proba(images.reshape(-1, 16))
    assert record["predictions"] == record["labels"] == stands.tolist()
    assert record["accuracy"] == 1.0 and record["right"] == record["rows"] == 120
    assert np.allclose(record["probabilities"], proba.max(axis=1))
    lines = path.read_text().splitlines()
    assert lines[0] == "class,probability,label" and len(lines) == 121
    assert lines[1] == f"{stands[0]},{proba.max(axis=1)[0]:.6g},{stands[0]}"


def test_without_labels(machine, tmp_path):
    data, path = written(tmp_path / "t.npz", labels=False), tmp_path / "c.csv"
    result = pbit("classify", machine, data, "--output", path)
    assert "accuracy" not in result.stdout and f"output       {path}" in result.stdout
    assert path.read_text().startswith("class,probability\n")
    none = pbit("classify", machine, written(tmp_path / "t.npz"), "--labels", "none", "--json")
    assert json.loads(none.stdout)["accuracy"] is None


def test_words_are_compared_as_words(tmp_path):
    """A file without some of the classes numbers them otherwise. Trained at 0.02 all twelve seeds
    tried tell the two rows, at 0.1 six."""
    table, test = tmp_path / "t.csv", tmp_path / "test.csv"
    table.write_text("tail,fur,fins,what\n" + "1,1,0,cat\n0,1,0,bear\n1,0,1,fish\n" * 20)
    test.write_text("tail,fur,fins,what\n1,0,1,fish\n1,1,0,cat\n")
    assert (
        train(
            table, tmp_path / "m", "--labels", "what", "--epochs", 100, "--learning-rate", 0.02
        ).exit_code
        == 0
    )
    result = pbit("classify", tmp_path / "m", test, "--labels", "what")
    assert "accuracy     1.0000, 2 of 2 rows" in result.stdout
    assert "mistaken     none" in result.stdout


def test_many_classes_fit_a_terminal(tmp_path):
    rows = np.eye(40, dtype=np.uint8)
    np.savez(tmp_path / "t.npz", data=rows, labels=np.arange(40))
    assert train(tmp_path / "t.npz", tmp_path / "m", "--epochs", 1).exit_code == 0
    result = pbit("classify", tmp_path / "m", tmp_path / "t.npz")
    assert result.exit_code == 0 and max(map(len, result.stdout.splitlines())) <= 80


def test_what_is_refused(machine, tmp_path):
    unlabelled = machine_of_bars(tmp_path, "--labels", "none")
    result = pbit("classify", unlabelled, written(tmp_path / "t.npz"))
    assert result.exit_code == 4 and "train one with labels" in result.stderr
    memory, _ = memory_of(tmp_path)
    assert pbit("classify", memory, tmp_path / "t.npz").exit_code == 4
    np.savez(tmp_path / "bad.npz", data=np.full((2, 4, 4), np.nan))
    result = pbit("classify", machine, tmp_path / "bad.npz")
    assert result.exit_code == 4 and "NaN" in result.stderr
