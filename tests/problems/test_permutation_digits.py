"""Assignments and tours as permutations: energies, answers and back, what the solver finds."""

import itertools

import numpy as np
import pytest

import pbit
from pbit.problems.quadratic_assignment import QuadraticAssignment
from pbit.problems.tsp import TravellingSalesman


def matrix(seed, n=4):
    return np.random.default_rng(seed).integers(-9, 10, (n, n))


PROBLEMS = {
    "assignment": lambda: QuadraticAssignment(matrix(1), matrix(2)),
    "tour": lambda: TravellingSalesman(matrix(3).astype(float), tuple("abcd")),
    "two cities": lambda: TravellingSalesman(matrix(4, 2).astype(float), tuple("ab")),
}


@pytest.mark.parametrize("kind", PROBLEMS)
def test_digits_are_the_problem(kind):
    problem = PROBLEMS[kind]()
    digits = problem.digits
    n = digits.model.num_digits
    for values in map(np.array, itertools.permutations(range(n))):
        answer = digits.answer(values)
        assert not problem.violated(answer)
        assert digits.model.energy(values) == problem.energy_of(problem.objective(answer))
        assert digits.values(answer).tolist() == values.tolist()
        assert digits.values(answer).dtype == np.int16


@pytest.mark.parametrize("kind", PROBLEMS)
def test_the_solver_takes_them_and_finds_the_best(kind):
    problem = PROBLEMS[kind]()
    n = problem.digits.model.num_digits
    best = min(
        problem.objective(problem.digits.answer(np.array(values)))
        for values in itertools.permutations(range(n))
    )
    solution = pbit.solve(problem, seed=1, num_reads=8)
    assert solution.objective == best
    assert solution.reads.info["chosen"] == "dits"
