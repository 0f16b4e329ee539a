"""dimod CQMs and LP files: dimod's own check and objective are the referee."""

import io
import itertools

import dimod
import numpy as np
import pytest

from brute_force import all_states
from cases import some
from pbit import anneal
from pbit.formats import read
from pbit.problems.core.reading import problem_of
from pbit.problems.cqm import ConstrainedModel


def random_cqm(seed):
    """Two bits, a spin and an integer; two rows, feasible by construction."""
    rng = np.random.default_rng(seed)
    cqm = dimod.ConstrainedQuadraticModel()
    x, y = dimod.Binaries(["x", "y"])
    s = dimod.Spin("s")
    i = dimod.Integer("i", lower_bound=-1, upper_bound=3)
    variables = [x, y, s, i]
    inside = [int(rng.integers(2)), int(rng.integers(2)), int(rng.choice([-1, 1])), 2]
    weights = rng.integers(-3, 4, (3, 4)) / 2
    cqm.set_objective(
        sum(float(w) * v for w, v in zip(weights[0], variables, strict=True)) + x * i - s * y + 0.25
    )
    for row, sense in zip(weights[1:], ("<=", "==" if seed % 2 else ">="), strict=True):
        left = sum(float(w) * v for w, v in zip(row, variables, strict=True)) + 0.5
        total = float(row @ inside) + 0.5
        label = f"row {sense}"
        if sense == "<=":
            cqm.add_constraint(left <= total, label=label)
        elif sense == "==":
            cqm.add_constraint(left == total, label=label)
        else:
            cqm.add_constraint(left >= total, label=label)
    return cqm


def optimum(cqm):
    """Least objective of the feasible samples, by dimod alone."""
    values = {
        v: {"BINARY": (0, 1), "SPIN": (-1, 1)}.get(
            cqm.vartype(v).name, range(int(cqm.lower_bound(v)), int(cqm.upper_bound(v)) + 1)
        )
        for v in cqm.variables
    }
    samples = [
        dict(zip(values, choice, strict=True)) for choice in itertools.product(*values.values())
    ]
    return min(cqm.objective.energy(s) for s in samples if cqm.check_feasible(s))


@pytest.mark.parametrize("seed", some(range(12), *(seed for seed in range(12) if seed != 6)))
def test_ground_states_are_the_optimum_that_dimod_finds(seed):
    cqm = random_cqm(seed)
    problem = ConstrainedModel(cqm)
    states = all_states(problem.model.num_spins)
    energies = np.asarray(problem.model.energy(states))
    best = optimum(cqm)
    assert energies.min() == pytest.approx(best, abs=1e-9)
    for state, energy in zip(states, energies, strict=True):
        answer = problem.decode(state)
        sample = dict(zip(problem.labels, answer.tolist(), strict=True))
        assert problem.check(answer) == cqm.check_feasible(sample)
        if problem.check(answer):
            assert problem.objective(answer) == pytest.approx(cqm.objective.energy(sample))
            assert problem.objective(answer) <= energy + 1e-9
            said = float(problem.model.energy(problem.encode(answer)))
            assert said == pytest.approx(problem.objective(answer), abs=1e-9)
        if energy <= energies.min() + 1e-9:
            assert problem.check(answer)
            assert problem.objective(answer) == pytest.approx(best, abs=1e-9)


LP = b"""\\ a comment with Minimize in it
Maximize
 obj: 3 x + 2 y - 4 z
Subject To
 c1: x + y + z <= 4
 c2: x + 3 y >= 2
Bounds
 0 <= x <= 10
 0 <= y
Generals
 x y
Binaries
 z
End
"""


def test_lp_file_is_maximised():
    contents = read(io.BytesIO(LP))
    assert (contents.format, contents.kind, contents.num_variables) == ("lp", "cqm", 3)
    assert contents.maximise and "maximisation" in contents.notes[0]
    problem = problem_of(contents)
    assert problem.maximise
    reads = anneal(problem.model, num_reads=32, seed=1)
    answers = [problem.decode(spins) for spins in reads.spins]
    best = max(problem.objective(a) for a in answers if problem.check(a))
    assert best == 12.0  # x = 4
    assert problem.energy_of(best) == -12.0


