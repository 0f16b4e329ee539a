"""Discrete models as problems: every state and answer, digits, files, refusals."""

import dimod
import numpy as np
import pytest
from click.testing import CliRunner

import pbit
from brute_force import check_problem
from digit_laws import all_values
from pbit import DitModel
from pbit.cli.main import cli
from pbit.exact import digits as exact_digits
from pbit.problems.dqm import DiscreteModel
from random_dits import naive_energy, random_dits, random_potts

COUNTS = [3, 2, 1, 3]


@pytest.mark.parametrize("make", [random_dits, random_potts])
@pytest.mark.parametrize("integers", [True, False])
@pytest.mark.parametrize("seed", range(4))
def test_every_state_and_every_answer(make, integers, seed):
    dits = make(COUNTS, seed=seed, integers=integers)
    problem = DiscreteModel(dits)
    worth = {x: float(dits.energy(x)) for x in all_values(COUNTS)}
    assert worth[2, 1, 0, 0] == pytest.approx(naive_energy(dits, (2, 1, 0, 0)))
    answers = [np.array(x, dtype=np.int64) for x in worth]
    best = check_problem(problem, answers, lambda x: True, worth.__getitem__, always=True)
    assert best == min(worth.values())
    assert problem.size[0] == problem.model.num_spins == 9
    assert problem.model.num_couplings <= problem.size[1]


def test_control_penalties_that_are_too_small():
    dits = random_dits(COUNTS, seed=1, integers=True)
    problem = DiscreteModel(dits)
    problem.__dict__["penalties"] = problem.penalties * 0.05
    worth = {x: float(dits.energy(x)) for x in all_values(COUNTS)}
    with pytest.raises(AssertionError):
        answers = [np.array(x, dtype=np.int64) for x in worth]
        check_problem(problem, answers, lambda x: True, worth.__getitem__)


def test_digits_have_the_energies_of_the_objective():
    problem = DiscreteModel(random_dits(COUNTS, seed=6))
    for x in all_values(COUNTS):
        values = problem.digits.values(x)
        assert values.dtype == np.int16 and problem.digits.answer(values).tolist() == list(x)
        energy = problem.digits.model.energy(values).item()
        assert energy == problem.energy_of(problem.objective(np.array(x)))


def test_labels_and_names():
    dits = DitModel.from_pairs([2, 1], None, [], [], [], labels=["a", "b"], cases=["xy", "z"])
    problem = DiscreteModel(dits)
    assert list(problem.labels) == ["a", "b"]
    assert list(problem.model.labels) == [("a", "x"), ("a", "y"), ("b", "z")]
    assert DiscreteModel(DitModel.potts([], [], num_values=2)).model.num_spins == 0


def discrete_file(tmp_path):
    dqm = dimod.DQM()
    for label in "abcd":
        dqm.add_variable(3, label=label)
    for u, v in ("ab", "bc", "cd", "da", "ac"):
        dqm.set_quadratic(u, v, {(k, k): 2.0 for k in range(3)})
    dqm.set_linear("a", [0.0, -1.0, 0.5])
    dqm.offset = 1.0
    path = tmp_path / "four.dqm"
    path.write_bytes(dqm.to_file().read())
    return str(path)


def test_a_file_from_python_and_from_the_shell(tmp_path):
    path = discrete_file(tmp_path)
    problem = pbit.read(path)
    assert problem.name == "dqm" and problem.digits_model.is_potts
    assert pbit.solve(path, seed=1).objective == 0.0
    told = CliRunner().invoke(cli, ["info", path])
    assert told.exit_code == 0 and "dqm" in told.output and "12" in told.output
    solved = CliRunner().invoke(cli, ["solve", path, "--seed", "1"])
    assert solved.exit_code == 0 and "energy" in solved.output


def test_models_and_dqms_are_solved_as_they_are():
    dits = random_potts(COUNTS, seed=3)
    for source in (dits, dits.to_dqm()):
        found = pbit.solve(source, seed=1)
        assert found.problem.digits_model == dits
        assert found.objective == pytest.approx(exact_digits.ground_states(dits)[0])
    names = DitModel.from_pairs([2, 2], [[0, 1], [1, 0]], [], [], [], labels="ab")
    assert pbit.solve(names, seed=1).assignment == {"a": 0, "b": 1}


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ([0, 0, 0], "the answer must have 4 values, one a variable, got 3"),
        ([0, 2, 0, 0], "whole numbers from 0 to 1 for digit 1, got 2"),
        ([0, 0.5, 0, 0], "whole numbers from 0 to 1 for digit 1, got 0.5"),
        ([-1, 0, 0, 0], "whole numbers from 0 to 2 for digit 0, got -1"),
    ],
)
def test_refused_answers(values, message):
    problem = DiscreteModel(random_dits(COUNTS, seed=1))
    with pytest.raises(ValueError, match=message):
        problem.answer(values)
    assert not problem.check(values)


def test_refused_models():
    with pytest.raises(TypeError, match="digits_model must be of type DitModel, got 3"):
        DiscreteModel(3)
