"""An engine and a solver are one file each: found, chosen, named in the shell, pickled."""

import json
import pickle

import numpy as np
import pytest
from click.testing import CliRunner

import pbit.engines
import pbit.solvers
from fresh_registry import fresh
from pbit import Schedule, anneal
from pbit.cli.main import cli
from pbit.engines import registry as engines
from pbit.engines.engine import Ask
from pbit.engines.registry import choose, engine_named
from pbit.run.control import Control
from pbit.solvers import registry as solvers
from pbit.solvers.effort import Effort
from pbit.solvers.solve import solve
from random_models import random_model

ENGINE = '''
"""Engine "greedy": sets every spin to the sign of its field, whatever the temperature."""

import numpy as np

from pbit.engines.block import Outcome
from pbit.engines.engine import Engine


class Greedy(Engine):
    name = "greedy"
    rank = 1
    orders = ("sequential",)
    rules = ("heat-bath",)

    def offer(self, model, ask):
        return self.plan(model, ask) if ask.order == "sequential" and ask.num_reads == 3 else None

    def sizes(self, n, share):
        return share, 1

    def run(self, task, block, spins, watch):
        h, (indptr, indices, weights), _ = task.model.exact
        for _ in range(task.num_sweeps):
            for i in range(len(spins)):
                row = slice(indptr[i], indptr[i + 1])
                field = h[i] + weights[row] @ spins[indices[row]]
                spins[i] = np.where(field >= 0, 1, -1)
        block.beat[0] += task.num_sweeps * block.wanted
        done = np.full(block.width, task.num_sweeps)
        return Outcome(spins, np.zeros(block.width), done, None)


ENGINE = Greedy()
'''
SOLVER = '''
"""Solver "ups": all spins up."""

import numpy as np

from pbit.run.reads import Reads
from pbit.solvers.solver import Solver


def all_up(model, effort, control):
    spins = np.ones((1, model.num_spins), np.int8)
    info = {
        "seed": effort.seed, "stop_reason": "completed", "num_reads": 1, "num_sweeps": 0,
        "updates": 0, "beta_range": [], "beta_schedule_type": "none", "rule": "none",
        "order": "none", "num_threads": 1, "rng": "none",
        "timing": {"preprocessing_ns": 1, "sampling_ns": 1, "postprocessing_ns": 1},
    }
    return Reads(spins, model.energy(spins), info)


SOLVER = Solver("ups", "all spins up", all_up, rank=5)
'''
TRIANGLE = "3 3\n1 2 1\n2 3 1\n1 3 1\n"


@pytest.fixture
def new_engine(tmp_path):
    (tmp_path / "greedy.py").write_text(ENGINE)
    for known in (engines.kernels, engines._in_turn):
        known.cache_clear()
    with fresh(engines.KNOWN, pbit.engines, tmp_path):
        yield
    for known in (engines.kernels, engines._in_turn):
        known.cache_clear()


@pytest.fixture
def new_solver(tmp_path):
    (tmp_path / "ups.py").write_text(SOLVER)
    with fresh(solvers.KNOWN, pbit.solvers, tmp_path):
        yield


@pytest.fixture
def triangle(tmp_path):
    path = tmp_path / "triangle.mc"
    path.write_text(TRIANGLE)
    return str(path)


def test_an_engine_in_one_file_runs(new_engine):
    model = random_model(8, seed=1)
    reads = anneal(model, Schedule([1.0] * 20), num_reads=4, seed=1, kernel="greedy")
    assert reads.info["kernel"] == "greedy" and reads.info["updates"] == 4 * 20 * 8
    assert np.all(reads.spins * model.field(reads.spins) >= 0)  # local minima
    shards = [
        anneal(model, Schedule([1.0]), num_reads=2, first_read=k, seed=1, kernel="greedy").spins
        for k in (0, 2)
    ]
    whole = anneal(model, Schedule([1.0]), num_reads=4, seed=1, kernel="greedy").spins
    assert np.array_equal(np.concatenate(shards), whole)


def test_it_is_chosen_where_it_offers_itself(new_engine):
    model = random_model(8, seed=1)
    assert choose(model, Ask(order="sequential", num_reads=3)).engine.name == "greedy"
    assert choose(model, Ask(order="sequential", num_reads=4)).engine.name != "greedy"


def test_it_refuses_what_it_does_not_do(new_engine):
    with pytest.raises(ValueError, match="kernel 'greedy' needs order 'sequential', got 'random'"):
        anneal(random_model(4, seed=1), kernel="greedy", order="random")
    with pytest.raises(ValueError, match="'greedy' needs rule 'heat-bath', got 'metropolis'"):
        anneal(random_model(4, seed=1), kernel="greedy", rule="metropolis")


def test_it_is_named_in_the_shell(new_engine, triangle):
    options = "--problem maxcut --kernel greedy --rule heat-bath --seed 1 --json --quiet".split()
    result = CliRunner().invoke(cli, ["solve", triangle, *options])
    assert result.exit_code == 0, result.output
    record = json.loads(result.output)
    assert record["objective"] == 2 and record["kernel"] == "greedy"
    assert "greedy" in CliRunner().invoke(cli, ["solve", "--help"]).output


def test_a_solver_in_one_file_solves(new_solver, triangle):
    model = random_model(5, seed=1)
    reads = solve("ups", model, Effort(), Control())
    assert reads.energies[0] == pytest.approx(model.energy(np.ones(5, np.int8)))
    options = ["--problem", "maxcut", "--solver", "ups", "--seed", "1", "--json", "--quiet"]
    result = CliRunner().invoke(cli, ["solve", triangle, *options])
    assert result.exit_code == 0, result.output
    assert json.loads(result.output)["objective"] == 0
    help_text = " ".join(CliRunner().invoke(cli, ["solve", "--help"]).output.split())
    assert "ups: all spins up; pbit: annealed p-bits" in help_text


def test_neither_is_there_without_its_file():
    assert "greedy" not in engines.kernels() and "ups" not in solvers.solver_names()
    with pytest.raises(ValueError, match="kernel must be auto, bits"):
        anneal(random_model(4, seed=1), kernel="greedy")
    with pytest.raises(ValueError, match="solver must be one of portfolio, pbit, anneal"):
        solvers.solver("ups")


def test_one_name_is_one_engine():
    with pytest.raises(ValueError, match="name must be new, got 'lanes'"):
        engines.register(type(engine_named("lanes"))())
    with pytest.raises(ValueError, match="name must be new, got 'pbit'"):
        solvers.register(solvers.Solver("pbit", "another", solvers.solver("neal").run))


@pytest.mark.parametrize("name", ["bits", "cached", "colors", "dense", "events", "lanes", "reads"])
def test_engines_pickle_as_what_they_are(name):
    engine = engine_named(name)
    assert pickle.loads(pickle.dumps(engine)) is engine
