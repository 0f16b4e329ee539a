"""benchmarks/digits.py on a folder of tiny files: each section, peers, records."""

import gzip
import json
import sys
from types import SimpleNamespace

import numpy as np
import pytest
from click.testing import CliRunner

import digit_solvers
import digit_updates
import digits
from digit_instances import SECTIONS
from pbit.problems.coloring import Coloring

FILES = {
    "qaplib/best_known.csv": "instance,n,optimum\nthree,3,12\n",
    "qaplib/three.dat": "3\n0 1 2\n1 0 3\n2 3 0\n0 1 1\n1 0 1\n1 1 0\n",
    "tsplib/optima.csv": "instance,n,optimum\nsquare,4,4\nabsent,4,4\n",
    "tsplib/square.tsp": "NAME: square\nTYPE: TSP\nDIMENSION: 4\nEDGE_WEIGHT_TYPE: EUC_2D\n"
    "NODE_COORD_SECTION\n1 0 0\n2 0 1\n3 1 1\n4 1 0\nEOF\n",
    "dimacs_coloring/chromatic_numbers.csv": "instance,n,a,b,c,chi,lb,ub\nring,5,5,5,5,None,,3\n",
    "dimacs_coloring/ring.col.gz": "p edge 5 5\ne 1 2\ne 2 3\ne 3 4\ne 4 5\ne 5 1\n",
    "gset/G1.txt.gz": "4 6\n1 2 1\n1 3 1\n1 4 1\n2 3 1\n2 4 1\n3 4 1\n",
}


@pytest.fixture
def folder(tmp_path):
    for name, text in FILES.items():
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(gzip.compress(text.encode()) if name.endswith(".gz") else text.encode())
    return tmp_path


@pytest.fixture
def rows(folder, monkeypatch):
    monkeypatch.setattr(digits, "_SIZE", 40)
    monkeypatch.setattr(digits, "_SWEEPS", 5)
    monkeypatch.setattr(digit_updates, "VALUES", (3,))
    out = folder / "rows.json"
    arguments = ["--data", folder, "--json", out, "--limit", 0.2, "--repeats", 2, "--one-hot"]
    result = CliRunner().invoke(digits.main, [*map(str, arguments), "--peers"])
    assert result.exit_code == 0, result.output
    assert "CP-SAT" in digits.__doc__ and "mean" in result.output
    return json.loads(out.read_text())["rows"]


def test_every_section_has_rows(rows):
    assert {row["section"] for row in rows} == {*SECTIONS, "updates"}
    ours = [row for row in rows if row.get("solver") == "dits"]
    assert all(row["found"] == 2 for row in ours if row["optimum"] is not None)
    assert [row["mean"] for row in ours if row["section"] == "k-cuts"] == [5.0, 6.0]
    assert {row["solver"] for row in rows if row["section"] == "colorings"} >= {
        "dits", "tempering", "dsatur"
    }  # fmt: skip
    updates = [row for row in rows if row["section"] == "updates"]
    assert [row["reads"] for row in updates] == ["many", "one"]
    assert all(row["digit_ns"] > 0 and row["p_bits_ns"] > 0 for row in updates)


def test_greedy_colours_beyond_those_there_are_count():
    ring = Coloring(range(5), [1, 2, 3, 4, 0], range(5), 2)
    assert digit_solvers.dsatur(ring)[1] == 1.0


def test_peers_that_are_not_there_are_told(monkeypatch):
    monkeypatch.setattr(digit_solvers, "find_spec", lambda name: None)
    there, said = digit_solvers.peers_there()
    assert there == [] and "cp-sat: ortools is not installed, left out" in said


@pytest.mark.parametrize(("status", "conflicts"), [(4, 0.0), (0, np.inf)])
def test_what_cp_sat_is_asked(monkeypatch, status, conflicts):
    asked = []

    class Model:
        def new_bool_var(self, name):
            return object()

        def add_exactly_one(self, several):
            asked.append(len(several))

        def add_at_most_one(self, several):
            asked.append(len(several))

        def add(self, one):
            asked.append(1)

    class CpSolver:
        def __init__(self):
            self.parameters = SimpleNamespace()
            self.wall_time = 0.5

        def solve(self, model):
            return status

    fake = SimpleNamespace(CpModel=Model, CpSolver=CpSolver, OPTIMAL=4, FEASIBLE=2)
    monkeypatch.setitem(sys.modules, "ortools", SimpleNamespace())
    monkeypatch.setitem(sys.modules, "ortools.sat", SimpleNamespace())
    monkeypatch.setitem(sys.modules, "ortools.sat.python", SimpleNamespace(cp_model=fake))
    path = Coloring([0, 1], [1, 2], range(3), 2)
    assert digit_solvers.cp_sat(path, 1, 2.0) == (0.5, conflicts)
    assert asked == [2] * 3 + [2] * 4 + [1] * len(path.choices.clique)
