"""pbit.read and pbit.solve: from a file, a model or a problem to the best answer."""

import io
import itertools

import dimod
import numpy as np
import pytest

import pbit
from pbit.exact import exact_ground_states
from random_models import random_model

EDGES = b"0 1\n1 2\n2 3\n3 4\n4 0\n"


def test_files_by_name_and_by_stream(tmp_path):
    path = tmp_path / "ring.txt"
    path.write_bytes(EDGES)
    for source in (path, str(path), io.BytesIO(EDGES)):
        found = pbit.solve(source, problem="maxcut", seed=1)
        assert (found.objective, found.feasible, found.violations) == (4.0, True, [])
        assert set(found.assignment) == set(range(5))
        assert found.problem.objective(found.answer) == 4.0
    assert pbit.read(path, problem="maxcut").model.num_spins == 5
    with pytest.raises(ValueError, match="say what it is meant to be with problem="):
        pbit.solve(path)
    with pytest.raises(OSError, match="nothing"):
        pbit.read(tmp_path / "nothing.txt")


def test_meanings_of_a_file():
    minus = pbit.read(io.BytesIO(EDGES), problem="ising")
    plus = pbit.read(io.BytesIO(EDGES), problem="ising", ising_sign="plus")
    assert np.array_equal(minus.model.J.toarray(), -plus.model.J.toarray())
    coloured = pbit.solve(io.BytesIO(EDGES), problem="coloring", colors=3, seed=1)
    assert coloured.feasible and len(set(coloured.answer)) == 3


@pytest.mark.parametrize("vartype", ["SPIN", "BINARY"])
def test_bqms_in_their_own_values(vartype):
    rng = np.random.default_rng(5)
    names = "abcdefg"
    bqm = dimod.BQM({v: rng.normal() for v in names},
                    {(u, v): rng.normal() for u, v in itertools.pairwise(names)},
                    0.5, vartype)  # fmt: skip
    best = dimod.ExactSolver().sample(bqm).first
    found = pbit.solve(bqm, seed=1)
    assert found.assignment == {v: int(x) for v, x in best.sample.items()}
    assert found.objective == pytest.approx(best.energy)
    assert found.energy == pytest.approx(best.energy)


def test_models_problems_and_cqms():
    model = random_model(10, seed=4)
    lowest, _ = exact_ground_states(model)
    found = pbit.solve(model, seed=1)
    assert found.objective == pytest.approx(lowest)
    assert model.energy(found.answer) == pytest.approx(lowest)
    cubic = pbit.PolynomialModel.from_terms([((0, 1, 2), 1.0)])
    assert pbit.solve(cubic, seed=1).objective == -1.0
    cut = pbit.read(io.BytesIO(EDGES), problem="maxcut")
    assert pbit.solve(cut, seed=1).objective == 4.0
    x, y = dimod.Binaries(["x", "y"])
    cqm = dimod.CQM()
    cqm.set_objective(-x - 2 * y)
    cqm.add_constraint(x + y <= 1)
    answer = pbit.solve(cqm, seed=1)
    assert (answer.objective, answer.assignment) == (-2.0, {"x": 0, "y": 1})


def test_nothing_feasible_is_said():
    triangle = io.BytesIO(b"p edge 3 3\ne 1 2\ne 2 3\ne 1 3\n")
    found = pbit.solve(triangle, problem="coloring", colors=2, seed=1)
    assert not found.feasible and found.answer is None and found.assignment == {}
    assert found.violations and "no feasible answer" in repr(found)


def test_efforts_and_ends():
    model = random_model(10, seed=4)
    found = pbit.solve(
        model, solver="pbit", num_reads=7, num_sweeps=11, seed=3, rule="Metropolis", num_threads=1
    )
    info = found.reads.info
    assert (info["num_reads"], info["num_sweeps"], info["rule"]) == (7, 11, "metropolis")
    again = pbit.solve(model, solver="pbit", num_reads=7, num_sweeps=11, seed=3, rule="metropolis")
    assert np.array_equal(found.answer, again.answer)
    hit = pbit.solve(model, solver="pbit", target=found.objective, seed=3)
    assert hit.reads.info["stop_reason"] == "target"
    chip = pbit.solve(model, solver="pbit", hardware=pbit.Hardware(), num_reads=2, seed=1)
    assert chip.reads.info["hardware"]["flips"] > 0


def test_chips_from_files(tmp_path):
    path = tmp_path / "chip.toml"
    path.write_text('tau = "2 ns"\n')
    chip = pbit.Hardware.load(path)
    assert chip == pbit.Hardware(tau_s=2e-9)
    model = random_model(5, seed=1)
    expected = pbit.anneal(model, num_sweeps=20, seed=1, hardware=chip)
    for name in (path, str(path)):
        reads = pbit.anneal(model, num_sweeps=20, seed=1, hardware=name)
        assert np.array_equal(reads.spins, expected.spins)
    with pytest.raises(OSError, match=r"nothing\.toml"):
        pbit.anneal(model, hardware=tmp_path / "nothing.toml")
    path.write_text("tau = 3 ns\n")
    with pytest.raises(ValueError, match=r"chip\.toml"):
        pbit.Hardware.load(path)


@pytest.mark.parametrize(
    ("source", "options", "error", "message"),
    [
        (3, {}, TypeError, "source must be an IsingModel"),
        (random_model(3, seed=1), {"problem": "maxcut"}, ValueError, "problem must be left out un"),
        (random_model(3, seed=1), {"format": "coo"}, ValueError, "format must be left out unless"),
        (random_model(3, seed=1), {"colors": 3}, ValueError, "colors must be left out unless"),
        (random_model(3, seed=1), {"rule": "x"}, ValueError, "rule must be one of"),
        (random_model(3, seed=1), {"solver": "x"}, ValueError, "solver"),
    ],
)
def test_what_is_refused(source, options, error, message):
    with pytest.raises(error, match=message):
        pbit.solve(source, **options)
