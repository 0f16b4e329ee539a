"""Benchmarks of oscillators: their cuts, machines and tables; what they measure is not tested."""

import json
from dataclasses import replace

import click
import numpy as np
import pytest
from click.testing import CliRunner

import oscillator_solvers
import oscillator_spread
from instance_sets import cuts
from pbit import IsingModel

SQUARE = IsingModel.from_edges([0, 1, 2, 3], [1, 2, 3, 0], [-1.0] * 4)


@pytest.mark.parametrize("script", [oscillator_solvers, oscillator_spread])
def test_options_all_share(script):
    names = {option for p in script.main.params for option in p.opts}
    assert {"--seed", "--repeats", "--json", "--plot"} <= names


def test_cuts():
    spins = np.array([[1, -1, 1, -1], [1, 1, 1, 1], [1, 1, -1, -1]], np.int8)
    assert oscillator_solvers.cut_of(SQUARE, spins).tolist() == [4.0, 0.0, 2.0]
    assert oscillator_solvers.cut_at(SQUARE, -4.0) == 4.0


def test_the_best_known_cuts_need_data(monkeypatch):
    monkeypatch.delenv("PBIT_DATA", raising=False)
    with pytest.raises(click.ClickException, match="gset is not there: set PBIT_DATA"):
        cuts("gset", ["G1"])


def test_a_table_of_every_solver(data, tmp_path):
    path, plot = tmp_path / "rows.json", tmp_path / "plot.png"
    arguments = [
        "--families", "torus", "--instances", 1, "--sweeps", 10, "--lengths", "10,20",
        "--reads", 16, "--within", 20, "--budget", 0.05, "--repeats", 2, "--json", path,
        "--plot", plot, "--solvers", "oscillator,ballistic,tempering,simulated-bifurcation",
    ]  # fmt: skip
    result = CliRunner().invoke(oscillator_solvers.main, [str(each) for each in arguments])
    assert result.exit_code == 0, result.output
    assert "16 reads of 10 sweeps" in result.output and "tempering" in result.output
    rows = json.loads(path.read_text())["rows"]
    assert [row["solver"] for row in rows if "solver" in row][:2] == ["oscillator", "ballistic"]
    assert plot.read_bytes().startswith(b"\x89PNG")


def test_machines_are_in_the_unit_of_the_couplings():
    made = oscillator_spread.machine(0.3, 0.1, seed=1, rate=0.5)
    assert np.std(made.detunings(4000)) == pytest.approx(0.3, rel=0.05)
    assert 2 * made.noise == pytest.approx(0.1)
    relaxation = float(made.oscillator.relaxation_rate_s(made.current_A))
    assert made.rate_rad_s == pytest.approx(0.5 * 2 * relaxation)


def test_a_row_of_the_table():
    graphs = [oscillator_spread.Graph(SQUARE, -4.0)] * 2
    row = oscillator_spread.row(graphs, 0.0, 0.0, 0.0, reads=2)
    assert row.success == row.cut == 1.0 and row.error == 0.0
    beside = replace(row, rate=0.5, success=0.5)
    told = "\n".join(oscillator_spread.lines([row, beside]))
    assert "1.000 +- 0.000 (100.0)" in told and "0.500 +- 0.000 (100.0)" in told
