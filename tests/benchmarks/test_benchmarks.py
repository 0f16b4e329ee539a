"""The benchmarks' instances, search and records; what they measure is not tested."""

import json
import sys
from types import SimpleNamespace

import numpy as np
import pytest
from click.testing import CliRunner

import equal_quality
import flips_per_second
import huge_graph
import instances
import macrospin_speed
import peers
import population_cost
import random_quality
import scaling
import slices_per_second

SCRIPTS = (
    equal_quality,
    flips_per_second,
    huge_graph,
    macrospin_speed,
    population_cost,
    random_quality,
    scaling,
    slices_per_second,
)


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda s: s.__name__)
def test_options_all_share(script):
    names = {option for p in script.main.params for option in p.opts}
    assert {"--seed", "--repeats", "--json", "--plot"} <= names


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda s: s.__name__)
@pytest.mark.parametrize("option", ["--json", "--plot"])
def test_files_that_cannot_be_written_are_told_before_the_work(script, option, tmp_path):
    missing = str(tmp_path / "missing" / "file.png")
    shown = CliRunner().invoke(script.main, [option, missing])
    assert shown.exit_code == 2 and "missing is no folder" in shown.output


def test_a_plot_that_cannot_be_drawn_is_told_before_the_work(monkeypatch, tmp_path):
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    shown = CliRunner().invoke(flips_per_second.main, ["--plot", str(tmp_path / "a.png")])
    assert shown.exit_code == 1 and "needs matplotlib" in shown.output


def test_xorsat_has_three_terms_a_spin():
    model = instances.xorsat(60, np.random.default_rng(1))
    sizes = np.diff(model.pointers)
    assert set(sizes.tolist()) == {3}
    assert np.bincount(model.members).tolist() == [3] * 60


def test_random_edges_form_three_rings():
    rows, cols = instances.random_edges(100, np.random.default_rng(1))
    assert np.bincount(np.concatenate([rows, cols])).tolist() == [6] * 100
    assert rows.dtype == cols.dtype == np.int32


@pytest.mark.parametrize("needed", [1, 30, 100, 1000])
def test_search_of_the_fewest_sweeps(needed):
    """Energies 1 / sweeps without noise: the mark is at ``needed``."""

    def call(reads, sweeps, seed):
        return SimpleNamespace(record=SimpleNamespace(energy=np.full(reads, 1 / sweeps)))

    found = equal_quality.fewest_sweeps(call, np.full(8, 1 / needed), 0)
    assert needed <= found <= 1.04 * needed + 2


def test_search_gives_up():
    def call(reads, sweeps, seed):
        return SimpleNamespace(record=SimpleNamespace(energy=np.ones(reads)))

    assert equal_quality.fewest_sweeps(call, np.zeros(8), 0) is None


def test_a_missing_peer_is_no_error(monkeypatch):
    monkeypatch.setattr(peers, "module", lambda name: None)
    problem = peers.Problem("ring", instances.lattice(4, instances.signs, np.random.default_rng(1)))
    for rule in ("Gibbs", "Metropolis"):
        task = peers.Task(rule, np.array([0.1, 1.0]), reads=2, seed=1)
        assert peers.openjij(problem, task) is None
        assert peers.ferrotherm(problem, task) is None
        assert peers.neal(problem, task).energies.shape == (2,)


def test_record_says_where_it_comes_from(tmp_path):
    command = ["--side", "6", "--sweeps", "4", "--repeats", "1", "--json", str(tmp_path / "x.json")]
    result = CliRunner().invoke(huge_graph.main, command)
    assert result.exit_code == 0, result.output
    assert max(map(len, result.output.splitlines())) <= 80
    record = json.loads((tmp_path / "x.json").read_text())
    assert {"commit", "processor", "threads_available", "versions", "seed", "repeats"} <= set(
        record
    )
    assert {row["sampler"] for row in record["rows"]} == {"pbit", "neal"}


def test_program_that_is_not_there():
    command = ["--tool", "practrand", "--repeats", "1", "--streams", "start-reads"]
    result = CliRunner().invoke(random_quality.main, command, env={"PATH": ""})
    assert result.exit_code == 1
    assert "RNG_test is not installed" in result.output
