"""Constrained models of groups as digits: energies, answers, ground states; what has none."""

import itertools

import dimod
import numpy as np
import pytest

import pbit
from pbit import DitModel
from pbit.exact import digits as exact
from pbit.problems.cqm import ConstrainedModel


def permutation(n, *, seed, columns=True, products=True):
    """Rows of n bits with one set, columns too, and a random objective of whole numbers."""
    rng = np.random.default_rng(seed)
    x = [[dimod.Binary((i, j)) for j in range(n)] for i in range(n)]
    bits = [bit for row in x for bit in row]
    objective = sum(int(rng.integers(-4, 5)) * bit for bit in bits)
    if products:
        objective += sum(
            int(rng.integers(-4, 5)) * u * v
            for u, v in itertools.combinations(bits, 2)
            if rng.random() < 0.5
        )
    cqm = dimod.ConstrainedQuadraticModel()
    cqm.set_objective(objective)
    for i in range(n):
        cqm.add_constraint(sum(x[i]) == 1, label=f"row {i}")
    if columns:
        for j in range(n):
            cqm.add_constraint(sum(row[j] for row in x) == 1, label=f"column {j}")
    return cqm


def best_of(problem):
    """Least objective of all feasible answers, and how many have it."""
    cqm, labels = problem.cqm, problem.labels
    ranges = [
        (-1, 1) if cqm.vartype(v) is dimod.SPIN
        else range(int(cqm.lower_bound(v)), int(cqm.upper_bound(v)) + 1)
        for v in labels
    ]  # fmt: skip
    worth = [
        problem.objective(np.array(x))
        for x in itertools.product(*ranges)
        if problem.check(np.array(x))
    ]
    return min(worth), sum(w <= min(worth) + 1e-9 for w in worth)


def check_digits(problem):
    """Feasible values have the objective's energy, and the lowest values are the best answers."""
    model = problem.digits.model
    states = exact.states(model.num_values)
    assert isinstance(model, DitModel)
    for x, energy in zip(states, model.energy(states), strict=True):
        answer = problem.digits.answer(x)
        assert answer.dtype == np.int64 and problem.answer(answer) is not None
        assert problem.digits.values(answer).tolist() == x.tolist()
        if problem.check(answer):
            assert energy == pytest.approx(problem.energy_of(problem.objective(answer)))
    lowest, found = exact.ground_states(model)
    best, count = best_of(problem)
    assert lowest == pytest.approx(problem.energy_of(best)) and len(found) == count
    assert all(problem.check(problem.digits.answer(x)) for x in found)


@pytest.mark.parametrize("seed", range(5))
def test_permutations(seed):
    check_digits(ConstrainedModel(permutation(3, seed=seed)))


@pytest.mark.parametrize("seed", range(3))
def test_assignments_are_permutations_throughout(seed):
    problem = ConstrainedModel(permutation(3, seed=seed, products=False))
    model = problem.digits.model
    orders = np.array(list(itertools.permutations(range(3))))
    energies = model.energy(orders)
    for p, energy in zip(orders, energies, strict=True):
        answer = problem.digits.answer(p)
        assert problem.check(answer) and problem.digits.values(answer).tolist() == p.tolist()
        assert energy == pytest.approx(problem.energy_of(problem.objective(answer)))
    assert energies.min() == pytest.approx(best_of(problem)[0])
    with pytest.raises(ValueError, match="exactly one bit of each row and column set"):
        problem.digits.values(np.ones(9, dtype=int))
    solved = pbit.solve(problem, seed=1, num_reads=4, num_sweeps=50)
    assert solved.objective == pytest.approx(best_of(problem)[0])
    assert solved.reads.info["chosen"] == "dits"


@pytest.mark.parametrize("seed", range(3))
def test_rows_alone_and_groups_that_overlap_otherwise(seed):
    check_digits(ConstrainedModel(permutation(3, seed=seed, columns=False)))
    cqm = permutation(3, seed=seed, columns=False)
    cqm.add_constraint(dimod.Binary((0, 1)) + dimod.Binary((2, 2)) == 1, label="across")
    check_digits(ConstrainedModel(cqm))


def test_with_spins_and_integers():
    cqm = permutation(2, seed=1)
    more = dimod.Integer("i", upper_bound=3) * dimod.Binary((0, 1)) - 2 * dimod.Spin("s")
    cqm.set_objective(cqm.objective + more)
    check_digits(ConstrainedModel(cqm))


def test_control_a_penalty_that_is_too_small(monkeypatch):
    monkeypatch.setattr("pbit.problems.parts.one_hot_digits._penalty", lambda *_: 0.1)
    with pytest.raises(AssertionError):
        check_digits(ConstrainedModel(permutation(3, seed=1)))


def test_a_maximisation_has_energies_of_minus_the_objective():
    problem = ConstrainedModel(permutation(2, seed=3, columns=False), maximise=True)
    for x in exact.states(problem.digits.model.num_values):
        answer = problem.digits.answer(x)
        if problem.check(answer):
            energy = problem.digits.model.energy(x).item()
            assert energy == pytest.approx(problem.energy_of(problem.objective(answer)))


@pytest.mark.parametrize(
    "add",
    [
        lambda c: c.add_constraint(dimod.Binary((0, 0)) + dimod.Binary((1, 1)) <= 1, label="x"),
        lambda c: c.add_constraint(dimod.Integer("i", upper_bound=99) >= 3, label="x"),
        lambda c: c.add_variable("INTEGER", "i", upper_bound=99),
    ],
)
def test_others_have_none(add):
    cqm = permutation(2, seed=1)
    add(cqm)
    assert ConstrainedModel(cqm).digits is None
    bare = dimod.ConstrainedQuadraticModel()
    bare.set_objective(dimod.Binary("a") + dimod.Binary("b"))
    assert ConstrainedModel(bare).digits is None


def test_answers_without_values_are_refused():
    problem = ConstrainedModel(permutation(2, seed=1, columns=False))
    with pytest.raises(ValueError, match="the answer must have exactly one bit of 'row 0' set"):
        problem.digits.values([1, 1, 0, 0])
