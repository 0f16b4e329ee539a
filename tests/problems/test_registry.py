"""A kind of problem is one record in one file: found, listed, made of a file and solved."""

import json
import subprocess
import sys

import numpy as np
import pytest
from click.testing import CliRunner

import pbit.problems
from fresh_registry import fresh
from pbit import formats
from pbit.cli.main import cli
from pbit.formats import Contents
from pbit.problems.core.problem_kind import ProblemKind
from pbit.problems.core.reading import problem_of
from pbit.problems.core.registry import KNOWN, meanings, register

HALVES = '''
"""Weights to be put on two sides so that the sides weigh alike."""

from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np

from pbit.formats.format import Format, Holds, Sign, Stage
from pbit.models.ising import IsingModel
from pbit.problems.core.base import TwoValued
from pbit.problems.core.problem_kind import ProblemKind


@dataclass(frozen=True, eq=False)
class Halves(TwoValued):
    weights: Any
    labels: Any

    name = "halves"
    objective_name = "difference squared"

    @cached_property
    def model(self):
        w = np.asarray(self.weights, dtype=float)
        rows, cols = np.triu_indices(len(w), 1)
        return IsingModel.from_edges(
            rows, cols, -2 * w[rows] * w[cols], num_spins=len(w), offset=float(w @ w),
            labels=self.labels,
        )

    def objective(self, answer):
        return float((np.asarray(self.weights) @ (2 * np.asarray(answer) - 1)) ** 2)

    def energy_of(self, objective):
        return objective


def of_contents(contents, meaning):
    return Halves(contents.values, range(len(contents.values)))


PROBLEM = ProblemKind(name="halves", of=("graph", "weights"), make=of_contents)
'''
WEIGHTS = '''
"""Weights in a row: 'weights 1 2 3'."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from pbit.formats.format import Format, Holds, Sign, Stage
from pbit.formats.tokens import clean


@dataclass(frozen=True)
class Weights:
    values: Any
    name: str
    kind: str = "weights"
    format: str = "weights"
    notes: tuple = ()

    @property
    def num_variables(self):
        return len(self.values)


def read(data, name):
    return Weights(np.array(clean(data, name).split()[1:], dtype=float), name)


FORMAT = Format(
    name="weights", what="weights in a row", read=read, holds=Holds(kinds=("weights",)),
    signs=(Sign(Stage.LINE, 1, lambda sample: sample.fields[0] == b"weights"),),
)
'''
GRAPH = Contents(kind="graph", num_variables=3, rows=np.array([0, 1, 2]), cols=np.array([1, 2, 0]),
                 values=np.array([1.0, 2.0, 3.0]), format="rudy", name="file")  # fmt: skip


@pytest.fixture
def halves(tmp_path):
    """The file of a new kind of problem, found where all are."""
    folder = tmp_path / "problems"
    folder.mkdir()
    (folder / "two_sides.py").write_text(HALVES)
    with fresh(KNOWN, pbit.problems, folder):
        yield tmp_path


def run(*arguments):
    return CliRunner().invoke(cli, [str(argument) for argument in arguments])


def test_one_file_is_a_problem(halves):
    assert list(meanings("graph"))[-1] == "halves"  # without a rank it stands last
    problem = problem_of(GRAPH, "halves")
    assert problem.objective([1, 1, 0]) == 0.0 == problem.model.energy([1, 1, -1])
    with pytest.raises(ValueError, match=r"with problem='maxcut', .*'vertex-cover' or 'halves'$"):
        problem_of(GRAPH)


def test_the_command_line_solves_it(halves):
    path = halves / "triangle.mc"
    path.write_text("3 3\n1 2 1\n2 3 2\n1 3 3\n")
    assert "hising|halves]" in run("solve", "--help").stdout.replace("\n", "")
    assert "or halves" in run("solve", path).stderr.replace("\n", "")
    result = run("solve", path, "--problem", "halves", "--json", "--seed", 1, "--quiet")
    record = json.loads(result.stdout)
    assert (record["problem"], record["objective"]) == ("halves", 0.0)
    (halves / "result.json").write_text(result.stdout)
    assert run("check", path, halves / "result.json").exit_code == 0


def test_it_is_compiled(halves):
    path, chip = halves / "triangle.mc", halves / "chip.json"
    path.write_text("3 3\n1 2 1\n2 3 2\n1 3 3\n")
    run("compile", path, "--problem", "halves", "--bits", 4, "--output", chip, "--quiet")
    record = json.loads(run("solve", chip, "--json", "--seed", 1, "--quiet").stdout)
    assert (record["problem"], record["objective"]) == ("halves", 0.0)


