"""Schedules of simulated quantum annealing, and tables of annealers."""

import numpy as np
import pytest

from pbit.schedules.quantum import annealer_schedule, quantum_schedule

TABLE = [[0.0, 6.0, 0.0], [0.25, 2.0, 1.0], [1.0, 0.0, 8.0]]
TEXT = "s,A(s) (GHz),B(s) (GHz),C\n0,6,0,0\n0.25,2,1,.1\n\n1,0,8,1\n"


def test_fields_between_the_ends():
    schedule = quantum_schedule(3.0, (8.0, 0.5), num_sweeps=5, kind="geometric")
    assert schedule["gamma"] == pytest.approx([8, 4, 2, 1, 0.5])
    assert schedule.betas.tolist() == [3.0] * 5


def test_an_annealer_s_units():
    """12 mK is 0.25003 GHz h / k_B: B = 8 GHz is beta = 8 / (2 x .25003)."""
    schedule = annealer_schedule(TABLE, num_sweeps=5, temperature_mK=12.0)
    assert schedule.betas[-1] == pytest.approx(8 / (2 * 0.2500394), rel=1e-4)
    assert schedule["gamma"][1:] == pytest.approx(
        [2.0, 2 * 4 / 6 / (1 + 7 / 3), 4 / 6 / (1 + 14 / 3), 0]
    )
    products = schedule.betas * schedule["gamma"]
    assert products[0] == pytest.approx(6 / (2 * 0.2500394), rel=1e-4)  # where B is 0, A counts


def test_units_other_than_GHz():
    twice = annealer_schedule(TABLE, num_sweeps=5, temperature_mK=12.0, unit_GHz=2.0)
    once = annealer_schedule(TABLE, num_sweeps=5, temperature_mK=6.0)
    assert twice.betas == pytest.approx(once.betas)


def test_a_file_is_the_same(tmp_path):
    path = tmp_path / "annealer.csv"
    path.write_text("\ufeff" + TEXT)
    found = annealer_schedule(path, num_sweeps=7, temperature_mK=12.0)
    assert found == annealer_schedule(TABLE, num_sweeps=7, temperature_mK=12.0)


WRONG = [
    ("s,A(s)\n0,1\n", "must have the columns s, A(s) and B(s), each once, got 0 of B"),
    ("s,s,A,B\n", "each once, got 2 of s"),
    ("s,A,B\n0,1,1\n1,x,2\n", "must have a number in each of s, A(s) and B(s), got line 3"),
    ("s,A,B\n0,1,1\n", "must have two rows or more of finite numbers, got 1 rows"),
    ("s,A,B\n0,1,1\n1,nan,2\n", "must have two rows or more of finite numbers, got some"),
    ("s,A,B\n0,1,1\n0.5,1,1\n", "must have s rising from 0 to 1, got 0.0 to 0.5"),
    ("s,A,B\n0,1,1\n1,-1,1\n", "must have A and B >= 0, and some B > 0"),
    ("s,A,B\n0,1,0\n1,1,0\n", "must have A and B >= 0, and some B > 0"),
    ("", "got 0 of s"),
]


@pytest.mark.parametrize(("text", "message"), WRONG)
def test_wrong_tables(tmp_path, text, message):
    path = tmp_path / "annealer.csv"
    path.write_text(text)
    with pytest.raises(ValueError) as error:
        annealer_schedule(path, num_sweeps=7, temperature_mK=12.0)
    assert message in str(error.value)


def test_no_text_and_large_files_are_refused(tmp_path, monkeypatch):
    path = tmp_path / "annealer.csv"
    path.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(ValueError, match="must be a table in CSV"):
        annealer_schedule(path, num_sweeps=7, temperature_mK=12.0)
    monkeypatch.setattr("pbit.schedules.quantum._LARGEST_TABLE", 2)
    with pytest.raises(ValueError, match="must have at most 2 bytes"):
        annealer_schedule(path, num_sweeps=7, temperature_mK=12.0)
    with pytest.raises(ValueError, match=r"must be numbers of shape \(rows, 3\)"):
        annealer_schedule([1.0, 2.0], num_sweeps=7, temperature_mK=12.0)
    with pytest.raises(ValueError, match="temperature_mK must be > 0"):
        annealer_schedule(TABLE, num_sweeps=7, temperature_mK=0.0)


def test_wrong_ranges():
    with pytest.raises(ValueError, match="gamma_range must be two numbers"):
        quantum_schedule(1.0, 3.0, num_sweeps=3)
    with pytest.raises(ValueError, match="kind must be 'linear' or 'geometric'"):
        quantum_schedule(1.0, (3.0, 1.0), num_sweeps=3, kind="steep")
    for pair, kind in (
        ((3.0, 0.0), "geometric"),
        ((3.0, -1.0), "linear"),
        ((np.inf, 1.0), "linear"),
    ):
        with pytest.raises(ValueError, match="gamma_range must be finite and >= 0"):
            quantum_schedule(1.0, pair, num_sweeps=3, kind=kind)
