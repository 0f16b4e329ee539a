"""benchmarks/time_to_solution.py: its sets have the energies listed, its peers answer.

The sets are read from PBIT_DATA; without it only what needs no data is tested.
"""

import json
import os

import click
import numpy as np
import pytest
from click.testing import CliRunner

import instance_sets
import pbit
import time_to_solution

with_data = pytest.mark.skipif("PBIT_DATA" not in os.environ, reason="needs PBIT_DATA")
RING = pbit.IsingModel.from_edges(range(6), [*range(1, 6), 0], [1.0] * 6, h=[0.5] + [0.0] * 5)


@with_data
@pytest.mark.parametrize(("name", "size"), [("wishart", 10), ("3r3x", 16), ("sk", 10)])
def test_listed_energies_are_the_lowest(name, size):
    """By enumeration: the sign conventions of the set are read right."""
    for instance in instance_sets.load(name, size, first=0, count=3):
        lowest = pbit.exact.exact_energies(instance.model).min()
        assert lowest == pytest.approx(instance.target, abs=2e-6)


@with_data
@pytest.mark.parametrize(("name", "size"), [("ea3d", 8), ("torus", 125), ("gka", 0), ("rudy", 60)])
def test_listed_energies_are_reached_and_not_beaten(name, size):
    (instance,) = instance_sets.load(name, size, first=1 if name == "gka" else 0, count=1)
    reads = pbit.anneal(
        instance.model, pbit.default_schedule(instance.model, num_sweeps=1500),
        num_reads=256, seed=1, best_seen=True, num_threads=1, kernel="lanes",
    )  # fmt: skip
    assert reads.energies.min() == pytest.approx(instance.target, abs=1e-6)


@with_data
@pytest.mark.parametrize("name", sorted(instance_sets.SETS))
def test_instances_have_names_of_their_own(name):
    found = instance_sets.load(name, 0, first=0, count=2)
    assert len({instance.name for instance in found}) == len(found) == 2


@with_data
def test_sizes_that_are_not_there():
    for size in (7, -1):
        with pytest.raises(click.ClickException, match="no instances of size"):
            instance_sets.load("gset", size, first=0, count=1)
    with pytest.raises(click.ClickException, match="is not there"):
        instance_sets.load("ea3d", 9, first=0, count=1)


def test_no_data(monkeypatch):
    monkeypatch.delenv("PBIT_DATA", raising=False)
    with pytest.raises(click.ClickException, match="set PBIT_DATA"):
        instance_sets.load("sk", 10, first=0, count=1)


@with_data
def test_table_and_record(tmp_path):
    path = tmp_path / "rows.json"
    result = CliRunner().invoke(time_to_solution.main, [
        "--set", "sk", "--size", "10", "--instances", "2", "--sweeps", "5,20", "--budget", "0.2",
        "--json", str(path), "--plot", str(tmp_path / "rows.png"), "--solvers", "pbit,neal,tabu",
        "--repeats", "2", "--time-limit", "1",
    ])  # fmt: skip
    assert result.exit_code == 0, result.output
    lines = result.stdout.splitlines()
    assert max(map(len, lines)) <= 80
    assert [line.split()[1] for line in lines if line.startswith("tabu ")] == ["2/2"]
    record = json.loads(path.read_text())
    assert [row["measured_by"] for row in record["rows"]] == ["reads", "reads", "first-hit"]
    assert record["set"] == "sk" and (tmp_path / "rows.png").stat().st_size > 1000


@pytest.mark.parametrize("name", ["openjij", "ferrotherm"])
def test_peers_return_states_of_the_model(name):
    pytest.importorskip(name)
    found, _ = time_to_solution.samplers([name], None)
    model = RING if name == "openjij" else pbit.IsingModel.from_bqm(RING.to_bqm())
    if name == "ferrotherm":  # its cluster moves take no fields
        model = pbit.IsingModel(np.zeros(6), RING.J)
    result = pbit.time_to_solution(
        found[name], model, float(pbit.exact.exact_energies(model).min()),
        num_sweeps=50, num_reads=20, seed=1,
    )  # fmt: skip
    assert result.solved == 1


def test_unknown_solvers():
    with pytest.raises(click.UsageError, match="must be among"):
        time_to_solution.samplers(["nael"], None)
