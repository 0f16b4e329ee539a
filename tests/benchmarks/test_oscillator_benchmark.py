"""The benchmark of coupled oscillators: its options, its networks, and rows of small ones."""

import numpy as np
import pytest
from click.testing import CliRunner

import oscillator_speed


def test_both_codes_follow_the_same_equation():
    """Without noise to speak of they end at the same L and the same power."""
    couplings = oscillator_speed.networks(1)["all to all 10"]
    how = {"reads": 32, "steps": 400, "seed": 3}
    for kind, near in (("phases", 0.02), ("amplitudes", 0.03)):
        ours = oscillator_speed.ours(couplings, kind, **how)
        assert ours == pytest.approx(oscillator_speed.numpys(couplings, kind, **how), abs=near)


def test_networks_are_what_they_are_called():
    found = oscillator_speed.networks(1)
    assert [matrix.shape[0] for matrix in found.values()] == [10, 100, 1000, 800]
    assert found["sparse 800"].nnz == 2 * 19176
    for matrix in found.values():
        dense = np.asarray(matrix.todense()) if hasattr(matrix, "todense") else matrix
        assert (dense == dense.T).all() and not dense.diagonal().any()


def test_rows(monkeypatch, tmp_path):
    small = oscillator_speed.networks(1)["all to all 10"]
    monkeypatch.setattr(oscillator_speed, "networks", lambda seed: {"ten": small})
    arguments = ["--steps", "1e4", "--repeats", "1", "--json", str(tmp_path / "rows.json")]
    found = CliRunner().invoke(oscillator_speed.main, arguments, catch_exceptions=False)
    assert found.exit_code == 0 and found.output.count("ten ") == 8
    assert (tmp_path / "rows.json").read_text().count('"ten"') == 8