def compiled_cut(folder):
    """A compiled max-cut, as JSON to be changed."""
    path, chip = folder / "triangle.mc", folder / "chip.json"
    path.write_text("3 3\n1 2 1\n2 3 2\n1 3 3\n")
    run("compile", path, "--problem", "maxcut", "--bits", 4, "--output", chip, "--quiet")
    return chip, json.loads(chip.read_text())


@pytest.mark.parametrize("problem", ["tsp", "coloring", "none of all"])
def test_compiled_files_of_problems_that_they_cannot_hold(problem, tmp_path):
    chip, document = compiled_cut(tmp_path)
    document["source"]["problem"] = problem
    chip.write_text(json.dumps(document))
    message = f"has problem '{problem}', expected one of null, maxcut, ising, qubo, clique"
    with pytest.raises(formats.FormatError, match=message):
        problem_of(formats.read(chip))
    result = run("solve", chip, "--quiet")
    assert result.exit_code == 4 and message in result.stderr


def test_a_format_and_a_problem_of_a_new_kind_of_contents(halves):
    folder = halves / "formats"
    folder.mkdir()
    (folder / "row_of_weights.py").write_text(WEIGHTS)
    path = halves / "a.txt"
    path.write_text("weights 3 1 2 4\n")
    with fresh(formats.registry.KNOWN, formats, folder):
        assert list(meanings("weights")) == ["halves"]
        record = json.loads(run("solve", path, "--json", "--seed", 1, "--quiet").stdout)
        assert (record["problem"], record["objective"]) == ("halves", 0.0)
        assert run("info", path).exit_code == 0


def test_contents_that_no_problem_is_made_of():
    from types import SimpleNamespace

    contents = SimpleNamespace(kind="weights", name="file", format="weights")
    message = "of kind weights, which no problem is made of; register a ProblemKind"
    with pytest.raises(ValueError, match=message):
        problem_of(contents)
    with pytest.raises(ValueError, match=r"of kind weights, not maxcut; leave problem=None$"):
        problem_of(contents, "maxcut")


def test_a_problem_is_registered_at_run_time():
    def make(contents, meaning):
        return problem_of(contents, "maxcut")

    with fresh(KNOWN, pbit.problems):
        record = ProblemKind(name="cut-again", of=("graph",), make=make, rank=15)
        assert register(record) is record
        assert list(meanings("graph"))[:3] == ["maxcut", "cut-again", "ising"]
        assert problem_of(GRAPH, "cut-again").name == "maxcut"
        with pytest.raises(ValueError, match="got 'maxcut', which another ProblemKind"):
            register(ProblemKind(name="maxcut", of=("graph",), make=make))
    assert "cut-again" not in meanings("graph")


def test_what_files_may_be():
    kinds = {kind for found in KNOWN.all().values() for kind in found.of}
    assert {kind: list(meanings(kind)) for kind in kinds} == {
        "graph": ["maxcut", "ising", "qubo", "coloring", "max-k-cut", "graph-partition",
                  "clique", "independent-set", "vertex-cover"],
        "cnf": ["sat", "maxsat"],
        "wcnf": ["maxsat"],
        **{kind: [kind] for kind in ("qubo", "ising", "hubo", "hising", "tsp", "partition",
                                     "market-split", "labs", "knapsack", "set-cover",
                                     "quadratic-assignment", "cqm", "dqm")},
    }  # fmt: skip
    ranks = [found.rank for found in KNOWN.all().values()]
    assert len(set(ranks)) == len(ranks)


def test_every_kind_that_is_read_has_a_meaning():
    kinds = {kind for form in formats.registry.KNOWN.all().values() for kind in form.holds.kinds}
    assert {kind for kind in kinds if not meanings(kind)} == {"compiled"}


def test_a_max_cut_imports_no_other_problem():
    code = f"""
import sys
import numpy as np
from pbit.formats import Contents
from pbit.problems.core.reading import problem_of
graph = Contents(kind="graph", num_variables=2, rows=np.array([0]), cols=np.array([1]),
                 values=np.array([1.0]))
problem_of(graph, "maxcut")
others = {[m for m in dir(pbit.problems) if m != "max_cut"]!r}
print([m for m in others if "pbit.problems." + m in sys.modules])
print([m for m in ("pbit.graphs", "pbit.hardware", "pbit.run", "numba") if m in sys.modules])
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines() == ["[]", "[]"]


def test_modules_are_attributes_of_the_package():
    assert {"max_cut", "tsp", "factoring", "logic"} <= set(dir(pbit.problems))
    assert not {"core", "parts"} & set(dir(pbit.problems))
    assert pbit.problems.tsp.TravellingSalesman.name == "tsp"
    with pytest.raises(AttributeError, match="has no attribute 'none'"):
        pbit.problems.none  # noqa: B018
