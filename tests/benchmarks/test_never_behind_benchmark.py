"""Where auto is behind is counted right, and nobody is asked where it is as good as known."""

import json

import numpy as np
import pytest
from click.testing import CliRunner

never_behind = pytest.importorskip("never_behind")

from pbit import IsingModel  # noqa: E402
from pbit.measure.tts.comparison import Instance  # noqa: E402

CHAIN = IsingModel.from_edges([0, 1, 2], [1, 2, 3], [1.0, -2.0, 1.5])


def test_at_the_known_energy_nobody_else_runs(monkeypatch):
    monkeypatch.setitem(never_behind.RUNS, "other", None)  # which cannot be called
    row = never_behind.row_of(Instance(CHAIN, -4.5, "chain"), 0.2, 1, 1, ["other"])
    assert row["reached"] and not row["behind"] and row["auto"] == -4.5 and row["others"] == {}


@pytest.mark.parametrize(("other", "behind"), [(-4.5, False), (-4.6, True), (-3.0, False)])
def test_above_it_all_are_asked(monkeypatch, other, behind):
    monkeypatch.setitem(never_behind.RUNS, "other", lambda *_: other)

    def refuses(*_):
        raise TypeError

    monkeypatch.setitem(never_behind.RUNS, "pairs only", refuses)
    case = Instance(CHAIN, -np.inf, "chain")
    row = never_behind.row_of(case, 0.2, 1, 1, ["other", "pairs only"])
    assert row["others"] == {"other": other} and row["behind"] == behind


def test_shares_weigh_sets_by_their_size():
    rows = [
        {"set": "a", "weight": 9.0, "seconds": 1.0, "reached": True, "behind": False, "others": {},
         "instance": "a1", "auto": 0.0},
        {"set": "b", "weight": 1.0, "seconds": 1.0, "reached": False, "behind": True,
         "others": {"neal 1": -2.0, "tabu": -3.0}, "instance": "b1", "auto": -1.0},
    ]  # fmt: skip
    text = "\n".join(never_behind.table(rows))
    assert "on 90.0% of 10 instances; on 50.0% of the 2 that ran" in text
    assert "b1                       auto -1, tabu -3" in text


def test_rows_are_there_when_a_run_is_stopped(monkeypatch, tmp_path):
    def cases(sets, part):
        yield "chains", 1.0, Instance(CHAIN, -4.5, "chain")
        raise KeyboardInterrupt

    monkeypatch.setattr(never_behind, "cases_of", cases)
    path = tmp_path / "rows.json"
    CliRunner().invoke(never_behind.main, ["--times", "0.2", "--json", str(path)])
    assert [row["instance"] for row in json.loads(path.read_text())["rows"]] == ["chain"]


def test_tabu_is_not_asked_for_its_matrix_of_the_largest():
    anytime = pytest.importorskip("anytime")
    n = 10_001
    chain = IsingModel.from_edges(np.arange(n - 1), np.arange(1, n), np.ones(n - 1))
    with pytest.raises(ValueError, match="matrix"):
        anytime.tabu(Instance(chain, -1.0 * n, "chain"), 0.1, 1, 1)
