"""Quadratic assignment: every state of three facilities, every assignment of more."""

import itertools

import numpy as np
import pytest

from brute_force import all_answers, check_problem
from pbit import anneal
from pbit.problems.quadratic_assignment import QuadraticAssignment


def rules(flows, distances):
    n = len(flows)

    def feasible(answer):
        return sorted(answer) == list(range(n))

    def worth(answer):
        pairs = itertools.product(range(n), repeat=2)
        return float(sum(int(flows[i][j]) * int(distances[answer[i]][answer[j]]) for i, j in pairs))

    return feasible, worth


@pytest.mark.parametrize("low", [0, -4])
@pytest.mark.parametrize("seed", range(6))
def test_ground_states_are_the_cheapest_assignments(seed, low):
    rng = np.random.default_rng(seed)
    flows, distances = rng.integers(low, 9, (2, 3, 3))
    if seed == 0:
        flows, distances = 0 * flows, 0 * distances  # penalties alone
    check_problem(
        QuadraticAssignment(flows, distances),
        all_answers(range(3), 3),
        *rules(flows, distances),
    )


def test_a_smaller_penalty_would_not_do():
    flows = distances = 9 * (1 - np.eye(3, dtype=int))
    problem = QuadraticAssignment(flows, distances)
    vars(problem)["penalty"] = problem.penalty / 4
    with pytest.raises(AssertionError):
        check_problem(problem, all_answers(range(3), 3), *rules(flows, distances))


def test_the_penalty_is_below_the_usual_one():
    """A penalty above the largest cost there could be is safe and large."""
    rng = np.random.default_rng(5)
    flows, distances = rng.integers(0, 9, (2, 8, 8))
    usual = float(flows.sum() * distances.max())
    assert QuadraticAssignment(flows, distances).penalty < usual / 5


def test_annealing_finds_what_enumeration_does():
    rng = np.random.default_rng(7)
    flows, distances = rng.integers(0, 9, (2, 6, 6))
    problem = QuadraticAssignment(flows, distances)
    best = min(problem.objective(np.array(p)) for p in itertools.permutations(range(6)))
    reads = anneal(problem.model, num_reads=512, seed=1)
    answers = [problem.decode(spins) for spins in reads.spins]
    assert all(problem.check(answer) for answer in answers)  # repaired where need be
    assert min(problem.objective(answer) for answer in answers) == best


def test_the_size_covers_the_model():
    rng = np.random.default_rng(7)
    problem = QuadraticAssignment(*rng.integers(0, 9, (2, 5, 5)))
    assert problem.size[0] == 25 and problem.size[1] >= problem.model.num_couplings
    hot, cold = problem.beta_range
    assert 0 < hot < cold


def test_written():
    problem = QuadraticAssignment(np.ones((2, 2)), np.ones((2, 2)))
    assert problem.written([1, 0]) == ["places 2 1"]
    assert problem.written(None) == []
    assert problem.violations([1, 1]) == ["places with more than one facility: 1"]


@pytest.mark.parametrize(
    "arguments, part",
    [
        (([[1, 2]], [[1]]), "must be square and of one size"),
        (([[1]], [[1, 0], [0, 1]]), "of one size"),
        (([[0.5]], [[1]]), "flows must be whole numbers"),
        (([[2**30]], [[2**30]]), "products of entries"),
    ],
)
def test_refusals(arguments, part):
    with pytest.raises(ValueError, match=part):
        QuadraticAssignment(*arguments)