def test_bounds_are_narrowed_by_the_constraints():
    """y has no upper bound in the file; x + y <= 4 gives it one."""
    problem = problem_of(read(io.BytesIO(LP)))
    high = dict(zip(problem.labels, np.asarray(problem.program.high).tolist(), strict=True))
    assert high == {"x": 4, "y": 4, "z": 1}


def test_rows_of_variables_without_bounds_narrow_nothing():
    cqm = dimod.ConstrainedQuadraticModel()
    i, j = dimod.Integer("i"), dimod.Integer("j", upper_bound=5)
    cqm.set_objective(i + j)
    cqm.add_constraint(i - j <= 2, label="a")  # i <= 7
    cqm.add_constraint(j - i >= -3, label="b")
    problem = ConstrainedModel(cqm)
    assert np.asarray(problem.program.high).tolist() == [7, 5]


def test_cqm_file_comes_in():
    cqm = random_cqm(3)
    contents = read(io.BytesIO(cqm.to_file().read()))
    assert (contents.format, contents.num_variables) == ("cqm", 4)
    assert optimum(contents.cqm) == pytest.approx(optimum(cqm))


def made(build):
    cqm = dimod.ConstrainedQuadraticModel()
    x, y = dimod.Binaries(["x", "y"])
    cqm.set_objective(x + y)
    build(cqm, x, y)
    return cqm


@pytest.mark.parametrize(
    "build, part",
    [
        (lambda c, x, y: c.add_variable("REAL", "r"), "must be binary, spin or integer, got real"),
        (lambda c, x, y: c.add_constraint(x * y <= 0, label="c"), "constraint 'c' must be linear"),
        (
            lambda c, x, y: c.add_constraint(x + y <= 1, label="c", weight=2.0),
            "constraints must be hard, got soft ones: c",
        ),
        (lambda c, x, y: c.add_constraint(x + y >= 3, label="c"), "leave no value for 'x'"),
        (
            lambda c, x, y: c.add_constraint(2 * (x + y + dimod.Binary("z")) == 3, label="odd"),
            "constraint 'odd' is met",
        ),
        (lambda c, x, y: c.add_variable("INTEGER", "i"), "expected fewer than .* give it bounds"),
    ],
)
def test_refusals(build, part):
    with pytest.raises(ValueError, match=part):
        ConstrainedModel(made(build))


def test_answers_without_bounds_are_refused():
    problem = ConstrainedModel(made(lambda c, x, y: c.add_constraint(x + y <= 1, label="c")))
    assert problem.violations([1, 1]) == ["constraint 'c' is violated by 1"]
    assert problem.violations([2, 0]) == ["x must be in 0..1, got 2"]


def test_tables_beyond_memory_are_refused(monkeypatch):
    monkeypatch.setattr("pbit.problems.cqm._LARGEST_TABLE", 3)
    with pytest.raises(ValueError, match="2 constraints on 2 variables need a table of 4 coeff"):
        ConstrainedModel(made(lambda c, x, y: [c.add_constraint(v <= 1) for v in (x, y)]))


def test_a_row_of_one_variable_without_bounds_narrows_it():
    cqm = dimod.ConstrainedQuadraticModel()
    low = 1 - 2**53
    i, j = (dimod.Integer(name, lower_bound=low) for name in "ij")
    cqm.set_objective(i + j)
    cqm.add_constraint(i >= -3, label="a")
    cqm.add_constraint(i <= 3, label="b")
    cqm.add_constraint(i + j <= 5, label="c")
    cqm.add_constraint(i + j >= -5, label="d")
    program = ConstrainedModel(cqm).program
    assert (np.asarray(program.low).tolist(), np.asarray(program.high).tolist()) == (
        [-3, -8],
        [3, 8],
    )
